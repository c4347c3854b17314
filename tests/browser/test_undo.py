"""Taking back what one did, by keys and by the message that offers it; never over what somebody else did since."""

from playwright.async_api import expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open
from tests.helpers.people import Person

UNDO, REDO = "Control+z", "Control+Shift+z"


async def test_a_move_a_new_card_and_a_property_are_undone_and_redone(screen: Open, ann: Person) -> None:
    project = await ann.project()
    await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}")
    await hers.card_menu("Dig", "Done")
    await hers.add_card("To do", "Rake")
    await hers.open_card("Rake")
    await hers.property("Priority").click()
    await hers.page.get_by_role("menuitemradio", name="Urgent").click()
    await expect(hers.card("Rake")).to_contain_text("Priority: Urgent")

    said = hers.page.get_by_role("status")
    await hers.page.keyboard.press(UNDO)
    await expect(said.filter(has_text="Undid the priority of “Rake”")).to_be_visible()
    await expect(hers.card("Rake")).not_to_contain_text("Priority")
    await hers.page.keyboard.press(UNDO)
    await expect(hers.cards("To do")).to_have_count(0)
    await hers.page.keyboard.press(UNDO)
    await expect(said.filter(has_text="Undid the move of “Dig”")).to_be_visible()
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    await hers.page.keyboard.press(UNDO)
    await expect(said.filter(has_text="Nothing to undo")).to_be_visible()

    await hers.page.keyboard.press(REDO)
    await expect(hers.cards("Done")).to_have_text(["Dig"])
    await hers.page.keyboard.press(REDO)
    await expect(said.filter(has_text="Did the creation of “Rake” again")).to_be_visible()
    await hers.page.keyboard.press(REDO)
    await expect(hers.card("Rake")).to_contain_text("Priority: Urgent")
    await hers.saved()


async def test_undo_says_who_has_changed_it_since(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    task = await add_task(ann, project, "Dig")
    his = await screen(milo, f"/p/{project}")
    await his.card_menu("Dig", "Rename")
    await his.page.get_by_label("Title of the card").fill("Dig deep")
    await his.page.keyboard.press("Enter")
    await his.saved()
    await submit(ann, project, {"type": "update_task", "id": task, "title": "Dig deeper"})
    await expect(his.cards("To do")).to_have_text(["Dig deeper"])
    await his.page.keyboard.press(UNDO)
    told = his.page.get_by_role("status").filter(has_text="The title of “Dig” stays: Ann changed it since.")
    await expect(told).to_be_visible()
    await expect(his.cards("To do")).to_have_text(["Dig deeper"])


async def test_what_the_server_will_not_undo_is_told_with_the_reason(screen: Open, ann: Person) -> None:
    project = await ann.project()
    hers = await screen(ann, f"/p/{project}")
    await hers.page.get_by_role("button", name="Add column").click()
    await hers.page.get_by_label("Name of the column").fill("Later")
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    await hers.saved()
    column = (await columns(ann, project))["Later"]
    await submit(ann, project, {"type": "create_task", "id": project, "column_id": column, "title": "Sow"})
    await expect(hers.cards("Later")).to_have_text(["Sow"])
    await hers.page.locator("body").press(UNDO)
    told = hers.page.get_by_role("status").filter(has_text="The creation of “Later” stays.")
    await expect(told).to_be_visible()
    await expect(hers.cards("Later")).to_have_text(["Sow"])
    await expect(hers.page.get_by_role("alert")).to_have_count(0)


async def test_undo_in_a_field_is_the_fields_own(screen: Open, ann: Person) -> None:
    project = await ann.project()
    task = await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await hers.card_menu("Dig", "Done")
    await expect(hers.cards("Done")).to_have_text(["Dig"])
    comment = hers.sheet.get_by_label("Write a comment")
    await comment.press_sequentially("No")
    await hers.page.keyboard.press(UNDO)
    await expect(comment).not_to_have_value("No")
    await expect(hers.cards("Done")).to_have_text(["Dig"])


async def test_a_message_undoes_its_own_deletion_and_keys_then_what_was_before(screen: Open, ann: Person) -> None:
    project = await ann.project()
    for title in ("Dig", "Rake"):
        await add_task(ann, project, title)
    hers = await screen(ann, f"/p/{project}")
    await hers.card_menu("Rake", "Done")
    await hers.card_menu("Dig", "Delete")
    await hers.card_menu("Rake", "In progress")
    await hers.page.get_by_role("button", name="Undo", exact=True).click()
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    await hers.page.keyboard.press(UNDO)
    await expect(hers.cards("Done")).to_have_text(["Rake"])
    await hers.saved()
