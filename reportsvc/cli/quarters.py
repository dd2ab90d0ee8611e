"""Quarters on the command line."""

from __future__ import annotations

import re

import click

from reportsvc import totals

QUARTER = re.compile(r"(20\d\d)Q([1-4])")


class QuarterType(click.ParamType[totals.Quarter]):
    """A quarter such as ``2020Q3``."""

    name = "quarter"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> totals.Quarter:
        """Read the quarter, or say how one is written."""
        found = QUARTER.fullmatch(value)
        if found is None:
            self.fail(f"{value} is not a quarter; write 2020Q3.", param, ctx)
        return totals.Quarter(int(found[1]), int(found[2]))
