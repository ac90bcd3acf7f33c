"""A rotation seen by tokens, refresh tokens and cursors: nothing ends before its key is retired."""

from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from adapters.security.access_tokens import Ed25519AccessTokens
from adapters.security.cursor_seal import CursorSeal
from adapters.security.derived_keys import DerivedKeys, derive_key, fingerprint
from adapters.security.refresh_tokens import HmacRefreshTokens
from application.accounts.ports import AccessClaims
from domain.accounts.errors import AuthenticationRequiredError
from domain.shared.ids import SessionId, UserId
from domain.shared.keyring import Keyring
from tests.adapters.security.forger import ISSUER, NOW, SESSION, USER
from tests.builders.keyring import a_keyring, a_secret

WHO = AccessClaims(user_id=UserId(USER), session_id=SessionId(SESSION))


class Process:
    """What one process makes and accepts, under a keyring that can be changed."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self.tokens = Ed25519AccessTokens(self._keys("access-token-signing"), ISSUER)
        self.refresh_tokens = HmacRefreshTokens(self._keys("refresh-token-succession"))
        self.cursors = CursorSeal(self._keys("page-cursors"))

    def _keys(self, label: str) -> DerivedKeys:
        return DerivedKeys(lambda: self.keyring, label)

    def kids(self) -> list[str]:
        """What the key set publishes."""
        keys: Any = self.tokens.key_set()["keys"]
        return [key["kid"] for key in keys]


def test_the_key_set_has_current_next_and_previous_but_no_retired_key() -> None:
    alone = {name: Process(a_keyring(name)).kids()[0] for name in "abcd"}
    process = Process(a_keyring("b", a="previous", c="next", d="retired"))
    assert process.kids() == [alone["b"], alone["c"], alone["a"]]


def test_processes_that_are_a_step_apart_accept_each_other_all_the_way() -> None:
    steps = [
        a_keyring("a"),
        a_keyring("a", b="next"),
        a_keyring("b", a="previous"),
        a_keyring("b", a="retired"),
        a_keyring("b"),
    ]
    # The last two are only reached when no token under the old key is good any more.
    for before, after in pairwise(steps[:3]):
        for maker, reader in ((before, after), (after, before)):
            token = Process(maker).tokens.issue(WHO, NOW)
            assert Process(reader).tokens.verify(token, NOW) == WHO
            cursor = Process(maker).cursors.seal(b"here", b"list")
            assert Process(reader).cursors.open(cursor, b"list") == b"here"
            successor = Process(maker).refresh_tokens.successors("parent")[0]
            assert successor in Process(reader).refresh_tokens.successors("parent")


@pytest.mark.parametrize("state", ["retired", None])
def test_what_a_retired_key_has_made_is_refused_although_it_was_seen_before(
    state: str | None,
) -> None:
    process = Process(a_keyring("a"))
    token = process.tokens.issue(WHO, NOW)
    cursor = process.cursors.seal(b"here", b"list")
    successor = process.refresh_tokens.successors("parent")[0]
    process.keyring = a_keyring("b", a="previous")
    assert process.tokens.verify(token, NOW) == WHO
    process.keyring = a_keyring("b", **({"a": state} if state else {}))
    with pytest.raises(AuthenticationRequiredError):
        process.tokens.verify(token, NOW)
    assert process.cursors.open(cursor, b"list") is None
    assert successor not in process.refresh_tokens.successors("parent")


def test_new_tokens_are_under_the_current_key_from_the_promotion_on() -> None:
    process = Process(a_keyring("a", b="next"))
    old = process.tokens.issue(WHO, NOW)
    process.keyring = a_keyring("b", a="previous")
    new = process.tokens.issue(WHO, NOW)
    only_new = Process(a_keyring("b")).tokens
    assert only_new.verify(new, NOW) == WHO
    with pytest.raises(AuthenticationRequiredError):
        only_new.verify(old, NOW)


def test_a_key_id_chooses_the_key_and_no_other_one_is_tried() -> None:
    process = Process(a_keyring("b", a="previous"))
    header, payload, signature = Process(a_keyring("a")).tokens.issue(WHO, NOW).split(".")
    other_header = Process(a_keyring("b")).tokens.issue(WHO, NOW).split(".")[0]
    assert process.tokens.verify(f"{header}.{payload}.{signature}", NOW) == WHO
    with pytest.raises(AuthenticationRequiredError):
        process.tokens.verify(f"{other_header}.{payload}.{signature}", NOW)


def test_a_deployment_with_one_secret_may_begin_a_keyring_with_it_under_any_id() -> None:
    before = Process(Keyring.of_one(a_secret("a")))
    token = before.tokens.issue(WHO, NOW)
    cursor = before.cursors.seal(b"here", b"list")
    for keyring in (a_keyring("a"), a_keyring("a", b="next"), a_keyring("b", a="previous")):
        after = Process(keyring)
        assert after.tokens.verify(token, NOW) == WHO
        assert after.cursors.open(cursor, b"list") == b"here"
        assert before.refresh_tokens.successors("x")[0] in after.refresh_tokens.successors("x")


def test_keys_of_different_purposes_and_secrets_all_differ() -> None:
    marks = [fingerprint(a_secret(name)).hex() for name in "abc"]
    labels = ["access-token-signing", "refresh-token-succession", "page-cursors", "fingerprint"]
    labels += [f"secret-box/{mark}" for mark in marks]
    keys = {derive_key(a_secret(name), label) for name in "abc" for label in labels}
    assert len(keys) == 3 * len(labels)


def test_derivations_never_change_or_what_is_sealed_could_not_be_opened() -> None:
    secret = sha256(b"pinned").digest()
    assert fingerprint(secret).hex() == "3be1b26fdf309900"
    assert (
        derive_key(secret, f"secret-box/{fingerprint(secret).hex()}").hex()
        == "8f015061598a46ab705bc6a889f4c57d56cbc983e3e169307ce95c261ee4c870"
    )
