"""Cards of a Planka board with what the other lists of the answers tell of them."""

from collections.abc import Iterator

from server.formats import foreign, priorities
from server.formats.board import pieces
from server.formats.planka import shapes
from server.formats.planka.answers import Answers
from server.formats.planka.shapes import Card
from server.formats.run import Run


class Cards:
    """`lists` are those of the board; cards of its trash are left out."""

    def __init__(self, answers: Answers, lists: dict[str, shapes.List], run: Run) -> None:
        self._run, self._lists = run, lists
        findings = run.findings
        found = foreign.read_all(answers.of("cards"), Card, "card", findings)
        self._cards = {card.id: card for card in run.once(found, lambda card: card.id, "card") if self._keeps(card)}
        members = foreign.read_all(answers.of("card_memberships"), shapes.CardMembership, "member of a card", findings)
        self._people = foreign.grouped(members, lambda each: each.card_id)
        labels = foreign.read_all(answers.of("card_labels"), shapes.CardLabel, "label of a card", findings)
        self._labels = foreign.grouped(labels, lambda each: each.card_id)
        lists_ = foreign.read_all(answers.of("task_lists"), shapes.TaskList, "task list", findings)
        self._checklists = foreign.grouped(lists_, lambda each: each.card_id)
        items = foreign.read_all(answers.of("tasks"), shapes.Task, "task", findings)
        self._items = foreign.grouped(items, lambda each: each.task_list_id or f"card {each.card_id}")
        fields = foreign.read_all(answers.of("custom_fields"), shapes.Named, "custom field", findings)
        self._fields = {field.id: field.name or "Field" for field in fields}
        values = foreign.read_all(answers.of("custom_field_values"), shapes.FieldValue, "custom field value", findings)
        self._values = foreign.grouped(values, lambda each: each.card_id)
        attachments = foreign.read_all(answers.of("attachments"), shapes.Attachment, "attachment", findings)
        self._attachments = foreign.grouped(attachments, lambda each: each.card_id)
        comments = foreign.read_all(answers.of("comments"), shapes.Comment, "comment", findings)
        self._comments = foreign.grouped(comments, lambda each: each.card_id)
        self._note_strays()

    def places(self) -> list[pieces.Place]:
        return [
            pieces.Place(id=card.id, list=self._list_of(card), pos=card.position or 0) for card in self._cards.values()
        ]

    def read(self, id: str) -> pieces.Card:
        card = self._cards[id]
        rows = list(self._rows(card))
        return pieces.Card(
            id=id,
            list=self._list_of(card),
            title=card.name,
            description=card.description or "",
            priority=next((priorities.guess(value) for name, value in rows if priorities.is_priority(name)), None),
            labels=[each.label_id for each in self._labels.get(id, ())],
            people=[each.user_id for each in self._people.get(id, ())],
            author=card.creator_user_id,
            due=card.due_date,
            marked_done=card.is_closed or card.is_due_completed or card.is_due_date_completed,
            completed_at=foreign.moment(card.list_changed_at),
            archived=self._kind(card.list_id) == "archive",
            archived_at=foreign.moment(card.list_changed_at),
            created_at=foreign.moment(card.created_at),
            updated_at=foreign.moment(card.updated_at),
            fields=rows,
            links=list(self._links(card)),
            checklists=list(self._checklists_of(id)),
            comments=list(self._said(card)),
        )

    def _kind(self, list_: str) -> str:
        return self._lists[list_].type if list_ in self._lists else "active"

    def _list_of(self, card: Card) -> str:
        """An archived card stands where it came from, if that is known."""
        if self._kind(card.list_id) == "archive" and card.prev_list_id in self._lists:
            return card.prev_list_id
        return card.list_id

    def _keeps(self, card: Card) -> bool:
        if self._kind(card.list_id) == "trash":
            self._run.findings.dropped("Cards in the trash.", card.name)
            return False
        return True

    def _rows(self, card: Card) -> Iterator[tuple[str, str]]:
        for each in self._values.get(card.id, ()):
            if each.custom_field_id not in self._fields:
                self._run.findings.guessed("Names of custom fields that the file does not tell.", str(each.content))
            self._run.findings.mapped("Custom fields became a table at the end of the description.", card.name)
            yield self._fields.get(each.custom_field_id, "Field"), str(each.content)
        if card.stopwatch and card.stopwatch.total:
            self._run.findings.mapped("Time spent stands in the table at the end of the description.", card.name)
            yield "Time spent", f"{card.stopwatch.total / 60:g} min"
        if card.cover_attachment_id:
            self._run.findings.dropped("Card covers.", card.name)

    def _links(self, card: Card) -> Iterator[pieces.Link]:
        for each in self._attachments.get(card.id, ()):
            url = each.data.url or each.url
            if not url:
                self._run.findings.dropped("Attachments without an address.", each.name)
                continue
            kind = "Attached links" if each.type == "link" else "Files stay at Planka and ask for a sign-in there"
            self._run.findings.mapped(f"{kind}; they are linked at the end of the description.", each.name)
            yield pieces.Link(title=each.name, url=url)

    def _checklists_of(self, card: str) -> Iterator[pieces.Checklist]:
        for each in sorted(self._checklists.get(card, ()), key=lambda each: (each.position or 0, each.id)):
            yield pieces.Checklist(name=each.name, items=self._items_of(each.id))
        if f"card {card}" in self._items:
            yield pieces.Checklist(items=self._items_of(f"card {card}"))

    def _items_of(self, list_: str) -> list[pieces.Item]:
        found = sorted(self._items.get(list_, ()), key=lambda item: (item.position or 0, item.id))
        return [
            pieces.Item(id=item.id, text=item.name, done=item.is_completed, person=item.assignee_user_id)
            for item in found
        ]

    def _said(self, card: Card) -> Iterator[pieces.Said]:
        said = self._comments.get(card.id, [])
        if card.comments_total > len(said):
            missing = card.comments_total - len(said)
            self._run.findings.dropped("Comments that are counted but not in the file.", card.name, count=missing)
        for each in said:
            created, edited = foreign.moment(each.created_at), foreign.moment(each.updated_at)
            yield pieces.Said(id=each.id, text=each.text, author=each.user_id, created=created, edited=edited)

    def _note_strays(self) -> None:
        for what, by_card in (
            ("Checklists", self._checklists),
            ("Attachments", self._attachments),
            ("Comments", self._comments),
            ("Custom field values", self._values),
        ):
            strays = sum(len(of) for id, of in by_card.items() if id not in self._cards)
            if strays:
                self._run.findings.dropped(f"{what} of cards that are not in the file.", count=strays)
