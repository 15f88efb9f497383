"""From drafts to what takers are asked: nothing is lost, nothing broken gets out, and nobody is scored by
questions they did not see."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import LessonVersion
from helplines.models import HelpLineVersion
from helplines.source import HELP_TOPICS
from publishing import steps
from publishing.judging import Refused
from publishing.models import Draft, Link, Version
from quizzes.models import QuizVersion
from quizzes.source import QuizSource
from tests import factories
from tests.authoring import change, draft, publish, publish_value, put, value
from tests.conftest import Shipped
from tests.factories import lesson_source
from tests.quizzes import oracle
from tests.quizzes.build import dimension, item, items, quiz, safety
from tests.quizzes.page import parse

SLUGS = tuple(oracle.quizzes())
LANDED = "what-trust-is#a-working-definition"


def small(**fields: Any) -> QuizSource:
    """A quiz that leads to sections of the shipped course."""
    return quiz(dimensions=(dimension("one", low=(LANDED,), middle=(LANDED,), high=(LANDED,)),), **fields)


def leading_to(address: str) -> QuizSource:
    return quiz(dimensions=(dimension(low=(address,), middle=(LANDED,), high=(LANDED,)),))


def sourced(shipped: Shipped, slug: str) -> QuizSource:
    return next(source for source in shipped.quizzes if source.slug == slug)


def problems(*drafts: Draft, **how: Any) -> list[str]:
    """Why the drafts cannot be published; they were not."""
    before = Version.objects.count()
    with pytest.raises(Refused) as refused:
        publish(*drafts, **how)
    assert Version.objects.count() == before
    return [str(each) for each in (*refused.value.problems, *refused.value.to_confirm)]


def live_number(slug: str) -> int:
    return int(QuizVersion.objects.live(slug=slug).get().number)


@pytest.mark.parametrize("slug", SLUGS)
def test_draft_says_what_was_put_into_it(course: None, shipped: Shipped, slug: str) -> None:
    """Saying the same again is no save."""
    source, before = sourced(shipped, slug), draft("quiz", slug).revision
    again = put("quiz", source)
    assert (value(again), again.revision) == (source, before)


@pytest.mark.parametrize("slug", SLUGS)
def test_shipped_quiz_is_live_as_its_file_says(course: None, shipped: Shipped, slug: str) -> None:
    version = QuizVersion.objects.live(slug=slug).get()
    assert (version.number, version.source) == (1, sourced(shipped, slug))


def test_bare_quiz_is_saved_and_told_what_it_needs(course: None) -> None:
    bare = steps.save(Draft(kind="quiz", document={}), {"title": "A bare quiz"}, how="typed").draft
    found = problems(bare)
    assert found[:3] == [
        "A bare quiz: Address is missing",
        "A bare quiz: Number is missing",
        "A bare quiz: Summary is missing",
    ]
    assert found[-1] == "A bare quiz: Questions: at least one is needed"


def test_publishing_numbers_versions_and_keeps_the_earlier_ones(course: None) -> None:
    first = publish_value("quiz", small(), note="First")
    second = publish(change(first.draft, summary="Changed."), note="Second")
    assert [(first.number, first.note), (second.number, second.note)] == [(1, "First"), (2, "Second")]
    versions = QuizVersion.objects.filter(draft=first.draft).order_by("number")
    assert [version.source.summary for version in versions] == ["For tests.", "Changed."]
    assert live_number("small-quiz") == 2


def test_version_notes_the_sections_it_leads_to(course: None) -> None:
    version = publish_value("quiz", small())
    assert [(link.path, link.target) for link in version.links.order_by("pk")] == [
        (f"dimensions[0].bands[{band}].links[0].to", f"section:{LANDED}") for band in range(3)
    ]


def test_draft_does_not_reach_takers_before_it_is_published(course: None, client: Client) -> None:
    new = put("quiz", small())
    assert client.get("/quizzes/small-quiz/").status_code == 404
    assert client.get("/quizzes/small-quiz/questions/").status_code == 404
    publish(new)
    assert client.get("/quizzes/small-quiz/").status_code == 200


def test_changed_draft_leaves_the_live_quiz_alone(course: None, client: Client) -> None:
    before = client.get("/quizzes/trust-facts/").content
    change(draft("quiz", "trust-facts"), summary="Changed in the draft.", number=901)
    assert client.get("/quizzes/trust-facts/").content == before


def test_version_with_a_later_date_waits(course: None) -> None:
    first = publish_value("quiz", small())
    tomorrow = timezone.now() + timedelta(days=1)
    publish(change(first.draft, summary="From tomorrow."), live_from=tomorrow)
    assert live_number("small-quiz") == 1
    assert QuizVersion.objects.live(slug="small-quiz", now=tomorrow).get().source.summary == "From tomorrow."


def test_restore_makes_the_draft_say_what_the_version_said(course: None) -> None:
    quiz_draft = draft("quiz", "how-i-trust")
    before = value(quiz_draft)
    change(quiz_draft, title="Another title", items=[])
    restored = steps.restore(quiz_draft, quiz_draft.versions.get(number=1).document)
    assert value(restored) == before


# Links to lessons


def test_publishing_refuses_a_section_that_does_not_exist(course: None) -> None:
    assert problems(put("quiz", leading_to("one#low"))) == [
        "A small quiz: Dimension 1, Low band, Link 1, Section: "
        "leads to the section “one#low”, which readers cannot open"
    ]


def test_publishing_refuses_a_link_to_an_unpublished_lesson_by_name(course: None) -> None:
    put("lesson", lesson_source())
    new = put("quiz", leading_to("a-spare-key#a-key"))
    assert problems(new) == [
        "A small quiz: Dimension 1, Low band, Link 1, Section: "
        "leads to the section “a-spare-key#a-key”, which readers cannot open"
    ]


def test_publishing_refuses_a_link_to_a_withdrawn_lesson_by_name(course: None) -> None:
    lesson = publish_value("lesson", lesson_source()).draft
    new = put("quiz", leading_to("a-spare-key#a-key"))
    steps.withdraw(lesson)
    assert problems(new) == [
        "A small quiz: Dimension 1, Low band, Link 1, Section: "
        "leads to the section “a-spare-key#a-key”, which readers cannot open"
    ]


def test_quiz_and_the_lesson_it_leads_to_are_published_together(course: None) -> None:
    lesson, new = put("lesson", lesson_source()), put("quiz", leading_to("a-spare-key#a-key"))
    publish(new, lesson)
    assert (live_number("small-quiz"), LessonVersion.objects.live(slug="a-spare-key").count()) == (1, 1)


def test_publishing_is_all_or_none(course: None) -> None:
    fine = change(draft("quiz", "trust-facts"), summary="Changed.")
    problems(fine, put("quiz", leading_to("not-yet#soon")))
    assert (live_number("trust-facts"), fine.versions.count()) == (1, 1)


def test_publishing_refuses_what_its_file_would_be_refused_for(course: None) -> None:
    assert problems(put("quiz", small(items=(*items(4), item("5", flag_at=(1,)))))) == [
        "A small quiz: Safety: Something flags danger, but Safety does not say yet what to show then"
    ]


def test_publishing_refuses_a_cell_without_a_link_in_a_context(course: None) -> None:
    bond = value(draft("quiz", "trust-in-this-relationship"))
    at = ("dimensions", 0, "bands", 1, "links")
    assert problems(put("quiz", factories.put(bond, *at, to=bond.dimensions[0].bands[1].links[:1]))) == [
        "How much trust is in this relationship?: Dimension 1, Middle band: "
        "No link for: A colleague, A friend, A relative; add one, or make one for all"
    ]


def test_lesson_cannot_be_withdrawn_while_a_quiz_leads_there(course: None) -> None:
    publish_value("quiz", small())
    with pytest.raises(Refused) as refused:
        steps.withdraw(draft("lesson", "what-trust-is"))
    told = f"the section “{LANDED}” would be gone, but the quiz “A small quiz” leads there"
    (found,) = [str(each) for each in refused.value.problems if "A small quiz" in str(each)]
    assert found.startswith(f"What trust is, and what it is not: {told}")
    assert LessonVersion.objects.live(slug="what-trust-is").count() == 1


def without(slug: str, anchor: str) -> Draft:
    """The draft of a lesson after one of its sections was deleted."""
    lesson = draft("lesson", slug)
    return change(lesson, sections=[each for each in lesson.document["sections"] if each["anchor"] != anchor])


def test_deleting_a_section_names_the_band_that_leads_there(course: None) -> None:
    told = [each for each in problems(without("living-without-trust", "on-guard-all-the-time")) if "quiz" in each]
    assert told == [
        "Living with little trust: the section “living-without-trust#on-guard-all-the-time” would be gone, "
        "but the quiz “How much trust is in this relationship?” leads there: Dimension 1, Low band, Link 1"
    ]


def test_deleting_a_section_names_every_kind_of_use(course: None) -> None:
    named = " ".join(problems(without("what-trust-is", "safety-comes-first")))
    assert "the quiz “Ready to rebuild?” leads there: Safety, Where a dimension without links leads" in named
    assert "the quiz “How much trust is in this relationship?” leads there: Dimension 5, Middle band, Link" in named


# Safety


@pytest.mark.parametrize("place", ["safety", "gate"])
def test_help_topic_must_be_one_that_exists(course: None, place: str) -> None:
    """A word that is none would show a flagged result without a number to call."""
    ready = draft("quiz", "ready-to-rebuild")
    part = ready.document["safety"] if place == "safety" else ready.document["gates"][0]
    part["help_topics"] = ["abusee"]
    where = {"safety": "Safety", "gate": "Safety question 1"}[place]
    assert problems(change(ready, **ready.document)) == [
        f"Ready to rebuild?: {where}: Help lines is “abusee”; choose from: {', '.join(HELP_TOPICS)}"
    ]


def test_help_topic_needs_a_line_that_readers_see(course: None) -> None:
    flagging = small(items=(*items(4), item("5", flag_at=(1,))), safety=safety(leading=(LANDED,), fallback=LANDED))
    alone = replace(flagging, safety=replace(flagging.safety, help_topics=("harm",)))
    new = put("quiz", alone)
    for version in HelpLineVersion.objects.live():
        if version.source.topic == "harm":
            Version.objects.filter(pk=version.pk).update(targets={})
    assert problems(new) == [
        "A small quiz: Safety, Help lines: leads to the help topic “harm”, which readers cannot open"
    ]


def test_last_line_of_a_topic_cannot_be_withdrawn(course: None) -> None:
    """As long as a flagged result leads there."""
    lines = [each for each in HelpLineVersion.objects.live().select_related("draft") if each.source.topic == "harm"]
    for version in lines[:-1]:
        steps.withdraw(version.draft)
    with pytest.raises(Refused) as refused:
        steps.withdraw(lines[-1].draft)
    assert {each.by.kind for each in refused.value.problems if each.by} == {"quiz"}
    assert HelpLineVersion.objects.live(pk=lines[-1].draft_id).count() == 1


def weaker(slug: str) -> Draft:
    """A quiz with one flag less than readers have."""
    flagging = draft("quiz", slug)
    place = next(n for n, each in enumerate(flagging.document["items"]) if each["flag_at"])
    flagging.document["items"][place]["flag_at"].pop()
    return change(flagging, items=flagging.document["items"])


def test_flag_is_taken_away_only_if_its_author_means_it(course: None) -> None:
    weak = weaker("is-this-person-safe-to-trust")
    (told,) = problems(weak)
    assert "no longer flags danger at" in told
    assert publish(weak, confirmed=True).number == 2


def test_weakened_quiz_is_confirmed_on_the_page(course: None, client: Client, editor: User) -> None:
    client.force_login(editor)
    address = f"/admin/quizzes/quiz/{weaker('is-this-person-safe-to-trust').pk}/publish/"
    assert "no longer flags danger at" in parse(client.get(address).content).text
    assert client.post(address, {"note": ""}).status_code == 422
    assert live_number("is-this-person-safe-to-trust") == 1
    assert client.post(address, {"confirmed": "on"}).status_code == 302
    assert live_number("is-this-person-safe-to-trust") == 2


# What takers are asked


def questions_form(client: Client, slug: str, query: str = "") -> dict[str, str]:
    """The hidden fields of the form as it was asked."""
    page = parse(client.get(f"/quizzes/{slug}/questions/{query}").content)
    (form,) = [form for form in page.all("form", method="post") if form["action"].endswith(f"questions/{query}")]
    return {field["name"]: field["value"] for field in form.all("input", type="hidden")}


def turned_round() -> Draft:
    """A quiz after its author turned every item round."""
    turned = draft("quiz", "how-i-trust")
    return change(turned, items=[{**each, "reverse": True} for each in turned.document["items"]])


def test_answers_are_scored_by_the_version_that_was_asked(course: None, client: Client) -> None:
    """Between load and submit an editor publishes a quiz whose items are all turned round."""
    asked = questions_form(client, "how-i-trust")
    assert asked["version"] == "1"
    publish(turned_round())
    answers = {f"item-{number}": "5" for number in range(1, 17)}
    assert client.post("/quizzes/how-i-trust/questions/", answers | asked).status_code == 303
    assert shown(client) == ("1", "75")
    assert client.post("/quizzes/how-i-trust/questions/", answers | {"version": "2"}).status_code == 303
    assert shown(client) == ("2", "0")


def test_answers_given_before_a_new_version_keep_their_result(course: None, client: Client) -> None:
    answers = {f"item-{number}": "5" for number in range(1, 17)} | {"version": "1"}
    client.post("/quizzes/how-i-trust/questions/", answers)
    publish(turned_round())
    assert shown(client) == ("1", "75")


@pytest.mark.parametrize("number", [None, "", "0", "2", "999999999", "-1", "1.0", "\u0661", "one", "1\0", "1" * 5000])
def test_answers_for_a_version_nobody_was_asked_with_are_kept_and_not_scored(
    course: None, client: Client, number: str | None
) -> None:
    """Scored by the live version they might say the opposite of what was meant."""
    asked_again(client, {} if number is None else {"version": number})


def test_answers_for_a_version_still_to_come_are_kept_and_not_scored(course: None, client: Client) -> None:
    publish(turned_round(), live_from=timezone.now() + timedelta(days=1))
    asked_again(client, {"version": "2"})


def asked_again(client: Client, version: dict[str, str]) -> None:
    """Answers that cannot be scored come back with the questions of the live version, and then can be."""
    answers = {f"item-{key}": "5" for key in range(1, 17)}
    response = client.post("/quizzes/how-i-trust/questions/", answers | version)
    assert (response.status_code, "answers" in client.cookies) == (422, False)
    page = parse(response.content)
    assert page.one("input", name="version")["value"] == "1"
    kept = {radio["name"]: radio["value"] for radio in page.all("input", type="radio") if "checked" in radio.attributes}
    assert kept == answers
    assert client.post("/quizzes/how-i-trust/questions/", kept | {"version": "1"}).status_code == 303
    assert shown(client) == ("1", "75")


def shown(client: Client) -> tuple[str, str]:
    """Version and first score, by the author's order, of the result for ``how-i-trust``."""
    page = parse(client.get("/quizzes/how-i-trust/result/").content)
    return page.one(data_result="")["data-version"], page.one(data_dimension="open")["data-score"]


