"""The log's words: what each area and action is called, and one entry as a line that people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from reportsvc.audit import searching
from reportsvc.forms.messages import N_
from reportsvc.web import difficulty_words, guard, words
from reportsvc.web.language import say

AREAS = {
    "slot": N_("Reports"),
    "sign_in": N_("Signing in"),
    "grant": N_("Roles"),
    "person": N_("Accounts"),
    "difficulty": N_("Difficulties"),
    "circular": N_("Circulars"),
    "form": N_("Forms"),
    "campaign": N_("Campaigns"),
    "round": N_("Quarters"),
    "import": N_("Imports"),
    "export": N_("Exports"),
    "setting": N_("Settings"),
    "log": N_("Log"),
}
"""One line for each area that is recorded; one that is missing here is shown by its name in the code."""
ACTIONS = {
    **{f"slot.{name}": words.EVENTS[name] for name in words.EVENTS},
    **{f"difficulty.{name}": said for name, said in difficulty_words.EVENTS.items() if "%" not in said},
    "slot.comment": N_("Comment written"),
    "slot.comment_settled": N_("Comment settled"),
    "slot.comment_reopened": N_("Comment opened again"),
    "sign_in.in": N_("Signed in"),
    "sign_in.out": N_("Signed out"),
    "sign_in.failed": N_("Could not sign in"),
    "sign_in.locked": N_("Too many tries: locked for a while"),
    "grant.given": N_("Role given"),
    "grant.withdrawn": N_("Role withdrawn"),
    "person.created": N_("Account made"),
    "person.closed": N_("Account closed"),
    "person.left": N_("Deleted their own data"),
    "person.invited": N_("Invitation made"),
    "person.reset": N_("Password and authenticator reset"),
    "person.password_set": N_("Password chosen"),
    "person.authenticator_set": N_("Authenticator set up"),
    "person.email_set": N_("E-mail address given"),
    "person.email_removed": N_("E-mail address removed"),
    "person.notice_read": N_("Notice on personal data read"),
    "circular.asked": N_("Circular asked for"),
    "circular.compiled": N_("Circular made"),
    "circular.failed": N_("Circular failed"),
    "form.proposed": N_("Form uploaded"),
    "form.published": N_("Form published"),
    "form.discarded": N_("Upload discarded"),
    "campaign.created": N_("Campaign made"),
    "campaign.review_days": N_("Days of review changed"),
    "round.opened": N_("Quarter made"),
    "import.written": N_("Rows of a workbook taken in"),
    "export.log": N_("Log taken away as a table"),
    "setting.changed": N_("Settings changed"),
    "log.begun": N_("The log begins"),
    "log.taken_in": N_("Older records taken in"),
}
"""One line for each thing that is recorded, as ``area.action``."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry for the page."""

    sequence: int
    at: datetime
    who: str
    """Empty for the service itself."""
    what: str
    subject: str
    address: str
    """Of the subject's own page; empty if there is none for this reader."""
    kind: str
    """The subject as it is looked for: ``slot:12``."""
    place: str
    details: str
    seal: str


def actions(area: str) -> dict[str, str]:
    """The actions of an area with their message ids."""
    start = f"{area}."
    return {name.removeprefix(start): label for name, label in ACTIONS.items() if name.startswith(start)}


def line(entry: Any, names: searching.Names) -> Line:
    """An entry in the reader's words."""
    what = f"{entry.area}.{entry.action}"
    named = names.subjects.get(entry.subject, "")
    return Line(
        sequence=entry.sequence,
        at=entry.at,
        who=names.persons.get(entry.actor, f"#{entry.actor}") if entry.actor is not None else "",
        what=say(ACTIONS[what]) if what in ACTIONS else f"{say(AREAS.get(entry.area, entry.area))} · {entry.action}",
        subject=named,
        address=_address(entry.subject) if named else "",
        kind=entry.subject if ":" in entry.subject else "",
        place=names.places.get(entry.place, ""),
        details=" · ".join(_details(searching.details(entry), names.over)),
        seal=entry.hash[:12],
    )


def _details(data: Mapping[str, Any], over: Mapping[str, str]) -> Iterator[str]:
    """What is worth reading at a glance; all of it is in the table to download."""
    if str(data.get("after")) in words.STATES:
        yield " → ".join(say(words.STATES[str(data[key])]) for key in ("before", "after") if data.get(key))
    if str(data.get("role")) in words.ROLES:
        yield say(words.ROLES[str(data["role"])])
    yield from (over.get(str(data[key]), str(data[key])) for key in ("region", "organization") if key in data)
    if {"year", "quarter"} <= data.keys():
        yield f"{data['year']}Q{data['quarter']}"
    yield from (str(data[key]) for key in ("through", "source", "count") if key in data)


def _address(subject: str) -> str:
    kind, _, number = subject.partition(":")
    actor = guard.actor()
    if kind == "slot" and actor.reads_reports:
        return url_for("reviewing.report", slot_id=number)
    if kind == "difficulty" and actor.reads_reports:
        return url_for("difficulties.one", difficulty_id=number)
    if kind == "person" and actor.reads_people:
        return url_for("administering.person", person_id=number)
    if kind == "circular" and actor.reads_circulars:
        return url_for("publishing.circular", circular_id=number)
    return ""
