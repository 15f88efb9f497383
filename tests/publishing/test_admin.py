"""The lists of drafts, publishing several at once, and how much it costs when the course has grown."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from articles.models import Lesson
from publishing import steps
from publishing.judging import KEEP
from publishing.models import Draft, Link, Version, digest
from publishing.views import admin_url
from tests.authoring import change, draft, publish, publish_value, put
from tests.factories import lesson_source, term_source
from tests.publishing.pages import act, changes, form_of, problems

LISTS = [
    "/admin/articles/part/",
    "/admin/articles/lesson/",
    "/admin/articles/term/",
    "/admin/helplines/helpline/",
    "/admin/quizzes/quiz/",
]


def listed(client: Client, query: str = "") -> dict[str, str]:
    """The lessons of the list, title to what readers see."""
    html = client.get(f"/admin/articles/lesson/{query}").content.decode()
    rows = re.findall(r'class="field-name"><a[^>]*>(.*?)</a>.*?class="field-state">(.*?)</td>', html, re.DOTALL)
    return {unescape(title): state for title, state in rows}


@pytest.fixture
def five(course: None) -> dict[str, str]:
    """Lessons in every state, with what the list says of each. The shipped ones are left to stand."""
    soon = timezone.now() + timedelta(hours=1)
    at = f"{timezone.localtime(soon):%d %b %Y, %H:%M}"

    def lesson(number: int, title: str) -> Draft:
        slug = title.lower().replace(" ", "-")
        return put("lesson", lesson_source(number=number, slug=slug, title=title, scene="A lighthouse."))

    lesson(901, "New")
    publish(lesson(902, "Live"))
    publish(changed := lesson(903, "Changed"))
    change(changed, summary="Other words.")
    publish(withdrawn := lesson(904, "Withdrawn"))
    steps.withdraw(withdrawn)
    publish(waits := lesson(905, "Waits"))
    publish(change(waits, summary="Other words."), live_from=soon, waiting=KEEP)
    publish(lesson(906, "Waits for the first time"), live_from=soon)
    return {
        "New": "nothing yet",
        "Live": "version 1",
        "Changed": "version 1, draft differs",
        "Withdrawn": "withdrawn",
        "Waits": f"version 1, draft differs; next from {at}",
        "Waits for the first time": f"nothing yet; next from {at}",
    }


def test_list_says_what_readers_see_of_each(editing: Client, five: dict[str, str]) -> None:
    found = listed(editing)
    assert {title: found[title] for title in five} == five


@pytest.mark.parametrize(
    "state, titles",
    [
        ("new", ["New"]),
        ("live", ["Live"]),
        ("differs", ["Changed", "Waits"]),
        ("withdrawn", ["Withdrawn"]),
        ("waits", ["Waits", "Waits for the first time"]),
        ("nonsense", ["New", "Live", "Changed", "Withdrawn", "Waits", "Waits for the first time"]),
    ],
)
def test_list_is_narrowed_by_state(editing: Client, five: dict[str, str], state: str, titles: list[str]) -> None:
    assert list(listed(editing, f"?state={state}&q=lighthouse")) == titles


def test_drafts_are_found_by_every_word_of_their_texts(editing: Client, five: dict[str, str]) -> None:
    assert list(listed(editing, "?q=lighthouse"))[:1] == ["New"]
    assert list(listed(editing, "?q=lighthouse Simpson Drawer")) == []
    assert len(listed(editing, "?q=lighthouse Simpson")) == 6


def test_drafts_of_the_list_are_published_together_with_a_difference_for_each(editing: Client, course: None) -> None:
    one = change(draft("lesson", "what-trust-is"), summary="One thing.")
    other = change(draft("lesson", "how-trust-grows"), summary="Another.")
    chosen = editing.post(
        "/admin/articles/lesson/", {"action": "publish_selected", "_selected_action": [one.pk, other.pk]}
    )
    assert chosen["Location"] == f"/admin/articles/lesson/publish/?draft={one.pk}&draft={other.pk}"
    page = editing.get(chosen["Location"])
    assert [(place, new) for place, _, new in changes(page)] == [("Summary", "One thing."), ("Summary", "Another.")]
    assert editing.post(chosen["Location"], {"note": "Both"}).status_code == 302
    assert [each.versions.count() for each in (one, other)] == [2, 2]


def test_drafts_of_the_list_are_published_all_or_none(editing: Client, course: None) -> None:
    one = change(draft("lesson", "what-trust-is"), summary="One thing.")
    other = Lesson.objects.get(kind="lesson", slug="how-trust-grows")
    address = f"/admin/articles/lesson/publish/?draft={one.pk}&draft={other.pk}"
    response = editing.post(address, {"note": "Both"})
    assert (response.status_code, problems(response)) == (422, [f"{other}: readers see exactly this already"])
    assert [each.versions.count() for each in (one, other)] == [1, 1]


@pytest.mark.parametrize("query", ["", "?draft=", "?draft=x", "?draft=²", "?draft=" + "9" * 30])
def test_publishing_nothing_leads_back_to_the_list(editing: Client, course: None, query: str) -> None:
    assert editing.get(f"/admin/articles/lesson/publish/{query}")["Location"] == "../"


# ---- a version that waits


def test_waiting_version_is_kept_or_dropped_as_its_author_says(editing: Client, course: None) -> None:
    lesson = publish_value("lesson", lesson_source()).draft
    soon = timezone.now() + timedelta(hours=1)
    publish(change(lesson, summary="For March."), live_from=soon)
    change(lesson, summary="A typo less.")
    html = editing.get(admin_url(lesson, "publish")).content.decode()
    assert re.findall(r'name="waiting" value="(\w+)"', html) == ["keep", "drop"]
    assert act(editing, lesson, "publish").status_code == 422
    assert act(editing, lesson, "publish", waiting="keep").status_code == 302
    assert lesson.versions.filter(live_from__gt=timezone.now()).count() == 1
    change(lesson, summary="Another typo less.")
    assert act(editing, lesson, "publish", waiting="drop").status_code == 302
    assert lesson.versions.filter(live_from__gt=timezone.now()).count() == 0


def test_waiting_version_is_seen_moved_and_cancelled(editing: Client, course: None) -> None:
    lesson = publish_value("lesson", lesson_source()).draft
    act(editing, change(lesson, summary="For March."), "publish", live_from="2999-03-01T08:00")
    assert "1 March 2999, 08:00" in editing.get("/admin/").content.decode()
    page = editing.get(admin_url(lesson, "versions")).content.decode()
    assert re.findall(r"versions/(\d+)/move/", page) == ["2"]
    move = admin_url(lesson, "versions") + "2/move/"
    assert editing.post(move, {"live_from": "2001-01-01T08:00"}).status_code == 422
    assert editing.post(move, {"live_from": ""}).status_code == 422
    assert editing.post(move, {"live_from": "2999-04-01T08:00"}).status_code == 302
    assert lesson.versions.get(number=2).live_from.isoformat() == "2999-04-01T08:00:00+00:00"
    assert editing.post(move, {"never": "on"}).status_code == 302
    assert lesson.versions.count() == 1
    assert editing.get(move).status_code == 404


def test_moment_that_has_passed_is_refused_and_the_note_kept(editing: Client, course: None) -> None:
    lesson = publish_value("lesson", lesson_source()).draft
    response = act(editing, change(lesson, title="Another"), "publish", live_from="2020-01-10T08:00", note="Typed")
    assert (response.status_code, lesson.versions.count()) == (422, 1)
    assert problems(response)[0].endswith("This moment has passed; choose a later one, or publish now")
    assert 'value="Typed"' in response.content.decode()


def test_withdrawing_from_the_page_takes_it_from_readers(editing: Client, course: None) -> None:
    lesson = publish_value("lesson", lesson_source()).draft
    assert act(editing, lesson, "withdraw", note="Outdated").status_code == 302
    assert Client().get("/formation/a-spare-key/").status_code == 404
    found = lesson.versions.get(number=2)
    assert (found.withdraws, found.note, found.author and found.author.get_username()) == (True, "Outdated", "maria")
    refused = act(editing, lesson, "withdraw")
    assert (refused.status_code, lesson.versions.count()) == (422, 2)


# ---- deleting


def test_draft_is_deleted_from_its_page_and_no_published_one(editing: Client, course: None) -> None:
    written, published = put("lesson", lesson_source()), draft("lesson", "what-trust-is")
    delete = admin_url(written, "delete")
    assert editing.get(delete).status_code == 200
    assert editing.post(delete, {"post": "yes"}).status_code == 302
    assert not Draft.objects.filter(pk=written.pk).exists()
    assert editing.post(admin_url(published, "delete"), {"post": "yes"}).status_code == 403
    editing.post("/admin/articles/lesson/", {"action": "delete_selected", "_selected_action": [published.pk]})
    assert Draft.objects.filter(pk=published.pk).exists()


@pytest.mark.parametrize("listing", LISTS)
def test_draft_of_another_kind_is_not_found(editing: Client, course: None, listing: str) -> None:
    kind = listing.split("/")[3].replace("helpline", "help line")
    other = Draft.objects.exclude(kind=kind).order_by("pk")[0]
    for step in ("change", "publish", "withdraw", "versions"):
        assert editing.get(f"{listing}{other.pk}/{step}/").status_code == 404
    for nobody in ("nothing", "²", "9" * 30):
        assert editing.get(f"{listing}{nobody}/change/").status_code == 404


# ---- a course that has grown: 500 lessons, 50 quizzes


def copies(of: Draft, count: int) -> None:
    """As many published copies of a draft, with the links of the first."""
    version = of.versions.get()
    links = list(version.links.all())
    numbers = range(1001, 1001 + count)
    drafts = [_copy(of, number) for number in numbers]
    Draft.objects.bulk_create(drafts)
    versions = [
        Version(
            draft=each,
            number=1,
            live_from=version.live_from,
            head=version.head,
            html=version.html,
            targets={target.replace(of.slug or "", each.slug or ""): to for target, to in version.targets.items()},
            **{name: getattr(each, name) for name in ("slug", "title", "position", "document", "digest")},
        )
        for each in drafts
    ]
    Version.objects.bulk_create(versions)
    Link.objects.bulk_create(
        Link(draft=each.draft, version=held, path=link.path, target=link.target)
        for each in versions
        for held in (None, each)
        for link in links
    )


def _copy(of: Draft, number: int) -> Draft:
    document = {**of.document, "slug": f"{of.slug}-{number}", "title": f"{of.title} {number}", "number": number}
    names = {name: document[name] for name in ("slug", "title")}
    return Draft(
        kind=of.kind, position=number, document=document, digest=digest(document), words=of.words, revision=1, **names
    )


@pytest.fixture(scope="module")
def grown(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Written once for the module, and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        copies(draft("lesson", "what-trust-is"), 479)
        copies(draft("quiz", "is-this-person-safe-to-trust"), 43)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def at_work(grown: None, client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_course_has_grown(at_work: Client) -> None:
    assert (Version.objects.live(kind="lesson").count(), Version.objects.live(kind="quiz").count()) == (500, 50)


@pytest.mark.parametrize("query", ["", "?q=trust"])
@pytest.mark.parametrize("listing", LISTS)
def test_list_takes_few_queries(at_work: Client, listing: str, query: str) -> None:
    assert queries(at_work, listing + query) <= 15


def test_first_page_takes_few_queries(at_work: Client) -> None:
    assert queries(at_work, "/admin/") <= 30


@pytest.mark.parametrize("step", ["change", "publish", "withdraw", "versions", "uses", "compare"])
@pytest.mark.parametrize("kind, slug", [("lesson", "what-trust-is"), ("quiz", "is-this-person-safe-to-trust")])
def test_editing_pages_take_few_queries(at_work: Client, kind: str, slug: str, step: str) -> None:
    of = change(draft(kind, slug), title="Another title")
    assert queries(at_work, admin_url(of, step)) <= 30


@pytest.mark.parametrize("kind, slug", [("lesson", "what-trust-is"), ("quiz", "is-this-person-safe-to-trust")])
@pytest.mark.parametrize("accept", ["text/x-beside", "application/json"])
def test_what_a_page_asks_while_somebody_types_takes_few_queries(
    at_work: Client, kind: str, slug: str, accept: str
) -> None:
    of = draft(kind, slug)
    data = form_of(at_work, of)
    data["title"] = "Typed just now"
    began = time.process_time()
    with CaptureQueriesContext(connection) as found:
        response = at_work.post(
            admin_url(of),
            data.urlencode(),
            content_type="application/x-www-form-urlencoded",
            headers={"accept": accept},
        )
    assert response.status_code == 200
    assert len(found) <= 30
    assert time.process_time() - began <= 1


@pytest.mark.parametrize("address", ["/admin/articles/lesson/add/", "/admin/quizzes/quiz/add/"])
def test_new_draft_takes_few_queries(at_work: Client, address: str) -> None:
    assert queries(at_work, address) <= 30


def test_publishing_one_lesson_takes_a_moment(at_work: Client) -> None:
    of, took = draft("lesson", "what-trust-is"), []
    for title in ("One", "Two", "Three"):
        change(of, title=title)
        begin = time.process_time()
        response = at_work.post(admin_url(of, "publish"), {"note": title})
        took.append(time.process_time() - begin)
        assert response.status_code == 302
    assert min(took) <= 0.3


def test_any_two_of_versions_and_saves_are_compared(course: None, editing: Client) -> None:
    of = draft("lesson", "what-trust-is")
    publish(change(of, title="Second"))
    change(of, title="Third")
    page = admin_url(of, "compare")
    offered = editing.get(admin_url(of, "versions")).content.decode()
    assert all(f'<option value="{each}"' in offered for each in ("draft", "version-1", "version-2", "save-3"))
    for one, other, removed, added in (
        ("version-1", "version-2", "What trust is, and what it is not", "Second"),
        ("version-2", "draft", "Second", "Third"),
        ("draft", "save-1", "Third", "What trust is, and what it is not"),
    ):
        found = changes(editing.get(f"{page}?one={one}&other={other}"))
        assert (found[0][0], found[0][1].split(), found[0][2].split()) == ("Title", removed.split(), added.split())
    assert editing.get(f"{page}?one=version-1&other=version-1").content.decode().count("There is no difference.") == 1
    assert editing.get(f"{page}?one=version-77&other=draft").status_code == 404


def test_search_shows_where_it_was_found(course: None, editing: Client) -> None:
    change(draft("lesson", "what-trust-is"), act="Look for the zebra in the drawer.")
    html = editing.get("/admin/articles/lesson/?q=ZEBRA+drawer").content.decode()
    assert '<td class="field-found">One act: … Look for the zebra in the drawer. …</td>' in html
    assert "field-found" not in editing.get("/admin/articles/lesson/").content.decode()
    for odd in ("%5C", "%2A(", "x" * 5000, "%00"):
        assert editing.get(f"/admin/articles/lesson/?q={odd}").status_code == 200


def test_guide_is_on_the_first_page_and_for_editors_alone(course: None, editing: Client) -> None:
    assert '<a href="/admin/guide/">How to write here, in ten minutes</a>' in editing.get("/admin/").content.decode()
    html = editing.get("/admin/guide/").content.decode()
    headings = re.findall("<h2>(.*?)</h2>", html)
    assert headings[0] == "Nothing you type is lost"
    assert len(headings) == 10
    shown = re.findall(r'<img src="([^"]+)" width="(\d+)" height="(\d+)" loading="lazy"\s+alt="[^"]{30,}"></a>', html)
    assert len(shown) == 6
    for address, width, height in shown:
        with Image.open(finders.find(address.removeprefix("/static/"))) as picture:
            assert picture.size == (int(width), int(height)), address
    assert Client().get("/admin/guide/")["Location"] == "/admin/login/?next=/admin/guide/"


def test_first_page_leads_to_what_waits_for_its_time(course: None, editing: Client) -> None:
    of = change(draft("lesson", "what-trust-is"), title="Later")
    publish(of, live_from=timezone.now() + timedelta(days=2))
    html = editing.get("/admin/").content.decode()
    assert f'<a href="{admin_url(of, "versions")}" class="quiet">Move or cancel</a>' in html


# ---- nothing is a dead end


def test_refused_withdrawal_leads_to_leading_all_of_it_elsewhere(course: None, editing: Client) -> None:
    lesson = draft("lesson", "what-trust-is")
    html = unescape(act(editing, lesson, "withdraw").content.decode())
    [onward] = re.findall('<a href="([^"]+)">let all that leads there lead somewhere else</a>', html)
    assert onward.startswith(f"{admin_url(lesson, 'uses')}?target=")
    assert {"quiz", "lesson"} <= {each.split(",")[0].split()[0] for each in _words_of_uses(editing.get(onward))}
    assert editing.post(onward, {"to": "jealousy-and-insecurity#jealousy-as-a-signal"}).status_code in (302, 422)


def test_section_that_is_taken_away_leads_to_its_uses_alone(course: None, editing: Client) -> None:
    lesson = draft("lesson", "what-trust-is")
    sections = [each for each in lesson.document["sections"] if each["anchor"] != "safety-comes-first"]
    html = unescape(editing.get(admin_url(change(lesson, sections=sections), "publish")).content.decode())
    [onward] = re.findall('<a href="([^"]+)">let all that leads there lead somewhere else</a>', html)
    assert onward == f"{admin_url(lesson, 'uses')}?target=section%3Awhat-trust-is%23safety-comes-first"


def test_refusal_without_links_has_no_way_onward(course: None, editing: Client) -> None:
    assert "lead somewhere else" not in act(editing, draft("term", "trust"), "publish").content.decode()


def _words_of_uses(response: Any) -> list[str]:
    return re.findall(r"</a> <span>([^<]+)</span>", response.content.decode())


# ---- what readers meet though no step allows it


def test_first_page_says_which_link_leads_nowhere(course: None, editing: Client) -> None:
    assert "leads nowhere" not in editing.get("/admin/").content.decode()
    version = draft("lesson", "what-trust-is").versions.get()
    kept = {target: url for target, url in version.targets.items() if "#trust-has-limits" not in target}
    Version.objects.filter(pk=version.pk).update(targets=kept)
    html = unescape(editing.get("/admin/").content.decode())
    block = html.partition("Readers meet a link that leads nowhere")[2].partition("</ul>")[0]
    assert "leads to the section “what-trust-is#trust-has-limits”, which readers cannot open" in block
    quiz = re.findall(r'<a href="(/admin/quizzes/quiz/\d+/change/#id-[\w-]+)">', block)
    assert len(quiz) > 0


def test_first_page_shows_eight_of_a_state_and_leads_to_all(course: None, editing: Client) -> None:
    for number in range(9):
        put("lesson", lesson_source(slug=f"new-{number}", title=f"New {number}", number=900 + number))
    put("term", term_source(term="Zero"))
    html = editing.get("/admin/").content.decode().partition("Not published yet")[2].partition("</p>")[0]
    assert len(re.findall("<li>", html)) == 8
    assert re.findall('<a href="([^"]+state=new)">([^<]+)</a>', html) == [
        ("/admin/articles/lesson/?state=new", "9 lessons"),
        ("/admin/articles/term/?state=new", "1 glossary term"),
    ]
