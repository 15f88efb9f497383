"""A database of an earlier release becomes one of today. The files beside this one come from ``tools/snapshot.py``."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from tools.server import ROOT, environment, run_manage

KEPT = sorted(Path(__file__).parent.glob("*.sqlite3.gz"))
READ = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
from publishing.models import Draft, Version
client = Client(headers={"host": "localhost"})
html = client.get("/formation/a-spare-key/").content.decode()
print(html.split("<h1>")[1].split("</h1>")[0], html.count("She gives him the key."))
print([client.get(page).status_code for page in ("/", "/formation/", "/help/", "/quizzes/a-small-quiz/questions/")])
print("It stays shut" in client.get("/search/?q=drawer").content.decode())
print(sorted(Version.objects.live().values_list("draft__kind", "number")))
lesson = Draft.objects.get(kind="lesson")
print(lesson.title, [save.document["title"] for save in lesson.saves.all()], lesson.of.judge(lesson.document)[1])
"""


def test_a_database_is_kept() -> None:
    assert KEPT


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name.partition(".")[0])
def test_kept_database_is_migrated_and_read(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "site.sqlite3").write_bytes(gzip.decompress(kept.read_bytes()))
    migrated = run_manage("migrate", "-v0", data_dir=tmp_path)
    assert (migrated.returncode, migrated.stderr) == (0, "")
    variables = environment(tmp_path, DJANGO_SETTINGS_MODULE="trustsite.settings")
    read = subprocess.run(
        [sys.executable, "-c", READ], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60
    )
    assert read.returncode == 0, read.stderr
    assert read.stdout.splitlines() == [
        "A key 1",
        "[200, 200, 200, 200]",
        "True",
        "[('help line', 1), ('lesson', 2), ('part', 1), ('quiz', 1)]",
        "Not published ['Not published', 'A key', 'A spare key'] []",
    ]
    checked = run_manage("migrate", "--check", data_dir=tmp_path)
    assert checked.returncode == 0
