"""Without a connection: work goes on, the dot is honest, and everything arrives once it is back."""

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open
from tests.helpers.people import Person


async def test_edits_made_offline_wait_and_arrive(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    await add_task(ann, project, "Dig")
    hers, his = await screen(ann, f"/p/{project}"), await screen(milo, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig"])

    await hers.page.context.set_offline(True)
    await hers.add_card("To do", "Sow")
    await hers.card_menu("Dig", "Done")
    await expect(hers.page.get_by_text("Offline, 2 changes waiting")).to_be_visible()
    await expect(hers.cards("Done")).to_have_text(["Dig"])
    await expect(his.cards("To do")).to_have_text(["Dig"])

    await hers.page.context.set_offline(False)
    await expect(his.cards("To do")).to_have_text(["Sow"])
    await expect(his.cards("Done")).to_have_text(["Dig"])
    await hers.saved()
