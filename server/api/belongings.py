"""What belongs to somebody: their picture, all of their data, and the end of their account. Not here: their projects' boards (board)."""

from collections.abc import AsyncIterator
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.api import answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import COMMANDED, Contract
from server.api.fields import BODY_MAX, Password
from server.api.membership import leave_projects
from server.api.pictures import ACCEPTED, BYTES_MAX, MEDIA_TYPE
from server.api.problems import SecondFactorNeeded
from server.api.profile import ProfileRoutes
from server.api.second_factor import Code, Codes
from server.api.services import Services
from server.api.sign_ins import User, user_of
from server.api.zips import Zip
from server.domain.errors import NotFound
from server.storage import accounts, audit, memberships, personal
from server.storage.accounts import Account


class Farewell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: Password = ""
    code: Code = ""


CONTRACTS = {
    "PUT /v1/me/avatar": Contract(name="set_avatar", says="Set your picture.", files=ACCEPTED, answers={200: User}),
    "DELETE /v1/me/avatar": Contract(name="remove_avatar", says="Take your picture away.", answers={204: None}),
    "GET /v1/avatars/{avatar}": Contract(
        name="avatar", says="Somebody's picture, which may be kept for ever.", answers={200: MEDIA_TYPE}, counted=False
    ),
    "GET /v1/me/data": Contract(name="my_data", says="All that is known of you.", answers={200: "application/zip"}),
    "POST /v1/me/delete": Contract(
        name="delete_account",
        says="End your account; what you did stays in its projects, under nobody's name.",
        takes=Farewell,
        answers={204: None},
        refuses=(SecondFactorNeeded, *COMMANDED),
    ),
}


class BelongingsRoutes:
    """The handlers of `/v1/me/avatar`, `/v1/me/data`, `/v1/me/delete` and `/v1/avatars/…`."""

    def __init__(self, services: Services, profile: ProfileRoutes, codes: Codes) -> None:
        self._services = services
        self._profile = profile
        self._codes = codes

    async def set_avatar(self, request: Request, identity: Identity) -> Response:
        bodies.require_type(request, *ACCEPTED)
        image = await self._services.pictures.square(await bodies.read(request, BYTES_MAX))
        async with self._services.database.begin() as connection:
            changed = await accounts.set_avatar(connection, identity.actor.id, uuid4(), image)
        return answers.json(user_of(changed or await self._profile.account(identity)))

    async def remove_avatar(self, request: Request, identity: Identity) -> Response:
        async with self._services.database.begin() as connection:
            await accounts.set_avatar(connection, identity.actor.id, None)
        return answers.empty()

    async def avatar(self, request: Request) -> Response:
        """Open to all who know its id, which nobody can guess: a browser sends no token for a picture."""
        async with self._services.database.statement() as connection:
            image = await accounts.find_avatar(connection, request.path_params["avatar"])
        if image is None:
            raise NotFound("There is no such picture.")
        kept = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
        return Response(image, headers=kept, media_type=MEDIA_TYPE)

    async def data(self, request: Request, identity: Identity) -> Response:
        """All that is known of somebody, as a ZIP that is made while it is sent."""
        account = await self._profile.account(identity)
        async with self._services.database.begin() as connection:
            await audit.record(connection, "data_downloaded", identity.actor)
        headers = {"Content-Disposition": 'attachment; filename="lockstep-data.zip"', "Cache-Control": "no-store"}
        return StreamingResponse(self._zip(account), headers=headers, media_type="application/zip")

    async def delete(self, request: Request, identity: Identity) -> Response:
        """The account goes; what they did stays in their projects, under nobody's name."""
        wanted = await bodies.json(request, Farewell, BODY_MAX)
        account = await self._profile.account(identity)
        await self._profile.require_password(request, account, wanted.password, "/password")
        await self._codes.require(account.id, wanted.code)
        await leave_projects(self._services, account.id)
        async with self._services.database.begin() as connection:
            await audit.record(connection, "account_deleted", identity.actor)
            await accounts.remove(connection, account.id)
        await leave_projects(self._services, account.id)  # whoever let them in meanwhile
        return answers.empty()

    async def _zip(self, account: Account) -> AsyncIterator[bytes]:
        zip = Zip()
        sign_ins = await self._services.sign_ins.of(account.id)
        yield zip.file("account.json", answers.pretty(user_of(account)))
        yield zip.file("sign-ins.json", answers.pretty(sign_ins))
        async with self._services.database.begin() as connection:
            if account.avatar_id is not None and (image := await accounts.find_avatar(connection, account.avatar_id)):
                yield zip.file("picture.webp", image)
            found = await memberships.of(connection, account.id)
        for each in found:
            async with self._services.database.begin() as connection:
                mine = await personal.of(connection, each.project, account.id)
            yield zip.file(
                f"projects/{each.project}.json", answers.pretty({"project": each.name, "role": each.role, **mine})
            )
        yield zip.end()
