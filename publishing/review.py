"""Ready for review: a private page of a draft as it is now, with a thread of remarks for each of its parts. Its link
may be given to a colleague without an account; it is dead once the draft is published or taken back. Remarks stay."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from publishing import beside
from publishing.form import id_of, number
from publishing.forms import ReviewForm, Words
from publishing.kind import Entry
from publishing.models import Draft, Remark, Review
from publishing.views import admin_url, done, log, page

if TYPE_CHECKING:
    from publishing.admin import KindAdmin

MOST = 300  # open remarks on one draft: whoever has the link may write, and nobody should be able to fill the disk


class RemarkForm(forms.Form):
    use_required_attribute = False  # the page says what is missing, and keeps what was typed

    place = Words(200, required=False, widget=forms.HiddenInput)
    text = Words(
        2000,
        label="What do you want to say?",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write your remark first"},
    )
    name = Words(
        60,
        label="Your name",
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Say who you are"},
    )


def ask(request: HttpRequest, admin: "KindAdmin", draft: Draft) -> HttpResponse:
    """Make a draft ready for review, or take it back."""
    review = Review.objects.filter(draft=draft).first()
    may_ask, form = admin.has_change_permission(request, draft), ReviewForm(request)
    if request.method == "POST" and not may_ask:
        raise PermissionDenied
    if "end" in request.POST:
        Review.objects.filter(draft=draft).delete()
        log(request, draft, "took it back from review")
        said = "It is not ready for review any more, and the link is dead. The remarks stay."
        return done(request, said, admin_url(draft, "review"))
    if form.is_valid():
        asked = {**form.cleaned_data, "author": request.user}
        if Review.objects.get_or_create(draft=draft, defaults=asked)[1]:
            log(request, draft, "made it ready for review")
        return redirect(admin_url(draft, "review"))
    link = request.build_absolute_uri(reverse("review", args=[review.key])) if review else ""
    context = {
        "review": review,
        "link": link,
        "remarks": [(each["name"], said) for each in threads(draft) for said in each["remarks"] if not said.settled],
        "may_ask": may_ask,
        "form": form,
    }
    return page(request, admin, "review", [draft], context)


def read(request: HttpRequest, key: str) -> HttpResponse:
    """The page behind the link. Who may change the draft also settles remarks."""
    review = get_object_or_404(Review.objects.select_related("draft", "author"), key=key)
    draft = review.draft
    may_settle = request.user.has_perm(draft.of.right("change"))
    sent = None
    if "settle" in request.POST:
        if not may_settle:
            raise PermissionDenied
        remark = get_object_or_404(draft.remarks, pk=number(request.POST["settle"]))
        draft.remarks.filter(pk=remark.pk).update(settled=not remark.settled)
        return redirect(f"{request.path}#{_id(remark.place)}")
    if request.method == "POST":
        sent = RemarkForm(request.POST)
        if draft.remarks.filter(settled=False).count() >= MOST:
            sent.add_error(None, "There are very many remarks here already. Ask for some to be settled first.")
        elif sent.is_valid():
            by = request.user if request.user.is_authenticated else None
            remark = draft.remarks.create(**sent.cleaned_data, author=by)
            return redirect(f"{request.path}#{_id(remark.place)}")
    context = {
        "review": review,
        "draft": draft,
        "threads": threads(draft, sent, str(request.user) if request.user.is_authenticated else ""),
        "may_settle": may_settle,
        "html": _alone(render_to_string(*beside.seen(draft, draft.document), request)),
    }
    return _private(render(request, "admin/publishing/reviewed.html", context, status=422 if sent else 200))


def read_page(request: HttpRequest, key: str) -> HttpResponse:
    """The draft's page by itself."""
    draft = get_object_or_404(Review.objects.select_related("draft"), key=key).draft
    return _private(render(request, *beside.seen(draft, draft.document)))


def threads(draft: Draft, sent: RemarkForm | None = None, name: str = "") -> list[dict[str, Any]]:
    """All that can be spoken about, with what was said and a form: the page, its parts, and parts that are gone."""
    said: dict[str, list[Remark]] = {}
    for remark in draft.remarks.all():
        said.setdefault(remark.place, []).append(remark)
    entries: Iterable[Entry] = draft.of.outline(draft.of.value_of(draft.document))
    named = {draft.of.spot(draft.document, entry.path): entry.name or "Untitled" for entry in entries}
    at = sent.data.get("place", "") if sent else None
    gone = {place: f"“{place.partition(':')[2]}”, renamed or gone" for place in (*said, at or "") if place not in named}
    places = {**gone, **named, "": "The whole page"}
    return [
        {
            "id": _id(place),
            "name": places[place],
            "remarks": said.get(place, []),
            "open": place == at or place in said,
            "form": sent if sent and place == at else _form(place, name),
        }
        for place in ("", *named, *(each for each in gone if each))
    ]


def _form(place: str, name: str) -> RemarkForm:
    return RemarkForm(initial={"place": place, "name": name}, auto_id=f"{_id(place)}-%s")


def _id(place: str) -> str:
    return id_of(("thread", *filter(None, place.split(":"))))


def _alone(html: str) -> str:
    """Its links lead nowhere while it stands in a frame."""
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
