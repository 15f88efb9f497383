"""What publishing comes to for a lesson: what it freezes and refuses, and what becomes of links to its sections."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings

from articles.kinds import LESSON, drawing, page_target
from articles.models import LessonVersion, SectionText, TermVersion
from articles.source import LessonSource
from publishing import links, steps
from publishing.judging import Refused
from publishing.models import Draft, Version
from publishing.shape import document, spelled
from quizzes.models import QuizVersion
from tests import authoring
from tests.conftest import Shipped
from tests.factories import (
    citation_source,
    exercise_source,
    lesson_source,
    lesson_sources,
    section_source,
    term_source,
)

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"


def lesson(**overrides: Any) -> Draft:
    """The draft of a lesson of our own."""
    return authoring.put("lesson", lesson_source(**overrides))


def shown(slug: str = "a-spare-key") -> LessonVersion | None:
    return LessonVersion.objects.live(slug=slug).first()


def refusal(*drafts: Draft) -> list[str]:
    """Why the drafts cannot be published together."""
    with pytest.raises(Refused) as refused:
        authoring.publish(*drafts)
    return [str(each) for each in refused.value.problems]


def linked_section() -> tuple[Draft, LessonSource, str, Version]:
    """A lesson, an anchor of it that a live quiz leads to, and that quiz."""
    quiz = QuizVersion.objects.listed().first()
    link = quiz.links.filter(target__startswith="section:").first()
    slug, _, anchor = link.target.removeprefix("section:").partition("#")
    found = authoring.draft("lesson", slug)
    return found, authoring.value(found), anchor, quiz


def renamed(source: LessonSource, anchor: str, to: str) -> LessonSource:
    sections = (
        replace(each, anchor=to, former_anchors=(anchor,)) if each.anchor == anchor else each
        for each in source.sections
    )
    return replace(source, sections=tuple(sections))


# What is kept and frozen


@given(lesson_sources())
@settings(max_examples=50, deadline=None)
def test_document_of_a_lesson_is_the_lesson(source: LessonSource) -> None:
    assert LESSON.value_of(document(source)) == source
    assert LESSON.judge(document(source)) == (source, [])


def test_every_shipped_lesson_is_in_its_draft_as_in_its_file(shipped: Shipped) -> None:
    drafts = Draft.objects.filter(kind="lesson").order_by("position")
    assert [authoring.value(each) for each in drafts] == sorted(shipped.lessons, key=lambda source: source.number)


def test_every_shipped_lesson_part_and_term_is_live(shipped: Shipped) -> None:
    live = [LessonVersion.objects.listed().count(), TermVersion.objects.listed().count()]
    assert live == [len(shipped.lessons), len(shipped.terms)] == [21, len(shipped.terms)]


def test_version_freezes_html_head_and_links() -> None:
    source = lesson_source(
        scene="A *scene* with [a link](what-trust-is#trust-has-limits).",
        sections=(
            section_source(not_in_danger=True, former_anchors=("old",)),
            section_source(anchor="two", heading="Two", body="\nSee [one](a-spare-key#old)."),
        ),
        exercise=exercise_source(body="1. Draw.\n2. Look at [this](what-trust-is#the-building-blocks)."),
    )
    version = authoring.publish_value("lesson", source)
    there = "/formation/what-trust-is/"
    assert version.html == {
        "scene": f'<p>A <em>scene</em> with <a href="{there}#trust-has-limits">a link</a>.</p>',
        "sections": [
            "<p>She gives him the key.</p>",
            f'<p>See <a href="{PAGE}#a-key">one</a>.</p>',
        ],
        "exercise": f'<ol>\n<li>Draw.</li>\n<li>Look at <a href="{there}#the-building-blocks">this</a>.</li>\n</ol>',
    }
    assert version.head == {
        "part": "formation",
        "summary": "What a key says.",
        "minutes": 1,
        "sections": [
            {
                "anchor": "a-key",
                "former_anchors": ["old"],
                "heading": "A key changes hands",
                "minutes": 1,
                "not_in_danger": True,
            },
            {"anchor": "two", "former_anchors": [], "heading": "Two", "minutes": 1, "not_in_danger": False},
        ],
    }
    assert sorted(version.links.values_list("target", flat=True)) == [
        "part:formation",
        "section:a-spare-key#old",
        "section:what-trust-is#the-building-blocks",
        "section:what-trust-is#trust-has-limits",
    ]


def test_every_section_can_be_led_to_under_its_former_anchors_too() -> None:
    version = authoring.publish_value("lesson", lesson_source(sections=(section_source(former_anchors=("old",)),)))
    assert version.targets == {
        "lesson:a-spare-key": PAGE,
        "section:a-spare-key#a-key": f"{PAGE}#a-key",
        "section:a-spare-key#old": f"{PAGE}#a-key",
    }


def test_words_of_a_version_are_kept_for_search() -> None:
    body = "She *gives* him [the key](what-trust-is#trust-has-limits)."
    version = authoring.publish_value("lesson", lesson_source(sections=(section_source(body=body),)))
    texts = SectionText.objects.filter(version_id=version.pk).values_list("anchor", "heading", "body")
    assert list(texts) == [("a-key", "A key changes hands", "She gives him the key.")]


def test_published_version_keeps_its_words_when_the_draft_changes(client: Client) -> None:
    authoring.publish(lesson())
    before = client.get(PAGE).content
    lesson(title="Changed", scene="Changed.", sections=(section_source(heading="Changed", body="Changed."),))
    assert client.get(PAGE).content == before


def test_shipped_drawing_is_put_into_the_page() -> None:
    version = authoring.publish(lesson(scene="![A map](/static/figures/trust-map.svg)"))
    svg = drawing("trust-map")
    assert svg
    assert version.html["scene"] == f'<figure class="figure"><div role="img" aria-label="A map">{svg}</div></figure>'
    assert drawing("none-such") is None


# What is refused


@pytest.mark.parametrize(
    "overrides, place, message",
    [
        ({"scene": "![x](/static/figures/none-such.svg)"}, "scene[0]", "there is no drawing “none-such”"),
        (
            {"scene": "One.\n\n![](/static/figures/contact-dial.svg)"},
            "scene[2]",
            "Opening scene: picture '/static/figures/contact-dial.svg' has no text alternative; write ![what it "
            "shows](...)",
        ),
        ({"scene": "![x](/media/none.png)"}, "scene[0]", "there is no picture “/media/none.png”; upload it again"),
        ({"scene": ""}, "scene", "Opening scene is missing"),
        ({"scene": "a\0b"}, "scene", "Opening scene holds a character that cannot be seen (U+0000); remove it"),
        (
            {"scene": "One.\n## Two"},
            "scene[1]",
            "Opening scene: headings inside a text start with ###; ## begins a new section",
        ),
        ({"sections": ()}, "sections", "Sections: at least one is needed"),
        ({"sections": (section_source(body=""),)}, "sections[0].body", "Text is missing"),
        ({"objectives": ()}, "objectives", "Objectives: at least one is needed"),
        ({"citations": ()}, "citations", "Sources: at least one is needed"),
        (
            {"citations": (citation_source(), citation_source(doi="doi.org/10"))},
            "citations[1].doi",
            "DOI is “doi.org/10”; a DOI starts with 10. and has no https://doi.org/ before it",
        ),
        (
            {"sections": (section_source(), section_source(anchor="b", former_anchors=("a-key",)))},
            "sections[1].former_anchors",
            "Anchor “a-key” is used twice in this lesson",
        ),
        (
            {"sections": (section_source(anchor="exercise"),)},
            "sections[0].anchor",
            "Anchor “exercise” is the page’s own; choose another",
        ),
        ({"title": "x" * 121}, "title", "Title has 121 characters; 120 is the most"),
        ({"safety": "some"}, "safety", "Safety is “some”; choose from: none, care, high"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_lesson_with_a_problem_is_not_published(overrides: dict[str, Any], place: str, message: str) -> None:
    draft = lesson(**overrides)
    _, problems = LESSON.judge(draft.document)
    assert [(spelled(path), said) for path, said in problems] == [(place, message)]
    assert refusal(draft)[0].endswith(message)
    assert shown() is None


def test_every_problem_of_every_lesson_is_named() -> None:
    drafts = [
        lesson(scene="## One\n\n![x](/static/figures/none-such.svg)"),
        lesson(slug="other", number=902, title="Other", scene=""),
    ]
    assert refusal(*drafts) == [
        "A spare key: Opening scene: headings inside a text start with ###; ## begins a new section",
        "A spare key: Opening scene: there is no drawing “none-such”",
        "Other: Opening scene is missing",
    ]


@pytest.mark.parametrize("address", ["nowhere#at-all", "a-spare-key#gone"])
def test_link_to_no_section_is_refused(address: str) -> None:
    expected = f"A spare key: Opening scene: leads to the section “{address}”, which readers cannot open"
    assert refusal(lesson(scene=f"[x]({address})")) == [expected]


def test_lesson_in_no_part_is_refused() -> None:
    assert refusal(lesson(part="extra")) == ["A spare key: Part: leads to the part “extra”, which readers cannot open"]


def test_withdrawing_what_a_quiz_leads_to_is_refused_by_name() -> None:
    draft, source, anchor, quiz = linked_section()
    with pytest.raises(Refused) as refused:
        steps.withdraw(draft)
    gone = f"the section “{source.slug}#{anchor}” would be gone, but the quiz “{quiz.title}” leads there"
    assert [each for each in map(str, refused.value.problems) if each.startswith(f"{source.title}: {gone}: Dimension ")]
    assert shown(source.slug)


def test_dropping_an_anchor_that_a_live_quiz_leads_to_is_refused_by_name() -> None:
    """The quiz's draft may have moved on already: what counts is what takers are asked with now."""
    _draft, source, anchor, quiz = linked_section()
    authoring.change(quiz.draft, dimensions=[])
    kept = tuple(each for each in source.sections if each.anchor != anchor)
    problems = refusal(authoring.put("lesson", replace(source, sections=kept)))
    gone = f"the section “{source.slug}#{anchor}” would be gone, but the quiz “{quiz.title}” leads there"
    assert [each for each in problems if each.startswith(f"{source.title}: {gone}: Dimension ")]


