"""Columns of the tables that do-not-play lists are kept in."""

from collections.abc import Mapping

from adapters.postgres.table_map import INNER, TableMap

# The order in which an id on a service is chosen where a file has room for one.
_LIST_ID = """
coalesce((
    select e.key from jsonb_each_text(a.external_ids) e
    order by array_position(array['spotify', 'apple_music', 'youtube', 'tidal', 'deezer',
                                  'amazon_music', 'musicbrainz', 'isni'], e.key) limit 1
), 'nodrake')
"""

LIST_TABLES: Mapping[str, TableMap] = {
    "user_artist_blocks": TableMap(
        purpose="the do-not-play list, as importing takes it back",
        kept="until the entry is taken off or ends",
        rows_of="b.user_id = %(user_id)s",
        shown={
            "artist": "the artist's name",
            "id": "the artist's id on a service",
            "service": "which service that is",
            "tags": "the person's words for it: a list, in CSV with semicolons between",
            "note": "the person's note",
            "added_at": "since when it is on the list",
            "until": "when it ends by itself",
            "source": "whose reason it is: one's own, or that of a file or list",
            "source_name": "what that is called",
        },
        held_back={
            **dict.fromkeys(
                ("user_id", "artist_id", "note_key", "sort_key", "names_key", "change_id"), INNER
            ),
            "created_at": "shown as added_at",
        },
        joined=frozenset({"tags"}),
        select=f"""
            select a.canonical_name as artist,
                   coalesce(a.external_ids->>s.service, a.id::text) as id, s.service,
                   b.tags, b.note,
                   b.created_at as added_at, b.until, b.source, b.source_name
            from user_artist_blocks b
            join artists a on a.id = b.artist_id
            cross join lateral (select {_LIST_ID} as service) s
        """,  # noqa: S608
    ),
    "user_lists": TableMap(
        purpose="how much is on a list",
        kept="as long as the account",
        rows_of="user_id = %(user_id)s",
        shown={
            "entries": "artists on the list",
            "tags": "tags of the list",
            "tracks": "single tracks on the list",
            "exceptions": "artists and tracks that no list may block",
        },
        held_back={"user_id": INNER},
    ),
    "user_list_counts": TableMap(
        purpose="how many entries have each tag and each source",
        kept="as long as there are any",
        rows_of="user_id = %(user_id)s",
        shown={
            "kind": "tag, or the kind of a source",
            "name": "the tag, or what the source is called",
            "entries": "how many entries there are",
        },
        held_back={"user_id": INNER, "search_key": INNER},
    ),
    "bulk_changes": TableMap(
        purpose="changes of many entries at once, which can be undone",
        kept="a day",
        rows_of="user_id = %(user_id)s",
        shown={
            "id": "the change's id",
            "kind": "what was done",
            "entries": "to how many entries",
            "made_at": "when",
            "undone_at": "when it was undone",
        },
        held_back={"user_id": INNER, "place": INNER},
        over="made_at < %(now)s - interval '1 day'",
    ),
    "bulk_change_entries": TableMap(
        purpose="entries as they were before a bulk change, to undo it",
        kept="a day",
        rows_of="c.user_id = %(user_id)s",
        shown={
            "change": "the change's id",
            "artist": "the artist's name",
            "tags": "the person's words for it: a list, in CSV with semicolons between",
            "note": "the person's note",
            "added_at": "since when it was on the list",
            "until": "when it was to end by itself",
            "source": "whose reason it was",
            "source_name": "what that is called",
        },
        held_back={
            **dict.fromkeys(("artist_id", "note_key"), INNER),
            "change_id": "shown as change",
            "created_at": "shown as added_at",
        },
        joined=frozenset({"tags"}),
        select="""
            select c.id as change, a.canonical_name as artist, e.tags, e.note,
                   e.created_at as added_at, e.until, e.source, e.source_name
            from bulk_changes c join bulk_change_entries e on e.change_id = c.id
            left join artists a on a.id = e.artist_id
        """,
    ),
    "user_tracks": TableMap(
        purpose="single tracks on the do-not-play list",
        kept="until the track is taken off",
        rows_of="user_id = %(user_id)s",
        shown={
            "service": "the service or register that knows the track",
            "external_id": "the track's id there",
            "title": "its title",
            "artist_credit": "its artists",
            "note": "the person's note",
            "created_at": "since when it is on the list",
        },
        held_back={"user_id": INNER},
    ),
    "user_exceptions": TableMap(
        purpose="artists and tracks that no list may block",
        kept="until the exception is taken back",
        rows_of="user_id = %(user_id)s",
        shown={
            "id": "the exception's id",
            "artist_id": "the artist, if it is one",
            "service": "the service or register that knows the track, if it is one",
            "external_id": "the track's id there",
            "title": "its title",
            "artist_credit": "its artists",
            "note": "the person's note",
            "created_at": "since when",
        },
        held_back={"user_id": INNER},
    ),
}
