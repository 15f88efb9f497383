"""From drafts to what takers are asked: nothing is lost, nothing broken gets out, and nobody is scored by
questions they did not see."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from articles import publishing as course_publishing
from articles.models import Lesson, LessonVersion, Section
from articles.publishing import Refused
from quizzes.models import (
    Band,
    BandLink,
    Dimension,
    DimensionBand,
    Item,
    Quiz,
    QuizVersion,
    Reference,
)
from quizzes.publishing import apply, publish, reserve, restore, snapshot, withdraw
from quizzes.source import LinkSource, QuizSource
from tests.quizzes import oracle
from tests.quizzes.build import dimension, item, items, quiz
from tests.quizzes.page import parse
from trustsite.content import Content

SLUGS = tuple(oracle.quizzes())
LANDED = "what-trust-is#a-working-definition"


def small(**fields: object) -> QuizSource:
    """A quiz that leads to sections of the shipped course."""
    return quiz(dimensions=(dimension("one", low=(LANDED,), middle=(LANDED,), high=(LANDED,)),), **fields)


def sourced(shipped: Content, slug: str) -> QuizSource:
    return next(source for source in shipped.quizzes if source.slug == slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_snapshot_gives_back_what_was_applied(course: None, shipped: Content, slug: str) -> None:
    source = sourced(shipped, slug)
    assert snapshot(apply(source)) == source


@pytest.mark.parametrize("slug", SLUGS)
def test_shipped_quiz_is_live_as_its_file_says(course: None, shipped: Content, slug: str) -> None:
    (version,) = QuizVersion.objects.live().filter(quiz__slug=slug)
    assert (version.number, version.source) == (1, sourced(shipped, slug))


def test_apply_twice_leaves_the_rows_of_one(course: None, shipped: Content) -> None:
    source = sourced(shipped, "trust-in-this-relationship")
    counted = (Item, Dimension, DimensionBand, BandLink, Band)
    before = [model.objects.count() for model in counted]
    apply(source)
    apply(source)
    assert [model.objects.count() for model in counted] == before


def test_apply_refuses_a_section_that_does_not_exist(course: None) -> None:
    with pytest.raises(Refused) as refused:
        apply(quiz())
    assert refused.value.problems == [
        "A small quiz: there is no section one#high",
        "A small quiz: there is no section one#low",
        "A small quiz: there is no section one#middle",
    ]
    assert not Quiz.objects.filter(slug="small-quiz").exists()


def test_snapshot_of_a_bare_quiz_is_refused(course: None) -> None:
    reserve([small()])
    with pytest.raises(Refused) as refused:
        snapshot(Quiz.objects.get(slug="small-quiz"))
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].endswith("needs a low, a middle and a high band")


def test_publishing_numbers_versions_and_keeps_the_earlier_ones(course: None) -> None:
    draft = apply(small())
    (first,) = publish([draft], note="First")
    Quiz.objects.filter(pk=draft.pk).update(summary="Changed.")
    (second,) = publish([Quiz.objects.get(pk=draft.pk)], note="Second")
    assert [(first.number, first.note), (second.number, second.note)] == [(1, "First"), (2, "Second")]
    assert [version.source.summary for version in draft.versions.order_by("number")] == ["For tests.", "Changed."]
    assert list(QuizVersion.objects.live().filter(quiz=draft)) == [second]


def test_version_notes_the_sections_it_leads_to(course: None) -> None:
    (version,) = publish([apply(small())])
    assert list(version.references.values_list("lesson", "anchor")) == [("what-trust-is", "a-working-definition")]


def test_draft_does_not_reach_takers_before_it_is_published(course: None, client: Client) -> None:
    apply(small())
    assert client.get("/quizzes/small-quiz/").status_code == 404
    assert client.get("/quizzes/small-quiz/questions/").status_code == 404
    publish([Quiz.objects.get(slug="small-quiz")])
    assert client.get("/quizzes/small-quiz/").status_code == 200


def test_changed_draft_leaves_the_live_quiz_alone(course: None, client: Client) -> None:
    before = client.get("/quizzes/trust-facts/").content
    Quiz.objects.filter(slug="trust-facts").update(summary="Changed in the draft.")
    assert client.get("/quizzes/trust-facts/").content == before


def test_version_with_a_later_date_waits(course: None, client: Client) -> None:
    draft = apply(small())
    publish([draft])
    Quiz.objects.filter(pk=draft.pk).update(summary="From tomorrow.")
    tomorrow = timezone.now() + timedelta(days=1)
    (waiting,) = publish([Quiz.objects.get(pk=draft.pk)], live_from=tomorrow)
    assert [version.number for version in QuizVersion.objects.live().filter(quiz=draft)] == [1]
    waiting.live_from = timezone.now()
    waiting.save()
    assert [version.number for version in QuizVersion.objects.live().filter(quiz=draft)] == [2]


def test_restore_makes_the_draft_say_what_the_version_said(course: None) -> None:
    draft = Quiz.objects.get(slug="how-i-trust")
    before = snapshot(draft)
    Quiz.objects.filter(pk=draft.pk).update(title="Another title")
    restored = restore(draft.versions.get(number=1))
    assert snapshot(restored) == before


def unpublished_lesson() -> Section:
    """A section of a lesson that was never published."""
    lesson = Lesson.objects.get(slug="what-trust-is")
    lesson.pk, lesson.slug, lesson.number = None, "not-yet", 900
    lesson._state.adding = True
    lesson.save()
    return Section.objects.create(lesson=lesson, anchor="soon", heading="Soon", body="Soon.")


def test_publishing_refuses_a_link_to_an_unpublished_lesson_by_name(course: None) -> None:
    unpublished_lesson()
    draft = apply(quiz(dimensions=(dimension(low=("not-yet#soon",), middle=(LANDED,), high=(LANDED,)),)))
    with pytest.raises(Refused) as refused:
        publish([draft])
    assert refused.value.problems == ["A small quiz: links to not-yet#soon, which readers cannot open"]
    assert not draft.versions.exists()


def test_publishing_refuses_a_link_to_a_withdrawn_lesson_by_name(course: None) -> None:
    draft = apply(small())
    Lesson.objects.filter(slug="what-trust-is").update(withdrawn=True)
    with pytest.raises(Refused) as refused:
        publish([draft])
    assert refused.value.problems == [f"A small quiz: links to {LANDED}, which readers cannot open"]


def test_publishing_refuses_what_its_file_would_be_refused_for(course: None) -> None:
    draft = apply(small(items=(*items(4), item("5", flag_at=(1,)))))
    with pytest.raises(Refused) as refused:
        publish([draft])
    assert refused.value.problems == [
        "A small quiz: something flags danger, but there is no 'safety' to say what to show then"
    ]


def test_publishing_is_all_or_none(course: None) -> None:
    unpublished_lesson()
    broken = apply(quiz(dimensions=(dimension(low=("not-yet#soon",), middle=(LANDED,), high=(LANDED,)),)))
    fine = Quiz.objects.get(slug="trust-facts")
    with pytest.raises(Refused):
        publish([fine, broken])
    assert fine.versions.count() == 1


def test_lesson_cannot_be_withdrawn_while_a_quiz_leads_there(course: None) -> None:
    publish([apply(small())])
    lesson = Lesson.objects.get(slug="what-trust-is")
    with pytest.raises(Refused) as refused:
        course_publishing.withdraw(lesson)
    assert "quiz 'A small quiz' links to what-trust-is#a-working-definition" in refused.value.problems
    assert not Lesson.objects.get(pk=lesson.pk).withdrawn


def test_deleting_a_section_names_the_bands_that_lead_there(course: None) -> None:
    section = Section.objects.get(lesson__slug="living-without-trust", anchor="on-guard-all-the-time")
    with pytest.raises(ProtectedError) as protected:
        section.delete()
    assert [str(row) for row in protected.value.protected_objects] == [
        "quiz 'How much trust is in this relationship?', Predictability, low band"
    ]


def test_deleting_a_section_names_every_kind_of_use(course: None) -> None:
    section = Section.objects.get(lesson__slug="what-trust-is", anchor="safety-comes-first")
    with pytest.raises(ProtectedError) as protected:
        section.delete()
    named = {str(row) for row in protected.value.protected_objects}
    assert "quiz 'How much trust is in this relationship?', Safety, middle band" in named
    assert "Ready to rebuild?" in named  # as its fallback


def questions_form(client: Client, slug: str, query: str = "") -> dict[str, str]:
    """The hidden fields of the form as it was asked."""
    page = parse(client.get(f"/quizzes/{slug}/questions/{query}").content)
    (form,) = [form for form in page.all("form", method="post") if form["action"].endswith(f"questions/{query}")]
    return {field["name"]: field["value"] for field in form.all("input", type="hidden")}


def test_answers_are_scored_by_the_version_that_was_asked(course: None, client: Client) -> None:
    """Between load and submit an editor publishes a quiz whose items are all turned round."""
    asked = questions_form(client, "how-i-trust")
    assert asked["version"] == "1"
    draft = Quiz.objects.get(slug="how-i-trust")
    draft.items.update(reverse=True)
    publish([draft])
    answers = {f"item-{number}": "5" for number in range(1, 17)}
    assert client.post("/quizzes/how-i-trust/questions/", answers | asked).status_code == 303
    assert shown(client) == ("1", "75")
    assert client.post("/quizzes/how-i-trust/questions/", answers | {"version": "2"}).status_code == 303
    assert shown(client) == ("2", "0")


def test_answers_given_before_a_new_version_keep_their_result(course: None, client: Client) -> None:
    answers = {f"item-{number}": "5" for number in range(1, 17)}
    client.post("/quizzes/how-i-trust/questions/", answers)
    draft = Quiz.objects.get(slug="how-i-trust")
    draft.items.update(reverse=True)
    publish([draft])
    assert shown(client) == ("1", "75")


@pytest.mark.parametrize("number", ["", "0", "2", "999999999", "-1", "1.0", "\u0661", "one", "1\0", "1" * 5000])
def test_answers_for_a_version_nobody_was_asked_with_go_to_the_live_one(
    course: None, client: Client, number: str
) -> None:
    answers = {f"item-{key}": "5" for key in range(1, 17)} | {"version": number}
    assert client.post("/quizzes/how-i-trust/questions/", answers).status_code == 303
    assert shown(client) == ("1", "75")


def test_answers_for_a_version_still_to_come_go_to_the_live_one(course: None, client: Client) -> None:
    draft = Quiz.objects.get(slug="how-i-trust")
    draft.items.update(reverse=True)
    publish([draft], live_from=timezone.now() + timedelta(days=1))
    answers = {f"item-{key}": "5" for key in range(1, 17)} | {"version": "2"}
    assert client.post("/quizzes/how-i-trust/questions/", answers).status_code == 303
    assert shown(client) == ("1", "75")


def shown(client: Client) -> tuple[str, str]:
    """Version and first score, by the author's order, of the result for ``how-i-trust``."""
    page = parse(client.get("/quizzes/how-i-trust/result/").content)
    return page.one(data_result="")["data-version"], page.one(data_dimension="open")["data-score"]


