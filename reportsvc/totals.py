"""Totals: sums over the figures of approved current versions, and of nothing else (design.md §3).

A total is an integer in the indicator's smallest unit (fen for money). Every sum here is made by the database on
integers, so it is exact, and the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import peewee

from reportsvc.models import (
    Campaign,
    Figure,
    Indicator,
    Organization,
    Project,
    ProjectCounty,
    Region,
    Round,
    Slot,
    Version,
)
from reportsvc.projects.uscc import SOCIAL_KINDS

Dimension = Literal["none", "category", "kind", "region"]
"""What totals are split by: nothing, the project's category, the organization's kind, the figure's region."""

SPLITS: dict[str, Any] = {
    "none": peewee.Value(""),
    "category": Project.category,
    "kind": Organization.kind,
    "region": Figure.region,
}


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    quarter: int

    @property
    def number(self) -> int:
        """Counts quarters, so that they can be compared in a query."""
        return self.year * 4 + self.quarter


_quarter_number = Round.year * 4 + Round.quarter


def approved(campaign: Campaign, through: Quarter) -> peewee.Expression:
    """The condition that a slot counts: of this campaign, up to that quarter, approved."""
    found: peewee.Expression = (
        (Round.campaign == campaign) & (_quarter_number <= through.number) & (Slot.state == "approved")
    )  # fmt: skip
    return found


def amounts(campaign: Campaign, through: Quarter, by: Dimension = "none") -> dict[tuple[str, str], int]:
    """Totals of every indicator, keyed (indicator's code, value of the dimension).

    The time rule decides which rounds count: ``sum`` all of them, ``last`` each participation's newest, ``max`` each
    participation's largest (of equals the earliest).
    """
    found: dict[tuple[str, str], int] = {}
    for rows in _by_rule(campaign, through, {"split": SPLITS[by]}):
        query = rows.select_from(rows.c.code, rows.c.split, peewee.fn.SUM(rows.c.value).alias("total")).group_by(
            rows.c.code, rows.c.split
        )
        for row in query.dicts():
            found[(row["code"], row["split"])] = int(row["total"])
    return found


