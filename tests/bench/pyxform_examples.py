"""What becomes of the forms in pyxform's own source: `python -m tests.bench.pyxform_examples [FOLDER or .tar.gz]`.

Without an argument pip downloads pyxform's source distribution. Some of its releases leave the examples out; then give
it a checkout of https://github.com/XLSForm/pyxform. Every file is to be imported, or refused with a sentence that names
the place; anything else ends with the status 1. The last line is JSON.
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


def download(folder: Path) -> Path:
    """pyxform's source distribution, of the release that is installed here."""
    named = f"pyxform=={version('pyxform')}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", named]
    subprocess.run([*command, "--dest", str(folder)], check=True)  # noqa: S603 - our own words only
    return next(folder.glob("*.tar.gz"))


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
        source = given or download(Path(temporary))
        if source.is_file():
            with tarfile.open(source) as archive:
                archive.extractall(temporary, filter="data")
            source = Path(temporary)
        for path in forms(source):
            outcome, reason = look_at(path)
            counts[outcome] += 1
            print(f"{outcome:>8}  {path.relative_to(source)}: {' '.join(reason.split())[:200]}")
    total = counts.total()
    print(f"{total} files: {counts['imported']} imported, {counts['refused']} refused, {counts['failed']} failed")
    if total < FEWEST:
        print("These are too few to be pyxform's examples; give a checkout of its source.")
    print(json.dumps({"files": total, **{key: counts[key] for key in ("imported", "refused", "failed")}}))
    return 1 if counts["failed"] or total < FEWEST else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
