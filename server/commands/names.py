"""Who and what the names in a spelled task stand for: labels, people, priorities. Names are compared without case and outer spaces."""

from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from server.domain import commands as c
from server.domain.errors import Invalid
from server.domain.ids import child_id
from server.domain.records import Kind, Member
from server.storage.accounts import normal_email
from server.storage.draft import Draft
from server.storage.reads import Reads

NEW_LABEL_COLOR = "gray"


def reads(said: c.Spelling, found: Reads) -> None:
    found.all_of.add("column")
    if isinstance(said.column_id, UUID):
        found.row("column", said.column_id)
    if isinstance(said.labels, tuple):
        found.all_of.add("label")
    for kind, ids in (("label", said.label_ids), ("member", said.assignee_ids)):
        if isinstance(ids, tuple):
            found.rows.update((kind, id) for id in ids)  # type: ignore[misc]
    for name in said.assignees or ():
        if (id := _id(name)) is not None:
            found.row("member", id)
        elif (address := _address(name)) is not None:
            found.accounts.add(address)


def labels(draft: Draft, said: c.Spelling) -> tuple[tuple[UUID, ...] | None, list[c.CreateLabel]]:
    """The labels that are said, None where nothing is; and those of them that have to be made."""
    if said.labels is UNSET:
        return _known(draft, "label", said.label_ids), []
    live = (row.record for row in draft.rows.every("label") if row.deleted_at is None)
    ids: dict[str, UUID] = {}
    for label in sorted(live, key=lambda label: label.id):
        ids.setdefault(label.name.strip().casefold(), label.id)
    made: list[c.CreateLabel] = []
    found: dict[UUID, None] = {}
    for index, name in enumerate(said.labels or ()):
        folded = name.strip().casefold()
        if folded not in ids:
            made.append(_made(child_id(draft.project, f"{draft.seq} {folded}"), name, index))
            ids[folded] = made[-1].id
        found[ids[folded]] = None
    return tuple(found), made


def people(draft: Draft, said: c.Spelling) -> tuple[UUID, ...] | None:
    """The members that are said, None where nothing is."""
    if said.assignees is UNSET:
        return _known(draft, "member", said.assignee_ids)
    found = (_member(draft, name, f"/assignees/{index}") for index, name in enumerate(said.assignees or ()))
    return tuple(dict.fromkeys(found))


def priority(said: Any) -> int | None | UnsetType:
    """The number of a priority, said by number or by name."""
    return c.PRIORITIES[said] if isinstance(said, str) else said  # type: ignore[index]


def _made(id: UUID, name: str, index: int) -> c.CreateLabel:
    if not name.strip():
        raise Invalid.at(f"/labels/{index}", "A label is named by more than spaces.")
    try:
        return c.CreateLabel(id=id, name=name.strip(), color=NEW_LABEL_COLOR)
    except ValueError as wrong:
        raise Invalid.at(f"/labels/{index}", str(wrong)) from None


def _known(draft: Draft, kind: Kind, ids: tuple[UUID, ...] | None | UnsetType) -> tuple[UUID, ...] | None:
    if ids is UNSET:
        return None
    for index, id in enumerate(ids or ()):
        if draft.row(kind, id) is None:
            field = {"label": "label_ids"}.get(kind, "assignee_ids")
            raise Invalid.at(f"/{field}/{index}", f"There never was such a {kind}.")
    return tuple(dict.fromkeys(ids or ()))


def _member(draft: Draft, name: str, pointer: str) -> UUID:
    """By the words of who asks nobody learns whether an address that is not in the project has an account."""
    if name.strip().lower() == "me":
        return draft.actor.id
    if (id := _id(name)) is not None:
        if draft.row("member", id) is None:
            raise Invalid.at(pointer, "There never was such a member.")
        return id
    address = _address(name)
    account = None if address is None else draft.rows.accounts[address]
    if account is not None:
        draft.require(Reads().row("member", account.id))
        member = draft.peek("member", account.id, Member)
        if member is not None and member.role is not None:
            return member.id
    raise Invalid.at(pointer, "This is no member's id, no address of a member, and not `me`.")


def _id(name: str) -> UUID | None:
    try:
        return UUID(name.strip()) if len(name.strip()) == 36 else None
    except ValueError:
        return None


def _address(name: str) -> str | None:
    try:
        return normal_email(name)
    except ValueError:
        return None
