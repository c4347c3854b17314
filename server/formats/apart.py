"""A translation in a process of its own: an order and a file in, lines of JSON out. What a bad file costs, it costs that process alone.

The first line is an `Opening` or a `Failure`, each further one a `Chunk` for the executor. Not here: starting it (jobs.translating).
"""

import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

import msgspec

from server.domain.commands import ImportRecords
from server.domain.errors import FieldError, Refusal, TooLarge
from server.formats.choices import NO_CHOICES, Choices
from server.formats.chunks import chunked
from server.formats.detection import HEAD_BYTES, Format, detect
from server.formats.preview import PreviewedTask, previewed
from server.formats.report import Person, Report, Table, Translation
from server.formats.translators import TRANSLATORS

MEMORY_BYTES = 6 * 1024**3
"""No file that people keep boards in comes near; one that does was made to."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """`file` is what it is called, `format` None to be told by what is in it. `opening`: no chunks are wanted."""

    import_id: UUID
    now: datetime
    file: str = ""
    format: Format | None = None
    last_rank: str | None = None
    choices: Choices = NO_CHOICES
    opening: bool = False


class Opening(msgspec.Struct, frozen=True, kw_only=True, tag="opening"):
    """What the file holds. `records` is how many the chunks bring."""

    format: Format
    name: str
    description: str
    report: Report
    people: tuple[Person, ...]
    table: Table | None
    boards: tuple[str, ...]
    tasks: tuple[PreviewedTask, ...]
    records: int


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """The file is refused."""

    code: str
    message: str
    errors: tuple[FieldError, ...] = ()


class Chunk(msgspec.Struct, frozen=True, tag="chunk"):
    """`id` is the command's own: the same file, order and choices give the same chunks."""

    id: UUID
    command: ImportRecords


Line = Opening | Failure | Chunk


def lines(order: Order, content: bytes) -> Iterator[Line]:
    """Everything that is said of the file."""
    try:
        format = order.format or detect(order.file, content[:HEAD_BYTES])
        translated = TRANSLATORS[format](
            content, import_id=order.import_id, now=order.now, last_rank=order.last_rank, choices=order.choices
        )
    except Refusal as refused:
        yield Failure(refused.code, refused.message, refused.errors)
    except MemoryError:
        yield Failure(TooLarge.code, "The file takes more memory than an import may use.")
    else:
        yield _opening(format, translated)
        if not order.opening:
            yield from (Chunk(id, command) for id, command in chunked(order.import_id, translated.records))


def _opening(format: Format, translated: Translation) -> Opening:
    return Opening(
        format=format,
        name=translated.name,
        description=translated.description,
        report=translated.report,
        people=translated.people,
        table=translated.table,
        boards=translated.boards,
        tasks=previewed(translated.records),
        records=len(translated.records),
    )


def run(order: bytes, file: BinaryIO, out: BinaryIO) -> None:
    """Says the lines of `file`; ends when nobody listens any more."""
    decoded = msgspec.json.decode(order, type=Order)
    encode = msgspec.json.Encoder().encode
    out.writelines(encode(line) + b"\n" for line in lines(decoded, file.read()))
    out.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    run(sys.argv[1].encode(), sys.stdin.buffer, sys.stdout.buffer)
