"""In front of the door: links by mail, forgotten passwords, second factors, invitations and a provider, each as its person goes through it."""

import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from playwright.async_api import Page, expect
from pyotp import TOTP

from server.jobs.mail import SEND_MAIL, Smtp, jobs
from server.settings import Settings, load
from server.storage.engine import Database
from server.storage.postbox import Postbox
from server.storage.vault import Vault
from tests.browser.conftest import Open, fixture
from tests.conftest import SECRET, serving
from tests.helpers.letters import Inbox, smtp_server
from tests.helpers.people import PASSWORD, Person, Server
from tests.helpers.provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, open_id_provider

NEW_PASSWORD = "seven purple hedgehogs"


@dataclass
class Door:
    """A server that sends mail, knows a provider, and lets new people in by invitation."""

    server: Server
    settings: Settings
    inbox: Inbox
    provider: OpenIdProvider

    async def link(self, recipient: str, page: str) -> str:
        """The address in the last letter to somebody that leads to `page`, as a real mail server got it."""
        assert self.settings.smtp_url is not None
        database = Database(self.settings.database_url, writing=True)
        carrier = Smtp(self.settings.smtp_url)
        await jobs(database, Postbox(Vault(self.settings.keys)), carrier, self.settings.mail_from)[SEND_MAIL]()
        await database.close()
        texts = [_text(each) for each in self.inbox.received if each["To"] == recipient]
        links = [found for text in texts for found in re.findall(r"https?://\S+", text)]
        return str([link for link in links if link.startswith(f"{self.server.url}/{page}#")][-1])


@fixture
async def door(
    server: Server, shared_database_url: str, redis_url: str, dist: Any, tmp_path: Any
) -> AsyncIterator[Door]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    inbox = Inbox()
    async with smtp_server(inbox) as smtp, open_id_provider() as provider:
        settings = load(
            {
                "DATABASE_URL": shared_database_url,
                "REDIS_URL": redis_url,
                "LOCKSTEP_SECRET": SECRET,
                "LOCKSTEP_DATA_DIR": str(tmp_path),
                "LOCKSTEP_WEB_DIST": str(dist),
                "LOCKSTEP_SECURE_COOKIES": "off",
                "LOCKSTEP_LOG_LEVEL": "warning",
                "LOCKSTEP_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "LOCKSTEP_REGISTRATION": "invitation",
                "LOCKSTEP_LIMIT_SIGN_IN": "5/hour",
                "LOCKSTEP_SMTP_URL": smtp,
                "LOCKSTEP_OIDC_ISSUER": provider.url,
                "LOCKSTEP_OIDC_CLIENT_ID": CLIENT_ID,
                "LOCKSTEP_OIDC_CLIENT_SECRET": CLIENT_SECRET,
                "LOCKSTEP_OIDC_NAME": "Garden Club",
            }
        )
        async with serving(settings, port) as server:
            yield Door(server, settings, inbox, provider)


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def at(door: Door, person: Person) -> Person:
    """Somebody of the shared database, at this server."""
    return Person(door.server, person.id, person.name, person.email, person.token)


async def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        await page.get_by_label({"email": "E-mail", "name": "Your name", "password": "assword"}[name]).fill(value)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def follow(page: Page, name: str) -> None:
    await page.get_by_role("link", name=name, exact=True).click()


async def headed(page: Page, title: str) -> None:
    await expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


