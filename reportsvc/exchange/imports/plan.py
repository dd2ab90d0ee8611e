"""What an import would do, worked out before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from reportsvc.reports.doubts import Doubt

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
TITLE = 260  # characters of a line's title that are kept


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row. ``changes`` holds (column's title, before, after)."""

    sheet: str
    row: int
    outcome: str
    title: str
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """One cell that can't be taken: sheet's key, row, column's key (empty: the whole row), why."""

    sheet: str
    row: int
    column: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The key of an older report: year, quarter, project's code, organization's code."""

    year: int
    quarter: int
    project: str
    organization: str


@dataclass(frozen=True, slots=True)
class Given:
    """One older figure: the indicator's code, a county or nothing, the value in the indicator's unit."""

    indicator: str
    county: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Sending:
    """A report of an open quarter that is to be sent in: the slot's id, checked answers, and what looks odd in them."""

    slot: int
    answers: Mapping[str, Any]
    found: tuple[Doubt, ...]


@dataclass(slots=True)
class Plan:
    """All of it. Organizations go by their codes, projects by theirs, so that new ones can name one another."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    new_organizations: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed_organizations: dict[str, dict[str, Any]] = field(default_factory=dict)
    new_projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed_projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    participations: dict[tuple[str, str], str] = field(default_factory=dict)
    """New ones only: (project, organization) to role."""
    reports: dict[Report, list[Given]] = field(default_factory=dict)
    """Older reports that are new or change, with all their figures."""
    sendings: list[Sending] = field(default_factory=list)
    due: int = 0
    """How many reports of open quarters become due by it."""

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each sheet are new, changed, the same; and how many have something wrong."""
        found: dict[str, Counter[str]] = {}
        for line in self.lines:
            found.setdefault(line.sheet, Counter())[line.outcome] += 1
        for sheet, _ in {(one.sheet, one.row) for one in self.wrong}:
            found.setdefault(sheet, Counter())[WRONG] += 1
        return {sheet: dict(counted) for sheet, counted in found.items()}

    def digest(self) -> str:
        """SHA-256 of all that would be done: what was looked at is what is applied, or nothing."""
        text = json.dumps([[asdict(line) for line in self.lines], self.due], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
