"""From our own format to what `import_records` takes. What a sound export holds comes as it was; what a damaged one lacks is told.

Into a project that never had a column everything comes under its own id. Into any other one it gets new ids, which follow from the import's,
for some of them may be there; and its columns come behind those of the project (`last_rank`). Not here: how a file is taken apart (parsing).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from uuid import UUID

from msgspec.structs import replace

from server.domain import text
from server.domain.commands import ImportedRecord
from server.domain.errors import Invalid
from server.domain.exports import ExportedMember, ExportedProject
from server.formats.choices import NO_CHOICES, Choices
from server.formats.lockstep import parsing
from server.formats.lockstep.parsing import Placed
from server.formats.lockstep.records import Records
from server.formats.report import Person, Translation
from server.formats.run import Run


def translate(
    content: bytes,
    *,
    import_id: UUID,
    now: datetime,
    last_rank: str | None = None,
    choices: Choices = NO_CHOICES,
) -> Translation:
    """The board in a JSON file. Raises `Invalid`."""
    return Reading(Run(import_id, now, choices), last_rank).whole(parsing.of_json(content))


def translate_lines(
    content: bytes,
    *,
    import_id: UUID,
    now: datetime,
    last_rank: str | None = None,
    choices: Choices = NO_CHOICES,
) -> Translation:
    """The board in an NDJSON file. Raises `Invalid`."""
    lines = BytesIO(content)
    return Reading(Run(import_id, now, choices), last_rank).whole(parsing.of_lines(lines))


class Reading:
    """One file. `project`, `people` and what the run found stand here once all records were taken."""

    def __init__(self, run: Run, last_rank: str | None = None) -> None:
        self.project = ExportedProject(name="")
        self.people: list[Person] = []
        self._run = run
        self._records = Records(run, last_rank)

    def of_lines(self, lines: Iterable[bytes]) -> Iterator[ImportedRecord]:
        """The records of an NDJSON file of any length, one by one, each after those that it refers to. Raises `Invalid`, in the middle too."""
        yield from self._of(parsing.of_lines(lines))

    def whole(self, placed: Iterable[Placed]) -> Translation:
        records = tuple(self._of(placed))
        return Translation(
            name=self.project.name,
            description=self.project.description,
            background=self.project.background,
            records=records,
            report=self._run.findings.report(records),
            people=tuple(self.people),
        )

    def _of(self, placed: Iterable[Placed]) -> Iterator[ImportedRecord]:
        for place, record in placed:
            if isinstance(record, ExportedProject):
                self.project = _canonical(record)
                continue
            if isinstance(record, ExportedMember):
                self.people.append(Person(str(record.id), record.name))
            yield from self._records.of(place, record)
        yield from self._records.rest()


def _canonical(project: ExportedProject) -> ExportedProject:
    try:
        name = text.line(project.name, text.NAME_MAX)
        return replace(project, name=name, description=text.prose(project.description, text.PROJECT_DESCRIPTION_MAX))
    except ValueError as wrong:
        raise Invalid(f"The project's name or description {wrong}.") from None