async def invite(person: Person, project: str, **fields: object) -> str:
    made = await person.rest("POST", f"/v1/projects/{project}/invitations", json={"role": "editor", **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["url"])


async def test_a_newcomer_comes_in_by_a_mailed_invitation_and_confirms_the_address(
    door: Door, screen: Open, ann: Person, milo: Person
) -> None:
    ann, email = at(door, ann), f"ines.{ann.id[:8]}@example.org"
    board = await ann.project("Garden")
    await invite(ann, board, email=email)
    link = await door.link(email, "invitation")

    new = await screen(None, "/register", at=door.server)
    await headed(new.page, "By invitation only")
    await new.page.goto(link)
    await headed(new.page, "You are invited to “Garden”")
    await expect(new.page.get_by_text("Ann invites you to this board, as editor.")).to_be_visible()
    assert "#" not in new.page.url
    await follow(new.page, "Create account and accept")
    await expect(new.page.get_by_label("E-mail")).to_have_value(email)
    await expect(new.page.get_by_label("Password")).to_have_accessible_description(re.compile("At least 10 characters"))
    await fill(new.page, email="somebody@example.org", name="Ines", password="short")
    await press(new.page, "Create account")
    await expect(new.page.get_by_label("Password")).to_be_focused()
    await expect(new.page.get_by_text("5 more characters: at least 10.")).to_be_visible()
    await fill(new.page, password="password1234")
    await press(new.page, "Create account")
    await expect(new.page.get_by_text("The invitation is for another address.")).to_be_visible()
    await fill(new.page, email=email)
    await press(new.page, "Create account")
    await expect(new.page.get_by_text("This password is too easy to guess")).to_be_visible()
    await fill(new.page, password=PASSWORD)
    await press(new.page, "Show what you type")
    await expect(new.page.get_by_label("Password")).to_have_attribute("type", "text")
    await press(new.page, "Create account")
    await expect(new.page.get_by_role("heading", name="Garden")).to_be_visible()
    assert new.page.url == f"{door.server.url}/p/{board}"

    await new.page.goto("/")
    banner = new.page.get_by_role("complementary", name="Confirm your address")
    await expect(banner).to_contain_text(email)
    first = await door.link(email, "verify")
    await banner.get_by_role("button", name="Send it again").click()
    await expect(new.page.get_by_role("status").filter(has_text="Another link is on its way")).to_be_visible()
    confirmation = await door.link(email, "verify")
    await new.page.goto(confirmation)
    await headed(new.page, "Address confirmed")
    await follow(new.page, "To your boards")
    await expect(new.page.get_by_role("link", name="Garden")).to_be_visible()
    await expect(banner).to_have_count(0)
    for used in (first, confirmation):
        await new.page.goto(used)
        await headed(new.page, "This link works no more")

    await new.page.goto(link)  # once more: who is in is in
    await expect(new.page.get_by_role("heading", name="Garden")).to_be_visible()
    stranger = await screen(None, link, at=door.server)
    await headed(stranger.page, "This invitation is over")
    other = await invite(ann, board, email="joe@example.org")
    his = await screen(at(door, milo), other, at=door.server)
    await headed(his.page, "This invitation is for somebody else")
    await press(his.page, "Use another account")
    await expect(his.page.get_by_role("link", name="Sign in and accept")).to_be_visible()


async def test_somebody_who_is_here_signs_in_to_accept_a_link(
    door: Door, screen: Open, ann: Person, milo: Person
) -> None:
    ann = at(door, ann)
    board = await ann.project("Orchard")
    link = await invite(ann, board)
    his = await screen(None, link, at=door.server)
    await follow(his.page, "Sign in and accept")
    await expect(his.page.get_by_text("Ann invites you to “Orchard”.")).to_be_visible()
    await fill(his.page, email=milo.email, password=PASSWORD)
    await press(his.page, "Sign in")
    await expect(his.page.get_by_role("heading", name="Orchard")).to_be_visible()
    hers = await screen(ann, link, at=door.server)
    await expect(hers.page.get_by_role("heading", name="Orchard")).to_be_visible()

    made = await ann.rest("POST", f"/v1/workspaces/{ann.id}/invitations", json={"role": "member"})
    await his.page.goto(made.json()["url"])
    await expect(his.page.get_by_text("Ann invites you to this workspace, as member.")).to_be_visible()
    assert (await at(door, milo).rest("GET", f"/v1/workspaces/{ann.id}")).status_code == 404  # not before they accept
    await press(his.page, "Accept the invitation")
    await expect(his.page.get_by_text("You are in “")).to_be_visible()
    assert (await at(door, milo).rest("GET", f"/v1/workspaces/{ann.id}")).json()["role"] == "member"
    assert his.page.url == f"{door.server.url}/w/{ann.id}"


async def test_a_forgotten_password_is_replaced_by_a_mailed_link(door: Door, screen: Open, ann: Person) -> None:
    hers = await screen(None, "/login", at=door.server)
    await fill(hers.page, email=ann.email)
    await follow(hers.page, "Forgot your password?")
    await expect(hers.page.get_by_label("E-mail")).to_have_value(ann.email)
    await press(hers.page, "Send the link")
    await headed(hers.page, "Look into your mail")
    link = await door.link(ann.email, "reset")
    await hers.page.goto(link)
    await fill(hers.page, password="password1234")
    await press(hers.page, "Save the password")
    await expect(hers.page.get_by_text("This password is too easy to guess")).to_be_visible()
    await fill(hers.page, password=NEW_PASSWORD)
    await press(hers.page, "Save the password")
    await headed(hers.page, "Sign in")
    await expect(hers.page.get_by_text("Your password is changed.")).to_be_visible()
    await fill(hers.page, email=ann.email, password=NEW_PASSWORD)
    await press(hers.page, "Sign in")
    await headed(hers.page, "Boards")

    await hers.page.goto(link)
    await fill(hers.page, password=PASSWORD)
    await press(hers.page, "Save the password")
    await headed(hers.page, "This link works no more")
    await follow(hers.page, "Send the link")
    await fill(hers.page, email=ann.email)
    await press(hers.page, "Send the link")
    await headed(hers.page, "Look into your mail")
    await hers.page.goto(await door.link(ann.email, "reset"))
    await fill(hers.page, password=f"{NEW_PASSWORD} again")
    await press(hers.page, "Save the password")
    await headed(hers.page, "Sign in")  # whoever was signed in with the old one is so no more


async def test_an_address_is_another_once_its_mailed_link_was_opened(door: Door, screen: Open, ann: Person) -> None:
    fresh = f"new.{ann.email}"
    page = (await screen(at(door, ann), "/settings/security", at=door.server)).page
    email = page.get_by_role("region", name="E-mail", exact=True)
    await expect(email).to_contain_text(f"Your address is {ann.email}. It is not confirmed yet.")
    await email.get_by_label("New address").fill(fresh)
    await email.get_by_label("Your password").fill(PASSWORD)
    await press(page, "Change address")
    await expect(email.get_by_role("status")).to_contain_text(f"A link is on its way to {fresh}.")
    await expect(email).to_contain_text(f"Your address is {ann.email}.")
    await page.goto(await door.link(fresh, "verify"))
    await headed(page, "Address confirmed")
    await page.goto("/settings/security")
    await expect(email).to_contain_text(f"Your address is {fresh}.")


async def test_a_second_factor_is_asked_for_and_guessing_ends(door: Door, screen: Open, ann: Person) -> None:
    ann = at(door, ann)
    seed = (await ann.rest("POST", "/v1/me/second-factor", json={"password": PASSWORD})).json()["secret"]
    confirmed = await ann.rest("POST", "/v1/me/second-factor/confirm", json={"code": TOTP(seed).now()})
    recovery = confirmed.json()["recovery_codes"][0]

    hers = await screen(None, "/login", at=door.server)
    await fill(hers.page, email=ann.email, password=PASSWORD)
    await press(hers.page, "Sign in")
    await headed(hers.page, "Second step")
    code = hers.page.get_by_label("Code", exact=True)
    await expect(code).to_be_focused()
    await code.fill("000000")
    await press(hers.page, "Sign in")
    await expect(code).to_have_accessible_description("This code is not right, or was used already.")
    await press(hers.page, "Use a recovery code")
    await hers.page.get_by_label("Recovery code").fill(recovery)
    await press(hers.page, "Sign in")
    await headed(hers.page, "Boards")

    eve = await screen(None, "/login", at=door.server)
    await fill(eve.page, email=ann.email, password="what might it be")
    alert = eve.page.get_by_role("alert")
    await press(eve.page, "Sign in")
    await expect(alert.or_(eve.page.get_by_text("Too many"))).to_be_visible()
    for _ in range(3):
        await expect(eve.page.get_by_role("button", name="Sign in", exact=True)).to_be_enabled()
        await press(eve.page, "Sign in")
    await expect(alert).to_have_text(re.compile(r"Too many attempts\. Try again in (\d+ minutes|1 hour)\."))


async def test_a_provider_lets_in_who_holds_an_invitation(door: Door, screen: Open, ann: Person) -> None:
    ann = at(door, ann)
    door.provider.person |= {"sub": f"ines-{ann.id}", "email": f"by.provider.{ann.id[:8]}@example.org", "name": "Ines"}
    board = await ann.project("Meadow")
    link = await invite(ann, board)

    new = await screen(None, "/login", at=door.server)
    await press(new.page, "Continue with Garden Club")
    await headed(new.page, "Sign in")
    await expect(new.page.get_by_role("alert")).to_contain_text("new ones are made by invitation")
    await new.page.goto(link)
    await follow(new.page, "Create account and accept")
    await press(new.page, "Continue with Garden Club")
    await expect(new.page.get_by_role("heading", name="Meadow")).to_be_visible()
    assert new.page.url == f"{door.server.url}/p/{board}"
