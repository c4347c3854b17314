"""The people dialog: who is here, as what, and how they come and go."""

from playwright.async_api import expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open
from tests.browser.screen import SOON_MS
from tests.helpers.people import Person


async def test_an_unknown_address_is_told(screen: Open, ann: Person) -> None:
    hers = await screen(ann, f"/p/{await ann.project()}")
    await hers.page.get_by_role("button", name="People").click()
    await hers.page.get_by_label("Add somebody by e-mail").fill("nobody@example.org")
    await hers.page.get_by_role("button", name="Add", exact=True).click()
    await expect(
        hers.page.get_by_text("Nobody with the e-mail nobody@example.org has an account here.")
    ).to_be_visible()
    await expect(hers.page.get_by_label("Add somebody by e-mail")).to_have_value("nobody@example.org")


async def test_a_role_changes_what_a_person_can_do_at_once(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project, "editor")
    hers, his = await screen(ann, f"/p/{project}"), await screen(milo, f"/p/{project}")
    await expect(his.column("To do").get_by_role("button", name="Add a card", exact=True)).to_be_visible()

    await hers.page.get_by_role("button", name="People").click()
    await hers.page.get_by_label("Role of Milo").select_option("viewer")
    await expect(his.column("To do").get_by_role("button", name="Add a card", exact=True)).to_have_count(
        0, timeout=SOON_MS
    )


async def test_a_viewer_is_offered_nothing_to_edit(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project, "viewer")
    task = await add_task(ann, project, "Dig")
    his = await screen(milo, f"/p/{project}/t/{task}")
    await expect(his.sheet.get_by_role("heading", name="Comments")).to_be_visible()
    await expect(his.sheet.get_by_label("Title of the card")).not_to_be_editable()
    await expect(his.description.get_by_role("button")).to_have_count(0)
    await expect(his.sheet.get_by_label("Write a comment")).to_have_count(0)
    await expect(his.property("Due")).to_be_disabled()
    await his.card_menu("Dig")
    await expect(his.page.get_by_role("menuitem")).to_have_text(["Open", "Copy link"])


async def test_a_removed_person_is_shown_out(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    hers, his = await screen(ann, f"/p/{project}"), await screen(milo, f"/p/{project}")
    await expect(his.column("To do")).to_be_visible()

    await hers.page.get_by_role("button", name="People").click()
    await hers.page.get_by_role("button", name="Remove Milo").click()
    await hers.page.get_by_role("button", name="Remove Milo").click()
    await expect(his.page.get_by_role("heading", name="You are not on this board any more")).to_be_visible()
    await expect(hers.page.get_by_text("No longer on this board")).to_be_visible()


async def test_imported_people_are_marked(screen: Open, ann: Person) -> None:
    project = await ann.project()
    gone = {"id": project, "user_id": None, "name": "Ines", "role": None}
    records = [{"kind": "member", "record": gone}]
    await submit(ann, project, {"type": "import_records", "import_id": project, "records": records})
    hers = await screen(ann, f"/p/{project}")
    await hers.page.get_by_role("button", name="People").click()
    row = hers.page.get_by_role("listitem").filter(has_text="Ines")
    await expect(row).to_contain_text("Imported, no account")
    await expect(row.get_by_role("combobox")).to_have_count(0)
