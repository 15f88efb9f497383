import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from articles.models import LessonVersion, PartVersion

register = template.Library()
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def ended(text: str) -> str:
    """The text as a sentence: with a full stop, unless it ends already."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


@register.simple_tag(takes_context=True)
def absolute(context: template.RequestContext, address: str) -> str:
    """The address of a page of this site with scheme and host, for those who read it elsewhere."""
    return str(context["request"].build_absolute_uri(address))


@register.simple_tag
def lesson_data(version: LessonVersion, part: PartVersion, request: HttpRequest) -> SafeString:
    """The lesson and the way to it as JSON-LD, for search engines."""
    url = request.build_absolute_uri
    lesson: dict[str, Any] = {
        "@type": "LearningResource",
        "name": version.title,
        "description": version.source.summary,
        "url": url(version.get_absolute_url()),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "timeRequired": f"PT{version.minutes}M",
        "teaches": list(version.source.objectives),
        "dateModified": version.live_from.isoformat(),
        "citation": [cited.citation for cited in version.source.citations],
    }
    steps = [(part.title, part.get_absolute_url()), (version.title, version.get_absolute_url())]
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url(address)}
            for number, (name, address) in enumerate(steps, 1)
        ],
    }
    text = json.dumps({"@context": "https://schema.org", "@graph": [lesson, trail]}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - no sign that could end the element is left
