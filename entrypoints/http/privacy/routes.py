"""Routes of privacy: everything to take away, or everything gone."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.response import Stream

from application.privacy.cancel_deletion import CancelDeletion
from application.privacy.export_user_data import DataRequest, ExportUserData
from application.privacy.get_deletion import GetDeletion
from application.privacy.request_deletion import RequestDeletion
from domain.privacy.errors import DeletionNotRequestedError, OnlyAdministratorError
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.begun import begun
from entrypoints.http.contract import contract
from entrypoints.http.privacy.archive import archive_of
from entrypoints.http.privacy.schemas import ScheduledDeletion


@get(
    "/api/v1/users/export",
    operation_id="exportUserData",
    summary="Take everything away that is kept about oneself",
    tags=["privacy"],
    opt=contract(patient=True, archive=True),
)
async def export_user_data_route(
    request: Request[Any, Any, Any], export_user_data: NamedDependency[ExportUserData]
) -> Stream:
    """Streams a ZIP of JSON and CSV files with `schema.json`, which says what each column means.

    `user_artist_blocks.csv` is the do-not-play list as `importBlockedArtists` takes it back.
    """
    data = await export_user_data(_asked(request))
    name = f"my-data-{datetime.now(UTC):%Y-%m-%d}.zip"
    return Stream(
        await begun(request, archive_of(data)),
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@post(
    "/api/v1/users/deletion",
    operation_id="requestDeletion",
    summary="Have one's account erased",
    tags=["privacy"],
    status_code=202,
    opt=contract(
        OnlyAdministratorError, needs_no_key="a deletion that was asked for stays as it is"
    ),
)
async def request_deletion_route(
    request: Request[Any, Any, Any], request_deletion: NamedDependency[RequestDeletion]
) -> ScheduledDeletion:
    """In seven days everything is gone for good; until then it can be cancelled."""
    return ScheduledDeletion.of(await request_deletion(_asked(request)))


@get(
    "/api/v1/users/deletion",
    operation_id="getDeletion",
    summary="See whether one's account will be erased",
    tags=["privacy"],
    opt=contract(DeletionNotRequestedError),
)
async def get_deletion_route(
    request: Request[Any, Any, Any], get_deletion: NamedDependency[GetDeletion]
) -> ScheduledDeletion:
    """Answers when it was asked for and when it is due."""
    return ScheduledDeletion.of(await get_deletion(principal_of(request).user_id))


@delete(
    "/api/v1/users/deletion",
    operation_id="cancelDeletion",
    summary="Keep one's account after all",
    tags=["privacy"],
    opt=contract(DeletionNotRequestedError),
)
async def cancel_deletion_route(
    request: Request[Any, Any, Any], cancel_deletion: NamedDependency[CancelDeletion]
) -> None:
    """Nothing has been lost."""
    await cancel_deletion(_asked(request))


def _asked(request: Request[Any, Any, Any]) -> DataRequest:
    return DataRequest(actor=principal_of(request).user_id, origin=origin_of(request))


ROUTES = (
    export_user_data_route,
    request_deletion_route,
    get_deletion_route,
    cancel_deletion_route,
)
