"""Who somebody is at a provider of OpenID Connect, and linking that to their account."""

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from server.storage import accounts, second_factors
from server.storage.accounts import Account
from server.storage.engine import AsyncConnection
from server.storage.sign_ins import end_others
from server.storage.tables import account, provider_identity


async def find(connection: AsyncConnection, issuer: str, subject: str) -> Account | None:
    mine = (provider_identity.c.issuer == issuer) & (provider_identity.c.subject == subject)
    owner = await connection.scalar(select(provider_identity.c.account_id).where(mine))
    return None if owner is None else await accounts.find(connection, owner)


async def link(connection: AsyncConnection, issuer: str, subject: str, to: Account) -> Account:
    """Links somebody whose address the provider has proven; the account's address is proven with it.

    Whoever made an account with an address that was never proven may be somebody else: what they chose to get in by ends.
    """
    if to.email_verified_at is None:
        await connection.execute(
            update(account).where(account.c.id == to.id).values(email_verified_at=func.now(), password_hash=None)
        )
        await second_factors.remove(connection, to.id)
        await end_others(connection, to.id, None)
    linked = insert(provider_identity).values(issuer=issuer, subject=subject, account_id=to.id)
    await connection.execute(linked.on_conflict_do_nothing())
    return await accounts.find(connection, to.id) or to
