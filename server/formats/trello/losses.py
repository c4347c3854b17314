"""What a card has on Trello and not here, said once for each kind of loss."""

from server.formats.report import Findings
from server.formats.trello.shapes import Card


def note_losses(card: Card, comments: int, findings: Findings) -> None:
    """`comments` is how many of them the file holds."""
    for text, lost in _losses(card).items():
        if lost:
            findings.dropped(text, card.name)
    missing = card.badges.comments - comments
    if missing > 0:
        findings.dropped("Comments that are counted but not in the file.", card.name, count=missing)
    if card.is_template:
        findings.mapped("Card templates became ordinary tasks.", card.name)
    if card.location_name or card.address:
        findings.mapped("Places stand in the table at the end of the description.", card.name)


def _losses(card: Card) -> dict[str, bool]:
    cover = card.cover
    return {
        "Card covers.": bool(cover.color or cover.id_attachment or cover.id_uploaded_background),
        "Reminders of due dates.": card.due_reminder is not None and card.due_reminder >= 0,
        "Repetitions of cards.": card.recurrence_rule is not None,
        "Votes.": card.badges.votes > 0,
        "What power-ups keep on cards.": bool(card.plugin_data),
        "The tie of mirror cards to their source.": card.mirror_source_id is not None,
    }
