"""Texts that two people write at once, that the server refuses, and that are not saved yet: none is lost, none is overwritten unseen."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.boards import add_task, description, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

LIST = "Spade\nGloves\nSeeds"


@fixture
async def task(ann: Person, milo: Person) -> tuple[str, str]:
    """A board and a card on it with a description that both may edit."""
    project = await ann.project()
    await ann.let_in(milo, project)
    return project, await add_task(ann, project, "Pack", description=LIST)


@fixture
async def his(screen: Open, milo: Person, task: tuple[str, str]) -> Screen:
    """Milo's page, with the card open."""
    his = await screen(milo, "/p/{}/t/{}".format(*task), permissions=["clipboard-read", "clipboard-write"])
    await his.described(LIST)
    return his


async def write(person: Person, task: tuple[str, str], words: str) -> None:
    """Saves a description from elsewhere."""
    head = (await person.snapshot(task[0]))["seq"]
    await submit(person, task[0], {"type": "describe_task", "id": task[1], "text": words, "base_seq": head})


async def test_what_others_write_elsewhere_in_the_text_comes_in_around_the_caret(
    his: Screen, ann: Person, task: tuple[str, str]
) -> None:
    await his.edit()
    await write(ann, task, f"Boots\n{LIST}")
    await his.written(f"Boots\n{LIST}")
    await his.page.keyboard.type(" and")
    await write(ann, task, "Spade\nGloves\nSeeds")
    await his.written("Spade\nGloves\nSeeds and")
    await his.page.keyboard.type(" twine")
    await his.written("Spade\nGloves\nSeeds and twine")
    await his.page.keyboard.press("Escape")
    await his.saved()
    assert await description(ann, task[0], task[1]) == "Spade\nGloves\nSeeds and twine"


async def test_an_edit_made_offline_is_merged_with_what_was_written_meanwhile(
    his: Screen, ann: Person, task: tuple[str, str]
) -> None:
    await his.edit()
    await his.page.context.set_offline(True)
    await his.rewrite("Spade\nGloves\nSeeds and twine")
    await his.page.keyboard.press("Escape")
    await his.page.keyboard.press("Escape")
    await expect(his.sheet).to_have_count(0)
    await write(ann, task, "Spades\nGloves\nSeeds")
    await his.page.context.set_offline(False)
    await his.saved()
    await expect(his.page.get_by_role("alert")).to_have_count(0)
    await his.open_card("Pack")
    await his.described("Spades\nGloves\nSeeds and twine")


async def test_two_versions_of_one_place_outlive_a_reload_and_both_can_be_taken(
    his: Screen, ann: Person, task: tuple[str, str]
) -> None:
    await his.edit()
    await his.page.context.set_offline(True)
    await his.rewrite("Spade\nGloves\nPoppy seeds")
    await write(ann, task, "Spade\nGloves\nBeans")
    await his.page.context.set_offline(False)
    choice = his.sheet.get_by_role("alert")
    await expect(choice).to_contain_text("Ann changed the same part")
    await his.page.reload()
    await expect(his.sheet.get_by_label("Theirs", exact=True)).to_contain_text("Beans")
    await his.described("Spade\nGloves\nPoppy seeds")
    await his.sheet.get_by_role("button", name="Put both in the text").click()
    await expect(choice).to_have_count(0)
    await his.saved()
    assert await description(ann, task[0], task[1]) == "Spade\nGloves\nPoppy seeds\nBeans"


@pytest.mark.parametrize(
    "options", [{}, {"viewport": {"width": 360, "height": 640}, "has_touch": True}], ids=["keys", "phone"]
)
async def test_what_differs_is_marked_and_a_version_is_chosen_by_keyboard_and_on_a_phone(
    screen: Open, ann: Person, milo: Person, task: tuple[str, str], options: dict[str, Any]
) -> None:
    his = await screen(milo, "/p/{}/t/{}".format(*task), **options)
    await his.described(LIST)
    await his.edit()
    await his.page.context.set_offline(True)
    await his.rewrite("Spade\nGloves\nPoppy seeds")
    await write(ann, task, "Spade\nGloves\nBeans")
    await his.page.context.set_offline(False)
    await expect(his.sheet.get_by_role("alert")).to_contain_text("Ann changed the same part")
    await expect(his.sheet.get_by_label("Yours", exact=True).locator("mark")).to_have_text("Poppy seeds")
    await expect(his.sheet.get_by_label("Theirs", exact=True).locator("mark")).to_have_text("Beans")
    take = his.sheet.get_by_role("button", name="Take theirs")
    if options:
        for version in ("Yours", "Theirs"):
            box = await his.sheet.get_by_label(version, exact=True).bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
        await take.tap()
    else:
        await his.page.keyboard.press("Escape")
        await his.sheet.get_by_label("Yours", exact=True).focus()
        for _ in range(3):
            await his.page.keyboard.press("Tab")
        await expect(take).to_be_focused()
        await his.page.keyboard.press("Enter")
    await expect(take).to_have_count(0)
    await his.described("Spade\nGloves\nBeans")
    await his.saved()
    assert await description(ann, task[0], task[1]) == "Spade\nGloves\nBeans"


async def test_a_text_that_is_not_saved_yet_survives_a_reload(his: Screen, ann: Person, task: tuple[str, str]) -> None:
    await his.edit()
    await his.rewrite(f"Rope\n{LIST}")
    await his.page.reload()
    await his.described(f"Rope\n{LIST}")
    await his.saved()
    assert await description(ann, task[0], task[1]) == f"Rope\n{LIST}"


async def test_a_title_that_somebody_else_changed_while_it_was_edited_is_not_overwritten(
    his: Screen, ann: Person, task: tuple[str, str]
) -> None:
    title = his.sheet.get_by_label("Title of the card")
    await title.fill("Pack tonight")
    await submit(ann, task[0], {"type": "update_task", "id": task[1], "title": "Pack for Sunday"})
    await expect(his.cards("To do")).to_have_text(["Pack for Sunday"])
    await title.press("Enter")
    told = his.page.get_by_role("alert")
    await expect(told).to_contain_text("Somebody changed the same thing first.")
    await expect(told).to_contain_text("Pack tonight")
    await expect(his.cards("To do")).to_have_text(["Pack for Sunday"])


async def test_a_refused_text_survives_a_reload_until_it_is_dismissed(
    his: Screen, ann: Person, milo: Person, task: tuple[str, str]
) -> None:
    await his.page.context.set_offline(True)
    await his.sheet.get_by_label("Write a comment").fill("Bring water")
    await his.page.keyboard.press("Control+Enter")
    await submit(ann, task[0], {"type": "set_member_role", "id": milo.id, "role": "viewer"})
    await his.page.context.set_offline(False)
    told = his.page.get_by_role("alert")
    await expect(told).to_contain_text("Bring water")
    await his.page.reload()
    await expect(told).to_contain_text("Your role on this board does not allow it.")
    await told.get_by_role("button", name="Copy text").click()
    assert await his.page.evaluate("navigator.clipboard.readText()") == "Bring water"
    await told.get_by_role("button", name="Dismiss").click()
    await his.page.reload()
    await his.described(LIST)
    await expect(told).to_have_count(0)
