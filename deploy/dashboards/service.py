"""The dashboard *Service*: what people get."""

from deploy.dashboards.panels import dashboard, lines, number

_BUCKETS = 'http_server_request_duration_seconds_bucket{job="nodrake-api",http_route=~"/api/.*"}'
_BURN = "nodrake:slo_misses:ratio_rate{window} / on(slo) nodrake:slo_allowed_misses:ratio"

SERVICE = dashboard(
    "nodrake-service",
    "No Drake in the House: Service",
    "Traffic, errors and speed as people have them, and what they do.",
    (
        "Now",
        [
            number(
                "Processes that serve", "none", 'sum(up{job="nodrake-api"}) or vector(0)', red=-1
            ),
            number(
                "Requests",
                "reqps",
                "sum(nodrake:requests:rate5m)",
                red=1_000_000,
            ),
            number(
                "Answered with 5xx", "percentunit", "nodrake:request_errors:ratio_rate5m", red=0.001
            ),
            number(
                "p95",
                "s",
                "nodrake:request_duration_seconds:p95_5m",
                red=0.25,
            ),
        ],
    ),
    (
        "Traffic and errors",
        [
            lines(
                "Requests by status",
                "reqps",
                (
                    "sum by (http_response_status_code) (nodrake:requests:rate5m)",
                    "{{http_response_status_code}}",
                ),
                stacked=True,
            ),
            lines(
                "Routes with most requests",
                "reqps",
                (
                    "topk(8, sum by (http_request_method, http_route) (nodrake:requests:rate5m))",
                    "{{http_request_method}} {{http_route}}",
                ),
            ),
            lines(
                "5xx by route",
                "reqps",
                (
                    "sum by (http_route, http_response_status_code) "
                    '(nodrake:requests:rate5m{http_response_status_code=~"5.."})',
                    "{{http_response_status_code}} {{http_route}}",
                ),
            ),
        ],
    ),
    (
        "Speed",
        [
            lines(
                "Time to the whole answer",
                "s",
                ("nodrake:request_duration_seconds:p50_5m", "p50"),
                ("nodrake:request_duration_seconds:p95_5m", "p95"),
                ("nodrake:request_duration_seconds:p99_5m", "p99"),
                about="Routes of the API alone. The dashed line is the objective for 99 %.",
                limit=0.25,
            ),
            lines(
                "Slowest routes (p95)",
                "s",
                (
                    "topk(8, histogram_quantile(0.95, "
                    f"sum by (le, http_route) (rate({_BUCKETS}[5m]))))",
                    "{{http_route}}",
                ),
                about="Points are exemplars: each leads to a trace.",
                exemplars=True,
            ),
        ],
    ),
    (
        "Objectives (deploy/SLO.md)",
        [
            lines(
                "How fast the budget burns",
                "none",
                *(
                    (_BURN.format(window=window), f"{{{{slo}}}}, {window}")
                    for window in ("1h", "6h", "3d")
                ),
                about="1 uses it up in 30 days; above 14.4 somebody is woken.",
                limit=1,
            ),
            lines(
                "Budget left, if the last three days were all thirty",
                "percentunit",
                (f"clamp_min(1 - ({_BURN.format(window='3d')}), 0)", "{{slo}}"),
            ),
        ],
    ),
    (
        "What people do",
        [
            lines(
                "Attempts to sign in, by outcome",
                "ops",
                ("sum by (outcome) (rate(nodrake_sign_in_attempts_total[5m]))", "{{outcome}}"),
                stacked=True,
            ),
            lines(
                "Operations on lists",
                "ops",
                (
                    "sum by (operation) (rate(nodrake_list_operations_total[5m]))",
                    "{{operation}}",
                ),
                stacked=True,
            ),
            lines(
                "Operations on lists that did not work out",
                "ops",
                (
                    "sum by (operation, outcome) "
                    '(rate(nodrake_list_operations_total{outcome!~"done|replayed"}[5m]))',
                    "{{operation}}: {{outcome}}",
                ),
            ),
            lines(
                "Told to wait, by policy",
                "reqps",
                ("sum by (policy) (rate(nodrake_throttle_refusals_total[5m]))", "{{policy}}"),
                stacked=True,
            ),
        ],
    ),
)
