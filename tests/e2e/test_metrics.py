"""Metrics of real processes: all of those that serve, and the worker's."""

import re
from pathlib import Path

import httpx
import pytest

from tests.e2e.process import free_port, nodrake, running_worker, serving

pytestmark = pytest.mark.slow

_COUNT = re.compile(r'duration_seconds_count\{.*http_route="/health/live".*\} ([\d.]+)')


def test_one_page_tells_of_all_processes_behind_a_port(
    migrated_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url}
    with serving(tmp_path / "log", workers=2, **settings) as serve:
        processes: set[str] = set()
        sent = 0
        while len(processes) < 2:  # each connection may come to either
            with httpx.Client(base_url=serve.url, trust_env=False, timeout=30) as api:
                assert api.get("/health/live").status_code == 200
                sent += 1
                page = api.get("/metrics").text
            processes = set(re.findall(r'process="(\d+)"', page))
            assert sum(float(count) for count in _COUNT.findall(page)) == sent
        assert page.count("# TYPE http_server_request_duration_seconds ") == 1
        assert page.count("\nnodrake_outbox_oldest_seconds ") == 1


def test_the_worker_tells_on_a_port_of_its_own(migrated_database_url: str, redis_url: str) -> None:
    port = free_port()
    settings = {
        "DATABASE_URL": migrated_database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_WORKER_METRICS_PORT": str(port),
    }
    transport = httpx.HTTPTransport(retries=10)
    with running_worker(settings), httpx.Client(transport=transport, trust_env=False) as client:
        page = client.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'nodrake_worker_job_rest_seconds{job_name="erase_users"} 60.0' in page
        assert 'nodrake_database_pool{state="most"} 10.0' in page
        taken = nodrake("worker", **settings)
    assert taken.returncode == 1
    assert "NODRAKE_WORKER_METRICS_PORT" in taken.stderr
