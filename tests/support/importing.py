"""Workbooks to import, out of rows; and the job that takes them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl

from reportsvc import attachments
from reportsvc.exchange.imports import desk, layout
from reportsvc.jobs import imports, scheduler, tasks
from reportsvc.models import SheetImport
from tests.support.world import World

Rows = Sequence[Sequence[object]]


def workbook(sheets: Mapping[str, Rows], heads: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """A workbook with these rows under our heads, by the sheets' keys."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for key, rows in sheets.items():
        sheet = layout.BY_KEY[key]
        made = book.create_sheet(sheet.title)
        made.append([layout.MARK, *((heads or {}).get(key) or [column.title for column in sheet.columns])])
        for row in rows:
            made.append([None, *row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class Desk:
    """The publisher's desk with a job behind it."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.store = world, attachments.Folder(folder)
        self.codes = ("130000",)

    def shop(self) -> scheduler.Workshop:
        means = desk.Work(self.store, lambda message, **values: message % values if values else message)
        return scheduler.Workshop({desk.TASK: imports.handler(means)}, imports.GIVE_UP, (), timedelta(minutes=2), "w")

    def run(self) -> int:
        """Everything that is due."""
        shop, count = self.shop(), 0
        while (work := tasks.claim(shop.worker, shop.lease)) is not None:
            count += tasks.do(work, shop.handlers, shop.give_up)
        return count

    def upload(self, source: bytes, name: str = "名单.xlsx") -> Any:
        """Uploaded and checked."""
        made = desk.upload(self.store, self.world.campaign, self.world.province, name, source)
        assert self.run() == 1
        return SheetImport.get_by_id(made.id)

    def apply(self, made: Any) -> Any:
        """Applied as it was looked at."""
        desk.apply(self.codes, made.id, made.digest)
        assert self.run() == 1
        return SheetImport.get_by_id(made.id)
