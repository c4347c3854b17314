"""How this process and what it stands on are doing: for load balancers, for people, for Prometheus."""

import asyncio
import hmac
from importlib.metadata import version
from typing import Literal

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers
from server.api.auth import bearer
from server.api.contract import Contract
from server.api.problems import TokenInvalid
from server.api.services import Services
from server.storage import schema
from server.telemetry import METRICS_TYPE

TIMEOUT_SECONDS = 2.0

log = structlog.get_logger(__name__)

Status = Literal["ok", "degraded", "unavailable"]


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """`detail` is one sentence when it is not well."""

    ok: bool
    detail: str = ""


class Readiness(msgspec.Struct, frozen=True):
    """`degraded` still serves every board; `unavailable` serves none."""

    status: Status
    version: str
    checks: dict[str, Check]


class Health(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


CONTRACTS = {
    "GET /healthz": Contract(name="healthz", says="Does the process answer.", answers={200: Health}, counted=False),
    "GET /readyz": Contract(
        name="readyz",
        says="Does what it stands on answer.",
        answers={200: Readiness, 503: Readiness},
        counted=False,
    ),
    "GET /metrics": Contract(
        name="metrics",
        says="For Prometheus.",
        answers={200: "text/plain"},
        refuses=(TokenInvalid,),
        counted=False,
    ),
}


class HealthRoutes:
    """The handlers of `/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._version = version("lockstep")
        self._expected_head = schema.expected_head()

    async def healthz(self, request: Request) -> Response:
        return answers.json(Health())

    async def readyz(self, request: Request) -> Response:
        if self._services.sessions.draining:
            going = {"process": Check(False, "This process goes down.")}
            return answers.json(Readiness("unavailable", self._version, going), 503)
        database, rest = await asyncio.gather(self._database(), self._around())
        checks = {"database": database, **rest}
        well = all(check.ok for check in checks.values())
        status: Status = "unavailable" if not database.ok else "ok" if well else "degraded"
        return answers.json(Readiness(status, self._version, checks), 503 if status == "unavailable" else 200)

    async def metrics(self, request: Request) -> Response:
        token = self._services.settings.metrics_token
        if token is not None and not hmac.compare_digest((bearer(request) or "").encode(), token.encode()):
            raise TokenInvalid("Metrics need their own token here.")
        return Response(self._services.telemetry.text(), headers={"Content-Type": METRICS_TYPE})

    async def _database(self) -> Check:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                head = await schema.current_head(self._services.database)
        except Exception as error:
            log.warning("database not ready", error=repr(error))
            return Check(False, "The database does not answer.")
        if head != self._expected_head:
            return Check(False, f"The database is at migration {head}, this server needs {self._expected_head}.")
        return Check(True)

    async def _around(self) -> dict[str, Check]:
        """What may fail while boards still work. Without Redis there is nothing of it."""
        if self._services.heartbeats is None:
            return {}
        try:
            alive = await self._services.heartbeats.alive()
        except Exception as error:
            log.warning("redis not ready", error=repr(error))
            return {"redis": Check(False, "Redis does not answer: others' edits arrive up to 2 s late.")}
        beats = {name: Check(ok, "" if ok else f"No {name} has been seen lately.") for name, ok in alive.items()}
        return {"redis": Check(True), **beats}
