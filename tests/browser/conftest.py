"""The real server, the built client and a real browser: a `Screen` is one person in front of one page."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from server.embedded.valkey import Valkey
from server.settings import load
from tests.browser import chromium
from tests.browser.screen import Screen
from tests.conftest import SECRET, serving
from tests.helpers.people import Person, Server

ROOT = Path(__file__).parents[2]
INSTALLING: dict[str, Any] = {"service_workers": "allow"}
"""For pages that are reloaded offline."""

Open = Callable[..., Awaitable[Screen]]

fixture = pytest_asyncio.fixture(loop_scope="session")
"""For fixtures of these tests: all of them run in one loop, since they share the browser and the server."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as it is now, the worker's own copy: built by whichever comes first, when anything has changed."""
    lock_file = ROOT / ".lockstep" / "client.lock"
    lock_file.parent.mkdir(exist_ok=True)
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, ROOT / "dev", "build"], check=True, timeout=300)
    return shutil.copytree(ROOT / "client" / "web" / "dist", tmp_path_factory.mktemp("client") / "dist")


@pytest.fixture(scope="session")
def environment(shared_database_url: str, valkey: Valkey, dist: Path, tmp_path_factory: Any) -> dict[str, str]:
    """What the one server is started with, and what works beside it."""
    return {
        "DATABASE_URL": shared_database_url,
        "REDIS_URL": valkey.url,
        "LOCKSTEP_SECRET": SECRET,
        "LOCKSTEP_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "LOCKSTEP_WEB_DIST": str(dist),
        "LOCKSTEP_SECURE_COOKIES": "off",
        "LOCKSTEP_LOG_LEVEL": "warning",
    }


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(environment: dict[str, str]) -> AsyncIterator[Server]:
    """One server for all; tests keep to boards of their own."""
    async with serving(load(environment)) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = chromium.find()
    if program is None:
        pytest.skip(f"there is no Chromium here: {chromium.ADVICE}")
    async with async_playwright() as playwright:
        browser = await chromium.launch(playwright, program)
        yield browser
        await browser.close()


@pytest.fixture(autouse=True)
def fresh_limits(shared_database_url: str, redis_url: str) -> None:
    """How often somebody may sign in is counted anew in each test: `redis_url` empties the counters after it.

    The database comes first, since its account must own the folder of sockets.
    """


@fixture
async def screen(browser: Browser, server: Server) -> AsyncIterator[Open]:
    """Opens a page at `path`, signed in as `person`, of `at` or else of the server that all share; takes the options of a browser context.

    Fails on errors in the page's console. No page fetches the whole client ahead for its service worker, unless a test asks for it (`INSTALLING`).
    """
    async with AsyncExitStack() as stack:

        async def open(person: Person | None = None, path: str = "/", at: Server = server, **options: Any) -> Screen:
            context = await browser.new_context(
                base_url=at.url, **{"locale": "en-GB", "service_workers": "block", **options}
            )
            stack.push_async_callback(context.close)
            screen = Screen(await context.new_page(), at.url)
            stack.callback(screen.check_console)
            if person is not None:
                await screen.sign_in(person)
            await screen.page.goto(path)
            return screen

        yield open


@fixture
async def ann(server: Server) -> Person:
    return await server.sign_up("Ann")


@fixture
async def milo(server: Server) -> Person:
    return await server.sign_up("Milo")
