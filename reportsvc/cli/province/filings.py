"""The sample reports: who reports in which round, and amounts that add up to the published totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from reportsvc.cli.province import draws, words
from reportsvc.cli.province.answers import yuan
from reportsvc.cli.province.shapes import Filing, Work

KINDS_OF_MONEY = {
    "foundation": {"own_funds": 45, "raised_funds": 35, "in_kind": 20},
    "association": {"own_funds": 25, "raised_funds": 20, "in_kind": 25, "waived_fees": 8, "purchases": 22},
    "agency": {"own_funds": 25, "raised_funds": 20, "in_kind": 15, "waived_fees": 40},
}
MEANS = {"national": 70, "beijing": 40, "tianjin": 35, "province": 30, "city": 13, "county": 7}
"""How much an organization of a level can give, in tenths."""
KIND_MEANS = {"foundation": 30, "association": 12, "agency": 6}

UNITS = {
    "教育": {"visits": 30, "persons": 30, "named": 40},
    "健康": {"visits": 75, "persons": 25},
    "产业": {"households": 55, "persons": 20, "visits": 25},
    "就业": {"persons": 70, "visits": 30},
    "易地搬迁": {"households": 80, "visits": 20},
    "扶老助残": {"visits": 60, "persons": 40},
    "救孤济困": {"visits": 40, "named": 40, "households": 20},
}
MEDIANS = {"persons": 60, "named": 18, "households": 35}
"""Of benefits that are not counted by visits."""

MEETINGS = (2, 1, 1, 1, 2, 1, 1, 1, 1)


@dataclass(slots=True)
class Shares:
    """What is still to be given an amount, with its weight: (where, under which name, weight)."""

    funds: list[tuple[dict[str, Any], str, int]] = field(default_factory=list)
    investment: list[tuple[dict[str, Any], str, int]] = field(default_factory=list)
    visits: list[tuple[dict[str, Any], str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the sample reports are to add up to: money in fen, visits as a number."""

    funds: int
    investment: int
    visits: int


def make(rng: Random, works: Sequence[Work], ends: Sequence[date], sums: Sums) -> list[Filing]:
    """A report of every party in every round of each project; ``ends`` are the last days of the rounds' quarters."""
    shares = Shares()
    filings = []
    for work in works:
        strength = draws.skewed(rng, 1.35)
        for number in range(work.first, work.first + work.span):
            for party in range(len(work.parties)):
                filing = Filing(work, party, number)
                _fill(rng, filing, strength, ends[number], shares)
                filings.append(filing)
    _meet(rng, filings)
    _give(rng, shares.funds, sums.funds, draws.YUAN)
    _give(rng, shares.investment, sums.investment, draws.YUAN)
    _give(rng, shares.visits, sums.visits, 1)
    return filings


def _give(rng: Random, shares: list[tuple[dict[str, Any], str, int]], total: int, unit: int) -> None:
    amounts = draws.share_out(rng, [weight for _, _, weight in shares], total, unit)
    for (given, name, _), amount in zip(shares, amounts, strict=True):
        given[name] = str(amount) if unit == 1 else yuan(amount)


def _meet(rng: Random, filings: Sequence[Filing]) -> None:
    """Coordination meetings of three provinces and cities: few, reported by leads at the province."""
    able = [one for one in filings if one.role == "lead" and one.organization.level == "province" and _active(one)]
    for one, count in zip(rng.sample(able, len(MEETINGS)), MEETINGS, strict=True):
        one.given["coordination_meetings"] = str(count)


def _active(filing: Filing) -> bool:
    return bool(filing.given["activity"] == "yes")


