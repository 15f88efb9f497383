"""The pages behind a draft in the admin: publish, withdraw, versions and saves. Each says first what would change
for readers, and what has to be fixed."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst

from publishing import judging, steps
from publishing.boxes import Page
from publishing.difference import Change, difference
from publishing.form import number
from publishing.forms import MoveForm, PublishForm, StepForm, WithdrawForm
from publishing.judging import Trouble
from publishing.models import Draft, Version
from publishing.shape import Path

if TYPE_CHECKING:
    from publishing.admin import KindAdmin

MOVABLE = ("section:", "lesson:")  # what leads to these can lead to another section instead
TOLD = 50  # of what leads to a lesson there may be hundreds: a page names so many and counts the rest


def publish(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    return _publish(request, admin, [draft], admin_url(draft))


def publish_several(request: HttpRequest, admin: "KindAdmin") -> HttpResponse:
    """Several drafts, all or none: what would be refused alone may hold together."""
    if not admin.has_publish_permission(request):
        raise PermissionDenied
    chosen = [number(pk) for pk in request.GET.getlist("draft")]
    drafts = list(admin.model.objects.of_kind().with_state().filter(pk__in=chosen))
    return _publish(request, admin, drafts, "../") if drafts else redirect("../")


def _publish(request: HttpRequest, admin: "KindAdmin", drafts: list[Draft], back: str) -> HttpResponse:
    judged = judging.judge(drafts, timezone.now(), judging.KEEP)
    waiting = [version for draft in drafts for version in judging.later_versions(draft)]
    without = (*(() if waiting else ("waiting",)), *(() if judged.to_confirm else ("confirmed",)))
    form = PublishForm(request, without=without)
    if versions := form.take(partial(steps.publish, drafts, author=request.user)):
        for draft, version in zip(drafts, versions, strict=True):
            log(request, draft, f"published version {version.number}{_from(version)}")
        named = f"Version {version.number} is" if len(drafts) == 1 else f"{len(drafts)} drafts are"
        return done(request, f"{named} published{_from(version) or '; readers see it now'}.", back)
    shown = [{"draft": draft, "changes": changes(draft), "seen": state(draft)} for draft in drafts]
    context = {"form": form, "drafts": shown, "judged": judged, "waiting": waiting, "back": back}
    return page(request, admin, "publish", drafts, context, form.refused or judged.problems)


def withdraw(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    waiting = judging.later_versions(draft)
    form = WithdrawForm(request, without=() if waiting else ("waiting",))
    if version := form.take(partial(steps.withdraw, draft, author=request.user)):
        log(request, draft, f"withdrew it{_from(version)}")
        said = f"“{version.title}” is withdrawn{_from(version) or ' now'}. Publishing it again brings it back."
        return done(request, said, admin_url(draft))
    blocked = judging.withdrawable(draft, judging.KEEP)
    context = {"form": form, "waiting": waiting, "blocked": blocked}
    return page(request, admin, "withdraw", [draft], context, form.refused or blocked)


def versions(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    """Everything that was published, what waits for its time, every save of the draft, and who did what with it."""
    done = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(draft, False), object_id=str(draft.pk)
    )
    context = {
        "versions": draft.versions.light().select_related("author"),
        "saves": draft.saves.defer("document").select_related("author")[:100],
        "done": done.exclude(change_message="").select_related("user")[:100],
        "live": Version.objects.live(pk=draft.pk).first(),
        "now": timezone.now(),
        "choices": _choices(draft),
        "may_publish": admin.has_publish_permission(request),
    }
    return page(request, admin, "versions", [draft], context)


def _choices(draft: Draft) -> list[tuple[str, str]]:
    """What can be compared, newest first."""
    said = draft.versions.filter(withdraws=False).values_list("number", flat=True)
    saved = draft.saves.values_list("revision", flat=True)[:100]
    versions = [(f"version-{each}", f"Version {each}") for each in said]
    return [("draft", "The draft"), *versions, *((f"save-{each}", f"Save {each}") for each in saved)]


def version(request: HttpRequest, admin: "KindAdmin", draft: Draft, number: int) -> HttpResponse:
    return _compared(request, admin, draft, f"version {number}", get_object_or_404(draft.versions, number=number))


def save(request: HttpRequest, admin: "KindAdmin", draft: Draft, revision: int) -> HttpResponse:
    return _compared(request, admin, draft, f"save {revision}", get_object_or_404(draft.saves, revision=revision))


def _compared(request: HttpRequest, admin: "KindAdmin", draft: Draft, called: str, held: Any) -> HttpResponse:
    """What the draft said once beside what it says now. POST makes it say that again; what it says now is kept."""
    if request.method == "POST":
        if held.document is None or not admin.has_change_permission(request, draft):
            raise PermissionDenied
        steps.restore(draft, held.document, author=request.user)
        log(request, draft, f"restored {called}")
        said = f"The draft says again what {called} said. What it said before is among its saves."
        return done(request, said, admin_url(draft))
    found = difference(draft.of.value, draft.document, held.document) if held.document is not None else ()
    context = {"changes": found, "held": held, "called": called, "back": admin_url(draft, "versions")}
    return page(request, admin, "version", [draft], context)


def compare(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    """Any two of the versions and saves of a draft, and the draft as it is now."""
    one, other = (_said(draft, request.GET.get(name, "")) for name in ("one", "other"))
    found = difference(draft.of.value, one[1], other[1]) if one[1] and other[1] else ()
    context = {"changes": found, "one": one[0], "other": other[0], "back": admin_url(draft, "versions")}
    return page(request, admin, "compare", [draft], context)


def _said(draft: Draft, which: str) -> tuple[str, Any]:
    """What was said once, with its name: ``version-3``, ``save-12``, or what the draft says now."""
    what, _, count = which.partition("-")
    if what == "version":
        return f"version {number(count)}", get_object_or_404(draft.versions, number=number(count)).document
    if what == "save":
        return f"save {number(count)}", get_object_or_404(draft.saves, revision=number(count)).document
    return "the draft", draft.document


def move(request: HttpRequest, admin: "KindAdmin", draft: Draft, number: int) -> HttpResponse:
    """Another moment for a version that waits, or none at all."""
    found = get_object_or_404(draft.versions.filter(live_from__gt=timezone.now()), number=number)
    form = MoveForm(request, initial={"live_from": timezone.localtime(found.live_from)})
    back = admin_url(draft, "versions")
    if said := form.take(partial(steps.move, found)):
        log(request, draft, said)
        return done(request, f"Done: {said}.", back)
    return page(request, admin, "move", [draft], {"form": form, "version": found, "back": back}, form.refused)


def done(request: HttpRequest, said: str, address: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(address)


def page(
    request: HttpRequest, admin: "KindAdmin", step: str, drafts: list[Draft], context: Any, problems: Any = ()
) -> HttpResponse:
    one = drafts[0] if len(drafts) == 1 else None
    form: StepForm | None = context.get("form")
    refused = bool(form and (form.errors or form.refused))
    shared: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "draft": one,
        "step": step,
        "title": f"{context.get('called', step).capitalize()}: {one or 'several drafts'}",
        "problems": [linked(problem, alone=bool(one)) for problem in problems[:TOLD]],
        "untold": len(problems[TOLD:]),
        "repoint": uses_url(one, {each.target for each in problems if each.target.startswith(MOVABLE)}) if one else "",
        "refused": refused,
        "change_url": admin_url(one) if one else "",
        "back": admin_url(one) if one else "../",
        **context,
    }
    return render(request, f"admin/publishing/{step}.html", shared, status=422 if shared["refused"] else 200)


def linked(problem: Trouble, alone: bool = True) -> dict[str, str]:
    """A problem in words, with a link to the field it is about, or to the draft of whoever leads here."""
    text = capfirst(problem.told) if alone else str(problem)
    return {"text": text, "url": admin_url(problem.by) if problem.by else field_url(problem.draft, problem.path)}


def admin_url(draft: Draft, step: str = "change", *args: Any) -> str:
    """The page of a draft in the admin, whatever its kind."""
    opts = draft.of.model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{step}", args=[draft.pk, *args])


def field_url(draft: Draft, path: Path) -> str:
    """The field, or the row, at a place of a draft."""
    return f"{admin_url(draft)}#{Page(draft.of.value, {}).ids(path)}"


def uses_url(draft: Draft, targets: Collection[str]) -> str:
    """The page of all that leads to parts of a draft, from where it can be led elsewhere; empty for no parts."""
    return f"{admin_url(draft, 'uses')}?{urlencode({'target': sorted(targets)}, doseq=True)}" if targets else ""


def list_url(model: type[Draft]) -> str:
    """The page that lists the drafts of a kind."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def state(draft: Draft) -> str:
    """What readers see of a draft, in words. Needs ``with_state``."""
    seen = f"version {draft.seen_number}" + ("" if draft.seen_digest == draft.digest else ", draft differs")
    if draft.seen_number is None or draft.seen_withdrawn:
        seen = "withdrawn" if draft.seen_withdrawn else "nothing yet"
    return f"{seen}; next from {timezone.localtime(draft.waits_until):%d %b %Y, %H:%M}" if draft.waits_until else seen


def changes(draft: Draft) -> tuple[Change, ...]:
    """What publishing the draft would change for readers."""
    live = Version.objects.live(pk=draft.pk).first()
    return difference(draft.of.value, live.document if live else None, draft.document)


def log(request: HttpRequest, draft: Draft, what: str, flag: int = CHANGE) -> None:
    """Keep in the admin's log who did it."""
    LogEntry.objects.log_actions(request.user.pk or 0, [draft], flag, what)


def _from(version: Version) -> str:
    waits = version.live_from > timezone.now()
    return f" from {timezone.localtime(version.live_from):%d %B %Y, %H:%M}" if waits else ""
