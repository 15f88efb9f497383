"""Two groups, with exactly the rights they should have, made anew after every migration."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from publishing.kind import KINDS

WRITERS, PUBLISHERS = "Writers", "Publishers"
RIGHTS = {WRITERS: ("add", "change", "view"), PUBLISHERS: ("add", "change", "view", "delete", "publish")}


def make_groups(app_config: Any = None, **kwargs: Any) -> None:
    """The rights of each app are there once its own migrations are through, so the last of them makes the groups."""
    if app_config and app_config is not list(apps.get_app_configs())[-1]:
        return
    if not Group.objects.filter(name=PUBLISHERS).exists():
        Group.objects.filter(name="Editors").update(name=PUBLISHERS)  # what they were called before
    models = [kind.model for kind in KINDS.values()]
    names = [f"{right}_{model._meta.model_name}" for model in models for right in RIGHTS[PUBLISHERS]]
    types = ContentType.objects.get_for_models(*models, for_concrete_models=False).values()
    known = Permission.objects.filter(content_type__in=types, codename__in=names)
    for name, rights in RIGHTS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([each for each in known if each.codename.partition("_")[0] in rights])
