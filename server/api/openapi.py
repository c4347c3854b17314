"""REST as an OpenAPI 3.1 document, put together from the contracts, the rules and the structs: `python -m server.api.openapi` prints docs/openapi.json.

Not here: what a route says of itself (the contracts beside the handlers), and the socket (protocol.asyncapi).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from server.api import (
    accounts,
    attachments,
    belongings,
    board,
    bots,
    bulk,
    calendars,
    dependencies,
    documents,
    exports,
    health,
    imports,
    invitations,
    jobs,
    profile,
    projects,
    provider_sign_in,
    recovery,
    reference,
    second_factor,
    statistics,
    task_lists,
    tasks,
    tokens,
    workspaces,
)
from server.api.access import RULES, Rule
from server.api.contract import Contract, refusals
from server.api.idempotency import KEY_MAX
from server.api.problems import STATUSES, Problem
from server.api.sign_ins import COOKIE
from server.domain.errors import Refusal
from server.protocol import schemas

VERSION = "1"

SECTIONS: dict[str, tuple[Mapping[str, Contract], ...]] = {
    "Signing in": (accounts.CONTRACTS, provider_sign_in.CONTRACTS, recovery.CONTRACTS),
    "Account": (profile.CONTRACTS, second_factor.CONTRACTS, belongings.CONTRACTS),
    "Calendars": (calendars.CONTRACTS,),
    "API tokens": (tokens.CONTRACTS,),
    "Workspaces": (workspaces.CONTRACTS, bots.CONTRACTS),
    "Invitations": (invitations.CONTRACTS,),
    "Projects": (projects.CONTRACTS,),
    "Boards": (board.CONTRACTS, statistics.CONTRACTS, exports.CONTRACTS),
    "Imports and jobs": (imports.CONTRACTS, jobs.CONTRACTS),
    "Tasks": (task_lists.CONTRACTS, tasks.CONTRACTS, dependencies.CONTRACTS, bulk.CONTRACTS),
    "Attachments": (attachments.CONTRACTS,),
    "Server": (health.CONTRACTS, documents.CONTRACTS, reference.CONTRACTS),
}

CONTRACTS: dict[str, Contract] = {
    route: contract for tables in SECTIONS.values() for table in tables for route, contract in table.items()
}
"""Of every route, by method and path."""

_DESCRIPTION = """\
What programs need that do not stay connected. docs/rest.md says what each route means, docs/protocol.md what records and commands are, \
/v1/asyncapi.json what the socket says. Refusals are RFC 9457 problems: read `code`, which does not change.
"""
_TEXT = {"type": "string"}
_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "X-Request-ID": ("What the server's log lines about this request name.", _TEXT),
    "RateLimit": ("What is left of each limit that the request fell under.", _TEXT),
    "RateLimit-Policy": ("The limits that the request fell under.", _TEXT),
    "Retry-After": ("Seconds to wait before the same request again.", {"type": "integer", "minimum": 1}),
    "WWW-Authenticate": ("What it would take.", _TEXT),
    "ETag": ("For `If-None-Match`, and `If-Match` where it is heeded.", _TEXT),
    "Location": ("Where it is.", _TEXT),
    "Link": ("Where the list goes on (RFC 8288), unless this is its end.", _TEXT),
    "Content-Disposition": ("What the file is called (RFC 6266).", _TEXT),
    "Accept-Ranges": ("Parts can be asked for.", _TEXT),
    "Content-Range": ("Which part it is, or how large the file is.", _TEXT),
    "Set-Cookie": ("The refresh token, or its end.", _TEXT),
    "Idempotent-Replayed": ("`true`: this is the answer to an earlier request with the same key.", _TEXT),
}


@cache
def document() -> bytes:
    """The whole document as JSON, the same bytes each time."""
    printer = _Printer()
    paths = printer.paths()
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Lockstep", "version": VERSION, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": section} for section in SECTIONS],
        "paths": paths,
        "components": {
            "schemas": schemas.components(_structs()),
            "responses": dict(sorted(printer.refused.items())),
            "headers": {name: {"description": says, "schema": schema} for name, (says, schema) in _HEADERS.items()},
            "parameters": {
                "IfNoneMatch": _parameter("If-None-Match", "header", "304 for who has this `ETag`.", _TEXT),
                "IfMatch": _parameter("If-Match", "header", "412 unless what is there has this `ETag`.", _TEXT),
                "IdempotencyKey": _parameter(
                    "Idempotency-Key", "header", "Sent again with it, the request takes effect once.", _KEY
                ),
            },
            "securitySchemes": _SCHEMES,
        },
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=1) + b"\n"


_KEY = {"type": "string", "minLength": 1, "maxLength": KEY_MAX}
_SCHEMES = {
    "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Of a sign-in."},
    "api_token": {"type": "http", "scheme": "bearer", "description": "Of a bot or a script; the scope is given."},
    "refresh_cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of a browser's sign-in."},
    "metrics_token": {"type": "http", "scheme": "bearer", "description": "Where one is set (LOCKSTEP_METRICS_TOKEN)."},
}


class _Printer:
    """Prints operations and remembers the refusals it met, so that each set of them is declared once."""

    def __init__(self) -> None:
        self.refused: dict[str, Any] = {}

    def paths(self) -> dict[str, Any]:
        paths: dict[str, Any] = {}
        for section, tables in SECTIONS.items():
            for route, contract in (each for table in tables for each in table.items()):
                method, path = route.split()
                named = {"parameters": [_place(name) for name in re.findall(r"{(\w+)}", path)]} if "{" in path else {}
                item = paths.setdefault(path, named)
                item[method.lower()] = self._operation(section, path, RULES[route], contract)
        return paths

    def _operation(self, section: str, path: str, rule: Rule, contract: Contract) -> dict[str, Any]:
        told: dict[str, Any] = {"operationId": contract.name, "summary": contract.says, "tags": [section]}
        if rule.role is not None:
            told["description"] = f"For the role {rule.role} of the {rule.where} and those above it."
            told["x-least-role"] = {rule.where: rule.role}
        told["security"] = _security(rule, contract, path)
        if parameters := list(_parameters(contract)):
            told["parameters"] = parameters
        if body := _body(contract):
            told["requestBody"] = {"required": True, "content": body}
        told["responses"] = {**_answers(contract), **self._refused(refusals(path, rule, contract), contract)}
        return told

    def _refused(self, found: set[type[Refusal]], contract: Contract) -> dict[str, Any]:
        by_status: dict[int, list[str]] = {}
        for refusal, (status, _) in STATUSES.items():
            if refusal in found and status not in contract.answers:
                by_status.setdefault(status, []).append(refusal.code)
        return {str(status): self._problem(status, codes, contract) for status, codes in by_status.items()}

    def _problem(self, status: int, codes: list[str], contract: Contract) -> dict[str, str]:
        counted = "" if contract.counted else "-uncounted"
        name = "-or-".join(codes) + counted
        schema = {"properties": {"code": {"enum": codes}, "status": {"const": status}}}
        self.refused[name] = {
            "description": " or ".join(f"`{code}`" for code in codes),
            "headers": _headers(contract, *_OF_STATUS.get(status, ())),
            "content": {Problem.media_type: {"schema": {"allOf": [schemas.reference(Problem), schema]}}},
        }
        return {"$ref": f"#/components/responses/{name}"}


_OF_STATUS = {416: ("Content-Range",), 401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def _structs() -> Iterator[type]:
    yield Problem
    for contract in CONTRACTS.values():
        sent = (contract.takes, contract.form, *contract.answers.values())
        yield from (each for each in sent if isinstance(each, type))


def _security(rule: Rule, contract: Contract, path: str) -> list[dict[str, list[str]]]:
    """Each of these will do; nothing for what is open to all."""
    if contract.cookie:
        return [{"refresh_cookie": []}, {}]
    if path == "/metrics":
        return [{"metrics_token": []}, {}]
    if rule.where == "anybody":
        return []
    signed_in: list[dict[str, list[str]]] = [{"access_token": []}]
    return signed_in if rule.scope is None else [*signed_in, {"api_token": [rule.scope]}]


def _parameters(contract: Contract) -> Iterator[dict[str, Any]]:
    if contract.kept:
        yield {"$ref": "#/components/parameters/IfNoneMatch"}
    if contract.guarded:
        yield {"$ref": "#/components/parameters/IfMatch"}
    if contract.once or contract.keyed:
        yield {"$ref": "#/components/parameters/IdempotencyKey"}
    if contract.asks is not None:
        (_,), described = msgspec.json.schema_components([contract.asks])
        asked = described[contract.asks.__name__]
        for name, schema in asked["properties"].items():
            yield _parameter(name, "query", None, _of_text(schema), required=name in asked.get("required", ()))


def _of_text(schema: dict[str, Any]) -> dict[str, Any]:
    """A query's parameter is there or not: it is never null."""
    if "anyOf" not in schema:
        return schema
    (one,) = (each for each in schema["anyOf"] if each != {"type": "null"})
    return dict(one)


