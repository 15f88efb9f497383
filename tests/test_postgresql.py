"""The site on PostgreSQL: a cluster of our own, the shipped course loaded, a page and a result read."""

import getpass
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tools.server import ROOT, environment, run_manage

READ = """
import re
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.db import connection
from django.test import Client
client = Client(headers={"host": "localhost"})
lesson = client.get("/formation/what-trust-is/")
print(connection.vendor, lesson.status_code, lesson.content.count(b'<section id="the-building-blocks"'))
path = "/quizzes/how-i-trust/questions/"
names = set(re.findall('name="(item-[^"]+)"', client.get(path).content.decode()))
posted = client.post(path, dict.fromkeys(names, "5") | {"version": "1"})
result = client.get(posted["Location"])
print(posted.status_code, result.status_code, result.content.count(b"data-dimension="))
"""
# Every text that a column holds too, as long as its declaration allows.
LONGEST = """
import django
django.setup()
from publishing import steps
from publishing.models import Draft
lesson = Draft.objects.filter(kind="lesson").first()
section = lesson.document["sections"][0]
longest = {"heading": "h" * 120, "anchor": "a" * 80, "former_anchors": [f"{n:080}" for n in range(30)]}
texts = {"slug": "s" * 50, "title": "t" * 120, "summary": "s" * 200, "number": 9999}
said = {**lesson.document, **texts, "sections": [{**section, **longest}]}
line = {**Draft.objects.filter(kind="help line").first().document, "country": "c" * 60, "name": "n" * 120}
drafts = [steps.save(Draft(kind=kind, document={}), doc).draft for kind, doc in (("lesson", said), ("help line", line))]
print([(len(version.slug), len(version.title)) for version in steps.publish(drafts)])
"""
# One picture in a draft, one in an earlier save alone, one nowhere; what was recorded is recorded anew.
PICTURES = """
import io
from importlib import import_module
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image
from articles import pictures
from publishing import steps
from publishing.models import Draft, Link
def sent(width):
    out = io.BytesIO()
    Image.new("RGB", (width, 9)).save(out, "PNG")
    return pictures.keep(out.getvalue(), "png")
used, held, alone = map(sent, (7, 8, 9))
lesson = Draft.objects.filter(kind="lesson").first()
for address in (held, used):
    steps.save(lesson, {**lesson.document, "scene": f"![A key]({address})"})
import_module("publishing.migrations.0004_picture_links").record(apps, None)
print(Link.objects.get(target=f"picture:{used}").path)
client = Client(headers={"host": "localhost"})
client.force_login(User.objects.create_superuser("owner"))
pages = [client.get(f"/admin/pictures/{query}").content.decode() for query in ("", "?unused=1")]
print([[page.count(said) for said in ("Opening scene", "earlier save shows", "Nobody uses it.")] for page in pages])
print([client.post(f"/admin/pictures/{name.split('/')[-1]}/").status_code for name in (used, held, alone)])
"""


def as_postgres(*command: str) -> None:
    user = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
    done = subprocess.run([*user, *command], capture_output=True, text=True, timeout=60, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))[-1]
    folder = Path(tempfile.mkdtemp(prefix="trustsite-postgresql-", dir="/tmp"))
    if getpass.getuser() == "root":
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cluster, control = str(folder / "cluster"), str(programs / "pg_ctl")
    try:
        as_postgres(str(programs / "initdb"), "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
        as_postgres(control, "-D", cluster, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            as_postgres(control, "-D", cluster, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def manage(*arguments: str, data_dir: Path, url: str) -> str:
    done = run_manage(*arguments, data_dir=data_dir, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(script: str, variables: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def texts(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_course_is_loaded_dumped_and_read(database_url: str, tmp_path: Path) -> None:
    manage("migrate", "-v0", data_dir=tmp_path, url=database_url)
    said = manage("load_content", data_dir=tmp_path, url=database_url).splitlines()
    assert len([line for line in said if line.startswith("lesson ") and line.endswith(", version 1")]) == 21
    assert len([line for line in said if line.startswith("quiz ") and line.endswith(", version 1")]) == 7
    again = manage("load_content", data_dir=tmp_path, url=database_url)
    assert again == "Nothing to load: all is up to date.\n"
    manage("dump_content", str(tmp_path / "dump"), data_dir=tmp_path, url=database_url)
    assert texts(tmp_path / "dump") == texts(settings.CONTENT_DIR)
    variables = environment(tmp_path, DATABASE_URL=database_url, DJANGO_SETTINGS_MODULE="trustsite.settings")
    said = [run(script, variables) for script in (READ, LONGEST, PICTURES)]
    assert said[:2] == ["postgresql 200 1\n303 200 4\n", "[(50, 120), (181, 120)]\n"]
    assert said[2].splitlines() == ["scene[0]", "[[1, 1, 1], [0, 1, 1]]", "[422, 422, 302]"]
    assert not (tmp_path / "site.sqlite3").exists()
