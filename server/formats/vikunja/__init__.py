"""A project of Vikunja, out of the ZIP with all of a user's data (Settings → Export), as our records.

Buckets become columns; done tasks come into the done one. The file holds every project: the chosen one is read, or the first with tasks.
The content of attachments, reminders and repetitions are not kept, and the report says so.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Raw

from server.domain.errors import Invalid
from server.formats import foreign, markup
from server.formats.archive import Archive
from server.formats.board import pieces
from server.formats.board.assembly import assemble
from server.formats.choices import NO_CHOICES, Choices
from server.formats.report import Translation
from server.formats.run import Run
from server.formats.vikunja.shapes import Project
from server.formats.vikunja.tasks import Tasks

_WHAT = "The file is not Vikunja's data export"


def translate(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    """As every importer (formats.translators). Raises `Invalid` when the file is not an export of Vikunja."""
    run = Run(import_id, now, choices)
    projects = _projects(Archive(content, f"{_WHAT}, or it is damaged."), run)
    project = _chosen(projects, run)
    tasks = Tasks(project, run)
    board = pieces.Board(
        name=project.title or "Vikunja project",
        description=markup.markdown(project.description),
        lists=tasks.lists(),
        labels=tasks.labels,
        strangers=tasks.people,
        places=tasks.places(),
        card=tasks.read,
    )
    return assemble(board, run, last_rank, boards=tuple(each.title for each in projects))


def _projects(archive: Archive, run: Run) -> list[Project]:
    if "data.json" not in archive.names:
        raise Invalid(f"{_WHAT}: it has no data.json.")
    try:
        raws = msgspec.json.decode(foreign.document(archive.read("data.json")), type=list[Raw])
    except msgspec.DecodeError:
        raise Invalid(f"{_WHAT}: its data.json holds no projects.") from None
    projects = list(foreign.read_all(raws, Project, "project", run.findings))
    if not projects:
        raise Invalid(f"{_WHAT}: its data.json holds no projects.")
    return projects


def _chosen(projects: list[Project], run: Run) -> Project:
    wanted = run.choices.board
    if wanted is None:
        project = next((each for each in projects if each.tasks), projects[0])
    else:
        found = next((each for each in projects if wanted in (str(each.id), each.title)), None)
        if found is None:
            raise Invalid.at("/board", "The file holds no project of that id or name.")
        project = found
    for each in projects:
        if each is not project:
            run.findings.dropped("Other boards of the file; import it once more and choose one.", each.title)
    return project
