"""What goes through the executor: a submission on its way in, an outcome on its way out."""

import asyncio
import hashlib
from uuid import UUID

import msgspec

from server.domain.changes import Actor
from server.domain.commands import AnyCommand
from server.domain.errors import Refusal
from server.domain.reach import IN_PERSON, Reach

_encode = msgspec.json.Encoder(order="deterministic").encode


NO_ANSWER = "The database does not answer."
FAILED = "Something went wrong here; nothing was changed."


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """How a submit was taken: durable at `seq`; `duplicate` when it had been before, `noop` when there was nothing to do.

    `refused` are the commands that were left out of one that is not atomic, by their place; nothing is known of them in a duplicate.
    """

    seq: int
    duplicate: bool = False
    noop: bool = False
    refused: dict[int, Refusal] = {}


class Submission:
    """A submit that waits for its turn. `answer` is settled once, with an `Outcome` or a `Refusal`."""

    __slots__ = ("actor", "answer", "atomic", "commands", "deadline", "digest", "id", "project", "reach", "size")

    def __init__(
        self,
        project: UUID,
        id: UUID,
        commands: tuple[AnyCommand, ...],
        actor: Actor,
        deadline: float,
        reach: Reach = IN_PERSON,
        *,
        atomic: bool = True,
    ) -> None:
        self.project = project
        self.id = id
        self.commands = commands
        self.actor = actor
        self.reach = reach
        self.atomic = atomic
        self.deadline = deadline
        """When to stop trying, on the loop's clock."""
        canonical = _encode((actor.id, commands))
        self.digest = hashlib.sha256(canonical).digest()
        self.size = len(canonical)
        self.answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def settle(self, result: Outcome | Refusal) -> None:
        if self.answer.done():
            return
        if isinstance(result, Outcome):
            self.answer.set_result(result)
        else:
            self.answer.set_exception(result)
            self.answer.exception()  # a vanished client leaves nobody to look: that is no error
