"""The nine published cases (``reportsvc/data/cases.json``), made from the facts in ``campaign_2018_2020.json``.

Names, counties, kinds of money, amounts, benefits and outputs are as published. Where only a lower bound was published
(3000余万元), the amount is ours: above the bound, below the next round step. Ours too are the spreading over quarters,
counties and contributors, and the organization codes: valid in every digit, but not the real ones. What a project
achieved stands in its last report, once. ``Organization.sample`` is false where the name is one of the facts. The joint
project was published with four of its eleven organizations; the other seven are samples, and 新联合, 新奥, 敬业 are
written out as 公益基金会, as the enumeration in front of 君乐宝公益基金会 reads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from reportsvc.cli.province.shapes import Codes, Filing, Party, Work
from reportsvc.totals import Quarter


def read() -> list[dict[str, Any]]:
    """The cases as they are kept."""
    found: list[dict[str, Any]] = json.loads(files("reportsvc.data").joinpath("cases.json").read_text("utf-8"))
    return found


def make(codes: Codes, quarters: Sequence[Quarter]) -> list[Filing]:
    """The reports of all nine, with their projects and organizations."""
    names = [f"{one.year}Q{one.quarter}" for one in quarters]
    return [filing for case in read() for filing in _filings(case, codes, names)]


def _filings(case: dict[str, Any], codes: Codes, names: Sequence[str]) -> list[Filing]:
    rounds = [names.index(report["quarter"]) for report in case["reports"]]
    work = Work(
        code=case["code"],
        name=case["name"],
        category=case["category"],
        parties=[_party(each, codes) for each in case["organizations"]],
        counties=tuple(case["counties"]),
        first=min(rounds),
        span=len(set(rounds)),
        village=case["village"],
        executor=case["executor"],
        organizer=case["organizer"],
        sample=False,
    )
    found = []
    for number, report in zip(rounds, case["reports"], strict=True):
        state = "completed" if number == max(rounds) else "running"
        given = {"project_state": state, "activity": "yes", "may_publish": "yes", **report["answers"]}
        if state == "completed":
            quarter = names[number]
            given["completed_on"] = f"{quarter[:4]}-{int(quarter[-1]) * 3:02d}-20"
        found.append(Filing(work, report["by"], number, given))
    return found


def _party(given: dict[str, Any], codes: Codes) -> Party:
    return Party(
        uscc=codes.take(given["kind"], given["region"]),
        name=given["name"],
        kind=given["kind"],
        level=given["level"],
        region=given["region"],
        sample=given.get("sample", False),
    )
