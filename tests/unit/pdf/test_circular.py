"""A rendered circular as a PDF document: tags, links, outline, metadata, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from typing import Any

import pdfplumber
import pikepdf
import pytest

from reportsvc.circulars.document import CircularDocument, Paragraph, Run
from reportsvc.pdf.circular import render
from reportsvc.pdf.fonts import FontSet
from tests.support.tracked import ROOT
from tests.unit.pdf.measuring import content, elements, text_of
from tests.unit.pdf.samples import FIGURE_URL, circular

AGAIN = """
import hashlib, sys
from pathlib import Path
from reportsvc.pdf.circular import render
from reportsvc.pdf.fonts import FontSet
from tests.unit.pdf.samples import circular
print(hashlib.sha256(render(circular(), lambda done, of: None, FontSet.load(Path(sys.argv[1])))).hexdigest())
"""


def annotations(pdf: pikepdf.Pdf) -> list[Any]:
    return [each for page in pdf.pages for each in page.obj.get("/Annots", [])]


def test_figures_link_to_their_reports(opened: pikepdf.Pdf, sample: CircularDocument) -> None:
    wanted = [run.href for part in sample.body if isinstance(part, Paragraph) for run in part.runs if run.href]
    addresses = [str(each.A.URI) for each in annotations(opened) if "/A" in each and "/URI" in each.A]
    assert list(dict.fromkeys(addresses)) == wanted
    assert all(address.startswith(FIGURE_URL) for address in addresses)


def test_the_list_of_annexes_links_to_them(opened: pikepdf.Pdf) -> None:
    names = [str(each.Dest) for each in annotations(opened) if "/Dest" in each]
    assert list(dict.fromkeys(names)) == ["annex-1", "annex-2"]
    flat = list(opened.Root.Names.Dests.Names)
    targets = {str(flat[i]): flat[i + 1][0].objgen for i in range(0, len(flat), 2)}
    pages = {page.obj.objgen: index for index, page in enumerate(opened.pages)}
    assert pages[targets["annex-1"]] == 3
    assert pages[targets["annex-2"]] > 4


def test_only_addresses_of_the_web_become_links(fonts: FontSet) -> None:
    runs = tuple(
        Run(f"样例{i}", None, href) for i, href in enumerate(("javascript:alert(1)", "file:///etc/passwd", ""))
    )
    with pikepdf.open(io.BytesIO(render(circular(0, annexes=(), body=(Paragraph(runs),)), _ignore, fonts))) as pdf:
        assert annotations(pdf) == []


def test_text_is_never_markup(fonts: FontSet) -> None:
    """Nor does it make anything be fetched: that would have failed the build."""
    evil = '<img src="file:///etc/passwd"><b>粗</b>&lt;'
    document = circular(0, annexes=(), title=evil, signatory=evil, body=(Paragraph((Run(evil),)),))
    with pdfplumber.open(io.BytesIO(render(document, _ignore, fonts))) as pdf:
        text = "".join(text_of(content(page)) for page in pdf.pages)
        assert text.replace(" ", "").count(evil.replace(" ", "")) == 3
        assert pdf.metadata["Title"] == evil


def test_the_outline_names_headings_and_annexes(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "一、总体情况",
            "二、主要做法",
            "三、存在问题",
            "四、下一步工作",
            "附件1 各县参与情况统计表",
            "附件2 “京津冀社会组织跟党走—助力脱贫攻坚行动”项目清单",
        ]
        assert [item.title for item in outline.root[1].children] == [
            "（一）健全工作机制",
            "（二）严格数据管理",
            "（三）突出典型引路。",
        ]


def test_metadata_say_what_it_is(opened: pikepdf.Pdf, sample: CircularDocument) -> None:
    assert str(opened.docinfo["/Title"]) == sample.title
    assert str(opened.docinfo["/Author"]) == sample.signatory
    assert str(opened.Root.Lang) == "zh-CN"
    assert opened.Root.MarkInfo.Marked
    assert opened.Root.ViewerPreferences.DisplayDocTitle


def test_tables_are_tagged_with_their_rows_and_cells(opened: pikepdf.Pdf, sample: CircularDocument) -> None:
    tables = list(elements(opened.Root.StructTreeRoot, "Table"))
    assert len(tables) == len(sample.annexes)
    for element, annex in zip(tables, sample.annexes, strict=True):
        rows, columns = len(annex.table.rows), len(annex.table.columns)
        assert [str(part.S) for part in element.K] == ["/THead", "/TBody", "/TFoot"]
        assert [len(list(elements(part, "TR"))) for part in element.K] == [1, rows, 1]
        heads = list(elements(element, "TH"))
        assert [str(head.A.Scope) for head in heads] == ["/Column"] * columns
        assert len(list(elements(element, "TD"))) == (rows + 1) * columns


def test_every_piece_of_content_belongs_to_one_element(opened: pikepdf.Pdf) -> None:
    """The way back from a page's marked content leads to elements that hold it, and none is left out."""
    flat = list(opened.Root.StructTreeRoot.ParentTree.Nums)
    keys = [int(key) for key in flat[::2]]
    assert keys == sorted(set(keys))
    owners = dict(zip(keys, flat[1::2], strict=True))
    for page in opened.pages:
        numbers = [
            int(instruction.operands[1].MCID)
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "BDC" and "/MCID" in instruction.operands[1]
        ]
        of_page = owners[int(page.obj.StructParents)]
        assert sorted(numbers) == list(range(len(of_page)))
        for number, owner in enumerate(of_page):
            held = [int(kid.MCID) if isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid else kid for kid in owner.K]
            assert number in held
            assert owner.Pg.objgen == page.obj.objgen


