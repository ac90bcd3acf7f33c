"""The API with a database and a mail server of its own."""

from collections.abc import Iterator

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict

from entrypoints.settings import load_settings
from tests.entrypoints.mail.post import Post
from tests.entrypoints.serving import serving
from tests.services import Services, new_database
from tests.sink import smtp_sink


@pytest.fixture(scope="session")
def post(services: Services, template_url: str) -> Iterator[Post]:
    """No other test's messages are in this database."""
    template = str(conninfo_to_dict(template_url)["dbname"])
    with new_database(services.database_url, template=template) as url, smtp_sink() as sink:
        environ = {
            "DATABASE_URL": url,
            "REDIS_URL": services.redis_url,
            "NODRAKE_MAIL_URL": sink.url,
            "NODRAKE_PUBLIC_URL": "https://music.example.org",
        }
        with (
            serving(environ) as base_url,
            httpx.Client(base_url=base_url, trust_env=False, timeout=30) as api,
        ):
            yield Post(api, load_settings(environ), sink)
