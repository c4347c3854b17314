"""The web client's files: found, cached, compressed, and fenced in."""

import gzip
from pathlib import Path

import pytest
from httpx import AsyncClient, Response

from server.settings import Settings
from tests.api.people import problem

SCRIPT = b"console.log('lockstep')\n" * 100


@pytest.fixture
def dist(settings: Settings) -> Path:
    """A built client."""
    assets = settings.web_dist / "assets"
    assets.mkdir(parents=True)
    (settings.web_dist / "index.html").write_text("<!doctype html><title>Lockstep</title>")
    (settings.web_dist / "icon.svg").write_text("<svg/>")
    (settings.web_dist / "service-worker.js").write_bytes(SCRIPT)
    (settings.web_dist / "manifest.webmanifest").write_text("{}")
    (assets / "index-abc123.js").write_bytes(SCRIPT)
    (assets / "index-abc123.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "index-abc123.js.br").write_bytes(b"brotli")
    (settings.web_dist.parent / "secret.txt").write_text("secret")
    return settings.web_dist


async def raw(client: AsyncClient, path: str, accept_encoding: str) -> tuple[Response, bytes]:
    async with client.stream("GET", path, headers={"Accept-Encoding": accept_encoding}) as answer:
        return answer, b"".join([chunk async for chunk in answer.aiter_raw()])


async def test_without_a_build_the_first_page_says_so(client: AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.status_code == 503
    assert answer.text == "The web client is not built yet: run `./dev up`, which builds it.\n"


async def test_a_build_that_comes_later_is_served(client: AsyncClient, settings: Settings) -> None:
    assert (await client.get("/login")).status_code == 503
    settings.web_dist.mkdir(parents=True)
    (settings.web_dist / "index.html").write_text("<p>built")
    assert (await client.get("/login")).text == "<p>built"


@pytest.mark.parametrize(
    "path", ["/", "/login", "/p/0190a3b0-0000-7000-8000-000000000001", "/p/x/t/42?a=b", "//", "/v2"]
)
async def test_every_view_has_the_same_page(client: AsyncClient, dist: Path, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Lockstep</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_page_runs_no_script_but_ours(client: AsyncClient, dist: Path) -> None:
    policy = (await client.get("/")).headers["content-security-policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert "script-src" not in rules
    assert rules["frame-src"] == rules["media-src"] == "blob:"  # files that are looked at
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == "'none'"


async def test_the_service_worker_may_fetch_what_the_page_may(client: AsyncClient, dist: Path) -> None:
    page, worker = [await client.get(path) for path in ("/", "/service-worker.js")]
    assert worker.headers["content-security-policy"] == page.headers["content-security-policy"]


async def test_a_page_that_is_kept_keeps_its_policy(client: AsyncClient, dist: Path) -> None:
    etag = (await client.get("/")).headers["etag"]
    again = await client.get("/", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert "content-security-policy" not in again.headers


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/service-worker.js", "text/javascript"), ("/manifest.webmanifest", "application/manifest+json")],
)
async def test_what_makes_the_client_an_application_is_asked_for_anew_each_time(
    client: AsyncClient, dist: Path, path: str, media_type: str
) -> None:
    answer = await client.get(path)
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["cache-control"] == "no-cache"


async def test_assets_are_kept_for_ever(client: AsyncClient, dist: Path) -> None:
    answer = await client.get("/assets/index-abc123.js", headers={"Accept-Encoding": "identity"})
    assert answer.content == SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, br", "br", b"brotli"),
        ("gzip", "gzip", gzip.compress(SCRIPT)),
        ("br;q=0, gzip", "gzip", gzip.compress(SCRIPT)),
        ("zstd", None, SCRIPT),
        ("", None, SCRIPT),
    ],
    ids=["br", "gzip", "not br", "zstd", "none"],
)
async def test_assets_come_in_the_best_form_that_was_built(
    client: AsyncClient, dist: Path, accepted: str, coding: str | None, body: bytes
) -> None:
    answer, content = await raw(client, "/assets/index-abc123.js", accepted)
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "Accept-Encoding" in answer.headers["vary"]
    assert (content if coding != "gzip" else gzip.decompress(content)) == (body if coding != "gzip" else SCRIPT)


async def test_what_the_browser_has_is_not_sent_again(client: AsyncClient, dist: Path) -> None:
    for path in ("/", "/icon.svg", "/assets/index-abc123.js"):
        first = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == first.headers["cache-control"]
    forms = {(await raw(client, "/assets/index-abc123.js", form))[0].headers["etag"] for form in ("br", "gzip", "")}
    assert len(forms) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/assets/index-old.js",
        "/favicon.ico",
        "/.env",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "//etc/passwd.txt",
        "/%2fetc%2fhost.conf",
        "/a%00b.js",
        "/" + "a" * 5000 + ".js",
        "/%ff.js",
    ],
)
async def test_no_other_file_is_to_be_had(client: AsyncClient, dist: Path, path: str) -> None:
    problem(await client.get(path), 404, "not_found")


async def test_links_do_not_lead_out(client: AsyncClient, dist: Path) -> None:
    (dist / "link.txt").symlink_to(dist.parent / "secret.txt")
    problem(await client.get("/link.txt"), 404, "not_found")


async def test_pages_are_only_read(client: AsyncClient, dist: Path) -> None:
    answer = await client.post("/login")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD"
    assert (await client.head("/")).status_code == 200
