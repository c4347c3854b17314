"""What clients send over HTTP, read within limits and decoded into typed structs. Not here: what any field means."""

import asyncio
import re
from collections.abc import AsyncGenerator
from functools import cache
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from server.api.problems import BodyTooLarge, BodyTooSlow, NotJson, UnsupportedMediaType
from server.domain.errors import Invalid

READ_SECONDS = 30.0

T = TypeVar("T")


async def read(request: Request, most: int) -> bytes:
    """The whole body, at most `most` bytes. Raises `BodyTooLarge` and `BodyTooSlow`."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 15 or int(length) > most):
        raise _too_large(most)
    chunks = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.stream():
                chunks += chunk
                if len(chunks) > most:
                    raise _too_large(most)
    except TimeoutError:
        raise BodyTooSlow("The body took too long to arrive.") from None
    return bytes(chunks)


async def chunks(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes, at most `most` bytes, for as long as it goes on coming. Raises `BodyTooLarge` and `BodyTooSlow`."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 15 or int(length) > most):
        raise _too_large(most)
    coming = aiter(request.stream())
    came = 0
    while True:
        try:
            async with asyncio.timeout(READ_SECONDS):
                chunk = await anext(coming, None)
        except TimeoutError:
            raise BodyTooSlow("The body stopped arriving.") from None
        if chunk is None:
            return
        came += len(chunk)
        if came > most:
            raise _too_large(most)
        if chunk:
            yield chunk


async def json(request: Request, type_: type[T], most: int) -> T:
    """The JSON body as a `type_`. Raises as `read` does, `UnsupportedMediaType`, `NotJson` and `Invalid`."""
    require_type(request, "application/json")
    return decode(await read(request, most), type_)


def require_type(request: Request, *accepted: str) -> str:
    """The body's content type, if accepted; none at all counts as the first. Raises `UnsupportedMediaType`."""
    given = request.headers.get("content-type", accepted[0]).partition(";")[0].strip().lower()
    if given not in accepted:
        raise UnsupportedMediaType(f"The body must be {' or '.join(accepted)}.")
    return given


def decode(body: bytes, type_: type[T]) -> T:
    """Raises `NotJson` and `Invalid`."""
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError as wrong:
        raise invalid(wrong) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise NotJson("The body is not JSON.") from None


def form(body: bytes, type_: type[T]) -> T:
    """An HTML form's body as a `type_`. Raises `Invalid`."""
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50, errors="strict"))
        return msgspec.convert(fields, type_, strict=False)
    except msgspec.ValidationError as wrong:
        raise invalid(wrong) from None
    except ValueError:
        raise NotJson("The body is not a form.") from None


def query(request: Request, type_: type[T]) -> T:
    """The query as a `type_`: single values, and tuples of what may be repeated. Raises `Invalid`."""
    repeatable = _repeatable(type_)  # type: ignore[arg-type]  # a type is hashable
    given: dict[str, str | list[str]] = {}
    for name in request.query_params:
        values = request.query_params.getlist(name)
        if name not in repeatable and len(values) > 1:
            raise Invalid.at(f"/{name}", f"`{name}` is given once")
        given[name] = values if name in repeatable else values[0]
    try:
        return msgspec.convert(given, type_, strict=False)
    except msgspec.ValidationError as wrong:
        refusal = invalid(wrong)
        parameter, *_ = refusal.errors[0].pointer[1:].split("/")  # whichever of its values it was
        raise Invalid.at(f"/{parameter}" if parameter else "", refusal.message) from None


@cache
def _repeatable(type_: type) -> frozenset[str]:
    described = msgspec.inspect.type_info(type_)
    assert isinstance(described, msgspec.inspect.StructType)
    return frozenset(field.name for field in described.fields if isinstance(field.type, msgspec.inspect.VarTupleType))


_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_FIELD = re.compile(r"^(?:Object missing required field |Object contains unknown field |)`(\w+)`")


def invalid(wrong: msgspec.ValidationError) -> Invalid:
    """The refusal that names the wrong field, from msgspec's sentence: ``Expected `int`, got `str` - at `$.a[0].b` ``.

    A sentence that begins with a field's name speaks of that field of the object at the path.
    """
    match = _PLACE.match(str(wrong))
    what, path = (match["what"], match["path"] or "") if match else (str(wrong), "")
    steps = [name or index for name, index in _STEP.findall(path) if index != "..."]
    if field := _FIELD.match(what):
        steps.append(field[1])
    return Invalid.at("".join(f"/{step}" for step in steps), what[:200])


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(f"The body must have at most {most} bytes.")
