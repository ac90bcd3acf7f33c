"""A table of sealed secrets, and a process that seals them again under the newest key.

Started as a program it reseals until it is done or killed; its arguments are the database, the
current key and the previous ones. Keys follow from their names, as in ``tests.builders.keyring``.
"""

import sys

import psycopg

from adapters.postgres.resealing import Resealed, reseal
from adapters.postgres.sealed_columns import SealedColumn
from adapters.security.secret_box import AesGcmSecretBox
from tests.builders.keyring import a_keyring

VAULT = (
    SealedColumn(
        table="vault", key=("owner", "number"), column="sealed", place="vault/{owner}/{number}/s"
    ),
    SealedColumn(
        table="vault", key=("number", "owner"), column="other", place="vault/{owner}/{number}/o"
    ),
)


def box(current: str, **others: str) -> AesGcmSecretBox:
    """A box with these keys, the current one first."""
    keyring = a_keyring(current, **others)
    return AesGcmSecretBox(lambda: keyring)


def fill(url: str, sealing: AesGcmSecretBox, rows: int) -> None:
    """Make the table, with two secrets in each row and now and then none."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "create table vault (owner text, number integer, sealed bytea, other bytea,"
            " primary key (owner, number), unique (number, owner))"
        )
        connection.cursor().executemany(
            "insert into vault values (%s, %s, %s, %s)",
            [
                (
                    f"o{n % 7}",
                    n,
                    sealing.seal(f"secret {n}".encode(), f"vault/o{n % 7}/{n}/s"),
                    sealing.seal(f"other {n}".encode(), f"vault/o{n % 7}/{n}/o") if n % 5 else None,
                )
                for n in range(rows)
            ],
        )


def read(url: str) -> list[tuple[str, int, bytes | None, bytes | None]]:
    """All rows."""
    with psycopg.connect(url) as connection:
        return connection.execute("select * from vault order by number").fetchall()


def run(url: str, current: str, **others: str) -> Resealed:
    """Reseal to the end, in small steps."""
    return reseal(url, box(current, **others), VAULT, batch=20)


if __name__ == "__main__":
    print(run(sys.argv[1], sys.argv[2], **dict.fromkeys(sys.argv[3:], "previous")))
