"""What the data map says of merges of artists."""

from collections.abc import Mapping

from adapters.postgres.table_map import INNER, TableMap

MERGE_TABLES: Mapping[str, TableMap] = {
    "artist_merges": TableMap(
        purpose="which artists became part of which, and which moderator said so",
        kept="for good; whose account is deleted is forgotten",
        rows_of="merged_by = %(user_id)s",
        shown={
            "id": "the merge's id",
            "artist_id": "the artist that became part of another",
            "survivor_id": "that other one",
            "merged_at": "when the person said so",
            "undone_at": "when it was taken back",
        },
        held_back={
            "merged_by": INNER,
            "position": INNER,
            **dict.fromkeys(
                ("redirected", "names", "duplicate_names", "external_ids"),
                "it belongs to the catalogue",
            ),
        },
    ),
    "artist_merge_entries": TableMap(
        purpose="entries that a merge of artists moved, combined or took off, as they were before",
        kept="until the merge is undone",
        rows_of="user_id = %(user_id)s",
        shown={
            "merge_id": "the merge's id",
            "created_at": "since when the artist is on the list",
            "ours": "the entry of the artist that remained, with tags and note",
            "theirs": "the entry of the one that became part of it",
            "combined": "the tags, the note and the end that the two gave together",
        },
        held_back={"user_id": INNER},
    ),
    "artist_merge_exceptions": TableMap(
        purpose="exceptions that a merge of artists moved or made needless",
        kept="until the merge is undone",
        rows_of="user_id = %(user_id)s",
        shown={
            "merge_id": "the merge's id",
            "exception_id": "the exception's id",
            "dropped": "the exception as it was, where there was one for the other artist as well",
        },
        held_back={"user_id": INNER},
    ),
    "artist_redirects": TableMap(
        purpose="which artist an old id means; nobody's personal data",
        kept="until the merge is undone",
        held_back={
            "artist_id": "it belongs to the catalogue",
            "survivor_id": "it belongs to the catalogue",
        },
    ),
}
