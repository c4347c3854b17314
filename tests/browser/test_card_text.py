"""Descriptions and comments in Markdown: read as they will look, written with names offered, and never a danger to the reader."""

from playwright.async_api import expect

from tests.browser.boards import add_task, description
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

LIST = "- [ ] Spade\n- [x] Gloves"
EVIL = """<script>window.hurt = 1</script><img src=x onerror="window.hurt = 1">
[press](javascript:window.hurt=1) ![pixel](https://example.org/pixel.png) <b>bold</b>"""


@fixture
async def board(ann: Person, milo: Person) -> str:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    return project


async def opened(screen: Open, person: Person, project: str, text: str = "") -> tuple[Screen, str]:
    task = await add_task(person, project, "Pack", **({"description": text} if text else {}))
    return await screen(person, f"/p/{project}/t/{task}"), task


async def test_boxes_are_ticked_where_they_are_read_by_mouse_and_keyboard(
    screen: Open, ann: Person, board: str
) -> None:
    hers, task = await opened(screen, ann, board, LIST)
    await hers.description.get_by_role("checkbox", name="Spade").check()
    await hers.page.keyboard.press("Tab")
    await expect(hers.description.get_by_role("checkbox", name="Gloves")).to_be_focused()
    await hers.page.keyboard.press("Space")
    await expect(hers.description.get_by_role("checkbox", name="Gloves")).to_be_focused()
    await expect(hers.description.get_by_role("checkbox", checked=True)).to_have_count(1)
    await hers.saved()
    assert await description(ann, board, task) == "- [x] Spade\n- [ ] Gloves"


async def test_html_scripts_and_links_that_run_something_are_shown_as_text_and_stored_untouched(
    screen: Open, ann: Person, board: str
) -> None:
    hers, task = await opened(screen, ann, board, EVIL)
    await expect(hers.description).to_contain_text("<script>window.hurt = 1</script>")
    await expect(hers.description).to_contain_text("<b>bold</b>")
    await expect(hers.description.locator("img, script, [href^=javascript]")).to_have_count(0)
    assert await hers.page.evaluate("() => window.hurt") is None
    assert await description(ann, board, task) == EVIL


async def test_people_and_cards_are_offered_and_lead_there(screen: Open, ann: Person, board: str) -> None:
    await add_task(ann, board, "Dig the beds")
    hers, task = await opened(screen, ann, board)
    await hers.edit()
    await hers.page.keyboard.type("Ask @mi")
    await expect(hers.page.get_by_role("option", name="@Milo")).to_be_visible()
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.type("about #dig")
    await expect(hers.page.get_by_role("option").filter(has_text="Dig the beds")).to_be_visible()
    await hers.page.keyboard.press("Enter")
    await hers.written("Ask @Milo about #1 ")
    await hers.page.keyboard.press("Escape")
    await hers.described("Ask @Milo about #1")
    await hers.description.get_by_role("link", name="#1").click()
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Dig the beds")
    await hers.saved()
    assert (await description(ann, board, task)).startswith("Ask @Milo about #1")


async def test_escape_ends_offers_then_writing_then_closes_the_card(screen: Open, ann: Person, board: str) -> None:
    hers, _ = await opened(screen, ann, board, "Two spades")
    await hers.edit()
    await hers.page.keyboard.type(" @m")
    await expect(hers.page.get_by_role("option", name="@Milo")).to_be_visible()
    await hers.page.keyboard.press("Escape")
    await expect(hers.page.get_by_role("option")).to_have_count(0)
    await expect(hers.editor).to_be_focused()
    await hers.page.keyboard.press("Escape")
    await expect(hers.description.get_by_role("button", name="Edit the description")).to_be_focused()
    await hers.page.keyboard.press("Escape")
    await expect(hers.sheet).to_have_count(0)


async def test_a_list_goes_on_with_enter_and_single_keys_write_letters(screen: Open, ann: Person, board: str) -> None:
    hers, task = await opened(screen, ann, board)
    await hers.edit()
    await hers.page.keyboard.type("- [ ] nl?\nx\n\nc")
    await hers.written("- [ ] nl?\n- [ ] x\nc")
    await hers.page.keyboard.press("Escape")
    await hers.saved()
    assert await description(ann, board, task) == "- [ ] nl?\n- [ ] x\nc"


async def test_what_does_not_fit_is_left_out_and_said(screen: Open, ann: Person, board: str) -> None:
    hers, _ = await opened(screen, ann, board, "Two spades")
    await hers.edit()
    await hers.page.keyboard.insert_text("word " * 20_000)
    await expect(hers.page.get_by_text("There is room for 50,000 characters.")).to_be_visible()
    await hers.written("Two spades")


async def test_others_see_who_is_editing_the_description(screen: Open, ann: Person, milo: Person, board: str) -> None:
    hers, task = await opened(screen, ann, board, "Two spades")
    his = await screen(milo, f"/p/{board}/t/{task}")
    await hers.edit()
    await hers.page.keyboard.type(" deep")
    await expect(his.description.get_by_role("status")).to_have_text("Ann is editing")
    await hers.page.keyboard.press("Escape")
    await expect(his.description.get_by_role("status")).to_have_count(0)
    await his.described("Two spades deep")
