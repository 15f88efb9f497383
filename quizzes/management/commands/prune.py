from django.core.management.base import BaseCommand

from quizzes.kept import kept


class Command(BaseCommand):
    help = "Delete kept results whose time has run out."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{kept.prune()} kept result(s) were due and are deleted.")
