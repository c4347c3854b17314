"""The OpenAPI document is fresh, valid and whole, and tells of REST as it is. That answers keep to it: test_schemathesis, and `documented` everywhere."""

import re
from pathlib import Path
from typing import Any

import httpx
import msgspec
from schemathesis.openapi import from_dict

from server.api import openapi
from server.api.access import RULES
from server.api.idempotency import KEY_MAX
from server.api.problems import STATUSES
from tests.api.people import Person

ROOT = Path(__file__).parents[2]
PRINTED = openapi.document()
DOCUMENT: dict[str, Any] = msgspec.json.decode(PRINTED)
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}


def test_the_document_is_fresh() -> None:
    assert (ROOT / "docs" / "openapi.json").read_bytes() == PRINTED, (
        "run: python -m server.api.openapi > docs/openapi.json"
    )


def test_the_document_is_valid() -> None:
    from_dict(DOCUMENT).validate()


def test_every_route_is_there_under_a_name_of_its_own() -> None:
    assert OPERATIONS.keys() == RULES.keys()
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert len(found) > 500
    assert [each for each in found if resolve(each) is None] == []


def test_whoever_must_sign_in_is_told_so_and_whoever_needs_a_role_of_which() -> None:
    for route, rule in RULES.items():
        operation = OPERATIONS[route]
        assert ("access_token" in names_of(operation["security"])) == (rule.where != "anybody"), route
        assert ("api_token" in names_of(operation["security"])) == (rule.scope is not None), route
        assert operation.get("x-least-role") == (None if rule.role is None else {rule.where: rule.role}), route


def names_of(security: list[dict[str, Any]]) -> set[str]:
    return {name for each in security for name in each}


def test_every_problem_that_is_told_of_has_the_status_of_its_codes() -> None:
    statuses = {refusal.code: status.status for refusal, status in STATUSES.items()}
    told: set[str] = set()
    for operation in OPERATIONS.values():
        for status, response in operation["responses"].items():
            if "$ref" in response:
                narrowed = resolve(response["$ref"])["content"]["application/problem+json"]["schema"]["allOf"][1]
                codes = narrowed["properties"]["code"]["enum"]
                assert {statuses[code] for code in codes} == {int(status)}
                told.update(codes)
    assert set(statuses) - told == {"method_not_allowed"}  # of what is no operation


def test_no_route_takes_a_field_that_it_does_not_name() -> None:
    """Mass assignment: what is in no struct is refused, in each command as well. The form of OAuth2 may have more, which changes nothing."""
    schemas = DOCUMENT["components"]["schemas"]
    bodies = [each["requestBody"]["content"] for each in OPERATIONS.values() if "requestBody" in each]
    sent = {
        last(body["application/json"]["schema"]["$ref"])
        for body in bodies
        if "schema" in body.get("application/json", {})
    }
    commands = {last(each["$ref"]) for each in schemas["Submission"]["properties"]["commands"]["items"]["anyOf"]}
    assert len(sent) > 15 and len(commands) > 30
    assert [name for name in sent | commands if schemas[name].get("additionalProperties") is not False] == []


def last(reference: str) -> str:
    return reference.rpartition("/")[2]


async def test_who_honours_an_idempotency_key_says_so(ann: Person) -> None:
    """One that is too long is refused by those that read it at all."""
    for route, contract in openapi.CONTRACTS.items():
        method, path = route.split()
        if method == "POST" and path not in ("/v1/auth/logout", "/v1/me/delete"):
            target = re.sub(r"{\w+}", "0190a3b0-0000-7000-8000-000000000001", path)
            answer = await ann.post(target, json={}, headers={"Idempotency-Key": "k" * (KEY_MAX + 1)})
            assert ("Idempotency-Key" in answer.text) == contract.once, route


WITHOUT_A_KEY = {
    "/v1/auth/": "of nobody yet, so no key is theirs",
    "/v1/me/": "with a password or a code, which are not kept; a repeat finds what it wanted done",
    "/v1/tokens": "a secret that is told once is not kept to be told again",
    "/v1/workspaces/{workspace}/bots/{bot}/tokens": "likewise",
    "/v1/workspaces/{workspace}/invitations": "likewise",
    "/v1/projects/{project}/invitations": "likewise",
    "/v1/invitations/": "whoever is in already stays in",
}
"""Where paths of a POST begin that honours no key, and why."""


def test_every_other_post_honours_an_idempotency_key() -> None:
    for route, contract in openapi.CONTRACTS.items():
        method, path = route.split()
        if method == "POST":
            assert (contract.once or contract.keyed) != any(path.startswith(each) for each in WITHOUT_A_KEY), route


async def test_anybody_may_read_it(client: httpx.AsyncClient) -> None:
    first = await client.get("/v1/openapi.json")
    assert (first.status_code, first.content) == (200, PRINTED)
    assert first.headers["content-type"] == "application/json"
    assert first.headers["content-encoding"] == "gzip"
    again = await client.get("/v1/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def references(part: Any) -> list[str]:
    match part:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [each for value in part.values() for each in references(value)]
        case list():
            return [each for value in part for each in references(value)]
        case _:
            return []


def resolve(reference: str) -> Any:
    found: Any = DOCUMENT
    for name in reference.removeprefix("#/").split("/"):
        found = found.get(name) if found else None
    return found
