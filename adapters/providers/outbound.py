"""The one way to the outside: calls that end in time and never bring more than they may.

No redirect is followed, no proxy or certificate is taken from the environment, and no
compressed body is read: httpx unpacks one without a limit, 643 bytes into 300 MB.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx
import msgspec
from opentelemetry.trace import Tracer

from adapters.providers.traced import traced_call
from domain.accounts.provider_errors import ProviderUnavailableError

LARGEST_BODY = 1024 * 1024
TOTAL_SECONDS = 10.0
_TIMEOUT = httpx.Timeout(connect=3.0, read=5.0, write=5.0, pool=3.0)
_HEADERS = {
    "accept": "application/json",
    "accept-encoding": "identity",
    "user-agent": "nodrake",
}


T = TypeVar("T")


class OutboundAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back, whatever its status; a repr shows nothing of it."""

    status: int
    body: bytes

    def __repr__(self) -> str:
        return f"OutboundAnswer(status={self.status!r}, …)"


class Outbound:
    """Calls to providers. Every failure is a ``ProviderUnavailableError`` that quotes nothing."""

    def __init__(
        self, *, total_seconds: float = TOTAL_SECONDS, tracer: Tracer | None = None
    ) -> None:
        self._total_seconds = total_seconds
        self._tracer = tracer
        self._client: httpx.AsyncClient | None = None

    async def aclose(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()

    @asynccontextmanager
    async def bounded(self) -> AsyncIterator[None]:
        """Several calls that together take no longer than one may."""
        try:
            async with asyncio.timeout(self._total_seconds):
                yield
        except TimeoutError as error:
            raise unavailable() from error

    async def get(self, address: str, *, token: str | None = None) -> OutboundAnswer:
        """GET, with an access token if one is given."""
        return await self._call(
            "GET", address, {"authorization": f"Bearer {token}"} if token else {}
        )

    async def post_form(
        self, address: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None
    ) -> OutboundAnswer:
        """POST a form, with basic authentication if a name and a secret are given."""
        return await self._call("POST", address, {}, form=form, basic=basic)

    async def _call(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        *,
        form: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> OutboundAnswer:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=_TIMEOUT, headers=_HEADERS, trust_env=False, follow_redirects=False
            )
        try:
            with traced_call(self._tracer, method, address) as (context, answered):
                async with (
                    self.bounded(),
                    self._client.stream(
                        method, address, headers={**headers, **context}, data=form, auth=basic
                    ) as response,
                ):
                    answered(response.status_code)
                    return OutboundAnswer(
                        status=response.status_code, body=await _body_of(response)
                    )
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise unavailable() from error


async def _body_of(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():  # never unpacked
        body += chunk
        if len(body) > LARGEST_BODY:
            raise unavailable()
    return bytes(body)


def read_answer(answer: OutboundAnswer, shape: type[T]) -> T:
    """An answer as ``shape``; ``ProviderUnavailableError`` if it failed or is something else."""
    if answer.status != 200:
        raise unavailable()
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise unavailable() from error


def unavailable() -> ProviderUnavailableError:
    """One refusal for all: what the provider says of it may quote a secret."""
    return ProviderUnavailableError("Try again in a moment, or sign in in another way.")
