"""The browser that the tests look with: where it is, how it is started, and how Debian installs it."""

import os
import shutil
import subprocess
from pathlib import Path

from playwright.async_api import Browser, Playwright

PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's, the better one first: without a window there is no toolbar to draw, which halves the processor time of a test."""

PROGRAMS = (*PACKAGES, "chromium-browser", "google-chrome", "google-chrome-stable")

ADVICE = f"install it (Debian: apt-get install {PACKAGES[0]}) and run again."

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The one that `CHROMIUM` names, else the best one of this machine."""
    apps = (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in ("Chromium", "Google Chrome"))
    known = [os.environ.get("CHROMIUM"), *map(shutil.which, PROGRAMS), *(str(app) for app in apps if app.exists())]
    return next(filter(None, known), None)


async def launch(playwright: Playwright, program: str) -> Browser:
    return await playwright.chromium.launch(executable_path=program, args=list(FLAGS))


def install() -> None:
    """From Debian, where we may: as root, or with a sudo that does not ask. Tells on the terminal what it does."""
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not (shutil.which("sudo") and _call(*rights, "true"))):
        return
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    _call(*apt, "update")
    any(_call(*apt, "install", "-y", "--no-install-recommends", package) for package in PACKAGES)


def _call(*command: str) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL).returncode == 0
