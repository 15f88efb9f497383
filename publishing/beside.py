"""What stands beside the words while they are typed: the site's own page of them, and an outline with everything to see
to, in the order of the page. Nothing of it is saved."""

import copy
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.text import capfirst

from publishing import judging, links, steps
from publishing.boxes import Page
from publishing.form import id_of
from publishing.kind import KINDS, Entry
from publishing.models import Draft, Link, Version
from publishing.shape import Document, Parts, Path, along, place, steps_of
from publishing.views import MOVABLE, TOLD, admin_url, field_url, uses_url

if TYPE_CHECKING:
    from publishing.admin import KindAdmin

ASKED = "text/x-beside"  # what a script accepts that asks for it


def beside(request: HttpRequest, draft: Draft, document: Document) -> HttpResponse:
    kind = draft.of
    value, problems = kind.judge(document)
    version = steps.frozen(draft, value, links.finder(kind.leads(value)))
    dead = [(trouble.path, trouble.message) for trouble in judging.dead_ends(draft, value)]
    page = Page(kind.value, document)
    told = [(path, message, False) for path, message in [*problems, *dead]]
    told += [(path, message, True) for path, message in kind.advice(value)]
    entries = list(kind.outline(value))
    used = _used({target for entry in entries for target in entry.targets})
    told += [(path, f"no {kind.sought_by} leads here", True) for path in _unsought(draft, entries, used)]
    remarks = Counter(draft.remarks.filter(settled=False).values_list("place", flat=True) if draft.pk else ())
    rows = [
        {
            "id": id_of(entry.path),
            "name": entry.name or "Untitled",
            "facts": entry.facts,
            "uses": _uses(draft, entry.targets, used) if draft.pk and entry.targets else [],
            "remarks": remarks.get(kind.spot(document, entry.path), 0),
            "ruler": entry.ruler and entry.ruler._asdict(),
            "problems": _told(page, told, entry.path),
        }
        for entry in entries
    ]
    own = [each for each in told if not any(each[0][: len(entry.path)] == entry.path for entry in entries)]
    if left := _told(page, own, ()):
        rows.insert(0, {"id": "shape", "name": kind.name.capitalize(), "problems": left})
    tries = kind.trial and not problems
    if kind.trial and tries and request.POST.get("try"):
        asked = {name.removeprefix("try-"): str(held) for name, held in request.POST.items() if name.startswith("try-")}
        found = kind.trial(version, asked)
    else:
        found = kind.preview[0], kind.preview[1](version)
    html = render_to_string(*found, request)
    return JsonResponse({"outline": rows, "page": html, "trial": kind.controls(value) if tries else None})


def seen(draft: Draft, document: Document) -> tuple[str, dict[str, Any]]:
    """The site's own page of a document, finished or not: its template, and the context of it."""
    kind, value = draft.of, draft.of.value_of(document)
    template, context = kind.preview
    return template, context(steps.frozen(draft, value, links.finder(kind.leads(value))))


def _told(page: Page, told: Iterable[tuple[Path, str, bool]], at: Path) -> list[dict[str, Any]]:
    """What is told of a place and of what is in it; the place is named where it does not stand above."""
    return [
        {"id": page.ids(path), "text": capfirst(said) if at else _placed(page, path, said), "advice": soft}
        for path, said, soft in told
        if path[: len(at)] == at
    ]


def uses(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    """Everything that leads to one place of a draft, each with its own place in whoever leads here. POST lets all of
    it lead somewhere else, in the drafts; readers see nothing of it until they are published."""
    offered = tuple(f"{kind}:" for kind in draft.of.offers)  # what is only used, such as a picture, leads nowhere else
    targets = [each for each in request.GET.getlist("target") if each.isprintable() and each.startswith(offered)]
    found = [link for link in _used(set(targets)) if link.draft_id != draft.pk]
    to, wrong = request.POST.get("to", "").strip(), ""
    movable = all(link.target.startswith(MOVABLE) for link in found)
    if request.method == "POST" and movable:
        if to.isprintable() and f"section:{to}" in links.offered([f"section:{to}"]):
            done = _repoint(request, found, to)
            messages.success(request, f"{done} now lead to {to}. Publish them when they are as you want them.")
            return redirect(request.get_full_path())
        wrong = f"“{to}” is no section that readers can open. Its address is like what-trust-is#safety-comes-first."
    rows = {(link.draft.kind, link.draft.title, link.path): link for link in found}
    listed = [
        {
            "word": word(link),
            "draft": link.draft,
            "place": links.place(link),
            "url": field_url(link.draft, steps_of(link.path)),
        }
        for _, link in sorted(rows.items())
    ]
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "draft": draft,
        "step": "what leads here",
        "title": f"What leads here: {draft}",
        "uses": listed[:TOLD],
        "untold": len(listed[TOLD:]),
        "movable": movable,
        "target": ", ".join(target.partition(":")[2] for target in targets),
        "to": to,
        "wrong": wrong,
        "change_url": admin_url(draft),
        "back": admin_url(draft),
    }
    return render(request, "admin/publishing/uses.html", context, status=422 if wrong else 200)


