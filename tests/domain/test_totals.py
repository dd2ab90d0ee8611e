"""The heart: whatever happened to the reports, totals are those of the approved current versions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from uuid import uuid4

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportsvc import clock, models, reviews, totals
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.forms.quantities import Quantity
from reportsvc.projects import campaigns, organizations, regions, uscc
from reportsvc.reports import submissions, transitions

COUNTY, OTHER_COUNTY = "130826", "130822"
LAST = campaigns.IndicatorSpec("stock.members", "在册人数", "人", "benefit", kind="stock", time_rule="last")
MOST = campaigns.IndicatorSpec("peak.workers", "最多用工", "人", "benefit", kind="stock", time_rule="max")
THROUGH = totals.Quarter(2026, 2)

EMPTY = {"form_id": "q", "title": "季报", "sections": list[object]()}
"""A form without questions."""


def read(version: models.Version) -> Sequence[Quantity]:
    """The answers of these tests are already what a form would give."""
    return [Quantity(code, Decimal(value), place, code) for code, (value, place) in version.answers.items()]


@dataclass
class World:
    campaign: models.Campaign
    form: models.FormVersion
    person: models.Person
    slots: list[int]

    def submit(self, slot_id: int, answers: dict[str, list[str | None]]) -> models.Version:
        slot = transitions.slot_by_id(slot_id)
        sent = submissions.Submission(str(uuid4()), answers)
        return submissions.submit(slot, self.form, self.person, sent)

    def endorse(self, slot_id: int) -> models.Slot:
        slot = transitions.slot_by_id(slot_id)
        assert slot.waiting_at_id is not None
        return reviews.endorse(regions.scope(slot.waiting_at_id), slot_id, self.person, slot.revision, read)

    def approve(self, slot_id: int) -> None:
        while self.endorse(slot_id).state != "approved":
            pass

    def send_back(self, slot_id: int, reason: str = "金额请核对") -> models.Slot:
        slot = transitions.slot_by_id(slot_id)
        scope = regions.scope(slot.waiting_at_id or regions.PROVINCE)
        return reviews.send_back(scope, slot_id, self.person, slot.revision, reason=reason)

    def amounts(self, by: totals.Dimension = "none") -> dict[tuple[str, str], int]:
        return totals.amounts(self.campaign, THROUGH, by)


def build() -> World:
    """A joint project of a foundation and an association over two quarters, reviewed by county and province."""
    person = models.Person.create(name="李秀英", phone="13800000001", created_at=clock.now())
    campaign = campaigns.create_campaign(
        campaigns.CampaignSpec("c", "行动", date(2026, 1, 1), None, ("county", "province"), ("产业",)),
        (*campaigns.INDICATORS, LAST, MOST),
    )
    form = models.FormVersion.create(
        form_id="q", number=1, title="季报", filename="q.md", source=b"", definition=EMPTY, sha256="0" * 64,
        created_at=clock.now(),
    )  # fmt: skip
    parties = tuple(
        organizations.register(organizations.NewOrganization(uscc.build(prefix, "130000", "50120345"), name, kind))
        for prefix, name, kind in (("53", "三强公益基金会", "foundation"), ("51", "眼镜协会", "association"))
    )
    spec = campaigns.ProjectSpec("P1", "蔬菜大棚", "产业", parties, (COUNTY, OTHER_COUNTY))
    campaigns.create_project(campaign, spec)
    for quarter in (1, 2):
        days = campaigns.RoundSpec(2026, quarter, date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1))
        campaigns.open_round(campaign, form, days)
    slots = [slot.id for slot in models.Slot.select().order_by(models.Slot.id)]
    return World(campaign, form, person, slots)


@pytest.fixture
def world(database: peewee.Database) -> World:
    regions.load()
    return build()


AMOUNT = st.integers(0, 10**12).map(lambda fen: str(Decimal(fen).scaleb(-2)))
COUNT = st.integers(0, 10**6).map(str)
PLACE = st.sampled_from([None, COUNTY, OTHER_COUNTY])
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "money.own_funds": st.tuples(AMOUNT, PLACE).map(list),
        "money.member_enterprise_investment": st.tuples(AMOUNT, PLACE).map(list),
        "benefit.visits": st.tuples(COUNT, PLACE).map(list),
        "benefit.households": st.tuples(COUNT, PLACE).map(list),
        LAST.code: st.tuples(COUNT, PLACE).map(list),
        MOST.code: st.tuples(COUNT, PLACE).map(list),
    },
)
STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["submit", "endorse", "return"]), ANSWERS), max_size=24)


def afresh(world: World) -> dict[tuple[str, str], int]:
    """The rules of design.md §3 once more, from the stored answers, without the code under test."""
    scale = {one.code: (one.scale, one.time_rule, one.partner_rule) for one in models.Indicator.select()}
    by_part: dict[tuple[str, int, int], list[tuple[int, int]]] = defaultdict(list)
    for slot in models.Slot.select().where(models.Slot.state == "approved"):
        version = models.Version.get(models.Version.slot == slot, models.Version.number == slot.current)
        for code, (value, _) in version.answers.items():
            shift, _, partner = scale[code]
            if partner == "each" or slot.role == "lead":
                amount = int(Decimal(value) * 10**shift)
                by_part[(code, slot.project_id, slot.organization_id)].append((slot.round.quarter, amount))
    result: dict[tuple[str, str], int] = defaultdict(int)
    for (code, _, _), values in by_part.items():
        rule = scale[code][1]
        amounts = [amount for _, amount in sorted(values)]
        result[(code, "")] += {"sum": sum(amounts), "last": amounts[-1], "max": max(amounts)}[rule]
    return dict(result)


def of_entries(world: World, by: totals.Dimension) -> dict[tuple[str, str], int]:
    """The totals once more, added up from the single figures that count."""
    result: dict[tuple[str, str], int] = defaultdict(int)
    for entry in totals.entries(world.campaign, THROUGH):
        value = "" if by == "none" else {"category": entry.category, "kind": entry.kind, "region": entry.region}[by]
        result[(entry.code, value)] += entry.value
    return dict(result)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_steps_gives_the_totals_of_a_fresh_computation(
    database: peewee.Database, steps: list[tuple[int, str, dict[str, list[str | None]]]]
) -> None:
    regions.load()
    with database.atomic() as transaction:
        world = build()
        for index, action, answers in steps:
            slot_id = world.slots[index]
            try:
                if action == "submit":
                    world.submit(slot_id, answers)
                elif action == "return":
                    world.send_back(slot_id)
                elif transitions.slot_by_id(slot_id).waiting_at_id:
                    world.endorse(slot_id)
            except Conflict:
                continue  # the table of transitions does not allow it from here: nothing may have changed
        expected = afresh(world)
        assert world.amounts() == expected
        for by in ("category", "kind", "region"):
            split: dict[tuple[str, str], int] = defaultdict(int)
            for (code, _), value in world.amounts(by).items():
                split[(code, "")] += value
            assert dict(split) == expected
            assert world.amounts(by) == of_entries(world, by)
        assert world.amounts() == of_entries(world, "none")
        transaction.rollback()


def test_a_joint_project_counts_once_and_each_contributors_money_counts(world: World) -> None:
    for slot_id, yuan in zip(world.slots[:2], ("100.25", "50"), strict=True):
        world.submit(slot_id, {"money.own_funds": [yuan, None], "benefit.visits": ["30", None]})
        world.approve(slot_id)
    assert world.amounts() == {("money.own_funds", ""): 15025, ("benefit.visits", ""): 30}
    assert totals.counts(world.campaign, THROUGH) == totals.Counts(organizations=2, projects=1, key_counties=1 + 1)
    assert {(one.project, one.category, one.kind) for one in totals.reports(world.campaign, THROUGH)} == {
        (1, "产业", "foundation"),
        (1, "产业", "association"),
    }


def test_member_enterprises_investment_is_no_part_of_the_funds(world: World) -> None:
    world.submit(world.slots[0], {"money.own_funds": ["1", None], "money.member_enterprise_investment": ["999", None]})
    world.approve(world.slots[0])
    assert totals.funds(world.campaign, world.amounts()) == 100


def test_what_was_not_split_by_county_belongs_to_the_city_and_counts_once(world: World) -> None:
    world.submit(world.slots[0], {"benefit.visits": ["30", None], "benefit.households": ["5", COUNTY]})
    world.approve(world.slots[0])
    assert world.amounts("region") == {("benefit.visits", "130800"): 30, ("benefit.households", COUNTY): 5}


def test_a_figure_leads_back_to_its_versions(world: World) -> None:
    first = world.submit(world.slots[0], {"money.own_funds": ["1", None]})
    world.send_back(world.slots[0])
    second = world.submit(world.slots[0], {"money.own_funds": ["2", None]})
    world.approve(world.slots[0])
    assert totals.versions(world.campaign, THROUGH, "money.own_funds") == [second.id]
    assert models.Version.get_by_id(first.id).answers == {"money.own_funds": ["1", None]}


def test_later_quarters_are_left_out(world: World) -> None:
    world.submit(world.slots[2], {"money.own_funds": ["1", None]})
    world.approve(world.slots[2])
    assert totals.amounts(world.campaign, totals.Quarter(2026, 1)) == {}
    assert totals.amounts(world.campaign, totals.Quarter(2025, 4)) == {}


def test_the_same_submission_twice_makes_one_version(world: World) -> None:
    slot = transitions.slot_by_id(world.slots[0])
    sent = submissions.Submission("7d0f", {"money.own_funds": ["1", None]})
    first = submissions.submit(slot, world.form, world.person, sent)
    again = submissions.submit(transitions.slot_by_id(slot.id), world.form, world.person, sent)
    assert (first.id, first.receipt) == (again.id, again.receipt)
    other = submissions.Submission("7d0f", {"money.own_funds": ["2", None]})
    with pytest.raises(Conflict, match="already sent"):
        submissions.submit(transitions.slot_by_id(slot.id), world.form, world.person, other)
    assert models.Version.select().count() == 1


def test_two_reviewers_never_overwrite_each_other(world: World) -> None:
    world.submit(world.slots[0], {})
    seen = transitions.slot_by_id(world.slots[0])
    world.send_back(world.slots[0])
    with pytest.raises(Conflict):
        reviews.endorse(regions.scope(regions.PROVINCE), seen.id, world.person, seen.revision, read)
    world.submit(world.slots[0], {})
    with pytest.raises(Conflict, match="just worked on"):
        reviews.endorse(regions.scope(regions.PROVINCE), seen.id, world.person, seen.revision, read)


def test_a_foreign_region_sees_nothing_and_is_told_nothing(world: World) -> None:
    world.submit(world.slots[0], {})
    for code in ("130600", "130826"):
        with pytest.raises(NotFound, match="no such report"):
            reviews.find(regions.scope(code), world.slots[0])
    assert [slot.id for slot in reviews.in_scope(regions.scope("130800"))] == world.slots


def test_a_return_needs_a_reason(world: World) -> None:
    world.submit(world.slots[0], {})
    with pytest.raises(Invalid, match="why"):
        world.send_back(world.slots[0], "  ")


def test_what_does_not_fit_its_indicator_is_not_approved(world: World) -> None:
    world.submit(world.slots[0], {"money.own_funds": ["1.005", None]})
    with pytest.raises(Invalid, match="at most 2 decimals"):
        world.approve(world.slots[0])
    assert transitions.slot_by_id(world.slots[0]).state != "approved"
    assert models.Figure.select().count() == 0


def test_every_step_is_written_down(world: World) -> None:
    world.submit(world.slots[0], {})
    world.send_back(world.slots[0], "请补充")
    events = list(models.Event.select().where(models.Event.slot == world.slots[0]).order_by(models.Event.id))
    assert [(one.action, one.before, one.after, one.reason) for one in events] == [
        ("submit", "open", "submitted", ""),
        ("return", "submitted", "returned", "请补充"),
    ]


def test_the_headline_has_the_keys_of_the_published_facts_and_exact_money(world: World) -> None:
    facts = json.loads(files("reportsvc.data").joinpath("campaign_2018_2020.json").read_text(encoding="utf-8"))
    world.submit(world.slots[0], {"money.own_funds": ["1234.05", None], "benefit.visits": ["30", None]})
    world.approve(world.slots[0])
    headline = totals.headline(world.campaign, THROUGH)
    assert list(headline) == [total["key"] for total in facts["totals"]]
    assert headline["funds_yuan"] == "1234.05"
    assert headline["beneficiary_visits"] == 30
    assert headline["member_enterprise_investment_yuan"] == "0.00"
