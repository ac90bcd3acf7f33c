"""Routes of many entries at once, of tags, and of numbers about a list."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from application.blocklists import block_artists as blocking
from application.blocklists import rename_tag as renaming
from application.blocklists import unblock_artists as unblocking
from application.blocklists import undo_bulk_change as undoing
from application.blocklists import update_blocked_artists as updating
from application.blocklists.block_artists import BlockArtists
from application.blocklists.get_list_summary import GetListSummary
from application.blocklists.list_tags import ListTags
from application.blocklists.remove_tag import RemoveTag
from application.blocklists.remove_tag import TagToRemove as Removal
from application.blocklists.rename_tag import RenameTag
from application.blocklists.unblock_artists import UnblockArtists
from application.blocklists.undo_bulk_change import UndoBulkChange
from application.blocklists.update_blocked_artists import UpdateBlockedArtists
from domain.blocklists.errors import ListFullError, NothingToUndoError, TagNotFoundError
from domain.shared.ids import ArtistId, BulkChangeId
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.blocklists.bulk_schemas import (
    AddedArtists,
    ArtistsToBlock,
    ArtistsToUnblock,
    ChangedTag,
    ChangeToUndo,
    EditedArtists,
    EntryChanges,
    RemovedArtists,
    Summary,
    TagCounts,
    TagRenaming,
    TagToRemove,
    UndoneChange,
)
from entrypoints.http.contract import contract


@post(
    "/api/v1/dnp/bulk/add",
    operation_id="blockArtists",
    summary="Put many artists on one's list",
    tags=["blocklists"],
    status_code=200,
    opt=contract(ListFullError, patient=True, idempotent=True),
)
async def block_artists_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ArtistsToBlock],
    block_artists: NamedDependency[BlockArtists],
) -> AddedArtists:
    """Adds 1 to 10,000 artists in one go; what is there already stays as it is."""
    result = await block_artists(
        blocking.ArtistsToBlock(
            actor=principal_of(request).user_id,
            artist_ids=[ArtistId(artist_id) for artist_id in data.artist_ids],
            tags=data.tags,
            note=data.note,
            until=data.until,
            origin=origin_of(request),
        )
    )
    return AddedArtists.of(data.artist_ids, result)


@post(
    "/api/v1/dnp/bulk/edit",
    operation_id="updateBlockedArtists",
    summary="Change many entries of one's list",
    tags=["blocklists"],
    status_code=200,
    opt=contract(ListFullError, patient=True, idempotent=True),
)
async def update_blocked_artists_route(
    request: Request[Any, Any, Any],
    data: JSONBody[EntryChanges],
    update_blocked_artists: NamedDependency[UpdateBlockedArtists],
) -> EditedArtists:
    """Changes 1 to 10,000 entries alike; one that would have over twenty tags stays as it is."""
    result = await update_blocked_artists(
        updating.EntryChanges(
            actor=principal_of(request).user_id,
            artist_ids=[ArtistId(artist_id) for artist_id in data.artist_ids],
            add_tags=data.add_tags,
            remove_tags=data.remove_tags,
            note=data.note,
            until=data.until,
            origin=origin_of(request),
        )
    )
    return EditedArtists.of(data.artist_ids, result)


@post(
    "/api/v1/dnp/bulk/remove",
    operation_id="unblockArtists",
    summary="Take many artists off one's list",
    tags=["blocklists"],
    status_code=200,
    opt=contract(patient=True, idempotent=True),
)
async def unblock_artists_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ArtistsToUnblock],
    unblock_artists: NamedDependency[UnblockArtists],
) -> RemovedArtists:
    """Removes 1 to 10,000 entries in one go."""
    result = await unblock_artists(
        unblocking.ArtistsToUnblock(
            actor=principal_of(request).user_id,
            artist_ids=[ArtistId(artist_id) for artist_id in data.artist_ids],
            origin=origin_of(request),
        )
    )
    return RemovedArtists.of(data.artist_ids, result)


@post(
    "/api/v1/dnp/bulk/undo",
    operation_id="undoBulkChange",
    summary="Take the last bulk change back",
    tags=["blocklists"],
    status_code=200,
    opt=contract(NothingToUndoError, ListFullError, patient=True, idempotent=True),
)
async def undo_bulk_change_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ChangeToUndo],
    undo_bulk_change: NamedDependency[UndoBulkChange],
) -> UndoneChange:
    """Undoes, once and within a day, the last bulk change: an import and a tag's change as well.

    Entries that something else has changed since are left as they are.
    """
    undone = await undo_bulk_change(
        undoing.ChangeToUndo(
            actor=principal_of(request).user_id,
            change_id=BulkChangeId(data.change_id) if data.change_id else None,
            origin=origin_of(request),
        )
    )
    return UndoneChange.of(undone)


@get(
    "/api/v1/dnp/tags",
    operation_id="listTags",
    summary="Read the tags of one's list",
    tags=["blocklists"],
    opt=contract(),
)
async def list_tags_route(
    request: Request[Any, Any, Any], list_tags: NamedDependency[ListTags]
) -> TagCounts:
    """Answers every tag, in alphabetical order, with the number of entries that have it."""
    return TagCounts.of(await list_tags(principal_of(request).user_id))


@post(
    "/api/v1/dnp/tags/rename",
    operation_id="renameTag",
    summary="Rename a tag, or make one of two",
    tags=["blocklists"],
    status_code=200,
    opt=contract(TagNotFoundError, ListFullError, patient=True, idempotent=True),
)
async def rename_tag_route(
    request: Request[Any, Any, Any],
    data: JSONBody[TagRenaming],
    rename_tag: NamedDependency[RenameTag],
) -> ChangedTag:
    """Renames it on every entry; an entry that has both keeps the one."""
    changed = await rename_tag(
        renaming.TagRenaming(
            actor=principal_of(request).user_id,
            tag=data.tag,
            to=data.to,
            origin=origin_of(request),
        )
    )
    return ChangedTag.of(changed.change_id, changed.entries)


@post(
    "/api/v1/dnp/tags/remove",
    operation_id="removeTag",
    summary="Take a tag off every entry",
    tags=["blocklists"],
    status_code=200,
    opt=contract(TagNotFoundError, patient=True, idempotent=True),
)
async def remove_tag_route(
    request: Request[Any, Any, Any],
    data: JSONBody[TagToRemove],
    remove_tag: NamedDependency[RemoveTag],
) -> ChangedTag:
    """Removes the tag; the entries stay."""
    changed = await remove_tag(
        Removal(actor=principal_of(request).user_id, tag=data.tag, origin=origin_of(request))
    )
    return ChangedTag.of(changed.change_id, changed.entries)


@get(
    "/api/v1/dnp/summary",
    operation_id="getListSummary",
    summary="Read how much is on one's list",
    tags=["blocklists"],
    opt=contract(),
)
async def get_list_summary_route(
    request: Request[Any, Any, Any], get_list_summary: NamedDependency[GetListSummary]
) -> Summary:
    """Answers numbers, where entries come from, and the last bulk change."""
    return Summary.of(await get_list_summary(principal_of(request).user_id))


ROUTES = (
    block_artists_route,
    update_blocked_artists_route,
    unblock_artists_route,
    undo_bulk_change_route,
    list_tags_route,
    rename_tag_route,
    remove_tag_route,
    get_list_summary_route,
)
