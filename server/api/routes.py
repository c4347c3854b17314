"""The whole URL map on one page, and what stands around it."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ExceptionHandler

from server.api import openapi, problems
from server.api.accounts import AccountRoutes
from server.api.attachments import AttachmentRoutes
from server.api.belongings import BelongingsRoutes
from server.api.board import BoardRoutes
from server.api.bots import BotRoutes
from server.api.bulk import BulkRoutes
from server.api.calendars import CalendarRoutes
from server.api.client import WebClient
from server.api.dependencies import DependencyRoutes
from server.api.dispatch import Handler, PrivateHandler, at, private, public
from server.api.documents import DocumentRoutes
from server.api.exports import ExportRoutes
from server.api.health import HealthRoutes
from server.api.idempotency import idempotent
from server.api.imports import ImportRoutes
from server.api.invitations import InvitationRoutes
from server.api.jobs import JobRoutes
from server.api.profile import ProfileRoutes
from server.api.projects import ProjectRoutes
from server.api.provider_sign_in import ProviderRoutes
from server.api.recovery import RecoveryRoutes
from server.api.reference import ReferencePages
from server.api.requests import Requests
from server.api.second_factor import Codes, SecondFactorRoutes
from server.api.services import Services
from server.api.statistics import StatisticsRoutes
from server.api.task_lists import TaskListRoutes
from server.api.tasks import TaskRoutes
from server.api.tokens import TokenRoutes
from server.api.workspaces import WorkspaceRoutes
from server.domain.errors import NotFound, Refusal

EXPOSED = (
    "Accept-Ranges", "Content-Disposition", "Content-Range", "ETag", "Idempotent-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID",
)  # fmt: skip
PROJECT = "/v1/projects/{project:uuid}"
TASK = PROJECT + "/tasks/{task:uuid}"
ATTACHMENT = TASK + "/attachments/{attachment:uuid}"
WORKSPACE = "/v1/workspaces/{workspace:uuid}"

Door = Callable[[PrivateHandler], Handler]


def routes(services: Services) -> list[BaseRoute]:
    """Every path. `me` needs an access token, `once` honours `Idempotency-Key` too; what has neither is open to all."""

    def me(handler: PrivateHandler) -> Handler:
        return private(services.auth, services.quotas, handler)

    def once(handler: PrivateHandler) -> Handler:
        return me(idempotent(services.answers, services.settings.frame_in_max_bytes, handler))

    health = HealthRoutes(services)
    documents = DocumentRoutes(openapi.document())
    pages = ReferencePages()
    return [
        *_accounts(services, me),
        *_access(services, me, once),
        *_projects(services, me, once),
        *_jobs(services, me, once),
        #
        at("/healthz", GET=health.healthz),
        at("/readyz", GET=health.readyz),
        at("/metrics", GET=health.metrics),
        at("/v1/openapi.json", GET=documents.openapi),
        at("/v1/asyncapi.json", GET=documents.asyncapi),
        at("/docs", GET=pages.swagger),
        at("/docs/{file}", GET=pages.file),
        at("/redoc", GET=pages.redoc),
        #
        Route("/{path:path}", WebClient(services.settings.web_dist)),  # everything else, so it stays last
    ]


def _accounts(services: Services, me: Door) -> list[BaseRoute]:
    def anybody(handler: Handler) -> Handler:
        return public(services.quotas, handler)

    profile = ProfileRoutes(services)
    recovery = RecoveryRoutes(services, profile)
    codes = Codes(services)
    second_factor = SecondFactorRoutes(services, profile, codes)
    belongings = BelongingsRoutes(services, profile, codes)
    provider = ProviderRoutes(services)
    account = AccountRoutes(services, recovery, codes)
    calendar = CalendarRoutes(services)
    return [
        at("/v1/auth/register", POST=anybody(account.register)),
        at("/v1/auth/login", POST=anybody(account.login)),
        at("/v1/auth/refresh", POST=account.refresh),
        at("/v1/auth/logout", POST=anybody(account.logout)),
        at("/v1/auth/password-reset", POST=anybody(recovery.ask)),
        at("/v1/auth/password-reset/confirm", POST=anybody(recovery.reset)),
        at("/v1/auth/verify-email", POST=anybody(recovery.verify)),
        at("/v1/auth/methods", GET=anybody(provider.methods)),
        at("/v1/auth/oidc", GET=anybody(provider.begin), POST=anybody(provider.begin_here)),
        at("/v1/auth/oidc/callback", GET=anybody(provider.finish)),
        at("/v1/me", GET=me(profile.me), PATCH=me(profile.update)),
        at("/v1/me/password", POST=me(profile.set_password)),
        at("/v1/me/email", POST=me(recovery.change_email)),
        at("/v1/me/email/verification", POST=me(recovery.verify_again)),
        at("/v1/me/second-factor", POST=me(second_factor.propose)),
        at("/v1/me/second-factor/confirm", POST=me(second_factor.confirm)),
        at("/v1/me/second-factor/recovery-codes", POST=me(second_factor.renew)),
        at("/v1/me/second-factor/remove", POST=me(second_factor.remove)),
        at("/v1/me/avatar", PUT=me(belongings.set_avatar), DELETE=me(belongings.remove_avatar)),
        at("/v1/avatars/{avatar:uuid}", GET=belongings.avatar),
        at("/v1/me/calendar-feeds", GET=me(calendar.list), POST=me(calendar.create)),
        at("/v1/me/calendar-feeds/{feed:uuid}", DELETE=me(calendar.revoke)),
        at("/v1/calendar/{secret}.ics", GET=calendar.read),
        at("/v1/me/data", GET=me(belongings.data)),
        at("/v1/me/delete", POST=me(belongings.delete)),
        at("/v1/me/sign-ins", GET=me(profile.sign_ins), DELETE=me(profile.end_other_sign_ins)),
        at("/v1/me/sign-ins/{sign_in:uuid}", DELETE=me(profile.end_sign_in)),
    ]


def _access(services: Services, me: Door, once: Door) -> list[BaseRoute]:
    token, workspace, bot = TokenRoutes(services), WorkspaceRoutes(services), BotRoutes(services)
    invitation = InvitationRoutes(services)
    return [
        at("/v1/tokens", GET=me(token.list), POST=me(token.create)),
        at("/v1/tokens/{token:uuid}", DELETE=me(token.revoke)),
        #
        at("/v1/workspaces", GET=me(workspace.list), POST=once(workspace.create)),
        at(WORKSPACE, GET=me(workspace.get), PATCH=me(workspace.rename), DELETE=me(workspace.delete)),
        at(WORKSPACE + "/transfer", POST=once(workspace.transfer)),
        at(WORKSPACE + "/projects", GET=me(workspace.projects)),
        at(WORKSPACE + "/members", GET=me(workspace.members)),
        at(WORKSPACE + "/members/{member:uuid}", PATCH=me(workspace.set_role), DELETE=me(workspace.remove)),
        at(WORKSPACE + "/bots", POST=once(bot.create)),
        at(WORKSPACE + "/bots/{bot:uuid}/tokens", GET=me(bot.tokens), POST=me(bot.create_token)),
        at(WORKSPACE + "/audit", GET=me(workspace.audit)),
        #
        at(WORKSPACE + "/invitations", GET=me(invitation.list_of_workspace), POST=me(invitation.invite_to_workspace)),
        at(PROJECT + "/invitations", GET=me(invitation.list_of_project), POST=me(invitation.invite_to_project)),
        at("/v1/invitations/show", POST=public(services.quotas, invitation.show)),
        at("/v1/invitations/accept", POST=me(invitation.accept)),
        at("/v1/invitations/{invitation:uuid}", DELETE=me(invitation.revoke)),
    ]


def _projects(services: Services, me: Door, once: Door) -> list[BaseRoute]:
    project = ProjectRoutes(services)
    board = BoardRoutes(services)
    task = TaskRoutes(services)
    lists = TaskListRoutes(services)
    attachment = AttachmentRoutes(services)
    bulk = BulkRoutes(services)
    dependency = DependencyRoutes(services)
    return [
        at("/v1/projects", GET=me(project.list), POST=once(project.create)),
        at(PROJECT, GET=me(project.get), DELETE=me(project.delete)),
        at(PROJECT + "/restore", POST=once(project.restore)),
        at(PROJECT + "/join", POST=once(project.join)),
        at(PROJECT + "/snapshot", GET=me(board.snapshot)),
        at(PROJECT + "/avatars", GET=me(board.avatars)),
        at(PROJECT + "/stats", GET=me(StatisticsRoutes(services).get)),
        at(PROJECT + "/changes", GET=me(board.changes)),
        at(PROJECT + "/export", GET=me(ExportRoutes(services).export)),
        at(PROJECT + "/commands", POST=once(board.submit)),
        at("/v1/tasks", GET=me(lists.of_all)),
        at(PROJECT + "/tasks", GET=me(lists.of_project), POST=once(task.create)),
        at(PROJECT + "/tasks/bulk", POST=me(bulk.bulk)),
        at(TASK, GET=me(task.get), PATCH=me(task.edit), PUT=me(task.replace), DELETE=me(task.delete)),
        at(TASK + "/restore", POST=once(task.restore)),
        at(
            TASK + "/dependencies",
            GET=me(dependency.tree),
            POST=once(dependency.add),
            DELETE=me(dependency.remove_on),
        ),
        at(TASK + "/dependencies/{dependency:uuid}", DELETE=me(dependency.remove)),
        at(TASK + "/activity", GET=me(board.activity)),
        at(TASK + "/attachments", GET=me(attachment.list), POST=me(attachment.create)),
        at(ATTACHMENT, GET=me(attachment.get), DELETE=me(attachment.delete)),
        at(ATTACHMENT + "/content", GET=me(attachment.content)),
    ]


def _jobs(services: Services, me: Door, once: Door) -> list[BaseRoute]:
    job = JobRoutes(services)
    imports = ImportRoutes(services)
    return [
        at(PROJECT + "/imports", POST=me(imports.create)),
        at(PROJECT + "/imports/{job:uuid}/start", POST=once(imports.start)),
        at(PROJECT + "/imports/{job:uuid}/undo", POST=once(imports.undo)),
        at(PROJECT + "/jobs", GET=me(job.list)),
        at("/v1/jobs/{job:uuid}", GET=me(job.get), DELETE=me(job.cancel)),
    ]


def middleware(services: Services) -> list[Middleware]:
    """Around every request, outermost first."""
    return [
        Middleware(Requests, telemetry=services.telemetry, secure=services.settings.url.startswith("https://")),
        Middleware(
            CORSMiddleware,
            allow_origins=services.settings.allowed_origins,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Range"),
            allow_credentials=True,
            expose_headers=EXPOSED,
        ),
    ]


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return problems.answer(request, refusal)


async def _not_routed(request: Request, _: Exception) -> Response:
    """For request targets without a path, such as `OPTIONS *`."""
    return problems.answer(request, NotFound("There is nothing at this path."))


EXCEPTION_HANDLERS: Mapping[Any, ExceptionHandler] = {Refusal: _refused, 404: _not_routed}
