"""What people look like on a board: their picture, two letters without one, bots by their shape. Not here: choosing a picture (settings)."""

import io
from uuid import uuid4

from PIL import Image
from playwright.async_api import expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open
from tests.helpers.people import Person


def picture(colour: str = "teal") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(made, "PNG")
    return made.getvalue()


async def test_people_are_known_by_their_pictures_and_bots_by_their_shape(
    screen: Open, ann: Person, milo: Person
) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    made = await ann.rest("POST", f"/v1/workspaces/{ann.id}/bots", json={"name": "Robbie"})
    robbie = made.json()["id"]
    await submit(ann, project, {"type": "add_member", "user_id": robbie, "role": "editor"})
    await add_task(ann, project, "Dig", assignee_ids=[ann.id, milo.id, robbie])
    headers = {"Content-Type": "image/png", "Idempotency-Key": str(uuid4())}
    assert (await milo.rest("PUT", "/v1/me/avatar", content=picture(), headers=headers)).status_code == 200

    hers = await screen(ann, f"/p/{project}")
    faces = hers.card("Dig")
    shown = faces.get_by_role("img", name="Milo").locator("img")
    await expect(shown).to_have_js_property("naturalWidth", 256)
    await expect(faces.get_by_role("img", name="Ann").locator("img")).to_have_count(0)
    await expect(faces.get_by_role("img", name="Robbie (bot)").locator("svg")).to_be_visible()

    # Another picture is seen when she comes back to the page; none is two letters again.
    assert (await milo.rest("DELETE", "/v1/me/avatar")).status_code == 204
    await hers.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(shown).to_have_count(0)
    await expect(faces.get_by_role("img", name="Milo")).to_have_attribute("data-initials", "M")
