"""A form's spreadsheet taken away as an Excel workbook."""

from __future__ import annotations

import pytest

from reportsvc.forms import importer, shipped
from tests.unit.forms.test_form_files import FILES, FOLDER, IMPORTED, form_of


def test_the_shipped_form_comes_back_from_its_workbook() -> None:
    source, filename = shipped.quarterly_report()
    workbook = importer.as_workbook(source, filename)
    assert importer.read(workbook, "quarterly_report.xlsx") == importer.read(source, filename)
    assert importer.as_workbook(workbook, "x.xlsx") == workbook


@pytest.mark.parametrize("name", sorted(IMPORTED))
def test_every_form_comes_back_from_its_workbook(name: str) -> None:
    workbook = importer.as_workbook((FOLDER / name).read_bytes(), name)
    again = importer.read(workbook, name.rpartition(".")[0] + ".xlsx", FILES)
    assert again == form_of(name)
    assert again.translations == form_of(name).translations


def test_a_file_that_is_no_form_is_refused() -> None:
    with pytest.raises(importer.FormError):
        importer.as_workbook(b"\xff\x00", "a.xls")
