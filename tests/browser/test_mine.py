"""My tasks: what is assigned to one on all boards, grouped by when it is due, ticked where it stands, and current while one looks."""

from uuid import uuid4

from playwright.async_api import Locator, Route, expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

NOW = "2026-05-12T20:30:00Z"


@fixture
async def garden(ann: Person, milo: Person) -> str:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    return project


def titles(screen: Screen, group: str | None = None) -> Locator:
    within = screen.page if group is None else screen.page.get_by_role("region", name=group)
    return within.locator("[data-card] .title")


def tick(screen: Screen, title: str) -> Locator:
    return screen.page.get_by_role("button", name=f"Complete {title}", exact=True)


async def test_they_are_grouped_by_the_days_of_ones_own_zone(screen: Open, ann: Person, garden: str) -> None:
    """Where it is past two in the morning already."""
    kitchen = await ann.project("Kitchen")
    mine = [ann.id]
    await add_task(ann, garden, "Yesterday here", due_at="2026-05-12", assignee_ids=mine)
    await add_task(ann, garden, "All day", due_at="2026-05-13", assignee_ids=mine)
    await add_task(ann, kitchen, "At three", due_at="2026-05-12T21:15:00Z", assignee_ids=mine)
    await add_task(ann, kitchen, "In a week", due_at="2026-05-20", assignee_ids=mine)
    await add_task(ann, garden, "After that", due_at="2026-05-21", assignee_ids=mine)
    await add_task(ann, garden, "Some day", assignee_ids=mine)
    await add_task(ann, garden, "Nobody's", due_at="2026-05-13")
    await add_task(ann, garden, "Done", "Done", due_at="2026-05-13", assignee_ids=mine)
    await ann.rest("PATCH", "/v1/me", json={"time_zone": "Asia/Kathmandu"})
    hers = await screen(ann)
    await hers.stand_at(NOW)
    await hers.page.goto("/my")
    await expect(titles(hers, "Overdue")).to_have_text(["Yesterday here"])
    await expect(titles(hers, "Today")).to_have_text(["All day", "At three"])
    await expect(titles(hers, "Next 7 days")).to_have_text(["In a week"])
    await expect(titles(hers, "Later")).to_have_text(["After that"])
    await expect(titles(hers, "No date")).to_have_text(["Some day"])
    await expect(titles(hers)).to_have_count(6)
    await expect(hers.card("In a week")).to_contain_text("Kitchen")


