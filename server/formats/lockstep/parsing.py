"""Our own files as the records that they hold, in the order in which `import_records` wants them. Not here: whether those fit together (reading)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from server.domain.errors import Invalid
from server.domain.exports import (
    ExportedChecklistItem,
    ExportedColumn,
    ExportedComment,
    ExportedDependency,
    ExportedDescription,
    ExportedLabel,
    ExportedMember,
    ExportedProject,
    ExportedRecord,
    ExportedTask,
)
from server.formats.lockstep.writing import FORMAT, VERSION

LINE_BYTES_MAX = 8 * 1024 * 1024
"""No record is larger by far; a change of the history neither."""

Placed = tuple[str, ExportedRecord]
"""A record, and where in the file it is."""


class _Head(msgspec.Struct, frozen=True):
    format: Literal["lockstep"]
    version: Annotated[int, Meta(ge=1)]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["lockstep"]
    version: int
    project: ExportedProject
    members: list[ExportedMember]
    columns: list[ExportedColumn]
    labels: list[ExportedLabel]
    tasks: list[ExportedTask]
    descriptions: list[ExportedDescription]
    comments: list[ExportedComment]
    checklist_items: list[ExportedChecklistItem]
    dependencies: list[ExportedDependency]


class _Begin(msgspec.Struct, frozen=True, tag_field="kind", tag="export"):
    format: Literal["lockstep"]
    version: int


class _Change(msgspec.Struct, frozen=True, tag_field="kind", tag="change"):
    change: msgspec.Raw


class _End(msgspec.Struct, frozen=True, tag_field="kind", tag="end"):
    counts: dict[str, int]


_head = msgspec.json.Decoder(_Head).decode
_file = msgspec.json.Decoder(_File).decode
_line = msgspec.json.Decoder(ExportedRecord | _Begin | _Change | _End).decode


def of_json(content: bytes) -> Iterator[Placed]:
    """Raises `Invalid` for what is no export, is cut off, or comes from a newer version."""
    _refuse_newer(_decoded(_head, content, "").version)
    file = _decoded(_file, content, "")
    yield "project", file.project
    for name in ("members", "columns", "labels"):
        yield from _places(name, getattr(file, name))
    parts: defaultdict[UUID, list[Placed]] = defaultdict(list)
    for place, text in _places("descriptions", file.descriptions):
        parts[text.id].append((place, text))
    for place, part in chain(_places("comments", file.comments), _places("checklist_items", file.checklist_items)):
        parts[part.task_id].append((place, part))
    for place, task in sorted(_places("tasks", file.tasks), key=lambda one: (one[1].number, one[1].id)):
        yield place, task
        yield from parts.pop(task.id, ())
    yield from chain.from_iterable(parts.values())
    yield from _places("dependencies", file.dependencies)


def of_lines(lines: Iterable[bytes]) -> Iterator[Placed]:
    """One line at a time, and nothing of it is kept. Raises as `of_json` does, in the middle too."""
    counts: Counter[str] = Counter()
    told: dict[str, int] | None = None
    for n, line in enumerate(lines, start=1):
        if told is not None:
            raise Invalid(f"Line {n}: there is more after the file's last line.")
        if len(line) > LINE_BYTES_MAX:
            raise Invalid(f"Line {n} is too long for a record.")
        if n == 1:
            _refuse_newer(_decoded(_head, line, "Line 1: ").version)
        match _decoded(_line, line, f"Line {n}: "):
            case _Begin() if n == 1:
                continue
            case _Begin():
                raise Invalid(f"Line {n}: a second export begins here.")
            case _End(counts=told):
                continue
            case _Change():
                counts["change"] += 1
            case record:
                counts[str(record.__struct_config__.tag)] += 1
                yield f"line {n}", record
    if told != dict(counts):
        raise Invalid("The file is not whole: its end is missing, or lines of it are.")


def _places(name: str, records: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"{name}[{n}]", record) for n, record in enumerate(records))


def _refuse_newer(version: int) -> None:
    if version > VERSION:
        raise Invalid(
            f"The file is of version {version} of the format, and this server knows {VERSION}: update it first."
        )


def _decoded(decode: Any, content: bytes, place: str) -> Any:
    try:
        return decode(content)
    except msgspec.ValidationError as wrong:
        raise Invalid(f"{place}{wrong}"[:300]) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Invalid(f"{place}This is no export of {FORMAT.title()}, or it is cut off.") from None
