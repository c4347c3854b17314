"""The language of the page: the browser's wish, the person's choice, dates in the same language."""

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open
from tests.helpers.people import Person


async def test_a_german_browser_is_spoken_to_in_german(screen: Open, ann: Person) -> None:
    project = await ann.project("Garten")
    await add_task(ann, project, "Umgraben", due_at="2031-05-14")
    hers = await screen(ann, f"/p/{project}?view=calendar", locale="de-AT")
    await expect(hers.page.get_by_role("button", name="Kalender")).to_be_visible()
    await expect(hers.page.locator("html")).to_have_attribute("lang", "de")
    await hers.page.get_by_role("button", name="Liste").click()
    await expect(hers.page.get_by_role("row").filter(has_text="Umgraben")).to_contain_text("14. Mai 2031")
    await hers.page.keyboard.press("Control+k")
    await expect(hers.page.get_by_role("combobox", name="Alles finden")).to_be_focused()


async def test_the_language_is_chosen_in_the_account_menu_and_stays(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    await add_task(ann, project, "Dig", due_at="2031-05-14")
    hers = await screen(ann, f"/p/{project}")
    await hers.page.get_by_role("button", name="Account of Ann").click()
    await hers.page.get_by_role("menuitemradio", name="Deutsch").click()
    await expect(hers.page.get_by_role("searchbox", name="Karten suchen")).to_be_visible()
    await expect(hers.card("Dig")).to_contain_text("Fällig Mittwoch, 14. Mai 2031")
    await hers.page.goto("/")
    await expect(hers.page.get_by_role("button", name="Neues Board")).to_be_visible()
    await hers.page.get_by_role("button", name="Konto von Ann").click()
    await hers.page.get_by_role("menuitemradio", name="Wie der Browser").click()
    await expect(hers.page.get_by_role("button", name="New board")).to_be_visible()


async def test_a_catalogue_that_does_not_arrive_leaves_the_page_in_english(screen: Open, ann: Person) -> None:
    hers = await screen(None, "/login", locale="de-DE")
    await expect(hers.page.get_by_role("button", name="Anmelden")).to_be_visible()
    await hers.page.route("**/assets/de-*.js", lambda route: route.abort())
    await hers.page.reload()
    await expect(hers.page.get_by_role("button", name="Sign in")).to_be_visible()
