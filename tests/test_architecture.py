"""Imports run one way. See the drawing of the rooms in the README."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("articles", "quizzes", "trustsite")
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)
PURE = [
    *(f"articles/{name}.py" for name in ("source", "document", "yaml_nodes", "files", "markdown")),
    *(f"quizzes/{name}.py" for name in ("source", "files", "writing", "scoring", "guidance")),
]
SMALLEST = ["articles/source.py", "quizzes/source.py", "quizzes/scoring.py", "quizzes/guidance.py"]
VALUES = {"articles.source", "quizzes.source", "quizzes.scoring", "quizzes.guidance"}


def imports(path: str) -> Iterator[tuple[str, bool]]:
    """Each imported module, and whether the import stands at the top level of its file."""
    tree = ast.parse((ROOT / path).read_text())
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from ((f"{node.module}.{alias.name}", id(node) in top) for alias in node.names)


def rooms(path: str) -> set[str]:
    return {name.partition(".")[0] for name, _ in imports(path)}


def test_there_is_something_to_look_at() -> None:
    assert set(PURE) <= set(MODULES)
    assert len(MODULES) > 30


@pytest.mark.parametrize("path", PURE)
def test_pure_module_knows_no_django(path: str) -> None:
    assert rooms(path) & {"django", "markdownx", "csp", "environ", "trustsite"} == set()


@pytest.mark.parametrize("path", SMALLEST)
def test_value_and_rules_need_the_standard_library_alone(path: str) -> None:
    foreign = {name for name, _ in imports(path) if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if name.rpartition(".")[0] not in VALUES} == set()


def pure_closure(path: str) -> set[str]:
    """Every module of ours that this one needs, at any distance."""
    seen: set[str] = set()
    todo = [path]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            names = {name for name, _ in imports(here)} | {name.rpartition(".")[0] for name, _ in imports(here)}
            todo += [file for name in names if (file := name.replace(".", "/") + ".py") in MODULES]
    return seen


@pytest.mark.parametrize("path", PURE)
def test_pure_module_needs_pure_modules_alone(path: str) -> None:
    assert pure_closure(path) - set(PURE) == set()


@pytest.mark.parametrize("path", [path for path in MODULES if path.startswith("articles/")])
def test_articles_know_neither_quizzes_nor_the_site(path: str) -> None:
    assert rooms(path) & {"quizzes", "trustsite"} == set()


@pytest.mark.parametrize("path", [path for path in MODULES if path.startswith("quizzes/")])
def test_quizzes_do_not_know_the_site(path: str) -> None:
    assert "trustsite" not in rooms(path)


@pytest.mark.parametrize("path", MODULES)
def test_imports_stand_at_the_top(path: str) -> None:
    assert [name for name, at_top in imports(path) if not at_top] == []


def test_no_room_for_everything_else() -> None:
    names = {part.removesuffix(".py") for path in MODULES for part in path.split("/")}
    assert names & {"core", "utils", "util", "common", "services", "helpers", "misc"} == set()
