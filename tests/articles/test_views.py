import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.utils import timezone

from articles.models import LessonVersion
from articles.source import LessonSource
from articles.templatetags.course import ended
from publishing import steps
from publishing.models import Draft, Version
from quizzes.models import QuizVersion
from tests import authoring
from tests.conftest import Shipped
from tests.factories import citation_source, exercise_source, lesson_source, part_source, section_source

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def publish(**overrides: Any) -> Version:
    return authoring.publish_value("lesson", lesson_source(**overrides))


def page(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def texts(pattern: str, html: str) -> list[str]:
    """What the pattern's group finds, with white space in it made plain."""
    return [" ".join(found.split()) for found in re.findall(pattern, html, re.DOTALL)]


def address(source: LessonSource) -> str:
    return f"/{source.part}/{source.slug}/"


def test_lesson_page_of_every_shipped_lesson(client: Client, shipped: Shipped) -> None:
    ordered = sorted(shipped.lessons, key=lambda source: source.number)
    for before, source, after in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False):
        html = page(client, address(source))
        anchors = [section.anchor for section in source.sections]
        assert texts('<section id="([^"]+)"', html) == [*anchors, "exercise", "sources"]
        assert texts(r'<li><a href="#([^"]+)">', html) == [*anchors, "exercise", "sources"]
        assert texts("<h1>(.*?)</h1>", html) == [source.title]
        dois = [cited.doi for cited in source.citations if cited.doi]
        assert texts('href="https://doi.org/([^"]+)"', html) == [doi.replace("&", "&amp;") for doi in dois]
        assert texts('href="([^"]+)" rel="prev"', html) == ([address(before)] if before else [])
        assert texts('href="([^"]+)" rel="next"', html) == ([address(after)] if after else [])
        assert len(html) < 100_000


def test_lesson_page_says_what_the_lesson_says(client: Client) -> None:
    publish(
        scene="A *scene*.",
        sections=(
            section_source(body="First **text**."),
            section_source(anchor="b", heading="Less < more", body="Second.", former_anchors=("old-b", "older-b")),
        ),
        exercise=exercise_source(minutes=15),
        citations=(
            citation_source(),
            citation_source(citation="A book & more", doi="", url="https://example.org/book"),
            citation_source(citation="Neither", doi=""),
        ),
    )
    html = page(client)
    assert texts("<title>(.*?)</title>", html) == ["A spare key - Learning to trust"]
    assert texts('<meta name="description" content="(.*?)">', html) == ["What a key says."]
    assert texts('<link rel="canonical" href="(.*?)">', html) == [f"http://testserver{PAGE}"]
    assert texts("noindex", html) == []
    assert texts('class="eyebrow">(.*?)</p>', html) == [
        '<a href="/formation/">Part 1: How trust forms</a> · Lesson 901',
        "Exercise · 15 minutes · you can skip it",
    ]
    objectives = texts('<div class="objectives">(.*?)</div>', html)[0]
    assert texts("<li>(.*?)</li>", objectives) == ["Say what a key says.", "Say what it does not."]
    assert texts('<div class="scene">(.*?)</div>', html) == ["<p>A <em>scene</em>.</p>"]
    assert texts("<p>(First.*?|Second.*?)</p>", html) == ["First <strong>text</strong>.", "Second."]
    assert texts('<span class="former" id="(.*?)">', html) == ["old-b", "older-b"]
    contents = texts('<nav class="contents".*?</nav>', html)[0]
    assert texts('<a href="#[^"]*">(.*?)</a>', contents) == [
        "A key changes hands",
        "Less &lt; more",
        "Exercise: Your map",
        "Sources",
    ]
    assert texts('<h2 id="exercise-heading">(.*?)</h2>', html) == ["Your map"]
    rel = 'rel="external noopener noreferrer"'
    sources = texts('<ul class="sources">(.*?)</ul>', html)[0]
    assert texts("<li>(.*?)</li>", sources) == [
        f'Simpson, J. A. (2007). <a href="https://doi.org/10.1111/j.1467" {rel}>doi:10.1111/j.1467</a>',
        f'A book &amp; more <a href="https://example.org/book" {rel}>https://example.org/book</a>',
        "Neither",
    ]
    assert texts("(Last reviewed .*?)</p>", html) == [
        "Last reviewed 22 November 2026. Next review due 22 November 2027."
    ]
    assert texts("check-yourself", html) == []


