"""A person at a browser, and what a refusal must look like to them."""

from collections.abc import Awaitable, Callable, Mapping

from httpx import AsyncClient, Response

from server.domain.ids import new_id

PASSWORD = "correct horse battery"


class Person(AsyncClient):
    """A signed-in browser: it sends the access token and keeps the cookies."""

    id: str
    email: str

    async def project(self, **fields: object) -> str:
        """Makes a project and returns its id."""
        made = await self.post("/v1/projects", json={"name": "Garden", **fields})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def submit(self, project: str, *commands: Mapping[str, object], **fields: object) -> Response:
        return await self.post(f"/v1/projects/{project}/commands", json={"commands": commands, **fields})

    async def task(self, project: str, title: str = "Dig") -> str:
        """Makes a task in the first column and returns its id."""
        columns = (await self.get(f"/v1/projects/{project}/snapshot")).json()["columns"]
        first = min(columns, key=lambda column: column["rank"])
        id = str(new_id())
        made = await self.submit(project, {"type": "create_task", "id": id, "column_id": first["id"], "title": title})
        assert made.status_code == 200, made.text
        return id

    async def let_in(self, other: "Person", project: str, role: str) -> None:
        made = await self.submit(project, {"type": "add_member", "user_id": other.id, "role": role})
        assert made.status_code == 200, made.text


SignUp = Callable[[str], Awaitable[Person]]


def problem(answer: Response, status: int, code: str) -> dict[str, object]:
    """The body of a refusal, after checking that it is a whole problem of this status and code."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert body["status"] == status
    assert body["type"] == f"urn:problem-type:lockstep:{code}"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert {"title", "detail", "instance", "timestamp"} <= body.keys()
    return body
