"""The real server, the built client and a real browser: a `Screen` is one person in front of one page."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser, async_playwright

from server.settings import Settings
from tests.browser.screen import Screen
from tests.conftest import serving
from tests.helpers.people import Person, Server

CLIENT = Path(__file__).parents[2] / "client" / "web"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., Awaitable[Screen]]


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as it is now, built once a worker."""
    vite = CLIENT / "node_modules" / ".bin" / "vite"
    if not vite.exists():
        pytest.skip("the web client's packages are not installed: run ./dev test")
    folder = tmp_path_factory.mktemp("dist")
    build = [str(vite), "build", "--outDir", str(folder), "--emptyOutDir", "--logLevel", "warn"]
    subprocess.run(build, cwd=CLIENT, check=True, timeout=120)
    return folder


@pytest.fixture
def settings(settings: Settings, dist: Path) -> Settings:
    return msgspec.structs.replace(settings, web_dist=dist, port=0)


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Server]:
    async with serving(settings) as server:
        yield server


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def screen(browser: Browser, server: Server) -> AsyncIterator[Open]:
    """Opens a page at `path`, signed in as `person`; takes the options of a browser context. Fails on errors in the page's console."""
    async with AsyncExitStack() as stack:

        async def open(person: Person | None = None, path: str = "/", **options: Any) -> Screen:
            context = await browser.new_context(base_url=server.url, **{"locale": "en-GB", **options})
            stack.push_async_callback(context.close)
            screen = Screen(await context.new_page(), server.url)
            stack.callback(screen.check_console)
            if person is not None:
                await screen.sign_in(person)
            await screen.page.goto(path)
            return screen

        yield open


@pytest.fixture
async def ann(server: Server) -> Person:
    return await server.sign_up("Ann")


@pytest.fixture
async def milo(server: Server) -> Person:
    return await server.sign_up("Milo")
