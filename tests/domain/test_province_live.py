"""The campaign under way: a report at every stage, whatever day it is loaded on, and people to look at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from reportsvc import clock, db, models, totals
from reportsvc.cli.province import answers, live
from reportsvc.forms import shipped
from reportsvc.projects import regions
from reportsvc.reports import forms


@dataclass(frozen=True)
class Loaded:
    campaign: models.Campaign
    people: live.People


@pytest.fixture
def loaded(tmp_path: Path) -> Iterator[Loaded]:
    """The campaign under way, by itself."""
    with empty(tmp_path):
        yield Loaded(*live.load(forms.publish(*shipped.quarterly_report()), forms.read_quantities))


@contextmanager
def empty(folder: Path) -> Iterator[None]:
    """A database that holds the regions and nothing else."""
    opened = db.open_database(f"sqlite:///{folder / 'live.db'}")
    db.migrate(opened)
    with opened.connection_context():
        regions.load()
        yield
    opened.close_all()


def test_the_campaign_under_way_has_a_report_at_every_stage(loaded: Loaded) -> None:
    last, current = models.Round.select().where(models.Round.campaign == loaded.campaign).order_by(models.Round.id)
    assert current.opens <= clock.today() <= current.due <= current.closes
    assert (current.year * 4 + current.quarter) - (last.year * 4 + last.quarter) == 1
    assert Counter(slot.state for slot in last.slots)["approved"] > last.slots.count() * 0.9
    stages = Counter((slot.state, regions.scope(slot.waiting_at_id).level) for slot in _waiting(current))
    assert set(stages) == {("submitted", "county"), ("endorsed_county", "province")}
    assert min(stages.values()) >= 3
    states = Counter(slot.state for slot in current.slots)
    assert (states["open"] > 10, states["approved"] > 3, states["returned"]) == (True, True, 1)
    returned = current.slots.where(models.Slot.state == "returned").get()
    assert "自有资金" in returned.reason
    counties = counties_of(loaded.campaign)
    assert {"130826", "130682"} < counties
    assert len(counties & set(regions.REPORTS_AS_CITY[regions.XIONGAN])) == 1


def _waiting(owed: models.Round) -> list[models.Slot]:
    return list(owed.slots.where(models.Slot.waiting_at.is_null(False)))


def test_the_reporter_owes_a_report_and_had_last_quarters_approved(loaded: Loaded) -> None:
    reporter = loaded.people.reporter
    grants = {grant.role: grant for grant in reporter.grants}
    assert set(grants) == {"reporter", "manager"}
    assert grants["manager"].organization == grants["reporter"].organization
    organization = grants["reporter"].organization
    assert organization.region_id == "130826"
    slots = organization.slots.order_by(models.Slot.round)
    assert [slot.state for slot in slots] == ["approved", "open"]
    assert forms.read_quantities(models.Version.get(models.Version.slot == slots.first())) != []


def test_reviewers_have_what_they_need(loaded: Loaded) -> None:
    roles = {
        person.phone: {(grant.role, grant.region_id) for grant in person.grants}
        for person in (loaded.people.county, loaded.people.province)
    }
    assert roles == {
        "13800000002": {("reviewer", "130826")},
        "13800000003": {("reviewer", "130000"), ("publisher", "130000")},
    }
    submitted = models.Slot.select().where(models.Slot.waiting_at == "130826", models.Slot.state == "submitted")
    assert submitted.count() >= 2


def counties_of(campaign: models.Campaign) -> set[str]:
    query = models.ProjectCounty.select().join(models.Project).where(models.Project.campaign == campaign)
    return {row.region_id for row in query}


@pytest.mark.parametrize("day", ["2027-01-01", "2026-06-30"])
def test_whatever_the_day_a_round_is_open_and_nothing_happened_later(day: str, tmp_path: Path) -> None:
    with clock.frozen(datetime.fromisoformat(f"{day}T00:30:00+08:00")), empty(tmp_path):
        campaign, _ = live.load(forms.publish(*shipped.quarterly_report()), forms.read_quantities)
        last, current = models.Round.select().where(models.Round.campaign == campaign).order_by(models.Round.id)
        assert current.opens <= clock.today() <= current.due
        assert last.opens < last.due < current.opens
        assert models.Event.select().where(models.Event.at > clock.now()).count() == 0
        assert models.Event.select().count() > 100
        through = totals.Quarter(current.year, current.quarter)
        assert answers.fen(str(totals.headline(campaign, through)["funds_yuan"])) > 0
