"""The wire's types in other languages, read off the structs: `python -m server.protocol.schema typescript` prints the browser's.

Not here: REST bodies that are no record, command or message; the browser's client of those names them itself (client/web/src/api).
"""

import sys
from collections.abc import Iterator
from typing import Any, get_args

import msgspec.inspect as mi
from msgspec import NODEFAULT, UNSET

from server.domain import changes, commands, errors, records, roles, text
from server.protocol import frames

_HEADER = """\
// Printed from the server's types; do not edit. Renew it with
//   python -m server.protocol.schema typescript > client/web/src/protocol/generated.ts
"""

_ALIASES: dict[str, Any] = {
    "Role": records.Role,
    "Category": records.Category,
    "MemberKind": records.MemberKind,
    "Background": records.Background,
    "Visibility": records.Visibility,
    "Kind": records.Kind,
    "ActorKind": changes.ActorKind,
    "Place": commands.Place,
    "ImportedRecord": commands.ImportedRecord,
    "Command": commands.Command,
    "Op": changes.Op,
    "Up": frames.Up,
    "Down": frames.Down,
}
"""Unions that have a name of their own on both sides."""

_PRECISE: dict[type, str] = {
    changes.Put: "{ [K in Kind]: { op: 'put'; kind: K; record: RecordOf[K] } }[Kind]",
    changes.Patch: "{ [K in Kind]: { op: 'patch'; kind: K; id: string; fields: Partial<Omit<RecordOf[K], 'id'>> } }[Kind]",
}
"""Structs whose kind decides the type of another field, which TypeScript can say and Python cannot."""


def typescript() -> str:
    """The whole module `generated.ts`."""
    printer = _TypeScript()
    parts = [_HEADER, *printer.aliases(), *printer.structs(), _record_of(), _codes(), *_constants()]
    return "\n".join(parts)


class _TypeScript:
    """Prints types and remembers the structs it met, so that each is declared once."""

    def __init__(self) -> None:
        self._named: dict[str, str] = {}
        self._met: dict[type, mi.StructType] = {}
        self._named = {self.type(mi.type_info(union)): name for name, union in _ALIASES.items()}
        for struct in (changes.Snapshot, *records.KINDS.values()):
            self.type(mi.type_info(struct))

    def aliases(self) -> Iterator[str]:
        for union, name in self._named.items():
            members = union.split(" | ")
            yield f"export type {name} = {union}\n" if len(union) < 100 else _long_union(name, members)

    def structs(self) -> Iterator[str]:
        declared: set[type] = set()
        while waiting := [struct for cls, struct in self._met.items() if cls not in declared]:
            for struct in waiting:
                declared.add(struct.cls)
                yield self._struct(struct)

    def type(self, info: mi.Type) -> str:
        match info:
            case mi.UUIDType() | mi.StrType() | mi.DateTimeType() | mi.DateType():
                return "string"
            case mi.IntType() | mi.FloatType():
                return "number"
            case mi.BoolType():
                return "boolean"
            case mi.NoneType():
                return "null"
            case mi.AnyType():
                return "unknown"
            case mi.LiteralType(values=values):
                return self._alias(" | ".join(f"'{value}'" for value in values))
            case mi.VarTupleType(item_type=item) | mi.ListType(item_type=item):
                inner = self.type(item)
                return f"readonly ({inner})[]" if " " in inner else f"readonly {inner}[]"
            case mi.DictType(key_type=key, value_type=value):
                return f"Record<{self.type(key)}, {self.type(value)}>"
            case mi.UnionType(types=types):
                return self._union(types)
            case mi.StructType(cls=cls):
                self._met.setdefault(cls, info)
                return _name(cls)
            case _:
                raise TypeError(f"no TypeScript for {info}")

    def _union(self, types: tuple[mi.Type, ...]) -> str:
        members = [self.type(each) for each in types if not isinstance(each, mi.NoneType)]
        nullable = len(members) < len(types)
        return self._alias(" | ".join(members)) + (" | null" if nullable else "")

    def _alias(self, union: str) -> str:
        return self._named.get(union, union)

    def _struct(self, struct: mi.StructType) -> str:
        name = _name(struct.cls)
        if struct.cls in _PRECISE:
            return f"export type {name} = {_PRECISE[struct.cls]}\n"
        tag = [f"  {struct.tag_field}: '{struct.tag}'"] if struct.tag else []
        fields = [f"  {field.encode_name}{_mark(struct, field)}: {self.type(field.type)}" for field in struct.fields]
        return "\n".join([f"export interface {name} {{", *tag, *fields, "}\n"])


def _name(cls: type) -> str:
    """Messages are called so (`WelcomeMessage`): some of their names are taken in a browser (`Error`, `Notification`)."""
    is_message = cls.__module__ == frames.__name__ and cls.__struct_config__.tag is not None  # type: ignore[attr-defined]
    return f"{cls.__name__}Message" if is_message else cls.__name__


def _mark(struct: mi.StructType, field: mi.Field) -> str:
    """`?` for what may be absent: any default in what clients send, and what the server itself leaves out."""
    config = struct.cls.__struct_config__
    may_lack = not field.required and (config.forbid_unknown_fields or config.omit_defaults)
    unset = field.default is UNSET or (not field.required and field.default is NODEFAULT)
    return "?" if may_lack or unset else ""


def _long_union(name: str, members: list[str]) -> str:
    return "\n".join([f"export type {name} =", *(f"  | {member}" for member in members), ""])


def _record_of() -> str:
    rows = [f"  {kind}: {record.__name__}" for kind, record in records.KINDS.items()]
    return "\n".join(["/** Every kind and its record. */", "export interface RecordOf {", *rows, "}\n"])


def _codes() -> str:
    codes = " | ".join(f"'{refusal.code}'" for refusal in errors.REFUSALS)
    return f"/** Why a command or a request was refused. */\nexport type Code = {codes}\n"


def _constants() -> Iterator[str]:
    limits = {
        "title": text.TITLE_MAX,
        "name": text.NAME_MAX,
        "description": text.DESCRIPTION_MAX,
        "comment": text.COMMENT_MAX,
        "checklist_text": text.CHECKLIST_TEXT_MAX,
        "project_description": text.PROJECT_DESCRIPTION_MAX,
        "commands": commands.COMMANDS_MAX,
    }
    yield _table("LIMITS", "Most code points of each text, and most commands of a submit.", limits)
    yield f"export const PRIORITY_DEFAULT = {records.PRIORITY_DEFAULT}\n"
    yield f"export const LABEL_COLORS = [{', '.join(repr(color) for color in text.LABEL_COLORS)}] as const\n"
    yield f"export const BACKGROUNDS: readonly Background[] = [{', '.join(map(repr, get_args(records.Background)))}]\n"
    yield _table("ROLE_ORDER", "A higher role may do all that a lower one may.", roles.ORDER, "Record<Role, number>")
    least = {commands.wire_name(command.__name__): f"'{roles.LEAST_ROLE[command]}'" for command in commands.COMMANDS}
    yield _table("LEAST_ROLE", "The least role of every command.", least, "Record<Command['type'], Role>")


def _table(name: str, comment: str, rows: dict[Any, Any], type_: str = "") -> str:
    typed = f"{name}: {type_}" if type_ else name
    lines = [f"  {key}: {value}," for key, value in rows.items()]
    return "\n".join([f"/** {comment} */", f"export const {typed} = {{", *lines, "}\n"])


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["typescript"]:
            sys.stdout.write(typescript())
        case _:
            sys.exit("usage: python -m server.protocol.schema typescript")
