"""Tables of annexes: broken into lines and pages, and drawn."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from itertools import pairwise

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber.pdf import PDF

from reportsvc.circulars.document import Annex, CircularDocument, Column, Table
from reportsvc.pdf.characters import NO_END, NO_START
from reportsvc.pdf.circular import render
from reportsvc.pdf.fetcher import RenderError
from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.metrics import Metrics
from reportsvc.pdf.tables import DENSE, BrokenTable, Row, break_table, paginate, used_height, wrap
from tests.unit.pdf.measuring import content, lines, page_number, text_of
from tests.unit.pdf.samples import RARE_NAMES, circular

MM = 72 / 25.4
TEXTS = st.text(alphabet="样例县助学（）“”、，。123456789.,%—ABCabc堃", min_size=1, max_size=60)


def written(table: Table) -> str:
    """What the table's cells say, one after another."""
    rows = [tuple(column.head for column in table.columns), *table.rows, table.total or ()]
    return "".join("".join(row) for row in rows)


def drawn(pdf: PDF, first: str, end: str = "抄送：") -> str:
    """The content of the pages from the annex called ``first`` on, up to the next annex or the end block."""
    text = "".join(text_of(content(page)) for page in pdf.pages)
    return text[text.rindex(first) + len(first) :].split(end)[0]


def one_table(table: Table, fonts: FontSet) -> PDF:
    document = circular(annexes=(Annex("样例表", table),))
    return pdfplumber.open(io.BytesIO(render(document, lambda done, of: None, fonts)))


def test_every_row_is_there_in_order(plumbed: PDF, sample: CircularDocument) -> None:
    counties, projects = sample.annexes
    assert drawn(plumbed, "附件1" + counties.title, "附件2") == "截至2020年9月30日 单位：万元" + written(counties.table)
    assert drawn(plumbed, "附件2" + projects.title) == written(projects.table)


def test_no_name_loses_a_character(plumbed: PDF) -> None:
    characters = [each for page in plumbed.pages for each in page.chars]
    assert "〓" not in text_of(characters)
    rare = {character for name in RARE_NAMES for character in name[1:]}
    found = {each["text"]: each["fontname"].partition("+")[2] for each in characters if each["text"] in rare}
    assert found == dict.fromkeys(rare, "ReportsvcFallback")


def test_a_character_that_no_face_has_is_shown_as_a_gap(fonts: FontSet) -> None:
    with one_table(Table((Column("姓名", 100),), [("甲\U0001f600乙",)]), fonts) as pdf:
        assert drawn(pdf, "样例表") == "姓名甲〓乙"


def test_the_head_stands_on_every_page_of_the_table(plumbed: PDF, sample: CircularDocument) -> None:
    heads = [column.head for column in sample.annexes[1].table.columns]
    pages = [page for page in plumbed.pages if "号" in text_of(content(page)) and "样例" in text_of(content(page))]
    repeated = [page for page in pages if page.rects and any(each["text"] == "序" for each in page.chars)]
    assert len(repeated) > 5
    for page in repeated[-4:]:
        top = text_of([each for each in page.chars if each["top"] < 37 * MM + 36])
        assert all(head[:2] in top for head in heads)


def test_cells_are_set_within_their_columns(plumbed: PDF) -> None:
    for page in plumbed.pages[7:]:
        edges = sorted({round(line["x0"], 1) for line in page.lines if line["width"] == 0})
        edges = [28 * MM, *edges, 184 * MM]
        for line in lines(page):
            if line[0]["size"] != DENSE.size:
                continue
            for each in line:
                column = next(i for i, (a, b) in enumerate(pairwise(edges)) if a <= each["x0"] < b)
                assert each["x1"] <= edges[column + 1] + 0.1, text_of(line)


def test_columns_are_aligned_as_asked(fonts: FontSet) -> None:
    columns = (Column("左", 30, "left"), Column("中", 40, "center"), Column("右", 30, "right"))
    with one_table(Table(columns, [("a", "b", "c")]), fonts) as pdf:
        left, middle, right = [each for page in pdf.pages for each in content(page) if each["text"] in "abc"][-3:]
        assert left["x0"] == pytest.approx(28 * MM + 4, abs=0.1)
        assert (middle["x0"] + middle["x1"]) / 2 == pytest.approx((28 + 0.5 * 156) * MM, abs=0.1)
        assert right["x1"] == pytest.approx(184 * MM - 4, abs=0.1)


def test_a_row_higher_than_a_page_goes_on_over_the_page(fonts: FontSet) -> None:
    long = "".join(chr(0x4E00 + i) for i in range(3000))
    table = Table(
        (Column("序号", 10), Column("说明", 90, "left")), [("1", "短"), ("2", long), ("3", "后")], ("", "合计")
    )
    with one_table(table, fonts) as pdf:
        assert drawn(pdf, "样例表") == written(table)


