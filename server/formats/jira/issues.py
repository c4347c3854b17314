"""Issues with what stands in them: Jira writes texts as HTML and times as mail does."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from server.formats import markup, priorities
from server.formats.board import pieces
from server.formats.report import Person
from server.formats.run import Run
from server.formats.table.numbers import numbers
from server.formats.table.values import category

_NOBODY = frozenset({"", "-1"})
_ROWS = {
    "key": "Issue key",
    "type": "Type",
    "resolution": "Resolution",
    "parent": "Parent",
    "environment": "Environment",
    "fixVersion": "Fix version",
    "version": "Version",
    "component": "Component",
}
_UNTOLD = frozenset({"Unresolved"})
_INTERNAL = ("gh-lexo-rank", "devsummarycf")


class Issues:
    def __init__(self, found: Sequence[Element], run: Run) -> None:
        self._run = run
        named = [(f"issue {_text(issue, 'key') or n}", issue) for n, issue in enumerate(found)]
        self._issues = dict(run.once(named, lambda each: each[0], "issue"))
        self._numbers = numbers({id: _text(issue, "key") for id, issue in self._issues.items()})
        self.people = dict(self._everybody())

    def project(self) -> str:
        names = {_text(issue, "project") for issue in self._issues.values()}
        return names.pop() if len(names) == 1 else ""

    def lists(self) -> list[pieces.List]:
        statuses: dict[str, str] = {}
        for issue in self._issues.values():
            found = issue.find("statusCategory")
            statuses.setdefault(_text(issue, "status"), found.get("key", "") if found is not None else "")
        order = ("new", "", "indeterminate", "done")
        names = sorted(statuses, key=lambda name: order.index(statuses[name]) if statuses[name] in order else 1)
        return [
            pieces.List(id=name, name=name, pos=n, category=category(statuses[name])) for n, name in enumerate(names)
        ]

    def labels(self) -> dict[str, pieces.Label]:
        names = {name for issue in self._issues.values() for name in _labels(issue)}
        return {f"label {name}": pieces.Label(id=f"label {name}", name=name) for name in sorted(names)}

    def places(self) -> list[pieces.Place]:
        return [
            pieces.Place(id=id, list=_text(issue, "status"), pos=n, number=self._numbers.get(id))
            for n, (id, issue) in enumerate(self._issues.items())
        ]

    def read(self, id: str) -> pieces.Card:
        issue = self._issues[id]
        due = self._moment(_text(issue, "due"))
        assignee = _person(issue.find("assignee"))
        author = _person(issue.find("reporter"))
        return pieces.Card(
            id=id,
            list=_text(issue, "status"),
            title=_text(issue, "summary") or _text(issue, "title"),
            description=markup.markdown(_text(issue, "description")),
            priority=priorities.guess(_text(issue, "priority")),
            labels=[f"label {name}" for name in _labels(issue)],
            people=[assignee.id] if assignee else [],
            author=author.id if author else None,
            due=due.date().isoformat() if due else None,
            completed_at=self._moment(_text(issue, "resolved")),
            created_at=self._moment(_text(issue, "created")),
            updated_at=self._moment(_text(issue, "updated")),
            fields=list(self._rows(issue)),
            links=list(self._links(issue)),
            comments=[self._said(comment) for comment in issue.iterfind("./comments/comment")],
        )

    def _everybody(self) -> Iterator[tuple[str, Person]]:
        for issue in self._issues.values():
            for person in filter(None, (_person(issue.find(role)) for role in ("assignee", "reporter"))):
                yield person.id, person

    def _rows(self, issue: Element) -> Iterator[tuple[str, str]]:
        for tag, name in _ROWS.items():
            value = ", ".join(filter(None, map(_said, issue.findall(tag))))
            if value and value not in _UNTOLD:
                yield name, markup.markdown(value)
        for link in issue.iterfind("./issuelinks/issuelinktype"):
            for way in (*link.findall("outwardlinks"), *link.findall("inwardlinks")):
                yield (
                    (way.get("description") or _text(link, "name")).capitalize(),
                    ", ".join(map(_said, way.iter("issuekey"))),
                )
        for field in issue.iterfind("./customfields/customfield"):
            value = ", ".join(filter(None, map(_said, field.iter("customfieldvalue"))))
            if value and not field.get("key", "").endswith(_INTERNAL):
                self._run.findings.mapped(
                    "Custom fields became a table at the end of the description.", _text(issue, "key")
                )
                yield _text(field, "customfieldname") or "Field", markup.markdown(value)

    def _links(self, issue: Element) -> Iterator[pieces.Link]:
        site = urlsplit(_text(issue, "link"))
        for each in issue.iterfind("./attachments/attachment"):
            name, id = each.get("name", ""), each.get("id", "")
            text = "Files stay at Jira and ask for a sign-in there; they are linked at the end of the description."
            self._run.findings.mapped(text, name)
            url = f"{site.scheme}://{site.netloc}/secure/attachment/{quote(id)}/{quote(name)}"
            yield pieces.Link(title=name, url=url)

    def _said(self, comment: Element) -> pieces.Said:
        author = comment.get("author", "")
        return pieces.Said(
            id=f"comment {comment.get('id', '')}",
            text=markup.markdown(_said(comment)),
            author=None if author in _NOBODY else f"person {author}",
            created=self._moment(comment.get("created", "")),
        )

    def _moment(self, written: str) -> datetime | None:
        if not written:
            return None
        try:
            moment = parsedate_to_datetime(written[:100])
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            self._run.findings.dropped("Dates that cannot be read.", written[:40])
            return None


def _person(element: Element | None) -> Person | None:
    if element is None:
        return None
    id = element.get("accountid") or element.get("username") or ""
    return None if id in _NOBODY else Person(f"person {id}", _said(element))


def _labels(issue: Element) -> list[str]:
    return [name for each in issue.iterfind("./labels/label") if (name := _said(each))]


def _text(element: Element, tag: str) -> str:
    found = element.find(tag)
    return _said(found) if found is not None else ""


def _said(element: Element) -> str:
    return (element.text or "").strip()
