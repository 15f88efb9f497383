import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from articles.files import write_lesson
from articles.models import LessonVersion
from publishing import content
from publishing.files import ListIn
from publishing.models import Draft, Version
from tests import authoring
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
    """Everything the apps store."""
    labels = ("publishing", "articles", "helplines", "quizzes")
    models = [model for label in labels for model in apps.get_app_config(label).get_models() if not model._meta.proxy]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def texts(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")


def change(folder: Path, path: str, before: str, after: str) -> int:
    """Replace the one place where a file says ``before``. Returns its line."""
    text = (folder / path).read_text()
    assert text.count(before) == 1
    (folder / path).write_text(text.replace(before, after))
    return text[: text.index(before)].count("\n") + 1


def withdraw_alone(draft: Draft) -> None:
    """Withdrawn, though others may lead there."""
    Version.objects.create(draft=draft, slug=draft.slug, number=99, live_from=timezone.now(), withdraws=True)


def live_documents() -> list[tuple[str, Any]]:
    return list(Version.objects.live().order_by("draft__kind", "slug").values_list("draft__kind", "document"))


# --- loading and dumping the shipped course


def test_dump_is_the_content_folder_byte_for_byte(course: None, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    shipped = texts(settings.CONTENT_DIR)
    assert run("dump_content", folder) == (0, [f"{len(shipped)} files written to {folder}."], [])
    assert texts(folder) == shipped


def test_live_dump_of_the_shipped_course_is_the_content_folder_byte_for_byte(course: None, tmp_path: Path) -> None:
    authoring.change(authoring.draft("lesson", "what-trust-is"), title="A draft alone")
    assert run("dump_content", tmp_path / "live", "--live")[0] == 0
    assert texts(tmp_path / "live") == texts(settings.CONTENT_DIR)


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
    assert run("load_content", "--check") == (0, ["21 lessons and 7 quizzes are in order."], [])
    assert rows() == before


def test_changed_file_of_an_untouched_draft_is_loaded_and_published(course: None, copied: Path) -> None:
    lesson = authoring.draft("lesson", "what-trust-is")
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
    assert authoring.draft("quiz", "how-i-trust").versions.count() == 2


def test_draft_that_an_editor_changed_is_kept(course: None, copied: Path) -> None:
    lesson = authoring.draft("lesson", "what-trust-is")
    authoring.change(lesson, title="Mine")
    before = rows()
    assert run("load_content") == (0, ["Nothing to load: all is up to date."], [])
    change(copied, FIRST, f"title: {lesson.title}", "title: Theirs")
    kept = "kept 'Mine': it was changed here, and its file too; --overwrite takes the file"
    assert run("load_content", copied)[:2] == (0, [kept, "Nothing to load: all is up to date."])
    assert rows() == before
    said = ["lesson Theirs, version 2", "1 change(s)."]
    assert run("load_content", copied, "--overwrite") == (0, said, [])
    assert Draft.objects.get(pk=lesson.pk).title == "Theirs"


def test_editors_change_that_the_file_says_too_is_no_conflict(course: None, copied: Path) -> None:
    lesson = authoring.draft("lesson", "what-trust-is")
    authoring.change(lesson, title="Agreed")
    change(copied, FIRST, f"title: {lesson.title}", "title: Agreed")
    assert run("load_content", copied)[0] == 0
    assert lesson.versions.count() == 1


def test_withdrawn_lesson_is_not_brought_back_by_its_file(course: None, copied: Path) -> None:
    lesson = authoring.draft("lesson", "what-trust-is")
    withdraw_alone(lesson)
    change(copied, FIRST, f"title: {lesson.title}", "title: Theirs")
    assert run("load_content", copied)[1][0].startswith(f"kept '{lesson}'")
    assert not LessonVersion.objects.live(slug=lesson.slug).exists()


def test_dry_run_says_what_would_change_and_changes_nothing(course: None, copied: Path) -> None:
    before = rows()
    change(copied, FIRST, "title: What trust is, and what it is not", "title: Theirs")
    change(copied, "quizzes/how-i-trust.yaml", "title: How I trust", "title: The way I trust")
    said = [
        "would load lesson Theirs, version 2",
        "would load quiz The way I trust, version 2",
        "  Theirs: Title: [-What trust is, and what it is not-]{+Theirs+}",
        "  The way I trust: Title: [-How-]{+The way+}I trust",
        "2 change(s).",
    ]
    assert run("load_content", copied, "--dry-run") == (0, said, [])
    assert rows() == before


def test_load_names_what_is_here_and_in_no_file(course: None, copied: Path) -> None:
    lesson = authoring.value(authoring.draft("lesson", "what-trust-is"))
    authoring.put("lesson", replace(lesson, slug="mine", title="Mine alone", number=99))
    said = ["kept 'Mine alone': it is here and in no file", "Nothing to load: all is up to date."]
    assert run("load_content", copied) == (0, said, [])


@pytest.mark.parametrize(
    "name", [".DS_Store", "._help.yaml", "Thumbs.db", "lessons/desktop.ini", "quizzes/how-i-trust.yaml~", ".git/config"]
)
def test_what_systems_leave_in_folders_is_passed_over(course: None, copied: Path, name: str) -> None:
    (copied / name).parent.mkdir(exist_ok=True)
    (copied / name).write_bytes(b"\0\1\xff")
    assert run("load_content", copied) == (0, ["Nothing to load: all is up to date."], [])


def test_progress_is_told_on_a_terminal(course: None, copied: Path) -> None:
    change(copied, FIRST, "title: What trust is, and what it is not", "title: Theirs")
    err = StringIO()
    err.isatty = lambda: True  # type: ignore[method-assign]
    call_command("load_content", str(copied), stdout=StringIO(), stderr=err, no_color=True)
    assert err.getvalue() == "\r1 of 1 saved; publishing them\n"


@pytest.mark.parametrize("kind", ["part", "help line", "term"])
def test_entry_of_a_list_is_the_editors_unless_overwritten(course: None, copied: Path, kind: str) -> None:
    entry = Draft.objects.filter(kind=kind).first()
    assert entry
    before = entry.document
    authoring.change(entry, **{next(name for name in ("summary", "hours", "meaning") if name in before): "Mine"})
    assert run("load_content", copied) == (0, ["Nothing to load: all is up to date."], [])
    said = [f"{kind} '{entry.title}' says again what its file says", "1 change(s)."]
    assert run("load_content", copied, "--overwrite") == (0, said, [])
    assert Draft.objects.get(pk=entry.pk).document == before
    assert entry.versions.count() == 1


def test_help_line_that_is_in_the_list_no_more_is_withdrawn(course: None, copied: Path) -> None:
    text = (copied / "help.yaml").read_text()
    last = text[text.rindex("- country: ") :]
    (copied / "help.yaml").write_text(text.removesuffix(last))
    name = re.findall("name: (.*)", last)[0]
    said = [f"help line '{name}' is in no file any more and is withdrawn", "1 change(s)."]
    assert run("load_content", copied) == (0, said, [])
    assert name not in Client().get("/help/").content.decode()
    assert run("load_content", copied) == (0, ["Nothing to load: all is up to date."], [])


def test_file_that_is_less_safe_is_loaded_once_it_is_confirmed(course: None, copied: Path) -> None:
    path = "lessons/4-rebuilding/17-should-we-rebuild.md"
    change(copied, path, "safety: high", "safety: none")
    title = authoring.draft("lesson", "should-we-rebuild").title
    status, said, _ = run("load_content", copied)
    assert (status, said[0].partition(" Safety ")[0], said[1:]) == (
        0,
        f"kept '{title}': its file is less safe for readers; --confirm takes it.",
        ["Nothing to load: all is up to date."],
    )
    assert run("load_content", copied, "--confirm") == (0, [f"lesson {title}, version 2", "1 change(s)."], [])


def test_unfinished_draft_is_left_out_of_the_files_and_told(course: None, tmp_path: Path) -> None:
    draft = authoring.change(authoring.draft("lesson", "what-trust-is"), title="")
    status, said, complaints = run("dump_content", tmp_path / "dump")
    assert (status, len(said)) == (0, 1)
    assert complaints == ["left out the lesson 'Untitled': it is not finished"]
    assert set(texts(settings.CONTENT_DIR)) - set(texts(tmp_path / "dump")) == {FIRST}
    assert not draft.title


def test_section_dropped_from_a_file_while_a_quiz_leads_there_is_told_by_check(course: None, copied: Path) -> None:
    change(
        copied, "lessons/1-formation/05-friends-and-work.md", "{#friendship-takes-hours .repair}", "{#hours .repair}"
    )
    status, _, complaints = run("load_content", copied, "--check")
    assert status == 1
    assert {each.split(": ", 1)[1] for each in complaints[:-1]} == {
        "the section “friends-and-work#friendship-takes-hours” does not exist"
    }


def test_renamed_section_with_its_former_anchor_is_loaded(course: None, copied: Path) -> None:
    path = "lessons/1-formation/05-friends-and-work.md"
    change(copied, path, "{#friendship-takes-hours .repair}", "{#hours .repair was=friendship-takes-hours}")
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
        f"{FIRST}:{link}: the section “reading-trustworthiness#four-questions” does not exist",
        f"lessons/2-loss/07-how-trust-breaks.md:{key}: unknown key 'color'",
        "lessons/3-who-not-to-trust/30-living-without-trust.md:2: address “living-without-trust” is taken already, by"
        " lessons/2-loss/10-living-without-trust.md:2",
        f"quizzes/how-i-trust.yaml:{bands + 2}: Dimension 1: Bands: key 'middle' is missing",
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
    order = LessonVersion.objects.listed().values_list("slug", flat=True)[:2]
    assert list(order) == ["where-trust-begins", "what-trust-is"]


# --- a small course of our own


def empty() -> None:
    Version.objects.all().delete()
    Draft.objects.all().delete()


@pytest.fixture
def nothing(course: None) -> None:
    """No course at all."""
    empty()


def test_small_course_is_loaded_into_an_empty_database(nothing: None, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in", content_files())
    said = [
        "term key, version 1",
        "help line A line, version 1",
        "lesson A spare key, version 1",
        "part How trust forms, version 1",
        "quiz A small quiz, version 1",
        "5 change(s).",
    ]
    assert run("load_content", folder) == (0, said, [])
    assert authoring.value(authoring.draft("lesson", "a-spare-key")) == small_lesson()
    assert authoring.value(authoring.draft("quiz", "a-small-quiz")).title == "A small quiz"
    assert run("dump_content", tmp_path / "out")[0] == 0
    assert texts(tmp_path / "out") == texts(folder)


def test_live_dump_is_what_readers_see_and_loads_as_the_same(nothing: None, tmp_path: Path) -> None:
    lines = [help_line_source(), help_line_source(name="Another line", position=2)]
    more = ListIn("help.yaml", "lines").write(lines, {})
    assert run("load_content", write_folder(tmp_path / "first", {**content_files(), **more}))[0] == 0
    key = authoring.draft("lesson", "a-spare-key")
    authoring.publish(authoring.change(key, title="Published since"))
    later = timezone.now() + timedelta(days=1)
    authoring.publish(authoring.change(key, title="Not yet"), live_from=later)
    authoring.change(key, title="")
    withdraw_alone(authoring.draft("help line", "ireland-another-line"))
    authoring.put("lesson", replace(small_lesson(), slug="never-published", number=9))
    assert run("dump_content", tmp_path / "live", "--live") == (0, [f"5 files written to {tmp_path / 'live'}."], [])
    seen = live_documents()
    assert [document["title"] for kind, document in seen if kind == "lesson"] == ["Published since"]
    assert set(texts(tmp_path / "live")) == set(content_files())
    empty()
    assert run("load_content", tmp_path / "live")[0] == 0
    assert live_documents() == seen


def test_byte_order_mark_and_foreign_line_ends_change_nothing(nothing: None, tmp_path: Path) -> None:
    foreign = {
        path: b"\xef\xbb\xbf" + str(text).replace("\n", "\r\n").encode() for path, text in content_files().items()
    }
    assert run("load_content", write_folder(tmp_path / "a", {**foreign}))[0] == 0
    again = run("load_content", write_folder(tmp_path / "b", content_files()))
    assert again == (0, ["Nothing to load: all is up to date."], [])


def lesson_file(**overrides: Any) -> str:
    return write_lesson(small_lesson(**overrides))


def parts_file(*parts: Any) -> str:
    return ListIn("parts.yaml", "parts").write(parts, {})["parts.yaml"]


def help_file(*lines: Any) -> str:
    return ListIn("help.yaml", "lines").write(lines, {})["help.yaml"]


QUIZ = quiz_text()
TEXT = lesson_file()
GONE = None
UNKNOWN_PART = f"{LESSON_FILE}:2: the part “formation” does not exist"
UNKNOWN_TERM = "glossary.yaml:4: the section “a-spare-key#a-drawer” does not exist"
MALFORMED: dict[str, tuple[dict[str, str | bytes | None], list[str]]] = {
    "no parts": ({"parts.yaml": GONE}, [UNKNOWN_PART, "parts.yaml:1: file is missing"]),
    "no help": ({"help.yaml": GONE}, ["help.yaml:1: file is missing"]),
    "no glossary": ({"glossary.yaml": GONE}, ["glossary.yaml:1: file is missing"]),
    "empty parts": (
        {"parts.yaml": ""},
        [UNKNOWN_PART, "parts.yaml:1: must be a mapping of keys to values"],
    ),
    "truncated parts": (
        {"parts.yaml": "parts:\n- slug: 'forma"},
        [UNKNOWN_PART, "parts.yaml:2: not valid YAML: found unexpected end of stream"],
    ),
    "part twice": (
        {"parts.yaml": parts_file(part_source(), part_source())},
        [
            f"{LESSON_FILE}:1: this file belongs at lessons/2-formation/01-a-spare-key.md",
            "parts.yaml:5: address “formation” is taken already, by parts.yaml:2",
        ],
    ),
    "another part": (
        {"parts.yaml": parts_file(part_source(slug="loss"))},
        [UNKNOWN_PART],
    ),
    "help without a way to reach": (
        {"help.yaml": help_file(help_line_source(phone=""))},
        ["help.yaml:2: Phone, text message and website are all empty; one is needed"],
    ),
    "unknown file": (
        {"notes.txt": "x"},
        ["notes.txt:1: unknown file; remove it (the README says what belongs here)"],
    ),
    "lesson with another ending": (
        {"lessons/1-formation/02-b.html": "<p>"},
        ["lessons/1-formation/02-b.html:1: unknown file; remove it (the README says what belongs here)"],
    ),
    "quiz with another ending": (
        {"quizzes/b.yml": QUIZ},
        ["quizzes/b.yml:1: unknown file; remove it (the README says what belongs here)"],
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
        [
            "quizzes/A.yaml:1: Address is “A”; use lower-case letters, digits and hyphens",
            f"{QUIZ_FILE}:1: number “1” is taken already, by quizzes/A.yaml:1",
        ],
    ),
    "slug twice": (
        {"lessons/1-formation/02-a-spare-key.md": TEXT},
        [f"lessons/1-formation/02-a-spare-key.md:2: address “a-spare-key” is taken already, by {LESSON_FILE}:2"],
    ),
    "number twice": (
        {"lessons/1-formation/1-b.md": TEXT},
        [f"lessons/1-formation/1-b.md:2: number “1” is taken already, by {LESSON_FILE}:2"],
    ),
    "quiz number twice": (
        {"quizzes/b.yaml": QUIZ},
        [f"quizzes/b.yaml:1: number “1” is taken already, by {QUIZ_FILE}:1"],
    ),
    "lesson not UTF-8": (
        {LESSON_FILE: TEXT.replace("She", "Sh\u00e9").encode("latin-1")},
        [
            UNKNOWN_TERM,
            f"{LESSON_FILE}:23: not UTF-8; save the file as UTF-8",
            *[f"{QUIZ_FILE}:{line}: the section “a-spare-key#a-key” does not exist" for line in (33, 38, 43)],
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
        [f"{LESSON_FILE}:2: Safety is missing", f"{LESSON_FILE}:7: unknown key 'saftey'"],
    ),
    "missing key": (
        {LESSON_FILE: TEXT.replace("summary: What a key says.\n", "")},
        [f"{LESSON_FILE}:2: Summary is missing"],
    ),
    "broken link": (
        {LESSON_FILE: lesson_file(scene="Then\n\n[x](a-spare-key#none)")},
        [f"{LESSON_FILE}:21: the section “a-spare-key#none” does not exist"],
    ),
    "broken link of a quiz": (
        {QUIZ_FILE: QUIZ.replace("a-spare-key#a-key", "a-spare-key#none", 1)},
        [f"{QUIZ_FILE}:33: the section “a-spare-key#none” does not exist"],
    ),
    "quiz that leads to no quiz": (
        {QUIZ_FILE: QUIZ + "notes:\n- when:\n  - dimension: keys\n  text: x\n  quiz: none\n"},
        [f"{QUIZ_FILE}:53: the quiz “none” does not exist"],
    ),
    "missing band": (
        {QUIZ_FILE: QUIZ.replace("  middle:\n    label: Middle\n    from: 40\n    text: This is between.\n", "")},
        [f"{QUIZ_FILE}:13: Bands: key 'middle' is missing"],
    ),
    "bands that do not rise": (
        {QUIZ_FILE: QUIZ.replace("from: 40", "from: 80")},
        [f"{QUIZ_FILE}:12: Bands begin at 0, 80, 70; the first must begin at 0 and each later than the one before"],
    ),
    "remote picture": (
        {LESSON_FILE: lesson_file(sections=(section_source(body="![x](https://evil.example/a.png)"),))},
        [
            f"{LESSON_FILE}:23: Section 1: picture 'https://evil.example/a.png' is not on this site;"
            " upload it first, then use its /media/ address"
        ],
    ),
    "NUL in a text": (
        {LESSON_FILE: lesson_file(sections=(section_source(body="a\0b"),))},
        [f"{LESSON_FILE}:23: Section 1: Text holds a character that cannot be seen (U+0000); remove it"],
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


def test_lesson_in_a_new_part_is_loaded_with_it(nothing: None, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, content_files())
    assert run("load_content", folder)[0] == 0
    with (folder / "parts.yaml").open("a") as parts:
        parts.write("- slug: extra\n  title: Extra\n  summary: More.\n")
    write_folder(folder, {"lessons/2-extra/02-b.md": lesson_file(slug="b", title="B")})
    said = ["lesson B, version 1", "part Extra, version 1", "2 change(s)."]
    assert run("load_content", folder) == (0, said, [])
    assert b"<h1>B</h1>" in Client().get("/extra/b/").content


def test_glossary_that_leads_to_a_former_anchor_is_loaded(nothing: None, tmp_path: Path) -> None:
    lesson = small_lesson()
    renamed = replace(lesson.sections[-1], anchor="a-drawer-indeed", former_anchors=("a-drawer",))
    text = write_lesson(replace(lesson, sections=(*lesson.sections[:-1], renamed)))
    folder = write_folder(tmp_path, {**content_files(), LESSON_FILE: text})
    assert run("load_content", folder, "--check")[0] == 0
    assert run("load_content", folder)[0] == 0
    assert b'href="/formation/a-spare-key/#a-drawer-indeed"' in Client().get("/glossary/").content
    assert run("load_content", folder) == (0, ["Nothing to load: all is up to date."], [])


def test_clash_with_the_database_loads_nothing(nothing: None, tmp_path: Path) -> None:
    """A draft that is kept holds the number that a file wants."""
    folder = write_folder(tmp_path, content_files())
    assert run("load_content", folder)[0] == 0
    authoring.publish(authoring.change(authoring.draft("lesson", "a-spare-key"), title="Mine", number=2))
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
    authoring.change(authoring.draft("quiz", "a-small-quiz"), title="Mine")
    write_folder(folder, kept_quiz)
    before = rows()
    status, said, complaints = run("load_content", folder)
    assert (status, said) == (1, [])
    assert complaints[0].splitlines()[0] == "Nothing was loaded."
    gone = "the section “a-spare-key#a-key” would be gone, but the quiz “Mine” leads there"
    assert f"A spare key: {gone}" in complaints[0]
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
    assert [section.anchor for section in LessonVersion.objects.live().get().outline.sections] == ["b", "a-drawer"]
