"""Charts: readable without colour, by a screen reader, and by whatever prints them; texts stay texts."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # our own charts, no stranger's
from collections.abc import Callable

import pytest
from markupsafe import Markup

from reportsvc import charts
from reportsvc.charts.drawing import LOOKS, Frame, shortened
from reportsvc.picture.places import spots
from reportsvc.projects import regions

SVG = "{http://www.w3.org/2000/svg}"
LABELS = {"good": "按时", "fair": "迟报", "bad": "逾期", "rest": "未到期"}
PARTS = [charts.Part(look, label) for look, label in LABELS.items()]
ROWS = [charts.Row("保定市", [5, 2, 2, 1], "7/10"), charts.Row("空", [0] * 4, "0/0")]
LEVELS = [charts.Level("教育", 12, 10, "12/10"), charts.Level("产业", 0, 0, "–")]
LINES = [charts.Line("good", "按时", [50, None, 100]), charts.Line("bad", "迟报", [None, None, None])]
TILES = [
    charts.Tile(3, 2, "丰宁", "80%", "step2", "丰宁 80%", "/picture?a=1&b=2"),
    charts.Tile(4, 2, "围场", "–", "none", "围场"),
]
MAP = charts.Map(TILES, [("承德市", 3, 2)], [("step2", "70–84%"), ("none", "没有")])


def framed(name: str) -> Frame:
    return Frame(name, "分<地区>", "说明 & 说明")


SAMPLES: dict[str, Callable[[str], Markup]] = {
    "bars": lambda name: charts.bars(framed(name), [charts.Bar("教育", 3, "3 <个>"), charts.Bar("产业", 0, "0")]),
    "stacked": lambda name: charts.stacked(framed(name), PARTS, ROWS),
    "levels": lambda name: charts.levels(framed(name), LEVELS),
    "lines": lambda name: charts.lines(framed(name), ["2026Q1", "2026Q2", "2026Q3"], LINES),
    "one moment": lambda name: charts.lines(framed(name), ["2026Q1"], [charts.Line("main", "上报", [80])]),
    "sparkline": lambda name: charts.sparkline(framed(name), [1, None, 3]),
    "empty sparkline": lambda name: charts.sparkline(framed(name), []),
    "tiles": lambda name: charts.tiles(framed(name), MAP),
    "no tiles": lambda name: charts.tiles(framed(name), charts.Map([], [], [])),
}


@pytest.fixture(params=sorted(SAMPLES))
def drawn(request: pytest.FixtureRequest) -> ET.Element:
    return ET.fromstring(SAMPLES[request.param]("a"))  # noqa: S314 - our own charts


def test_every_chart_says_what_it_is(drawn: ET.Element) -> None:
    named = [drawn.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert [one.text for one in named if one is not None] == ["分<地区>", "说明 & 说明"]
    assert drawn.attrib["aria-labelledby"].split() == [one.attrib["id"] for one in named if one is not None]
    is_linked = drawn.find(f".//{SVG}a") is not None
    assert drawn.attrib["role"] == ("group" if is_linked else "img")


def test_no_chart_brings_a_script_or_a_style(drawn: ET.Element) -> None:
    for one in drawn.iter():
        assert one.tag.removeprefix(SVG) not in {"script", "style", "foreignObject"}
        assert not [name for name in one.attrib if name == "style" or name.startswith("on")]
        assert "var(" not in "".join(one.attrib.values()), "print understands plain colours only"


def test_what_a_pattern_is_drawn_from_is_there(drawn: ET.Element) -> None:
    made = {one.attrib["id"] for one in drawn.iter(f"{SVG}pattern")}
    used = {one.attrib["fill"] for one in drawn.iter() if one.attrib.get("fill", "").startswith("url(")}
    assert used <= {f"url(#{name})" for name in made}


def test_nothing_is_told_by_colour_alone() -> None:
    patterns = [LOOKS[part.look].pattern for part in PARTS]
    assert len(set(patterns)) == len(patterns)
    strokes = [(LOOKS[look].dash, LOOKS[look].mark) for look in ("main", "bad", "fair", "rest")]
    assert len(set(strokes)) == len(strokes)


def test_parts_fill_the_width_in_their_shares() -> None:
    root = ET.fromstring(SAMPLES["stacked"]("a"))  # noqa: S314 - our own charts
    bars = [one for one in root.iter(f"{SVG}rect") if one.attrib.get("height") == "12"]
    widths = {
        one.attrib["class"]: float(one.attrib["width"]) for one in bars if one.attrib["class"].startswith("look-")
    }
    assert widths["look-good"] == pytest.approx(340 / 2, abs=1)
    assert widths["look-rest"] == pytest.approx(340 / 10, abs=1)


def test_a_gap_stays_a_gap() -> None:
    root = ET.fromstring(SAMPLES["lines"]("a"))  # noqa: S314 - our own charts
    path = next(one.attrib["d"] for one in root.iter(f"{SVG}path") if one.attrib.get("class") == "stroke-good")
    assert path.count("M") == 2


def test_more_than_planned_is_marked_at_the_plan() -> None:
    root = ET.fromstring(SAMPLES["levels"]("a"))  # noqa: S314 - our own charts
    rules = [one.attrib["d"] for one in root.iter(f"{SVG}path") if one.attrib.get("class") == "chart-rule"]
    assert [rule.split()[0] for rule in rules] == [f"M{340 * 10 / 12:.2f}"]


def test_long_names_leave_room_for_the_value() -> None:
    assert shortened("河北省", 14, 100) == "河北省"
    assert shortened("河北省某某县某某志愿服务协会", 14, 100) == "河北省某某县…"


def test_every_county_has_a_tile_of_its_own() -> None:
    counties = {row["code"] for row in regions._read("hebei_counties.csv")}
    assert set(spots()) == counties
    assert len({(spot.column, spot.row) for spot in spots().values()}) == len(counties)


def test_the_tiles_of_a_prefecture_stand_together() -> None:
    boxes: dict[str, list[tuple[int, int]]] = {}
    for spot in spots().values():
        boxes.setdefault(spot.code[:4], []).append((spot.column, spot.row))
    for prefecture, cells in boxes.items():
        columns, rows = zip(*cells, strict=True)
        inside = [
            spot.code
            for spot in spots().values()
            if min(columns) <= spot.column <= max(columns) and min(rows) <= spot.row <= max(rows)
        ]
        assert {code[:4] for code in inside} == {prefecture}
