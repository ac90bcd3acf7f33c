"""What the use cases of enforcement need from the outside."""

from collections.abc import AsyncGenerator, Callable
from typing import Protocol, TypeVar

from domain.enforcement.listed_artist import ListedArtist, ListedTrack
from domain.shared.ids import UserId

R = TypeVar("R")


class ListedArtists(Protocol):
    """What is on somebody's do-not-play list, by all that it is known by, and what is excepted."""

    def all(self, user_id: UserId, /) -> AsyncGenerator[ListedArtist, None]:
        """Each artist with every id and name, as of one moment, a few rows at a time.

        Entries that have ended are left out; artists that the person has excepted come last.
        One statement, whose cost grows with the list alone. It holds a connection until it ends
        or is closed: ``TooManyRequestsError`` where the person has others open,
        ``ServiceUnavailableError`` where everybody has too many.
        """
        ...

    def tracks(self, user_id: UserId, /) -> AsyncGenerator[ListedTrack, None]:
        """Each single track of a service whose addresses exports have; otherwise the same."""
        ...


class LongWork(Protocol):
    """Computing that takes seconds, away from where requests are answered."""

    async def run(self, user_id: UserId, work: Callable[[Callable[[], bool]], R], /) -> R:
        """The result of ``work``, done for this person; it can ask whether somebody waits for it.

        ``TooManyRequestsError`` where something of theirs is under way, ``ServiceUnavailableError``
        where too many wait. Work that has begun holds its place until it has ended, however that
        comes about.
        """
        ...
