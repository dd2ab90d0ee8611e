"""The demo province made ten times as large, with somebody to call for each organization: for measurements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reportsvc import clock
from reportsvc.accounts import notice, people, signing
from reportsvc.cli import province
from reportsvc.db import database, insert_many
from reportsvc.forms import shipped
from reportsvc.models import (
    Campaign,
    Figure,
    Grant,
    Indicator,
    Organization,
    Participation,
    Person,
    Project,
    ProjectCounty,
    ProjectPlan,
    Round,
    Slot,
    Version,
)
from reportsvc.projects import regions
from reportsvc.reports import forms
from tests.support.world import KEY

CAMPAIGN = "hebei-2018"
CITY, COUNTY = "130600", "130624"


@dataclass
class Crowd:
    """Who looks."""

    staff: dict[str, Person]

    def world_link(self, person: Person) -> str:
        """The path of a sign-in link."""
        return f"/sign-in/link/{signing.make_link(signing.Desk(KEY, lambda *_: None, 10), person)}"


def build() -> Crowd:
    """The demo province in an empty, migrated database; its last quarter is under way, in every state."""
    regions.load()
    loaded = province.load(
        forms.publish(*shipped.quarterly_report()), read=forms.read_quantities, progress=lambda _: None
    )
    staff = {"province": loaded.province}
    for role, number, region in (("city", "13900000001", CITY), ("county", "13900000002", COUNTY)):
        staff[role] = people.create_person(f"{role} reviewer", number)
        people.grant(staff[role], people.REVIEWER, region=region)
    for person in staff.values():
        notice.accept(person.id, notice.Terms())
    last = Round.select().join(Campaign).where(Campaign.code == CAMPAIGN).order_by(Round.id.desc()).get()
    today = clock.today()
    days = {"opens": today - timedelta(days=20), "due": today - timedelta(days=2), "closes": today + timedelta(days=9)}
    Round.update(days).where(Round.id == last.id).execute()
    slots = Slot.update(due=days["due"]).where(Slot.round == last)
    slots.execute()
    for rest, changes in (
        (0, {"state": "open", "current": 0}),
        (1, {"state": "submitted", "waiting_at": Slot.region}),
        (2, {"state": "endorsed_city", "waiting_at": regions.PROVINCE, "late": True}),
    ):
        Slot.update(changes).where(Slot.round == last, Slot.id.bin_and(3) == rest).execute()
    _plans()
    _call_numbers()
    _analyze()
    return Crowd(staff)


def _plans() -> None:
    """A plan of money and of visits for every project."""
    campaign = Campaign.get(Campaign.code == CAMPAIGN)
    codes = ("money.own_funds", "benefit.visits")
    indicators = Indicator.select().where(Indicator.campaign == campaign, Indicator.code.in_(codes))
    projects = Project.select(Project.id).where(Project.campaign == campaign)
    rows = [{"project": one.id, "indicator": each.id, "amount": 40_000} for one in projects for each in indicators]
    insert_many(ProjectPlan, rows)


def _call_numbers() -> None:
    """A reporter for every organization that has none."""
    known = Grant.select(Grant.organization).where(Grant.organization.is_null(False))
    missing = [one.id for one in Organization.select(Organization.id).where(Organization.id.not_in(known))]
    rows = [{"name": f"填报员{number}", "phone": f"15{number:09d}", "created_at": clock.now()} for number in missing]
    insert_many(Person, rows)
    ids = {one.phone: one.id for one in Person.select(Person.id, Person.phone).where(Person.phone.startswith("15"))}
    grants = [{"person": ids[f"15{number:09d}"], "role": "reporter", "organization": number} for number in missing]
    insert_many(Grant, grants)


COPIED: tuple[tuple[type, dict[str, type]], ...] = (
    (Organization, {}),
    (Project, {"lead": Organization}),
    (ProjectCounty, {"project": Project}),
    (Participation, {"project": Project, "organization": Organization}),
    (ProjectPlan, {"project": Project}),
    (Slot, {"project": Project, "organization": Organization}),
    (Version, {"slot": Slot}),
    (Figure, {"version": Version}),
)
"""Tables, with which of their columns point to another copied table."""


def grow(times: int) -> None:
    """Copy all organizations with their projects and reports until there are so many times as many."""
    offsets = {
        model: (model.select().count() and model.select().order_by(model.id.desc()).get().id) for model, _ in COPIED
    }
    if times == 1:
        return
    with database.atomic():
        for copy in range(1, times):
            for model, links in COPIED:
                _copy(model, {model: offset * copy for model, offset in offsets.items()}, links, copy)
    _call_numbers()
    _analyze()


def _copy(model: type, offsets: dict[type, int], links: dict[str, type], copy: int) -> None:
    fields = model._meta.sorted_fields  # type: ignore[attr-defined]
    chosen = []
    for field in fields:
        name = f'"{field.column_name}"'
        if field.name == "id":
            chosen.append(f"{name} + {offsets[model]}")
        elif field.name in links:
            chosen.append(f"{name} + {offsets[links[field.name]]}")
        elif field.name in {"uscc", "submission"}:
            chosen.append(f"'z{copy}' || substr({name}, 3)")  # as long as before, and like none that is there
        elif field.name in {"code", "receipt"}:
            chosen.append(f"'{copy}' || {name}")
        else:
            chosen.append(name)
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    table = model._meta.table_name  # type: ignore[attr-defined]
    largest = offsets[model] // copy
    database.execute_sql(
        f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(chosen)} FROM "{table}" WHERE "id" <= {largest}'  # noqa: S608 - names of our own tables
    )


def _analyze() -> None:
    database.execute_sql("ANALYZE")
