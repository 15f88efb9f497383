import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Count, ProtectedError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from articles import publishing
from articles.models import Lesson, LessonVersion, Section
from articles.publishing import Refused
from articles.source import LessonSource
from quizzes import publishing as quizzing
from quizzes.models import BandLink, Quiz, QuizVersion, Reference
from tests.factories import citation_source, exercise_source, lesson_source, lesson_sources, section_source

pytestmark = pytest.mark.usefixtures("course")
DAY = timedelta(days=1)


def lesson(**overrides: Any) -> Lesson:
    """The draft of a lesson of our own."""
    return publishing.apply(lesson_source(**overrides))


def shown(slug: str = "a-spare-key") -> LessonVersion | None:
    return LessonVersion.objects.live().filter(lesson__slug=slug).first()


def linked_section() -> tuple[Section, BandLink]:
    """A section that a band of a shipped quiz links to."""
    link = BandLink.objects.select_related("section__lesson", "band__dimension__quiz").first()
    assert link
    return link.section, link


def without(source: LessonSource, anchor: str) -> LessonSource:
    return replace(source, sections=tuple(each for each in source.sections if each.anchor != anchor))


# --- rows and values


@given(lesson_sources())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_snapshot_of_an_applied_value_is_the_value(source: LessonSource) -> None:
    assert publishing.snapshot(publishing.apply(source)) == source


def test_every_shipped_lesson_is_in_the_rows_as_in_its_file(shipped: Any) -> None:
    rows = Lesson.objects.order_by("number")
    assert [publishing.snapshot(row) for row in rows] == sorted(shipped.lessons, key=lambda source: source.number)


def test_snapshot_reads_what_a_browser_sent() -> None:
    """Forms send line ends as CRLF and keep blank lines around a text."""
    row = lesson()
    row.scene, row.exercise_body = "One\r\n\r\nTwo\r\n", "\r\nDo\r\nthis  \r\n"
    row.objectives = "Say this.\r\n\r\n  Say that. \r\n"
    row.save()
    row.sections.update(body="\r\n\r\nShe gives\r\nhim the key.\r\n\r\n")
    source = publishing.snapshot(row)
    assert (source.scene, source.exercise.body) == ("One\n\nTwo", "Do\nthis")
    assert source.objectives == ("Say this.", "Say that.")
    assert source.sections[0].body == "She gives\nhim the key."


def test_section_keeps_its_row_when_its_anchor_is_renamed() -> None:
    row = lesson(sections=(section_source(), section_source(anchor="drawer")))
    before = row.sections.get(anchor="a-key").pk
    renamed = section_source(anchor="the-key", former_anchors=("a-key",))
    row = lesson(sections=(section_source(anchor="drawer"), renamed))
    assert list(row.sections.values_list("anchor", "position")) == [("drawer", 0), ("the-key", 1)]
    assert row.sections.get(anchor="the-key").pk == before


def test_section_renamed_without_its_former_anchor_is_another_section() -> None:
    row = lesson()
    before = row.sections.get().pk
    row = lesson(sections=(section_source(anchor="the-key"),))
    assert row.sections.get().pk != before


def test_sections_in_another_order_keep_their_rows() -> None:
    sections = tuple(section_source(anchor=anchor) for anchor in ("a", "b", "c"))
    before = dict(lesson(sections=sections).sections.values_list("anchor", "pk"))
    row = lesson(sections=sections[::-1])
    assert list(row.sections.values_list("anchor", "pk")) == [(anchor, before[anchor]) for anchor in ("c", "b", "a")]


def test_citations_are_replaced_in_order() -> None:
    lesson(citations=tuple(citation_source(citation=str(n)) for n in range(3)))
    row = lesson(citations=(citation_source(citation="b"), citation_source(citation="a")))
    assert [cited.citation for cited in row.citations.all()] == ["b", "a"]


