from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from publishing import content


class Command(BaseCommand):
    help = "Write all lessons, quizzes, help lines and the rest as files into an empty folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--live", action="store_true", help="write what readers see now instead of the drafts")

    def handle(self, *, folder: Path, live: bool, **options: object) -> None:
        try:
            files, unfinished = content.dump(folder, live=live)
        except OSError as error:
            raise CommandError(str(error)) from error
        for draft in unfinished:
            self.stderr.write(f"left out the {draft.kind} '{draft}': it is not finished")
        self.stdout.write(f"{len(files)} files written to {folder}.")
