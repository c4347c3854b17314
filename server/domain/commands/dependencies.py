"""Commands on dependencies."""

from uuid import UUID

from server.domain.commands.fields import Intent


class AddDependency(Intent, frozen=True, kw_only=True):
    id: UUID
    task_id: UUID
    depends_on_id: UUID


class RemoveDependency(Intent, frozen=True, kw_only=True):
    id: UUID
