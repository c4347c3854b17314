"""Calendars to subscribe to: made, listed and revoked by whom they belong to, and read by whoever has their secret address.

Not here: what is in them (storage.calendar_feeds), and how it is written (formats.exports.calendar).
"""

import hashlib
import secrets
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.api_tokens import SECRET_BYTES, Identity, hash_of
from server.api.contract import Contract
from server.api.services import Services
from server.domain.errors import Invalid, NotFound, TooLarge
from server.domain.ids import new_id
from server.formats.exports import calendar
from server.storage import boards, calendar_feeds
from server.storage.calendar_feeds import DatedTask, Feed

BODY_MAX = 4 * 1024
MEDIA_TYPE = "text/calendar"
PREFIX = "lsc_"
"""Tells a scanner for leaked secrets what it found."""


class WantedFeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `project_id` the feed is one's own: everything that is assigned to oneself, in all projects."""

    project_id: UUID | None = None


class MadeFeed(Feed, frozen=True, kw_only=True):
    """`url` is what a calendar subscribes to. Whoever has it reads the feed: it is told this once."""

    url: str


class Feeds(msgspec.Struct, frozen=True):
    items: list[Feed]
    next: str | None = None


CONTRACTS = {
    "GET /v1/me/calendar-feeds": Contract(
        name="list_calendar_feeds", says="Your calendar feeds, the latest first.", answers={200: Feeds}
    ),
    "POST /v1/me/calendar-feeds": Contract(
        name="create_calendar_feed",
        says="Make a calendar feed; its address is told this once.",
        takes=WantedFeed,
        answers={201: MadeFeed},
        sends=("Location",),
        refuses=(TooLarge,),
    ),
    "DELETE /v1/me/calendar-feeds/{feed}": Contract(
        name="revoke_calendar_feed", says="Revoke a calendar feed.", answers={204: None}
    ),
    "GET /v1/calendar/{secret}.ics": Contract(
        name="calendar", says="A calendar feed, for whoever has its address.", answers={200: MEDIA_TYPE}, kept=True
    ),
}


class CalendarRoutes:
    """The handlers of `/v1/me/calendar-feeds` and `/v1/calendar/…`."""

    def __init__(self, services: Services) -> None:
        self._database = services.database
        self._quotas = services.quotas
        self._url = services.settings.url

    async def list(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            return answers.json(Feeds(await calendar_feeds.of(connection, identity.actor.id)))

    async def create(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, WantedFeed, BODY_MAX)
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        async with self._database.begin() as connection:
            if wanted.project_id and not await boards.access_of(connection, wanted.project_id, identity.actor.id):
                raise Invalid.at("/project_id", "there is no such project")
            made = await calendar_feeds.create(connection, new_id(), wanted.project_id, hash_of(secret), identity.actor)
        url = f"{self._url}/v1/calendar/{secret}.ics"
        told = MadeFeed(made.id, made.project_id, made.created_at, url=url)
        return answers.json(told, 201, {"Location": f"/v1/me/calendar-feeds/{made.id}"})

    async def revoke(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            await calendar_feeds.revoke(connection, request.path_params["feed"], identity.actor)
        return answers.empty()

    async def read(self, request: Request) -> Response:
        """Counted by the feed: many people's calendars ask from the same few addresses. A secret that is none counts as a stranger's."""
        async with self._database.snapshot() as connection:
            owned = await calendar_feeds.presented(connection, hash_of(request.path_params["secret"]))
            tasks = [] if owned is None else await calendar_feeds.tasks_of(connection, owned)
        if owned is None:
            await self._quotas.anonymous(request)
            raise NotFound("There is no such calendar.")
        await self._quotas.calendar(request, owned.feed.id)
        body = b"".join((calendar.begin(owned.name), *map(self._event, tasks), calendar.end()))
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        return answers.tagged(request, etag, body, media_type=MEDIA_TYPE)

    def _event(self, task: DatedTask) -> bytes:
        return calendar.event(task, f"{self._url}/p/{task.project_id}/t/{task.id}")
