"""The words of states, events and measures, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from flask import Flask

from reportsvc import clock
from reportsvc.forms.messages import N_
from reportsvc.web import arithmetic
from reportsvc.web.language import say

STATES = {
    "open": N_("not begun"),
    "draft": N_("being written"),
    "submitted": N_("with the county"),
    "endorsed_county": N_("passed by the county"),
    "endorsed_city": N_("passed by the city"),
    "approved": N_("approved"),
    "returned": N_("returned"),
    "not_required": N_("not required"),
}
EVENTS = {
    "start": N_("Begun"),
    "submit": N_("Submitted"),
    "endorse_county": N_("Passed by the county"),
    "endorse_city": N_("Passed by the city"),
    "approve": N_("Approved"),
    "return": N_("Returned"),
    "excuse": N_("Not required"),
    "require": N_("Required again"),
    "extend": N_("More time given"),
    "begin_on_behalf": N_("Being entered by a reviewer"),
    "submit_on_behalf": N_("Entered by a reviewer"),
    "nil_on_behalf": N_("Nil report by a reviewer"),
    "take_back_submitted": N_("Taken back"),
    "take_back_endorsed_county": N_("Taken back"),
    "take_back_endorsed_city": N_("Taken back"),
    "double": N_("Set aside: reported twice"),
    **{
        f"single_{state}": N_("Counted again: the merge was undone")
        for state in ("open", "draft", "returned", "submitted", "endorsed_county", "endorsed_city", "approved")
    },
    "import": N_("Brought in from older records"),
}
CIRCULARS = {
    "asked": N_("waiting"),
    "compiling": N_("being made"),
    "compiled": N_("ready"),
    "failed": N_("failed"),
}
MEASURES = {
    "organizations": N_("Social organizations"),
    "projects": N_("Projects"),
    "funds_yuan": N_("Funds"),
    "key_counties": N_("Key counties"),
    "beneficiary_visits": N_("Visits of beneficiaries"),
    "member_enterprise_investment_yuan": N_("Investment by member enterprises"),
    "coordination_meetings": N_("Coordination meetings"),
    "projects_in_difficulty": N_("Projects that report difficulties"),
}
MARKS = {
    "unchanged": N_("as last quarter"),
    "changed": N_("changed"),
    "new": N_("new"),
    "gone": N_("gone"),
}
ROLES = {
    "reporter": N_("reporter"),
    "manager": N_("manager"),
    "reviewer": N_("reviewer"),
    "publisher": N_("publisher"),
    "administrator": N_("administrator"),
    "auditor": N_("auditor"),
}
KINDS = {
    "foundation": N_("Foundations"),
    "association": N_("Associations"),
    "agency": N_("Service agencies"),
    "collective": N_("Village collectives"),
    "enterprise": N_("Companies"),
}


class Said(Mapping[str, str]):
    """Message ids by name, translated when they are looked up."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        self.ids = ids

    def __getitem__(self, name: str) -> str:
        return say(self.ids[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals.update(
        state_names=Said(STATES),
        event_names=Said(EVENTS),
        circular_states=Said(CIRCULARS),
        measure_names=Said(MEASURES),
        kind_names=Said(KINDS),
        mark_names=Said(MARKS),
        role_names=Said(ROLES),
        severity_names=Said(arithmetic.SEVERITIES),
    )
    app.jinja_env.filters.update(
        scaled=scaled, arithmetic=arithmetic.arithmetic, about=arithmetic.about, days_left=days_left, until=until
    )


def days_left(day: date) -> int:
    """How many days there are until a day; fewer than none when it is over."""
    return (day - clock.today()).days


def until(day: date) -> str:
    """How far off the day is on which something is due, in words."""
    days = days_left(day)
    if days in NEAR:
        return say(NEAR[days])
    return say(N_("due in %(count)s days"), count=days) if days > 0 else say(N_("%(count)s days overdue"), count=-days)


NEAR = {0: N_("due today"), 1: N_("due tomorrow"), -1: N_("due since yesterday")}


def scaled(value: int, scale: int) -> str:
    """An integer of smallest units as a plain decimal: 12345 with the scale 2 is 123.45."""
    return f"{Decimal(value).scaleb(-scale):f}"
