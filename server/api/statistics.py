"""A project's numbers over REST. Not here: how they are counted (storage), and who is sent them (realtime.statistics)."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers
from server.api.api_tokens import Identity
from server.api.board import require_member
from server.api.contract import Contract
from server.api.services import Services
from server.domain.errors import NotFound
from server.domain.statistics import Statistics

CONTRACTS = {
    "GET /v1/projects/{project}/stats": Contract(
        name="statistics",
        says="How many tasks there are, by status, priority and person, and how many were completed of late.",
        answers={200: Statistics},
        kept=True,
    ),
}


class StatisticsRoutes:
    """The handler of `/v1/projects/{project}/stats`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def get(self, request: Request, identity: Identity) -> Response:
        project: UUID = request.path_params["project"]
        async with self._services.database.statement() as connection:
            access = await require_member(connection, project, identity)
        counted = await self._services.counts.get(project, access.at, datetime.now(UTC))
        if counted is None:
            raise NotFound("There is no such project.")
        statistics = counted.statistics
        return answers.tagged(request, answers.tag_of(statistics), msgspec.json.encode(statistics))
