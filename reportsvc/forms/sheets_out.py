"""Sheets of cells written out: as Markdown, and as a small Excel workbook."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Sheet = Sequence[Sequence[str]]

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MOMENT = (2020, 1, 1, 0, 0, 0)  # of the archive's members: the same sheets give the same bytes


def markdown(sheets: Mapping[str, Sheet]) -> str:
    """The sheets as a Markdown XLSForm; what would end a cell is put otherwise."""
    lines = []
    for name, rows in sheets.items():
        lines += [f"| {name} |", *("| | " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows), ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "｜").split())


def workbook(sheets: Mapping[str, Sheet]) -> bytes:
    """The sheets as an .xlsx: texts only, no formulas."""
    names = list(sheets)
    parts = {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _book(names),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)}
        ),
        **{f"xl/worksheets/sheet{number}.xml": _sheet(sheets[name]) for number, name in enumerate(names, start=1)},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), (_HEAD + text).encode(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for number in range(1, count + 1)
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{relations}"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{sheets}</Types>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{path}"/>' for key, (kind, path) in targets.items()
    )
    return f'<Relationships xmlns="{_LINKS}">{found}</Relationships>'


def _book(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: Sheet) -> str:
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{_column(place)}{number}" t="inlineStr"><is><t xml:space="preserve">'
            f"{escape(_visible(text))}</t></is></c>"
            for place, text in enumerate(row)
            if text
        )
        written.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(written)}</sheetData></worksheet>'


def _visible(text: str) -> str:
    """Without what XML can't hold."""
    return "".join(each for each in text if each in "\t\n" or (each >= " " and each not in "\ufffe\uffff"))


def _column(place: int) -> str:
    """A to Z, then AA and on."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
