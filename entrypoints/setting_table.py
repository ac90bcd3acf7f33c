"""The one table of settings: the reader, the command and the README's table come from it."""

from pathlib import Path

from entrypoints import mail_setting
from entrypoints.keyring_setting import keyring_file
from entrypoints.provider_settings import parse_providers
from entrypoints.setting_values import (
    Setting,
    host,
    limits,
    mode,
    networks,
    origin,
    origins,
    recipients,
    role,
    secret,
    url,
    whole,
)

DEVELOPMENT_SECRET = "development-only-secret-never-use-it-in-production"  # noqa: S105


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
        default="http://localhost:$NODRAKE_PORT",
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
        meaning="seconds after which a request is answered with 503 (long work: ten times that)",
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
    Setting(
        path="backup.recipients",
        variable="NODRAKE_BACKUP_RECIPIENTS",
        default="",
        meaning="public keys of age (age1…, commas between) of those who can read backups",
        parse=recipients,
    ),
    Setting(
        path="backup.folder",
        variable="NODRAKE_BACKUP_FOLDER",
        default="backups",
        meaning="folder that `nodrake backup` writes to and reads from",
        parse=Path,
    ),
)
