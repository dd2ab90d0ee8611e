"""Storing a whole campaign of approved reports at once: the same rows as one report after another would leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from reportsvc import clock
from reportsvc.cli.province.answers import quantities
from reportsvc.cli.province.shapes import Filing, Party, Work
from reportsvc.db import insert_many
from reportsvc.forms.definition import Answers
from reportsvc.models import (
    Campaign,
    Event,
    Figure,
    FormVersion,
    Indicator,
    Organization,
    Participation,
    Project,
    ProjectCounty,
    Region,
    Round,
    Slot,
    Version,
)
from reportsvc.projects import regions, routes
from reportsvc.reports import figures, submissions, transitions

BATCH = 1000
"""Rows of one statement: at most 15 columns, below the 32,766 parameters of SQLite."""

SOURCE = "import"


@dataclass(frozen=True, slots=True)
class Stored:
    """What the rows refer to, by what the plan knows them by."""

    organizations: Mapping[str, int]
    """By uscc."""
    projects: Mapping[str, int]
    """By code."""
    places: Mapping[str, str]
    """Project's code to the region that its reports belong to."""


def parties_and_works(campaign: Campaign, works: Sequence[Work]) -> Stored:
    """Store organizations, projects, their counties and participants."""
    parties: dict[str, Party] = {party.uscc: party for work in works for party in work.parties}
    insert_many(Organization, (_organization(party) for party in parties.values()), batch=BATCH)
    organizations = {one.uscc: one.id for one in Organization.select() if one.uscc in parties}
    paths = {one.code: one.path for one in Region.select()}
    places = {work.code: regions.common(paths[code] for code in work.counties) for work in works}
    insert_many(
        Project,
        (_project(campaign, work, organizations[work.parties[0].uscc], places[work.code]) for work in works),
        batch=BATCH,
    )
    projects = {one.code: one.id for one in Project.select().where(Project.campaign == campaign)}
    insert_many(
        ProjectCounty,
        ({"project": projects[work.code], "region": code} for work in works for code in work.counties),
        batch=BATCH,
    )
    insert_many(
        Participation,
        (
            {
                "project": projects[work.code],
                "organization": organizations[party.uscc],
                "role": "partner" if index else "lead",
            }
            for work in works
            for index, party in enumerate(work.parties)
        ),
        batch=BATCH,
    )
    return Stored(organizations, projects, places)


def _organization(party: Party) -> dict[str, Any]:
    return {
        "uscc": party.uscc, "name": party.name, "kind": party.kind, "level": party.level, "region": party.region,
        "sample": party.sample,
    }  # fmt: skip


def _project(campaign: Campaign, work: Work, lead: int, place: str) -> dict[str, Any]:
    return {
        "campaign": campaign, "code": work.code, "name": work.name, "category": work.category, "lead": lead,
        "region": place, "village": work.village, "executor": work.executor, "organizer": work.organizer,
        "sample": work.sample,
    }  # fmt: skip


