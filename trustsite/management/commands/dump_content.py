from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.publishing import Refused
from trustsite import content


class Command(BaseCommand):
    help = "Write the drafts of all lessons, quizzes, parts and help lines as files into an empty folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder: Path, **options: object) -> None:
        try:
            files = content.dump(folder)
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(files)} files written to {folder}.")
