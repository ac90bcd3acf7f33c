"""Wire shapes of addresses, passwords and the links that prove them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from entrypoints.http.accounts.schemas import Email

Token = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=256,
        description="What stands behind `#token=` in the link.",
        examples=["m2V4h0S8VvIyBfG7oUe0c0b6b4kq1x5o3y2a8d9e7fQ"],
    ),
]
NewPassword = Annotated[
    str,
    Meta(
        max_length=1024,
        description="12 to 1024 bytes of UTF-8; a sentence is fine.",
        examples=["nine loud herons on a pier"],
    ),
]


class LinkToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link that somebody follows."""

    token: Token


class ForgottenPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address whose password is forgotten."""

    email: Email


class PasswordReset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link, and the password that is wanted."""

    token: Token
    password: NewPassword


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password that is wanted."""

    password: NewPassword


class EmailChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address that is wanted."""

    email: Email
