"""How quick the board is with 10,000 cards, measured in a real browser and printed as a table.

`python -m tests.browser.measure URL` against a server that serves the built client, without rate limits. Prints, and judges nothing: what
is promised is proved by tests.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from random import choice
from statistics import median, quantiles
from time import perf_counter
from uuid import uuid4

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from tests.browser import chromium
from tests.browser.boards import submit
from tests.browser.screen import Screen
from tests.helpers.people import Message, Person, Server, Socket

SIZES = (4_000, *[545] * 11)
"""Cards of each of the twelve columns."""
REPEATS = 5
EDITS = 30
BURST_PER_SECOND = 200
BURST_SECONDS = 10

# When the first card was on the screen, and when the page had time for the person. In milliseconds since the address was opened.
FIRST = """() => {
    const seen = new MutationObserver(() => {
        if (!document.querySelector('[data-card]')) return
        seen.disconnect()
        requestAnimationFrame(() => setTimeout(() => {
            window.painted = performance.now()
            requestIdleCallback(() => { window.usable = performance.now() })
        }))
    })
    seen.observe(document, { childList: true, subtree: true })
}"""

# When a card with a title was on the screen, by the wall clock.
SIGHTED = """() => {
    window.sights = {}
    new MutationObserver(() => {
        const titles = [...document.querySelectorAll('[data-card] .title')].map(each => each.textContent)
        const fresh = titles.filter(title => title.startsWith('edit ') && !(title in window.sights))
        for (const title of fresh) window.sights[title] = null
        if (fresh.length) requestAnimationFrame(() => setTimeout(() => {
            for (const title of fresh) window.sights[title] = performance.timeOrigin + performance.now()
        }))
    }).observe(document, { childList: true, subtree: true, characterData: true })
    addEventListener('keydown', event => {
        if (event.key === 'Enter') window.pressed = performance.timeOrigin + performance.now()
    }, true)
}"""

FRAMES = """() => {
    window.frames_ms = []
    window.tasks_ms = []
    new PerformanceObserver(list => list.getEntries().forEach(({ duration }) => window.tasks_ms.push(duration))).observe({ type: 'longtask' })
    let last = performance.now()
    requestAnimationFrame(function frame(now) { window.frames_ms.push(now - last); last = now; requestAnimationFrame(frame) })
}"""

KEYS = """() => {
    window.keys_ms = []
    addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => window.keys_ms.push(performance.now() - timeStamp))), true)
}"""


async def main(url: str, program: str) -> None:
    async with async_playwright() as playwright:
        browser = await chromium.launch(playwright, program)
        ann = await Server(url).sign_up("Ann")
        board = await large_board(ann)
        rows = [
            *await opening(browser, ann, board),
            *await edits(browser, ann, board),
            *await dragging(browser, ann, board),
        ]
        rows += await burst(browser, ann, board)
        lines = ["| 10,000 cards in 12 columns, one of 4,000 | measured |", "|---|---|"]
        sys.stdout.write("\n".join([*lines, *(f"| {name} | {value} |" for name, value in rows)]) + "\n")
        await browser.close()


async def large_board(ann: Person) -> str:
    project = await ann.project("Large")
    columns = [str(uuid4()) for _ in SIZES]
    await submit(
        ann,
        project,
        *(
            {"type": "create_column", "id": id, "name": f"Column {n}", "place": "bottom"}
            for n, id in enumerate(columns)
        ),
    )
    old = [column["id"] for column in (await ann.snapshot(project))["columns"] if column["id"] not in columns]
    await submit(ann, project, *({"type": "delete_column", "id": id} for id in old))
    for column, size in zip(columns, SIZES, strict=True):
        for start in range(0, size, 400):
            await submit(ann, project, *(card(column, n) for n in range(start, min(start + 400, size))))
    return project


def card(column: str, n: int) -> Message:
    title = f"Card {n}" + " of a garden that grows" * (n % 4)
    fields = {"due_at": "2027-05-12", "priority": n % 10 + 1}
    return {"type": "create_task", "id": str(uuid4()), "column_id": column, "title": title, **fields}


async def opened(browser: Browser, ann: Person, board: str, *scripts: str) -> Page:
    context = await browser.new_context(
        base_url=ann.server.url, viewport={"width": 1440, "height": 900}, bypass_csp=True
    )
    page = await context.new_page()
    await Screen(page, ann.server.url).sign_in(ann)
    for script in scripts:
        await page.add_init_script(f"({script})()")
    await page.goto(f"/p/{board}")
    await page.wait_for_selector("[data-card]")
    await page.get_by_title("All changes are saved").wait_for()
    return page


async def opening(browser: Browser, ann: Person, board: str) -> Iterable[tuple[str, str]]:
    cold, cached = [], []
    for _ in range(REPEATS):
        page = await opened(browser, ann, board, FIRST)
        cold.append(await times(page))
        await Screen(page, ann.server.url).kept("board", 1)
        await page.reload()
        await page.wait_for_selector("[data-card]")
        cached.append(await times(page))
        await page.context.close()
    return [
        (f"{kind}: first card seen, usable (median of {REPEATS})", f"{median(p for p, _ in all):.0f} ms, {median(u for _, u in all):.0f} ms")
        for kind, all in (("cold", cold), ("from the browser's cache", cached))
    ]  # fmt: skip


async def times(page: Page) -> tuple[float, float]:
    await page.wait_for_function("window.usable")
    painted, usable = await page.evaluate("[window.painted, window.usable]")
    return float(painted), float(usable)


async def edits(browser: Browser, ann: Person, board: str) -> Iterable[tuple[str, str]]:
    hers, other = [await opened(browser, ann, board, SIGHTED) for _ in range(2)]
    await hers.get_by_role("button", name="Add a card at the top of Column 0").click()
    own, remote = [], []
    for n in range(EDITS):
        await hers.keyboard.insert_text(f"edit {n}")
        await hers.keyboard.press("Enter")
        await asyncio.gather(*(page.wait_for_function(f"window.sights['edit {n}']") for page in (hers, other)))
        pressed = await hers.evaluate("window.pressed")
        own.append(await hers.evaluate(f"window.sights['edit {n}']") - pressed)
        remote.append(await other.evaluate(f"window.sights['edit {n}']") - pressed)
    for page in (hers, other):
        await page.context.close()
    return [("own edit → painted", spread(own)), ("edit in one page → painted in another", spread(remote))]


async def dragging(browser: Browser, ann: Person, board: str) -> Iterable[tuple[str, str]]:
    page = await opened(browser, ann, board)
    await page.locator("[data-card]").first.hover(position={"x": 20, "y": 12})
    await page.mouse.down()
    await page.mouse.move(200, 300, steps=4)
    await page.evaluate(FRAMES)
    for turn in range(6):
        await page.mouse.move(1_200 if turn % 2 == 0 else 150, 200 + 90 * turn, steps=60)
    frames, tasks = await page.evaluate("[window.frames_ms, window.tasks_ms]")
    await page.keyboard.press("Escape")
    await page.mouse.up()
    await page.context.close()
    return [
        ("a frame while dragging", spread(frames)),
        ("long tasks while dragging", f"{len(tasks)}, longest {max(tasks, default=0):.0f} ms"),
    ]


async def burst(browser: Browser, ann: Person, board: str) -> Iterable[tuple[str, str]]:
    page = await opened(browser, ann, board, KEYS)
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    before = await memory(devtools)
    tasks = (await ann.snapshot(board))["tasks"]
    await page.get_by_role("button", name="Add a card at the top of Column 0").click()
    keys_pressed = asyncio.create_task(every(1 / 20, lambda: page.keyboard.type("x"), 20 * BURST_SECONDS))
    async with ann.socket() as socket:
        listening = asyncio.create_task(listen(socket))
        await every(
            1 / BURST_PER_SECOND, lambda: socket.send(change(board, choice(tasks))), BURST_PER_SECOND * BURST_SECONDS
        )
        listening.cancel()
    await keys_pressed
    keys = await page.evaluate("window.keys_ms")
    after = await memory(devtools)
    await page.context.close()
    return [
        (f"a key while {BURST_PER_SECOND} changes a second come for {BURST_SECONDS} s → painted", spread(keys)),
        ("memory of the page (JavaScript), before and after that", f"{before:.0f} MB, {after:.0f} MB"),
    ]


def change(board: str, task: Message) -> Message:
    command = {"type": "update_task", "id": task["id"], "title": f"Changed {uuid4().hex}"}
    return {"type": "submit", "id": str(uuid4()), "project": board, "commands": [command]}


async def listen(socket: Socket) -> None:
    while True:
        await socket.expect("ack")


async def every(seconds: float, act: Callable[[], Awaitable[object]], times: int) -> None:
    begun = perf_counter()
    for n in range(times):
        await asyncio.sleep(max(0, begun + n * seconds - perf_counter()))
        await act()


async def memory(devtools: CDPSession) -> float:
    await devtools.send("HeapProfiler.collectGarbage")
    metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "JSHeapUsedSize")) / 1e6


def spread(milliseconds: list[float]) -> str:
    return f"p50 {median(milliseconds):.0f} ms, p95 {quantiles(milliseconds, n=20)[-1]:.0f} ms"


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], chromium.find() or sys.exit(f"The table needs Chromium: {chromium.ADVICE}")))
