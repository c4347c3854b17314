"""JSON Schema of the wire's structs, for the documents that programs read. Not here: the documents (asyncapi, api.openapi)."""

from collections.abc import Iterable
from typing import Any

import msgspec

from server.domain.records import KINDS

SCHEMAS = "#/components/schemas/"


def components(types: Iterable[Any]) -> dict[str, Any]:
    """Of every struct among the types and within them, by name in the order of names."""
    _, schemas = msgspec.json.schema_components([*types, *KINDS.values()], ref_template=SCHEMAS + "{name}")
    del schemas["Record"]  # what all records have in common; on the wire there are only the nine
    schemas["Put"]["properties"]["record"] = {"anyOf": [reference(record) for record in KINDS.values()]}
    return {name: schemas[name] for name in sorted(schemas)}


def reference(struct: type) -> dict[str, str]:
    return {"$ref": SCHEMAS + struct.__name__}
