"""The ways in which somebody can sign in: an account must never lose its last one."""

from application.accounts.ports import AccountsTransaction
from domain.accounts.errors import LastSignInMethodError
from domain.accounts.user import User


async def keep_one_way_in(tx: AccountsTransaction, user: User) -> None:
    """``LastSignInMethodError`` if nothing is left; asked after the removal, ``user`` locked.

    Each kind of credential that opens an account by itself is counted here.
    """
    ways = [
        user.password_hash is not None,
        await tx.identities.count(user.id) > 0,
    ]
    if not any(ways):
        raise LastSignInMethodError("Set a password or link another provider first.")
