"""Boards as tests need them, set up and looked at through REST as their owner."""

from typing import Any
from uuid import uuid4

from tests.helpers.people import Message, Person


async def submit(person: Person, project: str, *commands: Message) -> int:
    """Commands that must be taken; returns their seq."""
    made = await person.rest("POST", f"/v1/projects/{project}/commands", json={"commands": commands})
    assert made.status_code == 200, made.text
    return int(made.json()["seq"])


async def columns(person: Person, project: str) -> dict[str, str]:
    """Ids of the columns by name."""
    return {column["name"]: column["id"] for column in (await person.snapshot(project))["columns"]}


async def add_task(person: Person, project: str, title: str, column: str = "To do", **fields: Any) -> str:
    """A card at the bottom of a column; returns its id."""
    id = str(uuid4())
    column_id = (await columns(person, project))[column]
    await submit(person, project, {"type": "create_task", "id": id, "column_id": column_id, "title": title, **fields})
    return id


async def description(person: Person, project: str, task: str) -> str:
    found = await person.rest("GET", f"/v1/projects/{project}/tasks/{task}")
    assert found.status_code == 200, found.text
    return str(found.json()["description"]["text"])
