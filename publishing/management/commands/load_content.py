from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from publishing import content
from publishing.judging import Refused


class Command(BaseCommand):
    help = "Load lessons, quizzes, help lines and the rest from files and publish what changed. All or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, metavar="DIR")
        parser.add_argument("--check", action="store_true", help="only read the files and name every problem")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--overwrite", action="store_true", help="let files win over drafts edited in the admin")
        parser.add_argument("--confirm", action="store_true", help="take files that are less safe for readers too")

    def handle(self, *, folder: Path, check: bool, dry_run: bool, overwrite: bool, confirm: bool, **_: object) -> None:
        found = content.read(folder)
        for problem in found.problems:
            self.stderr.write(str(problem))
        if found.problems:
            raise CommandError(f"{len(found.problems)} problem(s); nothing was loaded.")
        if check:
            count = f"{len(found.values('lesson'))} lessons and {len(found.values('quiz'))} quizzes"
            self.stdout.write(f"{count} are in order.")
            return
        differing = (
            {str(each.kind.title(each.document)): content.changes(each) for each in found.found} if dry_run else {}
        )
        try:
            with transaction.atomic():
                report = content.load(found, overwrite=overwrite, confirm=confirm, tell=self._progress)
                transaction.set_rollback(dry_run)
        except Refused as refused:
            raise CommandError(f"Nothing was loaded.\n{refused}") from refused
        self._tell(report, dry_run, differing)

    def _progress(self, done: int, of: int) -> None:
        """On a terminal, where somebody waits."""
        if self.stderr.isatty():
            self.stderr.write(
                f"\r{done} of {of} saved{'' if done < of else '; publishing them'}", ending="\n" * (done == of)
            )

    def _tell(self, report: list[str], dry_run: bool, differing: dict[str, list[str]]) -> None:
        kept = [line for line in report if line.startswith("kept ")]
        for line in report:
            self.stdout.write(f"would load {line}" if dry_run and line not in kept else line)
        for title, lines in differing.items():
            for line in lines:
                self.stdout.write(f"  {title}: {line}")
        changes = len(report) - len(kept)
        self.stdout.write(f"{changes} change(s)." if changes else "Nothing to load: all is up to date.")
