"""One's own settings: who one is, how one gets in, tokens, and one's data."""

import io
import json
import re
import zipfile

import httpx
from PIL import Image
from playwright.async_api import Locator, Page, expect
from pyotp import TOTP

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open
from tests.helpers.people import PASSWORD, Person

BETTER = "a much longer horse battery"


def flag() -> bytes:
    """Red on its left half, blue on its right."""
    image = Image.new("RGB", (600, 300), "blue")
    image.paste("red", (0, 0, 300, 300))
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


async def test_who_one_is_and_where_and_in_which_language_counts_at_once(screen: Open, ann: Person) -> None:
    project = await ann.project()
    await add_task(ann, project, "Dig", due_at="2026-05-12T20:30:00Z")
    page = (await screen(ann, "/", timezone_id="Europe/Berlin")).page
    await page.get_by_role("button", name="Account of Ann").click()
    await page.get_by_role("menuitem", name="Settings").click()
    await expect(page.get_by_role("heading", name="Profile", level=1)).to_be_visible()

    # A picture: not any file, cut where one wants it, and gone again.
    picture = part(page, "Picture")
    chosen = picture.locator("input[type=file]")
    await chosen.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no"})
    await expect(picture.get_by_role("alert")).to_contain_text("Choose a PNG, JPEG, WebP or GIF")
    await chosen.set_input_files({"name": "cut.png", "mimeType": "image/png", "buffer": flag()[:60]})
    await expect(picture.get_by_role("alert")).to_contain_text("cannot be read")
    await chosen.set_input_files({"name": "flag.png", "mimeType": "image/png", "buffer": flag()})
    area = page.get_by_label("Part of the picture that is shown")
    for _ in range(12):
        await area.press("ArrowLeft")  # to the left edge, and on
    await page.get_by_role("button", name="Use this picture").click()
    face = page.get_by_role("banner").get_by_role("img", name="Ann").locator("img")
    await expect(face).to_have_js_property("naturalWidth", 256)
    avatar = (await ann.rest("GET", "/v1/me")).json()["avatar"]
    with Image.open(io.BytesIO((await ann.rest("GET", avatar)).content)) as kept:
        colours = [kept.convert("RGB").getpixel(place) for place in ((20, 128), (236, 128))]
    assert [isinstance(each, tuple) and each[0] > 200 > 60 > each[2] for each in colours] == [True, True]
    await picture.get_by_role("button", name="Remove the picture").click()
    await expect(face).to_have_count(0)

    name = page.get_by_label("Name", exact=True)
    await name.fill("  ")
    await name.press("Tab")
    await expect(page.get_by_text("A name has 1 to 100 characters.")).to_be_visible()
    await name.fill("Ann Larkin")
    await name.press("Tab")
    await expect(page.get_by_role("button", name="Account of Ann Larkin")).to_be_visible()
    assert [member["name"] for member in (await ann.snapshot(project))["members"]] == ["Ann Larkin"]

    await page.get_by_role("button", name="Time zone: As on each device (here Europe · Berlin)").click()
    await page.get_by_label("Find a city or region").fill("kathm")
    await page.get_by_role("button", name="Asia · Kathmandu").click()
    await expect(page.get_by_role("button", name="Time zone: Asia · Kathmandu")).to_be_visible()
    await page.get_by_role("link", name="Lockstep").click()
    await page.get_by_role("link", name="Garden").click()
    await expect(page.locator("[data-card]")).to_contain_text("13 May")  # still the 12th in Berlin

    await page.goto("/settings")
    await page.get_by_role("combobox", name="Language").select_option("de")
    await expect(page.get_by_role("heading", name="Profil", exact=True)).to_be_visible()
    mine = (await ann.rest("GET", "/v1/me")).json()
    assert (mine["language"], mine["time_zone"], mine["name"]) == ("de", "Asia/Kathmandu", "Ann Larkin")


