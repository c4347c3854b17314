"""The browser's types are those of the server."""

from pathlib import Path

from server.domain.commands import COMMANDS, wire_name
from server.domain.records import KINDS
from server.protocol import schema

GENERATED = Path(__file__).parents[2] / "client" / "web" / "src" / "protocol" / "generated.ts"


def test_the_browsers_types_are_fresh() -> None:
    assert GENERATED.read_text() == schema.typescript(), (
        "run: python -m server.protocol.schema typescript > client/web/src/protocol/generated.ts"
    )


def test_every_record_and_command_is_printed() -> None:
    printed = schema.typescript()
    assert [struct for struct in KINDS.values() if f"export interface {struct.__name__} {{" not in printed] == []
    assert [struct for struct in COMMANDS if f"  type: '{wire_name(struct.__name__)}'" not in printed] == []


def test_what_a_client_may_leave_out_is_optional_and_a_record_has_all_its_fields() -> None:
    printed = schema.typescript()
    update = printed.split("export interface UpdateTask {")[1].split("}")[0]
    task = printed.split("export interface Task {")[1].split("}")[0]
    assert "  id: string\n" in update
    assert "  due_at?: string | null\n" in update
    assert "?" not in task
