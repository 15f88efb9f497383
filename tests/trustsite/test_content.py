import shutil
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from articles import files, publishing
from articles.models import HelpLine, Lesson, Part, Term
from quizzes import publishing as quizzing
from quizzes.models import Note, Quiz
from tests.factories import (
    LESSON_FILE,
    QUIZ_FILE,
    content_files,
    help_line_source,
    part_source,
    quiz_text,
    section_source,
    small_lesson,
    write_folder,
)
from trustsite import content

FIRST = "lessons/1-formation/01-what-trust-is.md"


def run(command: str, *arguments: object, **options: Any) -> tuple[int, list[str], list[str]]:
    """Exit status, what it said, and what it complained of."""
    out, err = StringIO(), StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        return 1, out.getvalue().splitlines(), [*err.getvalue().splitlines(), str(error)]
    return 0, out.getvalue().splitlines(), err.getvalue().splitlines()


def rows() -> dict[str, list[Any]]:
    """Everything the two apps store."""
    models = [*apps.get_app_config("articles").get_models(), *apps.get_app_config("quizzes").get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def texts(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")


def change(folder: Path, path: str, before: str, after: str) -> int:
    """Replace the one place where a file says ``before``. Gives its line."""
    text = (folder / path).read_text()
    assert text.count(before) == 1
    (folder / path).write_text(text.replace(before, after))
    return text[: text.index(before)].count("\n") + 1


def retitle(lesson: Lesson, title: str) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(title=title)


# --- loading and dumping the shipped course


def test_dump_is_the_content_folder_byte_for_byte(course: None, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    shipped = texts(settings.CONTENT_DIR)
    assert run("dump_content", folder) == (0, [f"{len(shipped)} files written to {folder}."], [])
    assert texts(folder) == shipped


def test_dump_into_a_folder_that_holds_something_is_refused(course: None, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    assert run("dump_content", tmp_path) == (1, [], [f"{tmp_path} is not empty"])
    assert texts(tmp_path) == {"mine.txt": b"x"}


def test_second_load_changes_nothing(course: None) -> None:
    before = rows()
    assert run("load_content") == (0, ["Nothing to load: all is up to date."], [])
    assert rows() == before


def test_check_of_the_shipped_course_changes_nothing(course: None) -> None:
    before = rows()
    assert run("load_content", "--check") == (0, ["20 lessons and 7 quizzes are in order."], [])
    assert rows() == before


def test_changed_file_of_an_untouched_draft_is_loaded_and_published(course: None, copied: Path) -> None:
    lesson = Lesson.objects.get(slug="what-trust-is")
    change(copied, FIRST, f"title: {lesson.title}", "title: What trust can be")
    said = ["lesson What trust can be, version 2", "1 change(s)."]
    assert run("load_content", copied) == (0, said, [])
    version = lesson.versions.first()
    assert version
    assert (version.number, version.author, version.note) == (2, None, "Loaded from the content files")
    assert b"<h1>What trust can be</h1>" in Client().get("/formation/what-trust-is/").content
    assert run("load_content", copied) == (0, ["Nothing to load: all is up to date."], [])


def test_changed_quiz_file_is_loaded_and_published(course: None, copied: Path) -> None:
    change(copied, "quizzes/how-i-trust.yaml", "title: How I trust", "title: The way I trust")
    assert run("load_content", copied) == (0, ["quiz The way I trust, version 2", "1 change(s)."], [])
    assert Quiz.objects.get(slug="how-i-trust").versions.count() == 2


def test_draft_that_an_editor_changed_is_kept(course: None, copied: Path) -> None:
    lesson = Lesson.objects.get(slug="what-trust-is")
    retitle(lesson, "Mine")
    before = rows()
    assert run("load_content") == (0, ["Nothing to load: all is up to date."], [])
    change(copied, FIRST, f"title: {lesson.title}", "title: Theirs")
    kept = "kept '1. Mine': it was changed here, and its file too; --overwrite takes the file"
    assert run("load_content", copied)[:2] == (0, [kept, "Nothing to load: all is up to date."])
    assert rows() == before
    said = ["lesson Theirs, version 2", "1 change(s)."]
    assert run("load_content", copied, "--overwrite") == (0, said, [])
    assert Lesson.objects.get(pk=lesson.pk).title == "Theirs"


def test_editors_change_that_the_file_says_too_is_no_conflict(course: None, copied: Path) -> None:
    lesson = Lesson.objects.get(slug="what-trust-is")
    retitle(lesson, "Agreed")
    change(copied, FIRST, f"title: {lesson.title}", "title: Agreed")
    assert run("load_content", copied)[0] == 0
    assert lesson.versions.count() == 1


def test_withdrawn_lesson_is_not_brought_back_by_its_file(course: None, copied: Path) -> None:
    lesson = Lesson.objects.get(slug="what-trust-is")
    Lesson.objects.filter(pk=lesson.pk).update(withdrawn=True)
    change(copied, FIRST, f"title: {lesson.title}", "title: Theirs")
    assert run("load_content", copied)[1][0].startswith(f"kept '{lesson}'")
    assert Lesson.objects.get(pk=lesson.pk).withdrawn


def test_dry_run_says_what_would_change_and_changes_nothing(course: None, copied: Path) -> None:
    before = rows()
    change(copied, FIRST, "title: What trust is, and what it is not", "title: Theirs")
    change(copied, "quizzes/how-i-trust.yaml", "title: How I trust", "title: The way I trust")
    said = [
        "would load lesson Theirs, version 2",
        "would load quiz The way I trust, version 2",
        "2 change(s).",
    ]
    assert run("load_content", copied, "--dry-run") == (0, said, [])
    assert rows() == before


def test_parts_and_help_lines_are_the_editors_unless_overwritten(course: None, copied: Path) -> None:
    part, line = Part.objects.get(slug="loss"), HelpLine.objects.get(position=0)
    Part.objects.filter(pk=part.pk).update(title="Mine")
    HelpLine.objects.filter(pk=line.pk).update(name="Mine")
    assert run("load_content", copied) == (0, ["Nothing to load: all is up to date."], [])
    said = [f"part '{part.title}'", f"{HelpLine.objects.count()} help lines", "2 change(s)."]
    assert run("load_content", copied, "--overwrite") == (0, said, [])
    assert Part.objects.get(pk=part.pk).title == part.title
    assert HelpLine.objects.get(position=0).name == line.name


def test_section_dropped_from_a_file_while_a_quiz_leads_there_is_told_by_check(course: None, copied: Path) -> None:
    change(copied, "lessons/1-formation/05-friends-and-work.md", "{#friendship-takes-hours}", "{#hours}")
    status, _, complaints = run("load_content", copied, "--check")
    assert status == 1
    assert {each.split(": ", 1)[1] for each in complaints[:-1]} == {
        "there is no section 'friends-and-work#friendship-takes-hours'"
    }


def test_renamed_section_with_its_former_anchor_is_loaded(course: None, copied: Path) -> None:
    path = "lessons/1-formation/05-friends-and-work.md"
    change(copied, path, "{#friendship-takes-hours}", "{#hours was=friendship-takes-hours}")
    assert run("load_content", copied)[0] == 0
    assert 'id="hours"' in Client().get("/formation/friends-and-work/").content.decode()


def test_check_names_every_problem_and_changes_nothing(course: None, copied: Path) -> None:
    """Four slips in four files, as authors make them."""
    before = rows()
    link = change(
        copied, FIRST, "(reading-trustworthiness#three-questions)", "(reading-trustworthiness#four-questions)"
    )
    key = change(copied, "lessons/2-loss/07-how-trust-breaks.md", "\nsafety: ", "\ncolor: red\nsafety: ") + 1
    shutil.copy(
        copied / "lessons/2-loss/10-living-without-trust.md",
        copied / "lessons/3-who-not-to-trust/30-living-without-trust.md",
    )
    lines = (copied / "quizzes/how-i-trust.yaml").read_text().split("\n")
    bands = lines.index("  bands:")  # of the first dimension
    start, stop = lines.index("    middle:", bands), lines.index("    high:", bands)
    (copied / "quizzes/how-i-trust.yaml").write_text("\n".join(lines[:start] + lines[stop:]))
    status, said, complaints = run("load_content", copied, "--check")
    assert (status, said) == (1, [])
    assert complaints == [
        f"{FIRST}:{link}: there is no section 'reading-trustworthiness#four-questions'",
        f"lessons/2-loss/07-how-trust-breaks.md:{key}: unknown key 'color'",
        "lessons/3-who-not-to-trust/30-living-without-trust.md:1: slug 'living-without-trust' is already used by"
        " lessons/2-loss/10-living-without-trust.md",
        f"quizzes/how-i-trust.yaml:{bands + 2}: dimension 'open': bands: key 'middle' is missing",
        "4 problem(s); nothing was loaded.",
    ]
    assert rows() == before
    assert run("load_content", copied)[2] == complaints
    assert rows() == before


def test_two_lessons_change_places(course: None, copied: Path) -> None:
    folder = copied / "lessons" / "1-formation"
    (folder / "01-what-trust-is.md").rename(folder / "02-what-trust-is.md")
    (folder / "02-where-trust-begins.md").rename(folder / "01-where-trust-begins.md")
    assert run("load_content", copied)[0] == 0
    order = Lesson.objects.filter(number__lte=2).order_by("number").values_list("slug", flat=True)
    assert list(order) == ["where-trust-begins", "what-trust-is"]


# --- a small course of our own


@pytest.fixture
def nothing(course: None) -> None:
    """No course at all."""
    Term.objects.all().delete()
    Note.objects.all().delete()
    Quiz.objects.all().delete()
    Lesson.objects.all().delete()
    Part.objects.all().delete()
    HelpLine.objects.all().delete()


def test_small_course_is_loaded_into_an_empty_database(nothing: None, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in", content_files())
    said = [
        "part 'How trust forms'",
        "1 help lines",
        "1 glossary terms",
        "lesson A spare key, version 1",
        "quiz A small quiz, version 1",
        "5 change(s).",
    ]
    assert run("load_content", folder) == (0, said, [])
    assert publishing.snapshot(Lesson.objects.get()) == small_lesson()
    assert quizzing.snapshot(Quiz.objects.get()).title == "A small quiz"
    assert run("dump_content", tmp_path / "out")[0] == 0
    assert texts(tmp_path / "out") == texts(folder)


def test_byte_order_mark_and_foreign_line_ends_change_nothing(nothing: None, tmp_path: Path) -> None:
    foreign = {
        path: b"\xef\xbb\xbf" + str(text).replace("\n", "\r\n").encode() for path, text in content_files().items()
    }
    assert run("load_content", write_folder(tmp_path / "a", {**foreign}))[0] == 0
    again = run("load_content", write_folder(tmp_path / "b", content_files()))
    assert again == (0, ["Nothing to load: all is up to date."], [])


def lesson_file(**overrides: Any) -> str:
    return files.write_lesson(small_lesson(**overrides))


QUIZ = quiz_text()
TEXT = lesson_file()
GONE = None
UNKNOWN_TERM = "glossary.yaml:4: there is no section 'a-spare-key#a-drawer'"
MALFORMED: dict[str, tuple[dict[str, str | bytes | None], list[str]]] = {
    "no parts": ({"parts.yaml": GONE}, ["parts.yaml:1: file is missing"]),
    "no help": ({"help.yaml": GONE}, ["help.yaml:1: file is missing"]),
    "no glossary": ({"glossary.yaml": GONE}, ["glossary.yaml:1: file is missing"]),
    "empty parts": (
        {"parts.yaml": ""},
        ["parts.yaml:1: key 'parts' is missing", "parts.yaml:1: must be a mapping of keys to values"],
    ),
    "truncated parts": (
        {"parts.yaml": "parts:\n- slug: 'forma"},
        ["parts.yaml:2: not valid YAML: found unexpected end of stream"],
    ),
    "part twice": (
        {"parts.yaml": files.write_parts([part_source(), part_source()])},
        [
            f"{LESSON_FILE}:1: parts.yaml has no part number 1 called 'formation'",
            "parts.yaml:5: part 2: slug 'formation' is used twice",
        ],
    ),
    "another part": (
        {"parts.yaml": files.write_parts([part_source(slug="loss")])},
        [f"{LESSON_FILE}:1: parts.yaml has no part number 1 called 'formation'"],
    ),
    "help without a way to reach": (
        {"help.yaml": files.write_help_lines([help_line_source(phone="")])},
        ["help.yaml:4: line 1: 'A line' has no phone, text or website"],
    ),
    "unknown file": (
        {"notes.txt": "x"},
        ["notes.txt:1: unknown file; remove it or see the README for what belongs here"],
    ),
    "lesson with another ending": (
        {"lessons/1-formation/02-b.html": "<p>"},
        ["lessons/1-formation/02-b.html:1: unknown file; remove it or see the README for what belongs here"],
    ),
    "quiz with another ending": (
        {"quizzes/b.yml": QUIZ},
        ["quizzes/b.yml:1: unknown file; remove it or see the README for what belongs here"],
    ),
    "lesson in a wrong place": (
        {"lessons/02-b.md": TEXT},
        [
            "lessons/02-b.md:1: lessons live at lessons/<n>-<part>/<nn>-<slug>.md;"
            " use lower-case letters, digits and hyphens"
        ],
    ),
    "quiz in a wrong place": (
        {"quizzes/A.yaml": QUIZ},
        ["quizzes/A.yaml:1: quizzes live at quizzes/<slug>.yaml; use lower-case letters, digits and hyphens"],
    ),
    "slug twice": (
        {"lessons/1-formation/02-a-spare-key.md": TEXT},
        [f"lessons/1-formation/02-a-spare-key.md:1: slug 'a-spare-key' is already used by {LESSON_FILE}"],
    ),
    "number twice": (
        {"lessons/1-formation/1-b.md": TEXT},
        ["lessons/1-formation/1-b.md:1: number '1' is already used by lessons/1-formation/01-a-spare-key.md"],
    ),
    "quiz number twice": (
        {"quizzes/b.yaml": QUIZ},
        ["quizzes/b.yaml:1: number 1 is already used by quizzes/a-small-quiz.yaml"],
    ),
    "lesson not UTF-8": (
        {LESSON_FILE: TEXT.replace("She", "Sh\u00e9").encode("latin-1")},
        [
            UNKNOWN_TERM,
            f"{LESSON_FILE}:23: not UTF-8; save the file as UTF-8",
            *[f"{QUIZ_FILE}:{line}: there is no section 'a-spare-key#a-key'" for line in (32, 36, 40)],
        ],
    ),
    "truncated lesson": (
        {LESSON_FILE: TEXT[:200], QUIZ_FILE: GONE},
        [UNKNOWN_TERM, f"{LESSON_FILE}:1: the file must start with front matter between two lines of ---"],
    ),
    "empty lesson": (
        {LESSON_FILE: "", QUIZ_FILE: GONE},
        [UNKNOWN_TERM, f"{LESSON_FILE}:1: the file must start with front matter between two lines of ---"],
    ),
    "YAML tag": (
        {LESSON_FILE: TEXT.replace("title: A", "title: !!python/object/apply:os.system A", 1)},
        [
            f"{LESSON_FILE}:2: YAML tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed;"
            " write plain text"
        ],
    ),
    "YAML tag in a quiz": (
        {QUIZ_FILE: QUIZ.replace("number: 1", "number: !!python/name:os.system 1")},
        [f"{QUIZ_FILE}:2: YAML tag 'tag:yaml.org,2002:python/name:os.system' is not allowed; write plain text"],
    ),
    "unknown key": (
        {LESSON_FILE: TEXT.replace("safety: none", "saftey: none")},
        [f"{LESSON_FILE}:7: unknown key 'saftey'"],
    ),
    "missing key": (
        {LESSON_FILE: TEXT.replace("summary: What a key says.\n", "")},
        [f"{LESSON_FILE}:2: key 'summary' is missing"],
    ),
    "broken link": (
        {LESSON_FILE: lesson_file(scene="Then\n\n[x](a-spare-key#none)")},
        [f"{LESSON_FILE}:21: there is no section 'a-spare-key#none'"],
    ),
    "broken link of a quiz": (
        {QUIZ_FILE: QUIZ.replace("a-spare-key#a-key", "a-spare-key#none", 1)},
        [f"{QUIZ_FILE}:32: there is no section 'a-spare-key#none'"],
    ),
    "quiz that leads to no quiz": (
        {QUIZ_FILE: QUIZ + "notes:\n- when:\n  - dimension: keys\n  text: x\n  quiz: none\n"},
        [f"{QUIZ_FILE}:50: there is no quiz 'none'"],
    ),
    "missing band": (
        {QUIZ_FILE: QUIZ.replace("  middle:\n    label: Middle\n    from: 40\n    text: This is between.\n", "")},
        [f"{QUIZ_FILE}:13: bands: key 'middle' is missing"],
    ),
    "bands that do not rise": (
        {QUIZ_FILE: QUIZ.replace("from: 40", "from: 80")},
        [
            f"{QUIZ_FILE}:12: cut-points [0, 80, 70] of bands must start at 0 and rise, 100 at most",
            f"{QUIZ_FILE}:29: dimension 'keys': cut-points [0, 80, 70] of dimension 'keys'"
            " must start at 0 and rise, 100 at most",
        ],
    ),
    "remote picture": (
        {LESSON_FILE: lesson_file(sections=(section_source(body="![x](https://evil.example/a.png)"),))},
        [
            f"{LESSON_FILE}:23: section 'a-key': picture 'https://evil.example/a.png' is not on this site;"
            " upload it first, then use its /media/ address"
        ],
    ),
    "NUL in a text": (
        {LESSON_FILE: lesson_file(sections=(section_source(body="a\0b"),))},
        [f"{LESSON_FILE}:23: section 'a-key': the text holds a NUL character; remove it"],
    ),
    "NUL in front matter": (
        {LESSON_FILE: TEXT.replace("title: A", "title: \0A", 1)},
        [f"{LESSON_FILE}:2: not valid YAML: unacceptable character #x0000: special characters are not allowed"],
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_content_is_told_and_nothing_is_loaded(nothing: None, tmp_path: Path, name: str) -> None:
    changed, problems = MALFORMED[name]
    texts = {path: text for path, text in {**content_files(), **changed}.items() if text is not None}
    folder = write_folder(tmp_path, texts)
    before = rows()
    expected = (1, [], [*problems, f"{len(problems)} problem(s); nothing was loaded."])
    assert run("load_content", folder, "--check") == expected
    assert run("load_content", folder) == expected
    assert run("load_content", folder, "--overwrite") == expected
    assert rows() == before


def test_malformed_contents_are_many() -> None:
    assert len(MALFORMED) >= 25


@pytest.mark.parametrize("make", [lambda at, to: at.symlink_to(to), lambda at, to: at.symlink_to(to.parent)])
def test_link_out_of_the_folder_is_not_followed(tmp_path: Path, make: Callable[[Path, Path], None]) -> None:
    outside = tmp_path / "outside" / "secret.yaml"
    write_folder(tmp_path / "outside", {"secret.yaml": "secret: 1"})
    folder = write_folder(tmp_path / "in", content_files())
    make(folder / "quizzes" / "linked.yaml", outside)
    found = content.read(folder)
    assert list(map(str, found.problems)) == ["quizzes/linked.yaml:1: is a link; put the file itself here"]


def test_folder_that_is_not_there(course: None, tmp_path: Path) -> None:
    status, _, complaints = run("load_content", tmp_path / "none")
    assert (status, complaints[0]) == (1, f"{tmp_path / 'none'}:1: there is no such folder")


def test_lesson_in_a_new_part_is_told_not_crashed_on(nothing: None, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, content_files())
    assert run("load_content", folder)[0] == 0
    with (folder / "parts.yaml").open("a") as parts:
        parts.write("- slug: extra\n  title: Extra\n  summary: More.\n")
    write_folder(folder, {"lessons/2-extra/02-b.md": lesson_file(slug="b")})
    before = rows()
    status, said, complaints = run("load_content", folder)
    assert (status, said, complaints[0].splitlines()[0]) == (1, [], "Nothing was loaded.")
    assert rows() == before


def test_glossary_that_leads_to_a_former_anchor_is_loaded(nothing: None, tmp_path: Path) -> None:
    lesson = small_lesson()
    renamed = replace(lesson.sections[-1], anchor="a-drawer-indeed", former_anchors=("a-drawer",))
    text = files.write_lesson(replace(lesson, sections=(*lesson.sections[:-1], renamed)))
    folder = write_folder(tmp_path, {**content_files(), LESSON_FILE: text})
    assert run("load_content", folder, "--check")[0] == 0
    assert run("load_content", folder)[0] == 0
    assert Term.objects.get().section.anchor == "a-drawer-indeed"
    assert run("load_content", folder) == (0, ["Nothing to load: all is up to date."], [])


def test_clash_with_the_database_loads_nothing(nothing: None, tmp_path: Path) -> None:
    """A draft that is kept holds the number that a file wants."""
    folder = write_folder(tmp_path, content_files())
    assert run("load_content", folder)[0] == 0
    Lesson.objects.update(title="Mine", number=2)
    write_folder(folder, {"lessons/1-formation/02-b.md": lesson_file()})
    before = rows()
    status, said, complaints = run("load_content", folder)
    assert (status, said, complaints[0].splitlines()[0]) == (1, [], "Nothing was loaded.")
    assert rows() == before


def test_lesson_that_readers_still_need_is_refused_as_a_whole(nothing: None, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, content_files())
    assert run("load_content", folder)[0] == 0
    moved = lesson_file(sections=(section_source(anchor="b"),))
    kept_quiz = {LESSON_FILE: moved, QUIZ_FILE: quiz_text(to="a-spare-key#b")}
    Quiz.objects.update(title="Mine")
    write_folder(folder, kept_quiz)
    before = rows()
    status, said, complaints = run("load_content", folder)
    assert (status, said) == (1, [])
    assert complaints[0].splitlines()[0] == "Nothing was loaded."
    assert "quiz 'Mine', Keys, low band still links to a section that is to be deleted" in complaints[0]
    assert rows() == before


def test_section_and_the_quiz_that_leads_there_change_together(nothing: None, tmp_path: Path) -> None:
    """The quiz moves on to another section while the old one stays readable until the quiz is published."""
    folder = write_folder(tmp_path, content_files())
    assert run("load_content", folder)[0] == 0
    both = (section_source(), section_source(anchor="b"))
    write_folder(folder, {LESSON_FILE: lesson_file(sections=both), QUIZ_FILE: quiz_text(to="a-spare-key#b")})
    assert run("load_content", folder)[0] == 0
    write_folder(folder, {LESSON_FILE: lesson_file(sections=both[1:])})
    assert run("load_content", folder)[0] == 0
    assert publishing.live_addresses() == {"a-spare-key#b", "a-spare-key#a-drawer"}
