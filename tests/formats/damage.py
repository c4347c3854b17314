"""Sound files of every format, in the shape of real ones, and ways in which they come to harm."""

import copy
import io
import random
from typing import Any

import msgspec
import openpyxl

from server.formats.detection import Format
from tests.formats.boards import a_list, action, board, card

_JUNK: tuple[Any, ...] = (
    None, 0, -1, 1e300, 2**70, "", "x" * 70_000, "\x00\ud7ff\u2028", [], {}, [None], [[]], {"id": 5}, True,
    "2026-13-45T99:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
)  # fmt: skip

_TRELLO = board(
    lists=[a_list("l"), a_list("done", "Done"), a_list("old", closed=True)],
    labels=[{"id": "x", "name": "Bug", "color": "red_dark"}],
    members=[{"id": "ann", "fullName": "Ann", "username": "ann"}],
    customFields=[{"id": "f", "name": "Priority", "type": "list", "options": [{"id": "o", "value": {"text": "High"}}]}],
    checklists=[{"id": "k", "idCard": "a", "name": "Steps", "pos": 1, "checkItems": [{"id": "i", "name": "One", "pos": 1}]}],
    cards=[
        card("a", idShort=1, due="2026-03-01T10:00:00.000Z", idLabels=["x"], idMembers=["ann"], customFieldItems=[{"idCustomField": "f", "idValue": "o"}]),
        card("b", idList="done", attachments=[{"id": "t", "name": "Site", "url": "https://a.example"}], badges={"comments": 1}),
    ],
    actions=[action("m", "commentCard", text="Hello", card={"id": "a"})],
)  # fmt: skip

_PLANKA = {
    "item": {"id": "10", "name": "Plans"},
    "included": {
        "lists": [{"id": "1", "type": "active", "position": 1, "name": "To do"}, {"id": "2", "type": "closed", "name": "Shut"}],
        "cards": [{"id": "c", "listId": "1", "name": "A", "dueDate": "2026-03-01T10:00:00.000Z", "creatorUserId": "u"}],
        "labels": [{"id": "x", "name": "Bug", "color": "berry-red"}],
        "cardLabels": [{"cardId": "c", "labelId": "x"}],
        "users": [{"id": "u", "name": "Ann", "email": "ann@example.com"}],
        "taskLists": [{"id": "k", "cardId": "c", "name": "Steps"}],
        "tasks": [{"id": "1", "taskListId": "k", "name": "One", "isCompleted": True}],
        "customFields": [{"id": "f", "name": "Size"}],
        "customFieldValues": [{"cardId": "c", "customFieldId": "f", "content": "L"}],
    },
}  # fmt: skip

_WEKAN = {
    "_format": "wekan-board-1.0.0",
    "title": "Plans",
    "lists": [{"_id": "l", "title": "To do", "sort": 1, "wipLimit": {"value": 2, "enabled": True}}],
    "cards": [{"_id": "c", "title": "A", "listId": "l", "labelIds": ["x"], "userId": "u", "customFields": [{"_id": "f", "value": 1}]}],
    "labels": [{"_id": "x", "name": "Bug", "color": "red"}],
    "users": [{"_id": "u", "username": "ann", "profile": {"fullname": "Ann"}}],
    "checklists": [{"_id": "k", "cardId": "c", "title": "Steps"}],
    "checklistItems": [{"_id": "i", "checklistId": "k", "title": "One", "isFinished": True}],
    "comments": [{"_id": "m", "cardId": "c", "text": "Hello", "createdAt": "2026-03-02T11:30:00.000Z"}],
    "customFields": [{"_id": "f", "name": "Size"}],
}  # fmt: skip

_DECK_CARD = {
    "id": 5, "title": "A", "order": 1, "createdAt": 1689667569, "duedate": "2050-07-24T22:00:00+00:00", "owner": {"uid": "ann"},
    "labels": [{"id": 1, "title": "Bug", "color": "31CC7C"}], "assignedUsers": [{"participant": {"uid": "ben"}, "type": 0}],
    "comments": [{"id": 1, "message": "Hello", "actorId": "ben"}],
}  # fmt: skip
_DECK = {
    "boards": {
        "1": {
            "id": 1,
            "title": "Plans",
            "labels": [{"id": 1, "title": "Bug", "color": "31CC7C"}],
            "stacks": {"6": {"id": 6, "title": "To do", "cards": [_DECK_CARD]}},
        }
    }
}

_TABLE = [
    ["Title", "Status", "Due date", "Labels", "Assignees", "Done", "Number", "Comment", "Size"],
    [
        "A",
        "Doing",
        "2026-03-05",
        "Bug (red), Web",
        "Ann; ben@example.com",
        "no",
        "WEB-1",
        "10/Jan/24 8:00 AM;Ben;Hello",
        "L",
    ],
    ["B", "Done", "13/03/2026 10:00", "", "", "yes", "WEB-2", "", ""],
]


def _csv() -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in _TABLE).encode()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in _TABLE:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


SOUND: dict[Format, Any] = {
    "trello": _TRELLO,
    "planka": _PLANKA,
    "wekan": _WEKAN,
    "deck": _DECK,
    "csv": _csv(),
    "xlsx": _xlsx(),
}
"""JSON as what is to be in it, other formats as their bytes."""


def damaged(value: Any, chance: random.Random, share: float = 0.02) -> Any:
    """JSON of which some pieces are something else now."""
    value = copy.deepcopy(value)
    spots = list(_spots(value))
    for container, key in chance.sample(spots, max(1, int(len(spots) * share))):
        alike = [each for each in _JUNK if type(each) is type(container[key])]
        container[key] = copy.deepcopy(chance.choice(alike if alike and chance.random() < 0.7 else _JUNK))
    return value


def torn(content: bytes, chance: random.Random) -> bytes:
    """Bytes of which some are missing, doubled or others."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.choice((0, 1, 8, 200)))
        middle = chance.choice((b"", b"\x00", b'"', b"\n", b",", b"\xff", content[start:end] * 2, chance.randbytes(8)))
        content = content[:start] + middle + content[end:]
    return content


def harmed(format: Format, chance: random.Random) -> bytes:
    """A file of the format that was sound once."""
    sound = SOUND[format]
    if isinstance(sound, bytes):
        return torn(sound, chance)
    content = msgspec.json.encode(damaged(sound, chance, 0.1))
    return torn(content, chance) if chance.random() < 0.3 else content


def _spots(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        return [(value, key) for key in value] + [spot for child in value.values() for spot in _spots(child)]
    if isinstance(value, list):
        return [(value, n) for n in range(len(value))] + [spot for child in value for spot in _spots(child)]
    return []