def _parameter(name: str, place: str, says: str | None, schema: Any, *, required: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "in": place, "required": required, "schema": schema}
    return told if says is None else {**told, "description": says}


def _place(name: str) -> dict[str, Any]:
    is_id = {"type": "string", "format": "uuid"}
    secret = {**_TEXT, "pattern": f"^{calendars.PREFIX}[A-Za-z0-9_-]+$"}
    schema = {"file": {"enum": list(reference.FILES)}, "secret": secret}.get(name, is_id)
    return _parameter(name, "path", None, schema, required=True)


def _body(contract: Contract) -> dict[str, Any]:
    files: dict[str, Any] = {media_type: {} for media_type in contract.files}
    json = {} if contract.takes is None else {"application/json": {"schema": schemas.reference(contract.takes)}}
    form = (
        {}
        if contract.form is None
        else {"application/x-www-form-urlencoded": {"schema": schemas.reference(contract.form)}}
    )
    return {**json, **form, **files}


def _answers(contract: Contract) -> dict[str, Any]:
    tag = ("ETag",) if contract.kept else ()
    replayed = ("Idempotent-Replayed",) if contract.once else ()
    told = {
        str(status): {
            "description": _SAYS[status],
            "headers": _headers(contract, *tag, *replayed, *contract.sends),
            **_content(answer),
        }
        for status, answer in contract.answers.items()
    }
    kept = {"304": {"description": _SAYS[304], "headers": _headers(contract, *tag)}} if contract.kept else {}
    return {**told, **kept}


_SAYS = {
    200: "Done, or here it is.",
    201: "It is made.",
    202: "It will be done.",
    206: "The part that was asked for.",
    204: "Done; there is nothing to tell.",
    302: "The browser goes on there.",
    304: "What you have is current.",
    503: "The same, and it is not well.",
}


def _content(answer: type | str | tuple[str, ...] | None) -> dict[str, Any]:
    match answer:
        case None:
            return {}
        case str():
            return {"content": {answer: {}}}
        case tuple():
            return {"content": {media_type: {} for media_type in answer}}
        case _:
            return {"content": {"application/json": {"schema": schemas.reference(answer)}}}


def _headers(contract: Contract, *names: str) -> dict[str, Any]:
    counted = ("RateLimit", "RateLimit-Policy") if contract.counted else ()
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-ID", *counted, *names)}


if __name__ == "__main__":
    sys.stdout.buffer.write(document())
