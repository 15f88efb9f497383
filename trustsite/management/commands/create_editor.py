import getpass
from argparse import ArgumentParser

from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError

from publishing.kind import KINDS


class Command(BaseCommand):
    help = "Create an editor: may write and publish lessons, quizzes and help lines, and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *, name: str, **options: object) -> None:
        if User.objects.filter(username=name).exists():
            raise CommandError(f"There is already an account called {name}.")
        password, again = getpass.getpass("Password: "), getpass.getpass("Password again: ")
        if password != again:
            raise CommandError("The passwords differ; nothing was created.")
        said = {"username": name, "password1": password, "password2": again}
        form: UserCreationForm[User] = UserCreationForm(said, instance=User(is_staff=True))
        if not form.is_valid():
            raise CommandError(" ".join(str(message) for found in form.errors.values() for message in found))
        form.save().groups.add(editors())
        self.stdout.write(f"{name} can log in at /admin/.")


def editors() -> Group:
    """The group of editors, with exactly the rights it should have."""
    group, _ = Group.objects.get_or_create(name="Editors")
    models = [kind.model for kind in KINDS.values()]
    types = ContentType.objects.get_for_models(*models, for_concrete_models=False).values()
    group.permissions.set(Permission.objects.filter(content_type__in=types))
    return group
