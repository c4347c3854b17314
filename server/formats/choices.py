"""What the person who imports chose, after a look at the report of a dry run. Empty: everything as the translation proposes.

Shared by all importers; each reads what its format can use.
"""

from typing import Literal
from uuid import UUID

import msgspec

DateOrder = Literal["ymd", "dmy", "mdy"]
"""How dates in numbers are written: 2026-03-05, 05/03/2026 or 03/05/2026."""

Field = Literal[
    "title",
    "description",
    "column",
    "category",
    "labels",
    "assignees",
    "assignee_email",
    "author",
    "start",
    "due",
    "priority",
    "created",
    "updated",
    "completed",
    "done",
    "archived",
    "number",
    "checklist",
    "comment",
    "links",
    "table",
    "ignore",
]
"""What a table's column may become. `category` is what the board's column stands for; `completed` is a time, `done` and `archived` are yes
or no; `links` are attachments; `table`: kept as a row of the table at the end of the description; `ignore`: left out."""

Delimiter = Literal[",", ";", "\t", "|"]
Encoding = Literal["utf-8", "utf-16", "cp1252"]


class Choices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`people`: a person's id in the file (`Person.id`) → a member of the project. `columns`: a table's header → what it becomes.
    `board`: which board of a file that holds several, by its id or name."""

    people: dict[str, UUID] = {}
    columns: dict[str, Field] = {}
    delimiter: Delimiter | None = None
    encoding: Encoding | None = None
    date_order: DateOrder | None = None
    board: str | None = None


NO_CHOICES = Choices()
