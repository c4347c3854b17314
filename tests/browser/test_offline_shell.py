"""Without a network from the first byte: the page opens, shows what it knew, takes edits, and all agree once it is back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import INSTALLING, Open
from tests.browser.screen import Screen
from tests.helpers.people import Person


async def ready_for_offline(screen: Screen) -> None:
    """Waits until the page is a service worker's and its board is kept."""
    await screen.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await screen.kept("board", 1)


async def test_a_page_reloaded_offline_shows_the_board_takes_edits_and_everybody_agrees_after(
    screen: Open, ann: Person, milo: Person
) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    await add_task(ann, project, "Dig")
    await add_task(ann, project, "Rake")
    hers, his = await screen(ann, f"/p/{project}", **INSTALLING), await screen(milo, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Rake"])
    await ready_for_offline(hers)

    await hers.page.context.set_offline(True)
    await hers.add_card("To do", "Sow")
    await expect(hers.page.get_by_text("Offline, 1 change waiting")).to_be_visible()
    await hers.page.reload()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Rake", "Sow"])
    await expect(hers.page.get_by_text("Offline, 1 change waiting")).to_be_visible()
    await hers.card_menu("Dig", "Done")
    await hers.add_card("To do", "Water")
    await his.card_menu("Rake", "Done")
    await his.add_card("In progress", "Weed")
    await expect(hers.page.get_by_text("Offline, 3 changes waiting")).to_be_visible()
    await hers.page.reload()
    await expect(hers.cards("To do")).to_have_text(["Rake", "Sow", "Water"])

    await hers.page.context.set_offline(False)
    for each in (hers, his):
        await expect(each.cards("To do")).to_have_text(["Sow", "Water"])
        await expect(each.cards("In progress")).to_have_text(["Weed"])
        await expect(each.cards("Done")).to_have_text(["Dig", "Rake"])
    await hers.saved()
    titles = [task["title"] for task in (await ann.snapshot(project))["tasks"]]
    assert sorted(titles) == ["Dig", "Rake", "Sow", "Water", "Weed"]


@pytest.fixture
def publish(dist: Path) -> Iterator[Callable[[], object]]:
    """Puts another build in the place of this one until the test ends."""
    script = dist / "service-worker.js"
    before = script.read_text()
    yield lambda: script.write_text(before.replace('"version":"', '"version":"next-'))
    script.write_text(before)


async def test_a_new_version_is_offered_and_taken_without_losing_what_waits(
    screen: Open, ann: Person, publish: Callable[[], object]
) -> None:
    project = await ann.project("Garden")
    hers = await screen(ann, f"/p/{project}", **INSTALLING)
    await expect(hers.column("To do")).to_be_visible()
    await ready_for_offline(hers)
    publish()
    await hers.page.evaluate("() => navigator.serviceWorker.ready.then(registration => registration.update())")
    await expect(hers.page.get_by_text("A new version is ready.")).to_be_visible()

    await hers.page.context.set_offline(True)
    await hers.add_card("To do", "Dig")
    await expect(hers.page.get_by_text("Offline, 1 change waiting")).to_be_visible()
    async with hers.page.expect_navigation():
        await hers.page.get_by_role("button", name="Reload").click()
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    assert [name for name in await hers.page.evaluate("() => caches.keys()") if "next-" in name] != []
    await hers.page.context.set_offline(False)
    await hers.saved()
    assert [task["title"] for task in (await ann.snapshot(project))["tasks"]] == ["Dig"]


async def test_the_client_can_be_installed(screen: Open) -> None:
    page = (await screen(None, "/login", **INSTALLING)).page
    session = await page.context.new_cdp_session(page)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    found = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert {each["errorId"] for each in found} <= {"in-incognito"}  # as all pages of tests are; not every browser minds
    told = json.loads(manifest["data"])
    assert (told["name"], told["display"], told["start_url"]) == ("Lockstep", "standalone", "/")
    pictures = {icon["sizes"]: await page.request.get(icon["src"]) for icon in told["icons"]}
    assert {"192x192", "512x512"} <= pictures.keys() and all(each.ok for each in pictures.values())


async def test_the_list_of_boards_offline_names_those_that_open(screen: Open, ann: Person) -> None:
    garden, _ = await ann.project("Garden"), await ann.project("Never opened")
    await add_task(ann, garden, "Dig")
    hers = await screen(ann, f"/p/{garden}", **INSTALLING)
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    await ready_for_offline(hers)
    await hers.page.context.set_offline(True)
    await hers.page.goto("/")
    await expect(hers.page.get_by_role("listitem")).to_have_count(1)
    await hers.page.get_by_role("link", name="Garden").click()
    await expect(hers.cards("To do")).to_have_text(["Dig"])


async def test_answers_of_the_server_are_never_kept_by_the_service_worker(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    hers = await screen(ann, f"/p/{project}", **INSTALLING)
    await expect(hers.column("To do")).to_be_visible()
    await ready_for_offline(hers)
    await hers.page.reload()
    await expect(hers.column("To do")).to_be_visible()
    kept = await hers.page.evaluate("""async () => {
        const caches_ = await Promise.all((await caches.keys()).map(name => caches.open(name)))
        return (await Promise.all(caches_.map(cache => cache.keys()))).flat().map(({ url }) => new URL(url).pathname)
    }""")
    assert "/" in kept
    assert [path for path in kept if path.startswith("/v1")] == []
