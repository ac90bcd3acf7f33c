"""Redis as `nodrake doctor` sees it; what it keeps may be lost, so its disk is not looked at."""

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from application.shared.finding import Finding, broken, doubtful, well

_TIMEOUT_SECONDS = 1.0
_OLDEST, _NEWEST = (6, 2), (8, 99)


def examine_redis(redis_url: str, *, production: bool) -> Iterator[Finding]:
    """Findings as they are made; each question is waited for a second."""
    try:
        client = Redis.from_url(
            redis_url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            retry_on_error=[],
            client_name="nodrake-doctor",
        )
    except ValueError as error:
        yield broken("redis", f"REDIS_URL is no address: {error}", "expected redis://host:6379/0")
        return
    with client:
        try:
            info: Any = client.info()
        except (RedisError, OSError) as error:
            yield broken(
                "redis",
                f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else '-'}",
                "check REDIS_URL and that the server runs; without it, each process counts "
                "attempts for itself",
            )
            return
        yield version_finding(str(info["redis_version"]))
        yield _writes(info)
        yield _eviction(info)
        yield tls_finding(redis_url, production=production)
        yield _scripts(client)


def version_finding(version: str) -> Finding:
    """``version`` as the server tells it."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < _OLDEST:
        return broken("redis", f"version {version}", "upgrade it to 6.2 or later")
    if numbers > _NEWEST:
        return doubtful("redis", f"version {version}", "nobody tried later ones than 8 yet")
    return well("redis", f"version {version}")


def tls_finding(redis_url: str, *, production: bool) -> Finding:
    """Whether others on the way can read."""
    parts = urlsplit(redis_url)
    if parts.scheme == "rediss":
        return well("redis tls", "encrypted")
    try:
        local = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        local = parts.scheme == "unix" or parts.hostname in {None, "localhost"}
    if local:
        return well("redis tls", "the server is on this machine")
    worse = broken if production and parts.password else doubtful
    return worse(
        "redis tls",
        f"everything{', its password too,' if parts.password else ''} travels readably to "
        f"{parts.hostname}",
        "use rediss:// in REDIS_URL",
    )


def _writes(info: Any) -> Finding:
    if info.get("role") != "master":
        return broken("redis writes", "it is a replica", "name the primary in REDIS_URL")
    return well("redis writes", "it takes them")


def _eviction(info: Any) -> Finding:
    policy, limit = str(info.get("maxmemory_policy", "")), int(info.get("maxmemory", 0))
    advice = "set maxmemory-policy volatile-ttl"
    if policy.startswith("allkeys"):
        return doubtful(
            "redis memory", f"{policy}: counts of attempts go while they still matter", advice
        )
    if limit and policy == "noeviction":
        return doubtful("redis memory", "noeviction: a full Redis takes no more attempts", advice)
    return well("redis memory", policy if limit else "without a limit of its own")


def _scripts(client: "Redis") -> Finding:
    try:
        client.eval("return redis.call('TIME')", 0)
    except ResponseError as error:
        return broken(
            "redis scripts", str(error), "allow eval, evalsha and script|load to the user"
        )
    return well("redis scripts", "they run")
