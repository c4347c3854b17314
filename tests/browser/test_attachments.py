"""Files on an open card: chosen or pasted, seen live by others, downloaded, deleted and brought back."""

import base64
import struct
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

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGPoOOMCRAwQCgAtvgZhppa5zgAAAABJRU5ErkJggg=="
)
"""Two pixels wide."""

SOUND = (
    b"RIFF"
    + struct.pack("<I", 1036)
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    + (b"data" + struct.pack("<I", 1000) + b"\x80" * 1000)
)
"""An eighth of a second of silence."""


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
    for deed in ("attached “plan.txt”", "attached “bed.png”", "deleted the file “plan.txt”"):
        await expect(other.sheet.get_by_text(deed)).to_be_visible()
    await hers.page.get_by_role("button", name="Undo").last.click()
    await expect(files(other)).to_have_count(2)


async def test_pictures_texts_and_sounds_are_looked_at_without_leaving_the_card(
    screen: Open, ann: Person, tmp_path: Path
) -> None:
    """What would run elsewhere is only read: a page is a text."""
    board = await ann.project("Garden")
    hers = await screen(ann, f"/p/{board}/t/{await add_task(ann, board, 'Dig')}")
    contents = {
        "bed.png": PICTURE,
        "page.html": b"<script>parent.ran = true</script>",
        "hum.wav": SOUND,
        "peas.zip": b"PK\3\4",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    await hers.sheet.get_by_label("Choose files").set_input_files([tmp_path / name for name in contents])
    await expect(files(hers)).to_contain_text(list(contents))

    async def shown(name: str) -> Locator:
        await hers.sheet.get_by_role("button", name=f"Show “{name}”").click()
        return hers.page.get_by_role("dialog", name=name)

    picture = (await shown("bed.png")).get_by_role("img", name="bed.png")
    await expect(picture).to_have_js_property("naturalWidth", 2)
    await hers.page.keyboard.press("Escape")
    await expect(picture).to_have_count(0)
    await expect(await shown("page.html")).to_contain_text("<script>parent.ran = true</script>")
    assert await hers.page.evaluate("window.ran") is None
    await hers.page.get_by_role("button", name="Close", exact=True).last.click()
    await expect((await shown("hum.wav")).get_by_label("hum.wav", exact=True)).to_have_js_property("duration", 0.125)
    await hers.page.keyboard.press("Escape")
    await expect(hers.sheet.get_by_role("button", name="Show “peas.zip”")).to_have_count(0)


async def test_a_file_that_is_refused_is_named_with_the_reason(screen: Open, ann: Person, tmp_path: Path) -> None:
    board = await ann.project("Garden")
    hers = await screen(ann, f"/p/{board}/t/{await add_task(ann, board, 'Dig')}")
    empty = tmp_path / "empty.txt"
    empty.touch()
    await hers.sheet.get_by_label("Choose files").set_input_files(empty)
    await expect(hers.sheet.get_by_role("alert")).to_contain_text("empty.txt")
    await expect(files(hers)).to_have_count(0)
