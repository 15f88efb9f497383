from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from publishing import content


class Command(BaseCommand):
    help = "Write the drafts of all lessons, quizzes, help lines and the rest as files into an empty folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder: Path, **options: object) -> None:
        try:
            files, unfinished = content.dump(folder)
        except OSError as error:
            raise CommandError(str(error)) from error
        for draft in unfinished:
            self.stderr.write(f"left out the {draft.kind} '{draft}': it is not finished")
        self.stdout.write(f"{len(files)} files written to {folder}.")
