"""Names of artists: how they are stored, and the key by which they are found."""

from domain.shared.search_key import search_key

__all__ = ["MAX_LENGTH", "search_key"]

MAX_LENGTH = 255
