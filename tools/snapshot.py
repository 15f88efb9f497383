"""Keep a database of this state for tests/upgrade: a small course, loaded and edited, on SQLite.

    python -m tools.snapshot tests/upgrade/course tests/upgrade/2026-11.sqlite3.gz

Made once for each release whose databases have to survive. From the first one on, migrations are only added.
"""

import gzip
import sys
import tempfile
from pathlib import Path

from tools.server import run_manage

EDIT = """
from django.contrib.auth.models import User
from publishing import steps
from publishing.models import Draft
editor = User.objects.create_user("maria", is_staff=True)
lesson = Draft.objects.get(kind="lesson")
steps.publish([steps.save(lesson, {**lesson.document, "title": "A key"}, author=editor).draft], note="Shorter")
steps.save(lesson, {**lesson.document, "title": "Not published"}, author=editor)
steps.withdraw(Draft.objects.get(kind="term"), author=editor)
"""


def snapshot(course: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        data_dir = Path(name)
        for command in (["migrate", "-v0"], ["load_content", str(course)], ["shell", "-v0", "-c", EDIT]):
            done = run_manage(*command, data_dir=data_dir)
            if done.returncode:
                raise RuntimeError(done.stderr)
        _pack(data_dir / "site.sqlite3", target)


def _pack(database: Path, target: Path) -> None:
    """The file alone: SQLite moves what its log holds into it when the last connection is closed."""
    target.write_bytes(gzip.compress(database.read_bytes(), mtime=0))


if __name__ == "__main__":
    snapshot(Path(sys.argv[1]), Path(sys.argv[2]))
