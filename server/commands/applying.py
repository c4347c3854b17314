"""One submit applied to a draft: authorised, run, sealed into a change or rolled back. Awaits nothing and knows no database."""

import msgspec
import structlog

from server.commands.handlers import HANDLERS
from server.commands.submission import FAILED, Outcome, Submission
from server.domain.changes import Committed
from server.domain.commands import AnyCommand, ForgetUser, RestoreProject, kind_of
from server.domain.errors import FieldError, Forbidden, Internal, NotFound, Refusal
from server.domain.roles import LEAST_ROLE, allows
from server.storage.draft import Draft, NeedsMore
from server.storage.pen import LogEntry
from server.storage.reads import Reads

log = structlog.get_logger()

NO_PROJECT = "There is no such project."

Result = Outcome | Refusal


class Applied(msgspec.Struct):
    """What became of one project's submits, in order: answers to give, changes to announce and the log to write once it is durable."""

    results: list[tuple[Submission, Result]] = []
    committed: list[Committed] = []
    entries: list[LogEntry] = []


def add_reads(submission: Submission, reads: Reads) -> None:
    """Adds what the submit will look at."""
    reads.rows.add(("member", submission.actor.id))
    for command in submission.commands:
        HANDLERS[type(command)].reads(command, submission.project, reads)


def apply(draft: Draft, submission: Submission, applied: Applied) -> None:
    """Applies a submit: all of its commands or, after a refusal or a bug, none. Raises `NeedsMore`, having changed nothing."""
    draft.mark(submission.actor, submission.reach)
    result: Result
    refused: dict[int, Refusal] = {}
    try:
        if submission.atomic:
            _run(draft, submission.commands)
        else:
            refused = _run_each(draft, submission)
        sealed = draft.seal(submission.id, submission.digest, kind_of(submission.commands[0]))
    except NeedsMore:
        draft.rollback()
        raise
    except Refusal as refusal:
        draft.rollback()
        result = refusal
    except Exception:
        draft.rollback()
        log.exception("verb failed", project=str(draft.project), command_id=str(submission.id))
        result = Internal(FAILED)
    else:
        if sealed is None:
            result = Outcome(draft.head.seq, noop=True, refused=refused)
        else:
            change, message, entry = sealed
            applied.entries.append(entry)
            applied.committed.append(Committed(draft.head.epoch, change, message))
            result = Outcome(change.seq, refused=refused)
    applied.results.append((submission, result))


def _run(draft: Draft, commands: tuple[AnyCommand, ...]) -> None:
    for index, command in enumerate(commands):
        try:
            _authorise(draft, command)
            HANDLERS[type(command)].run(command, draft)
        except Refusal as refusal:
            raise _pointed(refusal, f"/commands/{index}") from refusal.__cause__


def _run_each(draft: Draft, submission: Submission) -> dict[int, Refusal]:
    """Runs the commands, leaving out those that are refused, which are returned by their place.

    What they turn out to need is gathered over all of them, so that a long submit is not applied again for each. Raises `NeedsMore`.
    """
    refused: dict[int, Refusal] = {}
    missing = Reads()
    for index, command in enumerate(submission.commands):
        with draft.part() as part:
            try:
                _authorise(draft, command)
                HANDLERS[type(command)].run(command, draft)
                part.keep()
            except NeedsMore as more:
                missing.add(more.reads)
            except Refusal as refusal:
                refused[index] = _pointed(refusal, f"/commands/{index}").with_traceback(None)
            except Exception:
                log.exception("verb failed", project=str(draft.project), command_id=str(submission.id))
                refused[index] = Internal(FAILED)
    if missing:
        raise NeedsMore(missing)
    return refused


def _authorise(draft: Draft, command: AnyCommand) -> None:
    if type(command) is ForgetUser:
        return  # whoever has been here may be forgotten, from a deleted project too
    role = draft.role
    deleted = (
        draft.head.deleted_at is not None and not draft.reach.for_workspace
    )  # which removes people from the trash, too
    if role is None or (deleted and type(command) is not RestoreProject):
        raise NotFound(NO_PROJECT)
    if not draft.reach.allows("write"):
        raise Forbidden("This token may only read.")
    least = LEAST_ROLE[type(command)]
    if not allows(role, least):
        raise Forbidden(f"This takes the role {least}; yours is {role}.")


def _pointed(refusal: Refusal, pointer: str) -> Refusal:
    """The refusal with the place of the refused command in its errors."""
    inner = refusal.errors or (FieldError("", refusal.message),)
    refusal.errors = tuple(FieldError(pointer + error.pointer, error.message) for error in inner)
    return refusal
