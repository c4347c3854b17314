"""The accounts of the demo. Their passwords follow from the installation's secret, so no two installations share them."""

import base64
import hmac
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from server.api.passwords import Passwords
from server.domain.changes import Actor
from server.domain.errors import Conflict
from server.domain.records import Member, Role
from server.storage.accounts import Accounts

DEMO = uuid5(NAMESPACE_URL, "https://lockstep.invalid/demo")
"""What all ids of the demo follow from."""

DOMAIN = "demo.lockstep"


class DemoAccount(msgspec.Struct, frozen=True):
    """Somebody to sign in as."""

    id: UUID
    name: str
    email: str
    password: str

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name)

    def member(self, role: Role) -> Member:
        return Member(id=self.id, user_id=self.id, name=self.name, role=role)

    def __str__(self) -> str:
        return f"{self.name}: {self.email}, password {self.password}"


class Registry:
    """Finds or makes the demo's accounts. `secret` is the installation's."""

    def __init__(self, accounts: Accounts, secret: str) -> None:
        self._accounts = accounts
        self._secret = secret
        self._passwords = Passwords()

    async def hosts(self) -> tuple[DemoAccount, DemoAccount]:
        """Ann and Ben, whose passwords work afterwards whatever they were before."""
        ann, ben = self._account("ann", "Ann Larkin"), self._account("ben", "Ben Okafor")
        return await self._sure(ann), await self._sure(ben)

    async def others(self, people: int) -> list[DemoAccount]:
        """`people` accounts with one password among them, for hashing is slow on purpose."""
        password = self._password("people")
        hashed = await self._passwords.hash(password)
        made = []
        for number in range(1, people + 1):
            email = f"person-{number}@{DOMAIN}"
            account = DemoAccount(uuid5(DEMO, email), _name(number), email, password)
            made.append(await self._find_or_create(account, hashed))
        return made

    def close(self) -> None:
        self._passwords.close()

    async def _sure(self, account: DemoAccount) -> DemoAccount:
        known = await self._accounts.credentials(account.email)
        if known is None:
            return await self._find_or_create(account, await self._passwords.hash(account.password))
        if not await self._passwords.verify(known.password_hash, account.password):
            await self._accounts.set_password_hash(known.account.id, await self._passwords.hash(account.password))
        return msgspec.structs.replace(account, id=known.account.id, name=known.account.name)

    async def _find_or_create(self, account: DemoAccount, hashed: str) -> DemoAccount:
        try:
            await self._accounts.create(account.id, account.email, account.name, hashed)
            return account
        except Conflict:
            known = await self._accounts.credentials(account.email)
            assert known is not None
            return msgspec.structs.replace(account, id=known.account.id, name=known.account.name)

    def _account(self, user: str, name: str) -> DemoAccount:
        email = f"{user}@{DOMAIN}"
        return DemoAccount(uuid5(DEMO, email), name, email, self._password(user))

    def _password(self, user: str) -> str:
        digest = hmac.digest(self._secret.encode(), f"demo password of {user}".encode(), "sha256")
        letters = base64.b32encode(digest).decode().lower()
        return f"{letters[:4]}-{letters[4:8]}-{letters[8:12]}"


_FIRST = "Amira Bruno Chloé Dmitri Elin Farid Greta Hugo Ines Jamal Kaya Liam Mei Nils Oona Pavel Quinn Rosa Sven Tara"
_LAST = "Abe Berg Costa Duarte Engel Farah Gallo Haas Ito Jansen Kovač Laurent Moreno Novak Osei Petit Rossi Silva Tran Weiss"


def _name(number: int) -> str:
    firsts, lasts = _FIRST.split(), _LAST.split()
    again, rest = divmod(number, len(firsts) * len(lasts))
    first, last = firsts[rest % len(firsts)], lasts[rest // len(firsts)]
    return f"{first} {last}" + (f" {again + 1}" if again else "")
