"""The same list by FastAPI, SQLAlchemy's asyncio extension and asyncpg, with nothing around it.

No authentication, no logging, no metrics, no headers: the statement is the one of
``GET /api/v1/dnp/list``, the answer has the same members.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.postgres.list_pages import page_statement
from application.blocklists.ports import ListOrder, ListSlice
from domain.shared.ids import UserId
from domain.shared.service_links import PICTURE, links_of


class Artist(BaseModel):
    """The artist of an entry."""

    id: UUID
    canonical_name: str
    external_ids: dict[str, str]
    metadata: dict[str, Any]
    image_url: str | None
    links: dict[str, str]
    created_at: datetime


class Source(BaseModel):
    """Whose reason an entry is."""

    kind: str
    name: str | None


class Entry(BaseModel):
    """An entry of a list."""

    user_id: UUID
    artist_id: UUID
    artist: Artist
    disambiguation: str | None
    tags: list[str]
    note: str | None
    created_at: datetime
    until: datetime | None
    source: Source


class Page(BaseModel):
    """Some entries of a list."""

    items: list[Entry]
    next_cursor: str | None


ENGINE = create_async_engine(os.environ["BENCH_SQLALCHEMY_URL"], pool_size=10)
PERSON = UserId(UUID(os.environ["BENCH_USER_ID"]))
STATEMENT = text(
    page_statement(
        ListSlice(
            user_id=PERSON,
            order=ListOrder.NEWEST,
            limit=50,
            after=None,
            tag=None,
            text=None,
            source=None,
            source_name=None,
        )
    )
    .replace("%(user_id)s", ":user_id")
    .replace("%(now)s", ":now")
    .replace("%(fetch)s", ":fetch")
)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the connections at the end."""
    yield
    await ENGINE.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/list")
async def read_list(limit: int = 50) -> Page:
    """The first page of one person's list."""
    async with ENGINE.connect() as connection:
        result = await connection.execute(
            STATEMENT, {"user_id": PERSON, "now": datetime.now(UTC), "fetch": limit + 1}
        )
        rows = result.all()
    items = [
        Entry(
            user_id=row[0],
            artist_id=row[1],
            artist=Artist(
                id=row[1],
                canonical_name=row[5],
                external_ids=row[6],
                metadata=row[7],
                image_url=row[7].get(PICTURE),
                links=links_of(row[6]),
                created_at=row[8],
            ),
            disambiguation=row[13],
            tags=row[2],
            note=row[3],
            created_at=row[4],
            until=row[10],
            source=Source(kind=row[11], name=row[12]),
        )
        for row in rows[:limit]
    ]
    return Page(items=items, next_cursor="more" if len(rows) > limit else None)