def _fill(rng: Random, filing: Filing, strength: int, end: date, shares: Shares) -> None:
    work, given = filing.work, filing.given
    last = filing.round == work.first + work.span - 1
    nil = not last and filing.round > work.first and rng.random() < 0.12
    given["may_publish"] = "yes" if rng.random() < 0.85 else "no"
    given["activity"] = "no" if nil else "yes"
    given["project_state"] = "running"
    if nil:
        given["project_state"] = rng.choice(("running", "paused"))
        return
    if last and rng.random() < 0.75:
        given["project_state"] = "completed"
        given["completed_on"] = (end - timedelta(days=rng.randint(3, 60))).isoformat()
    _texts(rng, filing)
    _money(rng, filing, strength, shares)
    if filing.role == "lead":
        _benefits(rng, filing, shares)
        _outputs(rng, filing)


def _texts(rng: Random, filing: Filing) -> None:
    work, given = filing.work, filing.given
    chosen = [name for name in words.ACTIVITIES[work.category] if rng.random() < 0.6]
    given["activities"] = " ".join(chosen or words.ACTIVITIES[work.category][:1])
    given["progress_text"] = words.progress(rng, work.subject, work.place)
    if rng.random() < 0.13:
        given["difficulties"] = words.difficulty(rng, work.category)
    if rng.random() < 0.45:
        given["next_steps"] = rng.choice(words.NEXT_STEPS)


def _money(rng: Random, filing: Filing, strength: int, shares: Shares) -> None:
    work, party = filing.work, filing.organization
    if rng.random() < 0.08:
        return  # work without money of one's own, such as visits by volunteers
    weight = max(1, strength * MEANS[party.level] * KIND_MEANS[party.kind] * rng.randint(50, 150) // 30_000)
    kinds = KINDS_OF_MONEY[party.kind]
    first = rng.choices(list(kinds), list(kinds.values()))[0]
    if len(work.parties) > 1 and rng.random() < 0.5:
        first = "pooled_funds"
    second = rng.choice(list(kinds)) if rng.random() < 0.25 else first
    part = rng.randint(15, 50) if second != first else 0
    shares.funds.append((filing.given, first, max(1, weight * (100 - part) // 100)))
    if part:
        shares.funds.append((filing.given, second, max(1, weight * part // 100)))
    if party.kind == "association" and work.category in {"产业", "就业"} and rng.random() < 0.12:
        shares.investment.append((filing.given, "member_enterprise_investment", draws.skewed(rng, 1.1, 15.0)))


def _benefits(rng: Random, filing: Filing, shares: Shares) -> None:
    if rng.random() < 0.15:
        return
    work = filing.work
    units = UNITS[work.category]
    unit = rng.choices(list(units), list(units.values()))[0]
    who = rng.choice(words.PEOPLE[work.category])
    places: Iterable[str] = work.counties if len(work.counties) > 1 else ("",)
    rows = []
    for place in places:
        row = {"benefit_county": place} if place else {}
        row |= {"benefit_unit": unit, "benefit_who": who}
        weight = draws.skewed(rng, 1.1, 25.0)
        if unit == "visits":
            shares.visits.append((row, "benefit_amount", weight))
        else:
            row["benefit_amount"] = str(draws.tidy(max(1, MEDIANS[unit] * weight // 1_000_000), 1))
        rows.append(row)
    filing.given["benefits"] = rows
    if work.category == "产业" and rng.random() < 0.06:
        gain = draws.tidy(draws.skewed(rng, 1.0, 20.0) // 10 * draws.YUAN, draws.YUAN)
        filing.given["income_gain"] = yuan(gain)
        filing.given["output_value"] = yuan(gain * rng.randint(2, 4))


def _outputs(rng: Random, filing: Filing) -> None:
    if rng.random() < 0.4:
        return
    possible = words.OUTPUTS[filing.work.category]
    filing.given["outputs"] = [
        {
            "output_name": name,
            "output_quantity": str(max(1, about * draws.skewed(rng, 0.8, 8.0) // 1_000_000)),
            "output_unit": unit,
        }
        for name, unit, about in rng.sample(possible, 1 if rng.random() < 0.8 else 2)
    ]
