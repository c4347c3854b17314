"""Reached by everybody: one stop for Tab, quiet on request, large, in few colours, from right to left, on paper, in any zone."""

from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

CONTRAST = """(card) => {
    const { borderTopColor, backgroundColor } = getComputedStyle(card)
    const pen = new OffscreenCanvas(1, 1).getContext('2d')
    const luminance = (color) => {
        pen.fillStyle = color
        pen.fillRect(0, 0, 1, 1)
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    }
    const [less, more] = [luminance(borderTopColor), luminance(backgroundColor)].sort((a, b) => a - b)
    return more / less
}"""
"""Between a card and its edge, after WCAG 2.2."""


@fixture
async def project(ann: Person) -> str:
    project = await ann.project("Garden")
    for title, column in (("Dig", "To do"), ("Sow", "To do"), ("Mow", "To do"), ("Water", "In progress")):
        await add_task(ann, project, title, column)
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Mow"])
    return hers


# By keyboard


async def test_one_card_is_a_stop_for_tab_and_the_arrows_lead_to_the_others(hers: Screen) -> None:
    stops = hers.page.locator("[data-card] :is(a, button)[tabindex='0']")
    await expect(stops).to_have_count(3)  # its title, its menu and its tick
    titles = hers.page.locator("[data-card] .title[tabindex='0']")
    await expect(titles).to_have_text(["Dig"])
    await hers.column("To do").get_by_role("button", name="Actions for column To do").focus()
    await hers.page.keyboard.press("Tab")
    await expect(hers.page.get_by_role("link", name="Dig")).to_be_focused()
    await hers.page.keyboard.press("ArrowDown")
    await expect(hers.page.get_by_role("link", name="Sow")).to_be_focused()
    await hers.page.keyboard.press("Tab")
    await expect(hers.page.get_by_role("button", name="Actions for Sow")).to_be_focused()
    await hers.page.keyboard.press("Tab")
    await hers.page.keyboard.press("Tab")
    await expect(hers.column("To do").get_by_role("button", name="Add a card", exact=True)).to_be_focused()
    await expect(titles).to_have_text(["Sow"])


async def test_another_card_is_the_stop_when_the_first_one_goes(hers: Screen, ann: Person, project: str) -> None:
    task = await hers.card("Dig").get_attribute("data-card")
    await submit(ann, project, {"type": "delete_task", "id": task})
    await expect(hers.page.locator("[data-card] .title[tabindex='0']")).to_have_text(["Sow"])


async def test_others_changes_are_said_until_one_asks_for_quiet(hers: Screen, ann: Person, project: str) -> None:
    said = hers.page.locator("p[aria-live=polite]")
    milo = await ann.server.sign_up("Milo")
    await ann.let_in(milo, project)
    await add_task(milo, project, "Rake")
    await expect(said).to_have_text("Milo added Rake to To do")
    await hers.page.get_by_role("button", name="Account of Ann").click()
    tell = hers.page.get_by_role("menuitemcheckbox", name="Say others’ changes")
    await expect(tell).to_be_checked()
    await tell.click()
    await expect(tell).not_to_be_checked()
    await hers.page.reload()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Mow", "Rake"])
    await add_task(milo, project, "Hoe")
    await expect(hers.cards("To do").last).to_have_text("Hoe")
    await hers.card_menu("Dig", "Down")
    await expect(said).to_have_text("Dig moved to To do, 2 of 5")


# Large, and in few colours


@pytest.mark.parametrize("path", ["/", "/my", "/p/{}", "/p/{}?view=list", "/p/{}?view=calendar", "/p/{}/t/{}"])
@pytest.mark.parametrize(("width", "height"), [(720, 450), (320, 256)], ids=["200 % of 1440", "400 % of 1280"])
async def test_zoomed_in_nothing_is_cut_off_sideways(
    screen: Open, ann: Person, project: str, path: str, width: int, height: int
) -> None:
    """Tables and boards scroll in themselves."""
    task = await add_task(ann, project, "A card with a very long title that says everything twice " * 2)
    await submit(ann, project, {"type": "update_task", "id": task, "assignees": {"add": [ann.id]}})
    hers = await screen(ann, path.format(project, task), viewport={"width": width, "height": height})
    await expect(hers.page.get_by_role("main")).to_be_visible()
    await expect(hers.page.locator("a[href^='/p/']:visible").first).to_be_visible()
    assert await hers.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_who_asks_for_more_contrast_sees_the_edges_of_cards(
    screen: Open, ann: Person, project: str, scheme: str
) -> None:
    """3 to 1 against what they enclose, as for controls (WCAG 2.2, 1.4.11)."""
    hers = await screen(ann, f"/p/{project}", contrast="more", color_scheme=scheme)
    assert await hers.card("Dig").evaluate(CONTRAST) >= 3


async def test_in_the_systems_colours_what_is_on_and_what_has_the_focus_is_told_by_lines(
    screen: Open, ann: Person, project: str
) -> None:
    hers = await screen(ann, f"/p/{project}", forced_colors="active")
    on = hers.page.get_by_role("button", name="Board", exact=True)
    await expect(on).to_have_css("outline-style", "solid")
    await expect(hers.page.get_by_role("button", name="List", exact=True)).to_have_css("outline-style", "none")
    await hers.page.get_by_role("link", name="Dig").focus()
    await hers.page.keyboard.press("ArrowDown")
    await expect(hers.card("Sow")).to_have_css("outline-style", "solid")


