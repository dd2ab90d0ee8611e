"""The historic campaign: 京津冀社会组织跟党走—助力脱贫攻坚行动, March 2018 to September 2020."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib.resources import files
from random import Random
from typing import Any

from reportsvc import totals
from reportsvc.cli.province import cases, filings, parties, store, works
from reportsvc.cli.province.answers import FUNDS, fen
from reportsvc.cli.province.shapes import Codes, Filing, Place
from reportsvc.models import Campaign, FormVersion, Region, Round
from reportsvc.projects import campaigns, regions

CODE = "hebei-2018"
SEED = 20201110
"""The day on which the facts were published."""

QUARTERS = tuple(totals.Quarter(2018 + index // 4, index % 4 + 1) for index in range(works.ROUNDS))

ORGANIZATIONS = 6342
PROJECTS = 5367
LEADS = 4690
"""Sample organizations that lead a project; the others only join one."""

TOTALS = filings.Sums(funds=218_803_647_285, investment=304_713_380_640, visits=2_846_917)
"""What the reports add up to, cases and all, inside the bands of the published facts: money in fen."""


def facts() -> dict[str, Any]:
    """The published facts."""
    found: dict[str, Any] = json.loads(files("reportsvc.data").joinpath("campaign_2018_2020.json").read_text("utf-8"))
    return found


def last_day(quarter: totals.Quarter) -> date:
    """The last day of a quarter."""
    after = date(quarter.year + quarter.quarter // 4, quarter.quarter % 4 * 3 + 1, 1)
    return after - timedelta(days=1)


def places() -> list[Place]:
    """Every county, in the order of the codes."""
    names = {one.code: one.name for one in Region.select()}
    found = []
    for one in Region.select().where(Region.level == "county").order_by(Region.code):
        above = regions.chain(one.path)[1]
        prefix = names[str(one.parent_id)] if one.name.endswith("区") else ""
        city = one.code if above == regions.PROVINCE else above
        found.append(Place(one.code, one.name, prefix + one.name, city, one.path, one.key_county != "none"))
    return found


def plan(rng: Random) -> list[Filing]:
    """Every report of the campaign: the nine cases, then the samples that make the totals full."""
    codes, counties = Codes(1), places()
    published = cases.make(codes, QUARTERS)
    named = {party.uscc for filing in published for party in filing.work.parties}
    case_works = {filing.work.code for filing in published}
    prefectures = [
        (one.code, one.name)
        for one in Region.select().where(Region.level == "city", Region.code != regions.XIONGAN).order_by(Region.code)
    ]
    sample = parties.make(rng, codes, counties, prefectures, ORGANIZATIONS - len(named))
    rng.shuffle(sample)  # so that who leads what can't be told from the numbers in their names
    numbers = range(len(case_works) + 1, PROJECTS + 1)
    planned = works.make(rng, counties, sample[:LEADS], sample[LEADS:], numbers)
    rest = filings.Sums(
        funds=TOTALS.funds - _sum(published, FUNDS),
        investment=TOTALS.investment - _sum(published, ("member_enterprise_investment",)),
        visits=TOTALS.visits,
    )
    return [*published, *filings.make(rng, planned, [last_day(quarter) for quarter in QUARTERS], rest)]


def _sum(published: Sequence[Filing], names: Sequence[str]) -> int:
    return sum(fen(filing.given[name]) for filing in published for name in names if name in filing.given)


def load(form: FormVersion, progress: Callable[[str], None]) -> Campaign:
    """Store the campaign with all its approved reports."""
    rng = Random(SEED)  # noqa: S311 - sample records, no secrets
    planned = plan(rng)
    progress(f"Planned {len(planned)} reports.")
    campaign = _campaign()
    rounds = [_round(campaign, form, quarter) for quarter in QUARTERS]
    by_code = {filing.work.code: filing.work for filing in planned}
    stored = store.parties_and_works(campaign, list(by_code.values()))
    progress(f"Organizations: {len(stored.organizations)}. Projects: {len(stored.projects)}.")
    store.Archive(campaign, form, rounds, stored).write(rng, planned, progress)
    return campaign


def _campaign() -> Campaign:
    published = facts()
    name = published["campaign"]["name"]
    words: dict[str, Any] = {
        "mark": "河北省民政厅文件",
        "number": "冀民函〔2020〕样例号",
        "title": f"河北省民政厅关于“{name}”有关情况的通报",
        "addressee": "各市（含定州、辛集市）民政局，雄安新区公共服务局：",
        "signatory": "河北省民政厅",
        "copies_to": "民政部社会组织管理局，北京市民政局、天津市民政局。",
        "printed_by": "河北省民政厅办公室（样例）",
        "cases": [case["circular"] for case in cases.read()],
    }
    return campaigns.create_campaign(
        campaigns.CampaignSpec(
            code=CODE,
            name=name,
            starts=date(2018, 3, 1),
            ends=date(2020, 9, 30),
            route=("county", "city", "province"),
            categories=tuple(published["categories"]),
            circular=words,
        )
    )


def _round(campaign: Campaign, form: FormVersion, quarter: totals.Quarter) -> Round:
    """A round that opens in the quarter's last days, is due two weeks into the next, and closes at its month's end."""
    end = last_day(quarter)
    return Round.create(
        campaign=campaign,
        year=quarter.year,
        quarter=quarter.quarter,
        form_version=form,
        opens=end - timedelta(days=5),
        due=end + timedelta(days=15),
        closes=end + timedelta(days=30),
    )
