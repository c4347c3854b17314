"""Back and forward: from view to view, into a card and out of it, as the address bar tells."""

import re

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def project(ann: Person) -> str:
    project = await ann.project("Garden")
    for title in ("Dig", "Sow"):
        await add_task(ann, project, title)
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    """Came to the board from the list of boards."""
    hers = await screen(ann, "/")
    await hers.page.get_by_role("link", name="Garden").click()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])
    return hers


async def test_back_leads_out_of_a_card_and_closing_one_leaves_no_step(hers: Screen) -> None:
    await hers.open_card("Dig")
    await hers.page.go_back()
    await expect(hers.sheet).to_have_count(0)
    await hers.page.go_forward()
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Dig")
    await hers.page.keyboard.press("Escape")
    await expect(hers.sheet).to_have_count(0)
    await expect(hers.page.get_by_role("link", name="Dig", exact=True)).to_be_focused()
    await hers.page.go_back()
    await expect(hers.page.get_by_role("heading", name="Boards", exact=True)).to_be_visible()


async def test_back_leads_from_view_to_view(hers: Screen) -> None:
    views = hers.page.get_by_role("main")
    await hers.page.keyboard.press("2")
    await expect(hers.page).to_have_url(re.compile("view=list"))
    await hers.page.keyboard.press("3")
    await expect(hers.page).to_have_url(re.compile("view=calendar"))
    await hers.page.go_back()
    await expect(hers.page).to_have_url(re.compile("view=list"))
    await expect(views.get_by_role("link", name="Sow", exact=True)).to_be_visible()
    await hers.page.go_back()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])


async def test_a_card_that_was_come_to_by_its_link_closes_onto_its_board(
    screen: Open, ann: Person, project: str
) -> None:
    task = await add_task(ann, project, "Water")
    hers = await screen(ann, "/")
    await hers.page.goto(f"/p/{project}/t/{task}")
    await hers.sheet.get_by_role("button", name="Close").click()
    await expect(hers.sheet).to_have_count(0)
    await expect(hers.page).to_have_url(re.compile(f"/p/{project}$"))
    await hers.page.go_back()
    await expect(hers.page.get_by_role("heading", name="Boards", exact=True)).to_be_visible()


async def test_a_filter_that_was_set_beside_an_open_card_stays_when_it_is_closed(hers: Screen) -> None:
    await hers.open_card("Dig")
    await hers.page.get_by_role("searchbox", name="Find cards").fill("sow")
    await expect(hers.cards("To do")).to_have_text(["Sow"])
    await hers.sheet.get_by_role("button", name="Close").click()
    await expect(hers.sheet).to_have_count(0)
    await expect(hers.page).to_have_url(re.compile("q=sow"))
    await expect(hers.cards("To do")).to_have_text(["Sow"])