@pytest.mark.parametrize("address", ["", "questions/", "result/"])
def test_withdrawn_quiz_is_gone(course: None, client: Client, address: str) -> None:
    client.post("/quizzes/how-i-trust/questions/", {f"item-{key}": "5" for key in range(1, 17)} | {"version": "1"})
    steps.withdraw(draft("quiz", "how-i-trust"))
    assert client.get(f"/quizzes/how-i-trust/{address}").status_code == 404
    assert "how-i-trust" not in client.get("/quizzes/").content.decode()
    assert "how-i-trust" not in client.get("/sitemap.xml").content.decode()


def test_withdrawn_quiz_comes_back_when_it_is_published(course: None, client: Client) -> None:
    trust = draft("quiz", "how-i-trust")
    steps.withdraw(trust)
    publish(trust)
    assert client.get("/quizzes/how-i-trust/").status_code == 200


def test_withdrawing_is_refused_while_another_quiz_leads_there(course: None) -> None:
    with pytest.raises(Refused) as refused:
        steps.withdraw(draft("quiz", "is-this-person-safe-to-trust"))
    assert [str(each) for each in refused.value.problems] == [
        "Is this person safe to trust?: the quiz “is-this-person-safe-to-trust” would be gone, "
        "but the quiz “Where did the mistrust come from?” leads there: Note 1"
    ]
    assert live_number("is-this-person-safe-to-trust") == 1


