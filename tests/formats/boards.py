"""Trello boards made by hand: the smallest sound one, and pieces to put into it."""

from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from server.domain.records import Record
from server.formats.choices import Choices
from server.formats.detection import Format
from server.formats.report import Note, Translation
from server.formats.translators import TRANSLATORS
from server.formats.trello import translate

IMPORT = UUID("6f3f9d58-37c7-4a36-9a2f-0c6f8b1f4d11")
NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)

R = TypeVar("R", bound=Record)
Json = dict[str, Any]


def board(**parts: Any) -> Json:
    return {"id": "b", "name": "Plans", "desc": "", "lists": [a_list("l")], "cards": [], **parts}


def a_list(id: str, name: str = "To do", **fields: Any) -> Json:
    return {"id": id, "name": name, "closed": False, "pos": 16384, **fields}


def card(id: str, **fields: Any) -> Json:
    return {"id": id, "name": f"Card {id}", "idList": "l", "pos": 16384, "closed": False, **fields}


def action(id: str, type: str, date: str = "2026-03-01T10:00:00.000Z", by: str = "ann", **data: Any) -> Json:
    creator = {"id": by, "fullName": by.title(), "username": by}
    return {"id": id, "type": type, "date": date, "idMemberCreator": by, "memberCreator": creator, "data": data}


def said(id: str, text: str, on: str, **fields: Any) -> Json:
    return action(id, "commentCard", text=text, card={"id": on}, **fields)


def translated(**parts: Any) -> Translation:
    return translate(msgspec.json.encode(board(**parts)), import_id=IMPORT, now=NOW)


def read(format: Format, content: Any, **choices: Any) -> Translation:
    """The file, or what is to be in it as JSON, as the importer of that format understands it."""
    file = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return TRANSLATORS[format](file, import_id=IMPORT, now=NOW, choices=Choices(**choices))


def records(translation: Translation, type_: type[R]) -> list[R]:
    return [imported.record for imported in translation.records if isinstance(imported.record, type_)]


def only(translation: Translation, type_: type[R]) -> R:
    (record,) = records(translation, type_)
    return record


def note(notes: tuple[Note, ...], beginning: str) -> Note:
    (found,) = [note for note in notes if note.text.startswith(beginning)]
    return found