def test_in_short_stands_under_the_title(client: Client) -> None:
    publish(in_short="A key is a small risk.", act="Name one thing you would lend.")
    html = page(client)
    places = [
        html.index(each) for each in ("<h1>", "A key is a small risk.", "Name one thing you would", "Tuesday Amina")
    ]
    assert places == sorted(places)
    assert '<p class="lead">' not in html


def test_lesson_without_it_has_its_summary_there(client: Client) -> None:
    publish()
    assert '<p class="lead">What a key says.</p>' in page(client)
    assert "In short" not in page(client)


START, SECTION, END = (
    "If you are afraid of someone, start here.",
    "Safety first.",
    "Your safety comes before any advice",
)


@pytest.mark.parametrize(
    "level, marked, boxes",
    [
        ("none", (), []),
        ("none", ("b",), [("b", SECTION)]),
        ("care", (), [("end", END)]),
        ("care", ("a", "c"), [("a", SECTION), ("c", SECTION), ("end", END)]),
        ("high", (), [("start", START), ("end", END)]),
        ("high", ("b",), [("start", START), ("b", SECTION), ("end", END)]),
    ],
)
def test_safety_boxes_stand_exactly_where_they_are_marked(
    client: Client, level: str, marked: tuple[str, ...], boxes: list[tuple[str, str]]
) -> None:
    sections = tuple(section_source(anchor=anchor, safety=anchor in marked) for anchor in ("a", "b", "c"))
    publish(safety=level, sections=sections)
    prose = texts('<div class="prose">.*?<footer class="lesson-foot">', page(client))[0]
    found, place = [], "start"
    for section, box, end in re.findall(
        r'<section id="([^"]+)"|<(?:aside|div) class="safety"[^>]*>(.*?)</(?:aside|div)>|(</section>)', prose
    ):
        place = section or ("end" if end and place == "exercise" else place)
        if box:
            found.append((place, box))
    assert [
        (place, heading if heading in box else box) for (place, box), (_, heading) in zip(found, boxes, strict=True)
    ] == boxes
    assert all('href="/help/"' in box and 'href="tel:112"' in box for _, box in found)


def test_check_yourself_lists_exactly_the_live_quizzes_that_lead_here(client: Client, shipped: Shipped) -> None:
    for source in shipped.lessons:
        leading = [
            quiz
            for quiz in sorted(shipped.quizzes, key=lambda quiz: quiz.number)
            if any(address.startswith(f"{source.slug}#") for address in quiz.addresses)
        ]
        found = texts(r'<section class="check-yourself".*?</section>', page(client, address(source)))
        assert texts('href="([^"]+)"', "".join(found)) == [f"/quizzes/{quiz.slug}/" for quiz in leading]


def test_withdrawn_quiz_is_not_among_check_yourself(client: Client) -> None:
    quiz = QuizVersion.objects.live(slug="trust-facts").get()
    link = quiz.links.filter(target__startswith="section:").first()
    assert link
    slug = link.target.removeprefix("section:").partition("#")[0]
    path = LessonVersion.objects.live(slug=slug).get().get_absolute_url()
    assert f'href="{quiz.get_absolute_url()}"' in page(client, path)
    withdraw_alone(quiz.draft)
    assert f'href="{quiz.get_absolute_url()}"' not in page(client, path)


def withdraw_alone(row: Draft) -> None:
    """Withdrawn, though others may lead there."""
    Version.objects.create(draft=row, slug=row.slug, number=99, live_from=timezone.now(), withdraws=True)


