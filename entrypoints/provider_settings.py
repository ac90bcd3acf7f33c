"""The setting that registers providers, read from JSON: every problem of every provider at once."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from application.accounts.providers import ProviderKind, ProviderRegistration

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,100}")  # RFC 6749 appendix A.4
_ISSUERS = {ProviderKind.GITHUB: "https://github.com"}
_SCOPES = {
    ProviderKind.OIDC: ["openid", "email", "profile"],
    ProviderKind.GITHUB: ["read:user", "user:email"],
}
_KNOWN = {"name", "kind", "issuer", "client_id", "client_secret", "scopes"}


def parse_providers(text: str) -> tuple[ProviderRegistration, ...]:
    """Registrations from a JSON array, or from the file that ``@path`` names.

    ``ValueError`` has one argument for each problem; none of them quotes a secret.
    """
    if not text.strip():
        return ()
    try:
        entries = msgspec.json.decode(_content(text))
    except msgspec.DecodeError as error:
        raise ValueError("expected a JSON array of providers") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("expected a JSON array of providers")
    problems: list[str] = []
    for number, entry in enumerate(entries, start=1):
        problems += [f"{_called(entry, number)}: {problem}" for problem in _problems(entry)]
    names = [str(entry.get("name")) for entry in entries]
    issuers = [_issuer(entry) for entry in entries]
    problems += [f"{name}: the name is there twice" for name in _repeated(names)]
    problems += [f"{issuer}: the issuer is there twice" for issuer in _repeated(issuers)]
    if problems:
        raise ValueError(*problems)
    return tuple(
        ProviderRegistration(
            name=entry["name"],
            kind=ProviderKind(entry["kind"]),
            issuer=_issuer(entry),
            client_id=entry["client_id"],
            client_secret=entry["client_secret"],
            scopes=tuple(entry.get("scopes", _SCOPES[ProviderKind(entry["kind"])])),
        )
        for entry in entries
    )


def plain_http_problems(providers: object) -> list[str]:
    """What production refuses of registrations that have been read."""
    return [
        f"providers (NODRAKE_PROVIDERS): {provider.name}: production needs an https issuer"
        for provider in (providers if isinstance(providers, tuple) else ())
        if not provider.issuer.startswith("https://")
    ]


def _content(text: str) -> bytes:
    if not text.startswith("@"):
        return text.encode()
    try:
        return Path(text[1:]).read_bytes()
    except OSError as error:
        raise ValueError(f"cannot read {text[1:]}: {error.strerror}") from error


def _problems(entry: Mapping[str, object]) -> list[str]:
    kind, name, scopes = entry.get("kind"), entry.get("name"), entry.get("scopes")
    known_kind = kind in ProviderKind.__members__.values()
    problems = [f"{field} is no field of a provider" for field in sorted(set(entry) - _KNOWN)]
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name == "complete":
        problems.append("name: expected small letters, digits and hyphens, 32 at most")
    if not known_kind:
        problems.append(f"kind: expected {' or '.join(ProviderKind)}")
    for field in ("client_id", "client_secret"):
        value = entry.get(field)
        if not isinstance(value, str) or not value.strip():
            problems.append(f"{field}: is missing")
    if not _is_issuer(_issuer(entry)):
        problems.append("issuer: expected an https address without query (http on loopback only)")
    if scopes is not None and not _are_scopes(scopes):
        problems.append("scopes: expected an array of words")
    elif kind == ProviderKind.OIDC and isinstance(scopes, list) and "openid" not in scopes:
        problems.append("scopes: OpenID Connect needs openid among them")
    return problems


def _are_scopes(scopes: object) -> bool:
    return isinstance(scopes, list) and all(
        isinstance(scope, str) and _SCOPE.fullmatch(scope) for scope in scopes
    )


def _is_issuer(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.query or parts.fragment or parts.username or not text.isprintable():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _issuer(entry: Mapping[str, object]) -> str:
    """The issuer to the letter: it is compared, and providers differ about a last slash."""
    kind = entry.get("kind")
    default = _ISSUERS.get(ProviderKind.GITHUB, "") if kind == ProviderKind.GITHUB else ""
    issuer = str(entry.get("issuer", default))
    return issuer.rstrip("/") if kind == ProviderKind.GITHUB else issuer


def _called(entry: Mapping[str, object], number: int) -> str:
    name = entry.get("name")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else f"number {number}"


def _repeated(values: list[str]) -> list[str]:
    return sorted({value for value in values if value and values.count(value) > 1})
