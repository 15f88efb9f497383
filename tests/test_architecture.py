"""The rooms of the house: imports run one way, pure modules stay pure, and nothing grows too large. The README has the
drawing, which follows from the imports."""

import ast
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Each room and the rooms it may import from.
ROOMS = {
    "publishing": set(),
    "helplines": {"publishing"},
    "articles": {"publishing"},
    "quizzes": {"publishing", "helplines", "articles"},
    "trustsite": {"publishing", "helplines", "articles", "quizzes"},
}
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
)
TOOLS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tools").glob("*.py"))

# What needs no Django, at any distance: values, their files and their rules.
PURE = {
    *(f"publishing/{name}.py" for name in ("shape", "leaves", "merge", "difference", "kind")),
    *(f"publishing/{name}.py" for name in ("yaml_nodes", "files")),
    *(f"articles/{name}.py" for name in ("source", "rules", "markdown", "files", "plain")),
    *(f"helplines/{name}.py" for name in ("source", "rules", "near")),
    *(
        f"quizzes/{name}.py"
        for name in ("source", "scales", "rules", "scoring", "guidance", "change", "advice", "taking/words")
    ),
}
# Of these, what reads or renders by somebody else's library; the rest needs the standard library alone.
WITH_LIBRARIES = {
    "publishing/yaml_nodes.py": {"yaml"},
    "publishing/files.py": {"yaml"},
    "articles/markdown.py": {"markdown_it", "nh3"},
}
# What a value class is made of.
SOURCES = {
    "articles/source.py": {"publishing.leaves", "publishing.shape"},
    "helplines/source.py": {"publishing.leaves"},
    "quizzes/source.py": {"publishing.leaves", "publishing.shape", "helplines.source", "quizzes.scales"},
}
# All that quizzes know of the course and of the help lines.
KNOWN_TO_QUIZZES = {
    "articles.models.LessonVersion",
    "articles.source.SectionHead",
    "articles.templatetags.course.ended",
    "articles.views.lesson_context",
    "helplines.models.by_country",
    "helplines.near.country",
    "helplines.near.nearest",
    "helplines.source.HELP_TOPICS",
    "helplines.source.HelpLineSource",
}
# A wing of the quizzes, and the wings it may import from.
WINGS = {"taking": set(), "plan": {"taking"}, "kept": {"taking"}}
MARKS = ("<!-- rooms -->\n", "<!-- end of rooms -->\n")


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def imports(path: str) -> frozenset[str]:
    """Each name that a module imports, with the module it comes from."""
    return frozenset(imported(tree(path), path))


def imported(of: ast.AST, path: str) -> Iterator[str]:
    for node in ast.walk(of):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(path: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def rooms(path: str) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def modules(path: str) -> set[str]:
    """The modules of ours that this one imports, as files."""
    names = imports(path) | {name.rpartition(".")[0] for name in imports(path)}
    return {file for name in names if (file := name.replace(".", "/") + ".py") in MODULES}


def closure(path: str) -> set[str]:
    """The module, and every module of ours that it needs at any distance."""
    seen: set[str] = set()
    todo = [path]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += modules(here)
    return seen


def foreign(path: str) -> set[str]:
    """What a module imports that is neither ours nor Python's own."""
    return rooms(path) - set(ROOMS) - sys.stdlib_module_names


def by_room(room: str) -> list[str]:
    return [path for path in MODULES if path.startswith(f"{room}/")]


def drawing() -> str:
    """Which room imports from which, each below those that know it."""
    lines = []
    for room in reversed(ROOMS):
        known = {each for path in by_room(room) for each in rooms(path)} & set(ROOMS) - {room}
        told = ", ".join(each for each in reversed(ROOMS) if each in known)
        lines.append(f"    {room:<11} {told or 'none of them'}\n")
    return "".join(lines)


def test_there_is_something_to_look_at() -> None:
    assert set(MODULES) >= PURE
    assert len(MODULES) > 60
    assert {room for room in ROOMS if len(by_room(room)) < 5} == set()


# Directions


@pytest.mark.parametrize("path", MODULES)
def test_imports_run_one_way(path: str) -> None:
    room = path.partition("/")[0]
    assert rooms(path) & set(ROOMS) - {room} - ROOMS[room] == set()


def test_quizzes_know_little_of_the_course_and_of_help_lines() -> None:
    names = {name for path in by_room("quizzes") for name in imports(path)}
    assert {name for name in names if name.startswith(("articles.", "helplines."))} == KNOWN_TO_QUIZZES


@pytest.mark.parametrize("wing", WINGS)
def test_wings_of_the_quizzes_stand_side_by_side(wing: str) -> None:
    folders = {path.split("/")[1] for own in by_room(f"quizzes/{wing}") for path in modules(own) if path.count("/") > 1}
    assert folders & set(WINGS) - {wing} == WINGS[wing]


@pytest.mark.parametrize("path", MODULES)
def test_site_knows_neither_its_tools_nor_its_tests(path: str) -> None:
    assert rooms(path) & {"tools", "tests"} == set()


@pytest.mark.parametrize("path", TOOLS)
def test_tools_do_not_know_the_tests(path: str) -> None:
    assert "tests" not in rooms(path)


@pytest.mark.parametrize("path", [*MODULES, *TOOLS])
def test_no_import_stands_in_a_function(path: str) -> None:
    assert [name for function in functions(path) for name in imported(function, path)] == []


def test_drawing_in_the_readme_follows_from_the_imports() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.partition(MARKS[0])[2].partition(MARKS[1])[0] == drawing()


# Purity


def test_pure_modules_are_all_that_need_no_django() -> None:
    pure = {path for path in MODULES if not any("django" in rooms(each) for each in closure(path))}
    assert {path for path in pure if not path.endswith("__init__.py")} == PURE


@pytest.mark.parametrize("path", sorted(PURE))
def test_pure_module_needs_few_libraries(path: str) -> None:
    assert foreign(path) == WITH_LIBRARIES.get(path, set())
    assert closure(path) - PURE - {each for each in MODULES if each.endswith("__init__.py")} == set()


@pytest.mark.parametrize("path", SOURCES)
def test_value_is_made_of_the_standard_library_and_its_shape(path: str) -> None:
    assert {each.removesuffix(".py").replace("/", ".") for each in modules(path)} == SOURCES[path]


# Size


def test_code_has_at_most_6800_lines() -> None:
    """Blank ones aside. What comes next may raise it, each time with its reason: 300 came with what results say and
    hide, by whom they are about and by what raised a flag; 600 with what keeps an editor's words, what stands beside
    them, and a draft quiz that is tried by its scores; 150 with one draft as a file, down and up in the admin; 200 with
    the library of pictures; 550 with review by a private link, the calendar, what the first
    page says, and links to pages of the site."""
    lines = [line for path in MODULES for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
    assert len([line for line in lines if line.strip()]) <= 6800


@pytest.mark.parametrize("path", [*MODULES, *TOOLS])
def test_file_has_at_most_250_lines(path: str) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 250


def test_half_of_the_functions_have_at_most_5_lines() -> None:
    """From the line of its ``def`` to its last. How branched a function may be, ruff says."""
    sizes = [node.end_lineno - node.lineno + 1 for path in MODULES for node in functions(path) if node.end_lineno]
    assert len(sizes) > 400
    assert statistics.median(sizes) <= 5


def test_no_room_for_everything_else() -> None:
    names = {part.removesuffix(".py") for path in MODULES for part in path.split("/")}
    assert names & {"core", "utils", "util", "common", "services", "helpers", "misc"} == set()
