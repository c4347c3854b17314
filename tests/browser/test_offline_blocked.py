"""A network that lets no socket through: people work on, a little later than others, and are told so."""

import asyncio
from contextlib import suppress

from playwright.async_api import BrowserContext, Page, expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open
from tests.helpers.people import Person

BLOCKED = """(() => {
    const Real = window.WebSocket
    window.blocked = true
    window.WebSocket = function (...args) {
        if (window.blocked) throw new DOMException('blocked', 'SecurityError')
        return new Real(...args)
    }
})()"""


async def block(context: BrowserContext) -> None:
    await context.add_init_script(BLOCKED)


async def test_without_sockets_edits_go_both_ways_and_the_page_says_so(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    await add_task(ann, project, "Dig")
    hers = await screen(ann, "/login")
    await block(hers.page.context)
    await hers.page.goto(f"/p/{project}")
    his = await screen(milo, f"/p/{project}")
    await expect(hers.page.get_by_text("Live, a few seconds late")).to_be_visible()

    await hers.add_card("To do", "Sow")
    await expect(his.cards("To do")).to_have_text(["Dig", "Sow"])
    await his.card_menu("Dig", "Done")
    await expect(hers.cards("Done")).to_have_text(["Dig"])
    await expect(hers.cards("To do")).to_have_text(["Sow"])


async def test_the_socket_is_used_again_as_soon_as_it_gets_through(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    hers = await screen(ann, "/login")
    await block(hers.page.context)
    await hers.page.clock.install()
    await hers.page.goto(f"/p/{project}")
    await expect(hers.page.get_by_text("Live, a few seconds late")).to_be_visible(timeout=20_000)
    await hers.page.evaluate("() => { window.blocked = false }")
    await until_a_socket_opens(hers.page)
    await add_task(ann, project, "Dig")
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    await hers.saved()


async def until_a_socket_opens(page: Page) -> None:
    """Lets the page's timers run ahead, a little at a time: a socket opens in real time, its time limit is a timer."""
    late = page.get_by_text("Live, a few seconds late")
    async with asyncio.timeout(60):
        while await late.count():
            await page.clock.run_for(4_000)
            with suppress(AssertionError):
                await expect(late).to_have_count(0, timeout=500)
