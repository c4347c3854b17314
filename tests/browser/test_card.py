"""An open card: every property, its checklist and comments, each saved as it is left."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def hers(screen: Open, ann: Person) -> Screen:
    """Ann's only card, open."""
    project = await ann.project("Garden")
    task = await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Dig")
    await expect(hers.sheet.get_by_role("heading", name="Comments")).to_be_visible()
    return hers


async def test_a_label_is_created_worn_renamed_and_coloured(hers: Screen) -> None:
    await hers.property("Labels").click()
    await hers.page.get_by_label("Find or create a label").fill("Beds")
    await hers.page.keyboard.press("Enter")
    await expect(hers.card("Dig")).to_contain_text("Beds")
    await hers.page.get_by_role("button", name="Edit label Beds").click()
    await hers.page.get_by_label("Name", exact=True).fill("Raised beds")
    await hers.page.get_by_role("radio", name="Green").click()
    await expect(hers.card("Dig").get_by_text("Raised beds")).to_have_attribute("data-hue", "green")
    await hers.page.keyboard.press("Escape")
    await expect(hers.sheet).to_be_visible()


async def test_a_priority_is_marked_from_high_upwards(hers: Screen) -> None:
    await expect(hers.card("Dig")).not_to_contain_text("Priority")
    for name in ("Urgent", "High"):
        await hers.property("Priority").click()
        await hers.page.get_by_role("menuitemradio", name=name).click()
        await expect(hers.card("Dig")).to_contain_text(f"Priority: {name}")
    await hers.property("Priority").click()
    await hers.page.get_by_role("menuitemradio", name="Low").click()
    await expect(hers.card("Dig")).not_to_contain_text("Priority")


async def test_a_due_date_in_the_past_is_taken_and_told(hers: Screen) -> None:
    past = (datetime.now(UTC) - timedelta(days=40)).date().isoformat()
    await hers.property("Due").click()
    picker = hers.page.get_by_role("dialog", name="Due")
    await picker.get_by_label("Date").fill(past)
    await expect(picker.get_by_role("status")).to_contain_text("This date is in the past")
    await expect(hers.card("Dig")).to_contain_text("overdue")
    await picker.get_by_role("button", name="Tomorrow").click()
    await expect(hers.card("Dig")).to_contain_text("Tomorrow")
    await expect(hers.card("Dig")).not_to_contain_text("overdue")
    await hers.property("Due").click()
    await picker.get_by_role("button", name="Clear").click()
    await expect(hers.card("Dig")).not_to_contain_text("Due")


async def test_somebody_is_assigned(hers: Screen) -> None:
    await hers.property("Assigned").click()
    await hers.page.get_by_role("checkbox", name="Ann").click()
    await expect(hers.card("Dig").get_by_role("group", name="Assigned to Ann")).to_be_visible()


async def test_a_checklist_is_written_ticked_ordered_and_undone(hers: Screen) -> None:
    for item in ("Spade", "Gloves"):
        await hers.sheet.get_by_label("Add an item").fill(item)
        await hers.page.keyboard.press("Enter")
    items = hers.sheet.get_by_label("Text of the item")
    await expect(items).to_have_count(2)
    await hers.sheet.get_by_role("checkbox", name="Gloves").check()
    await expect(hers.card("Dig")).to_contain_text("Checklist: 1 of 2 done")
    await hers.sheet.get_by_role("button", name="Move “Gloves” up").click()
    await expect(items.first).to_have_value("Gloves")
    await hers.sheet.get_by_role("button", name="Delete “Gloves”").click()
    await expect(items).to_have_count(1)
    await hers.page.get_by_role("button", name="Undo").click()
    await expect(items).to_have_count(2)
    await expect(hers.card("Dig")).to_contain_text("Checklist: 1 of 2 done")


async def test_a_comment_is_written_edited_deleted_and_undone(hers: Screen) -> None:
    await hers.sheet.get_by_label("Write a comment").fill("Which one?")
    await hers.page.keyboard.press("Control+Enter")
    comment = hers.sheet.get_by_role("listitem").filter(has_text="Which one?")
    await expect(comment).to_contain_text("Ann")
    await expect(hers.card("Dig")).to_contain_text("1 comment")
    await comment.get_by_role("button", name="Edit").click()
    await hers.sheet.get_by_label("Edit").fill("The left one?")
    await hers.sheet.get_by_role("button", name="Save").click()
    edited = hers.sheet.get_by_role("listitem").filter(has_text="The left one?")
    await expect(edited).to_contain_text("edited")
    await edited.get_by_role("button", name="Delete").click()
    await expect(edited).to_have_count(0)
    await hers.page.get_by_role("button", name="Undo").click()
    await expect(edited).to_have_count(1)


async def test_a_description_is_saved_when_the_card_is_closed(hers: Screen) -> None:
    await hers.edit()
    await hers.page.keyboard.insert_text("Two spades deep")
    await hers.sheet.get_by_role("button", name="Close card").click()
    await expect(hers.sheet).to_have_count(0)
    await expect(hers.page.get_by_role("link", name="Dig", exact=True)).to_be_focused()
    await hers.saved()
    await hers.page.reload()
    await hers.open_card("Dig")
    await hers.described("Two spades deep")


async def test_a_comment_begun_survives_closing_the_card(hers: Screen) -> None:
    await hers.sheet.get_by_label("Write a comment").fill("Half a thou")
    await hers.page.keyboard.press("Escape")
    await hers.open_card("Dig")
    await expect(hers.sheet.get_by_label("Write a comment")).to_have_value("Half a thou")


async def test_escape_closes_one_step_at_a_time(hers: Screen) -> None:
    await hers.property("Labels").click()
    await expect(hers.page.get_by_label("Find or create a label")).to_be_focused()
    await hers.page.keyboard.press("Escape")
    await expect(hers.page.get_by_label("Find or create a label")).to_have_count(0)
    await expect(hers.property("Labels")).to_be_focused()
    await hers.page.keyboard.press("Escape")
    await expect(hers.sheet).to_have_count(0)


async def test_a_card_whose_part_of_the_client_does_not_arrive_says_so_and_is_tried_again(
    screen: Open, ann: Person
) -> None:
    project = await ann.project("Garden")
    task = await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}")
    await hers.page.route("**/assets/TaskSheet-*.js", lambda route: route.abort())
    await hers.page.goto(f"/p/{project}/t/{task}")
    told = hers.sheet.get_by_role("alert")
    await expect(told).to_contain_text("This card could not be opened.")
    await hers.sheet.get_by_role("button", name="Try again").click()
    await expect(told).to_be_visible()
    await hers.page.unroute("**/assets/TaskSheet-*.js")
    await hers.sheet.get_by_role("button", name="Try again").click()
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Dig")
