"""Every column that holds secrets sealed by a ``SecretBox``: the one register of them."""

import string

import msgspec


class SealedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A ``bytea`` column, and how the place of a secret follows from the key of its row.

    ``place`` names columns of ``key`` in braces, such as ``user_totp/{user_id}/secret``; a value
    is written as ``str`` writes it, bytes in hexadecimal. Whoever seals a secret for the column
    uses the same place.
    """

    table: str
    key: tuple[str, ...]
    column: str
    place: str

    def __post_init__(self) -> None:
        named = {name for _, name, _, _ in string.Formatter().parse(self.place) if name is not None}
        if named != set(self.key):
            raise TypeError(f"{self.table}.{self.column}: its place must name {self.key}")

    def place_of(self, *key: object) -> str:
        """The place of the secret in the row with that key."""
        texts = (part.hex() if isinstance(part, bytes) else str(part) for part in key)
        values = dict(zip(self.key, texts, strict=True))
        return self.place.format_map(values)


SEALED_COLUMNS: tuple[SealedColumn, ...] = (
    SealedColumn(
        table="user_totp",
        key=("user_id",),
        column="secret_sealed",
        place="user_totp/{user_id}/secret",
    ),
    SealedColumn(
        table="outgoing_mails",
        key=("id",),
        column="content_sealed",
        place="outgoing_mails/{id}/content",
    ),
    SealedColumn(
        table="kept_answers",
        key=("scope",),
        column="sealed",
        place="kept_answers/{scope}",
    ),
    SealedColumn(
        table="sign_in_attempts",
        key=("id",),
        column="secrets_sealed",
        place="sign_in_attempts/{id}/secrets",
    ),
    SealedColumn(
        table="sign_in_attempts",
        key=("id",),
        column="outcome_sealed",
        place="sign_in_attempts/{id}/outcome",
    ),
)
