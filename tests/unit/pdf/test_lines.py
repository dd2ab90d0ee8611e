"""Lines of the main text and of titles: nothing is lost, lines fit, and they end where they may."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportsvc.pdf import geometry as page
from reportsvc.pdf.characters import CLOSING, NO_END, NO_START, OPENING, clean
from reportsvc.pdf.grid import EM, HALF, Inline, Line, break_paragraph
from reportsvc.pdf.metrics import Metrics
from reportsvc.pdf.titles import break_title

PROSE = st.text(alphabet="样例省民政厅社会组织的和了，。、；：（）《》“”12345.%abc —…", max_size=200)
HOSTILE = st.text(max_size=80)
TITLE_ROOM = page.TEXT_WIDTH / page.TITLE_SIZE * EM


def width(line: Line, metrics: Metrics) -> float:
    """Width of a line in points as it will be set."""
    natural = sum(metrics.widths(piece.role).of(piece.text) - (HALF if piece.halved else 0) for piece in line.pieces)
    return natural * page.SIZE / EM + line.spacing * (len(line.text) - 1)


def solid(text: str) -> str:
    return "".join(text.split())


@given(PROSE)
def test_a_paragraph_keeps_its_text_and_fits(metrics: Metrics, text: str) -> None:
    lines = break_paragraph([Inline(text[:20], "kai"), Inline(text[20:])], metrics)
    assert solid("".join(line.text for line in lines)) == solid(clean(text[:20]) + clean(text[20:]))
    for line in lines:
        assert line.indent + width(line, metrics) <= page.TEXT_WIDTH + 0.01
    for line in lines[:-1]:
        if len(line.text) > 1:
            assert line.indent + width(line, metrics) == pytest.approx(page.TEXT_WIDTH)


@given(st.lists(st.sampled_from(["样例", "，", "。", "（", "）", "“", "”", "12.5%", "民政厅", "——"]), max_size=90))
def test_no_line_of_a_paragraph_starts_or_ends_badly(metrics: Metrics, parts: list[str]) -> None:
    """Unless the text heaps marks, where no place is fair."""
    text = "".join(parts)
    heaps = [a + b for a, b in pairwise(text) if a in NO_START | NO_END and b in NO_START | NO_END]
    if len(heaps) > 2:
        return
    for before, after in pairwise(break_paragraph([Inline(text)], metrics)):
        assert before.text[-1] not in NO_END, before.text
        assert after.text[0] not in NO_START, after.text


@given(HOSTILE)
@settings(max_examples=200)
def test_any_text_at_all_can_be_set(metrics: Metrics, text: str) -> None:
    for line in break_paragraph([Inline(text)], metrics) + break_title(text[:30], metrics, TITLE_ROOM):
        assert line.text
        assert "\n" not in line.text


def test_neighbouring_marks_are_squeezed(metrics: Metrics) -> None:
    (line,) = break_paragraph([Inline("他说：“好。”（完）")], metrics)
    assert [piece.text for piece in line.pieces if piece.halved] == ["：", "。", "”"]


def test_a_figure_is_not_torn_and_a_link_stays_one(metrics: Metrics) -> None:
    figure = Inline("2187650321.25元", "fang", "https://reports.example.cn/figures/funds")
    lines = break_paragraph([Inline("样" * 22), figure, Inline("样" * 20)], metrics)
    assert [line.text for line in lines] == ["样" * 22, "2187650321.25元" + "样" * 20]
    assert [piece.text for line in lines for piece in line.pieces if piece.href] == [figure.text]


def test_an_address_longer_than_a_line_is_cut_at_a_slash(metrics: Metrics) -> None:
    address = "https://reports.example.cn/" + "figures/" * 12
    lines = break_paragraph([Inline(address)], metrics)
    assert "".join(line.text for line in lines) == address
    assert all(line.text.endswith("/") for line in lines)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "样例省民政厅关于2020年第三季度社会组织填报情况的通报",
            ["样例省民政厅关于2020年", "第三季度社会组织填报情况的通报"],
        ),
        ("关于表扬先进单位的通报", ["关于表扬先进单位的通报"]),
        (
            "样例省民政厅关于“京津冀社会组织跟党走—助力脱贫攻坚行动”有关情况的通报",
            ["样例省民政厅关于", "“京津冀社会组织跟党走—助力脱贫攻坚行动”", "有关情况的通报"],
        ),
    ],
)
def test_titles_break_at_whole_words(metrics: Metrics, title: str, lines: list[str]) -> None:
    assert [line.text for line in break_title(title, metrics, TITLE_ROOM)] == lines


@given(st.text(alphabet="样例省民政厅关于的通报“”《》（）2020年开展行动情况", min_size=1, max_size=60))
@settings(deadline=None)
def test_a_title_keeps_its_text_and_fits(metrics: Metrics, title: str) -> None:
    lines = break_title(title, metrics, TITLE_ROOM)
    assert "".join(line.text for line in lines) == title
    for line in lines:
        natural = metrics.widths("title").of(line.text)
        outer = HALF * ((line.text[0] in OPENING) + (line.text[-1] in CLOSING))
        assert natural - outer <= TITLE_ROOM


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\tb\n c　d", "a b c d"),
        ("样\u202e例\u200b\ufe0f\x00", "样例"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_invisible_characters_are_taken_out(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned
