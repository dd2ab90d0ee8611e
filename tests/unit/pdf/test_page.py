"""The page of an official document, measured in the finished PDF (GB/T 9704-2012); points, from the top."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise

import pdfplumber
import pypdfium2
import pytest
from pdfplumber.pdf import PDF

from reportsvc.circulars.document import CircularDocument, Paragraph, Run
from reportsvc.pdf.characters import CLOSING, NO_END, NO_START, OPENING
from reportsvc.pdf.circular import render
from reportsvc.pdf.fonts import FontSet
from tests.unit.pdf.measuring import content, lines, page_number, text_of
from tests.unit.pdf.samples import circular

MM = 72 / 25.4
LEFT, TOP, RIGHT, BOTTOM = 28 * MM, 37 * MM, 184 * MM, 262 * MM
MIDDLE = 106 * MM
SIZE = 15.75
PITCH = (225 * MM - SIZE) / 21


@pytest.fixture(scope="module")
def grid(fonts: FontSet) -> PDF:
    """A text of nothing but Han characters, which fills pages."""
    document = circular(2, body=(Paragraph((Run("样" * 28 * 60),)),))
    return pdfplumber.open(io.BytesIO(render(document, lambda done, of: None, fonts)))


def test_paper_is_a4(plumbed: PDF) -> None:
    assert {(round(float(page.width), 1), round(float(page.height), 1)) for page in plumbed.pages} == {(595.3, 841.9)}


def test_a_page_has_22_lines_of_28_characters_that_fill_the_type_area(grid: PDF) -> None:
    found = lines(grid.pages[1])
    assert [len(line) for line in found] == [28] * 22
    assert [line[0]["top"] for line in found] == pytest.approx([TOP + i * PITCH for i in range(22)], abs=0.02)
    assert found[-1][0]["bottom"] == pytest.approx(BOTTOM, abs=0.02)
    for line in found:
        assert line[0]["x0"] == pytest.approx(LEFT, abs=0.1)
        assert line[-1]["x1"] == pytest.approx(RIGHT, abs=0.1)
        assert {round(b["x0"] - a["x0"], 1) for a, b in pairwise(line)} == {15.8}


def test_a_paragraph_starts_two_characters_in(grid: PDF) -> None:
    first = next(line for line in lines(grid.pages[0]) if text_of(line).startswith("样样"))
    assert len(first) == 26
    assert first[0]["x0"] == pytest.approx(LEFT + 2 * 156 * MM / 28, abs=0.1)


def test_full_lines_end_at_the_right_edge(plumbed: PDF) -> None:
    """A line is full when the next one goes on at the left edge."""
    checked = 0
    for page in plumbed.pages[:3]:
        text = [line for line in lines(page) if line[0]["size"] == pytest.approx(SIZE)]
        for line, following in pairwise(text):
            goes_on = abs(following[0]["x0"] - LEFT) < 8 and following[0]["top"] - line[0]["top"] < PITCH + 1
            if not goes_on or text_of(line).endswith("："):
                continue
            end = line[-1]["x1"]
            if line[-1]["text"] in CLOSING and end > RIGHT + 1:
                end -= SIZE / 2  # squeezed to its inked half
            assert end == pytest.approx(RIGHT, abs=0.1 * MM), text_of(line)
            checked += 1
    assert checked > 20


def test_no_line_starts_or_ends_with_the_wrong_mark(plumbed: PDF) -> None:
    for page in plumbed.pages[:3]:
        for line in lines(page):
            assert line[0]["text"] not in NO_START, text_of(line)
            assert line[-1]["text"] not in NO_END, text_of(line)


def test_the_mark_is_red_and_centred_35_mm_below(plumbed: PDF, sample: CircularDocument) -> None:
    mark = next(line for line in lines(plumbed.pages[0]) if text_of(line) == sample.mark)
    assert {each["non_stroking_color"] for each in mark} == {(1.0, 0.0, 0.0)}
    assert mark[0]["top"] == pytest.approx(TOP + 35 * MM, abs=0.1)
    assert (mark[0]["x0"] + mark[-1]["x1"]) / 2 == pytest.approx(MIDDLE, abs=0.5)


def test_number_rule_and_title_follow_under_the_mark(plumbed: PDF, sample: CircularDocument) -> None:
    found = lines(plumbed.pages[0])
    mark, number = (next(line for line in found if text_of(line) == text) for text in (sample.mark, sample.number))
    assert number[0]["top"] - mark[0]["bottom"] == pytest.approx(2 * PITCH, abs=0.1)
    assert (number[0]["x0"] + number[-1]["x1"]) / 2 == pytest.approx(MIDDLE, abs=0.5)
    (rule,) = plumbed.pages[0].rects
    assert rule["non_stroking_color"] == (1.0, 0.0, 0.0)
    assert (rule["x0"], rule["x1"]) == pytest.approx((LEFT, RIGHT), abs=0.05)
    assert rule["top"] - number[0]["bottom"] == pytest.approx(4 * MM, abs=0.1)
    title = [line for line in found if line[0]["size"] == pytest.approx(22, abs=0.1) and line is not mark]
    assert "".join(map(text_of, title)) == sample.title
    assert title[0][0]["top"] - rule["bottom"] == pytest.approx(2 * PITCH, abs=0.6 * PITCH)


def test_the_first_page_shows_body_text(plumbed: PDF) -> None:
    assert "基于三省市共同部署" in text_of(content(plumbed.pages[0]))


def test_the_addressee_moves_to_the_end_block_when_the_first_page_has_no_room(fonts: FontSet) -> None:
    addressee = "、".join(f"样例第{i}市民政局" for i in range(40)) + "："
    with pdfplumber.open(io.BytesIO(render(circular(2, addressee=addressee), _ignore, fonts))) as pdf:
        assert "基于三省市共同部署" in text_of(content(pdf.pages[0]))
        assert "第39市" not in text_of(content(pdf.pages[0]))
        assert f"主送：{addressee[:-1]}。抄送：" in text_of(content(pdf.pages[-1]))


def test_page_numbers_stand_at_the_outer_side(plumbed: PDF) -> None:
    for number, page in enumerate(plumbed.pages, start=1):
        assert page_number(page) == f"— {number} —"
        dashes = [each for each in page.chars if each["mcid"] is None and each["text"] == "—" and each["top"] > BOTTOM]
        if number % 2:
            assert dashes[1]["x1"] == pytest.approx(RIGHT - 14, abs=0.05)
        else:
            assert dashes[0]["x0"] == pytest.approx(LEFT + 14, abs=0.05)


def test_the_dashes_are_inked_7_mm_below_the_type_area(sample_bytes: bytes) -> None:
    """Seen in the picture: the first dark row of the left dash of page 2."""
    with pypdfium2.PdfDocument(sample_bytes) as pdf:
        picture = pdf[1].render(scale=600 / 72).to_pil().convert("L")
    dots = 600 / 25.4
    column = int((28 + 14 / MM + 14 / MM / 2) * dots)
    dark = [row for row in range(int(262 * dots), picture.height) if picture.getpixel((column, row)) < 128]
    assert dark[0] / dots == pytest.approx(269, abs=0.1)


def test_the_signature_ends_four_characters_from_the_right(plumbed: PDF, sample: CircularDocument) -> None:
    name, day = lines(plumbed.pages[2])[-2:]
    assert text_of(name) == sample.signatory
    assert text_of(day) == "2020年11月10日"
    assert day[-1]["x1"] == pytest.approx(RIGHT - 4 * 156 * MM / 28, abs=0.3)
    assert (name[0]["x0"] + name[-1]["x1"]) / 2 == pytest.approx((day[0]["x0"] + day[-1]["x1"]) / 2, abs=0.5)


def test_nothing_but_page_numbers_stands_outside_the_type_area(plumbed: PDF) -> None:
    for page in plumbed.pages:
        for each in content(page):
            # a mark at a line's end may be squeezed: its empty half does not count
            left = each["x0"] + (each["size"] / 2 if each["text"] in OPENING else 0)
            right = each["x1"] - (each["size"] / 2 if each["text"] in CLOSING else 0)
            assert left >= LEFT - 0.1, each["text"]
            assert right <= RIGHT + 0.2 * MM, each["text"]
            assert TOP - 0.1 <= each["top"] < each["bottom"] <= BOTTOM + 0.1, each["text"]


def test_the_end_block_stands_on_the_bottom_edge_of_an_even_page(plumbed: PDF) -> None:
    last = plumbed.pages[-1]
    assert len(plumbed.pages) % 2 == 0
    rules = sorted((line for line in last.lines if line["linewidth"] > 0.5), key=lambda line: line["top"])[-3:]
    assert [line["linewidth"] / MM for line in rules] == pytest.approx([0.35, 0.25, 0.35], abs=0.01)
    assert [(line["x0"], line["x1"]) for line in rules] == [pytest.approx((LEFT, RIGHT), abs=0.05)] * 3
    assert rules[-1]["bottom"] + rules[-1]["linewidth"] / 2 == pytest.approx(BOTTOM, abs=0.02)
    copies, more, printed = lines(last)[-3:]
    assert text_of(copies).startswith("抄送：民政部社会组织管理局")
    assert copies[0]["x0"] == pytest.approx(LEFT + 14, abs=0.05)
    assert copies[-1]["x1"] == pytest.approx(RIGHT - 14, abs=0.2)
    assert more[0]["x0"] == pytest.approx(LEFT + 4 * 14, abs=0.05)
    assert text_of(printed) == "样例省民政厅办公室2020年11月11日印发"
    assert printed[-1]["x1"] == pytest.approx(RIGHT - 14, abs=0.05)
    assert copies[0]["size"] == pytest.approx(14)


@pytest.mark.parametrize("counties", range(20, 46, 2))
def test_the_end_block_finds_an_even_page_wherever_the_text_ends(fonts: FontSet, counties: int) -> None:
    document = circular(0, annexes=circular(0, counties).annexes[:1])
    with pdfplumber.open(io.BytesIO(render(document, _ignore, fonts))) as pdf:
        assert len(pdf.pages) % 2 == 0
        assert "印发" in text_of(content(pdf.pages[-1]))
        numbers = [page_number(page) for page in pdf.pages]
        blank = [number for number, page in enumerate(pdf.pages) if not content(page)]
        assert blank in ([], [len(numbers) - 2])
        numbered = len(numbers) - 2 * len(blank)
        assert numbers == [f"— {i} —" for i in range(1, numbered + 1)] + [""] * (2 * len(blank))


def test_without_a_day_of_printing_there_is_room_to_write_it(fonts: FontSet) -> None:
    document = circular(0, annexes=(), printed=None, printed_by="", copies_to="")
    with pdfplumber.open(io.BytesIO(render(document, _ignore, fonts))) as pdf:
        assert text_of(lines(pdf.pages[-1])[-1]).replace("　", " ") == "样例省民政厅  年 月 日印发"


@pytest.mark.parametrize(("draft", "found"), [(True, ["送审稿"]), (False, [])])
def test_a_draft_says_so(fonts: FontSet, draft: bool, found: list[str]) -> None:
    document = circular(0, annexes=(), draft=draft, signed=date(2020, 1, 2))
    with pdfplumber.open(io.BytesIO(render(document, _ignore, fonts))) as pdf:
        assert [text_of(line) for line in lines(pdf.pages[0]) if "送审稿" in text_of(line)] == found
        assert text_of(lines(pdf.pages[2])[-1]) == "2020年1月2日"


def test_a_signatory_longer_than_a_line_takes_several(fonts: FontSet) -> None:
    document = circular(
        0, annexes=(), signatory="样例省民政厅社会组织管理局（社会组织执法监察局）与样例省扶贫开发办公室"
    )
    with pdfplumber.open(io.BytesIO(render(document, _ignore, fonts))) as pdf:
        *names, day = lines(pdf.pages[2])[-3:]
        assert "".join(map(text_of, names)) == document.signatory
        assert text_of(day) == "2020年11月10日"
        assert all(line[0]["x0"] >= LEFT and line[-1]["x1"] <= RIGHT for line in names)


def _ignore(done: int, of: int) -> None:
    """Nobody waits."""