async def test_what_lets_somebody_in_is_theirs_to_change(screen: Open, ann: Person, milo: Person) -> None:
    await ann.server.sign_in(ann.email, ann.password)
    page = (await screen(ann, "/settings/security")).page

    # Where she is signed in: one of the others ends, then all of them.
    where = part(page, "Where you are signed in")
    await expect(where.get_by_role("listitem")).to_have_count(3)
    await expect(where.get_by_role("listitem").first).to_contain_text("This browser")
    await where.get_by_role("button", name=re.compile("^Sign out python-httpx")).first.click()
    await expect(where.get_by_role("listitem")).to_have_count(2)

    # Her password, which ends the rest.
    password = part(page, "Password")
    current, fresh = password.get_by_label("Current password"), password.get_by_label("New password")
    await current.fill("not the password")
    await fresh.fill(BETTER)
    await password.get_by_role("button", name="Change password").click()
    await expect(current).to_be_focused()
    await expect(password.get_by_text("This is not your password.")).to_be_visible()
    await current.fill(PASSWORD)
    await fresh.fill("password123456")
    await password.get_by_role("button", name="Change password").click()
    await expect(password.get_by_text("too easy to guess")).to_be_visible()
    await expect(fresh).to_have_value("password123456")
    await fresh.fill(BETTER)
    await password.get_by_role("button", name="Change password").click()
    await expect(password.get_by_role("status")).to_contain_text("Password changed")
    await expect(where.get_by_text("You are signed in nowhere else.")).to_be_visible()

    # A second step, and the way back by a recovery code.
    step = part(page, "Second step when signing in")
    await step.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your password").fill(BETTER)
    await dialog.get_by_role("button", name="Go on").click()
    await expect(dialog.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    secret = await dialog.locator("code").inner_text()
    await dialog.get_by_label("Code of the app").fill("000000" if TOTP(secret).now() != "000000" else "111111")
    await dialog.get_by_role("button", name="Switch on").click()
    await expect(dialog.get_by_text("This code is not right")).to_be_visible()
    await dialog.get_by_label("Code of the app").fill(TOTP(secret).now())
    await dialog.get_by_role("button", name="Switch on").click()
    codes = dialog.get_by_role("listitem")
    await expect(codes).to_have_count(10)
    async with page.expect_download() as downloading:
        await dialog.get_by_role("button", name="Download").click()
    kept = (await (await downloading.value).path()).read_text().split()
    assert kept == await codes.all_inner_texts()
    await dialog.get_by_role("button", name="I have kept them").click()
    await expect(step.get_by_text("On. Signing in takes your password and a code")).to_be_visible()

    await step.get_by_role("button", name="Switch off").click()
    await dialog.get_by_label("Your password").fill(BETTER)
    await dialog.get_by_label("Code of the app, or a recovery code").fill(kept[0])
    await dialog.get_by_role("button", name="Switch off").click()
    await expect(step.get_by_role("button", name="Set up")).to_be_visible()

    # Her address, which is at once another where no mail is sent.
    email = part(page, "E-mail")
    await email.get_by_label("New address").fill(milo.email)
    await email.get_by_label("Your password").fill(BETTER)
    await email.get_by_role("button", name="Change address").click()
    await expect(email.get_by_text("Another account has this address.")).to_be_visible()
    await expect(email.get_by_label("New address")).to_be_focused()
    await email.get_by_label("New address").fill(f"new.{ann.email}")
    await email.get_by_role("button", name="Change address").click()
    await expect(email.get_by_role("status")).to_have_text(f"Your address is new.{ann.email} now.")
    await ann.server.sign_in(f"new.{ann.email}", BETTER)


async def test_a_token_opens_what_it_was_made_for_until_it_is_revoked(screen: Open, ann: Person) -> None:
    garden, shed = await ann.project("Garden"), await ann.project("Shed")
    page = (await screen(ann, "/settings/tokens")).page
    await page.get_by_role("button", name="New token").click()
    await page.get_by_label("What it is for").fill("Night run")
    await page.get_by_role("radio", name="Read and edit").check()
    await page.get_by_role("radio", name="Only these").check()
    await page.get_by_role("button", name="New token").click()
    await expect(page.get_by_role("alert")).to_have_text("Choose the boards that it is for.")
    await expect(page.get_by_role("checkbox", name="Garden")).to_be_focused()
    await page.get_by_role("checkbox", name="Garden").check()
    await page.get_by_label("How long").select_option(label="30 days")
    await page.get_by_role("button", name="New token").click()

    dialog = page.get_by_role("dialog", name="Token “Night run”")
    secret = await dialog.locator("code").inner_text()
    await dialog.get_by_role("button", name="Done").click()
    row = page.get_by_role("listitem").filter(has_text="Night run")
    await expect(row).to_contain_text("Read and edit · Garden")
    await expect(row).to_contain_text("never used")
    async with httpx.AsyncClient(base_url=ann.server.url, headers={"Authorization": f"Bearer {secret}"}) as script:
        seen = [await script.get(f"/v1/projects/{each}") for each in (garden, shed)]
        assert [each.status_code for each in seen] == [200, 404]
        await row.get_by_role("button", name="Revoke Night run").click()
        await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        await expect(page.get_by_text("No tokens yet.")).to_be_visible()
        assert (await ann.rest("GET", "/v1/tokens")).json()["items"] == []


async def test_somebody_takes_their_data_and_goes(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    await add_task(ann, project, "Dig")
    page = (await screen(ann, "/settings/data")).page
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(await (await downloading.value).path()) as zip:
        assert json.loads(zip.read("account.json"))["email"] == ann.email
        assert [task["title"] for task in json.loads(zip.read(f"projects/{project}.json"))["tasks"]] == ["Dig"]

    await page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog", name="Delete your account?")
    await dialog.get_by_label(f"Type “{ann.email}” to go on").fill("ann")
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(dialog.get_by_text("This is not the same.")).to_be_visible()
    await dialog.get_by_label(f"Type “{ann.email}” to go on").fill(ann.email)
    await dialog.get_by_label("Your password").fill("not the password")
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(dialog.get_by_label("Your password")).to_be_focused()
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Board “Garden”: make somebody else admin")

    await submit(ann, project, {"type": "set_member_role", "id": milo.id, "role": "admin"})
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    former = next(member for member in (await milo.snapshot(project))["members"] if member["id"] == ann.id)
    assert (former["name"], former["user_id"]) == ("Former member", None)
    assert (await ann.rest("GET", "/v1/me")).status_code == 401
