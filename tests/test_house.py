"""The house rules of server/README.md, counted: sizes, names, tables that must be total, and a page that tells of what is there."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from server.api import openapi, problems
from server.api.access import RULES
from server.commands.handlers import HANDLERS
from server.domain import commands, errors, records
from server.domain.errors import REFUSALS, Refusal
from server.domain.roles import LEAST_ROLE, ORDER
from server.protocol import codes
from server.storage.tables import RECORD_TABLES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "server" / "README.md").read_text()
PYTHON = sorted(ROOT.glob("server/**/*.py"))
BROWSER = sorted(
    path
    for path in ROOT.glob("client/web/src/**/*")
    if path.suffix in (".ts", ".svelte") and ".test." not in path.name and path.name != "generated.ts"
)

FILE_LINES = 300
FUNCTION_LINES = 40
VERB_LINES = 25
DEBTS = {"import_records"}
"""Over budget today; nothing may join them."""

FORBIDDEN = {"manager", "helper", "helpers", "util", "utils", "base", "core", "common"}
PRIVATE_COLUMNS = {"project_id", "deleted_at", "field_seq"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


# Sizes


def test_a_file_has_at_most_300_lines() -> None:
    sizes = {name(path): len(path.read_text().splitlines()) for path in (*PYTHON, *BROWSER)}
    assert over(FILE_LINES, sizes) == {}


def test_a_function_has_at_most_40_lines() -> None:
    functions = ((path, found) for path in PYTHON for found in ast.walk(tree(path)) if isinstance(found, Function))
    assert over(FUNCTION_LINES, {f"{name(path)}:{found.name}": own_lines(found) for path, found in functions}) == {}


def test_a_verb_has_at_most_25_lines() -> None:
    verbs = {function for verb in HANDLERS.values() for function in verb}
    files = {Path(verb.__code__.co_filename) for verb in verbs}
    bodies = {each.name: each for path in files for each in tree(path).body if isinstance(each, Function)}
    assert over(VERB_LINES, {verb.__name__: own_lines(bodies[verb.__name__]) for verb in verbs}) == {}


def over(budget: int, sizes: dict[str, int]) -> dict[str, int]:
    """What is larger than it may be."""
    return {each: size for each, size in sizes.items() if size > budget and each not in DEBTS}


def own_lines(function: Function) -> int:
    """A function's lines without those of the functions in it, which count on their own."""
    inner = [found for found in ast.iter_child_nodes(function) if isinstance(found, Function)]
    return lines(function) - sum(map(lines, inner))


