"""How long the audit log keeps what."""

from datetime import timedelta

KEPT_FOR = timedelta(days=365)
ADDRESS_KEPT_FOR = timedelta(days=90)
