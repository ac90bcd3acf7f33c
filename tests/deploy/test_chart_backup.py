"""Backups by a CronJob, as the chart makes it."""

import argparse

from entrypoints.cli import backup
from tests.deploy.rendering import (
    CHART,
    container_of,
    environment_of,
    of_kind,
    pod_of,
    render,
    template_of,
)

EVERYTHING = CHART / "ci" / "everything-values.yaml"


def test_there_is_none_unasked() -> None:
    assert of_kind(render(CHART / "ci" / "smallest-values.yaml"), "CronJob") == []


def test_one_is_made_every_day_by_who_may_read_all() -> None:
    [job] = of_kind(render(EVERYTHING), "CronJob")
    assert (job["spec"]["schedule"], job["spec"]["timeZone"]) == ("@daily", "Etc/UTC")
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    environment = environment_of(job)
    assert environment["NODRAKE_BACKUP_RECIPIENTS"]["valueFrom"]["configMapKeyRef"]
    assert environment["DATABASE_URL"]["valueFrom"]["secretKeyRef"]["key"] == "database-owner-url"


def test_the_command_takes_what_it_is_given() -> None:
    [job] = of_kind(render(EVERYTHING), "CronJob")
    parser = argparse.ArgumentParser()
    backup.add_to(parser.add_subparsers())
    options = parser.parse_args(container_of(job)["args"])
    assert (options.keep_daily, options.keep_weekly, options.keep_monthly) == (3, 4, 12)


def test_it_is_written_to_the_claim() -> None:
    [job] = of_kind(render(EVERYTHING), "CronJob")
    folder = environment_of(job)["NODRAKE_BACKUP_FOLDER"]["value"]
    [volume] = [
        each["name"] for each in container_of(job)["volumeMounts"] if each["mountPath"] == folder
    ]
    volumes = {each["name"]: each for each in pod_of(job)["volumes"]}
    assert volumes[volume]["persistentVolumeClaim"] == {"claimName": "backups"}


def test_its_pod_reaches_the_database_alone() -> None:
    [policy] = of_kind(render(EVERYTHING), "NetworkPolicy", "backup")
    [job] = of_kind(render(EVERYTHING), "CronJob")
    labels = template_of(job)["metadata"]["labels"]
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    assert policy["spec"]["ingress"] == []
    ports = {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}
    assert ports == {53, 5432}