def test_elements_know_their_parents(opened: pikepdf.Pdf) -> None:
    seen = 0
    for kind in ("Sect", "Table", "THead", "TBody", "TFoot", "TR"):
        for element in elements(opened.Root.StructTreeRoot, kind):
            for child in element.K:
                assert child.P.objgen == element.objgen
                seen += 1
    assert seen > 1000


def test_all_faces_are_embedded_and_can_be_searched(opened: pikepdf.Pdf) -> None:
    faces = {name: font for page in opened.pages for name, font in page.obj.Resources.Font.items()}
    assert len(faces) > 6
    for font in faces.values():
        (descendant,) = font.DescendantFonts
        assert "/FontFile2" in descendant.FontDescriptor
        assert "/ToUnicode" in font


def test_the_same_document_gives_the_same_bytes(fonts: FontSet, sample: CircularDocument, sample_bytes: bytes) -> None:
    """Also in another process, where sets have another order."""
    assert render(sample, _ignore, fonts) == sample_bytes
    environment = {**os.environ, "PYTHONHASHSEED": "97", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", AGAIN, str(fonts.directory)]
    done = subprocess.run(  # noqa: S603 - our own words
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(sample_bytes).hexdigest()


def test_progress_starts_at_nothing_and_ends_with_all(fonts: FontSet) -> None:
    told: list[tuple[int, int]] = []
    render(circular(60, 30), lambda done, of: told.append((done, of)), fonts)
    assert told[0] == (0, 91)
    assert told[-1] == (91, 91)
    assert told == sorted(told)
    assert len(told) > 5


@pytest.mark.parametrize(
    "changes", [{"body": ()}, {"annexes": ()}, {"addressee": ""}, {"number": ""}, {"keywords": ()}]
)
def test_parts_may_be_missing(fonts: FontSet, changes: dict[str, object]) -> None:
    with pikepdf.open(io.BytesIO(render(circular(2, 2, **changes), _ignore, fonts))) as pdf:
        assert len(pdf.pages) % 2 == 0
        assert pdf.check_pdf_syntax() == []


def _ignore(done: int, of: int) -> None:
    """Nobody waits."""
