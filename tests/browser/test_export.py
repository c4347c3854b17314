"""The board as a file, from its menu."""

import json

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open
from tests.helpers.people import Person


async def test_a_board_is_downloaded_in_the_format_that_was_chosen(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    for title in ("Dig", "=Sow"):
        await add_task(ann, project, title)
    hers = await screen(ann, f"/p/{project}")
    await hers.page.get_by_role("button", name="Board menu").click()
    await hers.page.get_by_role("menuitem", name="Export the board").click()
    dialog = hers.page.get_by_role("dialog", name="Export the board")
    await expect(dialog.get_by_role("listitem")).to_have_count(6)
    contents: dict[str, bytes] = {}
    for name, file in (("Lockstep JSON", "Garden.json"), ("CSV", "Garden.csv")):
        async with hers.page.expect_download() as downloading:
            await dialog.get_by_role("button", name=name).click()
        download = await downloading.value
        assert download.suggested_filename == file
        contents[file] = (await download.path()).read_bytes()
        await expect(hers.page.get_by_text(f"{file} is among your downloads")).to_be_visible()
    assert sorted(task["title"] for task in json.loads(contents["Garden.json"])["tasks"]) == ["=Sow", "Dig"]
    assert contents["Garden.csv"].startswith("\ufeffNumber,".encode()) and b",'=Sow," in contents["Garden.csv"]
    await hers.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
