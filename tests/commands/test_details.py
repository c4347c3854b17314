"""The verbs of what hangs on a task: comments and checklists; and labels, which hang on nothing."""

import pytest

from server.commands.checklists import ITEMS_MAX
from server.domain import commands as c
from server.domain.commands import Anchor
from server.domain.errors import Conflict, Forbidden, NotFound, TooLarge
from server.domain.ids import new_id
from server.domain.records import ChecklistItem, Comment, Label
from tests.commands.scene import stored
from tests.helpers.board import Board

# Labels


async def labels(board: Board) -> list[tuple[str, str]]:
    return sorted((label.name, label.color) for label in (await board.snapshot()).labels)


async def test_a_label_may_be_nameless_and_its_colour_is_canonical(board: Board) -> None:
    one, two = new_id(), new_id()
    await board.submit(c.CreateLabel(id=one, name="", color="RED"), c.CreateLabel(id=two, name="Soon", color="#A1B2C3"))
    assert await labels(board) == [("", "red"), ("Soon", "#a1b2c3")]
    assert (await board.submit(c.UpdateLabel(id=two, color="#a1B2c3"))).noop


async def test_a_deleted_label_stays_on_its_tasks_unseen_until_it_is_restored(board: Board) -> None:
    label = new_id()
    await board.submit(c.CreateLabel(id=label, name="Soon", color="red"))
    task = await board.task(label_ids=(label,))
    await board.submit(c.DeleteLabel(id=label))
    assert len(board.announced[-1].change.ops) == 1
    assert ((await board.snapshot()).labels, (await board.get(task)).label_ids) == ((), (label,))
    with pytest.raises(NotFound):
        await board.submit(c.UpdateLabel(id=label, name="Late"))
    await board.submit(c.RestoreLabel(id=label))
    assert (await board.snapshot()).labels == (Label(id=label, name="Soon", color="red"),)
    assert (await board.submit(c.RestoreLabel(id=label))).noop


async def test_labels_conflict_field_by_field(board: Board) -> None:
    label = new_id()
    await board.submit(c.CreateLabel(id=label, name="Soon", color="red"))
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateLabel(id=label, name="Now"))
    await board.submit(c.UpdateLabel(id=label, color="blue", base_seq=read))
    with pytest.raises(Conflict) as refused:
        await board.submit(c.UpdateLabel(id=label, name="Late", color="blue", base_seq=read))
    assert refused.value.current == {"name": "Now", "color": "blue"}


# Comments


async def comments(board: Board) -> list[Comment]:
    detail = await board.detail((await board.snapshot()).tasks[0].id)
    assert detail is not None
    return detail.comments


async def test_nobody_edits_anothers_words_but_an_admin_deletes_and_restores_them(board: Board) -> None:
    task, id = await board.task(), new_id()
    cora, ed = await board.member("Cora", "commenter"), await board.member("Ed", "editor")
    await board.submit(c.AddComment(id=id, task_id=task, text="Mine"), actor=cora)
    before = await stored(board)
    for actor in (ed, board.actor):
        with pytest.raises(Forbidden):
            await board.submit(c.EditComment(id=id, text="Yours"), actor=actor)
    with pytest.raises(Forbidden):
        await board.submit(c.DeleteComment(id=id), actor=ed)
    assert await stored(board) == before
    await board.submit(c.EditComment(id=id, text="Mine still"), actor=cora)
    await board.submit(c.DeleteComment(id=id))
    with pytest.raises(Forbidden):
        await board.submit(c.RestoreComment(id=id), actor=ed)
    await board.submit(c.RestoreComment(id=id), actor=cora)
    (found,) = await comments(board)
    assert (found.text, found.author_id, found.edited_at is None) == ("Mine still", cora.id, False)


async def test_comments_are_counted_as_they_come_and_go(board: Board) -> None:
    task, one, two = await board.task(), new_id(), new_id()
    counts = []
    for command in (
        c.AddComment(id=one, task_id=task, text="One"),
        c.AddComment(id=two, task_id=task, text="Two"),
        c.DeleteComment(id=one),
        c.RestoreComment(id=one),
        c.RestoreComment(id=one),
        c.DeleteComment(id=two),
    ):
        await board.submit(command)
        counts.append((await board.get(task)).comment_count)
    assert counts == [1, 2, 1, 2, 2, 1]
    with pytest.raises(NotFound):
        await board.submit(c.DeleteComment(id=two))
    with pytest.raises(NotFound):
        await board.submit(c.EditComment(id=two, text="Late"))


async def test_a_comment_is_edited_only_when_its_words_change(board: Board) -> None:
    task, id = await board.task(), new_id()
    await board.submit(c.AddComment(id=id, task_id=task, text="Words"))
    assert (await board.submit(c.EditComment(id=id, text="Words"))).noop
    assert (await comments(board))[0].edited_at is None
    read = (await board.snapshot()).seq
    await board.submit(c.EditComment(id=id, text="Better words"))
    with pytest.raises(Conflict):
        await board.submit(c.EditComment(id=id, text="Other words", base_seq=read))


