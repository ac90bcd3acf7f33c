"""What has happened to somebody's data as a whole."""

from datetime import datetime

from domain.shared.events import Event


class UserDataExported(Event, frozen=True, kw_only=True, tag="privacy.user_data_exported.v1"):
    """A person took all of their data away."""


class DeletionRequested(Event, frozen=True, kw_only=True, tag="privacy.deletion_requested.v1"):
    """A person asked for their account to be erased."""

    due_at: datetime


class DeletionCancelled(Event, frozen=True, kw_only=True, tag="privacy.deletion_cancelled.v1"):
    """A person changed their mind in time."""


class UserErased(Event, frozen=True, kw_only=True, tag="privacy.user_erased.v1"):
    """Everything that belonged to a person is gone; their id means nothing to anybody now."""
