"""The ways to sign in to an account, all of them in one place."""

from application.accounts.ports import AccountsTransaction
from domain.accounts.user import User


async def can_sign_in(tx: AccountsTransaction, user: User) -> bool:
    """Whether ``user``, whose row is locked, has a way in as things stand in this transaction.

    Whoever takes a way in away asks afterwards, and raises ``LastSignInMethodError`` if there is
    none left. A passkey under suspicion is none.
    """
    return user.password_hash is not None or any(
        passkey.suspected_at is None for passkey in await tx.passkeys.all_of(user.id)
    )
