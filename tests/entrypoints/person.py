"""Somebody who uses the API."""

from typing import Any

import httpx

PASSWORD = "seven quiet otters on a raft"


class Person:
    """A signed-in person; every call carries their access token."""

    def __init__(self, api: httpx.Client, answer: dict[str, Any]) -> None:
        self._api = api
        self.email: str = answer["user"]["email"]
        self.id: str = answer["user"]["id"]
        self.access_token: str = answer["access_token"]
        self.refresh_token: str = answer["refresh_token"]

    @classmethod
    def register(cls, api: httpx.Client, email: str) -> "Person":
        """Open an account."""
        answer = api.post("/api/v1/auth/register", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return cls(api, answer.json())

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call the API as this person."""
        headers = {"authorization": f"Bearer {self.access_token}", **options.pop("headers", {})}
        return self._api.request(method, path, headers=headers, **options)

    def import_csv(self, content: str | bytes) -> httpx.Response:
        """Put a file on the list."""
        return self.call(
            "POST", "/api/v1/dnp/import", content=content, headers={"content-type": "text/csv"}
        )

    def entries(self, **filters: Any) -> list[dict[str, Any]]:
        """Every entry, page by page."""
        entries: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.call("GET", "/api/v1/dnp/list", params={**filters, **cursor}).json()
            entries += page["items"]
            if page["next_cursor"] is None:
                return entries
            cursor = {"cursor": page["next_cursor"]}
