"""How often somebody may try before being asked to wait."""

import msgspec


class AttemptLimit(msgspec.Struct, frozen=True, kw_only=True):
    """So many attempts in so many seconds, counted in a sliding window."""

    attempts: int
    seconds: int


# Records of refused sign-ins to addresses without an account, per network address.
UNKNOWN_ADDRESS_RECORDS = AttemptLimit(attempts=100, seconds=3600)

# Per e-mail address, whether an account has it or not; a right password clears the count.
SIGN_IN_LIMITS = (
    AttemptLimit(attempts=5, seconds=60),
    AttemptLimit(attempts=20, seconds=3600),
)

# Per network address; each leaves a row for ten minutes.
PROVIDER_START_LIMIT = AttemptLimit(attempts=300, seconds=600)

# Per account, apart from the password: twenty guesses a day at one of a million codes, of which
# two are valid at a time.
SECOND_FACTOR_LIMITS = (
    AttemptLimit(attempts=5, seconds=900),
    AttemptLimit(attempts=20, seconds=86_400),
)
