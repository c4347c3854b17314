"""The first minutes: an empty account is offered a board of real cards that say what they can do."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.helpers.people import Person

FIRST = {
    "en-GB": ("Show me around", "To do", "Open this card", "Tick this"),
    "de-DE": ("Zeig mir, wie es geht", "Zu tun", "Öffne diese Karte", "Hak das ab"),
}


@pytest.mark.parametrize("locale", FIRST)
async def test_an_empty_account_is_shown_around_on_a_board_of_its_own(screen: Open, ann: Person, locale: str) -> None:
    offer, column, card, step = FIRST[locale]
    hers = await screen(ann, "/", locale=locale)
    await hers.page.get_by_role("button", name=offer).click()
    await expect(hers.cards(column)).to_have_count(5)
    await expect(hers.page.locator("[data-card]")).to_have_count(7)
    await hers.page.get_by_role("link", name=card, exact=True).click()
    box = hers.sheet.get_by_role("checkbox", name=step)
    await box.check()
    await expect(hers.card(card).get_by_text("1/3")).to_be_attached()
    await hers.page.goto("/")
    await expect(hers.page.get_by_role("button", name=offer)).to_have_count(0)


async def test_a_guide_that_cannot_be_made_says_so_and_can_be_asked_for_again(screen: Open, ann: Person) -> None:
    hers = await screen(ann, "/")
    offer = hers.page.get_by_role("button", name="Show me around")
    await expect(offer).to_be_visible()
    await hers.page.context.set_offline(True)
    await offer.click()
    await expect(hers.page.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    await hers.page.context.set_offline(False)
    await hers.page.get_by_role("button", name="Try again").click()
    await offer.click()
    await expect(hers.cards("To do")).to_have_count(5)
