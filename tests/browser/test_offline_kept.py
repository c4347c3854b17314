"""What this browser keeps: boards that open at once, edits that outlive the page, and nothing after signing out."""

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import INSTALLING, Open
from tests.browser.screen import Screen
from tests.helpers.people import Person


async def sign_out(screen: Screen, name: str) -> None:
    await screen.page.get_by_role("button", name=f"Account of {name}").click()
    await screen.page.get_by_role("menuitem", name="Sign out").click()


async def test_a_board_that_was_open_before_opens_without_being_loaded_and_catches_up(
    screen: Open, ann: Person
) -> None:
    project = await ann.project("Garden")
    await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    await hers.kept("board", 1)
    await hers.page.goto("/")
    await add_task(ann, project, "Sow")

    loads: list[str] = []
    hers.page.on("request", lambda request: loads.append(request.url))
    await hers.page.goto(f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])
    await hers.saved()
    assert [url for url in loads if url.endswith("/snapshot")] == []


async def test_signing_out_leaves_nothing_of_a_person_here(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    hers = await screen(ann, f"/p/{project}")
    await hers.add_card("To do", "Dig")
    await hers.saved()
    await hers.page.goto("/")
    await expect(hers.page.get_by_role("link", name="Garden")).to_be_visible()
    await hers.kept("board", 1)
    await sign_out(hers, "Ann")
    await expect(hers.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await hers.kept("board", 0)
    await hers.kept("pending", 0)


async def test_signing_out_with_unsent_edits_asks_first(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    hers = await screen(ann, f"/p/{project}", **INSTALLING)
    await expect(hers.column("To do")).to_be_visible()
    await hers.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await hers.page.context.set_offline(True)
    await hers.add_card("To do", "Dig")
    await expect(hers.page.get_by_text("Offline, 1 change waiting")).to_be_visible()

    await sign_out(hers, "Ann")
    await expect(hers.page.get_by_text("1 change has not reached the server yet")).to_be_visible()
    await hers.page.get_by_role("button", name="Cancel").click()
    await expect(hers.cards("To do")).to_have_text(["Dig"])

    await sign_out(hers, "Ann")
    await hers.page.get_by_role("button", name="Discard and sign out").click()
    await expect(hers.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await hers.page.context.set_offline(False)
    await hers.page.reload()
    await expect(hers.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await hers.kept("board", 0)
    await hers.kept("pending", 0)
