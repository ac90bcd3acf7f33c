"""Everything that can be set from outside, read once at the start and never again.

``SETTINGS`` is the one table: the reader, ``nodrake settings`` and the README's table come
from it.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from application.accounts.providers import ProviderRegistration
from entrypoints.provider_settings import parse_providers, plain_http_problems

MIN_SECRET_BYTES = 32
DEVELOPMENT_SECRET = "development-only-secret-never-use-it-in-production"  # noqa: S105


class Mode(StrEnum):
    """Who the process serves: its developer, or people."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Secret(msgspec.Struct, frozen=True, kw_only=False):
    """Bytes that must not be seen: not in a repr, a log line or an error."""

    value: bytes

    def __repr__(self) -> str:
        return "Secret(…)"


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the API listens, and under which address the world knows it."""

    host: str
    port: int
    public_url: str
    cors_origins: tuple[str, ...]
    deadline_seconds: int


class DatabaseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """PostgreSQL: where it is and how many connections one process opens."""

    url: Secret
    pool_size: int
    application_role: str


class RedisSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Redis: where it is."""

    url: Secret


class SecuritySettings(msgspec.Struct, frozen=True, kw_only=True):
    """What guards accounts: the deployment's secret, and how much hashing goes on at once."""

    secret: Secret
    hashing_places: int
    hashing_queue: int
    registrations_per_hour: int


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one process."""

    mode: Mode
    http: HttpSettings
    database: DatabaseSettings
    redis: RedisSettings
    security: SecuritySettings
    providers: tuple[ProviderRegistration, ...]


class SettingsError(Exception):
    """One or more settings that cannot be used; ``problems`` names all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: its path, the variable it is read from, and what it does."""

    path: str
    variable: str
    default: str | None
    meaning: str
    parse: Callable[[str], object]


def _whole(low: int, high: int) -> Callable[[str], object]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(text)

    return parse


def _mode(text: str) -> Mode:
    if text not in Mode.__members__.values():
        raise ValueError(f"expected {' or '.join(Mode)}")
    return Mode(text)


def _url(*schemes: str) -> Callable[[str], object]:
    def parse(text: str) -> Secret:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"expected an address that starts with {' or '.join(schemes)}")
        return Secret(text.encode())

    return parse


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("expected an origin such as https://music.example.org")
    if parts.query or parts.fragment or parts.username or "*" in text:
        raise ValueError("expected an exact origin, without wildcards, user, query or fragment")
    return text.rstrip("/")


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_origin(part.strip()) for part in text.split(",") if part.strip())


def _secret(text: str) -> Secret:
    value = text.encode()
    if len(value) < MIN_SECRET_BYTES:
        raise ValueError(f"expected at least {MIN_SECRET_BYTES} bytes of random text")
    return Secret(value)


def _host(text: str) -> str:
    if not text or any(char.isspace() or char == "/" for char in text):
        raise ValueError("expected an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    return text


def _role(text: str) -> str:
    if len(text.encode()) > 63 or not text.isprintable():
        raise ValueError("expected the name of a role of PostgreSQL")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting(
        path="mode",
        variable="NODRAKE_MODE",
        default="development",
        meaning="`production` refuses default secrets and plain-HTTP public addresses",
        parse=_mode,
    ),
    Setting(
        path="http.host",
        variable="NODRAKE_HOST",
        default="127.0.0.1",
        meaning="address to listen on",
        parse=_host,
    ),
    Setting(
        path="http.port",
        variable="NODRAKE_PORT",
        default="3000",
        meaning="port to listen on",
        parse=_whole(1, 65535),
    ),
    Setting(
        path="http.public_url",
        variable="NODRAKE_PUBLIC_URL",
        default="http://localhost:3000",
        meaning="address under which people reach the service; issuer of its tokens",
        parse=_origin,
    ),
    Setting(
        path="http.cors_origins",
        variable="NODRAKE_CORS_ORIGINS",
        default="",
        meaning="exact web origins that may call the API from a browser, with commas between",
        parse=_origins,
    ),
    Setting(
        path="http.deadline_seconds",
        variable="NODRAKE_DEADLINE_SECONDS",
        default="3",
        meaning="seconds after which a request is answered with 503 (imports have ten times that)",
        parse=_whole(1, 60),
    ),
    Setting(
        path="database.url",
        variable="DATABASE_URL",
        default=None,
        meaning="PostgreSQL 15 to 18; `nodrake up` starts one of its own where it is not set",
        parse=_url("postgresql", "postgres"),
    ),
    Setting(
        path="database.pool_size",
        variable="NODRAKE_DATABASE_POOL_SIZE",
        default="10",
        meaning="connections to PostgreSQL that one process opens at most",
        parse=_whole(1, 200),
    ),
    Setting(
        path="database.application_role",
        variable="NODRAKE_APPLICATION_ROLE",
        default="",
        meaning="role of its own for `serve` and `worker`; `migrate` grants it what it needs",
        parse=_role,
    ),
    Setting(
        path="redis.url",
        variable="REDIS_URL",
        default=None,
        meaning="Redis 6.2 to 8; `nodrake up` starts one of its own where it is not set",
        parse=_url("redis", "rediss", "unix"),
    ),
    Setting(
        path="security.secret",
        variable="NODRAKE_SECRET",
        default=DEVELOPMENT_SECRET,
        meaning="at least 32 bytes, the same for all processes; every key is derived from it",
        parse=_secret,
    ),
    Setting(
        path="security.hashing_places",
        variable="NODRAKE_HASHING_PLACES",
        default="1",
        meaning="passwords that one process hashes at once; each takes a core for 25 ms",
        parse=_whole(1, 64),
    ),
    Setting(
        path="security.hashing_queue",
        variable="NODRAKE_HASHING_QUEUE",
        default="8",
        meaning="sign-ins that may wait for a place before more are turned away with 503",
        parse=_whole(0, 1000),
    ),
    Setting(
        path="security.registrations_per_hour",
        variable="NODRAKE_REGISTRATIONS_PER_HOUR",
        default="60",
        meaning="accounts that may be opened from one network address in an hour",
        parse=_whole(1, 1_000_000),
    ),
    Setting(
        path="providers",
        variable="NODRAKE_PROVIDERS",
        default="",
        meaning="providers to sign in with: a JSON array, or `@` and the path of a file with one",
        parse=parse_providers,
    ),
)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings; ``SettingsError`` lists every problem with its path at once."""
    values: dict[str, object] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        text = environ.get(setting.variable, "") or setting.default
        if text is None:
            problems.append(f"{setting.path} ({setting.variable}): is not set; {setting.meaning}")
            continue
        try:
            values[setting.path] = setting.parse(text)
        except ValueError as error:
            problems += [f"{setting.path} ({setting.variable}): {each}" for each in error.args]
    if values.get("mode") is Mode.PRODUCTION:
        problems += _production_problems(values)
    known = {setting.variable for setting in SETTINGS}
    problems += [
        f"{variable}: there is no such setting; `nodrake settings` lists them"
        for variable in environ
        if variable.startswith("NODRAKE_") and variable not in known
    ]
    if problems:
        raise SettingsError(problems)
    nested: dict[str, object] = {}
    for path, value in values.items():
        group, _, name = path.rpartition(".")
        if group:
            child = nested.setdefault(group, {})
            assert isinstance(child, dict)
            child[name] = value
        else:
            nested[name] = value
    return msgspec.convert(nested, Settings)


def _production_problems(values: Mapping[str, object]) -> list[str]:
    problems = []
    if values.get("security.secret") == Secret(DEVELOPMENT_SECRET.encode()):
        problems.append(
            "security.secret (NODRAKE_SECRET): is not set; production needs a secret of its own, "
            "for example from: openssl rand -base64 48"
        )
    public_url = values.get("http.public_url")
    if isinstance(public_url, str) and not public_url.startswith("https://"):
        problems.append(
            "http.public_url (NODRAKE_PUBLIC_URL): production needs an https address, "
            "under which a proxy passes requests on to this service"
        )
    problems += plain_http_problems(values.get("providers"))
    return problems
