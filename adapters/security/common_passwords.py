"""Passwords that are guessed first, by the lists and the estimator of zxcvbn."""

import re
import threading

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS
from zxcvbn.matching import L33T_TABLE

from adapters.security.hashing_places import HashingPlaces
from domain.accounts.email_address import EmailAddress
from domain.accounts.password import Password

# Guesses that anybody can afford offline against a single hash of ours within days.
_CHEAP_GUESSES = 10**8
# The estimator's time grows with the length, and with every way to read a digit or a symbol
# as a letter: 0.7 seconds for 40 characters of nothing else, a tenth of that as bounded here.
# What is hard to guess by its beginning is hard to guess.
_LONGEST_ESTIMATED = 40
_LONGEST_AMBIGUOUS = 16
_MOST_SUBSTITUTES = 8
_SUBSTITUTES = frozenset(symbol for symbols in L33T_TABLE.values() for symbol in symbols)
_PRODUCT_WORDS = ("nodrake", "drake", "no drake in the house", "nodrakeinthehouse", "do not play")
# The estimator keeps the words of a call in a table of its module. Waiting costs nothing:
# it is pure Python, of which two threads at once are no faster.
_ONE_AT_A_TIME = threading.Lock()


class ZxcvbnCommonPasswords:
    """``CommonPasswords``: 30,000 listed ones, and what is put together from such."""

    def __init__(self, places: HashingPlaces) -> None:
        self._places = places
        self._listed = frozenset(FREQUENCY_LISTS["passwords"])

    async def includes(self, password: Password, /, *, email: EmailAddress) -> bool:
        """Look up, then estimate in one of the hashing places."""
        text = password.text.casefold()
        if text in self._listed or text in {email.key, email.key.rpartition("@")[0]}:
            return True
        return await self._places.run(_is_cheap, password.text, email.key)


def _is_cheap(password: str, email: str) -> bool:
    local, _, domain = email.rpartition("@")
    words = [*_PRODUCT_WORDS, email, local, domain, re.sub(r"[\W_]", "", local)]
    beginning = password[:_LONGEST_ESTIMATED]
    if len(_SUBSTITUTES.intersection(beginning)) > _MOST_SUBSTITUTES:
        beginning = password[:_LONGEST_AMBIGUOUS]
    with _ONE_AT_A_TIME:
        return bool(zxcvbn(beginning, user_inputs=words)["guesses"] < _CHEAP_GUESSES)
