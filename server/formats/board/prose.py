"""A card's description: its whole title if that was cut, the text, a table of custom fields, and links to its attachments."""

from collections.abc import Sequence

from server.domain import text
from server.formats import fitting
from server.formats.board.pieces import Card, Link
from server.formats.report import Findings


def describe(card: Card, findings: Findings) -> str:
    """Markdown within the limit; empty when there is nothing to say."""
    head = _whole_title(card, findings)
    tail = _joined(_table(card.fields), _links(card.links))
    body = fitting.prose(card.description).strip("\n")
    room = text.DESCRIPTION_MAX - len(head) - len(tail) - len("\n\n") * 2
    if len(body) > room:
        findings.dropped("The end of descriptions over 50,000 characters.", card.title)
        body = fitting.cut(body, max(room, 1))
    return fitting.cut(_joined(head, body, tail), text.DESCRIPTION_MAX)


def _whole_title(card: Card, findings: Findings) -> str:
    title = fitting.line(card.title)
    if len(title) <= text.TITLE_MAX:
        return ""
    findings.mapped(
        "Titles over 200 characters were cut; they stand whole at the head of the description.", card.title[:60]
    )
    return title


def _table(rows: Sequence[tuple[str, str]]) -> str:
    if not rows:
        return ""
    lines = (f"| {fitting.cell(name)} | {fitting.cell(value)} |" for name, value in rows)
    return "\n".join(("| Field | Value |", "| --- | --- |", *lines))


def _links(links: Sequence[Link]) -> str:
    kept = [link for link in links if link.url]
    return (
        "\n".join(("Attachments:", "", *(f"- {fitting.link(link.title, link.url)}" for link in kept))) if kept else ""
    )


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part.strip())
