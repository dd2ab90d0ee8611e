"""The annexes of a situation circular: figures by county, and the list of all projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reportsvc.circulars.document import Annex, Column, Table

WIDE = "省直或跨市"
UNDIVIDED = "市本级或跨县"
EMPTY = "—"


def build(data: Mapping[str, Any]) -> tuple[Annex, ...]:
    """Both annexes out of a snapshot's data."""
    return (county_table(data), checklist(data))


def cities(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(code, name) of each unit right below the province that has figures, in the order of the codes, the wide last."""
    names = {place["code"]: place["name"] for place in data["places"]}
    held = {_place(key, "city") for key in data["figures"] if key.startswith("city.")}
    provinces = {place["code"] for place in data["places"] if place["code"] == place["city"] and _is_wide(place)}
    rest = sorted(held - provinces)
    return [(code, names[code]) for code in rest] + [(code, WIDE) for code in sorted(held & provinces)]


def _is_wide(place: Mapping[str, Any]) -> bool:
    return place["level"] in {"province", "outside"}


def _place(key: str, dimension: str) -> str:
    return key.removeprefix(f"{dimension}.").partition(".")[0]


def county_table(data: Mapping[str, Any]) -> Annex:
    """One row a county with projects, grouped by city; what was not divided by county has rows of its own."""
    figures, places = data["figures"], {place["code"]: place for place in data["places"]}
    held = {_place(key, "county") for key in figures if key.startswith("county.")}
    order = {code: index for index, (code, _) in enumerate(cities(data))}
    rows = []
    for number, code in enumerate(sorted(held, key=lambda code: (order.get(places[code]["city"], 999), code)), start=1):
        place = places[code]
        rows.append(
            (
                str(number),
                _city_name(place, places),
                _county_name(place),
                "是" if place["key"] else "",
                *_amounts(figures, f"county.{code}."),
            )
        )
    total = (
        "",
        "合计",
        "",
        str(figures["key_counties"]["value"]),
        *_amounts(figures, ""),
    )
    columns = (
        Column("序号", 6),
        Column("市", 14, "left"),
        Column("县（市、区）", 20, "left"),
        Column("重点县", 8.5),
        Column("社会组织（家）", 11, "right"),
        Column("项目（个）", 8.5, "right"),
        Column("资金（万元）", 16, "right"),
        Column("受益（人次）", 16, "right"),
    )
    return Annex("分县（市、区）项目实施情况表", Table(columns, rows, total), "跨县的项目和单位在合计中只计一次")


def _city_name(place: Mapping[str, Any], places: Mapping[str, Any]) -> str:
    return WIDE if _is_wide(place) else str(places[place["city"]]["name"])


def _county_name(place: Mapping[str, Any]) -> str:
    if _is_wide(place):
        return "—"
    return str(place["name"]) if place["level"] == "county" else UNDIVIDED


def checklist(data: Mapping[str, Any]) -> Annex:
    """One row a project, in the order of the projects' codes."""
    figures, places = data["figures"], {place["code"]: place for place in data["places"]}
    benefits = [(one["measure"], one["unit"]) for one in data["indicators"] if one["kind"] == "benefit"]
    rows = [
        (
            str(number),
            project["name"],
            project["lead"],
            project["category"],
            _where(project, places),
            str(project["parties"]),
            _number(figures, f"project.{project['code']}.funds_yuan", ten_thousands),
            _reached(figures, benefits, project["code"]),
        )
        for number, project in enumerate(data["projects"], start=1)
    ]
    funds, visits = (figures[name]["value"] for name in ("funds_yuan", "beneficiary_visits"))
    total = ("", "合计", "", "", "", "", ten_thousands(funds), f"{visits}人次")
    columns = (
        Column("序号", 6.5),
        Column("项目名称", 21, "left"),
        Column("牵头单位", 21, "left"),
        Column("类别", 6.5),
        Column("实施地区", 10.8, "left"),
        Column("单位数", 8.4, "right"),
        Column("资金", 11.3, "right"),
        Column("受益", 14.5, "right"),
    )
    return Annex("项目清单", Table(columns, rows, total), "资金：万元；受益按人次、人、户、名分别统计，合计为人次")


def _where(project: Mapping[str, Any], places: Mapping[str, Any]) -> str:
    names = [places[code]["name"] for code in project["counties"]]
    if not names:
        return "全省" if _is_wide(places[project["region"]]) else str(places[project["region"]]["name"])
    return "、".join(names[:3]) + (f"等{len(names)}个县" if len(names) > 3 else "")


def _number(figures: Mapping[str, Any], key: str, print_it: Callable[[int], str] = str) -> str:
    """A figure as a cell; a dash where nothing was reported."""
    value = int(figures.get(key, {}).get("value", 0))
    return print_it(value) if value else EMPTY


def _amounts(figures: Mapping[str, Any], prefix: str) -> tuple[str, ...]:
    """Organizations, projects, funds, visits."""
    counts = (_number(figures, prefix + name) for name in ("organizations", "projects"))
    funds = _number(figures, f"{prefix}funds_yuan", ten_thousands)
    return (*counts, funds, _number(figures, f"{prefix}beneficiary_visits"))


def _reached(figures: Mapping[str, Any], benefits: Iterable[tuple[str, str]], code: str) -> str:
    """What a project reached, each unit for itself."""
    found = ((int(figures.get(f"project.{code}.{measure}", {}).get("value", 0)), unit) for measure, unit in benefits)
    return "、".join(f"{value}{unit}" for value, unit in found if value) or EMPTY


def ten_thousands(fen: int) -> str:
    """Fen as 万元 with two decimals, half up, in integers only: 1_234_500 fen is ``1.23``."""
    hundredths = (fen + 5_000) // 10_000
    return f"{hundredths // 100}.{hundredths % 100:02d}"