class Archive:
    """Slots, versions, figures and events of approved reports."""

    def __init__(self, campaign: Campaign, form: FormVersion, rounds: Sequence[Round], stored: Stored) -> None:
        self._campaign = campaign
        self._form = form
        self._rounds = rounds
        self._stored = stored
        self._routes: dict[str, list[str]] = {}

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {one.code: one for one in Indicator.select().where(Indicator.campaign == self._campaign)}

    def _actions(self, region: str) -> list[str]:
        """The steps of a report from ``region``: submitted, endorsed on its way up, approved."""
        if region not in self._routes:
            steps = routes.steps(self._campaign.route, Region.get_by_id(region).path)
            self._routes[region] = ["submit", *(f"endorse_{step.level}" for step in steps[:-1]), "approve"]
        return self._routes[region]

    def _key(self, filing: Filing) -> tuple[int, int, int]:
        work = filing.work
        return (
            self._rounds[filing.round].id,
            self._stored.projects[work.code],
            self._stored.organizations[filing.organization.uscc],
        )

    def write(self, rng: Random, filings: Sequence[Filing], progress: Callable[[str], None]) -> None:
        """Store all reports; their times and submission numbers come from ``rng``."""
        insert_many(Slot, map(self._slot, filings), batch=BATCH)
        owed = Slot.select().join(Round).where(Round.campaign == self._campaign)
        slots = {(one.round_id, one.project_id, one.organization_id): one.id for one in owed}
        progress(f"Slots: {len(slots)}.")
        numbers = [slots[self._key(filing)] for filing in filings]
        answers = [filing.answers() for filing in filings]
        times = [self._times(rng, filing) for filing in filings]
        insert_many(
            Version,
            (
                self._version(rng, filing, slot, given, at[0])
                for filing, slot, given, at in zip(filings, numbers, answers, times, strict=True)
            ),
            batch=BATCH,
        )
        sent = Version.select(Version.slot, Version.id).join(Slot).join(Round).where(Round.campaign == self._campaign)
        versions = {one.slot_id: one.id for one in sent}
        progress(f"Versions: {len(versions)}.")
        rows = [
            row
            for filing, slot, given in zip(filings, numbers, answers, strict=True)
            for row in self._figures(filing, versions[slot], given)
        ]
        insert_many(Figure, rows, batch=BATCH)
        progress(f"Figures: {len(rows)}.")
        insert_many(
            Event,
            (
                row
                for filing, slot, at in zip(filings, numbers, times, strict=True)
                for row in self._events(filing, slot, versions[slot], at)
            ),
            batch=BATCH,
        )

    def _slot(self, filing: Filing) -> dict[str, Any]:
        round_id, project, organization = self._key(filing)
        region = self._stored.places[filing.work.code]
        return {
            "round": round_id, "project": project, "organization": organization, "role": filing.role,
            "region": region, "state": "approved", "due": self._rounds[filing.round].due,
            "revision": len(self._actions(region)), "current": 1,
        }  # fmt: skip

    def _version(self, rng: Random, filing: Filing, slot: int, answers: Answers, at: datetime) -> dict[str, Any]:
        owed = Slot(id=slot, round=self._rounds[filing.round])
        return {
            "slot": slot,
            "number": 1,
            "form_version": self._form,
            "answers": answers,
            "sha256": submissions.digest(answers),
            "submission": str(UUID(int=rng.getrandbits(128), version=4)),
            "receipt": submissions.receipt_number(owed, 1),
            "source": SOURCE,
            "submitted_at": at,
        }

    def _figures(self, filing: Filing, version: int, answers: Answers) -> Iterable[dict[str, Any]]:
        """As :func:`reportsvc.reports.figures.write` would: outcomes from the lead only, places where known."""
        for quantity in quantities(answers):
            indicator = self._indicators[quantity.indicator]
            if indicator.partner_rule == "lead" and filing.role != "lead":
                continue
            known = quantity.place in filing.work.counties
            yield {
                "version": version,
                "indicator": indicator.id,
                "region": quantity.place if known else self._stored.places[filing.work.code],
                "value": figures.scaled(quantity.value, indicator),
                "path": quantity.path,
            }

    def _times(self, rng: Random, filing: Filing) -> list[datetime]:
        """When each step was taken: sent until the day it was due, reviewed within a few days at each level."""
        owed = self._rounds[filing.round]
        day = owed.opens + timedelta(days=rng.randint(0, (owed.due - owed.opens).days))
        found = []
        for _ in self._actions(self._stored.places[filing.work.code]):
            moment = time(rng.randint(8, 17), rng.randint(0, 59), rng.randint(0, 59), tzinfo=clock.LOCAL)
            found.append(datetime.combine(day, moment))
            day += timedelta(days=rng.randint(1, 4))
        return found

    def _events(self, filing: Filing, slot: int, version: int, times: Sequence[datetime]) -> Iterator[dict[str, Any]]:
        before = "open"
        for action, at in zip(self._actions(self._stored.places[filing.work.code]), times, strict=True):
            after = transitions.TRANSITIONS[(before, action)]
            yield {
                "slot": slot, "action": action, "before": before, "after": after,
                "version": version if action == "submit" else None, "data": {"fields": []}, "at": at,
            }  # fmt: skip
            before = after
