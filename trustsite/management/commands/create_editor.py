import getpass
from argparse import ArgumentParser

from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError

from trustsite.groups import PUBLISHERS, WRITERS


class Command(BaseCommand):
    help = "Create an editor: may write and publish lessons, quizzes and help lines, and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--writer", action="store_true", help="may write, and leaves publishing to others")

    def handle(self, *, name: str, writer: bool = False, **options: object) -> None:
        if User.objects.filter(username=name).exists():
            raise CommandError(f"There is already an account called {name}.")
        password, again = getpass.getpass("Password: "), getpass.getpass("Password again: ")
        if password != again:
            raise CommandError("The passwords differ; nothing was created.")
        said = {"username": name, "password1": password, "password2": again}
        form: UserCreationForm[User] = UserCreationForm(said, instance=User(is_staff=True))
        if not form.is_valid():
            raise CommandError(" ".join(str(message) for found in form.errors.values() for message in found))
        form.save().groups.add(Group.objects.get(name=WRITERS if writer else PUBLISHERS))
        self.stdout.write(f"{name} can log in at /admin/.")
