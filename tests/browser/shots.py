"""`./dev shots`: pictures of every screen, at the widths of a phone, a tablet and a desk, in light and dark.

It starts what it needs beside whatever runs, fills a demo board, takes the pictures and ends.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, Error, async_playwright

from server.demo import fill
from server.embedded.postgres import Postgres
from server.embedded.valkey import Valkey
from server.settings import Settings, load
from server.storage.schema import migrate
from server.telemetry import configure_logging
from tests.browser import chromium
from tests.browser.scenes import SCENES
from tests.browser.screen import Screen
from tests.browser.stage import Look, Stage
from tests.conftest import SECRET, serving
from tests.helpers.people import Person, Server

ROOT = Path(__file__).parents[2]
DIST = ROOT / "client" / "web" / "dist"
FOLDER = ROOT / ".lockstep" / "shots"
TOUCH = {"has_touch": True, "is_mobile": True}
WIDTHS: dict[int, dict[str, Any]] = {
    360: {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, **TOUCH},
    768: {"viewport": {"width": 768, "height": 1024}, **TOUCH},
    1440: {"viewport": {"width": 1440, "height": 900}},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CALM = {"service_workers": "block", "reduced_motion": "reduce"}


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    configure_logging("error")
    program = chromium.find()
    if program is None:
        print(f"The pictures need Chromium: {chromium.ADVICE}")
        return 1
    with tempfile.TemporaryDirectory(prefix="lockstep-shots-") as folder:
        os.chmod(folder, 0o755)  # PostgreSQL's own account must reach it
        data = Path(folder)
        with Postgres(data, durable=False) as postgres, Valkey(data / "redis", durable=False) as valkey:
            return asyncio.run(shoot(settings_for(data, postgres.url, valkey.url), program, options))


def settings_for(data: Path, database: str, redis: str) -> Settings:
    return load(
        {
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "LOCKSTEP_SECRET": SECRET,
            "LOCKSTEP_DATA_DIR": str(data),
            "LOCKSTEP_WEB_DIST": str(DIST),
            "LOCKSTEP_SECURE_COOKIES": "off",
            "LOCKSTEP_RATE_LIMITS": "off",
            "LOCKSTEP_LOG_LEVEL": "error",
        }
    )


async def shoot(settings: Settings, program: str, options: argparse.Namespace) -> int:
    """Returns how many scenes could not be shown; each of them is told."""
    options.folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in SCENES if not options.only or any(name.startswith(each) for each in options.only)]
    missed = 0
    async with curtain_up(settings) as (server, stage), async_playwright() as playwright:
        browser = await chromium.launch(playwright, program)
        for name in names:
            for width in options.widths:
                missed += not await picture(browser, server, stage, name, width, options.folder)
        await browser.close()
    print(f"{len(names) * len(options.widths) * len(SCHEMES)} pictures in {options.folder}, {missed} scenes missed")
    return min(missed, 1)


@asynccontextmanager
async def curtain_up(settings: Settings) -> AsyncIterator[tuple[Server, Stage]]:
    """A server with the demo board on it."""
    await asyncio.to_thread(migrate, settings.database_url)
    accounts = await asyncio.to_thread(fill, settings, say=lambda _: None)
    async with serving(settings) as server:
        yield server, await Stage.of(server, accounts)


async def picture(browser: Browser, server: Server, stage: Stage, name: str, width: int, folder: Path) -> bool:
    """One scene, in light and dark."""
    async with AsyncExitStack() as stack:

        async def open(person: Person | None = None, path: str = "/", **options: Any) -> Screen:
            context = await browser.new_context(base_url=server.url, locale="en-GB", **options)
            stack.push_async_callback(context.close)
            screen = Screen(await context.new_page(), server.url)
            if person is not None:
                await screen.sign_in(person)
            await screen.page.goto(path)
            return screen

        try:
            screen = await SCENES[name](Look(stage, open, {**CALM, **WIDTHS[width]}))
            for scheme in SCHEMES:
                await screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                await screen.page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", animations="disabled")
        except (AssertionError, Error) as wrong:
            print(f"{name} at {width}: {str(wrong).splitlines()[0]}", flush=True)
            return False
        return True


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev shots", description="Pictures of every screen.")
    parser.add_argument("only", nargs="*", help="scenes whose names begin so, else all")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to (%(default)s)")
    parser.add_argument("--widths", type=int, nargs="+", choices=WIDTHS, default=list(WIDTHS))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
