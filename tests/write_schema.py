"""Writes ``migrations/schema.sql`` from a database that is made for it: ``make schema``."""

from adapters.postgres.migrations import FOLDER, migrate
from adapters.postgres.schema import describe_schema
from tests.services import new_database, start_services

if __name__ == "__main__":
    with start_services() as services, new_database(services.database_url) as url:
        migrate(url)
        (FOLDER / "schema.sql").write_text(describe_schema(url), "utf-8")
        print(f"written: {FOLDER / 'schema.sql'}")
