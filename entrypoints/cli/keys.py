"""``nodrake keys``: the keyring, and how its keys follow one another."""

import argparse
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.security.derived_keys import fingerprint
from adapters.security.keyring_file import only_editor, read_keyring, write_keyring
from adapters.system.clock import utc_now
from domain.accounts.session import ACCESS_TOKEN_LIFETIME
from domain.audit.retention import KEPT_FOR
from domain.shared.keyring import Keyring, KeyringError, KeyState
from entrypoints.cli import reseal
from entrypoints.setting_table import DEVELOPMENT_SECRET

# Our own processes see a change within a second; others may keep the key set for five minutes.
SETTLING = timedelta(minutes=5, seconds=30)
OUTLIVING = ACCESS_TOKEN_LIFETIME + timedelta(minutes=1)
EVIDENCE = KEPT_FOR + timedelta(days=1)
_SECRET_BYTES = 32
_DESCRIPTION = """\
Edit the keyring that NODRAKE_KEYRING_FILE names. Running processes follow within a second, so
that keys rotate under load. The order, with what to wait for, told again after every step:

  nodrake keys init            once: the first key is NODRAKE_SECRET, so that nothing ends
  nodrake keys add             a key that comes next: published and accepted, not used yet
  nodrake keys promote         five minutes later: it makes everything new
  nodrake keys reseal          what is sealed in the database moves to it
  nodrake keys retire OLD      eleven minutes after that: tokens under the old one are refused
  nodrake keys remove OLD      a year later: no row of the audit log is checked with it any more

A secret that has leaked: add, promote --force, retire OLD --force; access tokens under it are
refused within seconds. Then reseal and remove.
"""

Step = Callable[[Keyring, argparse.Namespace, datetime], tuple[Keyring, str]]


