"""A card's description: its whole title if that was cut, the text, a table of custom fields, and links to its attachments."""

from server.domain import text
from server.formats import fitting, foreign
from server.formats.report import Findings
from server.formats.trello.shapes import Attachment, Card


def describe(card: Card, fields: list[tuple[str, str]], findings: Findings) -> str:
    """Markdown within the limit; empty when there is nothing to say."""
    head = _whole_title(card, findings)
    tail = _joined(_table([*fields, *_place(card)]), _links(card, findings))
    body = fitting.prose(card.desc).strip("\n")
    room = text.DESCRIPTION_MAX - len(head) - len(tail) - len("\n\n") * 2
    if len(body) > room:
        findings.dropped("The end of descriptions over 50,000 characters.", card.name)
        body = fitting.cut(body, max(room, 1))
    return fitting.cut(_joined(head, body, tail), text.DESCRIPTION_MAX)


def _whole_title(card: Card, findings: Findings) -> str:
    title = fitting.line(card.name)
    if len(title) <= text.TITLE_MAX:
        return ""
    findings.mapped(
        "Titles over 200 characters were cut; they stand whole at the head of the description.", card.name[:60]
    )
    return title


def _table(rows: list[tuple[str, str]]) -> str:
    if not rows:
        return ""
    lines = (f"| {fitting.cell(name)} | {fitting.cell(value)} |" for name, value in rows)
    return "\n".join(("| Field | Value |", "| --- | --- |", *lines))


def _place(card: Card) -> list[tuple[str, str]]:
    place = ", ".join(part for part in (card.location_name, card.address) if part)
    return [("Place", place)] if place else []


def _links(card: Card, findings: Findings) -> str:
    found = foreign.read_all(card.attachments, Attachment, "attachment", findings)
    attachments = [each for each in sorted(found, key=lambda each: (each.pos, each.id)) if each.url]
    if not attachments:
        return ""
    for each in attachments:
        kind = "Uploaded files stay at Trello and ask for a Trello sign-in" if each.is_upload else "Attached links"
        findings.mapped(f"{kind}; they are linked at the end of the description.", fitting.line(each.name))
    return "\n".join(("Attachments:", "", *(f"- {fitting.link(each.name, each.url)}" for each in attachments)))


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part.strip())
