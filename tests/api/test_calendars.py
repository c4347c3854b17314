"""Calendar feeds: a secret address for each, with what its owner may see now and nothing else."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import icalendar
import pytest
import structlog
from sqlalchemy import text
from starlette.applications import Starlette

from server.settings import Settings
from server.storage.engine import Database
from tests.api.people import Person, problem
from tests.helpers.documented import documented


@pytest.fixture
async def reader(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A calendar program: it has an address and no token."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), event_hooks={"response": [documented]}) as client:
        yield client


async def feed(person: Person, project: str | None = None) -> Any:
    made = await person.post("/v1/me/calendar-feeds", json={} if project is None else {"project_id": project})
    assert made.status_code == 201, made.text
    return made.json()


async def events(reader: httpx.AsyncClient, url: str) -> dict[str, Any]:
    answer = await reader.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(event["SUMMARY"]): event for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


async def due(person: Person, project: str, title: str, day: str | None = "2030-05-12", *assignees: str) -> str:
    task = await person.task(project, title)
    edit = {"type": "update_task", "id": task, "due_at": day, "assignees": {"add": assignees}}
    assert (await person.submit(project, edit)).is_success
    return task


async def test_a_projects_feed_has_its_tasks_with_a_date(
    ann: Person, reader: httpx.AsyncClient, settings: Settings
) -> None:
    project = await ann.project()
    dig = await due(ann, project, "Dig")
    await due(ann, project, "Sow", None)
    archived, deleted, old = [await due(ann, project, title) for title in ("Archived", "Deleted", "Old")]
    said = await ann.submit(
        project,
        {"type": "archive_task", "id": archived},
        {"type": "delete_task", "id": deleted},
        {"type": "update_task", "id": old, "due_at": "2001-01-01"},
        {"type": "describe_task", "id": dig, "text": "Deep", "base_seq": 10_000},
    )
    assert said.is_success
    made = await feed(ann, project)
    assert made["url"].startswith(f"{settings.url}/v1/calendar/lsc_") and made["url"].endswith(".ics")
    found = await events(reader, made["url"])
    assert list(found) == ["Dig"]
    assert (found["Dig"]["UID"], found["Dig"]["DESCRIPTION"]) == (f"{dig}@lockstep", "Deep")
    assert found["Dig"]["URL"] == f"{settings.url}/p/{project}/t/{dig}"
    assert len(found["Dig"].walk("VALARM")) == 1


async def test_ones_own_feed_has_what_is_assigned_to_oneself_in_all_projects(
    ann: Person, ben: Person, reader: httpx.AsyncClient
) -> None:
    first, second = await ann.project(name="One"), await ann.project(name="Two")
    for project in (first, second):
        await ann.let_in(ben, project, "viewer")
    await due(ann, first, "Ben digs", "2030-05-12", ben.id)
    await due(ann, second, "Both sow", "2030-05-12T09:30:00Z", ben.id, ann.id)
    await due(ann, second, "Ann waters", "2030-05-12", ann.id)
    his, hers = await feed(ben), await feed(ann)
    assert set(await events(reader, his["url"])) == {"Ben digs", "Both sow"}
    assert set(await events(reader, hers["url"])) == {"Both sow", "Ann waters"}
    assert (await ann.delete(f"/v1/projects/{first}")).is_success
    assert set(await events(reader, his["url"])) == {"Both sow"}


async def test_whoever_leaves_a_project_has_it_in_no_calendar_any_longer(
    ann: Person, ben: Person, reader: httpx.AsyncClient
) -> None:
    project = await ann.project(name="Secret garden")
    await ann.let_in(ben, project, "viewer")
    await due(ann, project, "Dig", "2030-05-12", ben.id)
    urls = [(await feed(ben, project))["url"], (await feed(ben))["url"]]
    assert [list(await events(reader, url)) for url in urls] == [["Dig"], ["Dig"]]
    assert (await ann.submit(project, {"type": "remove_member", "id": ben.id})).is_success
    assert [await events(reader, url) for url in urls] == [{}, {}]
    assert "Secret garden" not in (await reader.get(urls[0])).text


async def test_a_feed_is_kept_by_its_tag_and_by_nobody_else(ann: Person, reader: httpx.AsyncClient) -> None:
    project = await ann.project()
    await due(ann, project, "Dig")
    url = (await feed(ann, project))["url"]
    first = await reader.get(url)
    assert first.headers["cache-control"].startswith("private")
    tag = {"If-None-Match": first.headers["etag"]}
    assert (await reader.get(url, headers=tag)).status_code == 304
    await due(ann, project, "Sow")
    again = await reader.get(url, headers=tag)
    assert again.status_code == 200 and again.headers["etag"] != first.headers["etag"]


async def test_a_feed_is_listed_without_its_secret_and_ends_when_it_is_revoked(
    ann: Person, ben: Person, reader: httpx.AsyncClient, database: Database
) -> None:
    made = await feed(ann)
    secret = made["url"].rpartition("/")[2].removesuffix(".ics")
    listed = await ann.get("/v1/me/calendar-feeds")
    assert listed.json()["items"] == [{name: made[name] for name in ("id", "project_id", "created_at")}]
    async with database.begin() as connection:
        (kept,) = (await connection.execute(text("SELECT secret_hash FROM calendar_feed"))).scalars()
        audited = list(await connection.execute(text("SELECT event, details::text FROM audit WHERE event LIKE 'cal%'")))
    assert kept == hashlib.sha256(secret.encode()).digest()
    assert [row.event for row in audited] == ["calendar_feed_created"] and secret not in audited[0].details
    path = f"/v1/me/calendar-feeds/{made['id']}"
    problem(await ben.delete(path), 404, "not_found")
    assert (await ann.delete(path)).status_code == 204
    problem(await reader.get(made["url"]), 404, "not_found")
    problem(await ann.delete(path), 404, "not_found")
    assert (await ann.get("/v1/me/calendar-feeds")).json()["items"] == []


async def test_only_projects_that_one_sees_have_a_feed(ann: Person, ben: Person) -> None:
    project = await ann.project()
    told = problem(await ben.post("/v1/me/calendar-feeds", json={"project_id": project}), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == ["/project_id"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("secret", ["lsc_guess", "x", "%00", "a" * 5_000, "lst_token"])
async def test_a_guess_finds_nothing(reader: httpx.AsyncClient, secret: str) -> None:
    problem(await reader.get(f"http://testserver/v1/calendar/{secret}.ics"), 404, "not_found")


async def test_no_log_line_tells_the_secret(ann: Person, reader: httpx.AsyncClient) -> None:
    made = await feed(ann)
    with structlog.testing.capture_logs() as lines:
        await reader.get(made["url"])
    assert [line["path"] for line in lines if line["event"] == "request"] == ["/v1/calendar/{secret}.ics"]
    assert made["url"].rpartition("/")[2] not in str(lines)