def add_to(commands: Any) -> None:
    """Describe the command and its steps."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "keys",
        help="list and rotate the keys of tokens and of sealed secrets",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument(
        "--file", type=Path, metavar="FILE", help="the keyring (default: NODRAKE_KEYRING_FILE)"
    )
    steps.add_parser("list", parents=[one], help="show the keys, not their secrets").set_defaults(
        run=_list
    )
    steps.add_parser(
        "init", parents=[one], help="make a keyring out of NODRAKE_SECRET"
    ).set_defaults(run=_init)
    for name, step, text, forced in (
        ("add", _add, "add a key that comes next", ""),
        ("promote", _promote, "make the next key the current one", "do not wait"),
        ("retire", _retire, "refuse the tokens of an old key", "do not wait: it has leaked"),
        ("remove", _remove, "forget a retired key", "give up what needs it"),
    ):
        added = steps.add_parser(name, parents=[one], help=text)
        needed = {} if name in {"retire", "remove"} else {"nargs": "?"}
        added.add_argument("id", metavar="ID", help="the key's id", **needed)  # type: ignore[arg-type]
        if forced:
            added.add_argument("--force", action="store_true", help=forced)
        added.set_defaults(run=_edit_with(step))
    reseal.add_to(steps)


def _path(options: argparse.Namespace, environ: Mapping[str, str]) -> Path:
    named = options.file or environ.get("NODRAKE_KEYRING_FILE")
    if not named:
        raise KeyringError(
            "there is no keyring: NODRAKE_KEYRING_FILE or --file names it, and "
            "`nodrake keys init` makes one out of NODRAKE_SECRET"
        )
    return Path(named)


def _edit_with(step: Step) -> Callable[[argparse.Namespace, Mapping[str, str]], int]:
    def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
        path = _path(options, environ)
        if step is _remove and not options.force:
            reseal.refuse_if_needed(options.id, environ)
        with only_editor(path):
            keyring, told = step(read_keyring(path), options, utc_now())
            write_keyring(path, keyring)
        print(told)
        return 0

    return run


def _list(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    path = _path(options, environ)
    keyring = read_keyring(path)
    rows = [("id", "state", "since", "fingerprint")]
    rows += [
        (key.id, key.state.value, _told(key.since), fingerprint(key.secret).hex())
        for key in keyring.keys
    ]
    for name, state, since, mark in rows:
        print(f"{name:34}{state:10}{since:22}{mark}")
    print(f"\n{_what_next(keyring)}")
    return 0


def _init(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    path = _path(options, environ)
    secret = environ.get("NODRAKE_SECRET", "")
    if not secret:
        raise KeyringError("NODRAKE_SECRET is not set: it becomes the first key of the keyring")
    if secret == DEVELOPMENT_SECRET:
        raise KeyringError(
            "NODRAKE_SECRET is the development secret, which everybody knows: set one of its own "
            "first, for example from: openssl rand -base64 48"
        )
    with only_editor(path):
        if path.exists():
            raise KeyringError(f"{path} is there already: `nodrake keys add` adds to it")
        write_keyring(path, Keyring.begin("1", secret.encode(), utc_now()))
    print(
        f"{path} holds NODRAKE_SECRET as key 1. Set NODRAKE_KEYRING_FILE to it for every process "
        "and restart them one after the other; NODRAKE_SECRET is not read any more then."
    )
    return 0


def _add(keyring: Keyring, options: argparse.Namespace, now: datetime) -> tuple[Keyring, str]:
    name = options.id or _new_id(keyring, now)
    keyring = keyring.add(name, secrets.token_bytes(_SECRET_BYTES), now)
    return keyring, f"key {name} is published and accepted.\n{_what_next(keyring)}"


def _promote(keyring: Keyring, options: argparse.Namespace, now: datetime) -> tuple[Keyring, str]:
    waiting = [key.id for key in keyring.keys if key.state is KeyState.NEXT]
    if not options.id and not waiting:
        raise KeyringError("there is no next key: `nodrake keys add` adds one")
    name = options.id or waiting[0]
    old = keyring.current.id
    keyring = keyring.promote(name, now, after=_unless_forced(SETTLING, options))
    return (
        keyring,
        f"key {name} makes everything new; {old} is still accepted.\n{_what_next(keyring)}",
    )


def _retire(keyring: Keyring, options: argparse.Namespace, now: datetime) -> tuple[Keyring, str]:
    keyring = keyring.retire(options.id, now, after=_unless_forced(OUTLIVING, options))
    return keyring, f"tokens and cursors of key {options.id} are refused.\n{_what_next(keyring)}"


def _remove(keyring: Keyring, options: argparse.Namespace, now: datetime) -> tuple[Keyring, str]:
    keyring = keyring.remove(options.id, now, after=_unless_forced(EVIDENCE, options))
    return keyring, f"the secret of key {options.id} is forgotten.\n{_what_next(keyring)}"


def _unless_forced(wait: timedelta, options: argparse.Namespace) -> timedelta | None:
    return None if options.force else wait


def _what_next(keyring: Keyring) -> str:
    steps = []
    for key in keyring.keys:
        if key.state is KeyState.NEXT:
            steps.append(f"nodrake keys promote {key.id}    from {_told(key.since, SETTLING)} on")
        elif key.state is KeyState.PREVIOUS:
            steps.append("nodrake keys reseal")
            steps.append(f"nodrake keys retire {key.id}    from {_told(key.since, OUTLIVING)} on")
        elif key.state is KeyState.RETIRED:
            steps.append("nodrake keys reseal")
            steps.append(f"nodrake keys remove {key.id}    from {_told(key.since, EVIDENCE)} on")
    if not steps:
        return "next: nothing has to be done; `nodrake keys add` begins a rotation"
    return "next:\n" + "\n".join(f"  {step}" for step in dict.fromkeys(steps))


def _told(time: datetime | None, later: timedelta = timedelta(0)) -> str:
    return (time + later).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ") if time else "unknown"


def _new_id(keyring: Keyring, now: datetime) -> str:
    taken = {key.id for key in keyring.keys}
    day = now.date().isoformat()
    names = (day, *(f"{day}.{number}" for number in range(2, 1000)))
    return next(name for name in names if name not in taken)