def divided(campaign: Campaign, through: Quarter, places: Sequence[str]) -> Iterator[tuple[str, str, str, str, int]]:
    """(region, kind, category, indicator's code, total) of the figures in some regions, ruled as :func:`amounts`."""
    names = {name: SPLITS[name] for name in ("region", "kind", "category")}
    for rows in _by_rule(campaign, through, names):
        columns = [getattr(rows.c, name) for name in (*names, "code")]
        query = rows.select_from(*columns, peewee.fn.SUM(rows.c.value).alias("total"))
        yield from query.where(rows.c.region.in_(places)).group_by(*columns).tuples()


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure that counts in a total, with all that a total may be split by."""

    code: str
    value: int
    version: int
    project: int
    organization: int
    kind: str
    category: str
    region: str


def entries(campaign: Campaign, through: Quarter) -> list[Entry]:
    """Every figure that counts, by the same rules as :func:`amounts`: what a snapshot is made of."""
    names: dict[str, Any] = {
        "version": Version.id,
        "project": Slot.project,
        "organization": Slot.organization,
        "kind": Organization.kind,
        "category": Project.category,
        "region": Figure.region,
    }
    found: list[Entry] = []
    for rows in _by_rule(campaign, through, names):
        query = rows.select_from(*(getattr(rows.c, name) for name in ("code", "value", *names)))
        found.extend(Entry(**row) for row in query.dicts())
    return found


def _by_rule(campaign: Campaign, through: Quarter, names: dict[str, Any]) -> Iterator[Any]:
    """For each time rule in use the query of the figures that it lets count."""
    rules = {one.time_rule for one in Indicator.select(Indicator.time_rule).where(Indicator.campaign == campaign)}
    for rule in sorted(rules):
        yield _chosen(campaign, through, rule, names)


def _chosen(campaign: Campaign, through: Quarter, rule: str, names: dict[str, Any]) -> Any:
    """Rows (code, value and what ``names`` asks for) of the figures that one time rule lets count."""
    asked = [column.alias(name) for name, column in names.items()]
    columns = [Indicator.code.alias("code"), Figure.value.alias("value"), *asked]
    part: list[Any] = [Figure.indicator, Slot.project, Slot.organization, Slot.merged_from]
    if rule == "last":
        rank = peewee.fn.RANK().over(partition_by=part, order_by=[_quarter_number.desc()])
        return _first(_figures(campaign, through, rule, [*columns, rank.alias("rank")]), names)
    if rule == "max":
        inner = _figures(
            campaign,
            through,
            rule,
            [
                *columns,
                peewee.fn.SUM(Figure.value).over(partition_by=[Figure.indicator, Slot.id]).alias("of_slot"),
                _quarter_number.alias("number"),
                *(column.alias(f"part{index}") for index, column in enumerate(part)),
            ],
        )
        rank = peewee.fn.RANK().over(
            partition_by=[getattr(inner.c, f"part{index}") for index in range(len(part))],
            order_by=[inner.c.of_slot.desc(), inner.c.number],
        )
        kept = [getattr(inner.c, name) for name in ("code", "value", *names)]
        return _first(inner.select_from(*kept, rank.alias("rank")), names)
    return _figures(campaign, through, rule, columns)


def _figures(campaign: Campaign, through: Quarter, rule: str, columns: list[Any]) -> Any:
    return (
        _figures_of(campaign, through)
        .select(*columns)
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .where(Indicator.time_rule == rule)
    )


def _first(ranked: Any, names: dict[str, Any]) -> Any:
    kept = [getattr(ranked.c, name) for name in ("code", "value", *names)]
    return ranked.select_from(*kept).where(ranked.c.rank == 1)


@dataclass(frozen=True, slots=True)
class Report:
    """One approved report, with all that a count may be split by."""

    version: int
    project: int
    organization: int
    kind: str
    category: str


def reports(campaign: Campaign, through: Quarter) -> list[Report]:
    """Every approved report's current version: what distinct organizations and projects are counted over."""
    version: Any = Version.id
    query: Any = (
        Version.select(
            version.alias("version"),
            Slot.project.alias("project"),
            Slot.organization.alias("organization"),
            Organization.kind.alias("kind"),
            Project.category.alias("category"),
        )
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .where(approved(campaign, through))
        .order_by(Version.id)
    )
    return [Report(**row) for row in query.dicts()]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many took part, each counted once however often it reported."""

    organizations: int
    projects: int
    key_counties: int


def counts(campaign: Campaign, through: Quarter) -> Counts:
    """Distinct social organizations, projects and key counties behind the approved reports."""
    slots = Slot.select().join(Round, on=(Slot.round == Round.id)).where(approved(campaign, through))
    social = slots.join(Organization, on=(Slot.organization == Organization.id)).where(
        Organization.kind.in_(SOCIAL_KINDS)
    )
    counties = (
        slots.join(ProjectCounty, on=(ProjectCounty.project == Slot.project))
        .join(Region, on=(ProjectCounty.region == Region.code))
        .where(Region.key_county != "none")
    )
    return Counts(
        organizations=_distinct(social, Slot.organization),
        projects=_distinct(slots, Slot.project),
        key_counties=_distinct(counties, ProjectCounty.region),
    )


def _distinct(query: peewee.ModelSelect[Slot], column: peewee.Field[Any]) -> int:
    return int(query.select(peewee.fn.COUNT(peewee.fn.DISTINCT(column))).scalar() or 0)


def funds(campaign: Campaign, totals: dict[tuple[str, str], int]) -> int:
    """The campaign's "funds" in fen: the kinds of money that it names, and no other."""
    return sum(value for (code, _), value in totals.items() if code in campaign.fund_kinds)


def versions(campaign: Campaign, through: Quarter, indicator: str) -> list[int]:
    """Ids of the versions under a total of one indicator: the way back from a figure to the phones."""
    query = (
        _figures_of(campaign, through).where(Indicator.code == indicator).select(Figure.version).distinct()
    )  # fmt: skip
    return sorted(row.version_id for row in query)


def _figures_of(campaign: Campaign, through: Quarter) -> peewee.ModelSelect[Figure]:
    return (
        Figure.select()
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .join(Version, on=(Figure.version == Version.id))
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .where(approved(campaign, through))
    )


def headline(campaign: Campaign, through: Quarter) -> dict[str, int | str]:
    """The figures that a circular opens with, under the keys of the published facts.

    Counts are integers; money is in yuan as exact decimal text, since JSON's numbers are binary floating point.
    """
    found = amounts(campaign, through)
    counted = counts(campaign, through)
    return {
        "organizations": counted.organizations,
        "projects": counted.projects,
        "funds_yuan": yuan(funds(campaign, found)),
        "key_counties": counted.key_counties,
        "beneficiary_visits": found.get(("benefit.visits", ""), 0),
        "member_enterprise_investment_yuan": yuan(found.get(("money.member_enterprise_investment", ""), 0)),
        "coordination_meetings": found.get(("activity.coordination_meetings", ""), 0),
    }


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals, exact."""
    return f"{fen // 100}.{fen % 100:02d}"
