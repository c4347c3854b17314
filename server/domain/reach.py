"""How far credentials reach: an API token may open less than its account does. Not here: what a role allows (roles)."""

from typing import Literal
from uuid import UUID

import msgspec

from server.domain.records import Role
from server.domain.roles import ORDER

Scope = Literal["read", "write", "admin"]

SCOPES: dict[Scope, int] = {"read": 0, "write": 1, "admin": 2}
"""Each holds the ones before it."""

HIGHEST: dict[Scope, Role] = {"read": "viewer", "write": "editor", "admin": "admin"}
"""What an account's role in a project comes to at most, behind a token of this scope."""


class Reach(msgspec.Struct, frozen=True):
    """What a caller's credentials leave of what their account may do.

    `in_person`: somebody is signed in, this is no API token. `projects`: no others exist for this caller. `for_workspace`: the server acts
    for the owners of the project's workspace, who need not be in it.
    """

    scope: Scope = "admin"
    projects: frozenset[UUID] | None = None
    in_person: bool = False
    for_workspace: bool = False

    def allows(self, least: Scope) -> bool:
        return SCOPES[self.scope] >= SCOPES[least]

    def covers(self, project: UUID) -> bool:
        """Whether the project exists for this caller, if they are its member."""
        return self.projects is None or project in self.projects

    def role(self, project: UUID, own: Role | None) -> Role | None:
        """What the account's `own` role in the project comes to."""
        if self.for_workspace:
            return "admin"
        if own is None or not self.covers(project):
            return None
        return min(own, HIGHEST[self.scope], key=ORDER.__getitem__)


IN_PERSON = Reach(in_person=True)
FOR_WORKSPACE = Reach(for_workspace=True)