def test_deleting_a_section_that_a_quiz_uses_is_refused_by_name() -> None:
    section, link = linked_section()
    source = publishing.snapshot(section.lesson)
    with pytest.raises(Refused) as refused:
        publishing.apply(without(source, section.anchor))
    links = BandLink.objects.filter(section=section)
    expected = {
        f"quiz '{each.band.dimension.quiz}', {each.band.dimension.name}, {each.band.get_index_display()} band"
        " still links to a section that is to be deleted"
        for each in links
    }
    assert expected <= set(refused.value.problems)
    assert f"quiz '{link.band.dimension.quiz}'" in refused.value.problems[0]
    assert publishing.snapshot(Lesson.objects.get(pk=section.lesson.pk)) == source


def test_row_of_a_section_that_a_quiz_uses_cannot_be_deleted() -> None:
    section, _ = linked_section()
    with pytest.raises(ProtectedError):
        section.delete()


# --- publishing


def test_publishing_numbers_versions_and_remembers_who_and_why(editor: Any) -> None:
    row = lesson()
    for note in ("first", "second"):
        publishing.publish([row], author=editor, note=note)
    versions = row.versions.order_by("number").values_list("number", "note", "author__username")
    assert list(versions) == [(1, "first", "maria"), (2, "second", "maria")]


def test_draft_is_invisible_until_it_is_published() -> None:
    row = lesson()
    assert shown() is None
    publishing.publish([row])
    version = shown()
    assert version
    assert (version.title, version.source) == ("A spare key", lesson_source())
    row = lesson(title="Another title")
    assert [version.title for version in LessonVersion.objects.live().filter(lesson=row)] == ["A spare key"]
    publishing.publish([row])
    assert [version.title for version in LessonVersion.objects.live().filter(lesson=row)] == ["Another title"]


def test_version_freezes_html_outline_and_references() -> None:
    source = lesson_source(
        scene="A *scene* with [a link](what-trust-is#trust-has-limits).",
        sections=(
            section_source(repair_advice=True, former_anchors=("old",)),
            section_source(anchor="two", heading="Two", body="See [one](a-spare-key#old)."),
        ),
        exercise=exercise_source(body="1. Draw.\n2. Look at [this](what-trust-is#the-building-blocks)."),
    )
    version = publishing.publish([publishing.apply(source)])[0]
    here, there = "/formation/a-spare-key/", "/formation/what-trust-is/"
    assert version.html == {
        "scene": f'<p>A <em>scene</em> with <a href="{there}#trust-has-limits">a link</a>.</p>',
        "sections": {
            "a-key": "<p>She gives him the key.</p>",
            "two": f'<p>See <a href="{here}#a-key">one</a>.</p>',
        },
        "exercise": f'<ol>\n<li>Draw.</li>\n<li>Look at <a href="{there}#the-building-blocks">this</a>.</li>\n</ol>',
    }
    assert version.outline == [
        {
            "anchor": "a-key",
            "former_anchors": ["old"],
            "heading": "A key changes hands",
            "minutes": 1,
            "repair_advice": True,
        },
        {"anchor": "two", "former_anchors": [], "heading": "Two", "minutes": 1, "repair_advice": False},
    ]
    assert version.references == [
        "a-spare-key#old",
        "what-trust-is#the-building-blocks",
        "what-trust-is#trust-has-limits",
    ]
    assert version.minutes == 1


def test_scheduled_version_is_invisible_before_its_time_and_visible_after() -> None:
    row = lesson()
    publishing.publish([row])
    row = lesson(title="For the holidays")
    later = publishing.publish([row], live_from=timezone.now() + DAY)[0]
    version = shown()
    assert version
    assert (version.number, version.title) == (1, "A spare key")
    LessonVersion.objects.filter(pk=later.pk).update(live_from=timezone.now() - timedelta(seconds=1))
    version = shown()
    assert version
    assert (version.number, version.title) == (2, "For the holidays")


def test_first_version_in_the_future_shows_nothing() -> None:
    publishing.publish([lesson()], live_from=timezone.now() + DAY)
    assert shown() is None