def test_note_leads_only_to_a_quiz_that_takers_can_open(course: None, client: Client) -> None:
    trust = value(draft("quiz", "how-i-trust"))
    noted = put("quiz", replace(trust, notes=(replace(trust.notes[0], link=None, quiz="small-quiz"),)))
    assert problems(noted) == [
        "How I trust: Note 1, Leads to the quiz: leads to the quiz “small-quiz”, which readers cannot open"
    ]
    publish(noted, put("quiz", small()))
    assert live_number("how-i-trust") == 2


def test_section_marked_after_publishing_is_hidden_from_readers_in_danger_at_once(course: None, client: Client) -> None:
    """The mark is read from the lesson as it is now, not as it was when the quiz was published."""
    lesson = value(draft("lesson", "manipulation-and-control"))
    marked = [
        replace(each, not_in_danger=True) if each.anchor == "signs-of-emotional-abuse" else each
        for each in lesson.sections
    ]
    publish_value("lesson", replace(lesson, sections=tuple(marked)))
    answers = {f"item-{key}": "0" for key in range(1, 20)} | {"item-13": "1", "version": "1"}
    client.post("/quizzes/is-this-person-safe-to-trust/questions/", answers)
    control = parse(client.get("/quizzes/is-this-person-safe-to-trust/result/").content).one(data_dimension="control")
    assert control["data-band"] == "middle"
    assert [link["data-reading"] for link in control.all(data_reading="")] == [
        "manipulation-and-control#deciding-safely"
    ]


def test_links_cover_every_section_of_the_live_quizzes(course: None) -> None:
    for version in QuizVersion.objects.live():
        noted = Link.objects.filter(version=version, target__startswith="section:").values_list("target", flat=True)
        assert set(noted) == {f"section:{address}" for address in version.source.addresses}
    assert LessonVersion.objects.live().count() == 21