# Anchors that were renamed


def test_renaming_an_anchor_with_a_former_one_breaks_no_quiz() -> None:
    _draft, source, anchor, quiz = linked_section()
    frozen = Version.objects.get(pk=quiz.pk).document
    authoring.publish(authoring.put("lesson", renamed(source, anchor, "another-name")), confirmed=True)
    page = shown(source.slug)
    assert page
    new = f"{page.get_absolute_url()}#another-name"
    targets = {f"section:{source.slug}#another-name", f"section:{source.slug}#{anchor}"}
    assert links.offered(targets) == dict.fromkeys(targets, new)
    authoring.publish(authoring.change(quiz.draft, title="The same quiz"))
    assert authoring.value(quiz.draft) == replace(QuizVersion.objects.get(pk=quiz.pk).source, title="The same quiz")
    assert Version.objects.get(pk=quiz.pk).document == frozen


def test_version_before_a_renaming_can_be_restored_and_published() -> None:
    draft, source, anchor, _ = linked_section()
    authoring.publish(authoring.put("lesson", renamed(source, anchor, "another-name")))
    steps.restore(draft, draft.versions.get(number=1).document)
    assert authoring.value(draft) == source
    version = authoring.publish(draft)
    assert version.targets[f"section:{source.slug}#{anchor}"].endswith(f"#{anchor}")


