"""One person in front of one page: finding things as people do, by their names."""

import asyncio
import re
from typing import Any

from playwright.async_api import ConsoleMessage, Locator, Page, WebSocketRoute, expect

from tests.helpers.people import Person

expect.set_options(timeout=10_000)  # only a failing test waits that long

SERVER_TIME = r'("server_time":")[^"]*'

SOON_MS = 1_000
"""What another person's edit may take to arrive."""

# Not for `wait_for_function`, which takes a promise for an answer whatever it brings. A database that is not there yet
# is not opened: that would make an empty one.
KEPT = """async ([store, count]) => {
    for (;;) {
        const known = await indexedDB.databases()
        if (known.some(({ name }) => name === 'lockstep') && (await counted()) === count) return
        await new Promise(again => setTimeout(again, 20))
    }

    function counted() {
        return new Promise(done => {
            indexedDB.open('lockstep').onsuccess = ({ target: { result: database } }) => {
                const asked = database.transaction(store).objectStore(store).count()
                asked.onsuccess = () => { database.close(); done(asked.result) }
            }
        })
    }
}"""


class Screen:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._heard)

    async def sign_in(self, person: Person) -> None:
        """Gives the page the cookie that a sign-in leaves."""
        answer = await self.page.request.post(
            "/v1/auth/login", data={"email": person.email, "password": person.password}, headers={"Origin": self.url}
        )
        assert answer.ok, await answer.text()

    async def stand_at(self, now: str) -> None:
        """From the next page on it is `now`, for ever: here and, as far as this page hears of it, at the server."""
        await self.page.clock.set_fixed_time(now)

        def carry(line: WebSocketRoute) -> None:
            server = line.connect_to_server()
            line.on_message(server.send)
            server.on_message(lambda message: line.send(re.sub(SERVER_TIME, rf"\g<1>{now}", str(message))))

        await self.page.route_web_socket(re.compile("/v1/socket"), carry)

    def check_console(self) -> None:
        assert not self.errors, "\n".join(self.errors)

    # The board

    def column(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)

    def cards(self, column: str) -> Locator:
        """The titles of a column's cards."""
        return self.column(column).locator("[data-card] .title")

    def card(self, title: str) -> Locator:
        return self.page.locator("[data-card]").filter(has=self.page.get_by_role("link", name=title, exact=True))

    async def add_card(self, column: str, title: str) -> None:
        await self.column(column).get_by_role("button", name="Add a card", exact=True).click()
        await self.page.get_by_label("Title of the card").fill(title)
        await self.page.keyboard.press("Enter")
        await self.page.keyboard.press("Escape")

    async def card_menu(self, title: str, *rows: str) -> None:
        """Opens the menu of a card and presses a row of it."""
        await self.card(title).hover()
        await self.page.get_by_role("button", name=f"Actions for {title}", exact=True).click()
        for row in rows:
            await self.page.get_by_role("menuitem", name=row, exact=True).click()

    async def column_menu(self, name: str, row: str | None = None) -> None:
        await self.column(name).get_by_role("button", name=f"Actions for column {name}").click()
        if row is not None:
            await self.page.get_by_role("button", name=row, exact=True).click()

    async def saved(self) -> None:
        """Waits until the server has taken everything."""
        await expect(self.page.get_by_title("All changes are saved")).to_be_visible()

    async def kept(self, store: str, count: int) -> None:
        """Waits until a store of the browser's database holds so many records."""
        async with asyncio.timeout(10):
            await self.page.evaluate(KEPT, [store, count])

    async def lift(self, title: str, over: Locator, *, y: float = 0.9) -> None:
        """Lifts a card and holds it at a height (0 top, 1 bottom) of something, until the gap is open there."""
        await self.card(title).hover(position={"x": 20, "y": 12})
        await self.page.mouse.down()
        box = await over.bounding_box()
        assert box is not None
        x, top = box["x"] + box["width"] / 2, box["y"] + box["height"] * y
        await self.page.mouse.move(x, top - 12, steps=4)
        await self.page.mouse.move(x, top, steps=4)
        await self.drawn()

    async def drawn(self) -> None:
        """Waits until the page has drawn what it knows."""
        await self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    async def drag(self, title: str, onto: Locator, *, y: float = 0.9) -> None:
        await self.lift(title, onto, y=y)
        await self.page.mouse.up()

    # An open card

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("complementary")

    async def open_card(self, title: str) -> None:
        await self.page.get_by_role("link", name=title, exact=True).click()
        await expect(self.sheet.get_by_label("Title of the card")).to_have_value(title)

    @property
    def description(self) -> Locator:
        return self.sheet.get_by_role("region", name="Description")

    @property
    def editor(self) -> Locator:
        """Where the description is written."""
        return self.description.get_by_role("textbox", name="Description")

    async def described(self, text: str) -> None:
        """Waits until the description reads so; whitespace does not count."""
        await expect(self.description.locator(".prose")).to_have_text(text, use_inner_text=True)

    async def written(self, text: str) -> None:
        """Waits until the editor holds exactly that."""
        await expect(self.editor.locator(".cm-line")).to_have_text(text.split("\n"))

    async def edit(self) -> None:
        """Opens the editor of the description, with the caret at its end."""
        await self.description.get_by_role("button", name=re.compile("Edit the description|Add a description")).click()
        await expect(self.editor).to_be_focused()

    async def write(self, text: str) -> None:
        """Writes a description in the place of what is there, and ends that."""
        await self.edit()
        await self.rewrite(text)
        await self.page.keyboard.press("Escape")

    async def rewrite(self, text: str) -> None:
        """Puts a text in the place of what the editor holds."""
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)
        await self.written(text)

    def property(self, name: str) -> Locator:
        """The button that shows a property's value and changes it."""
        return self.sheet.get_by_role("button", name=re.compile(f"^{name}: "))

    async def style(self, locator: Locator, name: str) -> Any:
        return await locator.evaluate("(element, name) => getComputedStyle(element)[name]", name)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)
