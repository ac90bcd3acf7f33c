"""What enforcement needs, in memory."""

from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

from application.shared.ports import Clock
from domain.blocklists.track import Track, TrackRegister
from domain.enforcement.listed_artist import ListedArtist, ListedTrack
from domain.shared.external_id import ExternalId
from domain.shared.ids import UserId
from tests.fakes.shared import FakeDatabase

R = TypeVar("R")
_URIS = {
    TrackRegister.SPOTIFY: "spotify:track:",
    TrackRegister.YOUTUBE: "https://music.youtube.com/watch?v=",
}


class FakeListedArtists:
    """``ListedArtists`` by looking at every entry; it knows one id for each service."""

    def __init__(self, database: FakeDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self, user_id: UserId, /) -> AsyncGenerator[ListedArtist, None]:
        """Those of this person, oldest entry first."""
        rows, now = self._database.rows, self._clock()
        mine = [
            entry
            for (owner, _), entry in rows.entries.items()
            if owner == user_id and not entry.is_over(now)
        ]
        found = sorted((entry.added_at, entry.artist_id) for entry in mine)
        found += sorted(
            (x.added_at, x.subject)
            for x in rows.exceptions.values()
            if x.user_id == user_id and not isinstance(x.subject, Track)
        )
        for _, artist_id in found:
            artist = rows.artists[artist_id]
            others = sorted(set(rows.names.get(artist.id, [])) - {artist.canonical_name})
            yield ListedArtist(
                id=str(artist.id),
                names=(artist.canonical_name, *others),
                external_ids=tuple(
                    ExternalId(service=service, value=value)
                    for service, value in sorted(artist.external_ids.items())
                ),
                is_excepted=artist.id not in {entry.artist_id for entry in mine},
            )

    async def tracks(self, user_id: UserId, /) -> AsyncGenerator[ListedTrack, None]:
        """Those of this person, the excepted ones last."""
        rows = self._database.rows
        for (owner, _), blocked in rows.tracks.items():
            if owner == user_id and blocked.track.id.service in _URIS:
                yield _listed(blocked.track, is_excepted=False)
        for exception in rows.exceptions.values():
            subject = exception.subject
            if exception.user_id == user_id and isinstance(subject, Track):
                yield _listed(subject, is_excepted=True)


def _listed(track: Track, *, is_excepted: bool) -> ListedTrack:
    return ListedTrack(
        uri=_URIS[track.id.service] + track.id.value,
        title=track.title,
        artist_credit=track.artist_credit,
        is_excepted=is_excepted,
    )


class FakeLongWork:
    """``LongWork`` that does it at once."""

    async def run(self, _: UserId, work: Callable[[Callable[[], bool]], R], /) -> R:
        """Where it stands."""
        return work(lambda: True)
