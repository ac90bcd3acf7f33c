"""The statement that reads a page of a list: what it costs is the page, and not the list."""

from application.blocklists.ports import ListOrder, ListSlice

_COLUMNS = """
select b.user_id, b.artist_id, b.tags, b.note, b.created_at, a.canonical_name, a.external_ids,
       a.metadata, a.created_at, b.sort_key, b.until, b.source, b.source_name,
       a.disambiguation
"""
_LIVE = "b.user_id = %(user_id)s and (b.until is null or b.until > %(now)s)"
ENTRIES = f"""
{_COLUMNS} from user_artist_blocks b join artists a on a.id = b.artist_id where {_LIVE}
"""
_TAG = " and b.tags @> array[%(tag)s]"
_SOURCE = " and b.source = %(source)s"
_SOURCE_NAME = " and coalesce(b.source_name, '') = %(source_name)s"
# One index over both: a tag is looked for among those of the list, which are few.
_TEXT = r""" and (
    b.names_key || E'\n' || b.note_key like %(text)s
    or b.tags && (select array_agg(c.name) from user_list_counts c
                  where c.user_id = %(user_id)s and c.kind = 'tag' and c.search_key like %(text)s)
)"""
# No estimate is good enough to tell a filter that finds much from one that finds little: so the
# next entries in order are looked through, and only where that does not fill the page, all that
# the index finds on the list is put in order.
WINDOW = 2_000
_FILTERED = """
with early as materialized (
    select * from (
        select * from user_artist_blocks b where {where} {order} limit {window}
    ) b where true {filters} {order} limit %(fetch)s
), filled as materialized (
    select count(*) = %(fetch)s as page from early
)
select * from early where (select page from filled)
union all (
    select * from (
        select * from user_artist_blocks b where b.user_id = %(user_id)s {filters} offset 0
    ) b where not (select page from filled) and {where} {order} limit %(fetch)s
)
"""
_SORTS = {
    ListOrder.NEWEST: ("b.created_at", "desc", "<", "timestamptz"),
    ListOrder.OLDEST: ("b.created_at", "asc", ">", "timestamptz"),
    ListOrder.NAME: ("b.sort_key", "asc", ">", "text"),
    ListOrder.NAME_REVERSED: ("b.sort_key", "desc", "<", "text"),
}


def page_statement(slice: ListSlice) -> str:
    """The one statement that reads a page; its parts are constants, never somebody's input.

    The page is cut before artists are joined to it: no estimate makes it read more of them.
    """
    column, direction, beyond, type_ = _SORTS[slice.order]
    order = f"order by {column} {direction}, b.artist_id {direction}"
    where = _LIVE
    if slice.after is not None:
        where += f" and ({column}, b.artist_id) {beyond} (%(value)s::{type_}, %(artist_id)s::uuid)"
    given = {
        _TAG: slice.tag,
        _TEXT: slice.text,
        _SOURCE: slice.source,
        _SOURCE_NAME: slice.source_name,
    }
    filters = "".join(filter_ for filter_, value in given.items() if value is not None)
    if filters:
        page = _FILTERED.format(where=where, order=order, filters=filters, window=WINDOW)
    else:
        page = f"select * from user_artist_blocks b where {where} {order} limit %(fetch)s"  # noqa: S608
    return f"{_COLUMNS} from ({page}) b join artists a on a.id = b.artist_id {order}"
