"""Who may use which route: one literal table, enforced at the door. What needs a role is asked again where it is done.

Not here: the least role of every command (domain.roles), and what a token is (auth).
"""

from typing import Literal, NamedTuple, cast
from uuid import UUID

from starlette.requests import Request

from server.api.api_tokens import Identity
from server.domain.errors import Forbidden, NotFound
from server.domain.reach import Scope
from server.domain.records import Role
from server.domain.roles import WorkspaceRole


class Rule(NamedTuple):
    """`where` says what the route is about: anybody, one's own account, a project, or a workspace in which one needs the least `role`.

    `scope` is what an API token needs; None: no API token will do, somebody must be signed in.
    """

    where: Literal["anybody", "account", "project", "workspace"]
    role: Role | WorkspaceRole | None = None
    scope: Scope | None = None


ANYBODY = Rule("anybody")
IN_PERSON = Rule("account")


RULES: dict[str, Rule] = {
    "POST /v1/auth/register": ANYBODY,
    "POST /v1/auth/login": ANYBODY,
    "POST /v1/auth/refresh": ANYBODY,
    "POST /v1/auth/logout": ANYBODY,
    "POST /v1/auth/password-reset": ANYBODY,
    "POST /v1/auth/password-reset/confirm": ANYBODY,
    "POST /v1/auth/verify-email": ANYBODY,
    "GET /v1/auth/methods": ANYBODY,
    "GET /v1/auth/oidc": ANYBODY,
    "POST /v1/auth/oidc": ANYBODY,
    "GET /v1/auth/oidc/callback": ANYBODY,
    "GET /v1/me": Rule("account", scope="read"),
    "PATCH /v1/me": IN_PERSON,
    "POST /v1/me/password": IN_PERSON,
    "POST /v1/me/email": IN_PERSON,
    "POST /v1/me/email/verification": IN_PERSON,
    "POST /v1/me/second-factor": IN_PERSON,
    "POST /v1/me/second-factor/confirm": IN_PERSON,
    "POST /v1/me/second-factor/recovery-codes": IN_PERSON,
    "POST /v1/me/second-factor/remove": IN_PERSON,
    "PUT /v1/me/avatar": IN_PERSON,
    "DELETE /v1/me/avatar": IN_PERSON,
    "GET /v1/avatars/{avatar}": ANYBODY,
    "GET /v1/me/calendar-feeds": IN_PERSON,
    "POST /v1/me/calendar-feeds": IN_PERSON,
    "DELETE /v1/me/calendar-feeds/{feed}": IN_PERSON,
    "GET /v1/calendar/{secret}.ics": ANYBODY,  # who has the secret
    "GET /v1/me/data": IN_PERSON,
    "POST /v1/me/delete": IN_PERSON,
    "GET /v1/me/sign-ins": IN_PERSON,
    "DELETE /v1/me/sign-ins": IN_PERSON,
    "DELETE /v1/me/sign-ins/{sign_in}": IN_PERSON,
    "GET /v1/tokens": IN_PERSON,
    "POST /v1/tokens": IN_PERSON,
    "DELETE /v1/tokens/{token}": IN_PERSON,
    #
    "GET /v1/projects": Rule("account", scope="read"),
    "POST /v1/projects": Rule("account", scope="admin"),  # as a member of the workspace that it goes into
    "POST /v1/projects/{project}/join": Rule(
        "project", scope="admin"
    ),  # by one's role in its workspace: roles.JOINS_AS
    "GET /v1/projects/{project}": Rule("project", "viewer", "read"),
    "DELETE /v1/projects/{project}": Rule("project", "admin", "admin"),
    "POST /v1/projects/{project}/restore": Rule("project", "admin", "admin"),
    "GET /v1/projects/{project}/snapshot": Rule("project", "viewer", "read"),
    "GET /v1/projects/{project}/avatars": Rule("project", "viewer", "read"),
    "GET /v1/projects/{project}/stats": Rule("project", "viewer", "read"),
    "GET /v1/projects/{project}/changes": Rule("project", "viewer", "read"),
    "GET /v1/projects/{project}/export": Rule("project", "viewer", "read"),
    "POST /v1/projects/{project}/commands": Rule("project", "viewer", "write"),  # each command has its own least role
    "GET /v1/tasks": Rule("account", scope="read"),  # of the projects that it may see
    "GET /v1/projects/{project}/tasks": Rule("project", "viewer", "read"),
    "POST /v1/projects/{project}/tasks": Rule("project", "editor", "write"),
    "POST /v1/projects/{project}/tasks/bulk": Rule("project", "editor", "write"),
    "GET /v1/projects/{project}/tasks/{task}": Rule("project", "viewer", "read"),
    "PATCH /v1/projects/{project}/tasks/{task}": Rule("project", "editor", "write"),
    "PUT /v1/projects/{project}/tasks/{task}": Rule("project", "editor", "write"),
    "DELETE /v1/projects/{project}/tasks/{task}": Rule("project", "editor", "write"),
    "POST /v1/projects/{project}/tasks/{task}/restore": Rule("project", "editor", "write"),
    "GET /v1/projects/{project}/tasks/{task}/dependencies": Rule("project", "viewer", "read"),
    "POST /v1/projects/{project}/tasks/{task}/dependencies": Rule("project", "editor", "write"),
    "DELETE /v1/projects/{project}/tasks/{task}/dependencies": Rule("project", "editor", "write"),
    "DELETE /v1/projects/{project}/tasks/{task}/dependencies/{dependency}": Rule("project", "editor", "write"),
    "GET /v1/projects/{project}/tasks/{task}/activity": Rule("project", "viewer", "read"),
    "GET /v1/projects/{project}/tasks/{task}/attachments": Rule("project", "viewer", "read"),
    "POST /v1/projects/{project}/tasks/{task}/attachments": Rule("project", "editor", "write"),
    "GET /v1/projects/{project}/tasks/{task}/attachments/{attachment}": Rule("project", "viewer", "read"),
    "DELETE /v1/projects/{project}/tasks/{task}/attachments/{attachment}": Rule("project", "editor", "write"),
    "GET /v1/projects/{project}/tasks/{task}/attachments/{attachment}/content": Rule("project", "viewer", "read"),
    "POST /v1/projects/{project}/imports": Rule("project", "admin", "admin"),
    "POST /v1/projects/{project}/imports/{job}/start": Rule("project", "admin", "admin"),
    "POST /v1/projects/{project}/imports/{job}/undo": Rule("project", "admin", "admin"),
    "GET /v1/projects/{project}/jobs": Rule("project", "viewer", "read"),  # others' only to an admin
    "GET /v1/jobs/{job}": Rule("account", scope="read"),  # one's own, or as an admin of its project
    "DELETE /v1/jobs/{job}": Rule("account", scope="write"),
    #
    "GET /v1/workspaces": Rule("account", scope="read"),
    "POST /v1/workspaces": Rule("account", scope="admin"),
    "GET /v1/workspaces/{workspace}": Rule("workspace", "guest", "read"),
    "PATCH /v1/workspaces/{workspace}": Rule("workspace", "admin", "admin"),
    "DELETE /v1/workspaces/{workspace}": Rule("workspace", "owner", "admin"),
    "POST /v1/workspaces/{workspace}/transfer": Rule("workspace", "owner", "admin"),
    "GET /v1/workspaces/{workspace}/projects": Rule("workspace", "guest", "read"),
    "GET /v1/workspaces/{workspace}/members": Rule("workspace", "member", "read"),
    "PATCH /v1/workspaces/{workspace}/members/{member}": Rule("workspace", "admin", "admin"),
    "DELETE /v1/workspaces/{workspace}/members/{member}": Rule(
        "workspace", "guest", "admin"
    ),  # oneself; an admin others
    "POST /v1/workspaces/{workspace}/bots": Rule("workspace", "admin", "admin"),
    "GET /v1/workspaces/{workspace}/bots/{bot}/tokens": Rule("workspace", "admin"),
    "POST /v1/workspaces/{workspace}/bots/{bot}/tokens": Rule("workspace", "admin"),
    "GET /v1/workspaces/{workspace}/invitations": Rule("workspace", "admin", "admin"),
    "POST /v1/workspaces/{workspace}/invitations": Rule("workspace", "admin"),
    "GET /v1/projects/{project}/invitations": Rule("project", "admin", "admin"),
    "POST /v1/projects/{project}/invitations": Rule("project", "admin"),
    "DELETE /v1/invitations/{invitation}": IN_PERSON,
    "POST /v1/invitations/show": ANYBODY,
    "POST /v1/invitations/accept": IN_PERSON,
    "GET /v1/workspaces/{workspace}/audit": Rule("workspace", "admin", "admin"),
    #
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /metrics": ANYBODY,  # with LOCKSTEP_METRICS_TOKEN set, whoever has it
    "GET /v1/openapi.json": ANYBODY,
    "GET /v1/asyncapi.json": ANYBODY,
    "GET /docs": ANYBODY,
    "GET /docs/{file}": ANYBODY,
    "GET /redoc": ANYBODY,
}
"""By method and path. A route without a row does not start."""


def require(request: Request, identity: Identity) -> None:
    """What can be said at the door. Raises `NotFound` for a project beyond the token's reach, `Forbidden` for what its scope is too small for."""
    rule: Rule = request.scope["rule"]
    reach = identity.reach
    project: UUID | None = request.path_params.get("project")
    if project is not None and not reach.covers(project):
        raise NotFound("There is no such project.")
    if rule.scope is None and not reach.in_person:
        raise Forbidden("An API token may not do this: sign in.")
    if rule.scope is not None and not reach.allows(rule.scope):
        raise Forbidden(f"This takes a token with the scope {rule.scope}.")
    if reach.projects is not None and project is None and (rule.where, rule.scope) != ("account", "read"):
        raise Forbidden("This token is for some projects only.")


def least(request: Request) -> WorkspaceRole:
    """The role that the request's route needs in its workspace."""
    rule: Rule = request.scope["rule"]
    assert rule.where == "workspace"
    return cast(WorkspaceRole, rule.role)