def many_lessons(count: int) -> None:
    """Published lessons by the hundred, straight into the tables."""
    like = LessonVersion.objects.live().first()
    assert like
    drafts = Draft.objects.bulk_create(
        Draft(kind="lesson", slug=f"more-{n}", title=f"More {n}", position=2000 + n, document=like.document)
        for n in range(count)
    )
    said = {"document": like.document, "head": like.head, "html": like.html, "live_from": like.live_from}
    Version.objects.bulk_create(
        Version(draft=each, slug=each.slug, title=each.title, position=each.position, number=1, **said)
        for each in drafts
    )


PAGES = {
    "/": 3,
    "/formation/": 2,
    "/formation/friends-and-work/": 4,
    "/quizzes/": 1,
    "/help/": 1,
    "/privacy/": 0,
    "/feed.atom": 1,
}


@pytest.mark.parametrize("path", PAGES)
def test_queries_of_a_page_do_not_grow_with_the_course(
    client: Client, path: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(PAGES[path]) as before:
        page(client, path)
    many_lessons(200)
    with django_assert_max_num_queries(PAGES[path]) as after:
        page(client, path)
    assert len(after) == len(before)


def test_lesson_in_another_part_is_sent_to_its_own(client: Client) -> None:
    response = client.get("/loss/what-trust-is/")
    assert (response.status_code, response["Location"]) == (301, "/formation/what-trust-is/")


def test_lesson_without_the_last_slash_is_sent_on(client: Client) -> None:
    response = client.get("/formation/what-trust-is")
    assert (response.status_code, response["Location"]) == (301, "/formation/what-trust-is/")


@pytest.mark.parametrize("path", ["/formation/no-such-lesson/", "/no-such-part/", "/no-such-part/no-such-lesson/"])
def test_unknown_address(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_lesson_that_is_not_live_is_nowhere(client: Client, state: str) -> None:
    row = authoring.put("lesson", lesson_source())
    if state == "scheduled":
        authoring.publish(row, live_from=timezone.now() + timedelta(minutes=5))
    if state == "withdrawn":
        authoring.publish(row)
        steps.withdraw(row)
    assert client.get(PAGE).status_code == 404
    assert client.get("/loss/a-spare-key/").status_code == 404
    for path in ("/", "/formation/", "/feed.atom", "/sitemap.xml", "/formation/what-trust-is/"):
        assert "spare-key" not in page(client, path)


def test_neighbors_skip_what_is_not_live(client: Client) -> None:
    first, second, third = LessonVersion.objects.listed()[:3]
    Version.objects.filter(pk=second.pk).update(live_from=timezone.now() + timedelta(days=1))
    assert texts('href="([^"]+)" rel="next"', page(client, first.get_absolute_url())) == [third.get_absolute_url()]
    assert texts('href="([^"]+)" rel="prev"', page(client, third.get_absolute_url())) == [first.get_absolute_url()]


def test_part_page_lists_its_lessons_in_order(client: Client, shipped: Shipped) -> None:
    for position, part in enumerate(shipped.parts, 1):
        html = page(client, f"/{part.slug}/")
        own = sorted((each for each in shipped.lessons if each.part == part.slug), key=lambda each: each.number)
        listing = texts('<ol class="listing">(.*?)</ol>', html)[0]
        assert texts('<h3><a href="([^"]+)">', listing) == [address(each) for each in own]
        assert texts('<span class="number" aria-hidden="true">(.*?)</span>', listing) == [
            str(each.number) for each in own
        ]
        assert texts("<h1>(.*?)</h1>", html) == [part.title]
        assert texts('<p class="eyebrow">(.*?)</p>', html) == [f"Part {position}"]


def test_part_without_a_lesson_says_so(client: Client) -> None:
    for version in LessonVersion.objects.listed().filter(head__part="loss"):
        withdraw_alone(version.draft)
    assert "No lesson of this part is published yet." in page(client, "/loss/")


@pytest.mark.parametrize("path", ["/", "/extra/"])
def test_part_without_a_drawing_of_its_own_is_shown(client: Client, path: str) -> None:
    authoring.publish_value("part", part_source(slug="extra", title="Extra", position=9))
    assert "Extra" in page(client, path)


def test_feed_names_an_author(client: Client) -> None:
    """RFC 4287, 4.1.1: a feed has an author unless every entry has one."""
    feed = ElementTree.fromstring(client.get("/feed.atom").content)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == site_settings.SITE_NAME


def test_feed_is_atom_with_the_newest_lessons_first(client: Client) -> None:
    version = publish()
    response = client.get("/feed.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/", "self": "http://testserver/feed.atom"}
    assert (feed.findtext(f"{ATOM}title"), feed.findtext(f"{ATOM}subtitle")) == (
        site_settings.SITE_NAME,
        "New and corrected lessons",
    )
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 20
    for name in ("id", "title", "updated", "summary"):
        assert all(len(entry.findall(f"{ATOM}{name}")) == 1 for entry in entries)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 20
    assert feed.findtext(f"{ATOM}id") not in ids
    first = entries[0]
    assert (first.findtext(f"{ATOM}title"), first.findtext(f"{ATOM}summary")) == ("A spare key", "What a key says.")
    assert first.findtext(f"{ATOM}id") == f"http://testserver{PAGE}"
    assert first.findtext(f"{ATOM}updated") == version.live_from.isoformat()


def test_sitemap_lists_the_courses_pages(client: Client, shipped: Shipped) -> None:
    authoring.put("lesson", lesson_source())
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = [location.text or "" for location in tree.iter(f"{SITEMAP}loc")]
    assert len(set(found)) == len(found)
    lessons = {f"http://testserver{address(source)}" for source in shipped.lessons}
    parts = {f"http://testserver/{part.slug}/" for part in shipped.parts}
    quizzes = {f"http://testserver/quizzes/{quiz.slug}/" for quiz in shipped.quizzes}
    pages = {f"http://testserver{path}" for path in ("/", "/quizzes/", "/help/", "/privacy/")}
    assert lessons | parts | quizzes | pages <= set(found)
    personal = ("questions", "result", "/admin", "/exit", "/healthz", "/search", "/kept", "/plan")
    assert [path for path in found if any(word in path for word in personal)] == []
    assert [path for path in found if client.get(path).status_code != 200] == []


PLAIN = [
    "/",
    "/formation/",
    "/formation/what-trust-is/",
    "/help/",
    "/privacy/",
    "/quizzes/",
    "/feed.atom",
    "/sitemap.xml",
]


@pytest.mark.parametrize("path", PLAIN)
def test_public_page_sets_no_cookie_and_does_not_depend_on_one(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    client.cookies["sessionid"] = "x" * 32
    again = client.get(path)
    assert (again.content, len(again.cookies)) == (response.content, 0)


@pytest.mark.parametrize("path", [*PLAIN[:6], "/healthz", "/robots.txt"])
def test_page_is_only_for_reading(client: Client, path: str) -> None:
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(path)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_unchanged_page_is_not_sent_twice(client: Client) -> None:
    response = client.get("/formation/what-trust-is/")
    again = client.get("/formation/what-trust-is/", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_link_in_the_course_leads_somewhere(client: Client, shipped: Shipped) -> None:
    """Each page once; each fragment must be an id of the page it points into."""
    pages: dict[str, str] = {}
    todo = ["/", *[address(source) for source in shipped.lessons], "/help/", "/privacy/", "/quizzes/"]
    broken = []
    for path in todo:
        html = pages.setdefault(path, page(client, path))
        for target, _, fragment in (each.partition("#") for each in set(texts('href="(/[^"]*|#[^"]*)"', html))):
            if target.startswith(("/static/", "/exit/")):
                continue
            target = target or path
            if target not in pages:
                pages[target] = page(client, target)
            if fragment and f'id="{fragment}"' not in pages[target]:
                broken.append((path, target, fragment))
    assert broken == []


def test_version_of_a_lesson_moved_to_another_part(client: Client) -> None:
    publish()
    publish(part="loss")
    assert client.get(PAGE)["Location"] == "/loss/a-spare-key/"


@pytest.mark.parametrize(
    ("text", "sentence"), [("slow down", "slow down."), ("pattern?", "pattern?"), ("now.", "now."), ("go!", "go!")]
)
def test_a_sentence_ends_once(text: str, sentence: str) -> None:
    assert ended(text) == sentence