def test_two_anchors_change_places_in_one_save() -> None:
    pair = (section_source(anchor="a", body="One."), section_source(anchor="b", body="Two."))
    authoring.publish(lesson(sections=pair))
    swapped = (replace(pair[0], anchor="b"), replace(pair[1], anchor="a"))
    version = authoring.publish(lesson(sections=swapped))
    assert [section["anchor"] for section in version.head["sections"]] == ["b", "a"]


def test_live_sections_are_those_of_the_shipped_lessons(shipped: Shipped) -> None:
    sections = [(source.slug, section) for source in shipped.lessons for section in source.sections]
    addresses = {f"section:{slug}#{anchor}" for slug, section in sections for anchor in section.anchors}
    assert set(links.offered({*addresses, "section:what-trust-is#nothing"})) == addresses
    first = authoring.draft("lesson", shipped.lessons[0].slug)
    others = {each for each in addresses if not each.startswith(f"section:{first.slug}#")}
    assert set(links.offered(addresses, without=[first])) == others


# Where a lesson stands is said by its draft like everything else


def places(client: Client) -> Iterator[bytes]:
    for path in ("/", "/formation/", "/loss/", PAGE, "/course/", "/sitemap.xml", "/feed.atom", "/formation/card.png"):
        yield client.get(path).content


