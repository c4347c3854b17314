"""Files on an open card: chosen or pasted, seen live by others, downloaded, deleted and brought back."""

from pathlib import Path

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.helpers.people import Person

PASTE = """
() => {
  const data = new DataTransfer()
  data.items.add(new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])], 'bed.png', { type: 'image/png' }))
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}
"""


def files(screen: Screen) -> Locator:
    return screen.sheet.get_by_role("list", name="Files").get_by_role("listitem")


async def test_files_are_chosen_pasted_seen_live_downloaded_deleted_and_brought_back(
    screen: Open, ann: Person, tmp_path: Path
) -> None:
    board = await ann.project("Garden")
    path = f"/p/{board}/t/{await add_task(ann, board, 'Dig')}"
    hers, other = await screen(ann, path), await screen(ann, path)
    plan = tmp_path / "plan.txt"
    plan.write_text("Peas along the wall")
    await hers.sheet.get_by_label("Choose files").set_input_files(plan)
    await expect(files(hers)).to_contain_text(["plan.txt"])
    await expect(files(other)).to_contain_text(["plan.txt"])
    await hers.page.evaluate(PASTE)
    await expect(files(other)).to_contain_text(["plan.txt", "bed.png"])
    await expect(other.card("Dig")).to_contain_text("2 files")
    async with other.page.expect_download() as coming:
        await other.sheet.get_by_role("button", name="Download “plan.txt”").click()
    kept = await coming.value
    assert kept.suggested_filename == "plan.txt"
    assert (await kept.path()).read_text() == "Peas along the wall"
    await hers.sheet.get_by_role("button", name="Delete “plan.txt”").click()
    await expect(files(other)).to_have_count(1)
    await hers.page.get_by_role("button", name="Undo").last.click()
    await expect(files(other)).to_have_count(2)


async def test_a_file_that_is_refused_is_named_with_the_reason(screen: Open, ann: Person, tmp_path: Path) -> None:
    board = await ann.project("Garden")
    hers = await screen(ann, f"/p/{board}/t/{await add_task(ann, board, 'Dig')}")
    empty = tmp_path / "empty.txt"
    empty.touch()
    await hers.sheet.get_by_label("Choose files").set_input_files(empty)
    await expect(hers.sheet.get_by_role("alert")).to_contain_text("empty.txt")
    await expect(files(hers)).to_have_count(0)
