"""Static files as they are served: all that a page looks like comes as one stylesheet.

The look is written as one file for each concern, which the sheets import. Asked for one by one, after the sheet, they
would keep the first paint waiting; so ``collectstatic`` writes them into it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

Paths = dict[str, tuple[FileSystemStorage, str]]  # each file's name, where it was found and its path there

SHEETS = ("css/site.css", "css/admin.css")

_IMPORT = re.compile(rb'@import url\("([\w.-]+)"\);')


class ImportInliningStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        for name in () if dry_run else SHEETS:
            source, path = paths[name]
            Path(self.path(name)).write_bytes(_with_imports(Path(source.path(path))))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _with_imports(sheet: Path) -> bytes:
    """A stylesheet with what it imports, all from its own folder, in its place."""
    return _IMPORT.sub(lambda match: sheet.with_name(match[1].decode()).read_bytes(), sheet.read_bytes())
