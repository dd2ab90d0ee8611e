"""A snapshot holds what the approved reports sum to at that moment, by place and kind, and never changes again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from itertools import pairwise

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsvc import clock, reviews, totals
from reportsvc.circulars import snapshot
from reportsvc.errors import ReportsvcError
from reportsvc.models import Snapshot, Version
from reportsvc.projects import regions
from tests.support.world import CITY, COUNTY, OTHER_COUNTY, World, build

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def benefit(amount: str, unit: str = "visits", county: str = COUNTY) -> dict[str, str]:
    return {"benefit_county": county, "benefit_unit": unit, "benefit_amount": amount, "benefit_who": "村民"}


@pytest.fixture
def world(database: peewee.Database) -> World:
    """320 visits and 8000 yuan of last quarter; of this one three reports approved and one that waits."""
    made = build()
    made.submit("library")  # 12000.50 and 3000 yuan, 320 visits
    made.submit("orchard", own_funds="7.01", raised_funds="", benefits=[])  # by 松树; it is not approved
    made.submit(
        "joint:pine", own_funds="100", raised_funds="",
        benefits=[benefit("5"), benefit("6", county=OTHER_COUNTY), benefit("40", "persons", OTHER_COUNTY)],
    )  # fmt: skip
    made.submit("joint:lotus", own_funds="50", raised_funds="", benefits=[])
    for name in ("library", "joint:pine", "joint:lotus"):
        made.approve(name)
    return made


def through(world: World) -> totals.Quarter:
    return totals.Quarter(world.now.year, world.now.quarter)


def freeze(world: World) -> Snapshot:
    return snapshot.freeze(world.campaign, through(world))


def values(frozen: Snapshot) -> dict[str, int]:
    return {key: figure["value"] for key, figure in snapshot.load(frozen)["figures"].items()}


def test_every_figure_by_category_kind_place_and_project(world: World) -> None:
    found = values(freeze(world))
    library, joint = 8000_00 + 15000_50, 150_00
    assert (found["funds_yuan"], found["money.own_funds"]) == (library + joint, library + joint - 3000_00)
    assert (found["beneficiary_visits"], found["benefit.persons"]) == (651, 40)
    assert (found["organizations"], found["projects"]) == (2, 2)
    assert (found["category.教育.funds_yuan"], found["category.教育.projects"]) == (library + joint, 2)
    assert "category.产业.projects" not in found
    assert (found["kind.foundation.funds_yuan"], found["kind.association.funds_yuan"]) == (100_00, library + 50_00)
    assert (found["kind.foundation.organizations"], found["kind.foundation.projects"]) == (1, 1)
    assert (found["project.P1.funds_yuan"], found["project.P3.funds_yuan"]) == (library, joint)
    assert (found["project.P3.beneficiary_visits"], found["project.P3.benefit.persons"]) == (11, 40)


def test_what_was_not_divided_by_county_belongs_to_the_city_and_is_counted_once(world: World) -> None:
    found = values(freeze(world))
    assert found[f"county.{COUNTY}.funds_yuan"] == 23000_50
    assert found[f"county.{CITY}.funds_yuan"] == 150_00
    assert found[f"city.{CITY}.funds_yuan"] == found["funds_yuan"]
    assert found[f"county.{COUNTY}.beneficiary_visits"] == 645
    assert found[f"county.{OTHER_COUNTY}.beneficiary_visits"] == 6
    assert (found[f"county.{COUNTY}.projects"], found[f"county.{OTHER_COUNTY}.projects"]) == (2, 1)
    assert found[f"city.{CITY}.projects"] == 2


def test_the_versions_under_a_figure_are_those_that_gave_to_it(world: World) -> None:
    data = snapshot.load(freeze(world))
    figure = data["figures"]["project.P3.funds_yuan"]
    (run,) = figure["versions"]
    joint = {world.slot(name).id for name in ("joint:pine", "joint:lotus")}
    assert {version.slot_id for version in Version.select().where(Version.id.between(*run))} == joint
    assert figure | {"versions": None} == {
        "value": 150_00, "unit": "元", "scale": 2, "query": {"measure": "funds_yuan", "project": "P3"},
        "versions": None,
    }  # fmt: skip


def test_a_return_later_changes_the_next_snapshot_and_not_this_one(world: World) -> None:
    first = freeze(world)
    before = values(first)
    province = regions.scope(regions.PROVINCE)
    slot = world.slot("library")
    reviews.send_back(province, slot.id, world.province, slot.revision, reason="金额请核对。")
    assert values(freeze(world))["funds_yuan"] == 8000_00 + 150_00
    assert values(Snapshot.get_by_id(first.id)) == before


def test_at_the_same_moment_it_is_the_same_text_to_the_byte(world: World) -> None:
    with clock.frozen(NOON):
        first, second = freeze(world), freeze(world)
    assert first.data == second.data
    assert first.sha256 == second.sha256 == hashlib.sha256(first.data.encode()).hexdigest()


def test_a_text_that_was_altered_is_refused(world: World) -> None:
    frozen = freeze(world)
    Snapshot.update(data=frozen.data.replace("2315050", "2315051", 1)).where(Snapshot.id == frozen.id).execute()
    altered = Snapshot.get_by_id(frozen.id)
    assert altered.data != frozen.data
    with pytest.raises(ReportsvcError, match="was altered"):
        snapshot.load(altered)


@pytest.mark.parametrize("key", ["funds_yuan", "beneficiary_visits", "projects"])
def test_where_two_ways_of_adding_up_differ_nothing_is_frozen(
    world: World, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    if key == "projects":
        monkeypatch.setattr(totals, "counts", lambda *_: totals.Counts(organizations=2, projects=3, key_counties=0))
    else:
        code = {"funds_yuan": "money.own_funds", "beneficiary_visits": "benefit.visits"}[key]
        real = totals.amounts
        monkeypatch.setattr(totals, "amounts", lambda *given: real(*given) | {(code, ""): 1})
    with pytest.raises(snapshot.Disagreement, match=key):
        freeze(world)
    assert Snapshot.select().count() == 0


def test_a_quarter_that_comes_later_is_left_out(world: World) -> None:
    earlier = totals.Quarter(world.before.year, world.before.quarter)
    found = values(snapshot.freeze(world.campaign, earlier))
    assert (found["funds_yuan"], found["projects"], found["beneficiary_visits"]) == (8000_00, 1, 320)


def test_without_any_report_the_headline_stands_at_nothing(world: World) -> None:
    found = values(snapshot.freeze(world.campaign, totals.Quarter(2020, 1)))
    assert set(found) == {*snapshot.COUNTS, snapshot.FUNDS, *snapshot.NAMES.values()}
    assert set(found.values()) == {0}


@given(st.sets(st.integers(1, 60)))
def test_runs_of_ids_are_read_back(numbers: set[int]) -> None:
    text = snapshot.ranges(numbers)
    runs = snapshot.unranged(text)
    assert {number for first, last in runs for number in range(first, last + 1)} == numbers
    assert all(after[0] > before[1] + 1 for before, after in pairwise(runs))


def test_how_runs_are_written() -> None:
    assert snapshot.ranges({1, 2, 3, 7}) == "1-3,7"
    assert snapshot.unranged("1-3,7") == [[1, 3], [7, 7]]
    assert snapshot.ranges(()) == ""
    assert snapshot.unranged("") == []
