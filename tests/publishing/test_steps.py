"""What can be done with a draft: saving loses nothing, publishing is all or none, a moment is kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Lesson, LessonVersion
from publishing import judging, steps
from publishing.judging import Refused
from publishing.models import Draft, Link, Save, Version
from publishing.shape import document
from tests.authoring import change, draft, publish, publish_value, put, value
from tests.factories import help_line_source, lesson_source, section_source, term_source
from tests.publishing.pages import reader

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"
TWO = (section_source(), section_source(anchor="a-door", heading="A door", body="It is open."))


@pytest.fixture
def lesson() -> Draft:
    """A published lesson of our own."""
    return publish_value("lesson", lesson_source(sections=TWO)).draft


def in_hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def told(refused: Any) -> list[str]:
    return [trouble.message for trouble in [*refused.value.problems, *refused.value.to_confirm]]


def shown() -> str:
    """The title of the lesson's page, empty if there is no such page."""
    response = reader().get(PAGE)
    return response.content.decode().split("<h1>")[1].split("</h1>")[0] if response.status_code == 200 else ""


def its_time_comes(version: Version) -> None:
    Version.objects.filter(pk=version.pk).update(live_from=timezone.now())


# ---- saving


def test_saving_judges_nothing_and_loses_nothing() -> None:
    typed = {"title": "", "part": "Nowhere at all", "number": "ten", "sections": [{"heading": "Half"}], "safety": "?"}
    saved = steps.save(Draft(kind="lesson", document={}), typed)
    found = Draft.objects.get(pk=saved.draft.pk)
    assert (saved.changed, found.document, found.slug, found.revision) == (True, typed, None, 1)
    assert [save.document for save in found.saves.all()] == [typed]


def test_saving_the_same_again_is_no_save(lesson: Draft) -> None:
    before = list(lesson.saves.values_list("pk", flat=True))
    saved = steps.save(lesson, dict(lesson.document))
    assert (saved.changed, saved.draft.revision) == (False, 1)
    assert list(lesson.saves.values_list("pk", flat=True)) == before


def test_every_save_keeps_who_when_and_how(lesson: Draft, editor: User) -> None:
    steps.save(lesson, {**lesson.document, "title": "Another"}, author=editor)
    held = lesson.saves.values_list("revision", "how", "author__username")
    assert list(held) == [(2, Save.TYPED, "maria"), (1, Save.TYPED, None)]
    assert [save.document["title"] for save in lesson.saves.all()] == ["Another", "A spare key"]


def test_columns_follow_from_the_document(lesson: Draft) -> None:
    changed = change(lesson, title="Another", number=902, review_due="2031-02-03", scene="A lighthouse.")
    found = Lesson.objects.get(pk=changed.pk)
    assert (found.title, found.position, found.due.isoformat()) == ("Another", 902, "2031-02-03")
    assert "A lighthouse." in found.words


def minutes_ago(save: Save, minutes: int) -> None:
    Save.objects.filter(pk=save.pk).update(at=timezone.now() - timedelta(minutes=minutes))


def automatic(of: Draft, title: str, author: User | None = None) -> None:
    steps.save(of, {**Draft.objects.get(pk=of.pk).document, "title": title}, how=Save.AUTOMATIC, author=author)


def titles(of: Draft) -> list[str]:
    return [save.document["title"] for save in of.saves.order_by("revision")]


def test_automatic_saves_shortly_after_each_other_are_one(lesson: Draft, editor: User) -> None:
    for title in ("A", "AB", "ABC"):
        automatic(lesson, title, editor)
    assert titles(lesson) == ["A spare key", "ABC"]
    assert Draft.objects.get(pk=lesson.pk).revision == 4


def test_automatic_save_replaces_none_that_somebody_typed(lesson: Draft, editor: User) -> None:
    automatic(lesson, "A", editor)
    steps.save(lesson, {**lesson.document, "title": "Typed"}, author=editor)
    automatic(lesson, "B", editor)
    assert titles(lesson) == ["A spare key", "A", "Typed", "B"]


