"""What becomes of the forms in pyxform's own source: `python -m tests.bench.pyxform_examples [FOLDER or .tar.gz]`.

Without an argument pip downloads pyxform's source distribution. Newer releases leave the examples out: then an older
one is downloaded too, which has them; those of a newer release are in a checkout of its repository. Every file is to be
imported, or refused with a sentence that names the place; else the status is 1. The last line is JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from reportsvc.cli.forms import told
from reportsvc.forms import importer
from reportsvc.forms.importer import Problem

FEWEST = 20
"""Files that say something about the importer; fewer are no examples."""


WITH_EXAMPLES = "1.6.0"
"""A release whose source distribution holds the examples."""


def download(folder: Path, release: str) -> Path:
    """The source distribution of a release of pyxform."""
    named = f"pyxform=={release}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", named]
    subprocess.run([*command, "--dest", str(folder)], check=True)  # noqa: S603 - our own words only
    return folder / f"pyxform-{release}.tar.gz"


def unpacked(archive: Path, into: Path) -> Path:
    """The folder that an archive is unpacked to."""
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter="data")
    return into


def examples(given: Path | None, temporary: Path) -> Path:
    """The folder to look through."""
    if given is not None:
        return given if given.is_dir() else unpacked(given, temporary)
    for release in (version("pyxform"), WITH_EXAMPLES):
        print(f"pyxform {release}")
        found = unpacked(download(temporary, release), temporary / release)
        if len(list(forms(found))) >= FEWEST:
            break
    return found


def forms(folder: Path) -> Iterator[Path]:
    """Every file that has the ending of a form, but for READMEs and their like."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in importer.EXTENSIONS and path.is_file():
            prose = path.suffix == ".md" and not path.read_text("utf-8", "replace").lstrip().startswith("|")
            if not prose:
                yield path


def look_at(path: Path) -> tuple[str, str]:
    """(imported, refused or failed; the first reason)."""
    beside = [] if path.suffix.lower() == ".csv" else sorted(path.parent.glob("*.csv"))
    try:
        found = importer.examine(path.read_bytes(), path.name, {each.name: each.read_bytes() for each in beside})
    except Exception as error:  # whatever it is, it is what this looks for
        return "failed", f"{type(error).__name__}: {error}"
    if found.form is not None:
        return "imported", f"{sum(1 for _ in found.form.questions())} questions, {len(found.warnings)} warnings"
    first = found.problems[0]
    return ("refused" if placed(first) else "failed"), told(first)


def placed(problem: Problem) -> bool:
    """Whether a problem names its place: a sheet, or the whole file where that can't be read at all."""
    return bool(problem.sheet or problem.column or "file" in problem.reason or "ending" in problem.values)


def main(given: Path | None = None) -> int:
    """Look at every form; gives the status."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        source = examples(given, Path(temporary))
        for path in forms(source):
            outcome, reason = look_at(path)
            counts[outcome] += 1
            print(f"{outcome:>8}  {path.relative_to(source)}: {' '.join(reason.split())[:200]}")
    total = counts.total()
    print(f"{total} files: {counts['imported']} imported, {counts['refused']} refused, {counts['failed']} failed")
    if total < FEWEST:
        print("These are too few to be pyxform's examples.")
    print(json.dumps({"files": total, **{key: counts[key] for key in ("imported", "refused", "failed")}}))
    return 1 if counts["failed"] or total < FEWEST else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
