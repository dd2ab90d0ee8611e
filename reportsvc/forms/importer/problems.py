"""What is wrong with a spreadsheet: all of it, not the first thing found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_

MOST = 100  # problems told at once


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to change in the spreadsheet.

    ``row`` is the row as the spreadsheet numbers it, its header being 1; 0 where no row is meant. ``sheet`` and
    ``column`` are empty where none is meant. ``reason`` is a message id, filled from ``values``.
    """

    sheet: str
    row: int
    column: str
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


class FormError(Invalid):
    """A spreadsheet that can't be used as a form; ``problems`` says all that has to be changed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(N_("This form can't be used yet; problems found: %(count)s."), count=len(problems))


class Problems:
    """Collects problems while a spreadsheet is read, and warnings: what is read, but not quite as its author meant."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.warnings: list[Problem] = []

    def warn(self, sheet: str, row: int, column: str, reason: str, /, **values: object) -> None:
        """Note what the form's author should know of a cell, once."""
        warning = Problem(sheet, row, column, reason, values)
        if warning not in self.warnings and len(self.warnings) < MOST:
            self.warnings.append(warning)

    def add(self, sheet: str, row: int, column: str, reason: str, /, **values: object) -> None:
        """Note one problem of a cell, once."""
        problem = Problem(sheet, row, column, reason, values)
        if problem not in self.found and len(self.found) < MOST:
            self.found.append(problem)

    def stop(self) -> None:
        """Give up if there are any.

        :raises FormError: with all of them, in the order of the sheets' rows.
        """
        if self.found:
            raise FormError(in_order(self.found))


def in_order(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order of the sheets' rows."""
    return tuple(sorted(found, key=lambda problem: (problem.sheet != "survey", problem.row)))
