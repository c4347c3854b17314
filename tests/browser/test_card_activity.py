"""What happened to a card, in words and in one stream with what people said; and comments as they are written."""

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.helpers.people import Person


def stream(screen: Screen) -> Locator:
    return screen.sheet.get_by_role("region", name="Comments and activity").get_by_role("listitem")


async def test_what_happened_is_told_with_from_and_to_among_the_comments(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    task = await add_task(ann, project, "Dig")
    await submit(ann, project, {"type": "update_task", "id": task, "title": "Dig the beds"})
    comment = {"type": "add_comment", "id": task, "task_id": task, "text": "**Two** spades deep"}
    await submit(ann, project, comment)
    done = (await columns(ann, project))["Done"]
    await submit(ann, project, {"type": "move_task", "id": task, "column_id": done, "place": "top"})
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await expect(stream(hers)).to_have_count(4)
    await expect(stream(hers).nth(0)).to_contain_text("Ann added this card")
    await expect(stream(hers).nth(1)).to_contain_text("Ann renamed this card from “Dig” to “Dig the beds”")
    await expect(stream(hers).nth(2).locator("strong", has_text="Two")).to_be_visible()
    await expect(stream(hers).nth(3)).to_contain_text("Ann moved this card from To do to Done")
    await submit(ann, project, {"type": "update_task", "id": task, "due_at": "2030-05-12"})
    await expect(stream(hers).nth(4)).to_contain_text("Ann set the due date to 12 May 2030")
    await hers.sheet.get_by_role("button", name="Only comments").click()
    await expect(stream(hers)).to_have_count(1)


async def test_a_past_is_read_back_to_where_the_card_began_and_others_are_left_out(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    task = await add_task(ann, project, "Dig")
    other = await add_task(ann, project, "Sow")
    for number in range(5):
        renamings = [{"type": "update_task", "id": other, "title": f"Sow {number} {i}"} for i in range(2)]
        await submit(ann, project, *renamings)
    await submit(ann, project, {"type": "update_task", "id": task, "title": "Dig deep"})
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await expect(stream(hers)).to_have_text(
        ["Ann added this card · now", "Ann renamed this card from “Dig” to “Dig deep” · now"]
    )
    await expect(hers.sheet.get_by_role("button", name="Show older activity")).to_have_count(0)


async def test_older_activity_is_read_when_its_place_is_scrolled_to(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    task = await add_task(ann, project, "Dig")
    for number in range(120):
        await submit(ann, project, {"type": "update_task", "id": task, "title": f"Dig {number}"})
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await expect(stream(hers)).to_have_count(50)
    await expect(stream(hers).first).to_contain_text("“Dig 70”")
    await stream(hers).last.scroll_into_view_if_needed()
    await hers.sheet.get_by_role("button", name="Show older activity").scroll_into_view_if_needed()
    await expect(stream(hers)).to_have_count(100)
    await stream(hers).last.scroll_into_view_if_needed()
    await hers.sheet.get_by_role("button", name="Show older activity").scroll_into_view_if_needed()
    await expect(stream(hers)).to_have_count(121)
    await expect(stream(hers).first).to_contain_text("Ann added this card")
    await expect(hers.sheet.get_by_role("button", name="Show older activity")).to_have_count(0)


async def test_people_are_offered_in_a_comment_and_escape_takes_the_offer_away_first(
    screen: Open, ann: Person, milo: Person
) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    task = await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await hers.sheet.get_by_label("Write a comment").click()
    await hers.page.keyboard.type("Ask @m")
    offers = hers.sheet.get_by_role("option")
    await expect(offers).to_have_text(["@Milo"])
    await hers.page.keyboard.press("Escape")
    await expect(offers).to_have_count(0)
    await hers.page.keyboard.type("i")
    await expect(offers).to_have_text(["@Milo"])
    await hers.page.keyboard.press("Enter")
    await expect(hers.sheet.get_by_label("Write a comment")).to_have_value("Ask @Milo ")
    await hers.page.keyboard.press("Control+Enter")
    await expect(stream(hers).last.locator(".person")).to_have_text("@Milo")
