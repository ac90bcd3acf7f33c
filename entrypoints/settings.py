"""Everything that can be set from outside, read once at the start and never again."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

import msgspec

from application.accounts.providers import ProviderRegistration
from domain.accounts.attempts import AttemptLimit
from entrypoints import mail_setting
from entrypoints.mail_setting import MailSettings
from entrypoints.provider_settings import plain_http_problems
from entrypoints.setting_table import DEVELOPMENT_SECRET, SETTINGS
from entrypoints.setting_values import (
    Mode,
    Secret,
    Setting,
)


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the API listens, and under which address the world knows it."""

    host: str
    port: int
    public_url: str
    cors_origins: tuple[str, ...]
    deadline_seconds: int
    drain_seconds: int
    trusted_proxies: tuple[str, ...]
    request_limits: tuple[AttemptLimit, ...]
    processes: int


class DatabaseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """PostgreSQL: where it is and how many connections one process opens."""

    url: Secret
    pool_size: int
    behind_pooler: bool
    application_role: str

    def own_sessions(self) -> str:
        """The address, for work that keeps something in its session of the server.

        ``SettingsError`` where it is that of a pooler, which gives each transaction another one.
        """
        if self.behind_pooler:
            raise SettingsError(
                [
                    "database.behind_pooler (NODRAKE_DATABASE_POOLER): this command needs "
                    "sessions of its own; give it PostgreSQL's own address as DATABASE_URL, and "
                    "no NODRAKE_DATABASE_POOLER"
                ]
            )
        return self.url.value.decode()


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


class BackupSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Backups: where they are, and who can read them."""

    recipients: tuple[str, ...]
    folder: Path


class TelemetrySettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where operators see what goes on."""

    otlp_endpoint: str
    trace_percent: int
    worker_port: int
    metrics_folder: Path | None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one process."""

    mode: Mode
    http: HttpSettings
    database: DatabaseSettings
    redis: RedisSettings
    telemetry: TelemetrySettings
    security: SecuritySettings
    providers: tuple[ProviderRegistration, ...]
    mail: MailSettings
    backup: BackupSettings


class SettingsError(Exception):
    """One or more settings that cannot be used; ``problems`` names all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings; ``SettingsError`` lists every problem with its path at once."""
    values: dict[str, object] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        text = environ.get(setting.variable, "") or _default(setting, environ)
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


def _default(setting: Setting, environ: Mapping[str, str]) -> str | None:
    """The default, with the values of the settings that it names as ``$VARIABLE``."""
    if setting.default is None or "$" not in setting.default:
        return setting.default
    values = {each.variable: environ.get(each.variable, "") or each.default for each in SETTINGS}
    return Template(setting.default).substitute(values)


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
