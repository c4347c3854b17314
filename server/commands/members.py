"""The verbs of members. The last admin can neither leave nor be demoted."""

from uuid import UUID

from server.domain import commands as c
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.records import Member, Role
from server.storage.accounts import FORMER_MEMBER, normal_email
from server.storage.draft import Draft
from server.storage.reads import Reads


def add_reads(command: c.AddMember, project: UUID, found: Reads) -> None:
    found.accounts.add(_asked(command))


def add_member(command: c.AddMember, draft: Draft) -> None:
    account = draft.rows.accounts[_asked(command)]
    if account is None:
        raise NotFound("Nobody has an account with this e-mail." if command.email else "There is no such user.")
    draft.require(Reads().row("member", account.id))
    member = draft.peek("member", account.id, Member)
    if member is None:
        draft.create(
            "member",
            Member(id=account.id, user_id=account.id, name=account.name, role=command.role, kind=account.kind),
        )
    elif member.role is not None:
        raise Conflict(f"{member.name} is a member already.", current={"role": member.role})
    else:
        draft.patch("member", member.id, user_id=account.id, name=account.name, role=command.role)


def reads(command: c.SetMemberRole | c.RemoveMember, project: UUID, found: Reads) -> None:
    found.all_of.add("member")
    found.row("member", command.id)


def set_member_role(command: c.SetMemberRole, draft: Draft) -> None:
    member = _present(draft, command.id)
    _keep_an_admin(draft, member, command.role)
    draft.patch("member", member.id, role=command.role)


def remove_member(command: c.RemoveMember, draft: Draft) -> None:
    member = _present(draft, command.id)
    if member.id != draft.actor.id and draft.role != "admin":
        raise Forbidden("Only an admin removes others.")
    _keep_an_admin(draft, member, None)
    draft.patch("member", member.id, role=None)


def profile_reads(command: c.UpdateProfile | c.ForgetUser, project: UUID, found: Reads) -> None:
    found.all_of.add("member")


def update_profile(command: c.UpdateProfile, draft: Draft) -> None:
    draft.patch("member", draft.actor.id, name=command.name)


def forget_user(command: c.ForgetUser, draft: Draft) -> None:
    member = draft.find("member", draft.actor.id, Member)
    if draft.head.deleted_at is None:
        _keep_an_admin(draft, member, None)
    draft.patch("member", member.id, user_id=None, name=FORMER_MEMBER, role=None)


def _asked(command: c.AddMember) -> str:
    """Accounts are kept by the normal form of their address; what is no address finds none."""
    if command.email is None:
        return str(command.user_id)
    try:
        return normal_email(command.email)
    except ValueError:
        return command.email.lower()


def _present(draft: Draft, id: UUID) -> Member:
    member = draft.find("member", id, Member)
    if member.role is None:
        raise NotFound("There is no such member.")
    return member


def _keep_an_admin(draft: Draft, member: Member, role: Role | None) -> None:
    admins = {row.record.id for row in draft.rows.every("member") if row.record.role == "admin"}
    if role != "admin" and admins == {member.id}:
        raise Conflict("A project keeps at least one admin.")
