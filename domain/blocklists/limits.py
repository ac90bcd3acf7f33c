"""How much one list holds, kept by the database, and how much of it one request changes."""

from datetime import timedelta

MAX_ENTRIES = 200_000
MAX_TAGS_OF_LIST = 1_000
MAX_TRACKS = 200_000
MAX_EXCEPTIONS = 10_000

MAX_BULK = 10_000
MAX_BULK_TRACKS = 2_000

UNDO_WITHIN = timedelta(hours=24)
