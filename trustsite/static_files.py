"""Static files as they are served: all that a page looks like comes as one stylesheet.

The look is written as one file for each concern, which ``css/site.css`` imports, and ``css/admin.css`` imports the
tokens. Asked for one by one, after that sheet, they would keep the first paint waiting; so ``collectstatic`` writes
them into it.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEETS = ("css/site.css", "css/admin.css")

_IMPORT = re.compile(r'@import url\("([\w.-]+)"\);')


class OneSheetStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        whole = {name: (_Whole(paths[name][0]), paths[name][1]) for name in SHEETS if name in paths}
        yield from super().post_process({**paths, **whole}, **options)


class _Whole:
    """Where a stylesheet is read together with what it imports, all from its own folder."""

    def __init__(self, source: Storage) -> None:
        self.source = source

    def open(self, path: str) -> "ContentFile[bytes]":
        folder = posixpath.dirname(path)
        imported = _IMPORT.sub(lambda match: self._read(posixpath.join(folder, match[1])), self._read(path))
        return ContentFile(imported.encode())

    def _read(self, path: str) -> str:
        with self.source.open(path) as file:
            return bytes(file.read()).decode()
