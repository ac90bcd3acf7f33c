"""Strangers who were in an account before its owner came: each story ends with them at 401.

The five attacks of "Pre-hijacked accounts" (Sudhodanan and Paverd, USENIX Security 2022), as far
as their flows exist here, and one of somebody who gets in later.
"""

import asyncio
from uuid import UUID

from domain.shared.ids import UserId
from entrypoints.container import Container
from tests.entrypoints.mail.post import NEW_PASSWORD, Post, an_address, is_out
from tests.entrypoints.person import PASSWORD, Person

VICTIMS = "twelve kind goats in a boat"


def is_locked_out(post: Post, stranger: Person, *addresses: str) -> bool:
    """No session, no refresh, and no password opens anything."""
    tries = [
        post.sign_in(address, password).status_code
        for address in (stranger.email, *addresses)
        for password in (PASSWORD, NEW_PASSWORD)
    ]
    return is_out(post, stranger) and set(tries) == {401}


def test_an_unexpired_session(post: Post) -> None:
    """The stranger opens an account with the victim's address and stays signed in."""
    stranger = post.register()
    refreshed = post.call("refresh", refresh_token=stranger.refresh_token).json()
    post.reset(stranger.email, VICTIMS)
    assert is_locked_out(post, stranger)
    assert is_locked_out(post, Person(post.api, refreshed))
    assert post.sign_in(stranger.email, VICTIMS).status_code == 200


def test_a_trojan_second_factor(post: Post) -> None:
    """The stranger puts a second factor and recovery codes into an account nobody has proven."""
    stranger = post.register()
    asyncio.run(_plant_second_factor(post, UserId(UUID(stranger.id))))
    assert post.sign_in(stranger.email).json()["code"] == "accounts.totp_required"
    post.reset(stranger.email, VICTIMS)
    assert is_locked_out(post, stranger)
    owner = post.sign_in(stranger.email, VICTIMS)
    assert owner.status_code == 200, "the owner is not asked for a code that they never had"
    assert owner.json()["user"]["two_factor_enabled"] is False


def test_an_unexpired_change_of_address(post: Post) -> None:
    """The stranger asks to move the account to an address of theirs and keeps the link."""
    stranger, mailbox = post.register(), an_address()
    stranger.call("POST", "/api/v1/auth/email/change", json={"email": mailbox})
    link = post.link(mailbox, "confirm-email")
    post.reset(stranger.email, VICTIMS)
    assert post.call("email/confirm", token=link).status_code == 403
    assert is_locked_out(post, stranger, mailbox)
    assert post.sign_in(stranger.email, VICTIMS).status_code == 200


def test_the_same_address_registered_again(post: Post) -> None:
    """The victim cannot register, resets instead; the stranger tries to register once more."""
    stranger = post.register()
    again = post.call("register", email=stranger.email.upper(), password=VICTIMS)
    assert again.status_code == 409
    post.reset(stranger.email, VICTIMS)
    once_more = post.call("register", email=stranger.email, password=PASSWORD)
    assert once_more.status_code == 409
    assert is_locked_out(post, stranger)
    assert post.sign_in(stranger.email, VICTIMS).status_code == 200


def test_links_that_the_stranger_has_seen(post: Post) -> None:
    """The stranger has copied every link that came before the victim's own."""
    stranger = post.register()
    seen = {"email/verify": post.link(stranger.email, "verify-email")}
    post.forget(stranger.email)
    first = post.link(stranger.email, "reset-password")
    post.forget(stranger.email)
    second = post.link(stranger.email, "reset-password")
    used = post.call("password/reset", token=second, password=VICTIMS)
    assert used.status_code == 204
    for token in (first, second):
        answer = post.call("password/reset", token=token, password=PASSWORD)
        assert answer.status_code == 403
    assert post.call("email/verify", token=seen["email/verify"]).status_code == 403
    assert is_locked_out(post, stranger)
    assert post.sign_in(stranger.email, VICTIMS).status_code == 200


def test_an_account_that_was_taken_over_later(post: Post) -> None:
    """The stranger moves a proven account twice, resets the password, and loses it all."""
    owner = post.register()
    post.call("email/verify", token=post.link(owner.email, "verify-email"))
    mailboxes = [an_address(), an_address()]
    stranger = Person(post.api, post.sign_in(owner.email).json())
    for mailbox in mailboxes:
        stranger.call("POST", "/api/v1/auth/email/change", json={"email": mailbox})
        post.call("email/confirm", token=post.link(mailbox, "confirm-email"))
    post.reset(mailboxes[1])
    stranger = Person(post.api, post.sign_in(mailboxes[1], NEW_PASSWORD).json())
    mine = post.link(mailboxes[0], "undo-email-change")
    registered = post.call("register", email=owner.email, password=PASSWORD)
    assert registered.status_code == 409, "nobody takes the address meanwhile"
    undone = post.call("email/undo", token=post.link(owner.email, "undo-email-change"))
    assert undone.status_code == 204
    assert post.call("email/undo", token=mine).status_code == 403
    assert is_locked_out(post, stranger, owner.email, *mailboxes)
    token = post.link(owner.email, "reset-password")
    assert post.call("password/reset", token=token, password=VICTIMS).status_code == 204
    assert post.sign_in(owner.email, VICTIMS).json()["user"]["id"] == owner.id


async def _plant_second_factor(post: Post, user_id: UserId) -> None:
    container = Container(settings=post.settings)
    pool = container.pool()
    await pool.open()
    now = container.clock()()
    async with container.begin()() as tx:
        await tx.totp.start(user_id, b"sealed", now)
        await tx.totp.confirm(user_id, 1, now)
        await tx.recovery_codes.replace(user_id, [b"r" * 32], now)
    await pool.close()
