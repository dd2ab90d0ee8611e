"""What an entry's data says of rows: the digests of single ones, and of many that were taken in together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from reportsvc.audit import chain
from reportsvc.models import Base

ROWS, TAKEN_IN = "rows", "taken_in"


def chunk(rows: Sequence[Base]) -> tuple[str, str]:
    """The numbers of rows, as ``1-5,8``, and one digest of all of them."""
    return _runs([row.id for row in rows]), digest(chain.row_digest(row) for row in rows)


def digest(digests: Iterable[str]) -> str:
    """One digest of many, in their order."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def numbers(runs: str) -> list[int]:
    """What :func:`chunk` wrote as ``1-5,8``."""
    found: list[int] = []
    for run in runs.split(","):
        first, _, last = run.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def names(text: str) -> Iterator[str]:
    """Of an entry's data: every row that it names, as ``event:12``."""
    if ROWS not in text and TAKEN_IN not in text:
        return
    data: dict[str, Any] = json.loads(text)
    yield from data.get(ROWS, {})
    for table, chunks in data.get(TAKEN_IN, {}).items():
        for runs, _ in chunks:
            yield from (f"{table}:{number}" for number in numbers(runs))


def _runs(ids: Sequence[int]) -> str:
    parts = []
    for _, group in groupby(enumerate(ids), lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        parts.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return ",".join(parts)
