"""Holds every answer that a test receives to the OpenAPI document: its status, its media type, the code of a refusal."""

import re
from typing import Any

import httpx
import msgspec

from server.api import openapi

_DOCUMENT: dict[str, Any] = msgspec.json.decode(openapi.document())
_OPERATIONS = [
    (re.compile(re.sub(r"{\w+}", "[^/]+", path)), {method.upper(): told for method, told in item.items()})
    for path, item in _DOCUMENT["paths"].items()
]


async def documented(answer: httpx.Response) -> None:
    """A response hook of httpx. Methods that a path does not have are no operations."""
    for path, item in _OPERATIONS:
        if path.fullmatch(answer.request.url.path) and (operation := item.get(answer.request.method)):
            _require(f"{answer.request.method} {answer.request.url.path}", operation, answer)
            if answer.headers.get("content-type") == "application/problem+json":
                await answer.aread()
                codes = _codes(operation["responses"][str(answer.status_code)])
                assert answer.json()["code"] in codes, (str(answer.request.url), answer.json()["code"], codes)


def _require(what: str, operation: dict[str, Any], answer: httpx.Response) -> None:
    told = operation["responses"].get(str(answer.status_code))
    assert told is not None, f"{what} answers {answer.status_code}, which is not in its contract"
    if "$ref" not in told and answer.status_code != 304:
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        assert media_type in told.get("content", {"": None}), f"{what} answers {media_type}"


def _codes(told: dict[str, Any]) -> list[str]:
    if "$ref" not in told:
        return []
    response = _DOCUMENT["components"]["responses"][told["$ref"].rpartition("/")[2]]
    codes: list[str] = response["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"][
        "enum"
    ]
    return codes
