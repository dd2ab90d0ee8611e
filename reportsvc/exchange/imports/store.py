"""Writing what was planned: inside the transaction of whoever calls, so that it is all or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from reportsvc import clock
from reportsvc.db import insert_many
from reportsvc.exchange.imports.history import SOURCE, answers
from reportsvc.exchange.imports.plan import Plan, Report
from reportsvc.exchange.imports.standing import Standing
from reportsvc.exchange.querying import tuples
from reportsvc.forms.quantities import quantities
from reportsvc.models import (
    Figure,
    Indicator,
    Organization,
    Participation,
    Person,
    Project,
    ProjectCounty,
    Round,
    Slot,
    Version,
)
from reportsvc.reports import figures, forms, submissions, transitions

BATCH = 1000  # rows of one statement: below the 32,766 parameters of SQLite
OPENS, DUE, CLOSES = -5, 15, 30
"""Days of an older quarter's round, counted from the quarter's last."""


class Store:
    """Ids by codes, as they come to be."""

    def __init__(self, plan: Plan, standing: Standing, person: Person) -> None:
        self.plan, self.standing, self.person = plan, standing, person
        self.campaign = standing.campaign
        self.organizations = {code: int(row["id"]) for code, row in standing.organizations.items()}
        self.projects = {code: int(row["id"]) for code, row in standing.projects.items()}
        self.counties = {code: set(held) for code, held in standing.counties.items()}

    def write(self) -> None:
        """Everything."""
        self._organizations()
        self._projects()
        self._changed_projects()
        self._participations()
        self._due()
        if self.plan.reports:
            self._reports()

    def _organizations(self) -> None:
        new = self.plan.new_organizations
        insert_many(Organization, new.values(), batch=BATCH)
        if new:
            for key, code in tuples(Organization.select(Organization.id, Organization.uscc)):
                self.organizations[code] = key
        for code, values in self.plan.changed_organizations.items():
            Organization.update(values).where(Organization.id == self.organizations[code]).execute()

    def _projects(self) -> None:
        new = self.plan.new_projects
        for code, values in new.items():
            self.counties[code] = set(values["counties"])
        rows = (
            {key: value for key, value in values.items() if key != "counties"}
            | {"campaign": self.campaign, "lead": self.organizations[values["lead"]], "region": self._place(code)}
            for code, values in new.items()
        )
        insert_many(Project, rows, batch=BATCH)
        if new:
            query = Project.select(Project.id, Project.code).where(Project.campaign == self.campaign)
            self.projects.update({code: key for key, code in tuples(query)})
        insert_many(ProjectCounty, (row for code in new for row in self._places(code)), batch=BATCH)

    def _place(self, code: str) -> str:
        return self.standing.place_of(code, self.counties.get(code, set()))

    def _places(self, code: str) -> Iterable[dict[str, Any]]:
        return ({"project": self.projects[code], "region": county} for county in sorted(self.counties[code]))

    def _changed_projects(self) -> None:
        for code, given in self.plan.changed_projects.items():
            values, key = dict(given), self.projects[code]
            if "counties" in values:
                self.counties[code] = set(values.pop("counties"))
                values["region"] = self._place(code)
                ProjectCounty.delete().where(ProjectCounty.project == key).execute()
                insert_many(ProjectCounty, self._places(code))
                mine = (Slot.project == key) & Slot.state.in_(transitions.EDITABLE)
                Slot.update(region=values["region"]).where(mine).execute()
            if "lead" in values:
                # Only where nothing was ever owed: whoever led until now takes no part any more.
                Participation.delete().where(Participation.project == key, Participation.role == "lead").execute()
                values["lead"] = self.organizations[values["lead"]]
                new_lead = (Participation.project == key) & (Participation.organization == values["lead"])
                Participation.delete().where(new_lead).execute()
            if values:
                Project.update(values).where(Project.id == key).execute()

    def _participations(self) -> None:
        rows = (
            {"project": self.projects[project], "organization": self.organizations[party], "role": role}
            for (project, party), role in self.plan.participations.items()
        )
        insert_many(Participation, rows, batch=BATCH)

    def _due(self) -> None:
        """Whoever has come to take part owes the reports of the quarters that have not closed."""
        for owed in self.standing.open_rounds():
            rows = (self._slot(owed, *pair, role) for pair, role in self.plan.participations.items())
            insert_many(Slot, rows, batch=BATCH)

    def _slot(self, owed: Round, project: str, party: str, role: str) -> dict[str, Any]:
        return {
            "round": owed, "project": self.projects[project], "organization": self.organizations[party],
            "role": role, "region": self._place(project), "due": owed.due,
        }  # fmt: skip

    # --- older reports -----------------------------------------------------------------------------------------------

    def _reports(self) -> None:
        rounds = self._rounds()
        slots = self._slots(rounds)
        indicators = {one.code: one for one in Indicator.select().where(Indicator.campaign == self.campaign)}
        now, versions, rows = clock.now(), {}, []
        for report, slot in slots.items():
            form = rounds[report.year, report.quarter].form_version
            given = answers(forms.form_of(form), self.plan.reports[report])
            versions[report] = (given, form, str(uuid.uuid4()))
            rows.append(self._version(slot, form.id, given, versions[report][2], now))
        insert_many(Version, rows, batch=BATCH)
        stored = self._stored(slots)
        found: list[dict[str, object]] = []
        for report, (given, form, _) in versions.items():
            slot, version = slots[report], stored[slots[report].id]
            owed = figures.Owed(slot.role, slot.region_id, self.counties.get(report.project, set()))
            found += figures.rows(version.id, quantities(forms.form_of(form), given), indicators, owed)
        insert_many(Figure, found, batch=BATCH)
        for slot in slots.values():
            move = transitions.Move(
                action="import", person=self.person, revision=slot.revision, version=stored[slot.id]
            )
            transitions.apply(slot, move)

    def _rounds(self) -> Mapping[tuple[int, int], Round]:
        """The quarters' rounds; one that is missing opens in the quarter's last days, as it would have then."""
        found = dict(self.standing.rounds)
        for year, quarter in sorted({(one.year, one.quarter) for one in self.plan.reports}):
            if (year, quarter) not in found:
                last = _last_day(year, quarter)
                found[year, quarter] = Round.create(
                    campaign=self.campaign,
                    year=year,
                    quarter=quarter,
                    form_version=self.standing.newest_form,
                    opens=last + timedelta(days=OPENS),
                    due=last + timedelta(days=DUE),
                    closes=last + timedelta(days=CLOSES),
                    created_by=self.person,
                )
        return found

    def _slots(self, rounds: Mapping[tuple[int, int], Round]) -> dict[Report, Slot]:
        wanted = {
            (rounds[one.year, one.quarter].id, self.projects[one.project], self.organizations[one.organization]): one
            for one in self.plan.reports
        }
        held = self._held(wanted)
        roles = {**self.standing.parts, **self.plan.participations}
        missing = (
            self._slot(
                rounds[one.year, one.quarter], one.project, one.organization, roles[one.project, one.organization]
            )
            for one in self.plan.reports
            if one not in held
        )
        insert_many(Slot, missing, batch=BATCH)
        return self._held(wanted)

    def _held(self, wanted: Mapping[tuple[int, int, int], Report]) -> dict[Report, Slot]:
        query = Slot.select().where(Slot.round.in_({key[0] for key in wanted}))
        keys = ((one, (one.round_id, one.project_id, one.organization_id)) for one in query)
        return {wanted[key]: slot for slot, key in keys if key in wanted}

    def _version(self, slot: Slot, form: int, given: dict[str, Any], name: str, now: Any) -> dict[str, Any]:
        number = slot.current + 1
        return {
            "slot": slot, "number": number, "form_version": form, "answers": given,
            "sha256": submissions.digest(given), "person": self.person, "submission": name,
            "receipt": submissions.receipt_number(slot, number), "source": SOURCE, "submitted_at": now,
        }  # fmt: skip

    def _stored(self, slots: Mapping[Report, Slot]) -> dict[int, Version]:
        numbers = {slot.id: slot.current + 1 for slot in slots.values()}
        rounds = {slot.round_id for slot in slots.values()}
        query = Version.select(Version, Slot).join(Slot).where(Slot.round.in_(rounds))
        return {one.slot_id: one for one in query if numbers.get(one.slot_id) == one.number}


def _last_day(year: int, quarter: int) -> date:
    return date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)


def write(plan: Plan, standing: Standing, person: Person) -> None:
    """Write it all."""
    Store(plan, standing, person).write()