async def test_what_hangs_on_a_deleted_task_is_not_found(board: Board) -> None:
    task, said, item = await board.task(), new_id(), new_id()
    gone, lost = new_id(), new_id()
    await board.submit(
        *(c.AddComment(id=id, task_id=task, text="Hi") for id in (said, gone)),
        *(c.AddChecklistItem(id=id, task_id=task, text="Step") for id in (item, lost)),
        c.DeleteComment(id=gone),
        c.DeleteChecklistItem(id=lost),
        c.DeleteTask(id=task),
    )
    for command in (
        c.EditComment(id=said, text="X"),
        c.DeleteComment(id=said),
        c.RestoreComment(id=gone),
        c.UpdateChecklistItem(id=item, done=True),
        c.MoveChecklistItem(id=item, place="top"),
        c.DeleteChecklistItem(id=item),
        c.RestoreChecklistItem(id=lost),
    ):
        with pytest.raises(NotFound):
            await board.submit(command)
    await board.submit(c.RestoreTask(id=task), c.RestoreComment(id=gone), c.RestoreChecklistItem(id=lost))
    found = await board.get(task)
    assert (found.comment_count, found.checklist_total) == (2, 2)


# Checklists


async def items(board: Board) -> list[ChecklistItem]:
    detail = await board.detail((await board.snapshot()).tasks[0].id)
    assert detail is not None
    return sorted(detail.checklist_items, key=lambda item: item.rank)


async def test_items_stand_where_their_places_say(board: Board) -> None:
    task = await board.task()
    a, b, x, y = (new_id() for _ in range(4))
    await board.submit(
        c.AddChecklistItem(id=a, task_id=task, text="a"),
        c.AddChecklistItem(id=b, task_id=task, text="b"),
        c.AddChecklistItem(id=x, task_id=task, text="x", place="top"),
        c.AddChecklistItem(id=y, task_id=task, text="y", place=Anchor(before=b)),
    )
    assert [item.text for item in await items(board)] == list("xayb")
    await board.submit(c.MoveChecklistItem(id=x, place="bottom"), c.MoveChecklistItem(id=b, place=Anchor(before=a)))
    assert [item.text for item in await items(board)] == list("bayx")
    assert (await board.submit(c.MoveChecklistItem(id=x, place="bottom"))).noop


async def test_an_item_of_another_task_is_an_anchor_that_left(board: Board) -> None:
    one, two = await board.task(), await board.task()
    foreign, first, second = (new_id() for _ in range(3))
    await board.submit(
        c.AddChecklistItem(id=foreign, task_id=two, text="foreign"),
        c.AddChecklistItem(id=first, task_id=one, text="first"),
        c.AddChecklistItem(id=second, task_id=one, text="second", place=Anchor(before=foreign)),
    )
    detail = await board.detail(one)
    assert detail is not None
    assert [item.text for item in sorted(detail.checklist_items, key=lambda item: item.rank)] == ["first", "second"]


async def test_items_are_counted_done_or_not_as_they_come_and_go(board: Board) -> None:
    task, one, two = await board.task(), new_id(), new_id()
    counts = []
    for command in (
        c.AddChecklistItem(id=one, task_id=task, text="One"),
        c.AddChecklistItem(id=two, task_id=task, text="Two"),
        c.UpdateChecklistItem(id=one, done=True),
        c.UpdateChecklistItem(id=one, done=True, text="One!"),
        c.DeleteChecklistItem(id=one),
        c.UpdateChecklistItem(id=two, done=True),
        c.RestoreChecklistItem(id=one),
        c.RestoreChecklistItem(id=one),
        c.UpdateChecklistItem(id=two, done=False),
    ):
        await board.submit(command)
        found = await board.get(task)
        counts.append((found.checklist_total, found.checklist_done))
    assert counts == [(1, 0), (2, 0), (2, 1), (2, 1), (1, 0), (1, 1), (2, 2), (2, 2), (2, 1)]


async def test_a_checklist_has_at_most_five_hundred_items(board: Board) -> None:
    task, last = await board.task(), new_id()
    await board.submit(
        *(c.AddChecklistItem(id=new_id(), task_id=task, text="Step") for _ in range(ITEMS_MAX - 1)),
        c.AddChecklistItem(id=last, task_id=task, text="Last"),
    )
    with pytest.raises(TooLarge):
        await board.submit(c.AddChecklistItem(id=new_id(), task_id=task, text="One more"))
    await board.submit(c.DeleteChecklistItem(id=last))
    await board.submit(c.AddChecklistItem(id=new_id(), task_id=task, text="In its place"))
    with pytest.raises(TooLarge):
        await board.submit(c.RestoreChecklistItem(id=last))


async def test_items_conflict_field_by_field(board: Board) -> None:
    task, item = await board.task(), new_id()
    await board.submit(c.AddChecklistItem(id=item, task_id=task, text="Step"))
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateChecklistItem(id=item, done=True))
    await board.submit(c.UpdateChecklistItem(id=item, text="Step 1", base_seq=read))
    with pytest.raises(Conflict):
        await board.submit(c.UpdateChecklistItem(id=item, done=False, base_seq=read))
