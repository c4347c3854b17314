"""The AsyncAPI document is fresh, whole, and tells of the wire as it is."""

import re
from pathlib import Path
from typing import Any, get_args

import httpx
import msgspec
import pytest

from server.domain.records import KINDS
from server.protocol import asyncapi, codes, frames

ROOT = Path(__file__).parents[2]
PRINTED = asyncapi.document()
DOCUMENT: dict[str, Any] = msgspec.json.decode(PRINTED)
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
EXAMPLES = re.findall(r"^([<>]) (\{.*\})$", (ROOT / "docs" / "protocol.md").read_text(), re.MULTILINE)


def test_the_document_is_fresh() -> None:
    assert (ROOT / "docs" / "asyncapi.json").read_bytes() == PRINTED, (
        "run: python -m server.protocol.asyncapi > docs/asyncapi.json"
    )


def test_every_message_is_there_with_its_direction() -> None:
    names = {
        "receive": {each.__name__ for each in get_args(frames.Up)},
        "send": {each.__name__ for each in get_args(frames.Down)},
    }
    assert DOCUMENT["channels"]["socket"]["messages"].keys() == names["receive"] | names["send"]
    for action, messages in names.items():
        found = [each for each in DOCUMENT["operations"].values() if each["action"] == action]
        assert {last(each["messages"][0]["$ref"]) for each in found} == messages


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert len(found) > 100
    assert [each for each in found if resolve(each) is None] == []


def test_a_put_carries_any_record() -> None:
    records = SCHEMAS["Put"]["properties"]["record"]["anyOf"]
    assert [last(each["$ref"]) for each in records] == [record.__name__ for record in KINDS.values()]


def test_every_close_code_that_is_sent_is_named() -> None:
    assert {int(code) for code in DOCUMENT["x-close-codes"]} == codes.KNOWN - {codes.NORMAL, codes.ABNORMAL}


@pytest.mark.parametrize(("side", "raw"), EXAMPLES)
def test_the_examples_of_the_protocol_fit_their_schemas(side: str, raw: str) -> None:
    message = msgspec.json.decode(raw)
    struct = next(
        (each for each in (get_args(frames.Up if side == ">" else frames.Down)) if is_of(each, message)), None
    )
    if struct is None:
        assert message["type"] == "dance"
        return
    schema = SCHEMAS[struct.__name__]
    assert message.keys() <= schema["properties"].keys()
    assert message.keys() >= set(schema["required"])


def is_of(struct: Any, message: dict[str, Any]) -> bool:
    return bool(struct.__struct_config__.tag == message["type"])


async def test_anybody_may_read_it(client: httpx.AsyncClient) -> None:
    first = await client.get("/v1/asyncapi.json")
    assert (first.status_code, first.content) == (200, PRINTED)
    assert first.headers["content-type"] == "application/json"
    again = await client.get("/v1/asyncapi.json", headers={"If-None-Match": first.headers["etag"]})
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


def last(reference: str) -> str:
    return reference.rpartition("/")[2]