def test_a_wide_figure_is_set_narrower_and_stays_whole(fonts: FontSet) -> None:
    columns = (Column("序号", 92), Column("元", 8, "right"))
    with one_table(Table(columns, [("1", "218,800.00")]), fonts) as pdf:
        page = next(page for page in pdf.pages if "218,800.00" in text_of(content(page)))
        figure = [each for each in content(page) if each["text"] in "0128,." and each["x0"] > 165 * MM]
        assert text_of(figure) == "218,800.00"
        assert figure[0]["x0"] >= (28 + 156 * 0.92) * MM
        assert figure[-1]["x1"] == pytest.approx(184 * MM - 4, abs=0.1)


def test_an_annex_without_rows_shows_its_head(fonts: FontSet) -> None:
    with one_table(Table((Column("姓名", 50), Column("单位", 50)), []), fonts) as pdf:
        assert drawn(pdf, "样例表") == "姓名单位"


def test_a_table_under_a_title_of_many_lines_is_all_there(fonts: FontSet) -> None:
    """The title fills its page, so the table starts on the next one."""
    title = "样例统计表" * 110
    table = Table((Column("姓名", 100),), [("甲",), ("乙",)])
    document = circular(annexes=(Annex(title, table),))
    with pdfplumber.open(io.BytesIO(render(document, lambda done, of: None, fonts))) as pdf:
        text = "".join(text_of(content(page)) for page in pdf.pages)
        assert text.endswith("姓名甲乙" + text[text.index("抄送：") :])
        assert [page_number(page) for page in pdf.pages if content(page)][-1] == f"— {len(pdf.pages)} —"


def test_a_row_of_the_wrong_length_is_refused(fonts: FontSet) -> None:
    with pytest.raises(RenderError, match="a row has 1 cells in a table of 2 columns"):
        one_table(Table((Column("姓名", 50), Column("单位", 50)), [("甲",)]), fonts)


@given(TEXTS, st.integers(1000, 9000))
def test_wrapping_keeps_the_text_and_the_width(metrics: Metrics, text: str, room: int) -> None:
    widths = metrics.widths("fang")
    found = wrap(text, room, widths)
    assert "".join(found) == text
    for line in found:
        assert widths.of(line) <= room or len(line) == 1 or set(line) <= set("0123456789.,%")


@given(TEXTS)
def test_wrapped_lines_end_where_lines_may(metrics: Metrics, text: str) -> None:
    """In a column of ten characters, for texts without such rows of marks that no place is fair."""
    marks = "".join(character if character in NO_START | NO_END else " " for character in text)
    if max(map(len, marks.split()), default=0) > 3:
        return
    for before, after in pairwise(wrap(text, 10_000, metrics.widths("fang"))):
        assert before[-1] not in NO_END, (before, after)
        assert after[0] not in NO_START, (before, after)


@given(st.integers(0, 2**32), st.booleans(), st.floats(0, 640))
@settings(max_examples=50)
def test_pages_hold_every_line_once_and_no_more_than_fits(seed: int, has_total: bool, first_room: float) -> None:
    chance = random.Random(seed)  # noqa: S311 - row heights of a test
    heights = [chance.choice((1, 1, 2, 3, 60)) for _ in range(chance.randint(1, 120))]
    table = _of_heights(heights, has_total)
    pages = paginate(table, first_room, 640)
    assert [(strip.row, line) for strips in pages for strip in strips for line in range(strip.start, strip.stop)] == [
        (row, line) for row, height in enumerate(heights) for line in range(height)
    ]
    for number, strips in enumerate(pages):
        assert table.head_height + used_height(table, strips) <= (640 if number or not strips else first_room) + 1e-6
        assert strips or number == 0
    if has_total and len(heights) > 1 and heights[-1] < 60 and heights[-2] < 5 and len(pages) > 1:
        assert len(pages[-1]) > 1 or len(pages[-2]) == 1


def _of_heights(heights: Sequence[int], has_total: bool) -> BrokenTable:
    rows = tuple(Row((("样",) * height,), height, "fang") for height in heights)
    return BrokenTable(DENSE, (0.0, 442.0), ("left",), Row((("头",),), 1, "hei"), rows, has_total)


def test_columns_fill_the_type_area_whatever_their_shares_add_up_to(metrics: Metrics) -> None:
    broken = break_table(Table((Column("甲", 3), Column("乙", 9)), [("1", "2")]), metrics)
    assert broken.edges == pytest.approx((0, 39 * MM, 156 * MM))
