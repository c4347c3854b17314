"""What `./dev test` and `./dev check` run: every step, whatever the ones before it said, then a summary.

It is started by `./dev`, which makes the environment that the steps run in.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.browser import chromium

ROOT = Path(__file__).parents[1]
DEV = str(ROOT / "dev")


class Step(NamedTuple):
    """`run` returns an exit code."""

    name: str
    run: Callable[[], int]


def main(arguments: Sequence[str]) -> int:
    steps = FAST if list(arguments) == ["check"] else WHOLE
    results = []
    for step in steps:
        print(f"\n--- {step.name}", flush=True)
        begun = time.monotonic()
        results.append((step.name, step.run() == 0, time.monotonic() - begun))
    print("\n--- summary")
    for name, passed, seconds in results:
        print(f"{'passed' if passed else 'FAILED'}  {name:16}{seconds:7.1f} s")
    return 0 if all(passed for _, passed, _ in results) else 1


def call(*command: str) -> int:
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode


def pytest(*arguments: str) -> int:
    """A test that fails is run once more: real servers and browsers share the machine with whatever else it does.

    What passes only then is listed as RERUN at the end; it is unsteady, and to be mended.
    """
    return call("pytest", *arguments, "--reruns", "1", "-r", "fER", "--cov", "--cov-report=")


def python_tests() -> int:
    return pytest("tests", "--ignore=tests/browser", "-n", "auto")


def browser_tests() -> int:
    if chromium.find() is None:
        chromium.install()
    if chromium.find() is None:
        print(f"The browser tests need Chromium: {chromium.ADVICE}", flush=True)
        return 1
    return pytest("tests/browser", "-n", "2", "--cov-append")


LINT = [
    Step("format", lambda: call("ruff", "format", "--check")),
    Step("lint", lambda: call("ruff", "check", "--quiet")),
    Step("types", lambda: call("mypy")),
    Step("import layers", lambda: call("lint-imports", "--no-cache")),
]
FAST = [*LINT, Step("house rules", lambda: call("pytest", "-q", "tests/test_house.py"))]
WHOLE = [
    *LINT,
    Step("web client", lambda: call(DEV, "build")),
    Step("client format", lambda: call(DEV, "npm", "run", "--silent", "fmt:check")),
    Step("client types", lambda: call(DEV, "npm", "run", "--silent", "check")),
    Step("client tests", lambda: call(DEV, "npm", "run", "--silent", "test")),
    Step("tests", python_tests),
    Step("browser tests", browser_tests),
    Step("coverage", lambda: call("coverage", "report")),
]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
