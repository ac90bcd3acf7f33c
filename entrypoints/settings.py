"""Everything that can be set from outside, read once at the start and never again.

``SETTINGS`` is the one table: the reader, ``nodrake settings`` and the README's table come
from it.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from application.accounts.providers import ProviderRegistration
from domain.accounts.attempts import AttemptLimit
from entrypoints import mail_setting
from entrypoints.keyring_setting import keyring_file
from entrypoints.mail_setting import MailSettings
from entrypoints.provider_settings import parse_providers, plain_http_problems
from entrypoints.setting_values import (
    Mode,
    Secret,
    Setting,
    host,
    limits,
    mode,
    networks,
    origin,
    origins,
    role,
    secret,
    url,
    whole,
)

DEVELOPMENT_SECRET = "development-only-secret-never-use-it-in-production"  # noqa: S105


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the API listens, and under which address the world knows it."""

    host: str
    port: int
    public_url: str
    cors_origins: tuple[str, ...]
    deadline_seconds: int
    trusted_proxies: tuple[str, ...]
    request_limits: tuple[AttemptLimit, ...]
    processes: int


class DatabaseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """PostgreSQL: where it is and how many connections one process opens."""

    url: Secret
    pool_size: int
    application_role: str


class RedisSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Redis: where it is."""

    url: Secret


class SecuritySettings(msgspec.Struct, frozen=True, kw_only=True):
    """What guards accounts: the deployment's secrets, and how much hashing goes on at once."""

    secret: Secret
    keyring_file: Path | None
    hashing_places: int
    hashing_queue: int
    registrations_per_hour: int
    sign_ins_per_minute: int


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one process."""

    mode: Mode
    http: HttpSettings
    database: DatabaseSettings
    redis: RedisSettings
    security: SecuritySettings
    providers: tuple[ProviderRegistration, ...]
    mail: MailSettings


class SettingsError(Exception):
    """One or more settings that cannot be used; ``problems`` names all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


SETTINGS: tuple[Setting, ...] = (
    Setting(
        path="mode",
        variable="NODRAKE_MODE",
        default="development",
        meaning="`production` refuses default secrets and plain-HTTP public addresses",
        parse=mode,
    ),
    Setting(
        path="http.host",
        variable="NODRAKE_HOST",
        default="127.0.0.1",
        meaning="address to listen on",
        parse=host,
    ),
    Setting(
        path="http.port",
        variable="NODRAKE_PORT",
        default="3000",
        meaning="port to listen on",
        parse=whole(1, 65535),
    ),
    Setting(
        path="http.public_url",
        variable="NODRAKE_PUBLIC_URL",
        default="http://localhost:3000",
        meaning="address under which people reach the service; issuer of its tokens",
        parse=origin,
    ),
    Setting(
        path="http.cors_origins",
        variable="NODRAKE_CORS_ORIGINS",
        default="",
        meaning="exact web origins that may call the API from a browser, with commas between",
        parse=origins,
    ),
    Setting(
        path="http.deadline_seconds",
        variable="NODRAKE_DEADLINE_SECONDS",
        default="3",
        meaning="seconds after which a request is answered with 503 (imports have ten times that)",
        parse=whole(1, 60),
    ),
    Setting(
        path="http.trusted_proxies",
        variable="NODRAKE_TRUSTED_PROXIES",
        default="",
        meaning="networks (CIDR, commas between) of the proxies whose X-Forwarded-For is believed",
        parse=networks,
    ),
    Setting(
        path="http.request_limits",
        variable="NODRAKE_REQUEST_LIMITS",
        default="100/60,1000/3600,10000/86400",
        meaning="requests/seconds that one account, or one network address without, may send",
        parse=limits,
    ),
    Setting(
        path="http.processes",
        variable="NODRAKE_PROCESSES",
        default="1",
        meaning="processes that serve the API in all; each counts to its share without Redis",
        parse=whole(1, 1000),
    ),
    Setting(
        path="database.url",
        variable="DATABASE_URL",
        default=None,
        meaning="PostgreSQL 15 to 18; `nodrake up` starts one of its own where it is not set",
        parse=url("postgresql", "postgres"),
    ),
    Setting(
        path="database.pool_size",
        variable="NODRAKE_DATABASE_POOL_SIZE",
        default="10",
        meaning="connections to PostgreSQL that one process opens at most",
        parse=whole(1, 200),
    ),
    Setting(
        path="database.application_role",
        variable="NODRAKE_APPLICATION_ROLE",
        default="",
        meaning="role of its own for `serve` and `worker`; `migrate` grants it what it needs",
        parse=role,
    ),
    Setting(
        path="redis.url",
        variable="REDIS_URL",
        default=None,
        meaning="Redis 6.2 to 8; `nodrake up` starts one of its own where it is not set",
        parse=url("redis", "rediss", "unix"),
    ),
    Setting(
        path="security.secret",
        variable="NODRAKE_SECRET",
        default=DEVELOPMENT_SECRET,
        meaning="at least 32 bytes, the same for all processes; every key is derived from it",
        parse=secret,
    ),
    Setting(
        path="security.keyring_file",
        variable="NODRAKE_KEYRING_FILE",
        default="",
        meaning="file with several secrets in place of that one; `nodrake keys` makes and edits it",
        parse=keyring_file,
    ),
    Setting(
        path="security.hashing_places",
        variable="NODRAKE_HASHING_PLACES",
        default="1",
        meaning="passwords that one process hashes at once; each takes a core for 25 ms",
        parse=whole(1, 64),
    ),
    Setting(
        path="security.hashing_queue",
        variable="NODRAKE_HASHING_QUEUE",
        default="8",
        meaning="sign-ins that may wait for a place before more are turned away with 503",
        parse=whole(0, 1000),
    ),
    Setting(
        path="security.registrations_per_hour",
        variable="NODRAKE_REGISTRATIONS_PER_HOUR",
        default="60",
        meaning="accounts that may be opened from one network address in an hour",
        parse=whole(1, 1_000_000),
    ),
    Setting(
        path="security.sign_ins_per_minute",
        variable="NODRAKE_SIGN_INS_PER_MINUTE",
        default="20",
        meaning="passwords that are checked for one network address (IPv6: /64) in a minute",
        parse=whole(1, 1_000_000),
    ),
    Setting(
        path="providers",
        variable="NODRAKE_PROVIDERS",
        default="",
        meaning="providers to sign in with: a JSON array, or `@` and the path of a file with one",
        parse=parse_providers,
    ),
    Setting(
        path="mail.url",
        variable="NODRAKE_MAIL_URL",
        default=mail_setting.DEVELOPMENT_URL,
        meaning="`smtp://user:password@host:587` (with STARTTLS), `smtps://…` or `folder:PATH`",
        parse=mail_setting.mail_url,
    ),
    Setting(
        path="mail.sender",
        variable="NODRAKE_MAIL_FROM",
        default=mail_setting.DEVELOPMENT_SENDER,
        meaning="address that messages come from",
        parse=mail_setting.sender,
    ),
    Setting(
        path="mail.link_attempts_per_hour",
        variable="NODRAKE_LINK_ATTEMPTS_PER_HOUR",
        default="20",
        meaning="forgotten passwords, and wrong links, from one network address in an hour",
        parse=whole(1, 1_000_000),
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
            found = str(error).splitlines()
            problems += [f"{setting.path} ({setting.variable}): {problem}" for problem in found]
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
    problems = mail_setting.production_problems(values)
    unsafe = values.get("security.secret") == Secret(DEVELOPMENT_SECRET.encode())
    if unsafe and values.get("security.keyring_file") is None:
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
