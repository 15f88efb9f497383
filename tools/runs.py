"""Runs of words of a text, and the hashes of those of the article that the course began from.

``python -m tools.runs article.txt > tests/source_runs.txt`` makes them anew: one hash a line, sorted.
"""

import hashlib
import re
import sys
from pathlib import Path

LENGTH = 6  # words; shorter runs are everybody's


def runs(text: str, length: int = LENGTH) -> set[str]:
    said = re.findall(r"[a-z0-9’]+", text.lower().replace("'", "’"))
    return {" ".join(said[at : at + length]) for at in range(len(said) - length + 1)}


def hashed(run: str) -> str:
    return hashlib.blake2b(run.encode(), digest_size=6).hexdigest()


if __name__ == "__main__":
    print(*sorted(map(hashed, runs(Path(sys.argv[1]).read_text(encoding="utf-8")))), sep="\n")
