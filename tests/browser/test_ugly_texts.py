"""Texts as nobody means them: megabytes, endless words, emoji, right-to-left; nothing breaks, nothing is changed unseen."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

MEGABYTES = "words and more " * 140_000
ENDLESS = "W" * 200
FAMILY = "👩‍👩‍👧‍👦 e\u0301 🏳️‍🌈 \U0001f9d1🏿‍🚀"
HEBREW = "לחפור את הערוגות (2 spades)!"
PASTE = """(field, text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    field.focus()
    const cut = field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    if (cut) document.execCommand('insertText', false, text)
}"""
OVERFLOW = """() => document.documentElement.scrollWidth > innerWidth
    || [...document.querySelectorAll('.title, aside .body, aside textarea, aside pre')].some(e => e.scrollWidth > e.clientWidth + 1)"""


@fixture
async def project(ann: Person) -> str:
    return await ann.project("Garden")


async def paste(field: Locator, text: str) -> None:
    await field.evaluate(PASTE, text)


async def said(screen: Screen, most: str) -> None:
    await expect(screen.page.get_by_text(f"There is room for {most} characters.")).to_be_visible()


async def test_pasted_megabytes_are_cut_to_what_fits_and_that_is_said(screen: Open, ann: Person, project: str) -> None:
    task = await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}/t/{task}")
    comment = hers.sheet.get_by_label("Write a comment")
    await paste(comment, MEGABYTES)
    await said(hers, "20,000")
    await hers.page.keyboard.press("Control+Enter")
    title = hers.sheet.get_by_label("Title of the card")
    await title.fill("")
    await paste(title, MEGABYTES)
    await said(hers, "200")
    await title.press("Enter")
    await hers.edit()
    await paste(hers.editor, MEGABYTES)
    await said(hers, "50,000")
    await hers.page.keyboard.press("Escape")
    await hers.saved()
    detail = (await ann.rest("GET", f"/v1/projects/{project}/tasks/{task}")).json()
    assert detail["comments"][0]["text"] == MEGABYTES[:20_000].strip()
    assert detail["task"]["title"] == MEGABYTES[:200].strip()
    assert len((detail["description"] or {"text": ""})["text"]) <= 50_000
    await expect(hers.page.get_by_role("alert")).to_have_count(0)


async def test_a_pasted_megabyte_of_one_line_makes_a_card_that_keeps_what_fits(
    screen: Open, ann: Person, project: str
) -> None:
    hers = await screen(ann, f"/p/{project}")
    await hers.column("To do").get_by_role("button", name="Add a card", exact=True).click()
    await paste(hers.page.get_by_label("Title of the card"), MEGABYTES)
    await said(hers, "400")
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_count(1)
    await hers.saved()
    (task,) = (await ann.snapshot(project))["tasks"]
    assert task["title"].endswith("…") and len(task["title"]) <= 200 and task["has_description"]


@pytest.mark.parametrize("text", [FAMILY, HEBREW], ids=["emoji", "right to left"])
async def test_what_is_typed_is_stored_as_it_is_and_reads_in_its_own_direction(
    screen: Open, ann: Person, project: str, text: str
) -> None:
    hers = await screen(ann, f"/p/{project}")
    await hers.add_card("To do", text)
    await expect(hers.cards("To do")).to_have_text([text])
    await hers.open_card(text)
    await hers.write(text)
    await hers.sheet.get_by_label("Write a comment").fill(text)
    await hers.page.keyboard.press("Control+Enter")
    await expect(hers.sheet.get_by_role("listitem").filter(has_text=text)).to_have_count(1)
    await hers.saved()
    (task,) = (await ann.snapshot(project))["tasks"]
    detail = (await ann.rest("GET", f"/v1/projects/{project}/tasks/{task['id']}")).json()
    assert [task["title"], detail["description"]["text"], detail["comments"][0]["text"]] == [text] * 3
    direction = "rtl" if text == HEBREW else "ltr"
    for place in (hers.card(text).locator(".title"), hers.description.locator(".prose p").first):
        base = await place.evaluate(
            "e => { const p = getComputedStyle(e); return p.unicodeBidi === 'plaintext' ? 'own' : p.direction }"
        )
        assert base in ("own", direction)


@pytest.mark.parametrize("width", [360, 1440])
async def test_a_word_without_an_end_stays_within_its_place(
    screen: Open, ann: Person, project: str, width: int
) -> None:
    task = await add_task(ann, project, ENDLESS, description=f"{ENDLESS}\n\n- {ENDLESS}\n\n`{ENDLESS}`")
    label = "5c7ad7ad-11b3-4fd7-a56f-1bba5c8f2d6b"
    await submit(
        ann,
        project,
        {"type": "update_project", "name": ENDLESS[:100], "description": ENDLESS},
        {"type": "create_label", "id": label, "name": ENDLESS[:100], "color": "red"},
        {"type": "update_task", "id": task, "labels": {"add": [label]}},
        {"type": "add_comment", "id": task, "task_id": task, "text": ENDLESS},
        {"type": "add_checklist_item", "id": task, "task_id": task, "text": ENDLESS},
    )
    hers = await screen(ann, f"/p/{project}", viewport={"width": width, "height": 740})
    await expect(hers.cards("To do")).to_have_text([ENDLESS])
    assert not await hers.page.evaluate(OVERFLOW)
    await hers.open_card(ENDLESS)
    await hers.described(f"{ENDLESS}\n\n{ENDLESS}\n\n{ENDLESS}")
    await expect(hers.sheet.get_by_role("listitem").filter(has_text=ENDLESS).first).to_be_visible()
    assert not await hers.page.evaluate(OVERFLOW)
