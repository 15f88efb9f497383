"""What keeps a draft from readers: links, places, help, safety."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles.models import Lesson
from publishing import steps
from publishing.judging import KEEP, Refused, judge
from publishing.models import Draft, Version
from publishing.views import admin_url
from tests.authoring import change, draft, publish, publish_value, put, value
from tests.factories import help_line_source, lesson_source, section_source
from tests.publishing.pages import act, reader

pytestmark = pytest.mark.usefixtures("course")
TRUST = "what-trust-is"
BLOCKS = "what-trust-is#the-building-blocks"


def leading_to(address: str, **overrides: Any) -> Any:
    return lesson_source(**{"scene": f"[x]({address})", **overrides})


def troubles(*drafts: Draft) -> list[str]:
    found = [Draft.objects.get(pk=each.pk) for each in drafts]
    return [str(each) for each in judge(found, timezone.now(), KEEP).problems]


def rename(lesson: Draft, anchor: str, new: str, *former: str) -> Draft:
    sections = [
        {**each, "anchor": new, "former_anchors": list(former)} if each["anchor"] == anchor else each
        for each in Draft.objects.get(pk=lesson.pk).document["sections"]
    ]
    return change(lesson, sections=sections)


# ---- links


@pytest.mark.parametrize("address", ["nowhere#at-all", "what-trust-is#no-such-section"])
def test_link_that_leads_nowhere_is_told_at_its_line(address: str) -> None:
    lesson = put("lesson", leading_to(address, scene=f"One.\n\n[x]({address})"))
    found = judge([lesson], timezone.now()).problems
    assert [(each.path, each.message) for each in found] == [
        (("scene", 2), f"leads to the section “{address}”, which readers cannot open")
    ]


def test_link_to_a_draft_that_nobody_published_is_refused() -> None:
    put("lesson", lesson_source(slug="another", title="Another", number=902))
    assert troubles(put("lesson", leading_to("another#a-key"))) == [
        "A spare key: Opening scene: leads to the section “another#a-key”, which readers cannot open"
    ]


def test_drafts_that_lead_to_each_other_are_published_together() -> None:
    one = put("lesson", leading_to("another#a-key"))
    other = put("lesson", leading_to("a-spare-key#a-key", slug="another", title="Another", number=902))
    for each in (one, other):
        with pytest.raises(Refused):
            publish(each)
    assert publish(one, other).number == 1
    assert 'href="/formation/another/#a-key"' in reader().get("/formation/a-spare-key/").content.decode()


def test_draft_of_a_colleague_blocks_nobody() -> None:
    """S13: she renamed an anchor and published nothing; readers still have the old one."""
    rename(draft("lesson", TRUST), "the-building-blocks", "other-words")
    lesson = put("lesson", leading_to(BLOCKS))
    quiz = change(draft("quiz", "how-i-trust"), summary="Another summary.")
    assert troubles(lesson, quiz) == []
    assert [each.number for each in steps.publish([lesson, quiz])] == [1, 2]


def test_draft_of_a_colleague_that_leads_somewhere_keeps_nothing_there() -> None:
    lesson = publish_value("lesson", lesson_source()).draft
    put("lesson", leading_to("a-spare-key#a-key", slug="another", title="Another", number=902))
    assert publish(rename(lesson, "a-key", "a-door")).number == 2
    steps.withdraw(lesson)


def test_anchor_that_others_lead_to_is_not_dropped() -> None:
    old = draft("lesson", TRUST)
    other = {"anchor": "other-words", "heading": "Other words", "body": "Of something else.", "former_anchors": []}
    sections = [
        {**each, **other} if each["anchor"] == "the-building-blocks" else each for each in old.document["sections"]
    ]
    lesson = change(old, sections=sections)
    found = judge([lesson], timezone.now()).problems
    assert {each.message.partition(", but")[0] for each in found} == {f"the section “{BLOCKS}” would be gone"}
    leading = Version.objects.live().filter(links__target=f"section:{BLOCKS}").values_list("draft", flat=True)
    assert sorted(each.by.pk for each in found if each.by) == sorted(set(leading))


def test_anchor_that_is_renamed_with_its_former_one_is_fine() -> None:
    lesson = rename(draft("lesson", TRUST), "the-building-blocks", "other-words", "the-building-blocks")
    publish(lesson)
    publish_value("lesson", leading_to(BLOCKS))
    html = reader().get("/formation/a-spare-key/").content.decode()
    assert f'href="/formation/{TRUST}/#other-words"' in html


def test_anchor_and_who_leads_there_change_in_one_publishing() -> None:
    one = publish_value("lesson", lesson_source()).draft
    other = publish_value("lesson", leading_to("a-spare-key#a-key", slug="another", number=902)).draft
    renamed = rename(one, "a-key", "a-door")
    followed = change(other, scene="[x](a-spare-key#a-door)")
    assert (troubles(renamed), len(troubles(followed))) == ([], 1)
    assert [each.number for each in steps.publish([renamed, followed])] == [2, 2]


def test_section_that_a_pending_version_takes_away_cannot_be_led_to() -> None:
    sections = (section_source(), section_source(anchor="a-door", heading="A door", body="It is open."))
    lesson = publish_value("lesson", lesson_source(sections=sections)).draft
    shorter = change(lesson, sections=lesson.document["sections"][:1])
    publish(shorter, live_from=timezone.now() + timedelta(hours=1))
    other = put("lesson", leading_to("a-spare-key#a-door", slug="another", title="Another", number=902))
    assert len(troubles(other)) == 1
    steps.move(lesson.versions.get(number=2), never=True)
    assert troubles(other) == []


def test_withdrawing_what_others_lead_to_is_refused_by_name() -> None:
    lesson = publish_value("lesson", lesson_source()).draft
    publish_value("lesson", leading_to("a-spare-key#a-key", slug="another", title="Another", number=902))
    with pytest.raises(Refused) as refused:
        steps.withdraw(lesson)
    assert [each.message for each in refused.value.problems] == [
        "the section “a-spare-key#a-key” would be gone, but the lesson “Another” leads there"
    ]
    assert reader().get("/formation/a-spare-key/").status_code == 200


def test_part_with_lessons_is_not_withdrawn() -> None:
    with pytest.raises(Refused) as refused:
        steps.withdraw(draft("part", "loss"))
    assert {each.message.partition(", but")[0] for each in refused.value.problems} == {"the part “loss” would be gone"}


# ---- places


def test_number_that_another_lesson_has_is_refused() -> None:
    assert troubles(put("lesson", lesson_source(number=1))) == [
        "A spare key: Number: “What trust is, and what it is not” has this place already"
    ]


def test_two_that_want_one_number_are_refused() -> None:
    one, other = (put("lesson", lesson_source(slug=slug, title=slug.title())) for slug in ("one", "other"))
    found = judge([one, other], timezone.now()).problems
    assert [(each.draft, each.path, each.message) for each in found] == [
        (other, ("number",), "“One” has this place already")
    ]


def test_two_lessons_change_numbers_in_one_publishing() -> None:
    first, second = (Lesson.objects.get(kind="lesson", position=number) for number in (1, 2))
    change(first, number=2)
    change(second, number=1)
    assert (len(troubles(first)), len(troubles(second)), troubles(first, second)) == (1, 1, [])
    publish(first, second)
    order = reader().get("/formation/").content.decode()
    assert order.index(second.title) < order.index(first.title)


def test_number_of_a_withdrawn_lesson_is_free() -> None:
    steps.withdraw(publish_value("lesson", lesson_source()).draft)
    assert troubles(put("lesson", lesson_source(slug="another"))) == []


# ---- help (S1)


def topics_of(quiz: Draft, *topics: str) -> Draft:
    document = Draft.objects.get(pk=quiz.pk).document
    return change(quiz, safety={**document["safety"], "help_topics": list(topics)})


@pytest.mark.parametrize(
    "topics, message",
    [
        (["abusee"], "Help lines is “abusee”; choose from: emergency, abuse, crisis, children, harm, fraud"),
        ([], "Help lines: at least one is needed"),
    ],
)
def test_help_topic_that_does_not_exist_is_no_help(topics: list[str], message: str) -> None:
    quiz = topics_of(draft("quiz", "is-this-person-safe-to-trust"), *topics)
    assert [each.message for each in judge([quiz], timezone.now()).problems] == [message]
    with pytest.raises(Refused):
        publish(quiz, confirmed=True)


def only_line_about(topic: str) -> Draft:
    """The other lines of the topic are withdrawn."""
    lines = [each.draft for each in Version.objects.live(kind="help line") if each.document["topic"] == topic]
    for line in lines[1:]:
        steps.withdraw(line)
    return lines[0]


def test_last_line_of_a_topic_is_not_withdrawn() -> None:
    line = only_line_about("abuse")
    with pytest.raises(Refused) as refused:
        steps.withdraw(line)
    assert "the help topic “abuse” would be gone, but the quiz “Is this person safe to trust?” leads there: Safety" in [
        each.message for each in refused.value.problems
    ]


def test_last_line_of_a_topic_does_not_change_its_topic() -> None:
    line = change(only_line_about("abuse"), topic="fraud")
    assert "help topic “abuse” would be gone" in troubles(line)[0]
    with pytest.raises(Refused):
        publish(line)


def test_topic_moves_to_a_line_that_is_published_with_it() -> None:
    line = change(only_line_about("abuse"), topic="fraud")
    new = put("help line", help_line_source(country="Malta", name="A new line", topic="abuse", position=99))
    assert [each.number for each in steps.publish([line, new])] == [2, 1]


def test_topic_without_a_live_line_cannot_be_chosen() -> None:
    for each in Version.objects.live(kind="help line"):
        if each.document["topic"] == "fraud":
            steps.withdraw(each.draft)
    document = draft("quiz", "is-this-person-safe-to-trust").document
    quiz = topics_of(draft("quiz", "is-this-person-safe-to-trust"), *document["safety"]["help_topics"], "fraud")
    assert [each.message for each in judge([quiz], timezone.now()).problems] == [
        "leads to the help topic “fraud”, which readers cannot open"
    ]


# ---- flags (S2, L14)


def test_flag_that_no_answer_can_raise_is_told() -> None:
    quiz = draft("quiz", "is-this-person-safe-to-trust")
    items = [{**each, "flag_at": ["often"]} if each["key"] == "4" else each for each in quiz.document["items"]]
    found = judge([change(quiz, items=items)], timezone.now()).problems
    place = next(place for place, each in enumerate(items) if each["key"] == "4")
    assert [(each.path, each.message) for each in found] == [
        (("items", place, "flag_at", 0), "Flags danger at must be a whole number, not “often”")
    ]


# ---- safety that is taken away has to be confirmed, on every way to readers


def flags_less() -> Draft:
    quiz = draft("quiz", "is-this-person-safe-to-trust")
    items = [{**each, "flag_at": []} if each["key"] == "4" else each for each in quiz.document["items"]]
    return change(quiz, items=items)


def shows_fewer_boxes() -> Draft:
    lesson = next(each for each in Lesson.objects.of_kind() if each.document["safety"] == "high")
    return change(lesson, safety="none")


WEAKER = [flags_less, shows_fewer_boxes]


@pytest.mark.parametrize("weaker", WEAKER)
def test_less_safety_is_confirmed_before_it_is_published(weaker: Callable[[], Draft]) -> None:
    of = weaker()
    with pytest.raises(Refused) as refused:
        publish(of)
    assert (refused.value.problems, len(refused.value.to_confirm)) == ([], 1)
    assert publish(of, confirmed=True).number == 2


@pytest.mark.parametrize("weaker", WEAKER)
def test_page_asks_to_confirm_less_safety(editing: Client, weaker: Callable[[], Draft]) -> None:
    of = weaker()
    assert 'name="confirmed"' in editing.get(admin_url(of, "publish")).content.decode()
    refused = act(editing, of, "publish", note="quietly")
    assert (refused.status_code, of.versions.count()) == (422, 1)
    assert "This takes something from the safety of readers" in refused.content.decode()
    assert act(editing, of, "publish", confirmed="on").status_code == 302
    assert of.versions.count() == 2


def test_page_of_several_drafts_asks_to_confirm_less_safety(editing: Client) -> None:
    of, other = flags_less(), change(draft("quiz", "how-i-trust"), summary="Another summary.")
    address = f"/admin/quizzes/quiz/publish/?draft={of.pk}&draft={other.pk}"
    assert editing.post(address, {"note": "quietly"}).status_code == 422
    assert (of.versions.count(), other.versions.count()) == (1, 1)
    assert editing.post(address, {"confirmed": "on"}).status_code == 302
    assert (of.versions.count(), other.versions.count()) == (2, 2)


def test_page_that_was_opened_before_the_draft_became_less_safe_publishes_nothing(editing: Client) -> None:
    of = change(draft("quiz", "is-this-person-safe-to-trust"), summary="Another summary.")
    assert 'name="confirmed"' not in editing.get(admin_url(of, "publish")).content.decode()
    flags_less()
    assert act(editing, of, "publish", note="as I saw it").status_code == 422
    assert of.versions.count() == 1


def load(folder: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    call_command("load_content", str(folder), *options)
    return capsys.readouterr().out.splitlines()


def test_file_that_is_less_safe_is_kept_out_until_it_is_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in settings.CONTENT_DIR.rglob("*.*"):
        copy = tmp_path / file.relative_to(settings.CONTENT_DIR)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text()
        if file.name == "is-this-person-safe-to-trust.yaml":
            assert text.count("  flag_at: [3, 4]\n") > 1
            text = text.replace("  flag_at: [3, 4]\n", "", 1)
        copy.write_text(text)
    quiz = draft("quiz", "is-this-person-safe-to-trust")
    before = quiz.document
    for options in ((), ("--overwrite",), ("--dry-run",)):
        said = load(tmp_path, *options, capsys=capsys)
        assert said[-1] == "Nothing to load: all is up to date."
        assert said[0].startswith("kept 'Is this person safe to trust?': its file is less safe for readers")
        assert (value(quiz).items, quiz.versions.count()) == (quiz.of.value_of(before).items, 1)
    assert load(tmp_path, "--confirm", capsys=capsys)[-1] == "1 change(s)."
    assert quiz.versions.count() == 2
