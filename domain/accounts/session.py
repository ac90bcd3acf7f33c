"""A signed-in device: one family of refresh tokens, each of which can be used once."""

from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_network

import msgspec

from domain.accounts.principal import SignInMethod
from domain.shared.ids import SessionId, UserId
from domain.shared.origin import Origin

ACCESS_TOKEN_LIFETIME = timedelta(minutes=10)
REFRESH_TOKEN_IDLE_LIFETIME = timedelta(days=14)
SESSION_LIFETIME = timedelta(days=90)

# Of more sessions than this, the one that has been idle longest ends.
MAX_SESSIONS = 20

TOTP_SET_UP_LIFETIME = timedelta(minutes=10)

# A client that lost the answer to a refresh asks again with the same token. Within this time,
# and while the successor is unused, it gets the same successor; later it is taken for theft.
RETRY_GRACE = timedelta(seconds=10)


# So many messages an hour tell somebody of sign-ins from where they have not been.
MAX_NOTICES = 3
NOTICE_PERIOD = timedelta(hours=1)


class Notice(StrEnum):
    """What became of the message that a session began somewhere new."""

    SENT = "sent"
    WITHHELD = "withheld"  # there have been enough in the last hour


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in on one device, until it is revoked or ``expires_at`` has passed.

    There is no ``notice`` where it began as others before.
    """

    id: SessionId
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None
    methods: tuple[SignInMethod, ...]
    notice: Notice | None = None

    @classmethod
    def open(
        cls,
        *,
        id: SessionId,
        user_id: UserId,
        methods: tuple[SignInMethod, ...],
        origin: Origin,
        now: datetime,
        notice: Notice | None = None,
    ) -> "Session":
        """A session that starts now and ends after 90 days at the latest."""
        return cls(
            id=id,
            user_id=user_id,
            created_at=now,
            expires_at=now + SESSION_LIFETIME,
            address=origin.address,
            user_agent=origin.user_agent,
            methods=methods,
            notice=notice,
        )


def coarse_address(address: str | None) -> str | None:
    """The network of an address, without the host: /24 of IPv4, /48 of IPv6."""
    if address is None:
        return None
    network = ip_network(f"{address}/{24 if '.' in address else 48}", strict=False)
    return str(network)
