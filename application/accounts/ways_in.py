"""The ways to sign in to an account, all of them in one place."""

from application.accounts.ports import AccountsTransaction
from domain.accounts.errors import LastSignInMethodError
from domain.accounts.user import User


async def keep_one_way_in(tx: AccountsTransaction, user: User) -> None:
    """``LastSignInMethodError`` if nothing is left that opens the account of ``user``.

    Whoever takes a way in away asks afterwards, in the same transaction, the user's row being
    locked. A passkey under suspicion is none.
    """
    if user.password_hash is not None or await tx.identities.count(user.id):
        return
    if any(passkey.suspected_at is None for passkey in await tx.passkeys.all_of(user.id)):
        return
    raise LastSignInMethodError("Set a password, add a passkey or link a provider first.")
