"""Loading is all or nothing, reads each text once, and says what it leaves out."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from articles import markdown
from articles.files import write_lesson
from articles.models import SectionText
from publishing import content, steps
from publishing.files import ListIn
from publishing.models import Draft, Link, Save, Version
from tests.authoring import change, draft, value
from tests.factories import (
    LESSON_FILE,
    content_files,
    help_line_source,
    section_source,
    small_lesson,
    write_folder,
)
from tools.server import ROOT, environment, run_manage


def load(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    call_command("load_content", str(folder), *options)
    return capsys.readouterr().out.splitlines()


def everything() -> list[Any]:
    tables = (Draft, Save, Version, Link, SectionText)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


# ---- loading


def test_load_of_the_unchanged_course_parses_each_text_once_and_writes_nothing(
    course: None, shipped: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parsed: list[str] = []
    parse = markdown._parse
    monkeypatch.setattr(markdown, "_parse", lambda text: parsed.append(text) or parse(text))
    markdown.look.cache_clear()
    before = everything()
    call_command("load_content")
    assert capsys.readouterr().out == "Nothing to load: all is up to date.\n"
    assert everything() == before
    assert sorted(parsed) == sorted({text for lesson in shipped.lessons for text in lesson.bodies})


def test_load_of_the_unchanged_course_asks_little(
    course: None, shipped: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        assert content.load(shipped.content) == []


def test_dry_run_says_what_would_change_and_changes_nothing(
    nothing: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(tmp_path, content_files())
    before = everything()
    said = load(folder, capsys, "--dry-run")
    assert "would load lesson A spare key, version 1" in said
    assert everything() == before


def test_overwriting_takes_the_file_and_keeps_the_editors_words_in_a_save(
    nothing: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(write_folder(tmp_path, content_files()), capsys)
    lesson = change(draft("lesson", "a-spare-key"), title="Hers")
    write_folder(tmp_path, {LESSON_FILE: write_lesson(small_lesson(title="The file's"))})
    assert load(tmp_path, capsys) == [
        "kept 'Hers': it was changed here, and its file too; --overwrite takes the file",
        "Nothing to load: all is up to date.",
    ]
    assert value(lesson).title == "Hers"
    assert load(tmp_path, capsys, "--overwrite")[-1] == "1 change(s)."
    titles = [save.document["title"] for save in lesson.saves.all()]
    assert (titles, lesson.versions.count()) == (["The file's", "Hers", "A spare key"], 2)


def test_line_that_is_in_the_list_no_more_is_withdrawn(
    nothing: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    lines = [help_line_source(), help_line_source(name="Another line", position=2)]
    help_file = ListIn("help.yaml", "lines")
    folder = write_folder(tmp_path, {**content_files(), **help_file.write(lines, {})})
    load(folder, capsys)
    assert client.get("/help/").content.decode().count("Another line") >= 1
    write_folder(tmp_path, help_file.write(lines[:1], {}))
    assert load(folder, capsys) == [
        "help line 'Another line' is in no file any more and is withdrawn",
        "1 change(s).",
    ]
    assert "Another line" not in client.get("/help/").content.decode()
    assert load(folder, capsys) == ["Nothing to load: all is up to date."]
    write_folder(tmp_path, help_file.write(lines, {}))
    assert load(folder, capsys) == ["help line Another line, version 3", "1 change(s)."]
    assert load(folder, capsys) == ["Nothing to load: all is up to date."]


def test_line_that_an_editor_withdrew_is_not_brought_back(
    nothing: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [help_line_source(), help_line_source(name="Another line", position=2)]
    folder = write_folder(tmp_path, {**content_files(), **ListIn("help.yaml", "lines").write(lines, {})})
    load(folder, capsys)
    steps.withdraw(draft("help line", "ireland-another-line"))
    assert load(folder, capsys) == ["Nothing to load: all is up to date."]


def test_line_that_an_editor_changed_is_not_withdrawn(
    nothing: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    lines = [help_line_source(), help_line_source(name="Another line", position=2)]
    help_file = ListIn("help.yaml", "lines")
    folder = write_folder(tmp_path, {**content_files(), **help_file.write(lines, {})})
    load(folder, capsys)
    change(draft("help line", "ireland-another-line"), hours="Always")
    write_folder(tmp_path, help_file.write(lines[:1], {}))
    kept = "kept 'Another line': it is here and in no file"
    assert load(folder, capsys) == [kept, "Nothing to load: all is up to date."]
    assert "Another line" in client.get("/help/").content.decode()


LOAD_AND_DIE = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from publishing import steps
add, count = steps._add, []
def add_and_die(*given):
    count.append(add(*given))
    if len(count) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return count[-1]
steps._add = add_and_die
call_command("load_content", sys.argv[1])
"""
SAVE_TOGETHER = """
import sys, threading
import django
django.setup()
from django.db import connection
from publishing import steps
from publishing.models import Draft, Version
from publishing.judging import Refused
draft = Draft.objects.get(kind="lesson")
began = draft.revision
said = []
def save(place):
    sections = draft.document["sections"]
    sections = [{**each, "body": f"Words {n}."} if n == place else each for n, each in enumerate(sections)]
    try:
        steps.save(Draft.objects.get(pk=draft.pk), {**draft.document, "sections": sections}, began=began)
    except BaseException as error:
        said.append(repr(error))
    finally:
        connection.close()
def publish():
    try:
        steps.publish([Draft.objects.get(pk=draft.pk)])
        said.append("published")
    except Refused as refused:
        said.append(str(refused))
    finally:
        connection.close()
def together(*calls):
    threads = [threading.Thread(target=call, args=args) for call, *args in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
together(*[(save, place) for place in range(8)])
print(sorted(each["body"] for each in Draft.objects.get(pk=draft.pk).document["sections"]))
together((publish,), (publish,), (publish,))
print(sorted(said))
print(Version.objects.filter(draft=draft).count())
"""


