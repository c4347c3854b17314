"""A file becomes part of a board: seen before it comes, with its people in their places, and taken back with one press."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, expect

from tests.api.test_imports import FILE
from tests.browser.boards import add_task, description
from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.helpers.people import Person
from tests.jobs.test_processes import running

TRELLO: FilePayload = {"name": "allotment.json", "mimeType": "application/json", "buffer": FILE}
TABLE: FilePayload = {"name": "beds.csv", "mimeType": "text/csv", "buffer": b"Title,Whatnot\nBeans,Soon\n"}
NO_BOARD: FilePayload = {"name": "letter.json", "mimeType": "application/json", "buffer": b"Dear Ann,"}
PATIENCE_MS = 60_000
"""A worker takes a job within seconds, on a machine with time for it."""


@pytest.fixture
def working(environment: dict[str, str], tmp_path: Path) -> Iterator[None]:
    """A worker and a clock beside the server."""
    with ExitStack() as stack:
        for name in ("worker", "clock"):
            stack.enter_context(running(name, tmp_path / f"{name}.log", **environment))
        yield


async def open_dialog(hers: Screen) -> None:
    await hers.page.get_by_role("button", name="Board menu").click()
    await hers.page.get_by_role("menuitem", name="Import a file").click()
    await expect(hers.page.get_by_role("dialog", name="Import a file")).to_be_visible()


@pytest.mark.usefixtures("working")
async def test_a_trello_file_is_looked_at_imported_and_undone(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    await add_task(ann, project, "Mine")
    hers = await screen(ann, f"/p/{project}")
    await open_dialog(hers)
    dialog = hers.page.get_by_role("dialog", name="Import a file")
    chooser = dialog.locator("input[type=file]")

    await chooser.set_input_files(NO_BOARD)
    await expect(dialog.get_by_role("alert")).to_contain_text("not a board", timeout=PATIENCE_MS)

    await chooser.set_input_files(TRELLO)
    await expect(dialog.get_by_text("3 cards")).to_be_visible(timeout=PATIENCE_MS)
    await expect(dialog.get_by_text("1 new person")).to_be_visible()
    await expect(dialog.get_by_text("Beans")).to_be_visible()
    await dialog.get_by_role("combobox", name="Who is Ann Otherwise?").select_option("Ann")
    await dialog.get_by_role("button", name="Import", exact=True).click()
    await expect(dialog.get_by_text("3 cards were imported")).to_be_visible(timeout=PATIENCE_MS)
    there = await ann.snapshot(project)
    assert sorted(task["title"] for task in there["tasks"]) == ["Beans", "Kale", "Mine", "Peas"]
    assert [member["id"] for member in there["members"]] == [ann.id]

    await hers.page.keyboard.press("Escape")
    await expect(hers.page.get_by_text("Beans")).to_be_visible()
    await open_dialog(hers)
    await dialog.get_by_role("button", name="Undo the import of").click()
    await expect(dialog.get_by_text("3 cards went to the trash")).to_be_visible(timeout=PATIENCE_MS)
    await hers.page.keyboard.press("Escape")
    await expect(hers.page.get_by_text("Beans")).to_be_hidden()
    await expect(hers.page.get_by_text("Mine")).to_be_visible()


@pytest.mark.usefixtures("working")
async def test_a_tables_columns_become_what_was_chosen(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    hers = await screen(ann, f"/p/{project}")
    await open_dialog(hers)
    dialog = hers.page.get_by_role("dialog", name="Import a file")
    await dialog.locator("input[type=file]").set_input_files(TABLE)
    becomes = dialog.get_by_role("combobox", name="What “Whatnot” becomes")
    await expect(becomes).to_be_visible(timeout=PATIENCE_MS)
    await becomes.select_option("Description")
    await dialog.get_by_role("button", name="Import", exact=True).click()
    await expect(dialog.get_by_text("1 card was imported")).to_be_visible(timeout=PATIENCE_MS)
    (task,) = (await ann.snapshot(project))["tasks"]
    assert await description(ann, project, task["id"]) == "Soon"


async def test_only_admins_are_offered_to_import(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project, "editor")
    his = await screen(milo, f"/p/{project}")
    await his.page.get_by_role("button", name="Board menu").click()
    await expect(his.page.get_by_role("menuitem", name="Export the board")).to_be_visible()
    await expect(his.page.get_by_role("menuitem", name="Import a file")).to_be_hidden()
