"""What a merge is."""

from uuid import uuid4

import pytest

from domain.catalog.errors import SameArtistError
from domain.catalog.merge import ArtistMerge
from domain.shared.ids import ArtistId, ArtistMergeId, UserId
from tests.builders.accounts import NOW


def test_an_artist_is_not_merged_into_itself() -> None:
    artist_id = ArtistId(uuid4())
    with pytest.raises(SameArtistError):
        ArtistMerge(
            id=ArtistMergeId(uuid4()),
            artist_id=artist_id,
            survivor_id=artist_id,
            merged_by=UserId(uuid4()),
            merged_at=NOW,
        )