def test_automatic_save_replaces_none_of_somebody_else(lesson: Draft, editor: User) -> None:
    automatic(lesson, "Hers", editor)
    automatic(lesson, "His", User.objects.create_user("jo"))
    assert titles(lesson) == ["A spare key", "Hers", "His"]


def test_automatic_save_replaces_none_of_long_ago(lesson: Draft, editor: User) -> None:
    automatic(lesson, "A", editor)
    minutes_ago(lesson.saves.get(revision=2), 11)
    automatic(lesson, "B", editor)
    assert titles(lesson) == ["A spare key", "A", "B"]


# ---- two editors at once (L1)


def with_body(of: dict[str, Any], place: int, body: str) -> dict[str, Any]:
    sections = [{**section, "body": body} if n == place else section for n, section in enumerate(of["sections"])]
    return {**of, "sections": sections}


def test_two_editors_in_two_sections_keep_both_texts(lesson: Draft) -> None:
    began = dict(lesson.document)
    steps.save(lesson, with_body(began, 0, "Hers."), began=1)
    saved = steps.save(lesson, with_body(began, 1, "His."), began=1)
    assert (saved.changed, saved.clashes) == (True, [])
    assert [section.body for section in value(lesson).sections] == ["Hers.", "His."]


def test_two_editors_in_one_section_keep_both_texts_and_are_told(lesson: Draft) -> None:
    began = dict(lesson.document)
    steps.save(lesson, with_body(began, 0, "Hers."), began=1)
    saved = steps.save(lesson, with_body(began, 0, "His."), began=1)
    assert [(clash.path, clash.mine, clash.theirs) for clash in saved.clashes] == [
        (("sections", 0, "body"), "His.", "Hers.")
    ]
    assert (saved.began, saved.theirs) == (1, 2)
    bodies = [save.document["sections"][0]["body"] for save in lesson.saves.order_by("revision")]
    assert bodies == ["She gives him the key.", "Hers.", "His."]


def test_saving_an_old_page_that_nobody_touched_takes_nothing_back(lesson: Draft) -> None:
    began = dict(lesson.document)
    steps.save(lesson, with_body(began, 0, "Hers."), began=1)
    assert steps.save(lesson, began, began=1).changed is False
    assert value(lesson).sections[0].body == "Hers."


# ---- the address


def test_address_can_change_until_readers_know_it() -> None:
    written = put("lesson", lesson_source())
    assert change(written, slug="another-key").slug == "another-key"
    publish(written)
    assert change(written, slug="a-third-key").slug == "another-key"


def test_address_that_another_has_is_told_and_not_taken(lesson: Draft) -> None:
    other = steps.save(Draft(kind="lesson", document={}), document(lesson_source(number=902))).draft
    assert (other.slug, other.document["slug"]) == (None, "a-spare-key")
    with pytest.raises(Refused) as refused:
        publish(other)
    assert told(refused) == ["another lesson has this address"]
    assert refused.value.problems[0].path == ("slug",)


def test_address_that_another_kind_has_is_free() -> None:
    assert draft("part", "formation").slug == put("lesson", lesson_source(slug="formation")).slug


# ---- publishing


def test_publishing_numbers_versions_and_remembers_who_and_why(lesson: Draft, editor: User) -> None:
    publish(change(lesson, title="Another"), author=editor, note="A better title")
    seen = [(each.number, each.title, each.author, each.note) for each in lesson.versions.all()]
    assert seen == [(2, "Another", editor, "A better title"), (1, "A spare key", None, "")]
    assert shown() == "Another"


def test_publishing_is_all_or_none(lesson: Draft) -> None:
    change(lesson, title="Another")
    broken = put("lesson", lesson_source(slug="broken", number=902, scene="[x](nowhere#at-all)"))
    with pytest.raises(Refused) as refused:
        publish(lesson, broken)
    assert told(refused) == ["leads to the section “nowhere#at-all”, which readers cannot open"]
    assert (lesson.versions.count(), broken.versions.count(), shown()) == (1, 0, "A spare key")


