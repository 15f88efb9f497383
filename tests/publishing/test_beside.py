"""Beside the words: the site's own page of what is typed, an outline, and what leads here."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.http import QueryDict
from django.test import Client

from publishing.models import Draft
from publishing.views import admin_url
from tests import authoring
from tests.factories import lesson_source
from tests.publishing.controls import unchanged
from tests.publishing.pages import form_of

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def look(client: Client, address: str, data: QueryDict) -> Any:
    response = client.post(
        address,
        data.urlencode(),
        content_type="application/x-www-form-urlencoded",
        headers={"accept": "text/x-beside"},
    )
    assert response.status_code == 200
    return response.json()


def of_lesson(client: Client, slug: str = "what-trust-is", **typed: str) -> Any:
    draft = authoring.draft("lesson", slug)
    data = form_of(client, draft)
    for name, text in typed.items():
        data[name.replace("__", "-")] = text
    return look(client, admin_url(draft), data)


def told(row: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(each["id"], each["text"], each["advice"]) for each in row["problems"]]


def test_page_is_the_site_s_own_of_what_is_typed(client: Client) -> None:
    shown = of_lesson(client, title="Typed just now", sections__0__body="Some **new** words.")["page"]
    assert "<h1>Typed just now</h1>" in shown
    assert "<p>Some <strong>new</strong> words.</p>" in shown
    assert "This is a preview of what you have typed." in shown


def test_looking_saves_nothing(client: Client) -> None:
    draft = authoring.draft("lesson", "what-trust-is")
    before = (draft.document, draft.revision, draft.saves.count())
    of_lesson(client, title="Typed just now")
    draft.refresh_from_db()
    assert (draft.document, draft.revision, draft.saves.count()) == before


def test_outline_names_each_section_with_its_facts_and_what_leads_here(client: Client) -> None:
    rows = of_lesson(client)["outline"]
    document = authoring.draft("lesson", "what-trust-is").document
    assert [(row["id"], row["name"]) for row in rows] == [
        (f"id-sections-{place}", section["heading"]) for place, section in enumerate(document["sections"])
    ]
    assert all(row["facts"].split(", grade ")[0].endswith(" words") for row in rows)
    assert [use["text"] for use in rows[2]["uses"]] == ["1 lesson", "3 quizzes", "2 quiz bands"]  # safety comes first


def test_what_leads_here_is_listed_with_links_to_each_place(client: Client) -> None:
    rows = of_lesson(client)["outline"]
    use = next(each for each in rows[2]["uses"] if "quiz band" in each["text"])
    html = client.get(use["url"]).content.decode()
    quiz = authoring.draft("quiz", "trust-in-this-relationship")
    assert f'<a href="{admin_url(quiz)}#id-dimensions-4-bands-1-links-0-to">{quiz.title}</a>' in html
    assert "quiz band, Dimension 5, Middle band, Link 1" in html


def test_what_leads_nowhere_says_so(client: Client) -> None:
    draft = authoring.draft("lesson", "what-trust-is")
    html = client.get(admin_url(draft, "uses") + "?target=section:nowhere%23none").content.decode()
    assert "Nothing leads to nowhere#none yet." in html


@pytest.mark.parametrize("query", ["", "?target=", "?target=%00", "?target=section:", "?target=" + "x" * 5000])
def test_odd_targets_do_no_harm(client: Client, query: str) -> None:
    draft = authoring.draft("lesson", "what-trust-is")
    assert client.get(admin_url(draft, "uses") + query).status_code == 200


@pytest.mark.parametrize(
    "name, text, message, advice",
    [
        ("sections__1__body", "[x](nowhere#none)", "Leads to the section “nowhere#none”", False),
        ("sections__1__body", "![](/static/figures/none.svg)", "", False),
        ("sections__1__body", "##### Jump", "", False),
        ("sections__1__body", "<b>bold</b>", "", False),
        (
            "sections__1__body",
            "[x](/nowhere/at-all/)",
            "Leads to the lesson “at-all”, which readers cannot open",
            False,
        ),
        ("sections__1__body", "[x](/nowhere/)", "Leads to the part “nowhere”, which readers cannot open", False),
        ("sections__1__body", "[x](/no.page)", "Leads to the page “/no.page”, which readers cannot open", False),
        ("sections__1__body", "![](/media/pictures/a.png)", "has no text alternative", False),
        ("sections__1__body", "![A key](/media/pictures/a.png)", "There is no picture “/media/pictures/a.png”", False),
        ("sections__1__body", "![A key](https://example.org/a.png)", "is not on this site", False),
        ("sections__1__body", "One.\n\n**Two words**\n\nThree.", "“Two words” stands alone in bold", True),
        ("sections__1__body", "An **open mark.", "Readers see the marks “**” as they are typed", True),
        ("sections__1__body", "Notwithstanding considerations, individuals demonstrate.", "Reads like grade", True),
        ("sections__1__body", "You must forgive them.", "“must forgive”: offer it", True),
        ("sections__1__body", "He is a pathological liar.", "“pathological liar”: say: someone who lies often", True),
        ("sections__1__body", "word " * 700 + ".", "700 words are a lot for one section", True),
        ("sections__1__heading", "", "Heading", False),
        ("sections__1__anchor", "Two words", "Anchor", False),
    ],
)
def test_each_problem_stands_at_its_section(client: Client, name: str, text: str, message: str, advice: bool) -> None:
    rows = {row["id"]: row for row in of_lesson(client, **{name: text})["outline"]}
    found = told(rows["id-sections-1"])
    assert [each for each in found if message in each[1] and each[2] is advice] != [], found
    assert {each[0] for each in found} == {"id-" + name.replace("__", "-")}


def test_problem_outside_the_sections_stands_first(client: Client) -> None:
    rows = of_lesson(client, title="")["outline"]
    assert (rows[0]["id"], rows[0]["name"]) == ("shape", "Lesson")
    assert [each[0] for each in told(rows[0])] == ["id-title"]
    rows = of_lesson(client, scene="Too short.")["outline"]
    assert told(rows[0]) == [("id-scene", "Opening scene has 2 words; 60 to 90 read well", True)]


def test_new_row_is_looked_at_too(client: Client) -> None:
    draft = authoring.draft("lesson", "what-trust-is")
    data = form_of(client, draft)
    count = len(data.getlist("sections"))
    data.setlist("sections", [*data.getlist("sections"), "77"])
    data["sections-77-heading"], data["sections-77-body"] = "A new one", "New **words**."
    shown = look(client, admin_url(draft), data)
    assert shown["outline"][-1]["name"] == "A new one"
    assert shown["outline"][-1]["id"] == f"id-sections-{count}"
    assert "<p>New <strong>words</strong>.</p>" in shown["page"]


@pytest.mark.parametrize("kind", ["part", "lesson", "term", "help line", "quiz"])
def test_every_kind_has_its_page_beside(client: Client, kind: str) -> None:
    draft = Draft.objects.filter(kind=kind).order_by("pk")[0]
    shown = look(client, admin_url(draft), form_of(client, draft))
    assert shown["page"].startswith("<!doctype html>")
    assert [each for row in shown["outline"] for each in row["problems"] if not each["advice"]] == []


@pytest.mark.parametrize("listing", ["articles/lesson", "quizzes/quiz", "helplines/helpline"])
def test_new_draft_is_looked_at_before_it_is_saved(client: Client, listing: str) -> None:
    address = f"/admin/{listing}/add/"
    before = Draft.objects.count()
    shown = look(client, address, unchanged(client.get(address).content.decode()))
    assert shown["outline"][0]["problems"] != []
    assert Draft.objects.count() == before


def test_outline_of_a_quiz_counts_its_questions(client: Client) -> None:
    quiz = authoring.draft("quiz", "trust-in-this-relationship")
    rows = look(client, admin_url(quiz), form_of(client, quiz))["outline"]
    assert [(row["name"], row["facts"]) for row in rows] == [
        ("Predictability", "4 questions, 2 reverse-keyed"),
        ("Dependability", "4 questions, 1 reverse-keyed"),
        ("Faith in goodwill", "4 questions, 1 reverse-keyed"),
        ("Openness", "4 questions, 1 reverse-keyed"),
        ("Safety", "4 questions, 2 reverse-keyed, 5 flags"),
    ]


# All of these to somewhere else

SAFE = "what-trust-is#safety-comes-first"


def uses_page() -> str:
    return f"{admin_url(authoring.draft('lesson', 'what-trust-is'), 'uses')}?target=section:{SAFE.replace('#', '%23')}"


def leading(target: str) -> set[tuple[str, str]]:
    drafts = Draft.objects.filter(links__target=f"section:{target}", links__version=None)
    return set(drafts.values_list("kind", "slug"))


def test_all_that_lead_here_are_led_elsewhere_in_one_step(client: Client) -> None:
    before, elsewhere = leading(SAFE), "manipulation-and-control#deciding-safely"
    own = ("lesson", "what-trust-is")
    assert {("lesson", "how-trust-grows"), ("quiz", "ready-to-rebuild")} <= before
    response = client.post(uses_page(), {"to": elsewhere})
    assert (response.status_code, response["Location"]) == (302, uses_page())
    said = f"{len(before - {own})} drafts now lead to {elsewhere}. Publish them when they are as you want them."
    assert said in client.get(uses_page()).content.decode()
    assert leading(SAFE) - {own} == set()
    assert before - {own} <= leading(elsewhere)
    grows = authoring.draft("lesson", "how-trust-grows")
    assert f"]({elsewhere})" in str(grows.document)
    assert grows.versions.count() == 1


def test_pages_of_the_site_are_led_elsewhere_too(client: Client) -> None:
    texts = ["[a](/formation/what-trust-is/#safety-comes-first)", "[b](what-trust-is#safety-comes-first)"]
    kept = ["[c](/formation/what-trust-is/#trust-has-limits)", "[d](/formation/what-trust-is/)", "[e](/help/)"]
    draft = authoring.change(authoring.draft("lesson", "jealousy-and-insecurity"), scene=" ".join([*texts, *kept]))
    authoring.publish(draft)
    client.post(uses_page(), {"to": "manipulation-and-control#deciding-safely"})
    to = "(manipulation-and-control#deciding-safely)"
    assert authoring.value(draft).scene == " ".join([f"[a]{to}", f"[b]{to}", *kept])


def test_part_of_lessons_and_quiz_of_notes_are_no_sections(client: Client) -> None:
    """They cannot lead to a section instead."""
    part = authoring.draft("part", "loss")
    page = f"{admin_url(part, 'uses')}?target=part:loss"
    html = client.get(page).content.decode()
    assert ("To loss lead:" in html, "Change the drafts" in html) == (True, False)
    client.post(page, {"to": "manipulation-and-control#deciding-safely"})
    assert Draft.objects.filter(kind="lesson", document__part="loss").count() > 3
    assert "lead somewhere else" not in client.post(admin_url(part, "withdraw"), {"note": ""}).content.decode()


@pytest.mark.parametrize("to", ["", "nowhere#none", "what-trust-is", "\0", "x" * 5000])
def test_section_that_nobody_can_open_is_refused(client: Client, to: str) -> None:
    before = leading(SAFE)
    response = client.post(uses_page(), {"to": to})
    assert response.status_code == 422
    assert "is no section that readers can open" in response.content.decode()
    assert leading(SAFE) == before


def test_only_what_one_may_change_is_changed(editor: User, client: Client) -> None:
    editor.groups.clear()
    editor.user_permissions.set(Permission.objects.filter(codename__in=("view_lesson", "change_lesson")))
    client.post(uses_page(), {"to": "manipulation-and-control#deciding-safely"})
    assert {kind for kind, _ in leading(SAFE)} == {"quiz"}


def test_picture_is_led_nowhere(client: Client) -> None:
    """It is recorded beside the links, and a text would lose it."""
    draft = authoring.put("lesson", lesson_source(scene="![A key](/media/pictures/a.png)"))
    page = f"{admin_url(authoring.draft('lesson', 'what-trust-is'), 'uses')}?target=picture:/media/pictures/a.png"
    assert "Nothing leads to" in client.get(page).content.decode()
    client.post(page, {"to": SAFE})
    assert authoring.value(draft).scene == "![A key](/media/pictures/a.png)"


# ---- the ruler of a dimension


def test_dimension_has_its_bands_on_a_ruler(client: Client) -> None:
    draft = authoring.draft("quiz", "how-i-trust")
    data = form_of(client, draft)
    first = look(client, admin_url(draft), data)["outline"][0]["ruler"]
    assert first["scores"][0] == 0
    assert first["scores"][-1] == 100
    assert [start for _, start in first["bands"]] == [band["start"] for band in draft.document["bands"]]
    data["dimensions-0-bands-1-start"], data["dimensions-0-bands-1-label"] = "98", "Nearly all"
    data["dimensions-0-bands-2-start"] = "99"
    row = look(client, admin_url(draft), data)["outline"][0]
    assert row["ruler"]["bands"][1:] == [["Nearly all", 98], [first["bands"][2][0], 99]]
    assert "No answers reach the middle band" in [each["text"] for each in row["problems"]]


def test_lesson_has_no_ruler(client: Client) -> None:
    assert {row.get("ruler") for row in of_lesson(client)["outline"]} == {None}


# ---- sections that no quiz leads to


def test_section_that_no_quiz_leads_to_is_told(client: Client) -> None:
    assert [row["id"] for row in of_lesson(client)["outline"] if "No quiz leads here" in str(row["problems"])] == []
    rows = of_lesson(client, sections__1__anchor="another-name")["outline"]
    assert [told(row) for row in rows if row["problems"]] == [[("id-sections-1", "No quiz leads here", True)]]
