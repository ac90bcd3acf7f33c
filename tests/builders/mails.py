"""Small valid messages."""

from datetime import timedelta

from adapters.system.new_id import UuidV7
from domain.shared.ids import MailId
from domain.shared.mail import Mail, MailKind
from tests.builders.accounts import NOW

new_id = UuidV7()
TOKEN = "m2V4h0S8VvIyBfG7oUe0c0b6b4kq1x5o3y2a8d9e7fQ"


def a_mail(
    kind: MailKind = MailKind.VERIFY_EMAIL, *, to: str = "ada@example.org", **values: str
) -> Mail:
    """A message with a link that works for an hour."""
    return Mail(
        id=MailId(new_id()),
        user_id=None,
        to=to,
        language="en",
        kind=kind,
        values={"token": TOKEN, "place": "the network 192.0.2.x", **values},
        expires_at=NOW + timedelta(hours=1),
    )
