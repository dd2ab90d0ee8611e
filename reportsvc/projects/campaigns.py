"""Campaigns with their indicators, projects, and rounds with the slots that they open."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reportsvc import audit, clock
from reportsvc.db import database, insert_many
from reportsvc.errors import Invalid, NotFound
from reportsvc.models import (
    Campaign,
    FormVersion,
    Indicator,
    Organization,
    Participation,
    Person,
    Project,
    ProjectCounty,
    Region,
    Round,
    Slot,
)
from reportsvc.projects import regions, rules


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """An indicator with its rules of summing, as data (design.md §3)."""

    code: str
    name: str
    unit: str
    measure: str
    kind: str = "flow"
    time_rule: str = "sum"
    partner_rule: str = "lead"
    scale: int = 0


def _money(code: str, name: str) -> IndicatorSpec:
    return IndicatorSpec(f"money.{code}", name, "元", "money", partner_rule="each", scale=2)


INDICATORS = (
    _money("own_funds", "自有资金"),
    _money("raised_funds", "募集资金"),
    _money("pooled_funds", "共同出资"),
    _money("in_kind", "捐赠物资折价"),
    _money("waived_fees", "减免服务费用"),
    _money("purchases", "消费帮扶采购"),
    _money("member_enterprise_investment", "会员企业投资"),
    IndicatorSpec("benefit.visits", "受益人次", "人次", "benefit"),
    IndicatorSpec("benefit.persons", "受益人数", "人", "benefit"),
    IndicatorSpec("benefit.households", "受益户数", "户", "benefit"),
    IndicatorSpec("benefit.named", "受助对象", "名", "benefit"),
    IndicatorSpec("result.output_value", "产值", "元", "result", scale=2),
    IndicatorSpec("result.income_gain", "增收", "元", "result", scale=2),
    IndicatorSpec("activity.coordination_meetings", "对接协调会", "次", "activity"),
)
"""The indicators of the shipped quarterly report. Inputs are summed over contributors, outcomes come from the lead."""

FUND_KINDS = tuple(
    spec.code for spec in INDICATORS if spec.measure == "money" and spec.code != "money.member_enterprise_investment"
)
"""The kinds of money that make a campaign's "funds": member enterprises' investment is a measure of its own."""


@dataclass(frozen=True, slots=True)
class CampaignSpec:
    """What a new campaign needs."""

    code: str
    name: str
    starts: date
    ends: date | None
    route: tuple[str, ...]
    categories: tuple[str, ...]
    circular: dict[str, str] = field(default_factory=dict)
    """The words of its circulars: mark, number, title, signatory and so on."""
    review_days: int = 5
    """Working days that each level has, before the one above may act in its place."""


def create_campaign(spec: CampaignSpec, indicators: Sequence[IndicatorSpec] = INDICATORS) -> Campaign:
    """Store a campaign with its indicators and its checks.

    :raises Invalid: if the route names a level that does not exist, skips the top, or runs the wrong way.
    """
    order = [regions.LEVELS.index(level) for level in spec.route if level in regions.LEVELS]
    if len(order) != len(spec.route) or order != sorted(order, reverse=True) or spec.route[-1:] != ("province",):
        raise Invalid("A review route runs upwards through county, city and province, and ends at the province.")
    with database.atomic():
        campaign = Campaign.create(
            code=spec.code,
            name=spec.name,
            province=regions.PROVINCE,
            starts=spec.starts,
            ends=spec.ends,
            route=list(spec.route),
            review_days=spec.review_days,
            categories=list(spec.categories),
            fund_kinds=list(FUND_KINDS),
            circular=spec.circular,
            created_at=clock.now(),
        )
        insert_many(
            Indicator,
            [
                {
                    "campaign": campaign, "code": one.code, "name": one.name, "unit": one.unit, "measure": one.measure,
                    "kind": one.kind, "time_rule": one.time_rule, "partner_rule": one.partner_rule, "scale": one.scale,
                    "position": position,
                }
                for position, one in enumerate(indicators)
            ],
        )  # fmt: skip
        rules.lay_down(campaign)
        audit.record("campaign.created", f"campaign:{campaign.id}", actor=None, region=campaign.province_id)
    return campaign


MOST_REVIEW_DAYS = 60


def set_review_days(campaign: Campaign, typed: str, person: Person) -> bool:
    """Set how many working days each level has before the one above may act for it; gives whether that is new.

    It holds at once, also for reports that wait already.

    :param typed: as it was typed; full-width digits are taken too.
    :raises Invalid: if it is no whole number from 1 to :data:`MOST_REVIEW_DAYS`.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_REVIEW_DAYS)) else 0
    if not 1 <= days <= MOST_REVIEW_DAYS:
        raise Invalid("Enter a number of working days from 1 to %(most)s.", most=MOST_REVIEW_DAYS)
    with database.atomic():
        here = Campaign.id == campaign.id
        changed = Campaign.update(review_days=days).where(here, Campaign.review_days != days).execute()
        if changed:
            audit.record(
                "campaign.review_days", f"campaign:{campaign.id}", actor=person.id, region=campaign.province_id,
                data={"days": days, "were": campaign.review_days},
            )  # fmt: skip
    return bool(changed)


