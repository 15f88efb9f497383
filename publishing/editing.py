"""The editing page of a draft: one form for the whole value. Every button saves, except *Preview*, which shows what is
on the screen. Saving judges nothing; the page says at each field what readers would be refused for."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from publishing import form, judging, shape, steps
from publishing.beside import ASKED, beside, seen
from publishing.boxes import Page, new_row
from publishing.form import id_of
from publishing.given_back import given_back
from publishing.kind import KINDS
from publishing.merge import Clash, merge
from publishing.models import Draft, Presence, Save
from publishing.shape import Document, fields_of, place
from publishing.views import admin_url, linked, log, state

if TYPE_CHECKING:
    from publishing.admin import KindAdmin

ROW = "text/x-row"  # what a script accepts that asks for the new row alone
KEPT = "application/json"  # and one that saves what is typed now and then


def new(model: type[Draft]) -> Draft:
    """An empty draft, at the end of its kind where kinds have places."""
    last = model.objects.of_kind().aggregate(last=Max("position"))["last"] or 0
    names = {field.name for field in fields_of(KINDS[model.KIND].value)} & {"number", "position"}
    return model(kind=model.KIND, document=dict.fromkeys(names, last + 1))


def edit(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    if request.method != "POST":
        return _show(request, admin, draft)
    data = request.POST.copy()
    began, button, cls = form.number(data.get("revision")) if draft.pk else 0, data.get(form.DO, ""), draft.of.value
    if "end" not in data or (draft.pk and not began):  # the last field of the page, and the text that it began with
        raise BadRequest("The form did not arrive whole, so nothing was changed.")
    if button == "preview":
        return render(request, *seen(draft, _posted(draft, data)))
    if request.headers.get("Accept") == ASKED:
        return beside(request, draft, _posted(draft, data))
    taken = _clash(request, draft, button)
    focus = form.press(cls, data) if button not in ("", "publish") and not taken else ""
    if request.headers.get("Accept") == ROW:
        return render(request, "admin/shape/row.html", {"row": new_row(cls, data)})
    automatic = request.headers.get("Accept") == KEPT
    how = Save.AUTOMATIC if automatic else Save.TYPED
    said = _posted(draft, data)
    said = taken.taken(said) if taken else said
    try:
        saved = steps.save(draft, said, how=how, author=request.user, began=began)
    except OperationalError:
        return JsonResponse({}, status=503) if automatic else given_back(request, data, 503)
    if saved.changed and not (automatic and draft.pk):
        stands_for = {name: getattr(saved.draft, name) for name in ("pk", "title", "position")}
        log(request, admin.model(**stands_for), "", CHANGE if draft.pk else ADDITION)
    query = f"?began={saved.began}&theirs={saved.theirs}" if saved.clashes else ""
    if taken and not saved.clashes:
        return redirect(f"{request.get_full_path()}#{id_of(taken.path)}")
    if automatic:
        return JsonResponse({"revision": saved.own, "address": admin_url(saved.draft), "clashes": query})
    if button == "publish" and not saved.clashes:
        return redirect(admin_url(saved.draft, "publish"))
    if not focus:
        messages.success(request, "Saved." if saved.changed else "Nothing had changed.")
    return redirect(admin_url(saved.draft) + query + (f"#{focus}" if focus else ""))


def open_now(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A page says that somebody has it open, and hears who else has, and who saved since its text began."""
    began = form.number(request.POST.get("revision"))
    draft.presences.filter(at__lt=timezone.now() - Presence.LASTS).delete()
    draft.presences.update_or_create(user_id=request.user.pk or 0, revision=began, defaults={"at": timezone.now()})
    since = draft.saves.filter(revision__gt=began).exclude(author=request.user.pk).exclude(author=None)
    savers = {str(save.author) for save in since.defer("document").select_related("author")[:20]}
    return JsonResponse({"others": also_here(request, draft), "saved": sorted(savers)})


def also_here(request: HttpRequest, draft: Draft) -> list[str]:
    """Who else has the page of a draft open."""
    there = draft.presences.filter(at__gt=timezone.now() - Presence.LASTS).exclude(user=request.user.pk)
    return sorted({str(each.user) for each in there.select_related("user")})


def _posted(draft: Draft, data: QueryDict) -> Document:
    """What was typed; what cannot be changed any more stays."""
    kept = {name: draft.document.get(name) for name in locked(draft)}
    return {**form.posted(draft.of.value, data, kept.keys()), **kept}


def locked(draft: Draft) -> frozenset[str]:
    """An address that readers may have kept does not change."""
    return frozenset({"slug"} if draft.pk and draft.of.slugged and draft.versions.exists() else ())


def _show(request: HttpRequest, admin: "KindAdmin", draft: Any) -> HttpResponse:
    kind = draft.of
    problems = kind.judge(draft.document)[1] if draft.pk else []
    seen = not draft.pk or draft.seen_digest == draft.digest
    others = [] if problems or seen else judging.judge([draft], timezone.now(), judging.KEEP).problems
    placed = [(problem.path, problem.message) for problem in others if problem.path]
    page = Page(kind.value, draft.document, [*problems, *placed], locked(draft))
    context = {
        **admin.admin_site.each_context(request),
        "title": str(draft) if draft.pk else f"New {kind.name}",
        "opts": admin.opts,
        "draft": draft,
        "state": state(draft) if draft.pk else "",
        "page": page,
        "others": [linked(problem) for problem in others if not problem.path],
        "here_too": also_here(request, draft) if draft.pk else [],
        "clashes": _both(request, draft, page) if "began" in request.GET and draft.pk else [],
        "can_change": admin.has_change_permission(request, draft) if draft.pk else True,
        "can_publish": admin.has_publish_permission(request),
        "can_delete": draft.pk and admin.has_delete_permission(request, draft),
    }
    return render(request, "admin/publishing/edit.html", context)


def _clashes(request: HttpRequest, draft: Draft) -> list[Clash]:
    """What both changed, found again from the saves: theirs, mine right after it, and the one where both began."""
    began, theirs = (form.number(request.GET.get(name)) for name in ("began", "theirs"))
    said = dict(draft.saves.filter(revision__in=[began, theirs, theirs + 1]).values_list("revision", "document"))
    return merge(draft.of.value, said[began], said[theirs + 1], said[theirs])[1] if len(said) == 3 else []


def _clash(request: HttpRequest, draft: Draft, button: str) -> Clash | None:
    """The one whose other text a button takes, by its place among them."""
    way, _, count = button.partition(" ")
    return dict(enumerate(_clashes(request, draft))).get(form.number(count)) if way == "take" and draft.pk else None


def _both(request: HttpRequest, draft: Draft, page: Page) -> list[dict[str, Any]]:
    """Both texts of what both changed, as long as theirs was not taken."""
    cls = draft.of.value
    return [
        {
            "number": number,
            "id": page.ids(each.path),
            "place": place(cls, each.path, ""),
            "mine": _words(each.mine),
            "theirs": _words(each.theirs),
        }
        for number, each in enumerate(_clashes(request, draft))
        if shape.at(draft.document, each.path) != each.theirs
    ]


def _words(held: Any) -> str:
    """Everything that a part of a document says."""
    inner = held.values() if isinstance(held, dict) else held if isinstance(held, list) else None
    return str(held or "") if inner is None else " · ".join(filter(None, map(_words, inner)))
