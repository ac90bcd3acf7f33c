"""How often somebody may try before being asked to wait."""

import msgspec


class AttemptLimit(msgspec.Struct, frozen=True, kw_only=True):
    """So many attempts in so many seconds, counted in a sliding window.

    With ``lock``, whoever has used them up waits for ``seconds`` from the last attempt on,
    instead of until the first one is long enough ago.
    """

    attempts: int
    seconds: int
    lock: bool = False


# Records of refused sign-ins to addresses without an account, per network address.
UNKNOWN_ADDRESS_RECORDS = AttemptLimit(attempts=100, seconds=3600)
# Records of requests that the policy refused, per person.
REFUSED_ACCESS_RECORDS = AttemptLimit(attempts=100, seconds=3600)


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """Those whose attempts are counted together, and within which limits they stay.

    A key is always used with the same limits.
    """

    key: str
    limits: tuple[AttemptLimit, ...]


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an attempt may go on, and how it stands with the limit that is nearest.

    ``wait`` is 0, or the seconds until an attempt may be admitted again; ``remaining`` is how
    many more may follow at once, ``reset`` in how many seconds there will be one more.
    """

    wait: int
    limit: AttemptLimit
    remaining: int
    reset: int


# Per account, whether there is one or not, and per known device of an account; a right
# password clears the count.
SIGN_IN_LIMITS = (
    AttemptLimit(attempts=5, seconds=60),
    AttemptLimit(attempts=5, seconds=900, lock=True),
    AttemptLimit(attempts=20, seconds=3600),
)

# Per network address; each leaves a row for ten minutes.
PROVIDER_START_LIMIT = AttemptLimit(attempts=300, seconds=600)

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

# Per client address or account. There is nothing to guess behind a passkey: this only bounds how
# many challenges are kept and how many signatures are checked.
PASSKEY_LIMITS = (
    AttemptLimit(attempts=60, seconds=60),
    AttemptLimit(attempts=600, seconds=3600),
)
