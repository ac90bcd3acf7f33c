"""What the use cases of enforcement need from the outside."""

from collections.abc import AsyncGenerator, Callable
from typing import Protocol, TypeVar

from domain.enforcement.listed_artist import ListedArtist
from domain.shared.ids import UserId

R = TypeVar("R")


class ListedArtists(Protocol):
    """The artists on somebody's do-not-play list, by all that they are known by."""

    def all(self, user_id: UserId, /) -> AsyncGenerator[ListedArtist, None]:
        """Each artist with every id and name, as of one moment, a few rows at a time.

        One statement, whose cost grows with the list alone. It holds a connection until it ends
        or is closed: ``TooManyRequestsError`` where the person has others open,
        ``ServiceUnavailableError`` where everybody has too many.
        """
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
