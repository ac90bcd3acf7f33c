"""Routes of the audit log: a person reads their own, an administrator everybody's."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from application.audit.list_all_audit_events import AuditLook, ListAllAuditEvents
from application.audit.list_audit_events import ListAuditEvents, OwnAuditEvents
from application.audit.ports import AuditPage, AuditSlice
from domain.shared.errors import BadCursorError
from domain.shared.ids import UserId
from entrypoints.http.audit.cursor import AuditCursorCodec, AuditListing
from entrypoints.http.audit.schemas import AuditEvent, AuditEventPage
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.contract import contract

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="Records at most.")]
Cursor = Annotated[
    str | None, QueryParameter(max_length=2048, description="`next_cursor` of the page before.")
]
Action = Annotated[
    str | None,
    QueryParameter(max_length=100, description="Only actions whose name begins with this."),
]

_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


@get(
    "/api/v1/audit/events",
    operation_id="listAuditEvents",
    summary="Read what was done in one's name",
    tags=["audit"],
    opt=contract(BadCursorError),
)
async def list_audit_events_route(
    request: Request[Any, Any, Any],
    list_audit_events: NamedDependency[ListAuditEvents],
    limit: Limit = 50,
    cursor: Cursor = None,
    action: Action = None,
) -> AuditEventPage:
    """Answers a page at a time, newest first; refused sign-ins to the account are among them."""
    cursors: AuditCursorCodec = request.app.state.audit_cursors
    actor = principal_of(request).user_id
    listing = AuditListing(operation="own", actor=actor, action=action, user_id=actor)
    page = await list_audit_events(
        OwnAuditEvents(actor=actor, action=action, limit=limit, after=cursors.read(cursor, listing))
    )
    return _page(page, cursors, listing)


@get(
    "/api/v1/admin/audit/events",
    operation_id="listAllAuditEvents",
    summary="Read what was done by anybody",
    tags=["audit"],
    opt=contract(BadCursorError),
)
async def list_all_audit_events_route(
    request: Request[Any, Any, Any],
    list_all_audit_events: NamedDependency[ListAllAuditEvents],
    limit: Limit = 50,
    cursor: Cursor = None,
    action: Action = None,
    user_id: Annotated[
        str | None,
        # Litestar would take the text "null" for no id at all.
        QueryParameter(pattern=_UUID, description="Only of this person, who may be gone."),
    ] = None,
) -> AuditEventPage:
    """Answers a page at a time, newest first; for administrators."""
    cursors: AuditCursorCodec = request.app.state.audit_cursors
    actor = principal_of(request).user_id
    owner = None if user_id is None else UserId(UUID(user_id))
    listing = AuditListing(operation="all", actor=actor, action=action, user_id=owner)
    page = await list_all_audit_events(
        AuditLook(
            actor=actor,
            slice=AuditSlice(
                user_id=owner,
                action=action,
                limit=limit,
                after=cursors.read(cursor, listing),
            ),
            origin=origin_of(request),
        )
    )
    return _page(page, cursors, listing)


def _page(page: AuditPage, cursors: AuditCursorCodec, listing: AuditListing) -> AuditEventPage:
    return AuditEventPage(
        items=[AuditEvent.of(record) for record in page.records],
        next_cursor=cursors.write(page.next, listing) if page.next else None,
    )


ROUTES = (list_audit_events_route, list_all_audit_events_route)