def test_newest_version_counts_not_the_latest_moment() -> None:
    row = lesson()
    publishing.publish([row], live_from=timezone.now() - DAY)
    publishing.publish([lesson(title="Back-dated")], live_from=timezone.now() - 30 * DAY)
    version = shown()
    assert version
    assert version.number == 2


def test_restoring_brings_back_the_text_of_version_one() -> None:
    row = lesson()
    first = publishing.publish([row])[0]
    lesson(title="Another title", scene="Another scene.", sections=(section_source(body="Another text."),))
    publishing.publish([row := Lesson.objects.get(pk=row.pk)])
    restored = publishing.restore(first)
    assert publishing.snapshot(restored) == lesson_source()
    assert restored.versions.count() == 2
    publishing.publish([restored])
    version = shown()
    assert version
    assert (version.number, version.source) == (3, lesson_source())


def test_restoring_does_not_move_a_lesson() -> None:
    row = lesson()
    publishing.publish([row])
    lesson(part="loss", number=902)
    restored = publishing.snapshot(publishing.restore(LessonVersion.objects.get(lesson__slug=row.slug)))
    assert (restored.part, restored.number) == ("loss", 902)


def test_withdrawn_lesson_is_gone_until_it_is_published_again() -> None:
    row = lesson()
    publishing.publish([row])
    publishing.withdraw(row)
    assert shown() is None
    assert "a-spare-key#a-key" not in publishing.live_addresses()
    publishing.publish([row])
    version = shown()
    assert version
    assert version.number == 2


def test_withdrawing_what_a_quiz_leads_to_is_refused_by_name() -> None:
    reference = Reference.objects.live().first()
    assert reference
    row = Lesson.objects.get(slug=reference.lesson)
    with pytest.raises(Refused) as refused:
        publishing.withdraw(row)
    expected = f"quiz '{reference.version.title}' links to {reference.lesson}#{reference.anchor}"
    assert expected in refused.value.problems
    assert not Lesson.objects.get(pk=row.pk).withdrawn


def test_withdrawing_what_a_lesson_leads_to_is_refused_by_name() -> None:
    row = lesson()
    other = lesson(slug="other", number=902, title="Other", scene="[Key](a-spare-key#a-key)")
    publishing.publish([row, other])
    with pytest.raises(Refused) as refused:
        publishing.withdraw(row)
    assert refused.value.problems == ["lesson 'Other' links to a-spare-key#a-key"]
    publishing.withdraw(other)
    publishing.withdraw(row)
    assert shown() is None


@pytest.mark.parametrize(
    "overrides, problems",
    [
        ({"scene": "[x](nowhere#at-all)"}, ["A spare key: links to nowhere#at-all, which readers cannot open"]),
        ({"scene": "[x](a-spare-key#gone)"}, ["A spare key: links to a-spare-key#gone, which readers cannot open"]),
        ({"scene": "![x](/static/figures/none-such.svg)"}, ["A spare key: there is no drawing 'none-such'"]),
        (
            {"scene": "![](/media/a.png)"},
            ["A spare key: opening scene: picture '/media/a.png' has no text alternative; write ![what it shows](...)"],
        ),
        ({"scene": ""}, ["A spare key: the lesson has no opening scene before its first section"]),
        ({"sections": ()}, ["A spare key: the lesson has no section; write ## Heading {#anchor}"]),
        ({"sections": (section_source(body=""),)}, ["A spare key: section 'a-key' has no text"]),
        ({"objectives": ()}, ["A spare key: key 'objectives' is missing"]),
        ({"citations": ()}, ["A spare key: key 'sources' is missing"]),
        (
            {"citations": (citation_source(doi="doi.org/10"),)},
            [
                "A spare key: source 1: 'doi.org/10' is not a DOI;"
                " it starts with 10. and has no https://doi.org/ before it"
            ],
        ),
        (
            {"sections": (section_source(), section_source(anchor="b", former_anchors=("a-key",)))},
            ["A spare key: anchor 'a-key' is used twice in this lesson"],
        ),
    ],
    ids=[
        "lesson",
        "own section",
        "drawing",
        "picture",
        "scene",
        "sections",
        "text",
        "objectives",
        "sources",
        "doi",
        "anchor",
    ],
)
def test_draft_with_a_problem_is_not_published(overrides: dict[str, Any], problems: list[str]) -> None:
    source = lesson_source(**overrides)
    assert publishing.publishing_problems([source]) == problems
    if "anchor 'a-key'" not in problems[0]:
        with pytest.raises(Refused) as refused:
            publishing.publish([publishing.apply(source)])
        assert refused.value.problems == problems
    assert shown() is None


