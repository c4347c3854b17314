"""Two people on one board: what one does, the other sees within a second."""

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.screen import SOON_MS
from tests.helpers.people import Person


async def test_two_people_see_each_others_edits_within_a_second(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    hers = await screen(ann, f"/p/{project}")
    await hers.page.get_by_role("button", name="People").click()
    await hers.page.get_by_label("Add somebody by e-mail").fill(milo.email)
    await hers.page.get_by_role("button", name="Add", exact=True).click()
    await expect(hers.page.get_by_text(f"{milo.email} was added")).to_be_visible()
    await hers.page.keyboard.press("Escape")

    his = await screen(milo, "/")
    await his.page.get_by_role("link", name="Garden").click()
    await expect(his.column("To do")).to_be_visible()
    await expect(hers.page.get_by_role("list", name="1 person here")).to_be_visible()

    await hers.add_card("To do", "Dig the beds")
    await expect(his.cards("To do")).to_have_text(["Dig the beds"], timeout=SOON_MS)

    await his.open_card("Dig the beds")
    await his.sheet.get_by_label("Title of the card").fill("Dig both beds")
    await his.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Dig both beds"], timeout=SOON_MS)
    await expect(hers.card("Dig both beds")).to_contain_text("Milo is on this card", timeout=SOON_MS)

    await hers.drag("Dig both beds", hers.column("In progress"))
    await expect(his.cards("In progress")).to_have_text(["Dig both beds"], timeout=SOON_MS)
    await expect(his.sheet.get_by_role("button", name="In progress")).to_be_visible(timeout=SOON_MS)

    await hers.open_card("Dig both beds")
    await hers.sheet.get_by_label("Write a comment").fill("The left one is done.")
    await hers.sheet.get_by_role("button", name="Comment", exact=True).click()
    await expect(his.sheet.get_by_text("The left one is done.")).to_be_visible(timeout=SOON_MS)

    await his.page.keyboard.press("Escape")
    await his.card_menu("Dig both beds", "Delete")
    await expect(hers.cards("In progress")).to_have_count(0, timeout=SOON_MS)
    await expect(hers.sheet.get_by_text("This card was deleted")).to_be_visible(timeout=SOON_MS)

    await his.page.get_by_role("button", name="Undo").click()
    await expect(hers.cards("In progress")).to_have_text(["Dig both beds"], timeout=SOON_MS)
    await expect(hers.sheet.get_by_text("The left one is done.")).to_be_visible()


GLIDES = """() => {
    window.glides = 0
    const animate = Element.prototype.animate
    Element.prototype.animate = function (frames, timing) {
        if (timing.id === 'glide') window.glides += 1
        return animate.call(this, frames, timing)
    }
}"""

DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


async def test_what_one_does_is_there_at_once_and_what_others_do_travels(
    screen: Open, ann: Person, milo: Person
) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    hers, his = await screen(ann, f"/p/{project}"), await screen(milo, f"/p/{project}")
    await hers.add_card("To do", "Dig the beds")
    await expect(his.cards("To do")).to_have_text(["Dig the beds"])
    for each in (hers, his):
        await each.page.evaluate(f"({GLIDES})()")

    await hers.add_card("To do", "Sow the peas")
    await expect(his.cards("To do")).to_have_text(["Dig the beds", "Sow the peas"])
    await his.page.wait_for_function("window.glides > 0")
    await hers.page.evaluate(DRAWN)
    assert await hers.page.evaluate("window.glides") == 0

    await his.card_menu("Dig the beds", "Done")
    await his.page.wait_for_function("window.glides > 1")  # his own, too, when a card goes to another column