def test_the_same_text_is_not_published_twice(lesson: Draft) -> None:
    with pytest.raises(Refused) as refused:
        publish(lesson)
    assert told(refused) == ["readers see exactly this already"]
    assert lesson.versions.count() == 1


def test_the_same_text_is_not_scheduled_after_itself(lesson: Draft) -> None:
    publish(change(lesson, title="Another"), live_from=in_hours(1))
    with pytest.raises(Refused) as refused:
        publish(lesson, live_from=in_hours(2), waiting=judging.KEEP)
    assert told(refused) == ["readers see exactly this already"]


def test_withdrawn_text_is_published_again_as_it_was(lesson: Draft) -> None:
    steps.withdraw(lesson)
    assert publish(lesson).number == 3
    assert shown() == "A spare key"


@pytest.mark.parametrize("step", ["publish", "withdraw", "move"])
def test_moment_that_has_passed_is_refused(lesson: Draft, step: str) -> None:
    waits = publish(change(lesson, title="Another"), live_from=in_hours(1))
    change(lesson, title="A third")
    do = {
        "publish": lambda moment: publish(lesson, live_from=moment, waiting=judging.KEEP),
        "withdraw": lambda moment: steps.withdraw(lesson, live_from=moment, waiting=judging.KEEP),
        "move": lambda moment: steps.move(waits, moment),
    }
    with pytest.raises(Refused) as refused:
        do[step](in_hours(-0.01))
    assert told(refused) == ["this moment has passed; choose a later one, or publish now"]
    assert [each.live_from for each in lesson.versions.all()][:1] == [waits.live_from]


# ---- versions that wait (S3, S8, L13)


def test_withdrawn_stays_withdrawn_until_the_correction_has_its_time(lesson: Draft) -> None:
    steps.withdraw(lesson)
    assert shown() == ""
    waits = publish(change(lesson, title="Corrected"), live_from=in_hours(1))
    assert shown() == ""
    its_time_comes(waits)
    assert shown() == "Corrected"


def test_publishing_before_a_pending_version_needs_a_decision(lesson: Draft) -> None:
    waits = publish(change(lesson, title="For March"), live_from=in_hours(48))
    change(lesson, title="A typo less")
    with pytest.raises(Refused) as refused:
        publish(lesson)
    at = f"{timezone.localtime(waits.live_from):%d %B %Y, %H:%M}"
    assert told(refused) == [f"version 2 waits for {at}: keep it, or drop it"]
    with pytest.raises(Refused):
        steps.withdraw(lesson)
    assert lesson.versions.count() == 2


def test_pending_version_that_is_kept_takes_over_at_its_time(lesson: Draft) -> None:
    waits = publish(change(lesson, title="For March"), live_from=in_hours(1))
    publish(change(lesson, title="A typo less"), waiting=judging.KEEP)
    assert shown() == "A typo less"
    assert judging.later_versions(lesson) == [waits]
    its_time_comes(waits)
    assert shown() == "For March"


def test_pending_version_that_is_dropped_never_comes(lesson: Draft) -> None:
    publish(change(lesson, title="For March"), live_from=in_hours(1))
    publish(change(lesson, title="A typo less"), waiting=judging.DROP)
    assert judging.later_versions(lesson) == []
    assert [each.title for each in lesson.versions.all()] == ["A typo less", "A spare key"]
    assert "For March" in titles(lesson)


def test_pending_version_is_moved(lesson: Draft) -> None:
    waits = publish(change(lesson, title="For March"), live_from=in_hours(1))
    later = in_hours(30)
    steps.move(waits, later)
    assert Version.objects.get(pk=waits.pk).live_from == later


def test_cancelled_version_never_comes_and_its_words_are_kept(lesson: Draft) -> None:
    waits = publish(change(lesson, title="For March"), live_from=in_hours(1))
    steps.move(waits, never=True)
    assert [each.number for each in lesson.versions.all()] == [1]
    assert value(lesson).title == "For March"
    assert [each.number for each in LessonVersion.objects.live(pk=lesson.pk, now=in_hours(2))] == [1]


