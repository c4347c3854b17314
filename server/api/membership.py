"""What becomes of somebody's memberships when their account changes. Not here: the account itself (profile, farewell)."""

import asyncio
from uuid import UUID

import structlog

from server.api.services import Services
from server.domain.changes import Actor
from server.domain.commands import DeleteProject, ForgetUser, UpdateProfile
from server.domain.errors import Conflict, Refusal
from server.domain.ids import new_id
from server.storage import memberships
from server.storage.accounts import FORMER_MEMBER, Account

log = structlog.get_logger()


async def rename_in_projects(services: Services, account: Account) -> None:
    """Brings the account's name to every project that knows another one. What cannot be reached now is brought at the next sign-in."""
    async with services.database.begin() as connection:
        projects = await memberships.under_another_name(connection, account.id, account.name)
    actor = Actor(account.id, account.name, account.kind)
    renaming = [
        services.executor.execute(each, new_id(), (UpdateProfile(name=account.name),), actor) for each in projects
    ]
    for project, failed in zip(projects, await asyncio.gather(*renaming, return_exceptions=True), strict=True):
        if isinstance(failed, Refusal):
            log.warning("name not brought to a project", project=str(project), code=failed.code)
        elif isinstance(failed, BaseException):
            raise failed


async def leave_projects(services: Services, user: UUID) -> None:
    """Takes the user's name and role from every project; those that nobody else is in go to the trash. Raises `Conflict` while one needs them."""
    async with services.database.begin() as connection:
        found = await memberships.of(connection, user)
        workspaces = await memberships.workspaces_without_another_owner(connection, user)
    needed = [{"id": str(each.project), "name": each.name} for each in found if each.keeps_them]
    owned = [{"id": str(id), "name": name} for id, name in workspaces]
    if needed or owned:
        current = {"projects": needed, "workspaces": owned}
        raise Conflict("Others need you: hand over what nobody else runs, or delete it.", current=current)
    actor = Actor(user, FORMER_MEMBER)
    for each in found:
        if each.is_theirs_alone:
            await services.executor.execute(each.project, new_id(), (DeleteProject(),), actor)
        await services.executor.execute(each.project, new_id(), (ForgetUser(),), actor)
