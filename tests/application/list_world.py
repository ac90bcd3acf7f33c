"""Use cases of the list beyond one entry, wired to fakes."""

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
from tests.fakes.blocklists import begin_blocklists
from tests.fakes.bulk_changes import FakeListCounts
from tests.fakes.list_tracks import FakeTrackReader
from tests.fakes.shared import FakeClock, FakeDatabase, FakeNewId


class ListWorld:
    """What changes or shows more of a list than one entry."""

    def __init__(self, database: FakeDatabase, clock: FakeClock, new_id: FakeNewId) -> None:
        begin = begin_blocklists(database)
        counts = FakeListCounts(database, clock)
        tracks = FakeTrackReader(database)
        self.block_artists = BlockArtists(begin=begin, clock=clock, new_id=new_id)
        self.update_blocked_artists = UpdateBlockedArtists(begin=begin, clock=clock, new_id=new_id)
        self.unblock_artists = UnblockArtists(begin=begin, clock=clock, new_id=new_id)
        self.undo_bulk_change = UndoBulkChange(begin=begin, clock=clock, new_id=new_id)
        self.list_tags = ListTags(counts=counts)
        self.rename_tag = RenameTag(begin=begin, clock=clock, new_id=new_id)
        self.remove_tag = RemoveTag(begin=begin, clock=clock, new_id=new_id)
        self.get_list_summary = GetListSummary(counts=counts)
        self.remove_ended_entries = RemoveEndedEntries(begin=begin, clock=clock, new_id=new_id)
        self.list_blocked_tracks = ListBlockedTracks(reader=tracks)
        self.block_tracks = BlockTracks(begin=begin, clock=clock, new_id=new_id)
        self.unblock_tracks = UnblockTracks(begin=begin, clock=clock, new_id=new_id)
        self.list_exceptions = ListExceptions(reader=tracks)
        self.add_exception = AddException(begin=begin, clock=clock, new_id=new_id)
        self.remove_exception = RemoveException(begin=begin, clock=clock, new_id=new_id)
