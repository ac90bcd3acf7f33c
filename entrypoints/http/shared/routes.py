"""Routes of health."""

from litestar import Response, get
from litestar.di import NamedDependency

from application.shared.check_health import CheckHealth
from application.shared.check_liveness import CheckLiveness
from application.shared.check_readiness import CheckReadiness
from application.shared.health_report import HealthReport
from entrypoints.http.contract import RouteClass, contract
from entrypoints.http.shared.schemas import Health, Liveness


@get(
    "/health",
    operation_id="checkHealth",
    summary="How the service and its dependencies are doing",
    tags=["operations"],
    opt=contract(route_class=RouteClass.UNLIMITED, also_with=503),
)
async def check_health_route(check_health: NamedDependency[CheckHealth]) -> Response[Health]:
    """Asks the database and Redis; 503 if one of them does not answer."""
    return _answer(await check_health())


@get(
    "/health/live",
    operation_id="checkLiveness",
    summary="Whether the process runs",
    tags=["operations"],
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def check_liveness_route(check_liveness: NamedDependency[CheckLiveness]) -> Liveness:
    """Asks nothing and nobody; a process that does not answer should be restarted."""
    return Liveness(status="alive", timestamp=await check_liveness())


@get(
    "/health/ready",
    operation_id="checkReadiness",
    summary="Whether the process should be sent requests",
    tags=["operations"],
    opt=contract(route_class=RouteClass.UNLIMITED, also_with=503),
)
async def check_readiness_route(
    check_readiness: NamedDependency[CheckReadiness],
) -> Response[Health]:
    """Asks the database for its schema's version; the service does without Redis."""
    return _answer(await check_readiness())


def _answer(report: HealthReport) -> Response[Health]:
    return Response(Health.of(report), status_code=200 if report.healthy else 503)


ROUTES = (check_health_route, check_liveness_route, check_readiness_route)