async def test_on_a_phone_menus_come_from_below(screen: Open, ann: Person, project: str) -> None:
    hers = await screen(ann, f"/p/{project}", **PHONE)
    await hers.card_menu("Dig")
    box = await hers.page.get_by_role("menu").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 740)


# From right to left


async def test_read_from_the_right_arrows_and_drags_go_the_way_one_sees(hers: Screen) -> None:
    await hers.page.evaluate("document.documentElement.dir = 'rtl'")
    first, second = await hers.column("To do").bounding_box(), await hers.column("In progress").bounding_box()
    assert first is not None and second is not None and first["x"] > second["x"]
    await hers.page.get_by_role("link", name="Dig").focus()
    await hers.page.keyboard.press("ArrowLeft")
    await expect(hers.page.get_by_role("link", name="Water")).to_be_focused()
    await hers.page.keyboard.press("ArrowRight")
    await expect(hers.page.get_by_role("link", name="Dig")).to_be_focused()
    for key in ("Space", "ArrowLeft", "Space"):
        await hers.page.keyboard.press(key)
    await expect(hers.cards("In progress")).to_have_text(["Dig", "Water"])
    await hers.drag("Sow", hers.column("Done"), y=0.3)
    await expect(hers.cards("Done")).to_have_text(["Sow"])
    await hers.column("To do").get_by_role("heading").hover()
    await hers.page.mouse.down()
    box = await hers.column("Done").bounding_box()
    assert box is not None
    await hers.page.mouse.move(box["x"] + 60, box["y"] + 30, steps=6)
    await hers.page.mouse.move(box["x"] + 20, box["y"] + 30, steps=3)
    await expect(hers.page.locator("main ol > .line:last-child, main ol > .line:nth-last-child(2)")).to_be_attached()
    await hers.page.mouse.up()
    await expect(hers.page.locator("main h2")).to_have_text(["In progress", "Done", "To do"])


async def test_peoples_texts_run_as_they_are_written(hers: Screen, ann: Person, project: str) -> None:
    await add_task(ann, project, "שלום עולם")
    title = hers.page.get_by_role("link", name="שלום עולם")
    await expect(title).to_have_css("direction", "rtl")
    await expect(hers.page.get_by_role("link", name="Dig")).to_have_css("direction", "ltr")


# On paper


async def test_on_paper_the_board_is_black_on_white_whole_and_without_what_is_pressed(
    screen: Open, ann: Person, project: str
) -> None:
    commands = [{"type": "create_task", "id": str(uuid4()), "title": f"Bed {number}"} for number in range(80)]
    column = (await columns(ann, project))["To do"]
    await submit(ann, project, *({**each, "column_id": column} for each in commands))
    hers = await screen(ann, f"/p/{project}", color_scheme="dark")
    await expect(hers.cards("To do").first).to_have_text("Dig")
    assert await hers.cards("To do").count() < 83
    await hers.page.emulate_media(media="print", color_scheme="dark")
    await hers.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    await expect(hers.cards("To do")).to_have_count(83)
    await expect(hers.card("Dig")).to_have_css("background-color", "rgb(255, 255, 255)")
    for gone in ("Find cards", "Account of Ann", "Add a card at the top of To do", "People"):
        await expect(hers.page.get_by_label(gone).or_(hers.page.get_by_role("button", name=gone)).first).to_be_hidden()
    await expect(hers.page.get_by_role("heading", name="To do")).to_be_visible()
    assert await hers.column("To do").locator(".cards").evaluate("list => list.scrollHeight <= list.clientHeight")
    await hers.page.evaluate("dispatchEvent(new Event('afterprint'))")
    await hers.page.emulate_media(media="screen")
    await expect(hers.page.get_by_label("Find cards")).to_be_visible()


async def test_an_open_card_is_printed_alone(screen: Open, ann: Person, project: str) -> None:
    task = await add_task(ann, project, "Rake", description="Under the trees")
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await hers.described("Under the trees")
    await hers.page.emulate_media(media="print")
    await expect(hers.description).to_be_visible()
    await expect(hers.cards("To do").first).to_be_hidden()


# In any zone


@pytest.mark.parametrize(
    ("zone", "locale", "day", "first"),
    [
        ("Pacific/Auckland", "en-GB", "Tuesday 13 May, 1 card", "Mon"),
        ("America/Los_Angeles", "en-US", "Monday, May 12, 1 card", "Sun"),
    ],
)
async def test_days_and_weeks_are_those_of_the_person(
    screen: Open, ann: Person, project: str, zone: str, locale: str, day: str, first: str
) -> None:
    await add_task(ann, project, "Harvest", due_at="2031-05-12T23:30:00Z")
    hers = await screen(ann, "/", timezone_id=zone, locale=locale)
    await hers.stand_at("2031-05-01T12:00:00Z")
    await hers.page.goto(f"/p/{project}?view=calendar")
    await expect(hers.page.get_by_role("region", name=day)).to_contain_text("Harvest")
    await expect(hers.page.locator(".weekday").first).to_have_text(first)
