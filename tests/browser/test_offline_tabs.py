"""Two tabs of one person: what one leaves unsent when it is closed, the other sends, once."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.helpers.people import Person


async def second_tab(first: Screen, path: str) -> Screen:
    page: Page = await first.page.context.new_page()
    await page.goto(path)
    return Screen(page, first.url)


async def test_edits_of_a_tab_that_is_closed_offline_are_sent_by_the_other(
    screen: Open, ann: Person, milo: Person
) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    first = await screen(ann, f"/p/{project}")
    await expect(first.column("To do")).to_be_visible()
    second = await second_tab(first, f"/p/{project}")
    await expect(second.column("To do")).to_be_visible()
    his = await screen(milo, f"/p/{project}")

    await first.page.context.set_offline(True)
    await first.add_card("To do", "Dig")
    await second.add_card("Done", "Sow")
    await expect(second.page.get_by_text("Offline, 1 change waiting")).to_be_visible()
    await second.page.close()
    await expect(first.page.get_by_text("Offline, 2 changes waiting")).to_be_visible()
    await expect(first.cards("Done")).to_have_text(["Sow"])

    await first.page.context.set_offline(False)
    await expect(his.cards("To do")).to_have_text(["Dig"])
    await expect(his.cards("Done")).to_have_text(["Sow"])
    await first.saved()


async def test_a_tab_that_shows_another_page_sends_what_a_closed_one_left(screen: Open, ann: Person) -> None:
    project, other = await ann.project("Garden"), await ann.project("Other")
    first = await screen(ann, f"/p/{other}")
    await expect(first.column("To do")).to_be_visible()
    second = await second_tab(first, f"/p/{project}")
    await expect(second.column("To do")).to_be_visible()
    await first.page.context.set_offline(True)
    await second.add_card("To do", "Dig")
    await expect(second.page.get_by_text("Offline, 1 change waiting")).to_be_visible()
    await second.page.close()
    await first.page.context.set_offline(False)

    elsewhere = await screen(ann, f"/p/{project}")
    await expect(elsewhere.cards("To do")).to_have_text(["Dig"])
