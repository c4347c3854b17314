"""What becomes of somebody's memberships when their account changes. Not here: the account itself (profile, farewell)."""

import asyncio

import structlog

from server.api.services import Services
from server.domain.changes import Actor
from server.domain.commands import UpdateProfile
from server.domain.errors import Refusal
from server.domain.ids import new_id
from server.storage import memberships
from server.storage.accounts import Account

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
