"""Every operation of the OpenAPI document against a real server, with good and bad requests made from its schemas, by everybody.

No answer is a 5xx, none has a status, a header, a media type or a body that the document does not tell of, and nothing that it forbids is taken.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.strategies import SearchStrategy
from requests import Request
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import case as generated
from schemathesis.openapi import from_dict
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.api import bulk, openapi
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.people import Person, Server

Operation = APIOperation[Any, Any, Any, Any]
Case = generated.Case[Any]
Headers = dict[str, str]

OPERATIONS: list[Operation] = [
    each.ok()
    for each in from_dict(msgspec.json.decode(openapi.document())).get_all_operations()
    if isinstance(each, Ok)
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@schemathesis.serializer(*bulk.MEDIA_TYPES)
def ndjson(_: object, value: object) -> bytes:
    """One line, whatever it says."""
    return value if isinstance(value, bytes) else msgspec.json.encode(value) + b"\n"


LAST = ["DELETE /v1/workspaces/{workspace}/members/{member}", "DELETE /v1/projects/{project}"]
"""What takes from the others what they are tried on."""

SAME_EVERY_TIME = hypothesis_settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Scene:
    """A project in a workspace, by the names of their places in paths, and everybody who asks, by the headers that they send."""

    url: str
    places: dict[str, str]
    everybody: dict[str, Headers]


@pytest.fixture
async def scene(settings: Settings) -> AsyncIterator[Scene]:
    async with serving(msgspec.structs.replace(settings, rate_limits=False)) as server:
        yield await planted(server)


async def planted(server: Server) -> Scene:
    ann, ben, eve = [await server.sign_up(name) for name in ("Ann", "Ben", "Eve")]
    workspace = await made(ann, "/v1/workspaces", name="Allotment")
    project = await made(ann, "/v1/projects", name="Garden", workspace_id=workspace["id"])
    bot = await made(ann, f"/v1/workspaces/{workspace['id']}/bots", name="Robbie")
    script = await made(ann, "/v1/tokens", name="Script", scopes=["admin"])
    await ann.let_in(ben, project["id"], "viewer")
    column = (await ann.snapshot(project["id"]))["columns"][0]["id"]
    task = "0190a3b0-0000-7000-8000-000000000001"
    commands = [{"type": "create_task", "id": task, "column_id": column, "title": "Dig"}]
    await made(ann, f"/v1/projects/{project['id']}/commands", commands=commands)
    places = {"workspace": workspace, "project": project, "bot": bot, "member": bot, "task": {"id": task}}
    tokens = {"admin": ann.token, "viewer": ben.token, "stranger": eve.token, "script": script["token"]}
    bearers = {who: {"Authorization": f"Bearer {token}"} for who, token in tokens.items()}
    return Scene(server.url, {name: one["id"] for name, one in places.items()}, {"nobody": {}, **bearers})


async def made(person: Person, path: str, **body: object) -> Any:
    answer = await person.rest("POST", path, json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("section", openapi.SECTIONS)
async def test_every_operation_keeps_to_the_document_whoever_asks_for_whatever(scene: Scene, section: str) -> None:
    operations = [each for each in OPERATIONS if section in (each.tags or ())]
    async with httpx.AsyncClient(base_url=scene.url) as http:
        for operation in sorted(operations, key=lambda each: each.label in LAST):
            for case, headers in requests_to(operation, scene):
                http.cookies.clear()
                case.validate_response(await sent(http, case, headers), checks=CHECKS)


def requests_to(operation: Operation, scene: Scene) -> Iterator[tuple[Case, Headers]]:
    """Good requests about what is there from everybody, then bad ones from who gets furthest."""
    places = {name: id for name, id in scene.places.items() if f"{{{name}}}" in operation.path}
    for case in cases(operation.as_strategy(GenerationMode.POSITIVE, path_parameters=places or None)):
        yield from ((case, headers) for headers in scene.everybody.values())
    if operation.body or operation.query or operation.path_parameters:
        for case in cases(operation.as_strategy(GenerationMode.NEGATIVE)):
            yield case, scene.everybody["admin"]


def cases(strategy: SearchStrategy[Case]) -> list[Case]:
    found: list[Case] = []

    @SAME_EVERY_TIME
    @given(strategy)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


async def sent(http: httpx.AsyncClient, case: Case, headers: Headers) -> httpx.Response:
    wanted = Request(**case.as_transport_kwargs(str(http.base_url), headers)).prepare()
    given = {str(name): str(value) for name, value in wanted.headers.items()}
    told = {name.encode(): value.strip().encode("latin-1", "replace") for name, value in given.items()}
    body: Any = wanted.body
    return await http.request(str(wanted.method), str(wanted.url), headers=told, content=body)
