"""How it looks where it matters: contrast in both themes, a phone's width, calm for those who ask for it."""

import pytest
from playwright.async_api import expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open
from tests.helpers.people import Person

INKS = ("--ink", "--ink-soft", "--ink-faint", "--accent", "--danger", "--warning", "--success")
GROUNDS = ("--ground", "--track", "--surface", "--control")
ON = (
    ("--on-accent", "--accent"),
    ("--danger", "--danger-soft"),
    ("--warning", "--warning-soft"),
    ("--ink", "--warning-soft"),
)
HUES = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "gray")

CONTRAST = """pairs => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  const probe = document.body.appendChild(document.createElement('i'))
  const luminance = (name, hue, background) => {
    probe.dataset.hue = hue
    if (background) probe.dataset.background = background
    else delete probe.dataset.background
    probe.style.color = `var(${name})`
    canvas.fillStyle = getComputedStyle(probe).color
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  return pairs.map(([ink, ground, hue, background]) => {
    const [light, dark] = [luminance(ink, hue, background), luminance(ground, hue, background)].sort((a, b) => b - a)
    return [ink, ground, hue, (light + 0.05) / (dark + 0.05)]
  })
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_ink_is_readable_on_every_ground(screen: Open, scheme: str) -> None:
    page = (await screen(None, "/login", color_scheme=scheme)).page
    pairs: list[tuple[str, ...]] = [(ink, ground, "gray") for ink in INKS for ground in GROUNDS]
    pairs += [(*pair, "gray") for pair in ON]
    pairs += [(*pair, hue) for hue in HUES for pair in (("--hue-ink", "--hue-soft"), ("--on-hue", "--hue-solid"))]
    pairs += [(ink, ground, hue, hue) for hue in HUES[:-1] for ink in INKS for ground in GROUNDS[:2]]
    measured = await page.evaluate(CONTRAST, pairs)
    assert [pair for pair in measured if pair[-1] < 4.5] == []


async def test_dark_can_be_chosen_and_stays_chosen(screen: Open, ann: Person) -> None:
    hers = await screen(ann, "/", color_scheme="light")
    light = await hers.style(hers.page.locator("html"), "backgroundColor")
    await hers.page.get_by_role("button", name="Account of Ann").click()
    await hers.page.get_by_role("menuitemradio", name="Dark").click()
    dark = await hers.style(hers.page.locator("html"), "backgroundColor")
    assert dark != light
    await hers.page.reload()
    assert await hers.style(hers.page.locator("html"), "backgroundColor") == dark


async def test_a_phone_shows_a_column_at_a_time_and_a_card_full_width(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    await add_task(ann, project, "A card with a very long title that says everything twice " * 3)
    task = await add_task(ann, project, "Dig")
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    hers = await screen(ann, f"/p/{project}", **phone)
    await expect(hers.column("To do")).to_be_in_viewport(ratio=0.9)
    await hers.page.get_by_role("main").evaluate("board => board.scrollBy({ left: 200, behavior: 'instant' })")
    await expect(hers.column("In progress")).to_be_in_viewport(ratio=0.9)
    assert await hers.page.evaluate("document.documentElement.scrollWidth") == 360

    await hers.page.goto(f"/p/{project}/t/{task}")
    box = await hers.sheet.bounding_box()
    assert box is not None and box["x"] == 0 and box["width"] == 360
    assert await hers.page.evaluate("document.documentElement.scrollWidth") == 360


async def test_every_target_is_at_least_24_pixels(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    task = await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}/t/{task}")
    await expect(hers.sheet.get_by_role("heading", name="Comments")).to_be_visible()
    small = await hers.page.evaluate(
        """() => [...document.querySelectorAll('button, select, input:not([type=checkbox]), a.home')]
             .map(element => [element.outerHTML.slice(0, 120), element.getBoundingClientRect()])
             .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24)).map(([html]) => html)"""
    )
    assert small == [], "\n".join(small)


async def test_whoever_asks_for_calm_sees_no_travel(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    task = await add_task(ann, project, "Dig")
    hers = await screen(ann, f"/p/{project}", reduced_motion="reduce")
    await expect(hers.cards("To do")).to_have_text(["Dig"])
    await hers.page.evaluate(
        """() => { window.travelled = []; const animate = Element.prototype.animate
             Element.prototype.animate = function (frames, options) { window.travelled.push(JSON.stringify(frames)); return animate.call(this, frames, options) } }"""
    )
    done = (await columns(ann, project))["Done"]
    await submit(ann, project, {"type": "move_task", "id": task, "column_id": done, "place": "top"})
    await expect(hers.cards("Done")).to_have_text(["Dig"])
    assert not any("transform" in frames for frames in await hers.page.evaluate("window.travelled"))
