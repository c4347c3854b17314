"""Signing up, in and out, and the list of boards."""

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.helpers.people import PASSWORD, Person


async def test_a_newcomer_signs_up_and_makes_a_board(screen: Open) -> None:
    new = await screen(None, "/")
    await new.page.get_by_role("link", name="Create account").click()
    await new.page.get_by_label("E-mail").fill("ines@example.org")
    await new.page.get_by_label("Your name").fill("Ines")
    await new.page.get_by_label("Password").fill(PASSWORD)
    await new.page.get_by_role("button", name="Create account").click()

    await expect(new.page.get_by_role("heading", name="No boards yet")).to_be_visible()
    await new.page.get_by_role("button", name="New board").click()
    await new.page.get_by_label("Name of the board").fill("Garden")
    await new.page.get_by_role("button", name="New board").click()

    await expect(new.page.get_by_role("heading", level=2)).to_have_text(["To do", "In progress", "Done"])
    await expect(new.page).to_have_title("Garden · Lockstep")


async def test_each_wrong_field_says_what_is_wrong_with_it(screen: Open) -> None:
    new = await screen(None, "/register")
    await new.page.get_by_label("E-mail").fill("ines")
    await new.page.get_by_label("Your name").fill("Ines")
    await new.page.get_by_label("Password").fill("short")
    await new.page.get_by_role("button", name="Create account").click()

    wrong = new.page.locator("[aria-invalid=true]")
    await expect(wrong.first).to_be_focused()
    for field in await wrong.all():
        described_by = await field.get_attribute("aria-describedby")
        await expect(new.page.locator(f"[id='{described_by}']")).not_to_be_empty()
    await expect(new.page.get_by_label("Your name")).not_to_have_attribute("aria-invalid", "true")


async def test_a_wrong_password_is_told_without_telling_which(screen: Open, ann: Person) -> None:
    hers = await screen(None, "/login")
    await hers.page.get_by_label("E-mail").fill(ann.email)
    await hers.page.get_by_label("Password").fill("not the password")
    await hers.page.get_by_role("button", name="Sign in").click()
    await expect(hers.page.get_by_role("alert")).to_have_text("E-mail or password is not right.")


async def test_a_deep_link_is_reached_after_signing_in(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    hers = await screen(None, f"/p/{project}")
    await expect(hers.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await hers.page.get_by_label("E-mail").fill(ann.email)
    await hers.page.get_by_label("Password").fill(PASSWORD)
    await hers.page.get_by_role("button", name="Sign in").click()
    await expect(hers.page.get_by_role("heading", name="Garden")).to_be_visible()


async def test_signing_out_ends_the_visit(screen: Open, ann: Person) -> None:
    hers = await screen(ann, "/")
    await hers.page.get_by_role("button", name="Account of Ann").click()
    await hers.page.get_by_role("menuitem", name="Sign out").click()
    await expect(hers.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await hers.page.goto("/")
    await expect(hers.page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_somebody_elses_board_is_nothing_here(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    his = await screen(milo, f"/p/{project}")
    await expect(his.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    await his.page.get_by_role("link", name="To your boards").click()
    await expect(his.page.get_by_role("heading", name="No boards yet")).to_be_visible()