def test_shipped_drawing_is_put_into_the_page() -> None:
    version = publishing.publish([lesson(scene="![A map](/static/figures/trust-map.svg)")])[0]
    drawing = publishing.drawing("trust-map")
    assert drawing
    assert version.html["scene"] == (
        f'<figure class="figure"><div role="img" aria-label="A map">{drawing}</div></figure>'
    )
    assert publishing.drawing("none-such") is None


def test_lessons_that_lead_to_each_other_are_published_together() -> None:
    row = lesson(scene="[x](other#a-key)")
    other = lesson(slug="other", number=902, title="Other", scene="[x](a-spare-key#a-key)")
    for alone in (row, other):
        with pytest.raises(Refused):
            publishing.publish([alone])
    assert [version.number for version in publishing.publish([row, other])] == [1, 1]


def test_publishing_is_all_or_nothing() -> None:
    good = lesson()
    bad = lesson(slug="other", number=902, title="Other", scene="[x](nowhere#at-all)")
    with pytest.raises(Refused) as refused:
        publishing.publish([good, bad])
    assert refused.value.problems == ["Other: links to nowhere#at-all, which readers cannot open"]
    assert LessonVersion.objects.filter(lesson__in=[good, bad]).count() == 0


def test_publishing_that_fails_halfway_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [lesson(), lesson(slug="other", number=902, title="Other")]
    save = LessonVersion.save

    def fail_at_the_second(version: LessonVersion, **options: Any) -> None:
        if version.title == "Other":
            raise RuntimeError("the disk is full")
        save(version, **options)

    monkeypatch.setattr(LessonVersion, "save", fail_at_the_second)
    with pytest.raises(RuntimeError, match="the disk is full"):
        publishing.publish(rows)
    assert LessonVersion.objects.filter(lesson__in=rows).count() == 0


def test_every_problem_of_every_draft_is_named() -> None:
    rows = [
        lesson(scene="[x](nowhere#at-all)\n\n![x](/static/figures/none-such.svg)"),
        lesson(slug="other", number=902, title="Other", scene=""),
    ]
    with pytest.raises(Refused) as refused:
        publishing.publish(rows)
    assert refused.value.problems == [
        "A spare key: links to nowhere#at-all, which readers cannot open",
        "A spare key: there is no drawing 'none-such'",
        "Other: the lesson has no opening scene before its first section",
    ]


def test_dropping_an_anchor_that_a_live_quiz_links_to_is_refused_by_name() -> None:
    """The quiz's draft may have moved on already: what counts is what takers are asked with now."""
    reference = Reference.objects.live().select_related("version__quiz").order_by("pk").first()
    assert reference
    row = Lesson.objects.get(slug=reference.lesson)
    source = publishing.snapshot(row)
    kept = tuple(each for each in source.sections if each.anchor != reference.anchor)
    problems = publishing.publishing_problems([replace(source, sections=kept)])
    who = f"quiz '{reference.version.title}' links to it"
    assert f"{source.title}: section '{reference.anchor}' is missing, but {who}" in problems


