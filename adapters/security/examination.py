"""The secrets as `nodrake doctor` sees them; none is shown."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from adapters.security.keyring_file import mode_complaint, read_keyring
from application.shared.finding import Finding, broken, doubtful, well
from domain.shared.keyring import KeyringError, KeyState, looks_typed

_OLD = timedelta(days=365)
_UNFINISHED = timedelta(days=30)


def examine_keyring(path: Path, secret: bytes | None, now: datetime) -> Iterator[Finding]:
    """The keyring in that file; ``secret`` is NODRAKE_SECRET where that is set too."""
    try:
        keyring = read_keyring(path)
    except KeyringError as error:
        for problem in error.problems:
            yield broken("keyring", problem, "processes do not start with it; restore a copy")
        return
    told = ", ".join(f"{key.id} {key.state}" for key in keyring.keys)
    old = [key for key in keyring.keys if key.since is not None and key.since < now - _UNFINISHED]
    yield well("keyring", told)
    if complaint := mode_complaint(path):
        found, advice = complaint.split("; ")
        yield doubtful("keyring file", found, advice)
    else:
        yield well("keyring file", "only its owner can change it")
    waiting = (KeyState.NEXT, KeyState.PREVIOUS)
    if unfinished := [key.id for key in old if key.state in waiting]:
        yield doubtful(
            "key rotation",
            f"{', '.join(unfinished)} wait for their next step for more than a month",
            "`nodrake keys list` says which",
        )
    elif [key for key in old if key.since is not None and key.since < now - _OLD]:
        yield doubtful("key rotation", f"{keyring.current.id} is a year old", "`nodrake keys add`")
    else:
        yield well("key rotation", "no step is due")
    if secret is not None and not any(
        hmac.compare_digest(secret, key.secret) for key in keyring.keys
    ):
        yield doubtful(
            "secret",
            "NODRAKE_SECRET is set, not read, and none of the keyring's",
            "unset it; or, if tokens of before should stay valid, make the keyring out of it: "
            "`nodrake keys init`",
        )


def examine_secret(secret: bytes, *, default: bytes) -> Finding:
    """The one secret of a deployment without a keyring."""
    advice = "set NODRAKE_SECRET, for example from: openssl rand -base64 48"
    if hmac.compare_digest(secret, default):
        return doubtful("secret", "it is the one that everybody knows", advice)
    if looks_typed(secret):
        return broken("secret", "it is no random text and can be guessed", advice)
    return well("secret", f"{len(secret)} bytes")
