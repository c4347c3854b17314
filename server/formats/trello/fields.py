"""Custom fields: what a card's values are as text, and whether one of them tells its priority."""

from collections.abc import Iterator
from typing import Any

from server.formats import fitting, foreign, priorities
from server.formats.run import Run
from server.formats.trello.shapes import Board, Card, CustomField, CustomFieldItem, Option


class Fields:
    def __init__(self, board: Board, run: Run) -> None:
        self._run = run
        found = foreign.read_all(board.custom_fields, CustomField, "custom field", run.findings)
        fields = sorted(
            run.once(found, lambda field: field.id, "custom field"), key=lambda field: (field.pos, field.id)
        )
        self._fields = {field.id: field for field in fields}
        self._options = {
            option.id: str(option.value.get("text", ""))
            for field in fields
            for option in foreign.read_all(field.options, Option, "option of a custom field", run.findings)
        }

    def rows(self, card: Card) -> list[tuple[str, str]]:
        """Names and values, in the order of the board's fields."""
        values = {field.id: value for field, value in self._values(card)}
        if values:
            self._run.findings.mapped("Custom fields became a table at the end of the description.", card.name)
        return [(field.name or "Field", values[id]) for id, field in self._fields.items() if id in values]

    def priority(self, card: Card) -> int | None:
        """1 to 10, if a list field of that name says so."""
        for field, value in self._values(card):
            if field.type == "list" and priorities.is_priority(field.name):
                priority = priorities.guess(value)
                if priority is not None:
                    self._run.findings.guessed("Priorities, from the field of that name.", f"{value}: {priority}")
                return priority
        return None

    def _values(self, card: Card) -> Iterator[tuple[CustomField, str]]:
        for item in foreign.read_all(
            card.custom_field_items, CustomFieldItem, "custom field value", self._run.findings
        ):
            field = self._fields.get(item.id_custom_field)
            value = self._options.get(item.id_value) if item.id_value else _shown(item.value or {})
            if field is None or value is None:
                self._run.findings.dropped(
                    "Values of custom fields or options that the file does not describe.", card.name
                )
            elif value:
                yield field, value


def _shown(value: dict[str, Any]) -> str:
    """Trello writes every value as text, in a field named after its type."""
    if "checked" in value:
        return "yes" if str(value["checked"]).lower() == "true" else "no"
    if "date" in value:
        date = fitting.date(str(value["date"]))
        return fitting.shown(date) if date else ""
    return str(value.get("text", value.get("number", "")))
