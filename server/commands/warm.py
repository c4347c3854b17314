"""A warm batch: submits applied to working copies that are held, and written by one statement.

It takes effect only for projects that nobody else wrote to since the copies were made. It can grow while another one is written. Not
here: what a batch does to a submit (batch), and which submits go together (executor).
"""

from collections.abc import Container
from uuid import UUID

import msgspec
from msgspec.structs import replace

from server.commands.applying import Applied
from server.commands.batch import Done, Drafts, TakePen, Work, apply_all, load, prepare_write, repeated
from server.commands.copies import Copy
from server.commands.submission import Outcome, Submission
from server.storage.draft import Draft, Limits
from server.storage.pen import Known, Prepared


class Sealed(msgspec.Struct):
    """A warm batch that is encoded to be written. `drafts` are the projects that it changes.

    `copies` are their working copies as they are once it is written: the next batch may be applied to them before.
    """

    drafts: Drafts
    copies: dict[UUID, Copy]
    prepared: Prepared | None

    def submits(self, project: UUID) -> list[Submission]:
        return [submission for submission, _ in self.drafts[project][1].results]


class Warm:
    """A warm batch in the making.

    If somebody else writes meanwhile, the copies, and what was read to them, are not what the write expects, and nothing of it happens.
    """

    def __init__(self, take_pen: TakePen, copies: dict[UUID, Copy], limits: Limits, *, whole: bool) -> None:
        self.copies = copies
        self.work: dict[UUID, list[Submission]] = {}
        """All that it was given, in order."""
        self.spoilt = False
        """It failed half-way: it is worth nothing, and neither are the copies of the projects it was given work for."""
        self._take_pen = take_pen
        self._limits = limits
        self._whole = whole
        self._drafts: dict[UUID, tuple[Draft, Applied]] = {}

    async def add(self, work: Work) -> None:
        """Applies more submits, of projects whose copies it has; what they lack is read, without a lock."""
        for project, submits in work.items():
            self.work.setdefault(project, []).extend(submits)
        self.spoilt = True
        drafted = {project: submits for project, submits in work.items() if self._has_draft(project)}
        await load(self._take_pen, drafted, self._drafts, whole=self._whole, assume=True)
        for project, submits in drafted.items():
            draft, applied = self._drafts[project]
            await apply_all(draft, submits, applied, self._take_pen)
            draft.rows.forget_assumptions()
        self.spoilt = False

    def touched(self, project: UUID) -> bool:
        """Whether the project's copy is another one than before, or spoilt."""
        return self._changes(project) or (self.spoilt and project in self.work)

    def seal(self, without: Container[UUID] = ()) -> Sealed:
        """Encodes the write, leaving out projects `without` whose copies turned out to be old.

        Projects with nothing to write are left out too: a refusal might be judged on what is no longer so, that needs the lock.
        """
        drafts = {
            project: one for project, one in self._drafts.items() if self._changes(project) and project not in without
        }
        copies = {project: replace(self.copies[project], head=draft.head) for project, (draft, _) in drafts.items()}
        return Sealed(drafts, copies, prepare_write(drafts) if drafts else None)

    def _changes(self, project: UUID) -> bool:
        return project in self._drafts and bool(self._drafts[project][1].entries)

    def _has_draft(self, project: UUID) -> bool:
        """Makes sure of it; a copy whose clock ran out can have none."""
        if project not in self._drafts:
            copy = self.copies[project]
            now = copy.clock()
            if now is None:
                return False
            copy.rows.accounts.clear()  # accounts change without a project's seq
            self._drafts[project] = Draft(replace(copy.head), copy.rows, now, self._limits), Applied([], [], [])
        return True


async def write(take_pen: TakePen, sealed: Sealed) -> Done:
    """Writes by one statement, and settles what refused submits were."""
    assert sealed.prepared is not None
    async with take_pen() as pen:
        answer = await pen.write(sealed.prepared)
    for project in answer.projects:
        _correct(sealed.drafts[project][1], [entry for entry in answer.known if entry.project_id == project])
    return Done(
        applied=[sealed.drafts[project][1] for project in answer.projects],
        copies={project: sealed.copies[project] for project in answer.projects},
        left=[project for project in sealed.drafts if project not in answer.projects],
    )


def _correct(applied: Applied, known: list[Known]) -> None:
    """A submit that was refused or did nothing may be a repeat of one that took effect: then that is its answer."""
    by_id = {entry.id: entry for entry in known}
    for index, (submission, result) in enumerate(applied.results):
        entry = by_id.get(submission.id)
        if entry is not None and (not isinstance(result, Outcome) or result.noop):
            applied.results[index] = submission, repeated(submission, entry, duplicate=True)
