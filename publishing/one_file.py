"""A draft as one file: downloaded as a dump writes it, uploaded as a folder is loaded.

A browser sends the name of a file and not its folder, so where a draft stands among its kind is its own to say: an
upload leaves its place as it is. Only what a draft does not say yet is taken from the name.
"""

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import ADDITION, CHANGE
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from publishing import content, steps
from publishing.editing import locked, new
from publishing.files import decode
from publishing.forms import FileForm
from publishing.judging import Trouble
from publishing.kind import KINDS
from publishing.models import Draft, Save
from publishing.shape import Document, document, fields_of
from publishing.views import admin_url, done, linked, log, page
from publishing.yaml_nodes import Filed, Problem

if TYPE_CHECKING:
    from publishing.admin import KindAdmin


class NotTaken(Exception):
    """What is wrong with a file, in sentences for its author, and where they lead."""

    def __init__(self, *said: str, url: str = "#id_file"):
        self.problems = [{"text": each, "url": url} for each in said]


def of_draft(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    """Download what a draft says, or make it say what a file says."""
    value, unfinished = draft.of.judge(draft.document)
    if "download" in request.GET and not unfinished:
        return _download(draft, value)
    may_change = admin.has_change_permission(request, draft)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    to_fix = [linked(Trouble(draft, *problem)) for problem in unfinished]
    return _upload(request, admin, draft, {"to_fix": to_fix, "may_change": may_change})


def from_file(request: HttpRequest, admin: "KindAdmin") -> HttpResponse:
    """A new draft that says what a file says."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    context = {"title": f"New {admin.opts.verbose_name} from a file", "step": "From a file", "may_change": True}
    return _upload(request, admin, new(admin.model), context)


def _download(draft: Draft, value: Any) -> HttpResponse:
    [(path, text)] = draft.of.filing.write([value], dict.fromkeys(KINDS, ())).items()
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{PurePath(path).name}"'
    return response


def _upload(request: HttpRequest, admin: "KindAdmin", draft: Draft, context: dict[str, Any]) -> HttpResponse:
    form = FileForm(request, draft.of.filing.suffix)
    context["form"] = form
    try:
        if form.is_valid():
            return _take(request, draft, _said(draft, form.cleaned_data["file"]))
    except NotTaken as refused:
        context |= {"problems": refused.problems, "refused": True}
    return page(request, admin, "file", [draft] if draft.pk else [], context)


def _take(request: HttpRequest, draft: Draft, given: Document) -> HttpResponse:
    if given == document(draft.of.value_of(draft.document)):
        return done(request, "Nothing had changed.", admin_url(draft))
    before = steps.save(draft, given, how=Save.LOADED, author=request.user).own - 1
    log(request, draft, "took it from a file", CHANGE if before else ADDITION)
    said = "The draft says what the file says. Readers see nothing of it until it is published."
    if not before:
        return done(request, said, admin_url(draft))
    kept = f"{said} What the draft said before is save {before}."
    return done(request, kept, f"{admin_url(draft, 'compare')}?one=save-{before}&other=draft")


def _said(draft: Draft, file: Any) -> Document:
    """What the draft says once it has taken the file."""
    kind = draft.of
    text, unreadable = decode(file.read(), file.name)
    _refuse(unreadable)
    filed = _entry(draft, kind.filing.read(kind.value, text, _plain(file.name, kind.filing.suffix)))
    _refuse(() if filed.document else filed.problems)
    _refuse_that_of_another(draft, kind.slug(filed.document))
    placed = {field.name for field in fields_of(kind.value) if field.says.placed and field.name in steps.PLACE}
    own = {name: held for name in placed if (held := _own(draft, filed, name))}
    filed.unread |= {(name,) for name in placed}  # the editing page tells what is wrong with them
    given = {**document(content.judged(kind, filed)), **own}
    _refuse(filed.problems)
    if "slug" in locked(draft) and kind.slug(given) != draft.slug:
        known = f"Readers know this {kind.name} by its address “{draft.slug}”, which cannot change any more"
        raise NotTaken(f"{known}; the file says “{kind.slug(given)}”.")
    return given


def _own(draft: Draft, filed: Filed, name: str) -> Any:
    """What the draft says of its place. A new one has a number too, but not if the file's name has one."""
    return draft.document.get(name) if draft.pk or name != "number" or not filed.document.get(name) else None


def _plain(name: str, suffix: str) -> str:
    """The name of a file as an address is written, without the number that a browser gives to a second download."""
    stem = re.sub(r" ?\([0-9]+\)$", "", name[: -len(suffix)])
    return slugify(stem.replace("_", "-")) + suffix


def _entry(draft: Draft, entries: list[Filed]) -> Filed:
    """The only entry of a file, or of several the draft's own."""
    kind = draft.of
    for name, own in ((kind.slug, draft.slug), (kind.title, draft.title)):
        for each in entries:
            if len(entries) == 1 or (own and name(each.document) == own):
                return each
    none = f" and none is “{draft}”" if draft.pk else ""
    raise NotTaken(f"The file holds {len(entries)} entries{none}; leave the one in it that you mean.")


def _refuse(problems: Iterable[Problem]) -> None:
    if told := [f"Line {line}: {message}" for _, line, message in sorted(problems)]:
        raise NotTaken(*told[:100])


def _refuse_that_of_another(draft: Draft, slug: str) -> None:
    """The wrong file is easily chosen."""
    other = Draft.objects.filter(kind=draft.kind, slug=slug or None).exclude(pk=draft.pk).first()
    if slug and other:
        said = f"“{slug}” is the address of another {draft.kind}, “{other}”. Upload the file there if it is meant so."
        raise NotTaken(said, url=admin_url(other, "file"))