@transaction.atomic
def _repoint(request: HttpRequest, found: Iterable[Link], to: str) -> str:
    """Change the drafts in which the links stand, as far as this account may. Says how many were changed."""
    by_draft: dict[int, list[Link]] = {}
    for link in found:
        by_draft.setdefault(link.draft_id, []).append(link)
    changed = 0
    for drafted in Draft.objects.filter(pk__in=by_draft):
        if request.user.has_perm(drafted.of.right("change")):
            said = copy.deepcopy(drafted.document)
            for link in by_draft[drafted.pk]:
                _lead(said, steps_of(link.path), link.target.partition(":")[2], to)
            changed += steps.save(drafted, said, author=request.user).changed
    return f"{changed} {'draft' if changed == 1 else 'drafts'}"


def _lead(document: Any, path: Path, old: str, new: str) -> None:
    """The field at a path leads there from now on: it holds the address, or is a text with links."""
    for step in path:
        try:
            inner = document[step]
        except (KeyError, IndexError, TypeError):
            return  # the draft has moved on since it was published
        if isinstance(inner, str):
            slug, _, anchor = old.partition("#")
            page = rf"/[\w-]+/{re.escape(slug)}/{'#' + re.escape(anchor) if anchor else '(?:exercise/)?'}"
            document[step] = new if inner == old else re.sub(rf"\]\((?:{re.escape(old)}|{page})\)", f"]({new})", inner)
            return
        document = inner


def _placed(page: Page, path: Path, said: str) -> str:
    return ": ".join(filter(None, [place(page.cls, path, said), said]))


def _used(targets: set[str]) -> list[Link]:
    """Every link to one of the targets that readers can follow, and of drafts that were never published."""
    standing = Version.objects.standing().filter(withdraws=False).order_by().values("pk")
    found = Link.objects.filter(target__in=targets)
    live = found.filter(version__in=standing) | found.filter(version=None, draft__versions=None)
    return list(live.select_related("draft").defer("draft__document", "draft__words"))


def _unsought(draft: Draft, entries: Iterable[Entry], used: Iterable[Link]) -> list[Path]:
    """Parts of what readers may see that none of the kind leads to that should."""
    kind = draft.of.sought_by
    sought = {link.target for link in used if link.draft.kind == kind}
    return [each.path for each in entries if kind and draft.pk and each.targets and not sought & {*each.targets}]


def _uses(draft: Draft, targets: Iterable[str], used: Iterable[Link]) -> list[dict[str, str]]:
    """How many of each kind lead to the targets, each with the page that lists them."""
    counts = Counter(word(link) for link in used if link.target in targets and link.draft_id != draft.pk)
    url = uses_url(draft, list(targets))
    found = [f"{count} {_several(one) if count > 1 else one}" for one, count in sorted(counts.items())]
    return [{"text": text, "url": url} for text in found]


def word(link: Link) -> str:
    """What leads there, in a word: a lesson, a term, or one of the fixed parts of something, such as a quiz band."""
    kind = KINDS[link.draft.kind]
    fixed = [
        field.says.label.removesuffix("s").lower()
        for _, field in along(kind.value, steps_of(link.path))
        if isinstance(field.says, Parts) and field.says.rows
    ]
    return " ".join([kind.name, *fixed])


def _several(one: str) -> str:
    return f"{one}zes" if one.endswith("z") else f"{one}s"