def test_place_of_a_draft_is_not_seen(client: Client) -> None:
    authoring.publish(lesson())
    before = list(places(client))
    lesson(part="loss", number=7, slug="a-spare-key")
    assert list(places(client)) == before


def test_title_and_summary_of_a_part_are_not_seen_before_their_time(client: Client) -> None:
    before = list(places(client))
    part = authoring.change(authoring.draft("part", "formation"), title="Another", summary="Another.", position=9)
    assert list(places(client)) == before
    authoring.publish(part, live_from=timezone.now() + timedelta(days=1))
    assert list(places(client)) == before


# The glossary


def test_term_leads_to_a_section_that_readers_can_open() -> None:
    term = authoring.put("term", term_source(term="abacus", section="a-spare-key#a-key"))
    assert refusal(term) == [
        "abacus: Section that teaches it: leads to the section “a-spare-key#a-key”, which readers cannot open"
    ]
    draft = lesson()
    authoring.publish(term, draft)
    with pytest.raises(Refused) as refused:
        steps.withdraw(draft)
    assert [str(each) for each in refused.value.problems] == [
        "A spare key: the section “a-spare-key#a-key” would be gone, but the term “abacus” leads there"
    ]


@pytest.mark.parametrize(
    "overrides, place, message",
    [
        ({"term": ""}, "term", "Term is missing"),
        ({"term": "x" * 61}, "term", "Term has 61 characters; 60 is the most"),
        ({"meaning": "x" * 251}, "meaning", "Meaning has 251 characters; 250 is the most"),
        (
            {"section": "here"},
            "section",
            "Section that teaches it is “here”; choose a section; its address is lesson#anchor",
        ),
    ],
)
def test_term_with_a_problem_is_told_at_its_field(overrides: dict[str, Any], place: str, message: str) -> None:
    draft = authoring.put("term", term_source(**overrides))
    assert [(spelled(path), said) for path, said in draft.of.judge(draft.document)[1]] == [(place, message)]


# Addresses of pages of this site


@pytest.mark.parametrize(
    "address, target",
    [
        ("/", ""),
        ("/help/", ""),
        ("/privacy/#history", ""),
        ("/glossary/", ""),
        ("/search/?q=trust", ""),
        ("/glossary/#advocate", "term:advocate"),
        ("/loss/", "part:loss"),
        ("/loss/how-trust-breaks/", "lesson:how-trust-breaks"),
        ("/loss/how-trust-breaks/#exercise", "lesson:how-trust-breaks"),
        ("/loss/how-trust-breaks/#a-section", "section:how-trust-breaks#a-section"),
        ("/loss/how-trust-breaks/exercise/", "lesson:how-trust-breaks"),
        ("/quizzes/", ""),
        ("/quizzes/how-i-trust/", "quiz:how-i-trust"),
        ("/quizzes/how-i-trust/questions/?for=x", "quiz:how-i-trust"),
        ("/quizzes/how-i-trust/method/", "quiz:how-i-trust"),
        ("/admin/articles/lesson/1/change/", "page:/admin/articles/lesson/1/change/"),
        ("/quizzes/how-i-trust/keep/", "page:/quizzes/how-i-trust/keep/"),
        ("/a/b/c/d/", "page:/a/b/c/d/"),
        ("/%7Bx%7D", "page:/%7Bx%7D"),
        ("/help", "page:/help"),
    ],
)
def test_page_leads_to_what_it_needs(address: str, target: str) -> None:
    assert page_target(address) == target


def test_lesson_with_a_dead_page_is_not_published(course: None) -> None:
    body = "Read [this](/loss/nothing-here/) and [that](/glossary/#no-such-word) and [help](/help/)."
    draft = authoring.put("lesson", lesson_source(sections=(section_source(body=body),)))
    with pytest.raises(Refused) as refused:
        authoring.publish(draft)
    assert [each.message for each in refused.value.problems] == [
        "leads to the lesson “nothing-here”, which readers cannot open",
        "leads to the term “no-such-word”, which readers cannot open",
    ]


def test_term_that_a_lesson_leads_to_stays(course: None) -> None:
    with pytest.raises(Refused, match=r"the lesson “.*” leads there"):
        steps.withdraw(authoring.draft("term", "advocate"))
    steps.withdraw(authoring.draft("term", "truth-default"))
