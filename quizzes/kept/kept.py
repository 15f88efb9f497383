"""A kept result: scores that a taker asked us to keep, for as long as the taker said. Stored are the quiz version, the
scores, the context, the date and the expiry; no answer, no name, no address. The way to it is a code that is shown
once; only its hash is stored, so nobody here can open it."""

import hashlib
import secrets
from datetime import date, timedelta

from django.core.signing import BadSignature, Signer
from django.db import connection
from django.utils import timezone

from quizzes.models import KeptResult
from quizzes.taking.answers import Answers

EXPIRIES = (30, 90, 365)  # days the taker can choose from
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # without characters that look alike
GROUPS, GROUP = 4, 5  # 20 characters of 30: 98 bits


def new_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def sealed(code: str, slug: str) -> str:
    """The code as the form of one quiz carries it until it is used: nobody can put a weak one in its place."""
    return _signer(slug).sign(code)


def unsealed(text: str, slug: str) -> str | None:
    try:
        return _signer(slug).unsign(text)
    except BadSignature:
        return None


def keep(code: str, answers: Answers, days: int) -> KeptResult:
    """Store the scores under the code. Sent twice, it is stored once."""
    today = timezone.localdate()
    scores = dict(answers.result.by_dimension)
    result = {"version": answers.version, "context": answers.context, "scores": scores}
    dates = {"kept_on": today, "expires_on": today + timedelta(days=days)}
    return KeptResult.objects.get_or_create(code_hash=_hash(code), defaults={**result, **dates})[0]


def find(code: str) -> KeptResult | None:
    """The result for the code. An unknown, an expired and a deleted one are alike."""
    kept = KeptResult.objects.filter(code_hash=_hash(code), expires_on__gt=timezone.localdate())
    return kept.select_related("version").first()


def delete(code: str) -> None:
    KeptResult.objects.filter(code_hash=_hash(code)).delete()
    forget_pages()


def prune(today: date | None = None) -> int:
    """Delete what is due. Returns how many were."""
    count, _ = KeptResult.objects.filter(expires_on__lte=today or timezone.localdate()).delete()
    if count:
        forget_pages()
    return count


def forget_pages() -> None:
    """SQLite overwrites deleted rows at once (``secure_delete``); this empties the log that held them before."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _signer(slug: str) -> Signer:
    return Signer(salt=f"quizzes.kept.{slug}")


def _hash(code: str) -> str:
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
