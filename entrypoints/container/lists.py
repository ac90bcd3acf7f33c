"""Use cases of the list beyond one entry: many at once, tags, tracks, exceptions."""

from dependency_injector import providers

from adapters.postgres.list_counts import PostgresListCounts
from adapters.postgres.list_tracks import PostgresTrackReader
from application.blocklists.add_exception import AddException
from application.blocklists.block_artists import BlockArtists
from application.blocklists.block_tracks import BlockTracks
from application.blocklists.get_list_summary import GetListSummary
from application.blocklists.list_blocked_tracks import ListBlockedTracks
from application.blocklists.list_exceptions import ListExceptions
from application.blocklists.list_tags import ListTags
from application.blocklists.remove_ended_entries import RemoveEndedEntries
from application.blocklists.remove_exception import RemoveException
from application.blocklists.remove_tag import RemoveTag
from application.blocklists.rename_tag import RenameTag
from application.blocklists.unblock_artists import UnblockArtists
from application.blocklists.unblock_tracks import UnblockTracks
from application.blocklists.undo_bulk_change import UndoBulkChange
from application.blocklists.update_blocked_artists import UpdateBlockedArtists
from entrypoints.container.ways_in import WaysIn

_PARTS = {"begin": WaysIn.begin, "clock": WaysIn.clock, "new_id": WaysIn.new_id}


class Lists(WaysIn):
    """What changes or shows more of a list than one entry."""

    _counts = providers.Singleton(PostgresListCounts, WaysIn.pool, WaysIn.clock)
    _tracks = providers.Singleton(PostgresTrackReader, WaysIn.pool)

    block_artists = providers.Singleton(BlockArtists, **_PARTS)
    update_blocked_artists = providers.Singleton(UpdateBlockedArtists, **_PARTS)
    unblock_artists = providers.Singleton(UnblockArtists, **_PARTS)
    undo_bulk_change = providers.Singleton(UndoBulkChange, **_PARTS)
    list_tags = providers.Singleton(ListTags, counts=_counts)
    rename_tag = providers.Singleton(RenameTag, **_PARTS)
    remove_tag = providers.Singleton(RemoveTag, **_PARTS)
    get_list_summary = providers.Singleton(GetListSummary, counts=_counts)
    remove_ended_entries = providers.Singleton(RemoveEndedEntries, **_PARTS)
    list_blocked_tracks = providers.Singleton(ListBlockedTracks, reader=_tracks)
    block_tracks = providers.Singleton(BlockTracks, **_PARTS)
    unblock_tracks = providers.Singleton(UnblockTracks, **_PARTS)
    list_exceptions = providers.Singleton(ListExceptions, reader=_tracks)
    add_exception = providers.Singleton(AddException, **_PARTS)
    remove_exception = providers.Singleton(RemoveException, **_PARTS)
