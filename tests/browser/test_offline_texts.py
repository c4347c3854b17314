"""Cards without a network: what was read before can be read again, as it was when the line was last there, and written on."""

from playwright.async_api import expect

from tests.browser.boards import add_task, description, submit
from tests.browser.conftest import INSTALLING, Open
from tests.helpers.people import Person


async def test_a_card_opened_before_is_read_and_written_on_after_a_reload_offline(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    dig = await add_task(ann, project, "Dig", description="Two spades deep")
    await add_task(ann, project, "Never opened", description="Not kept")
    hers = await screen(ann, f"/p/{project}/t/{dig}", **INSTALLING)
    await hers.described("Two spades deep")
    await hers.page.keyboard.press("Escape")
    comment = {"type": "add_comment", "id": dig, "task_id": dig, "text": "Said while it was closed"}
    await submit(ann, project, comment)
    await expect(hers.card("Dig")).to_contain_text("1 comment")
    await hers.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await hers.kept("texts", 1)

    await hers.page.context.set_offline(True)
    await hers.page.reload()
    await hers.open_card("Dig")
    await hers.described("Two spades deep")
    await expect(hers.sheet).to_contain_text("Said while it was closed")
    await hers.write("Three spades deep")
    await hers.page.keyboard.press("Escape")
    await hers.open_card("Never opened")
    await expect(hers.sheet.get_by_role("alert")).to_contain_text("could not be loaded")

    await hers.page.context.set_offline(False)
    await hers.saved()
    await hers.described("Not kept")
    assert await description(ann, project, dig) == "Three spades deep"


async def test_signing_out_takes_the_texts_of_cards_along(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    dig = await add_task(ann, project, "Dig", description="Two spades deep")
    hers = await screen(ann, f"/p/{project}/t/{dig}", **INSTALLING)
    await hers.kept("texts", 1)
    await hers.page.get_by_role("button", name="Account of Ann").click()
    await hers.page.get_by_role("menuitem", name="Sign out").click()
    await expect(hers.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await hers.kept("texts", 0)