@pytest.mark.parametrize("address", ["", "questions/", "result/"])
def test_withdrawn_quiz_is_gone(course: None, client: Client, address: str) -> None:
    client.post("/quizzes/how-i-trust/questions/", {f"item-{key}": "5" for key in range(1, 17)})
    withdraw(Quiz.objects.get(slug="how-i-trust"))
    assert client.get(f"/quizzes/how-i-trust/{address}").status_code == 404
    assert "how-i-trust" not in client.get("/quizzes/").content.decode()
    assert "how-i-trust" not in client.get("/sitemap.xml").content.decode()


def test_withdrawn_quiz_comes_back_when_it_is_published(course: None, client: Client) -> None:
    draft = Quiz.objects.get(slug="how-i-trust")
    withdraw(draft)
    publish([draft])
    assert client.get("/quizzes/how-i-trust/").status_code == 200


def test_withdrawing_is_refused_while_another_quiz_leads_there(course: None) -> None:
    draft = Quiz.objects.get(slug="is-this-person-safe-to-trust")
    with pytest.raises(Refused) as refused:
        withdraw(draft)
    assert refused.value.problems == [
        "quiz 'Where did the mistrust come from?' leads to 'Is this person safe to trust?'"
    ]
    assert not Quiz.objects.get(pk=draft.pk).withdrawn


