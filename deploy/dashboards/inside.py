"""The dashboard *Inside*: what the service leans on, and what it does apart from requests."""

from deploy.dashboards.panels import dashboard, lines, number

_JOB = "nodrake_worker_job_duration_seconds"


INSIDE = dashboard(
    "nodrake-inside",
    "No Drake in the House: Inside",
    "PostgreSQL, Redis, the worker, and what waits to be done.",
    (
        "Now",
        [
            number(
                "PostgreSQL",
                "none",
                'min(nodrake_dependency_up{dependency="database"})',
                red=-1,
                about="1: every process gets an answer.",
            ),
            number("Redis", "none", 'min(nodrake_dependency_up{dependency="redis"})', red=-1),
            number("Workers", "none", 'sum(up{job="nodrake-worker"}) or vector(0)', red=-1),
            number(
                "Processes with another schema than the database's",
                "none",
                'count(nodrake_schema_version{of="code"} != ignoring(of) '
                'nodrake_schema_version{of="database"}) or vector(0)',
                red=1,
            ),
            number(
                "Releases that run", "none", "count(count by (version) (nodrake_build_info))", red=2
            ),
        ],
    ),
    (
        "Connections to PostgreSQL",
        [
            lines(
                "In use, of those that may be open",
                "none",
                (
                    'sum by (instance) (nodrake_database_pool{state="size"}) - '
                    'sum by (instance) (nodrake_database_pool{state="available"})',
                    "{{instance}} in use",
                ),
                ('sum by (instance) (nodrake_database_pool{state="most"})', "{{instance}} at most"),
            ),
            lines(
                "Requests that wait for one",
                "none",
                (
                    'sum by (instance) (nodrake_database_pool{state="waiting"})',
                    "{{instance}} now",
                ),
                (
                    "sum by (instance) (rate(nodrake_database_pool_waits_total[5m]))",
                    "{{instance}} a second",
                ),
            ),
            lines(
                "Mean time that they wait",
                "s",
                (
                    "sum by (instance) (rate(nodrake_database_pool_wait_seconds_total[5m])) / "
                    "sum by (instance) (rate(nodrake_database_pool_waits_total[5m]))",
                    "{{instance}}",
                ),
                limit=1,
            ),
            lines(
                "In vain",
                "reqps",
                (
                    "sum by (instance) (rate(nodrake_database_pool_timeouts_total[5m]))",
                    "{{instance}}",
                ),
                limit=0.1,
            ),
        ],
    ),
    (
        "What waits",
        [
            lines(
                "Events for being told",
                "s",
                ("max(nodrake_outbox_oldest_seconds)", "oldest"),
                limit=60,
            ),
            lines(
                "Messages",
                "s",
                ("max(nodrake_mail_overdue_seconds)", "due and not tried"),
                ("max(nodrake_mail_oldest_seconds)", "oldest"),
                limit=120,
            ),
            lines(
                "Audit records for their seal",
                "s",
                ("max(nodrake_audit_unsealed_seconds)", "oldest"),
                limit=300,
            ),
        ],
    ),
    (
        "The worker's jobs",
        [
            lines(
                "Rounds missed",
                "none",
                (
                    "(time() - "
                    "max by (job_name) (nodrake_worker_job_last_success_timestamp_seconds))"
                    " / max by (job_name) (nodrake_worker_job_rest_seconds)",
                    "{{job_name}}",
                ),
                about="Time since a run went well, in rests between two runs.",
            ),
            lines(
                "Time of a run (p95)",
                "s",
                (
                    f"histogram_quantile(0.95, sum by (le, job_name) (rate({_JOB}_bucket[5m])))",
                    "{{job_name}}",
                ),
            ),
            lines(
                "Runs that failed",
                "ops",
                (
                    f'sum by (job_name, outcome) (rate({_JOB}_count{{outcome!="done"}}[5m]))',
                    "{{job_name}}: {{outcome}}",
                ),
            ),
        ],
    ),
)
