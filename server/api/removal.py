"""What becomes of somebody's projects when they go out of a workspace. Not here: the workspace itself (storage.workspaces)."""

from uuid import UUID

from server.commands.executor import Executor
from server.domain.changes import Actor
from server.domain.commands import AddMember, Command, RemoveMember, SetMemberRole
from server.domain.errors import Conflict, NotFound
from server.domain.ids import new_id
from server.domain.reach import FOR_WORKSPACE


async def remove_from(executor: Executor, projects: list[UUID], user: UUID, by: Actor) -> None:
    """Removes the user from each project, the last admin too: then whoever removes them is its admin from there on."""
    for project in projects:
        for commands in _ways(user, by):
            try:
                await executor.execute(project, new_id(), commands, by, FOR_WORKSPACE)
            except NotFound:
                break  # they left by themselves
            except Conflict:
                continue  # they are the last admin, or `by` is a member already
            break


def _ways(user: UUID, by: Actor) -> tuple[tuple[Command, ...], ...]:
    gone = RemoveMember(id=user)
    if user == by.id:
        return ((gone,),)
    return (gone,), (AddMember(user_id=by.id, role="admin"), gone), (SetMemberRole(id=by.id, role="admin"), gone)
