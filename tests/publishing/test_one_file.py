"""One draft as a file in the admin: what is downloaded is what a dump writes, and what is uploaded is read as a folder
is. A file that is not in order changes nothing, and every reason is a sentence."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from publishing import content, steps
from publishing.forms import LARGEST
from publishing.kind import KINDS
from publishing.models import Draft, Save
from publishing.views import admin_url
from tests.authoring import change, draft
from tests.factories import quiz_text
from tests.publishing.pages import changes, edit, problems
from tests.publishing.test_rights import CHANGES, LISTS, with_rights

pytestmark = pytest.mark.usefixtures("course")

# A draft of each kind, the file of its place, and words in it.
PLACES = {
    "part": ("formation", "parts.yaml", "title: How trust forms"),
    "lesson": ("what-trust-is", "01-what-trust-is.md", "title: What trust is, and what it is not"),
    "term": ("betrayal", "glossary.yaml", "term: betrayal"),
    "help line": ("ireland-samaritans", "help.yaml", "name: Samaritans"),
    "quiz": ("how-i-trust", "how-i-trust.yaml", "title: How I trust"),
}
KINDS_OF_DRAFTS = pytest.mark.parametrize("kind", PLACES)
SAID = "The draft says what the file says. Readers see nothing of it until it is published."


def of(kind: str) -> Draft:
    return draft(kind, PLACES[kind][0])


def download(client: Client, of: Draft) -> Any:
    return client.get(admin_url(of, "file"), {"download": ""})


def upload(client: Client, to: Draft | str, data: bytes | str, name: str) -> Any:
    """Onto a draft, or for a new one of a kind."""
    address = f"{listing(to)}from-file/" if isinstance(to, str) else admin_url(to, "file")
    held = data.encode() if isinstance(data, str) else data
    return client.post(address, {"file": SimpleUploadedFile(name, held)})


def listing(kind: str) -> str:
    opts = KINDS[kind].model._meta
    return f"/admin/{opts.app_label}/{opts.model_name}/"


def told(response: Any) -> list[str]:
    """What the page says is wrong with the file, above the form or at its field."""
    errors = re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    at_field = [unescape(each) for block in errors for each in re.findall("<li>(.*?)</li>", block)]
    return [*problems(response), *at_field]


def messages(response: Any) -> list[str]:
    return [str(each) for each in response.context["messages"]]


def state_of(*drafts: Draft) -> list[Any]:
    return [Draft.objects.count(), *Draft.objects.filter(pk__in=[each.pk for each in drafts]).values()]


# --- download


@KINDS_OF_DRAFTS
def test_download_is_an_attachment_that_nobody_keeps(editing: Client, kind: str) -> None:
    response = download(editing, of(kind))
    assert response["Content-Disposition"] == f'attachment; filename="{PLACES[kind][1]}"'
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert (response["X-Content-Type-Options"], "no-store" in response["Cache-Control"]) == ("nosniff", True)
    assert PLACES[kind][2] in response.content.decode()


@pytest.mark.parametrize("kind, pattern", [("lesson", "lessons/*/*.md"), ("quiz", "quizzes/*.yaml")])
def test_download_is_the_shipped_file_byte_for_byte(editing: Client, kind: str, pattern: str) -> None:
    shipped = {path.name: path.read_bytes() for path in settings.CONTENT_DIR.glob(pattern)}
    sent = [download(editing, each) for each in Draft.objects.filter(kind=kind)]
    assert {re.findall('"(.*)"', each["Content-Disposition"])[0]: each.content for each in sent} == shipped


def test_download_of_an_entry_stands_so_in_the_dump(editing: Client, tmp_path: Path) -> None:
    change(of("term"), meaning="Words of a draft: “so”.")
    content.dump(tmp_path / "dump")
    key, entry = download(editing, of("term")).content.decode().split("\n", 1)
    whole = (tmp_path / "dump" / "glossary.yaml").read_text()
    assert (whole.startswith(f"{key}\n"), whole.count(f"\n{entry}"), entry.count("\n- ")) == (True, 1, 0)


def test_draft_that_is_not_finished_has_no_file_and_the_page_says_what_to_fix(editing: Client) -> None:
    lesson = change(of("lesson"), summary="", scene="Not [a link](nowhere).")
    response = download(editing, lesson)
    html = response.content.decode()
    assert "Content-Disposition" not in response
    assert ("Download the file" in html, "The draft is not finished" in html) == (False, True)
    assert f'<a href="{admin_url(lesson)}#id-summary">Summary is missing</a>' in html


# --- upload


@KINDS_OF_DRAFTS
def test_what_was_downloaded_and_is_uploaded_changes_nothing(editing: Client, kind: str) -> None:
    edit(editing, of(kind), **{next(iter(CHANGES[kind.replace(" ", "")])): "Typed  by hand "})
    before, saves = state_of(of_kind := Draft.objects.filter(kind=kind).order_by("-revision")[0]), of_kind.saves.count()
    response = upload(editing, of_kind, download(editing, of_kind).content, PLACES[kind][1])
    assert response["Location"] == admin_url(of_kind)
    assert messages(editing.get(response["Location"]))[-1] == "Nothing had changed."
    assert (state_of(of_kind), of_kind.saves.count()) == (before, saves)


def test_draft_that_is_older_than_a_field_is_not_changed_by_its_file(editing: Client) -> None:
    older = {name: held for name, held in of("lesson").document.items() if name not in ("in_short", "act")}
    lesson = steps.save(of("lesson"), older).draft
    response = upload(editing, lesson, lesson_text(editing), "01-what-trust-is.md")
    assert messages(editing.get(response["Location"])) == ["Nothing had changed."]


@KINDS_OF_DRAFTS
def test_changed_file_changes_the_draft_and_keeps_what_it_said(editing: Client, kind: str) -> None:
    each, words = of(kind), PLACES[kind][2]
    before, versions = each.document, each.versions.count()
    text = download(editing, each).content.decode()
    response = upload(editing, each, text.replace(words, f"{words} now"), PLACES[kind][1])
    assert response["Location"] == f"{admin_url(each, 'compare')}?one=save-1&other=draft"
    compared = editing.get(response["Location"])
    assert messages(compared) == [f"{SAID} What the draft said before is save 1."]
    [(_, _, added)] = changes(compared)
    now = Draft.objects.get(pk=each.pk)
    assert (added, now.revision, now.title.endswith(" now")) == ("now", 2, True)
    assert {name: held for name, held in now.document.items() if before[name] == held}.keys() == before.keys() - {
        words.partition(":")[0]
    }
    [last, first] = each.saves.all()
    assert (first.document, last.document, last.how, str(last.author)) == (before, now.document, Save.LOADED, "maria")
    assert each.versions.count() == versions
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == ["took it from a file"]


def test_comparison_follows_what_was_said_right_before(editing: Client) -> None:
    quiz = change(of("quiz"), title="Changed")
    response = upload(
        editing, quiz, (settings.CONTENT_DIR / "quizzes/how-i-trust.yaml").read_bytes(), "how-i-trust.yaml"
    )
    assert [found[1:] for found in changes(editing.get(response["Location"]))] == [("Changed", "How I trust")]


@pytest.mark.parametrize(
    "name",
    [
        "01-what-trust-is (1).md",
        "01-what-trust-is(2).MD",
        "99-what-trust-is.md",
        "My lesson, the last one!.md",
        "日本語 ё <b>&\"'.md",
        "..md",
        "x" * 300 + ".md",
        "../../etc/passwd.md",
        "a/b/99-b.md",
        "lessons/9-nowhere/99-elsewhere.md",
        ".md",
    ],
)
def test_name_of_a_file_moves_no_draft(editing: Client, name: str) -> None:
    lesson = of("lesson")
    text = download(editing, lesson).content.decode().replace("title: What trust is", "title: What it is")
    assert upload(editing, lesson, text, name).status_code == 302
    now = of("lesson")
    assert now.title.startswith("What it is")
    assert {each: lesson.document[each] for each in ("slug", "part", "number")} == {
        each: now.document[each] for each in ("slug", "part", "number")
    }


def test_place_that_a_draft_does_not_say_yet_is_taken_from_the_name(editing: Client) -> None:
    text = download(editing, of("lesson")).content
    editing.post("/admin/articles/lesson/add/", {"title": "Begun", "number": "", "part": "loss", "end": "1"})
    begun = Draft.objects.get(title="Begun")
    assert upload(editing, begun, text, "30-what-we-say.md").status_code == 302
    now = Draft.objects.get(pk=begun.pk)
    assert (now.slug, now.document["number"], now.document["part"]) == ("what-we-say", 30, "loss")


def test_place_that_is_no_number_stays_as_it_was_typed(editing: Client) -> None:
    text = download(editing, of("lesson")).content
    lesson = change(of("lesson"), number="soon")
    upload(editing, lesson, text.replace(b"title: ", b"title: Now "), "01-what-trust-is.md")
    assert of("lesson").document["number"] == "soon"


@pytest.mark.parametrize("kind", ["part", "term", "help line"])
def test_of_a_whole_list_the_draft_takes_its_own_entry(editing: Client, kind: str) -> None:
    each, name, words = of(kind), PLACES[kind][1], PLACES[kind][2]
    text = (settings.CONTENT_DIR / name).read_text()
    assert messages(editing.get(upload(editing, each, text, name)["Location"])) == ["Nothing had changed."]
    own = "country: Ireland\n  topic: crisis\n  " + words if kind == "help line" else words
    assert own in text
    assert upload(editing, each, text.replace(own, own + " now"), name).status_code == (422 if kind != "part" else 302)


def test_entry_is_found_by_its_title_if_its_address_changed(editing: Client) -> None:
    line = of("help line")
    text = download(editing, line).content.decode()
    other = text.replace("lines:\n", "").replace("name: Samaritans", "name: Other")
    upload(editing, line, text.replace("country: Ireland", "country: Eire") + other, "help.yaml")
    assert Draft.objects.get(pk=line.pk).document["country"] == "Eire"


# --- what is refused


def lesson_text(client: Client) -> str:
    return str(download(client, of("lesson")).content.decode())


YAML_BOMB = "title: &a [x, x]\nintro: [*a, *a, *a]\n"
NOT_UTF_8 = "Line 1: not UTF-8; save the file as UTF-8"
BAD: dict[str, tuple[str, str, bytes | str, str]] = {
    "empty": ("quiz", "a.yaml", "", "This file is empty; choose another"),
    "blank": ("quiz", "a.yaml", " \n", "Line 1: must be a mapping of keys to values"),
    "too large": ("quiz", "a.yaml", "x" * (LARGEST + 1), "This file has more than 500 KB; choose a smaller one"),
    "latin-1": ("quiz", "a.yaml", "title: für zwei\n".encode("latin-1"), NOT_UTF_8),
    "utf-16": ("lesson", "a.md", "---\ntitle: a\n---\n".encode("utf-16"), NOT_UTF_8),
    "a picture": ("quiz", "a.yaml", b"\x89PNG\r\n\x1a\n\0\0", NOT_UTF_8),
    "null": ("quiz", "a.yaml", "title: a\0b\n", "Line 1: not valid YAML: unacceptable character #x0000: special"),
    "aliases": ("quiz", "a.yaml", YAML_BOMB, "Line 1: YAML anchors and aliases (& and *) are not allowed; write the"),
    "tag": ("quiz", "a.yaml", "title: !!python/name:os.system\n", "Line 1: YAML tag 'tag:yaml.org,2002:python/name:os"),
    "deep": ("quiz", "a.yaml", "a: " + "[" * 9_000, "Line 1: not valid YAML: maximum recursion depth exceeded"),
    "a number": ("quiz", "a.yaml", 'a: "\\UFFFFFFFF"\n', "Line 1: not valid YAML: a number in it is too large"),
    "a quiz for a lesson": (
        "lesson",
        "a.yaml",
        "title: x\n",
        "“a.yaml” is another kind of file; choose one that ends in .md",
    ),
    "a lesson for a quiz": ("quiz", "a.md", "---\n", "“a.md” is another kind of file; choose one that ends in .yaml"),
    "a quiz called a lesson": ("lesson", "a.md", "title: x\n", "Line 1: the file must start with front matter between"),
    "a lesson called a quiz": (
        "quiz",
        "a.yaml",
        "---\ntitle: a\n---\n\nText\n",
        "Line 3: not valid YAML: but found another",
    ),
    "another list": (
        "term",
        "help.yaml",
        "lines:\n- name: a\n",
        "Line 1: key 'terms' with a list of at least one entry is",
    ),
    "empty entry": ("term", "glossary.yaml", "terms:\n- {}\n", "Line 2: Meaning is missing"),
    "other entries": (
        "term",
        "glossary.yaml",
        "terms:\n- term: a\n- term: b\n",
        "The file holds 2 entries and none is “betrayal”; leave the one in it that you mean.",
    ),
    "another address": (
        "part",
        "parts.yaml",
        "parts:\n- slug: forms\n  title: a\n  summary: b\n",
        "Readers know this part by its address “formation”, which cannot change any more; the file says “forms”.",
    ),
    "another quiz": (
        "quiz",
        "trust-facts.yaml",
        "title: a\n",
        "“trust-facts” is the address of another quiz, “Trust: what does research say?”. Upload the file there if it",
    ),
    "another term": (
        "term",
        "glossary.yaml",
        "terms:\n- term: amends\n",
        "“amends” is the address of another term, “amends”. Upload the file there if it is meant so.",
    ),
}


@pytest.mark.parametrize("kind, name, data, said", BAD.values(), ids=BAD)
def test_bad_file_changes_nothing_and_is_told_in_a_sentence(
    editing: Client, kind: str, name: str, data: bytes | str, said: str
) -> None:
    each = of(kind)
    before = state_of(each)
    response = upload(editing, each, data, name)
    assert response.status_code == 422
    assert told(response)[0].startswith(said)
    assert (state_of(each), each.saves.count(), LogEntry.objects.count()) == (before, 1, 0)


@KINDS_OF_DRAFTS
def test_problems_have_the_lines_of_the_check(editing: Client, kind: str) -> None:
    text = download(editing, of(kind)).content.decode()
    response = upload(editing, of(kind), text.replace(f"{PLACES[kind][2]}", "color: red"), PLACES[kind][1])
    line = text[: text.index(PLACES[kind][2])].count("\n") + 1
    assert (response.status_code, f"Line {line}: unknown key 'color'" in told(response)) == (422, True)
    assert "Nothing was changed" in response.content.decode()


def test_rules_of_the_kind_are_told_as_well(editing: Client) -> None:
    text = lesson_text(editing)
    [anchor] = re.findall(r"\{#([a-z-]+)", text)[1:2]
    response = upload(editing, of("lesson"), text.replace(f"{{#{anchor}", "{#sources"), "a.md")
    assert [each.partition(": ")[2] for each in told(response)] == [
        "Section 2: Anchor “sources” is the page’s own; choose another"
    ]


def test_file_of_another_draft_leads_there(editing: Client) -> None:
    html = upload(editing, of("quiz"), "title: a\n", "trust-facts.yaml").content.decode()
    assert f'href="{admin_url(draft("quiz", "trust-facts"), "file")}"' in html


def test_many_problems_are_not_all_told(editing: Client) -> None:
    response = upload(editing, of("quiz"), "".join(f"key-{n}: x\n" for n in range(500)), "a.yaml")
    assert len(told(response)) == 100


def test_form_without_a_file_asks_for_one(editing: Client) -> None:
    for response in (
        editing.post(admin_url(of("quiz"), "file")),
        editing.post(admin_url(of("quiz"), "file"), {"file": "x"}),
    ):
        assert (response.status_code, told(response)) == (422, ["Choose a file"])


# --- a new draft


NEW = {
    "part": ("parts.yaml", "parts:\n- slug: more\n  title: More\n  summary: Of it.\n", "more", {"position": 5}),
    "lesson": ("what-comes-next.md", "", "what-comes-next", {"number": 22, "part": ""}),
    "term": ("glossary.yaml", "terms:\n- term: Key\n  meaning: It opens.\n  section: a#b\n", "key", {}),
    "help line": ("mine.yaml", "", "atlantis-samaritans", {}),
    "quiz": ("A small quiz (3).yaml", quiz_text(), "a-small-quiz", {"number": 1}),
}


@KINDS_OF_DRAFTS
def test_new_draft_from_a_file(editing: Client, kind: str) -> None:
    name, text, slug, place = NEW[kind]
    if not text:
        text = download(editing, of(kind)).content.decode().replace("country: Ireland", "country: Atlantis")
    count, last = Draft.objects.count(), Draft.objects.filter(kind=kind).order_by("-position")[0].position
    response = upload(editing, kind, text, name)
    made = draft(kind, slug)
    assert (Draft.objects.count(), made.versions.count(), made.saves.count()) == (count + 1, 0, 1)
    assert {key: made.document[key] for key in place} == place
    assert kind in ("term", "quiz") or made.position == last + 1
    assert response["Location"] == admin_url(made)
    assert messages(editing.get(response["Location"])) == [SAID]
    assert [entry.is_addition() for entry in LogEntry.objects.all()] == [True]


@pytest.mark.parametrize(
    "name, slug, number",
    [
        ("30-next_one.md", "next-one", 30),
        ("Next One.md", "next-one", 22),
        ("日本.md", None, 22),
        ("2030.md", "2030", 22),
    ],
)
def test_name_of_a_new_lesson_says_its_address_and_perhaps_its_number(
    editing: Client, name: str, slug: str | None, number: int
) -> None:
    upload(editing, "lesson", lesson_text(editing), name)
    made = Draft.objects.filter(kind="lesson").order_by("-pk")[0]
    assert (made.slug, made.document["number"], made.document["part"]) == (slug, number, "")
    assert "Part is missing" in problems(editing.get(admin_url(made)))


@pytest.mark.parametrize(
    "kind, name, text, said",
    [
        ("lesson", "40-what-trust-is.md", "---\ntitle: x\n---\n", "“what-trust-is” is the address of another lesson"),
        ("term", "glossary.yaml", "terms:\n- term: Amends\n", "“amends” is the address of another term, “amends”."),
        ("term", "glossary.yaml", "terms:\n- term: a\n- term: b\n", "The file holds 2 entries; leave the one"),
        ("quiz", "a.yaml", "title: [\n", "Line 2: not valid YAML"),
        ("quiz", "a.yaml", "", "This file is empty"),
    ],
)
def test_bad_file_makes_no_draft(editing: Client, kind: str, name: str, text: str, said: str) -> None:
    before = Draft.objects.count()
    response = upload(editing, kind, text, name)
    assert (response.status_code, Draft.objects.count()) == (422, before)
    assert told(response)[0].startswith(said)


def test_list_leads_to_it(editing: Client) -> None:
    for kind in KINDS:
        assert f'<a href="{listing(kind)}from-file/">From a file…</a>' in editing.get(listing(kind)).content.decode()
        assert editing.get(f"{listing(kind)}from-file/").status_code == 200


# --- rights, and no script


@pytest.mark.parametrize(
    "right, statuses", [("view", (200, 200, 403, 403)), ("change", (200, 200, 302, 403)), ("add", (403, 403, 403, 302))]
)
@KINDS_OF_DRAFTS
def test_download_is_for_viewers_upload_for_who_may_change_and_a_new_one_for_who_may_add(
    editing: Client, kind: str, right: str, statuses: tuple[int, ...]
) -> None:
    each, (name, new, _, _) = of(kind), NEW[kind]
    text = download(editing, each).content.decode()
    new = new or text.replace("country: Ireland", "country: Atlantis")
    client = with_rights(f"{right}_{KINDS[kind].model._meta.model_name}")
    asked = (
        client.get(admin_url(each, "file")),
        download(client, each),
        upload(client, each, text.replace(PLACES[kind][2], f"{PLACES[kind][2]} now"), PLACES[kind][1]),
        upload(client, kind, new, name),
    )
    assert tuple(response.status_code for response in asked) == statuses
    shown = asked[0].content.decode()
    assert ("Download the file" in shown, 'type="file"' in shown) == (right != "add", right == "change")
    assert (Draft.objects.get(pk=each.pk).revision, client.get(f"{listing(kind)}from-file/").status_code == 200) == (
        (2 if right == "change" else 1),
        right == "add",
    )


@pytest.mark.parametrize("listing", LISTS)
def test_who_is_not_logged_in_is_asked_to(listing: str, client: Client) -> None:
    kind = listing.split("/")[3].replace("helpline", "help line")
    for address in (admin_url(of(kind), "file"), admin_url(of(kind), "file") + "?download", f"{listing}from-file/"):
        for response in (client.get(address), client.post(address, {"file": SimpleUploadedFile("a.yaml", b"x")})):
            assert (response.status_code, response["Location"][:14]) == (302, "/admin/login/?")


def test_upload_needs_its_token_and_no_script(editing: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = editing.cookies
    quiz = of("quiz")
    assert upload(careful, quiz, "title: x\n", "a.yaml").status_code == 403
    html = careful.get(admin_url(quiz, "file")).content.decode()
    [token] = re.findall('name="csrfmiddlewaretoken" value="(.*?)"', html[html.index('class="step"') :])
    text = download(editing, quiz).content
    sent = {
        "file": SimpleUploadedFile("a.yaml", text.replace(b"title: ", b"title: Now ")),
        "csrfmiddlewaretoken": token,
    }
    assert careful.post(admin_url(quiz, "file"), sent).status_code == 302
    assert 'enctype="multipart/form-data"' in html
    assert re.findall("<script|onclick|onchange|style=", html[html.index('id="content"') :]) == []
