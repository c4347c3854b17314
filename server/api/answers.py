"""HTTP answers that are not refusals: JSON, and bytes that a client may already have."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"


def json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as JSON that no cache keeps."""
    return raw(msgspec.json.encode(value), status, headers)


def raw(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is bytes already."""
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, media_type=JSON)


def pretty(value: Any) -> bytes:
    """JSON for people to read."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2)


def empty() -> Response:
    return Response(status_code=204)


def tagged(
    request: Request,
    etag: str,
    body: bytes,
    gzipped: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    media_type: str = JSON,
) -> Response:
    """What clients keep and ask about again: 304 when they have `etag`, `gzipped` when they take it."""
    always = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if has(request, etag):
        return Response(status_code=304, headers=always)
    if gzipped is not None and accepts(request.headers.get("accept-encoding", ""), "gzip"):
        coded = {**always, **(headers or {}), "Content-Encoding": "gzip"}
        return Response(gzipped, headers=coded, media_type=media_type)
    return Response(body, headers={**always, **(headers or {})}, media_type=media_type)


def tag_of(value: Any) -> str:
    """An ETag that is the same for the same content and no other."""
    return f'"{hashlib.blake2b(msgspec.json.encode(value), digest_size=12).hexdigest()}"'


def has(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names the tag; compared weakly, as RFC 9110 wants it for GET."""
    given = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return "*" in given or etag.removeprefix("W/") in given


def accepts(accept_encoding: str, coding: str) -> bool:
    """Whether the header names the coding and does not weigh it 0."""
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