def test_renaming_an_anchor_with_a_former_one_breaks_no_quiz() -> None:
    section, _ = linked_section()
    source = publishing.snapshot(section.lesson)
    renamed = tuple(
        replace(each, anchor="another-name", former_anchors=(each.anchor,)) if each.anchor == section.anchor else each
        for each in source.sections
    )
    quizzes = {
        quiz.pk: json.dumps(quizzing.freeze(quizzing.snapshot(quiz), quiz).document) for quiz in Quiz.objects.all()
    }
    row = publishing.apply(replace(source, sections=renamed))
    publishing.publish([row])
    assert row.sections.get(anchor="another-name").pk == section.pk
    assert {f"{source.slug}#another-name", f"{source.slug}#{section.anchor}"} <= publishing.live_addresses()
    assert publishing.page_addresses()[f"{source.slug}#{section.anchor}"].endswith("#another-name")
    after = {
        quiz.pk: json.dumps(quizzing.freeze(quizzing.snapshot(quiz), quiz).document) for quiz in Quiz.objects.all()
    }
    old, new = f'{source.slug}#{section.anchor}"', f'{source.slug}#another-name"'
    assert after == {pk: text.replace(old, new) for pk, text in quizzes.items()}


def test_version_before_a_renaming_can_be_restored() -> None:
    section, _ = linked_section()
    source = publishing.snapshot(section.lesson)
    renamed = tuple(
        replace(each, anchor="new-name", former_anchors=(each.anchor,)) if each.anchor == section.anchor else each
        for each in source.sections
    )
    publishing.publish([publishing.apply(replace(source, sections=renamed))])
    restored = publishing.restore(section.lesson.versions.get(number=1))
    assert publishing.snapshot(restored) == source
    assert restored.sections.get(anchor=section.anchor).pk == section.pk


def test_section_that_a_scheduled_version_drops_cannot_be_linked_to() -> None:
    publishing.publish([lesson(sections=(section_source(), section_source(anchor="b")))])
    publishing.publish([lesson()], live_from=timezone.now() + DAY)
    other = lesson(slug="other", number=902, title="Other", scene="[x](a-spare-key#b)")
    with pytest.raises(Refused) as refused:
        publishing.publish([other])
    assert refused.value.problems == ["Other: links to a-spare-key#b, which readers cannot open"]


def test_dropping_an_anchor_that_a_live_lesson_links_to_is_refused_by_name() -> None:
    row = lesson(sections=(section_source(), section_source(anchor="b")))
    other = lesson(slug="other", number=902, title="Other", scene="[x](a-spare-key#b)")
    publishing.publish([row, other])
    row = lesson()
    with pytest.raises(Refused) as refused:
        publishing.publish([row])
    assert refused.value.problems == ["A spare key: section 'b' is missing, but lesson 'Other' links to it"]
    other = lesson(slug="other", number=902, title="Other")
    assert len(publishing.publish([row, other])) == 2


def test_live_addresses_are_those_of_the_shipped_sections(shipped: Any) -> None:
    expected = {f"{source.slug}#{anchor}" for source in shipped.lessons for anchor in source.anchors}
    assert publishing.live_addresses() == expected
    slug = shipped.lessons[0].slug
    assert publishing.live_addresses(without=[slug]) == {each for each in expected if not each.startswith(f"{slug}#")}


def test_every_shipped_lesson_and_quiz_is_published_once() -> None:
    for model, related in ((Lesson, "versions"), (Quiz, "versions")):
        assert set(model.objects.annotate(n=Count(related)).values_list("n", flat=True)) == {1}
    assert (LessonVersion.objects.live().count(), QuizVersion.objects.live().count()) == (20, 7)


def test_published_version_keeps_its_words_when_the_draft_changes(client: Client) -> None:
    publishing.publish([lesson()])
    before = client.get("/formation/a-spare-key/").content
    lesson(title="Changed", scene="Changed.", sections=(section_source(heading="Changed", body="Changed."),))
    assert client.get("/formation/a-spare-key/").content == before
