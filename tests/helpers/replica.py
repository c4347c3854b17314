"""A client's view of a project, kept by applying ops and nothing else: what the protocol promises must be enough (PROTOCOL §2)."""

from typing import Any
from uuid import UUID

import msgspec

from server.domain.changes import Snapshot
from server.storage import log
from server.storage.shown import TaskDetail
from tests.helpers.board import Board

Records = dict[str, dict[str, dict[str, Any]]]

_PLURALS = {
    "member": "members",
    "column": "columns",
    "label": "labels",
    "task": "tasks",
    "dependency": "dependencies",
    "comment": "comments",
    "checklist_item": "checklist_items",
    "attachment": "attachments",
}


class Replica:
    """Records by kind and id, as JSON values, at `seq`."""

    def __init__(self, records: Records, seq: int) -> None:
        self.records = records
        self.seq = seq

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> "Replica":
        return cls.of_answer(msgspec.json.decode(msgspec.json.encode(snapshot)))

    @classmethod
    def of_answer(cls, found: dict[str, Any]) -> "Replica":
        """Of a snapshot as REST answers it."""
        records: Records = {"project": {found["project"]["id"]: found["project"]}}
        return cls(_with_lists(records, found), found["seq"])

    @classmethod
    def of_detail(cls, detail: TaskDetail) -> "Replica":
        found = msgspec.json.decode(msgspec.json.encode(detail))
        records: Records = {"task": {found["task"]["id"]: found["task"]}, "description": {}}
        if found["description"] is not None:
            records["description"][found["description"]["id"]] = found["description"]
        return cls(_with_lists(records, found), detail.seq)

    def apply(self, message: dict[str, Any]) -> None:
        """One change; refuses a gap."""
        assert message["seq"] == self.seq + 1, (message["seq"], self.seq)
        self.seq = message["seq"]
        for op in message["ops"]:
            records = self.records.setdefault(op["kind"], {})
            match op["op"]:
                case "put":
                    records[op["record"]["id"]] = op["record"]
                case "patch" if op["id"] in records:
                    records[op["id"]] = {**records[op["id"]], **op["fields"]}
                case "remove":
                    records.pop(op["id"], None)
                case _:
                    pass

    async def catch_up(self, board: Board) -> None:
        """Applies the log up to its head."""
        async with board.database.begin() as connection:
            page = await log.read(connection, board.project, self.seq, 10_000)
        assert page is not None
        for message in page.messages:
            self.apply(msgspec.json.decode(message))

    def kinds(self, *kinds: str) -> Records:
        return {kind: self.records.get(kind, {}) for kind in kinds}

    def of_task(self, task: UUID, *kinds: str) -> Records:
        """The records of one task's details."""
        id = str(task)
        return {
            kind: {key: one for key, one in self.records.get(kind, {}).items() if id in (one["id"], one.get("task_id"))}
            for kind in kinds
        }


def _with_lists(records: Records, found: dict[str, Any]) -> Records:
    for kind, plural in _PLURALS.items():
        if plural in found:
            records[kind] = {one["id"]: one for one in found[plural]}
    return records