@pytest.mark.parametrize("step", ["move", "cancel"])
def test_version_whose_time_has_come_stays(lesson: Draft, step: str) -> None:
    live = lesson.versions.get()
    with pytest.raises(Refused) as refused:
        steps.move(live, in_hours(1)) if step == "move" else steps.move(live, never=True)
    assert told(refused) == ["the time of version 1 has come; publish or withdraw instead"]
    assert shown() == "A spare key"


def test_withdrawal_can_wait_too(lesson: Draft) -> None:
    waits = steps.withdraw(lesson, live_from=in_hours(1), note="Outdated")
    assert (shown(), waits.withdraws, waits.note) == ("A spare key", True, "Outdated")
    its_time_comes(waits)
    assert shown() == ""


# ---- withdrawing, restoring, deleting


def test_what_readers_do_not_see_cannot_be_withdrawn(lesson: Draft) -> None:
    steps.withdraw(lesson)
    with pytest.raises(Refused) as refused:
        steps.withdraw(lesson)
    assert told(refused) == ["readers do not see it, so there is nothing to withdraw"]


def test_restoring_keeps_what_the_draft_said_before(lesson: Draft, editor: User) -> None:
    change(lesson, title="Unpublished words")
    restored = steps.restore(lesson, lesson.versions.get().document, author=editor)
    assert (restored.title, shown()) == ("A spare key", "A spare key")
    assert titles(lesson) == ["A spare key", "Unpublished words", "A spare key"]
    assert [save.how for save in lesson.saves.all()][:1] == [Save.RESTORED]
    steps.restore(lesson, lesson.saves.get(revision=2).document)
    assert value(lesson).title == "Unpublished words"


def test_restoring_does_not_move_a_lesson(lesson: Draft) -> None:
    moved = change(lesson, number=902, part="loss", title="Another")
    steps.restore(moved, lesson.versions.get().document)
    found = value(lesson)
    assert (found.title, found.number, found.part, found.slug) == ("A spare key", 902, "loss", "a-spare-key")


def test_what_was_published_is_not_deleted(lesson: Draft) -> None:
    with pytest.raises(Refused) as refused:
        steps.delete(lesson)
    assert told(refused) == ["it was published, so it is withdrawn and not deleted"]
    assert Draft.objects.filter(pk=lesson.pk).exists()


def test_draft_that_others_lead_to_is_not_deleted() -> None:
    written = put("lesson", lesson_source())
    put("lesson", lesson_source(slug="another", title="Another", number=902, scene="[x](a-spare-key#a-key)"))
    put("term", term_source(section="a-spare-key#a-key"))
    with pytest.raises(Refused) as refused:
        steps.delete(written)
    assert sorted(told(refused)) == [
        "the lesson “Another” leads to it",
        "the term “key” leads to it",
    ]


def test_deleted_draft_is_gone_with_its_saves() -> None:
    written = put("help line", help_line_source())
    steps.delete(written)
    assert not Save.objects.filter(draft_id=written.pk).exists()
    assert not Link.objects.filter(draft_id=written.pk).exists()


# ---- a version's links


def test_links_are_those_of_the_draft_and_of_each_version(lesson: Draft) -> None:
    change(lesson, scene="[x](what-trust-is#the-building-blocks)")
    rows = (
        Link.objects.filter(draft=lesson).order_by("version", "path").values_list("version__number", "path", "target")
    )
    section = "section:what-trust-is#the-building-blocks"
    assert sorted(rows, key=str) == [
        (1, "part", "part:formation"),
        (None, "part", "part:formation"),
        (None, "scene[0]", section),
    ]
    publish(lesson)
    assert sorted(rows.all(), key=str) == [
        (1, "part", "part:formation"),
        (2, "part", "part:formation"),
        (2, "scene[0]", section),
        (None, "part", "part:formation"),
        (None, "scene[0]", section),
    ]


def test_every_shipped_draft_is_published_once_and_as_it_is() -> None:
    for each in Draft.objects.all():
        assert [(version.number, version.digest) for version in each.versions.all()] == [(1, each.digest)]
    assert draft("lesson", "what-trust-is").saves.get().how == Save.LOADED
