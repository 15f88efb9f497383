"""From a quiz's draft to what takers are asked.

``publish`` freezes snapshots as versions, all or none, and refuses a link to a section that readers cannot open,
naming it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.document import to_document
from articles.publishing import live_addresses, refuse
from quizzes import files
from quizzes.models import Quiz, QuizVersion, Reference
from quizzes.rows import apply, reserve, snapshot
from quizzes.source import QuizSource

__all__ = ["apply", "freeze", "publish", "publishing_problems", "reserve", "restore", "snapshot", "withdraw"]


def restore(version: QuizVersion) -> Quiz:
    """Make the draft say what ``version`` said. Takers get it once it is published again."""
    return apply(version.source)


@transaction.atomic
def publish(
    quizzes: Sequence[Quiz],
    *,
    author: AbstractBaseUser | None = None,
    note: str = "",
    live_from: datetime | None = None,
) -> list[QuizVersion]:
    """Freeze the drafts of ``quizzes`` as new versions, all or none. Raises ``Refused``."""
    sources = {quiz: snapshot(quiz) for quiz in quizzes}
    refuse(publishing_problems(list(sources.values())))
    versions = []
    for quiz, source in sources.items():
        version = freeze(source, quiz)
        version.number = 1 + (quiz.versions.aggregate(last=Max("number"))["last"] or 0)
        version.author, version.note = author, note  # type: ignore[assignment]
        version.live_from = live_from or timezone.now()
        version.save(force_insert=True)
        Reference.objects.bulk_create(
            Reference(version=version, lesson=lesson, anchor=anchor)
            for lesson, _, anchor in sorted({link.to.partition("#") for link in source.links})
        )
        versions.append(version)
    Quiz.objects.filter(pk__in=[quiz.pk for quiz in quizzes]).update(withdrawn=False)
    return versions


def withdraw(quiz: Quiz) -> None:
    """Take a quiz away from takers. Refused while a note of another quiz leads there."""
    others = QuizVersion.objects.live().exclude(quiz=quiz)
    refuse(
        [
            f"quiz '{other.title}' leads to '{quiz.title}'"
            for other in others
            if any(note.quiz == quiz.slug for note in other.source.notes)
        ]
    )
    Quiz.objects.filter(pk=quiz.pk).update(withdrawn=True)


def freeze(source: QuizSource, quiz: Quiz) -> QuizVersion:
    """The version that ``source`` would be, not saved: publishing saves it, a preview shows it."""
    return QuizVersion(
        quiz=quiz,
        title=source.title,
        summary=source.summary,
        minutes=source.minutes,
        question_count=max(len(source.items_for(context)) for context in source.contexts or ("",)),
        document=to_document(source),
    )


def publishing_problems(sources: Sequence[QuizSource]) -> list[str]:
    """Why takers may not get these quizzes: what their files would be refused for, and links without a target."""
    served = live_addresses()
    quizzes = {source.slug for source in sources}
    quizzes |= set(QuizVersion.objects.live().values_list("quiz__slug", flat=True))
    problems = []
    for source in sources:
        parsed = files.parse_quiz(files.write_quiz(source), files.quiz_path(source))
        problems += [f"{source.title}: {problem.message}" for problem in parsed.problems]
        problems += [
            f"{source.title}: links to {address}, which readers cannot open"
            for address in sorted({reference.address for reference in parsed.references} - served)
        ]
        problems += [
            f"{source.title}: a note leads to the quiz '{reference.address}', which takers cannot open"
            for reference in parsed.quizzes
            if reference.address not in quizzes
        ]
    return problems