def alone(script: str, *arguments: object, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """The script in a process of its own, with the site's settings."""
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env=environment(data_dir, DJANGO_SETTINGS_MODULE="trustsite.settings"),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def site_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site with nothing in it."""
    data_dir = tmp_path_factory.mktemp("data")
    assert run_manage("migrate", "-v0", data_dir=data_dir).returncode == 0
    return data_dir


@pytest.fixture
def many_sections(tmp_path: Path) -> Path:
    """The small course with eight more sections."""
    more = tuple(section_source(anchor=f"a-key-{n}", heading=f"Key {n}") for n in range(8))
    lesson = small_lesson(sections=(*more, section_source()))
    return write_folder(tmp_path, {**content_files(), LESSON_FILE: write_lesson(lesson)})


def test_load_that_is_killed_leaves_nothing_and_can_be_repeated(site_of_its_own: Path, many_sections: Path) -> None:
    assert alone(LOAD_AND_DIE, many_sections, data_dir=site_of_its_own).returncode == -9
    done = run_manage("load_content", str(many_sections), data_dir=site_of_its_own)
    assert sorted(done.stdout.splitlines()) == [
        "5 change(s).",
        "help line A line, version 1",
        "lesson A spare key, version 1",
        "part How trust forms, version 1",
        "quiz A small quiz, version 1",
        "term key, version 1",
    ]


def test_editors_at_the_same_moment_lose_nothing_and_publish_once(site_of_its_own: Path, many_sections: Path) -> None:
    assert run_manage("load_content", str(many_sections), data_dir=site_of_its_own).returncode == 0
    done = alone(SAVE_TOGETHER, data_dir=site_of_its_own)
    already = "A spare key: readers see exactly this already"
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        str(sorted([*(f"Words {n}." for n in range(8)), "It stays shut.", "She gives him the key."])),
        str([already, already, "published"]),
        "2",
    ]
