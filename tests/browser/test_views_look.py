"""What every view keeps: it fits a phone, its targets can be hit, and what does not arrive is said."""

import pytest
from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open
from tests.helpers.people import Person

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SMALL = """() => [...document.querySelectorAll('button, select, input:not([type=checkbox])')]
    .map(element => [element.outerHTML.slice(0, 120), element.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24)).map(([html]) => html)"""


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
async def test_every_view_fits_a_phone_and_has_targets_of_24_pixels(screen: Open, ann: Person, locale: str) -> None:
    project = await ann.project("Garden with a name that is long")
    await add_task(ann, project, "A card with a very long title that says everything twice " * 3, due_at="2031-05-12")
    await add_task(ann, project, "Dig")
    hers = await screen(ann, "/", locale=locale, **PHONE)
    for view in ("board", "list", "calendar"):
        await hers.page.goto(f"/p/{project}?view={view}&priority=medium,high,low&label=-&person=-")
        await expect(hers.page.locator("main [data-card]").first).to_be_attached()
        assert await hers.page.evaluate("document.documentElement.scrollWidth") == 360, view
        assert await hers.page.evaluate(SMALL) == [], view
    await hers.page.keyboard.press("Control+k")
    await expect(hers.page.get_by_role("combobox")).to_be_focused()
    box = await hers.page.get_by_role("dialog").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360


async def test_a_view_that_does_not_arrive_says_so_and_is_tried_again(screen: Open, ann: Person) -> None:
    project = await ann.project()
    await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    await hers.page.route("**/assets/*View-*.js", lambda route: route.abort())
    await hers.page.get_by_role("button", name="List").click()
    await expect(hers.page.get_by_role("alert")).to_contain_text("This view could not be loaded")
    await hers.page.unroute("**/assets/*View-*.js")
    await hers.page.get_by_role("button", name="Try again").click()
    await expect(hers.page.locator("tbody .title")).to_have_text(["Dig"])


async def test_a_palette_that_does_not_arrive_says_so_and_can_be_asked_for_again(screen: Open, ann: Person) -> None:
    project = await ann.project()
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.column("To do")).to_be_visible()
    await hers.page.route("**/assets/Palette-*.js", lambda route: route.abort())
    await hers.page.keyboard.press("Control+k")
    await expect(hers.page.get_by_text("This could not be loaded")).to_be_visible()
    await hers.page.unroute("**/assets/Palette-*.js")
    await hers.page.keyboard.press("Control+k")
    await expect(hers.page.get_by_role("combobox", name="Find anything")).to_be_focused()
