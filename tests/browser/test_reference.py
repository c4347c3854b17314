"""The pages of the REST reference: both open, from this server alone, and a route can be tried. Errors of the page's policy would be in its console."""

import pytest
from playwright.async_api import Request, expect

from tests.browser.conftest import Open


@pytest.mark.parametrize(("path", "shown"), [("/docs", ".opblock-summary"), ("/redoc", "h2")])
async def test_the_reference_opens_and_asks_nobody_else(screen: Open, path: str, shown: str) -> None:
    asked: list[str] = []
    at = await screen(None, "/healthz")

    def heard(request: Request) -> None:
        if not request.url.startswith((at.url, "data:", "blob:")):
            asked.append(request.url)

    at.page.on("request", heard)
    await at.page.goto(path)
    await expect(at.page.locator(shown, has_text="Who am I.")).to_be_visible(timeout=60_000)
    assert asked == []


async def test_a_route_is_tried_on_the_page(screen: Open) -> None:
    at = await screen(None, "/docs")
    await at.page.get_by_role("button", name="Does the process answer.").click(timeout=60_000)
    await at.page.get_by_role("button", name="Try it out").click()
    await at.page.get_by_role("button", name="Execute").click()
    await expect(at.page.locator(".live-responses-table")).to_contain_text('"status": "ok"')
