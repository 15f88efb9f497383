"""A content folder and the database: read a folder, load it, dump it.

Loading is all or nothing. What a file and a draft say is compared by digest with what was last loaded: a draft that an
editor changed is kept, a file that was changed since is loaded and published, what is equal is left alone. What a file
takes away from the safety of readers is not loaded without being confirmed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction

from publishing import steps
from publishing.difference import difference
from publishing.files import ListIn, decode
from publishing.judging import DROP, KEEP, said, weakened
from publishing.kind import KINDS, Kind
from publishing.models import Draft, Save, Version, digest
from publishing.shape import Document, document
from publishing.yaml_nodes import Filed, Problem

NOTE = "Loaded from the content files"
LITTER = re.compile(r"(^|/)\.|(^|/)(Thumbs\.db|desktop\.ini)$|~$", re.IGNORECASE)  # what systems and editors leave
GONE = "gone"  # in place of a digest: its list has it no more


@dataclass(frozen=True)
class Found:
    """A value in a folder, with the file it comes from."""

    kind: Kind
    value: Any
    filed: Filed

    @cached_property
    def document(self) -> Document:
        return document(self.value)  # type: ignore[no-any-return]

    @property
    def key(self) -> tuple[str, str]:
        return self.kind.name, self.kind.slug(self.document)


@dataclass
class Content:
    """What a folder holds, with the problems that keep it from being loaded."""

    found: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def values(self, kind: str) -> list[Any]:
        return [each.value for each in self.found if each.kind.name == kind]


def read(folder: Path) -> Content:
    """Everything in ``folder``. Problems are complete: one bad file hides no other."""
    content = Content()
    missing = {kind.filing.path for kind in KINDS.values() if isinstance(kind.filing, ListIn)}
    for path, text in _texts(folder, content.problems):
        missing.discard(path)
        kind = next((kind for kind in KINDS.values() if kind.filing.holds(path)), None)
        if not kind:
            content.problems.append(Problem(path, 1, "unknown file; remove it (the README says what belongs here)"))
            continue
        for filed in kind.filing.read(kind.value, text, path):
            if filed.document:
                content.found.append(Found(kind, judged(kind, filed), filed))
            content.problems += filed.problems
    content.problems += [Problem(path, 1, "file is missing") for path in missing]
    content.problems += list(_between(content))
    content.problems += list(_misplaced(content))
    content.problems.sort()
    return content


def judged(kind: Kind, filed: Filed) -> Any:
    """The value that a file says, with all told that keeps it from readers as far as it alone can tell."""
    value: Any = filed.value(kind.value)
    filed.tell(kind.value, () if filed.problems else kind.broken(value))
    return value


def _texts(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        problems.append(Problem(str(folder), 1, "there is no such folder"))
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if LITTER.search(path):
            continue
        if file.is_symlink():
            problems.append(Problem(path, 1, "is a link; put the file itself here"))
        elif file.is_file():
            text, unreadable = decode(file.read_bytes(), path)
            problems += unreadable
            if not unreadable:
                yield path, text


def _between(content: Content) -> Iterator[Problem]:
    """What is wrong between files: two share an address or a number, and links lead to what is not there."""
    offered = {target for each in content.found for target in each.kind.targets(each.value)}
    taken: dict[tuple[str, str, Any], str] = {}
    for each in content.found:
        kind, path, line = each.kind, each.filed.path, each.filed.line_of(())
        for name, held in (("address", each.key[1]), ("number", kind.apart and kind.position(each.document))):
            other = taken.setdefault((kind.name, name, held), f"{path}:{line}")
            if held and other != f"{path}:{line}":
                yield Problem(path, line, f"{name} “{held}” is taken already, by {other}")
        for place, target in kind.leads(each.value):
            if target not in offered:
                yield Problem(path, each.filed.line_of(place), f"{said(target)} does not exist")


def _misplaced(content: Content) -> Iterator[Problem]:
    """Files that lie elsewhere than they say, unless something else is wrong with what they say."""
    everything = {kind: content.values(kind) for kind in KINDS}
    troubled = {problem.path for problem in content.problems}
    for each in content.found:
        right = each.kind.filing.path_of(each.value, everything)
        if each.filed.path not in troubled and right != each.filed.path:
            yield Problem(each.filed.path, 1, f"this file belongs at {right}")


@transaction.atomic
def load(
    content: Content,
    *,
    overwrite: bool = False,
    confirm: bool = False,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[str]:
    """Bring the database up to ``content`` and publish what changed. Returns a line per change, none if equal, and one
    for all that is kept and why. ``tell`` hears how many of how many are saved."""
    report: list[str] = []
    drafts = {(draft.kind, draft.slug): draft for draft in Draft.objects.with_state().light()}
    wanted = [each for each in content.found if _wanted(each, drafts, report, overwrite, confirm)]
    loaded = []
    for each in wanted:
        loaded.append(_save(each, drafts.get(each.key)))
        tell(len(loaded), len(wanted))
    unseen = [draft for draft in loaded if not Version.objects.live(pk=draft.pk).filter(digest=draft.digest).exists()]
    report += [f"{draft.kind} '{draft}' says again what its file says" for draft in loaded if draft not in unseen]
    report += [f"{v.draft.kind} {v}" for v in steps.publish(unseen, note=NOTE, waiting=KEEP, confirmed=True)]
    for draft in [each for each in drafts.values() if _gone(each, content)]:
        report.append(f"{draft.kind} '{draft}' is in no file any more and is withdrawn")
        steps.withdraw(draft, note=NOTE, waiting=DROP)
        Draft.objects.filter(pk=draft.pk).update(loaded=GONE)
    filed = {each.key for each in content.found}
    here = [draft for draft in drafts.values() if (draft.kind, draft.slug) not in filed and draft.loaded != GONE]
    return report + [f"kept '{draft}': it is here and in no file" for draft in here if not _gone(draft, content)]


def changes(each: Found) -> list[str]:
    """What loading it would change in its draft, a line for each place."""
    draft = Draft.objects.filter(kind=each.key[0], slug=each.key[1]).first()
    found = difference(each.kind.value, draft.document, each.document) if draft else ()
    return [f"{change.place}: {''.join(_marked(*piece) for piece in change.pieces)}" for change in found]


def _marked(kind: str, words: str) -> str:
    return {"removed": f"[-{words}-]", "added": f"{{+{words}+}}"}.get(kind, words)


def _wanted(each: Found, drafts: dict[Any, Draft], report: list[str], overwrite: bool, confirm: bool) -> bool:
    """Whether the file is to be loaded. Says in ``report`` what keeps it out."""
    draft: Any = drafts.get(each.key)
    filed = digest(each.document)
    if not draft or (draft.loaded == GONE and draft.digest == filed):
        return True
    if draft.digest == filed or (draft.loaded == filed and not overwrite):
        return False
    if not overwrite and (draft.seen_withdrawn or draft.digest != draft.loaded):
        report.append(f"kept '{draft}': it was changed here, and its file too; --overwrite takes the file")
        return False
    weaker = [] if confirm else [trouble.message for trouble in weakened(draft, each.value)]
    if weaker:
        report.append(f"kept '{draft}': its file is less safe for readers; --confirm takes it. {'; '.join(weaker)}")
    return not weaker


def _save(each: Found, draft: Draft | None) -> Draft:
    draft = draft or Draft(kind=each.kind.name)
    steps.record(draft, each.document, how=Save.LOADED)
    draft.loaded = draft.digest
    draft.save(update_fields=["loaded"])
    return draft


def _gone(draft: Any, content: Content) -> bool:
    """Whether an entry of a list was loaded once, nobody changed it since, and the list has it no more."""
    if not isinstance(draft.of.filing, ListIn) or draft.seen_withdrawn is not False or draft.digest != draft.loaded:
        return False
    return (draft.kind, draft.slug) not in {each.key for each in content.found}


def dump(folder: Path, *, live: bool = False) -> tuple[list[Path], list[Draft]]:
    """Write the finished drafts below ``folder``, which must be empty, or what readers see now. Returns the files, and
    the drafts left out."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    unfinished: list[Draft] = []
    everything: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for kind, value in _live() if live else _finished(unfinished):
        everything[kind].append(value)
    written = [kind.filing.write(everything[kind.name], everything) for kind in KINDS.values()]
    files = {path: text for texts in written for path, text in texts.items()}
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return [folder / path for path in files], unfinished


def _finished(unfinished: list[Draft]) -> Iterator[tuple[str, Any]]:
    """What the drafts say, each with its kind. Those that say nothing whole yet go to ``unfinished``."""
    for draft in Draft.objects.with_state().order_by("position", "title"):
        value, problems = draft.of.judge(draft.document)
        if problems:
            unfinished.append(draft)
        elif not (isinstance(draft.of.filing, ListIn) and draft.seen_withdrawn):
            yield draft.kind, value


def _live() -> Iterator[tuple[str, Any]]:
    for version in Version.objects.live().select_related("draft").order_by("position", "title"):
        yield version.draft.kind, version.draft.of.value_of(version.document)