def lines(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


# Names and docstrings


def test_a_module_says_what_belongs_there() -> None:
    assert [name(path) for path in PYTHON if not ast.get_docstring(tree(path))] == []


def test_nothing_is_called_manager_helper_util_base_core_or_common() -> None:
    named = {
        (name(path), each) for path in (*PYTHON, *BROWSER) for each in (path.stem, path.parent.name, *classes(path))
    }
    assert {(path, each) for path, each in named if words(each) & FORBIDDEN} == set()


def classes(path: Path) -> Iterator[str]:
    if path.suffix == ".py":
        yield from (found.name for found in ast.walk(tree(path)) if isinstance(found, ast.ClassDef))
    else:
        yield from re.findall(r"\b(?:class|interface) (\w+)", path.read_text())


def words(name: str) -> set[str]:
    """`TaskBase`, `task_base` and `task-base` have two words, `Database` has one."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def test_base_is_a_word_and_a_part_of_database_is_none() -> None:
    assert [bool(words(each) & FORBIDDEN) for each in ("TaskBase", "task_base", "Database")] == [True, True, False]


# Tables


def test_every_command_has_a_verb_and_a_least_role() -> None:
    every = set(get_args(commands.AnyCommand))
    assert every == set(HANDLERS) == set(LEAST_ROLE)
    assert set(LEAST_ROLE.values()) <= set(ORDER) == set(get_args(records.Role))


def test_every_refusal_is_listed_and_has_a_status_and_a_code_of_its_own() -> None:
    assert set(subclasses(Refusal)) == set(problems.STATUSES)
    assert {each for each in subclasses(Refusal) if each.__module__ == errors.__name__} == set(REFUSALS)
    all_codes = [each.code for each in problems.STATUSES]
    assert len(all_codes) == len(set(all_codes))


def subclasses(cls: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in cls.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_route_has_a_rule_and_a_contract() -> None:
    assert set(openapi.CONTRACTS) == set(RULES)


def test_every_kind_has_a_record_and_a_table_with_its_fields() -> None:
    assert list(get_args(records.Kind)) == list(records.KINDS) == list(RECORD_TABLES)
    assert (*records.SNAPSHOT_KINDS, *records.DETAIL_KINDS) == tuple(records.KINDS)
    for kind, record in records.KINDS.items():
        columns = {column.name for column in RECORD_TABLES[kind].columns}
        assert columns - PRIVATE_COLUMNS == set(record.__struct_fields__), kind
        assert columns >= PRIVATE_COLUMNS, kind


def test_every_kind_but_projects_and_files_can_be_imported() -> None:
    imported = {each.__struct_config__.tag for each in get_args(commands.ImportedRecord)}
    assert imported == set(records.KINDS) - {"project", "attachment"}


def test_every_close_code_is_known_and_in_a_range_that_says_what_to_do() -> None:
    named = {value for each, value in vars(codes).items() if each.isupper() and isinstance(value, int)}
    assert named == codes.KNOWN
    assert all(each < 4000 or each // 100 in (40, 41, 42) for each in named)


# The page


def test_every_file_is_in_the_tree_of_the_house_page_or_its_folder_is() -> None:
    listed = set(listed_paths())
    files = [path.relative_to(ROOT / "server") for path in PYTHON if path.name != "__init__.py"]
    assert [str(file) for file in files if not {str(file), *whole_folders(file)} & listed] == []
    assert [entry for entry in listed if not (ROOT / "server" / entry).exists()] == []


def whole_folders(inside: Path) -> Iterator[str]:
    """The folders above a file of which no file is listed: they are told of as a whole."""
    for folder in inside.parents[:-1]:
        if not any(each.startswith(f"{folder}/") and each != f"{folder}/" for each in listed_paths()):
            yield f"{folder}/"


def listed_paths() -> Iterator[str]:
    """Of the tree, every path below server/; folders end with a slash."""
    block = PAGE.split("```\nserver/\n")[1].split("```")[0]
    folder = ""
    for line in block.splitlines():
        entry, indent = line.split()[0], len(line) - len(line.lstrip())
        folder = folder if indent > 2 else ""
        yield folder + entry
        if entry.endswith("/") and indent == 2:
            folder = entry


def test_every_test_that_the_pages_name_exists() -> None:
    promises = PAGE.split("## What is promised")[1].split("## House rules")[0]
    named = set(re.findall(r"`(test_\w+)`", promises + (ROOT / "docs" / "security.md").read_text()))
    there = {
        each for path in ROOT.glob("tests/**/test_*.py") for each in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert named - there == set()


def test_tests_have_the_same_names_in_every_process() -> None:
    """Two workers that name one test differently refuse to run any: no name may hold a time, a random id or a set's order."""
    assert collected(hash_seed=1) == collected(hash_seed=2)


def collected(hash_seed: int) -> list[str]:
    """The names of all tests, as a process of its own finds them: a second is over before the next one looks."""
    command = [sys.executable, "-m", "pytest", "tests", "--collect-only", "-q", "-n0"]
    environment = os.environ | {"PYTHONHASHSEED": str(hash_seed)}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert found.returncode == 0, found.stdout[-2000:]
    return [line for line in found.stdout.splitlines() if "::" in line]
