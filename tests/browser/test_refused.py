"""Edits the server refuses: they roll back, say why, and lose nothing that was written."""

from playwright.async_api import expect

from tests.browser.boards import add_task, description, submit
from tests.browser.conftest import Open
from tests.helpers.people import Person


async def test_a_refused_card_goes_and_its_title_can_be_copied(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project, "editor")
    his = await screen(milo, f"/p/{project}", permissions=["clipboard-read", "clipboard-write"])
    await his.column("To do").get_by_role("button", name="Add a card", exact=True).click()
    await his.page.get_by_label("Title of the card").fill("Dig the beds")
    await his.page.context.set_offline(True)
    await his.page.keyboard.press("Enter")
    await submit(ann, project, {"type": "set_member_role", "id": milo.id, "role": "viewer"})
    await his.page.context.set_offline(False)

    told = his.page.get_by_role("alert")
    await expect(told).to_contain_text("Your role on this board does not allow it.")
    await expect(told).to_contain_text("Not taken: creation of “Dig the beds”.")
    await expect(told.get_by_role("link")).to_have_count(0)
    await expect(his.cards("To do")).to_have_count(0)
    await told.get_by_role("button", name="Copy text").click()
    assert await his.page.evaluate("navigator.clipboard.readText()") == "Dig the beds"
    await told.get_by_role("button", name="Dismiss").click()
    await expect(told).to_have_count(0)


async def test_a_refusal_names_the_card_and_leads_to_it(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project, "editor")
    task = await add_task(ann, project, "Dig the beds")
    his = await screen(milo, f"/p/{project}/t/{task}")
    await his.sheet.get_by_label("Write a comment").fill("Which spade?")
    await his.page.context.set_offline(True)
    await his.page.keyboard.press("Control+Enter")
    await his.page.keyboard.press("Escape")
    await submit(ann, project, {"type": "set_member_role", "id": milo.id, "role": "viewer"})
    await his.page.context.set_offline(False)

    told = his.page.get_by_role("alert")
    await expect(told).to_contain_text("Not taken: new comment in “Dig the beds”.")
    await expect(told).to_contain_text("Which spade?")
    await told.get_by_role("link", name="Open the card").click()
    await expect(his.sheet.get_by_label("Title of the card")).to_have_value("Dig the beds")


async def test_two_descriptions_at_once_are_both_kept(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    task = await add_task(ann, project, "Dig the beds")
    his = await screen(milo, f"/p/{project}/t/{task}")
    await his.edit()
    await his.page.context.set_offline(True)
    await his.page.keyboard.insert_text("Left bed first")
    head = (await ann.snapshot(project))["seq"]
    await submit(ann, project, {"type": "describe_task", "id": task, "text": "Right bed first", "base_seq": head})
    await his.page.context.set_offline(False)

    told = his.sheet.get_by_role("alert")
    await expect(told).to_contain_text("Ann changed the same part of this description while you were writing.")
    await expect(his.sheet.get_by_label("Theirs", exact=True)).to_have_text("Right bed first")
    await his.written("Left bed first")
    await his.sheet.get_by_role("button", name="Keep mine").click()
    await expect(told).to_have_count(0)
    await his.described("Left bed first")
    await his.saved()
    assert await description(ann, project, task) == "Left bed first"
