"""What a board stands on: chosen in its settings, the same for everybody."""

from playwright.async_api import Locator, expect

from tests.browser.boards import submit
from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.helpers.people import Person


async def settings(screen: Screen) -> Locator:
    await screen.page.get_by_role("button", name="Board menu").click()
    await screen.page.get_by_role("menuitem", name="Board settings").click()
    return screen.page.get_by_role("radiogroup", name="Background")


async def test_a_background_is_chosen_seen_by_others_at_once_and_stays(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    hers, his = [await screen(person, f"/p/{project}", color_scheme="light") for person in (ann, milo)]
    await expect(hers.page.locator(".page")).not_to_have_attribute("data-background", "teal")
    plain = await hers.style(hers.page.locator(".page"), "backgroundColor")
    choices = await settings(hers)
    await expect(choices.get_by_role("radio", name="Plain")).to_be_checked()
    await choices.get_by_role("radio", name="Teal").check()
    for each in (hers, his):
        await expect(each.page.locator(".page")).to_have_attribute("data-background", "teal")
    await expect(choices.get_by_role("radio", name="Teal")).to_be_checked()
    assert await hers.style(choices.get_by_title("Plain"), "backgroundImage") != await hers.style(
        choices.get_by_title("Teal"), "backgroundImage"
    )
    assert await hers.style(hers.page.locator(".page"), "backgroundColor") != plain
    await hers.page.keyboard.press("ArrowRight")
    await expect(his.page.locator(".page")).to_have_attribute("data-background", "blue")
    await his.page.reload()
    await expect(his.page.locator(".page")).to_have_attribute("data-background", "blue")
    await hers.page.keyboard.press("Escape")
    await hers.page.keyboard.press("Control+z")
    await expect(his.page.locator(".page")).to_have_attribute("data-background", "teal")


async def test_who_may_not_change_the_board_only_sees_its_background(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    await submit(ann, project, {"type": "update_project", "background": "pink"})
    his = await screen(milo, f"/p/{project}")
    choices = await settings(his)
    await expect(choices.get_by_role("radio", name="Pink")).to_be_checked()
    for radio in await choices.get_by_role("radio").all():
        await expect(radio).to_be_disabled()
