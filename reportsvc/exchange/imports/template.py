"""The workbook to fill in: heads with help, drop-downs, codes as text, an example, and a sheet of all codes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from reportsvc.exchange.imports import layout
from reportsvc.models import Campaign, Indicator, Region

ROWS = 20_000  # that have drop-downs and text format
WIDTH = 22  # characters
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def lists_of(campaign: Campaign) -> dict[str, tuple[str, list[str]]]:
    """The lists of the code sheet: name to (head, choices)."""
    indicators = Indicator.select(Indicator.name).where(Indicator.campaign == campaign).order_by(Indicator.position)
    return {
        "kinds": ("类型", list(layout.KINDS)),
        "levels": ("登记级别", list(layout.LEVELS)),
        "categories": ("类别", list(campaign.categories)),
        "roles": ("角色", list(layout.ROLES)),
        "quarters": ("季度", ["1", "2", "3", "4"]),
        "indicators": ("指标", [one.name for one in indicators]),
    }


class Writer:
    """A workbook that is being written row by row, so that only one row is held at once."""

    def __init__(self) -> None:
        self.stream = BytesIO()
        self.book = xlsxwriter.Workbook(self.stream, {**OPTIONS, "constant_memory": True})
        make = self.book.add_format
        self.text = make({"num_format": "@", "valign": "top"})
        self.plain = make({"valign": "top"})
        self.head = make({"bold": True, "bg_color": "#F3E9E7", "border": 1, "text_wrap": True, "valign": "top"})
        self.example = make({"italic": True, "font_color": "#777777", "num_format": "@"})
        self.wrong = make({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "@", "valign": "top"})
        self.told = make({"font_color": "#9C0006", "text_wrap": True, "valign": "top"})

    def sheet(self, title: str, heads: Sequence[str], widths: Sequence[int], codes: Sequence[int]) -> Any:
        """A sheet with its head row; columns of codes are formatted as text, also where they are empty yet."""
        made = self.book.add_worksheet(title)
        for place, width in enumerate(widths):
            made.set_column(place, place, width, self.text if place in codes else self.plain)
        made.freeze_panes(1, 0)
        for place, head in enumerate(heads):
            made.write_string(0, place, head, self.head)
        return made

    def close(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self.stream.getvalue()


def make(campaign: Campaign) -> bytes:
    """The template of one campaign."""
    writer, lists = Writer(), lists_of(campaign)
    for sheet in layout.SHEETS:
        _sheet(writer, sheet, campaign, lists)
    _codes(writer, lists)
    return writer.close()


def _sheet(writer: Writer, sheet: layout.Sheet, campaign: Campaign, lists: dict[str, tuple[str, list[str]]]) -> None:
    heads = [layout.MARK, *(f"{one.title}*" if one.required else one.title for one in sheet.columns)]
    codes = range(1, len(heads))  # everything is text: nothing that is typed becomes a date or a number by itself
    made = writer.sheet(sheet.title, heads, [8, *[WIDTH] * len(sheet.columns)], codes)
    for place, column in enumerate(sheet.columns, start=1):
        made.write_comment(0, place, column.help, {"x_scale": 2})
        if column.choices:
            _validate(made, place, column, lists)
        elif column.code:
            ask = {"validate": "any", "input_title": column.title[:32], "input_message": column.help[:255]}
            made.data_validation(1, place, ROWS, place, ask)
    made.write_string(1, 0, layout.EXAMPLE, writer.example)
    for place, value in enumerate(sheet.example, start=1):
        first = sheet.columns[place - 1].choices == "categories"
        made.write_string(1, place, str(campaign.categories[0]) if first else value, writer.example)


def _validate(made: Any, place: int, column: layout.Column, lists: dict[str, tuple[str, list[str]]]) -> None:
    at = xl_col_to_name(list(lists).index(column.choices))
    last = len(lists[column.choices][1]) + 1
    made.data_validation(
        1, place, ROWS, place,
        {
            "validate": "list", "source": f"={layout.CODES}!${at}$2:${at}${last}",
            "error_title": column.title[:32], "error_message": "请从下拉列表中选择。",
        },
    )  # fmt: skip


def _codes(writer: Writer, lists: dict[str, tuple[str, list[str]]]) -> None:
    """Lists beside one another, then the regions with their codes."""
    heads = [*(head for head, _ in lists.values()), "地区代码", "地区", "上级"]
    made = writer.sheet(layout.CODES, heads, [16] * len(heads), range(len(heads)))
    regions = list(Region.select().order_by(Region.path))
    names = {one.code: one.name for one in regions}
    columns = [*(choices for _, choices in lists.values())]
    columns += [[one.code for one in regions], [one.name for one in regions]]
    columns.append([names.get(one.reports_to_id or "", "") for one in regions])
    for row in range(max(map(len, columns))):
        for place, values in enumerate(columns):
            if row < len(values):
                made.write_string(row + 1, place, values[row], writer.text)
