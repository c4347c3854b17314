"""Lists as columns: open ones in their order, then archived ones that hold cards."""

from collections.abc import Iterable, Iterator, Set
from uuid import UUID

from server.domain import text
from server.domain.commands import ImportedColumn
from server.domain.ranks import spread
from server.domain.records import Category, Column
from server.formats import categories, fitting
from server.formats.board.pieces import List
from server.formats.run import Run

_STRAY = "stray"
_WIP_MAX = 10_000


class Columns:
    """`used` holds the ids of the lists that have cards; cards of a list that the file does not describe share one more column."""

    def __init__(self, found: Iterable[List], used: Set[str], last_rank: str | None, run: Run) -> None:
        self._run = run
        unique = run.once(found, lambda each: each.id, "list")
        lists = sorted(unique, key=lambda each: (each.archived, each.pos, each.id))
        kept = [each for each in lists if self._keeps(each, used)]
        if used - {each.id for each in kept}:
            run.findings.guessed("The list of cards whose list is not in the file.", "Without a list")
            kept.append(List(id=_STRAY, name="Without a list"))
        ranks = spread(last_rank, None, len(kept))
        self._archived = frozenset(each.id for each in kept if each.archived)
        self._columns = {each.id: self._column(each, rank) for each, rank in zip(kept, ranks, strict=True)}

    def of(self, list_: str) -> Column:
        return self._columns.get(list_) or self._columns[_STRAY]

    def archived(self, list_: str) -> bool:
        return list_ in self._archived

    def records(self) -> Iterator[ImportedColumn]:
        return (ImportedColumn(column) for column in self._columns.values())

    def _keeps(self, each: List, used: Set[str]) -> bool:
        if each.archived and each.id not in used:
            self._run.findings.dropped("Archived lists without cards.", each.name)
            return False
        return True

    def _column(self, each: List, rank: str) -> Column:
        return Column(
            id=self._id(each),
            name=self._name(each),
            rank=rank,
            category=self._category(each),
            wip_limit=self._limit(each),
        )

    def _id(self, each: List) -> UUID:
        return self._run.id(each.id)

    def _name(self, each: List) -> str:
        suffix = " (archived)" if each.archived else ""
        name = fitting.line(each.name)
        if not name:
            self._run.findings.guessed("The name of a list that has none.", "Untitled")
            name = "Untitled"
        shown = fitting.cut(name, text.NAME_MAX - len(suffix)) + suffix
        if shown != name:
            self._run.findings.mapped("Columns go by another name (archived, or shortened).", shown)
        return shown

    def _category(self, each: List) -> Category:
        if each.category is not None:
            return each.category
        category = categories.guess(each.name)
        if category is None:
            return "todo"
        self._run.findings.guessed("What a column stands for, from its name.", f"{fitting.line(each.name)}: {category}")
        return category

    def _limit(self, each: List) -> int | None:
        if each.limit is None or 1 <= each.limit <= _WIP_MAX:
            return each.limit
        self._run.findings.dropped("Card limits of lists outside 1 to 10,000.", each.name)
        return None
