"""The same query by SQLAlchemy's ORM under FastAPI: entries joined with their artists."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import DateTime, ForeignKey, Text, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

from benchmarks.fastapi_list import Artist, Entry, Page, Source
from domain.shared.service_links import PICTURE, links_of


class Base(DeclarativeBase):
    """What SQLAlchemy keeps its tables in."""


class ArtistRow(Base):
    """An artist."""

    __tablename__ = "artists"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    canonical_name: Mapped[str]
    disambiguation: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB)
    created_at: Mapped[datetime]
    external_ids: Mapped[dict[str, str]] = mapped_column(JSONB)


class BlockRow(Base):
    """An entry of a list."""

    __tablename__ = "user_artist_blocks"
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    artist_id: Mapped[UUID] = mapped_column(ForeignKey("artists.id"), primary_key=True)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    source: Mapped[str]
    source_name: Mapped[str | None]
    artist: Mapped[ArtistRow] = relationship()


ENGINE = create_async_engine(os.environ["BENCH_SQLALCHEMY_URL"], pool_size=10)
SESSIONS = async_sessionmaker(ENGINE, expire_on_commit=False)
PERSON = UUID(os.environ["BENCH_USER_ID"])


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the connections at the end."""
    yield
    await ENGINE.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/list")
async def read_list(limit: int = 50) -> Page:
    """The first page of one person's list."""
    statement = (
        select(BlockRow)
        .where(
            BlockRow.user_id == PERSON,
            or_(BlockRow.until.is_(None), BlockRow.until > datetime.now(UTC)),
        )
        .options(joinedload(BlockRow.artist, innerjoin=True))
        .order_by(BlockRow.created_at.desc(), BlockRow.artist_id.desc())
        .limit(limit + 1)
    )
    async with SESSIONS() as session:
        blocks = (await session.scalars(statement)).all()
    items = [
        Entry(
            user_id=block.user_id,
            artist_id=block.artist_id,
            artist=Artist(
                id=block.artist.id,
                canonical_name=block.artist.canonical_name,
                external_ids=block.artist.external_ids,
                metadata=block.artist.details,
                image_url=block.artist.details.get(PICTURE),
                links=links_of(block.artist.external_ids),
                created_at=block.artist.created_at,
            ),
            disambiguation=block.artist.disambiguation,
            tags=block.tags,
            note=block.note,
            created_at=block.created_at,
            until=block.until,
            source=Source(kind=block.source, name=block.source_name),
        )
        for block in blocks[:limit]
    ]
    return Page(items=items, next_cursor="more" if len(blocks) > limit else None)
