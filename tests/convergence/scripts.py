"""Random scripts for several clients: what they do, and what happens to them. Not here: how it is played (stage)."""

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from server.domain import commands as c
from tests.convergence.strategies import COLUMNS, TASKS, places, words

CLIENTS = 3
BEGUN = 2
"""The seq of a board with its furniture."""

FRAME = 400
"""Bytes: about a change's size, so that a cut often falls inside one."""


@dataclass(frozen=True)
class Edit:
    """A client sends an edit, and does not wait for its answer."""

    client: int
    commands: tuple[c.Command, ...]


@dataclass(frozen=True)
class Repeat:
    """A client sends an edit that another has sent; a page sends its next one twice."""

    client: int


@dataclass(frozen=True)
class Cut:
    """A client's line breaks, once so many more bytes have gone up or down."""

    client: int
    after: int
    up: bool


@dataclass(frozen=True)
class Away:
    """A client goes offline, or comes back."""

    client: int


@dataclass(frozen=True)
class Reload:
    """A page is closed and opened again."""

    client: int


@dataclass(frozen=True)
class Garble:
    """What becomes of the next announcement to the other server."""

    how: Literal["lost", "twice", "late"]


@dataclass(frozen=True)
class Wait:
    """Until all answers are there."""


Step = Edit | Repeat | Cut | Away | Reload | Garble | Wait

who = st.integers(0, CLIENTS - 1)
card, column = st.sampled_from(TASKS[:6]), st.sampled_from(COLUMNS[:3])
doings = st.one_of(
    st.builds(c.MoveTask, id=card, column_id=column, place=places(card)),
    st.builds(c.UpdateTask, id=card, title=words),
    st.builds(c.UpdateTask, id=card, priority=st.integers(1, 10), base_seq=st.sampled_from((None, BEGUN, 10))),
    st.builds(c.CreateTask, id=st.uuids(), column_id=column, title=words),
    st.builds(c.AddComment, id=st.uuids(), task_id=card, text=words),
    st.builds(c.DeleteTask, id=card),
    st.builds(c.RestoreTask, id=card),
    st.builds(c.MoveColumn, id=column, place=places(column)),
)
"""To what is there from the beginning, so that most takes effect; the other tests here try everything else."""

edits = st.builds(Edit, who, st.lists(doings, min_size=1, max_size=3).map(tuple))
disturbances = st.one_of(
    st.builds(Repeat, who),
    st.builds(Cut, who, st.integers(0, FRAME), st.booleans()),
    st.builds(Away, who),
    st.builds(Reload, who),
    st.builds(Garble, st.sampled_from(("lost", "twice", "late"))),
    st.builds(Wait),
)
scripts = st.lists(st.tuples(edits, edits, disturbances), min_size=5, max_size=15).map(
    lambda rounds: [step for each in rounds for step in each]
)