def test_repair_advice_marked_after_publishing_is_hidden_at_once(course: None, client: Client) -> None:
    """The mark is read from the lesson as it is now, not as it was when the quiz was published."""
    lesson = Lesson.objects.get(slug="manipulation-and-control")
    lesson.sections.filter(anchor="signs-of-emotional-abuse").update(repair_advice=True)
    course_publishing.publish([lesson])
    source = QuizVersion.objects.live().get(quiz__slug="is-this-person-safe-to-trust").source
    assert LinkSource(to="manipulation-and-control#signs-of-emotional-abuse", why="even one matters") in source.links
    answers = {f"item-{key}": "0" for key in range(1, 17)} | {"item-13": "1"}
    client.post("/quizzes/is-this-person-safe-to-trust/questions/", answers)
    control = parse(client.get("/quizzes/is-this-person-safe-to-trust/result/").content).one(data_dimension="control")
    assert (control["data-band"], control.one(data_reading="")["data-reading"]) == (
        "middle",
        "what-trust-is#safety-comes-first",
    )


def test_references_cover_every_link_of_the_live_quizzes(course: None) -> None:
    for version in QuizVersion.objects.live():
        noted = {f"{each.lesson}#{each.anchor}" for each in Reference.objects.filter(version=version)}
        assert noted == {link.to for link in version.source.links}
    assert LessonVersion.objects.live().count() == 20