def campaign_by_code(code: str) -> Campaign:
    """Find a campaign.

    :raises NotFound: if there is none with that code.
    """
    found = Campaign.get_or_none(Campaign.code == code)
    if found is None:
        raise NotFound("There is no campaign with the code %(code)s.", code=code)
    return found


def published_by(codes: Sequence[str]) -> Any:
    """The condition that a campaign's province is in one of the regions that somebody publishes for."""
    paths = [regions.scope(code).path for code in codes]
    found = [region.code for region in Region.select() if any(region.path.startswith(path) for path in paths)]
    return Campaign.province.in_(found)


def publishable(codes: Sequence[str]) -> list[Campaign]:
    """The campaigns that somebody publishes for, newest first."""
    return list(Campaign.select().where(published_by(codes)).order_by(Campaign.starts.desc(), Campaign.code))


def lock(campaign: Campaign) -> None:
    """Let nobody else lock the campaign until the transaction around this ends.

    PostgreSQL locks the row; SQLite's transactions follow one another by themselves.
    """
    if database.for_update:
        Campaign.select().where(Campaign.id == campaign.id).for_update().execute()


@dataclass(frozen=True, slots=True)
class ProjectSpec:
    """What a new project needs; the first organization leads."""

    code: str
    name: str
    category: str
    organizations: tuple[Organization, ...]
    counties: tuple[str, ...] = ()
    village: str = ""
    executor: str = ""
    organizer: str = ""


def create_project(campaign: Campaign, spec: ProjectSpec) -> Project:
    """Store a project with its counties and participants.

    :raises Invalid: if the category is none of the campaign's, nobody leads, or a county is unknown.
    """
    if spec.category not in campaign.categories:
        raise Invalid("%(name)s is not a category of this campaign.", name=spec.category)
    if not spec.organizations:
        raise Invalid("A project needs an organization that leads it.")
    places = list(Region.select().where(Region.code.in_(spec.counties), Region.level == "county"))
    if len(places) != len(set(spec.counties)):
        missing = set(spec.counties) - {place.code for place in places}
        raise Invalid("There is no county with the code %(code)s.", code=", ".join(sorted(missing)))
    with database.atomic():
        project = Project.create(
            campaign=campaign,
            code=spec.code,
            name=spec.name,
            category=spec.category,
            lead=spec.organizations[0],
            region=regions.common(place.path for place in places),
            village=spec.village,
            executor=spec.executor,
            organizer=spec.organizer,
        )
        insert_many(ProjectCounty, [{"project": project, "region": place.code} for place in places])
        insert_many(
            Participation,
            [
                {"project": project, "organization": one, "role": "partner" if index else "lead"}
                for index, one in enumerate(spec.organizations)
            ],
        )
    return project


@dataclass(frozen=True, slots=True)
class RoundSpec:
    """A quarter with its days."""

    year: int
    quarter: int
    opens: date
    due: date
    closes: date


def open_round(campaign: Campaign, form: FormVersion, spec: RoundSpec) -> Round:
    """Store a round and the slot of every participation of the campaign's projects; those that are closed owe none.

    :raises Invalid: if the days are out of order.
    """
    if not spec.opens <= spec.due <= spec.closes:
        raise Invalid("A round opens, is due, and closes, in that order.")
    with database.atomic():
        created = Round.create(
            campaign=campaign,
            year=spec.year,
            quarter=spec.quarter,
            form_version=form,
            opens=spec.opens,
            due=spec.due,
            closes=spec.closes,
        )
        parts = (
            Participation.select(Participation, Project)
            .join(Project)
            .where(Project.campaign == campaign, Project.closing != "closed", Project.merged_into.is_null())
            .order_by(Participation.id)
        )
        insert_many(Slot, slot_rows(created, parts))
        Project.update(worked_out=None).where(Project.campaign == campaign).execute()
        data = {"year": spec.year, "quarter": spec.quarter, "due": spec.due}
        audit.record("round.opened", f"round:{created.id}", actor=None, region=campaign.province_id, data=data)
    return created


def slot_rows(created: Round, parts: Iterable[Participation]) -> Iterable[dict[str, object]]:
    """Rows of :class:`Slot`, one for each participation."""
    for part in parts:
        yield {
            "round": created,
            "project": part.project_id,
            "organization": part.organization_id,
            "role": part.role,
            "region": part.project.region_id,
            "due": created.due,
        }
