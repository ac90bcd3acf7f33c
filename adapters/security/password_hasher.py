"""Password hashes by Argon2id (RFC 9106), in the places that are set aside for them."""

from base64 import b64encode

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import Argon2Error, InvalidHashError

from adapters.security.hashing_places import HashingPlaces
from domain.accounts.password import Password

# OWASP's minimum: 22 to 24 ms on one core. The library's default costs seven times as much.
MEMORY_KIB = 19_456
PASSES = 2
LANES = 1

# A stored hash names its own cost; one that somebody has planted must not exhaust us.
_MAX_MEMORY_KIB = 65_536
_MAX_PASSES = 10
_MAX_LANES = 4

# What an unknown address is compared with, so that it costs what a known one does. It is the
# hash of nothing, which saves making one in the event loop at the start.
_NOBODY = (
    f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}"
    f"${b64encode(bytes(16)).decode().rstrip('=')}${b64encode(bytes(32)).decode().rstrip('=')}"
)


class Argon2PasswordHasher:
    """``PasswordHasher`` with 19 MiB, two passes, one lane and a salt of 16 bytes."""

    def __init__(self, places: HashingPlaces) -> None:
        self._places = places
        self._argon2 = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, salt_len=16
        )

    async def hash(self, password: Password, /) -> str:
        """Hash in one of the places."""
        return await self._places.run(self._argon2.hash, password.text)

    async def verify(
        self, password: Password, hash: str | None, /, *, preferred: bool = False
    ) -> bool:
        """Compare in one of the places; a hash that we would not have made counts as none."""
        run = self._places.run_preferred if preferred else self._places.run
        return await run(self._verify, password.text, hash)

    def needs_rehash(self, hash: str, /) -> bool:
        """Whether any parameter differs from ours."""
        return self._argon2.check_needs_rehash(hash)

    def _verify(self, password: str, hash: str | None) -> bool:
        known = hash is not None and _affordable(hash)
        try:
            matches = self._argon2.verify(hash if hash and known else _NOBODY, password)
        except (Argon2Error, ValueError):  # the latter: characters beyond ASCII
            return False
        return matches and known


def _affordable(hash: str) -> bool:
    try:
        parameters = extract_parameters(hash)
    except InvalidHashError:
        return False
    return (
        parameters.memory_cost <= _MAX_MEMORY_KIB
        and parameters.time_cost <= _MAX_PASSES
        and parameters.parallelism <= _MAX_LANES
    )
