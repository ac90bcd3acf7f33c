"""What the doctor says of Redis: nothing of a good one, and each thing that is broken."""

from typing import Any

import pytest
from redis import Redis

from adapters.redis.examination import examine_redis, tls_finding, version_finding
from application.shared.finding import Finding, Verdict


def examined(url: str) -> dict[str, Finding]:
    """What was found, by its subject."""
    return {finding.subject: finding for finding in examine_redis(url, production=True)}


@pytest.fixture
def client(server: Any) -> Any:
    """Its operator."""
    with Redis.from_url(server.url) as client:
        yield client


def test_a_good_server_has_nothing_to_be_said_of(server: Any) -> None:
    found = examined(server.url)
    assert {finding.verdict for finding in found.values()} == {Verdict.OK}, found
    assert len(found) == 5


@pytest.mark.parametrize(
    ("policy", "limit", "verdict"),
    [
        ("volatile-ttl", "1gb", Verdict.OK),
        ("noeviction", "0", Verdict.OK),
        ("noeviction", "1gb", Verdict.WARN),
        ("allkeys-lru", "0", Verdict.WARN),
        ("allkeys-random", "1gb", Verdict.WARN),
    ],
)
def test_a_policy_that_forgets_attempts_is_seen(
    server: Any, client: Any, policy: str, limit: str, verdict: Verdict
) -> None:
    client.config_set("maxmemory-policy", policy)
    client.config_set("maxmemory", limit)
    assert examined(server.url)["redis memory"].verdict is verdict


def test_a_replica_is_seen(server: Any, client: Any) -> None:
    client.replicaof("127.0.0.1", 1)
    assert examined(server.url)["redis writes"].verdict is Verdict.FAIL


def test_a_user_who_may_run_no_scripts_is_seen(server: Any, client: Any) -> None:
    client.acl_setuser("weak", enabled=True, nopass=True, commands=["+info", "+ping", "+client"])
    url = server.url.replace("unix://", "unix://weak:x@")
    assert examined(url)["redis scripts"].verdict is Verdict.FAIL


def test_a_server_that_is_dead_or_frozen_is_told(server: Any) -> None:
    server.freeze()
    try:
        assert "TimeoutError" in examined(server.url)["redis"].found
    finally:
        server.thaw()
    server.kill()
    found = examined(server.url)
    assert list(found) == ["redis"]
    assert found["redis"].verdict is Verdict.FAIL


@pytest.mark.parametrize("url", ["http://canary", "redis://h:canary/0", "nonsense"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    assert examined(url)["redis"].verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("version", "verdict"),
    [("6.0.20", "fail"), ("6.2.0", "ok"), ("7.0.15", "ok"), ("8.4.0", "ok"), ("9.0.0", "warn")],
)
def test_a_version_that_is_too_old_or_too_new_is_seen(version: str, verdict: str) -> None:
    assert version_finding(version).verdict == verdict


@pytest.mark.parametrize(
    ("url", "production", "verdict"),
    [
        ("unix:///run/redis.sock", True, "ok"),
        ("redis://localhost/0", True, "ok"),
        ("redis://127.0.0.1", True, "ok"),
        ("redis://[::1]:6379", True, "ok"),
        ("rediss://redis.example.org", True, "ok"),
        ("redis://redis.example.org", True, "warn"),
        ("redis://:password@10.0.0.7", True, "fail"),
        ("redis://:password@10.0.0.7", False, "warn"),
    ],
)
def test_a_way_on_which_others_can_read_is_seen(url: str, production: bool, verdict: str) -> None:
    found = tls_finding(url, production=production)
    assert found.verdict == verdict
    assert "password@" not in str(found)
