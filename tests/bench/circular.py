"""How long a circular takes whose annex lists 5,367 projects, and how much memory: `python -m tests.bench.circular`.

The aim is 10 seconds and 400 MB for the whole process. The last line is JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pypdfium2

from reportsvc import config
from reportsvc.pdf.circular import render
from reportsvc.pdf.fonts import FontSet
from tests.unit.pdf.samples import circular

ROWS = 5367


def main(out: Path | None = None) -> None:
    """Render once, print what it took; write the PDF to ``out`` to look at."""
    fonts = FontSet.load(config.load({"environment": "test", "secret_key": "k" * 32}).fonts)
    document = circular(ROWS)
    text: list[float] = []
    began = time.perf_counter()
    written = render(document, lambda done, of: text.append(time.perf_counter() - began) if done == 1 else None, fonts)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with pypdfium2.PdfDocument(written) as pdf:
        pages = len(pdf)
    if out:
        out.write_bytes(written)
    columns = len(document.annexes[-1].table.columns)
    print(f"{ROWS} rows of {columns} columns on {pages} pages, {len(written) / 1e6:.1f} MB")
    print(f"text laid out after {text[0]:.2f} s, all written after {seconds:.2f} s (aim: 10 s)")
    print(f"most memory {peak:.0f} MB (aim: 400 MB)")
    print(json.dumps({"rows": ROWS, "seconds": round(seconds, 2), "peak_mb": round(peak), "pages": pages}))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
