"""Manifests of backups that there never were."""

from datetime import UTC, datetime

from domain.shared.backup import FORMAT, Manifest, TableDigest

NOON = datetime(2018, 3, 14, 12, tzinfo=UTC)


def a_manifest(name: str = "nodrake-1", taken_at: datetime = NOON, **others: object) -> Manifest:
    """A backup of one person, of no bytes."""
    fields: dict[str, object] = {
        "format": FORMAT,
        "name": name,
        "taken_at": taken_at,
        "release": "0.1.0",
        "server": 18,
        "client": 18,
        "schema": 18,
        "size": 0,
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "tables": {"users": TableDigest(rows=1, digest="0" * 32)},
        "roles": (),
        "audit_head": None,
    }
    return Manifest(**(fields | others))  # type: ignore[arg-type]