async def test_they_are_found_from_everywhere_and_lead_to_their_board(screen: Open, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Dig the beds", assignee_ids=[ann.id])
    hers = await screen(ann)
    await hers.page.get_by_role("link", name="My tasks").click()
    await hers.page.get_by_role("link", name="Dig the beds").click()
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Dig the beds")
    await expect(hers.page.get_by_role("heading", name="Garden")).to_be_visible()
    await hers.page.keyboard.press("Escape")
    await hers.page.get_by_role("link", name="My tasks").click()
    await expect(titles(hers)).to_have_text(["Dig the beds"])
    await hers.page.goto(f"/p/{garden}")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds"])
    await hers.page.keyboard.press("t")
    await expect(hers.page).to_have_url(f"{hers.url}/my")
    await hers.page.goto("/settings")
    await expect(hers.page.get_by_role("heading", name="Profile", level=1)).to_be_visible()
    await hers.page.keyboard.press("Control+k")
    await expect(hers.page.get_by_role("combobox", name="Find anything")).to_be_focused()
    await hers.page.keyboard.type("my tasks")
    await expect(hers.page.get_by_role("option", selected=True)).to_contain_text(["My tasks"])
    await hers.page.keyboard.press("Enter")
    await expect(titles(hers)).to_have_text(["Dig the beds"])


async def test_a_tick_completes_at_once_and_undo_brings_it_back_to_its_column(
    screen: Open, ann: Person, garden: str
) -> None:
    task = await add_task(ann, garden, "Dig the beds", "In progress", assignee_ids=[ann.id])
    await add_task(ann, garden, "Sow carrots", due_at="2020-01-01", assignee_ids=[ann.id])
    hers = await screen(ann, "/my")
    await expect(titles(hers)).to_have_text(["Sow carrots", "Dig the beds"])
    await tick(hers, "Dig the beds").click()
    await expect(titles(hers)).to_have_text(["Sow carrots"])
    path = f"/v1/projects/{garden}/tasks/{task}"
    board = await screen(ann, f"/p/{garden}")
    await expect(board.cards("Done")).to_have_text(["Dig the beds"])
    assert (await ann.rest("GET", path)).json()["task"]["status"] == "completed"
    await hers.page.get_by_role("button", name="Undo").click()
    await expect(titles(hers)).to_have_text(["Sow carrots", "Dig the beds"])
    await expect(board.cards("In progress")).to_have_text(["Dig the beds"])


async def test_a_tick_shows_before_the_server_has_answered(screen: Open, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Dig the beds", assignee_ids=[ann.id])
    hers = await screen(ann, "/my")
    asked: list[Route] = []

    async def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            asked.append(route)
        else:
            await route.continue_()

    await hers.page.route("**/v1/projects/*/tasks/*", hold)
    await tick(hers, "Dig the beds").click()
    await expect(hers.page.get_by_role("heading", name="Nothing is waiting for you")).to_be_visible()
    await expect(hers.page.get_by_text("“Dig the beds” completed")).to_be_visible()
    await asked[0].abort()
    await expect(titles(hers)).to_have_text(["Dig the beds"])
    await expect(hers.page.get_by_text("“Dig the beds” stays open. The server cannot be reached.")).to_be_visible()


async def test_what_is_reopened_stays_while_the_server_tells_otherwise(screen: Open, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Dig the beds", assignee_ids=[ann.id])
    hers = await screen(ann, "/my")
    await tick(hers, "Dig the beds").click()
    await expect(titles(hers)).to_have_count(0)
    board = await screen(ann, f"/p/{garden}")
    await expect(board.cards("Done")).to_have_text(["Dig the beds"])
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await hers.page.route("**/v1/projects/*/tasks/*", hold)
    await hers.page.get_by_role("button", name="Undo").click()
    await expect(titles(hers)).to_have_text(["Dig the beds"])
    for _ in range(2):  # the first may have been on its way
        await hers.page.wait_for_event("response", lambda answer: "/v1/tasks?" in answer.url)
    await hers.drawn()
    await expect(titles(hers)).to_have_text(["Dig the beds"])
    await held[0].continue_()
    await expect(board.cards("To do")).to_have_text(["Dig the beds"])
    await expect(titles(hers)).to_have_text(["Dig the beds"])


async def test_what_waits_for_others_is_put_back_with_the_reason(screen: Open, ann: Person, garden: str) -> None:
    first = await add_task(ann, garden, "Dig the beds")
    second = await add_task(ann, garden, "Sow carrots", assignee_ids=[ann.id])
    waits = {"type": "add_dependency", "id": str(uuid4()), "task_id": second, "depends_on_id": first}
    await submit(ann, garden, waits)
    hers = await screen(ann, "/my")
    await tick(hers, "Sow carrots").click()
    await expect(hers.page.get_by_text("“Sow carrots” stays open. The card waits for other cards")).to_be_visible()
    await expect(titles(hers)).to_have_text(["Sow carrots"])


async def test_a_board_without_a_completed_column_says_so(screen: Open, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Sow carrots", assignee_ids=[ann.id])
    await submit(ann, garden, {"type": "delete_column", "id": (await columns(ann, garden))["Done"]})
    hers = await screen(ann, "/my")
    await tick(hers, "Sow carrots").click()
    await expect(hers.page.get_by_text("The board has no column for completed cards.")).to_be_visible()
    await expect(titles(hers)).to_have_text(["Sow carrots"])


async def test_who_may_only_look_has_no_tick(screen: Open, ann: Person, milo: Person, garden: str) -> None:
    await add_task(ann, garden, "Sow carrots", assignee_ids=[milo.id])
    await submit(ann, garden, {"type": "set_member_role", "id": milo.id, "role": "viewer"})
    his = await screen(milo, "/my")
    await expect(titles(his)).to_have_text(["Sow carrots"])
    await expect(his.page.get_by_role("button", name="Complete")).to_have_count(0)
    await titles(his).focus()
    await his.page.keyboard.press("Space")
    await expect(titles(his)).to_have_text(["Sow carrots"])


async def test_what_others_do_is_seen_without_a_reload(screen: Open, ann: Person, milo: Person, garden: str) -> None:
    task = await add_task(ann, garden, "Sow carrots", assignee_ids=[milo.id])
    his = await screen(milo, "/my")
    await expect(titles(his)).to_have_text(["Sow carrots"])
    await titles(his).focus()
    await add_task(ann, garden, "Dig the beds", due_at="2020-01-01", assignee_ids=[milo.id])
    await expect(titles(his)).to_have_text(["Dig the beds", "Sow carrots"])
    await submit(ann, garden, {"type": "update_task", "id": task, "title": "Sow leeks"})
    await expect(titles(his)).to_have_text(["Dig the beds", "Sow leeks"])
    await expect(titles(his).last).to_be_focused()
    await submit(ann, garden, {"type": "update_task", "id": task, "assignees": {"remove": [milo.id]}})
    await expect(titles(his)).to_have_text(["Dig the beds"])
    kitchen = await ann.project("Kitchen")
    await ann.let_in(milo, kitchen)
    await add_task(ann, kitchen, "Bake bread", assignee_ids=[milo.id])
    await expect(his.card("Bake bread")).to_contain_text("Kitchen")


async def test_offline_says_so_and_keeps_what_was_seen(screen: Open, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Sow carrots", assignee_ids=[ann.id])
    hers = await screen(ann, "/my")
    await expect(titles(hers)).to_have_text(["Sow carrots"])
    stale = hers.page.get_by_text("This is how it was when the server was last reached.")
    await hers.page.context.set_offline(True)
    await expect(stale).to_be_visible()
    await expect(titles(hers)).to_have_text(["Sow carrots"])
    await add_task(ann, garden, "Dig the beds", assignee_ids=[ann.id])
    await hers.page.context.set_offline(False)
    await expect(titles(hers)).to_have_count(2)
    await expect(stale).to_have_count(0)


async def test_what_cannot_be_loaded_can_be_asked_for_again(screen: Open, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Sow carrots", assignee_ids=[ann.id])
    hers = await screen(ann)
    await hers.page.route("**/v1/tasks?*", lambda route: route.fulfill(status=500, json={"code": "internal"}))
    await hers.page.goto("/my")
    await expect(hers.page.get_by_role("alert")).to_contain_text("Something went wrong on the server.")
    await hers.page.unroute_all()
    await hers.page.get_by_role("button", name="Try again").click()
    await expect(titles(hers)).to_have_text(["Sow carrots"])


async def test_more_than_a_page_is_shown_when_it_is_asked_for(screen: Open, ann: Person, garden: str) -> None:
    column = (await columns(ann, garden))["To do"]
    made = [
        {"type": "create_task", "id": str(uuid4()), "column_id": column, "title": f"Row {at}", "assignee_ids": [ann.id]}
        for at in range(130)
    ]
    await submit(ann, garden, *made)
    await add_task(ann, garden, "First of all", due_at="2020-01-01", assignee_ids=[ann.id])
    hers = await screen(ann, "/my")
    await expect(titles(hers)).to_have_count(100)
    await expect(titles(hers).first).to_have_text("First of all")
    await hers.page.get_by_role("button", name="Show more").click()
    await expect(titles(hers)).to_have_count(131)
    await expect(hers.page.get_by_role("button", name="Show more")).to_have_count(0)
    await add_task(ann, garden, "One more", assignee_ids=[ann.id])
    await expect(titles(hers)).to_have_count(132)


async def test_keys_go_from_one_to_the_next_and_tick(screen: Open, ann: Person, garden: str) -> None:
    for at, title in enumerate(("One", "Two", "Three"), start=1):
        await add_task(ann, garden, title, due_at=f"2020-01-0{at}", assignee_ids=[ann.id])
    await add_task(ann, garden, "Four", assignee_ids=[ann.id])
    hers = await screen(ann, "/my")
    focused = hers.page.locator(".title:focus")
    await expect(titles(hers)).to_have_text(["One", "Two", "Three", "Four"])
    await expect(hers.page.locator("[data-card] [tabindex='0']")).to_have_text(["One"])
    await titles(hers).first.focus()
    await hers.page.keyboard.press("ArrowDown")
    await expect(focused).to_have_text("Two")
    await expect(hers.page.locator("[data-card] [tabindex='0']")).to_have_text(["Two"])
    await hers.page.keyboard.press("End")
    await expect(focused).to_have_text("Four")
    await hers.page.keyboard.press("Home")
    await expect(focused).to_have_text("One")
    await hers.page.keyboard.press("j")
    await hers.page.keyboard.press("Space")
    await expect(focused).to_have_text("Three")
    await expect(titles(hers)).to_have_text(["One", "Three", "Four"])
    await hers.page.keyboard.press("Enter")
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Three")
