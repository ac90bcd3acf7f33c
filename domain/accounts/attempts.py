"""How often somebody may try before being asked to wait."""

import msgspec


class AttemptLimit(msgspec.Struct, frozen=True, kw_only=True):
    """So many attempts in so many seconds, counted in a sliding window."""

    attempts: int
    seconds: int


# Per e-mail address, whether an account has it or not; a right password clears the count.
SIGN_IN_LIMITS = (
    AttemptLimit(attempts=5, seconds=60),
    AttemptLimit(attempts=20, seconds=3600),
)

# Messages that somebody else may cause: per address, whether an account has it or not.
MAIL_LIMITS = (AttemptLimit(attempts=5, seconds=3600),)

# Per account: other people's addresses are not to be written to by the dozen.
EMAIL_CHANGE_LIMITS = (AttemptLimit(attempts=5, seconds=3600),)

# Per account, apart from the password: twenty guesses a day at one of a million codes, of which
# two are valid at a time.
SECOND_FACTOR_LIMITS = (
    AttemptLimit(attempts=5, seconds=900),
    AttemptLimit(attempts=20, seconds=86_400),
)
