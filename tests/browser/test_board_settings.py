"""The board as a whole: what is put away comes back, columns collapse, boards are starred, found, deleted and restored."""

from uuid import uuid4

from playwright.async_api import expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def project(ann: Person) -> str:
    project = await ann.project("Garden")
    for title in ("Dig", "Sow", "Water"):
        await add_task(ann, project, title)
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    return hers


async def board_menu(hers: Screen, row: str) -> None:
    await hers.page.get_by_role("button", name="Board menu").click()
    await hers.page.get_by_role("menuitem", name=row).click()


async def test_archived_cards_come_back_where_they_stood(hers: Screen) -> None:
    await hers.card_menu("Sow", "Archive")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Water"])
    await board_menu(hers, "Archived cards")
    await hers.page.get_by_role("button", name="Restore Sow").click()
    await expect(hers.page.get_by_text("No cards are archived.")).to_be_visible()
    await hers.page.keyboard.press("Escape")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])


async def test_deleted_cards_come_back_even_on_a_page_that_came_later(hers: Screen, ann: Person, project: str) -> None:
    for title in ("Dig", "Water"):
        await hers.card_menu(title, "Delete")
    await hers.saved()
    await hers.page.reload()
    await expect(hers.cards("To do")).to_have_text(["Sow"])
    await board_menu(hers, "Deleted cards")
    dialog = hers.page.get_by_role("dialog", name="Deleted cards")
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    await expect(dialog.get_by_role("listitem").first).to_contain_text("Water")
    await expect(dialog.get_by_role("listitem").first).to_contain_text("Ann, ")
    await dialog.get_by_role("button", name="Restore Dig").click()
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await hers.page.keyboard.press("Escape")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])


async def test_a_column_collapses_for_oneself_and_stays_so(hers: Screen) -> None:
    await hers.column_menu("To do", "Collapse")
    await expect(hers.cards("To do")).to_have_count(0)
    await hers.page.reload()
    folded = hers.page.get_by_role("button", name="Expand To do, 3 cards")
    await expect(folded).to_be_visible()
    await folded.click()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])


async def test_who_only_reads_collapses_columns_and_cannot_do_more(
    screen: Open, ann: Person, milo: Person, project: str
) -> None:
    await ann.let_in(milo, project, "viewer")
    his = await screen(milo, f"/p/{project}")
    await his.column("To do").get_by_role("button", name="Collapse: To do").click()
    await expect(his.page.get_by_role("button", name="Expand To do, 3 cards")).to_be_visible()
    await his.page.get_by_role("button", name="Expand To do, 3 cards").click()
    await his.page.get_by_role("link", name="Dig", exact=True).focus()
    for key in ("x", "Space", "ArrowDown", "Space"):
        await his.page.keyboard.press(key)
    await expect(his.page.get_by_role("toolbar", name="Chosen cards")).to_have_count(0)
    await expect(his.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    await board_menu(his, "Board settings")
    await expect(his.page.get_by_label("What it is about")).to_have_attribute("readonly", "")
    await expect(his.page.get_by_role("button", name="Delete this board")).to_have_count(0)


async def test_a_card_is_dropped_on_a_collapsed_column(hers: Screen) -> None:
    await hers.column_menu("Done", "Collapse")
    await hers.drag("Dig", hers.page.get_by_role("button", name="Expand Done, 0 cards"), y=0.5)
    await hers.page.get_by_role("button", name="Expand Done, 1 card").click()
    await expect(hers.cards("Done")).to_have_text(["Dig"])


async def test_a_tick_completes_a_card_and_takes_it_back(hers: Screen) -> None:
    await hers.card("Sow").hover()
    await hers.page.get_by_role("button", name="Complete Sow").click()
    await expect(hers.cards("Done")).to_have_text(["Sow"])
    await hers.card("Sow").hover()
    await hers.page.get_by_role("button", name="Reopen Sow").click()
    await expect(hers.cards("To do")).to_have_text(["Sow", "Dig", "Water"])


async def test_a_copy_has_the_texts_and_the_facts_of_its_card(hers: Screen, ann: Person, project: str) -> None:
    board = await ann.snapshot(project)
    task = next(task["id"] for task in board["tasks"] if task["title"] == "Dig")
    await submit(
        ann,
        project,
        {"type": "describe_task", "id": task, "text": "Two spades deep.", "base_seq": board["seq"]},
        {"type": "add_checklist_item", "id": str(uuid4()), "task_id": task, "text": "Spade"},
        {"type": "update_task", "id": task, "priority": 1, "assignees": {"add": [ann.id]}},
    )
    await hers.card_menu("Dig", "Copy card")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Dig", "Sow", "Water"])
    await hers.saved()
    tasks = (await ann.snapshot(project))["tasks"]
    [copy] = [each for each in tasks if each["title"] == "Dig" and each["id"] != task]
    assert (copy["priority"], copy["assignee_ids"], copy["checklist_total"]) == (1, [ann.id], 1)
    detail = (await ann.rest("GET", f"/v1/projects/{project}/tasks/{copy['id']}")).json()
    assert detail["description"]["text"] == "Two spades deep."


async def test_a_board_is_described_its_labels_renamed_and_it_is_deleted_and_restored(
    hers: Screen, ann: Person, project: str
) -> None:
    await submit(ann, project, {"type": "create_label", "id": str(uuid4()), "name": "Seeds", "color": "green"})
    await board_menu(hers, "Board settings")
    await hers.page.get_by_label("What it is about").fill("Beds and seeds")
    await hers.page.get_by_role("button", name="Edit label Seeds").click()
    await hers.page.get_by_label("Name", exact=True).fill("Seedlings")
    await hers.page.get_by_role("button", name="Back to labels").click()
    await expect(hers.page.get_by_role("button", name="Edit label Seedlings")).to_be_visible()
    await hers.saved()
    board = await ann.snapshot(project)
    assert board["project"]["description"] == "Beds and seeds"
    assert [label["name"] for label in board["labels"]] == ["Seedlings"]

    await hers.page.get_by_role("button", name="Delete this board").click()
    await hers.page.get_by_role("button", name="Delete it for everybody").click()
    await expect(hers.page.get_by_text("No boards yet")).to_be_visible()
    await hers.page.get_by_text("Deleted boards").click()
    await hers.page.get_by_role("button", name="Restore Garden").click()
    await hers.page.get_by_role("link", name="Garden").click()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])


async def test_boards_are_starred_and_found_by_name(screen: Open, ann: Person) -> None:
    names = ["Attic", "Beds", "Cellar", "Dairy", "Eaves", "Fence"]
    for name in names:
        await ann.project(name)
    hers = await screen(ann, "/")
    boards = hers.page.get_by_role("main").locator("li a .name")
    await hers.page.get_by_role("button", name="Star Dairy").click()
    starred = ["Dairy", "Attic", "Beds", "Cellar", "Eaves", "Fence"]
    await expect(boards).to_have_text(starred)
    await hers.page.reload()
    await expect(boards).to_have_text(starred)
    await hers.page.get_by_label("Find a board").fill("e a")
    await expect(boards).to_have_text(["Cellar", "Eaves"])
