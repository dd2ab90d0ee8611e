"""The projects that a circular names: each a paragraph, out of what its approved reports say.

A campaign lists its cases in ``Campaign.circular["cases"]``: ``{"project": code}``, and where a figure is printed
truncated or as reached, ``"printed": {measure: [qualifier, step, word]}``; outputs likewise under their name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reportsvc.circulars import phrases
from reportsvc.circulars.document import Paragraph, Run

if TYPE_CHECKING:
    from reportsvc.circulars.compose import Writer

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五")
PUT_IN = {
    "money.own_funds": "投入自有资金",
    "money.raised_funds": "投入募集资金",
    "money.member_enterprise_investment": "投入会员企业资金",
}
"""Money that is put in, in words; the names of other kinds (捐赠物资折价, 共同出资) say themselves how it was given."""


def paragraphs(writer: Writer) -> list[Paragraph]:
    """One paragraph a case, in the campaign's order."""
    projects = {project["code"]: project for project in writer.data["projects"]}
    found = []
    for number, case in zip(NUMERALS, writer.data["cases"], strict=False):
        project = projects[case["project"]]
        lead = f"（{number}）{case.get('lead') or project['lead']}“{project['name']}”。"
        found.append(Paragraph(tuple(_sentences(writer, case, project)), lead))
    return found


def _sentences(writer: Writer, case: Mapping[str, Any], project: Mapping[str, Any]) -> list[Run]:
    """What it is; what went in; whom it reached; what it made: as far as the reports say."""
    about = [[Run(f"属{project['category']}类项目")]]
    place = _place(writer, project)
    if place:
        about.append([Run(f"在{place}实施")])
    if project["executor"]:
        about.append([Run(f"由{project['executor']}承办")])
    reached, made = _benefits(writer, case), _outputs(writer, case)
    groups = [about, _money(writer, case)]
    if reached:
        groups.append([[Run("受益方面，"), *joined(reached, "，")]])
    if made:
        groups.append([[Run("成果方面，"), *joined(made, "、")]])
    return [*joined([joined(group, "，") for group in groups if group], "；"), Run("。")]


def joined(parts: Sequence[Sequence[Run]], mark: str) -> list[Run]:
    """The parts in one, with ``mark`` between them."""
    runs: list[Run] = []
    for index, part in enumerate(parts):
        runs += [*([Run(mark)] if index else []), *part]
    return runs


def _place(writer: Writer, project: Mapping[str, Any]) -> str:
    names = {place["code"]: place["name"] for place in writer.data["places"]}
    counties = "、".join(names[code] for code in project["counties"])
    return f"{counties}{project['village']}"


def _style(case: Mapping[str, Any], name: str) -> dict[str, Any]:
    """How a figure of a case is printed: qualifier, step, and 多 or 余."""
    qualifier, step, word = case.get("printed", {}).get(name, ("exact", None, "多"))
    return {"qualifier": qualifier, "step": step, "word": word}


def _money(writer: Writer, case: Mapping[str, Any]) -> list[list[Run]]:
    clauses = []
    for one in writer.data["indicators"]:
        key = f"project.{case['project']}.{one['measure']}"
        if one["unit"] != "元" or not writer.value(key):
            continue
        words = f"实现{one['name']}" if one["kind"] == "result" else PUT_IN.get(one["code"], one["name"])
        clauses.append([Run(words), writer.money(key, **_style(case, one["measure"]))])
    return clauses


def _benefits(writer: Writer, case: Mapping[str, Any]) -> list[list[Run]]:
    """How many of whom: the sum of a unit, with everybody who is counted in it."""
    who: dict[str, list[str]] = {}
    for row in case["benefits"]:
        people, named = row.get("benefit_who", ""), who.setdefault(row.get("benefit_unit", ""), [])
        if people and people not in named:
            named.append(people)
    clauses = []
    for one in writer.data["indicators"]:
        key = f"project.{case['project']}.{one['measure']}"
        if one["kind"] == "benefit" and writer.value(key):
            people = "、".join(who.get(one["code"].removeprefix("benefit."), ())) or "共"
            clauses.append([Run(people), writer.count(key, one["unit"], **_style(case, one["measure"]))])
    return clauses


def _outputs(writer: Writer, case: Mapping[str, Any]) -> list[list[Run]]:
    """Outputs are no indicators; their numbers lead to the report that gave them."""
    clauses = []
    for row in case["outputs"]:
        quantity = Decimal(row.get("output_quantity") or 0)
        if quantity:
            name = row.get("output_name", "")
            text = phrases.count(quantity, row.get("output_unit", ""), **_style(case, name))
            clauses.append([Run(name), Run(text, None, f"{writer.base_url}/versions/{row['version']}")])
    return clauses
