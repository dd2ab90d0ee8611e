"""The words of difficulties: kinds, urgencies, states, and what happened, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask

from reportsvc.difficulties import transitions
from reportsvc.forms.messages import N_
from reportsvc.web.language import day, say
from reportsvc.web.words import Said

KINDS = {
    "funds": N_("Money"),
    "goods": N_("Materials and equipment"),
    "people": N_("Manpower"),
    "skills": N_("Know-how"),
    "permits": N_("Land and permits"),
    "sales": N_("Selling"),
    "policy": N_("Policies and rules"),
    "other": N_("Something else"),
}
URGENCIES = {
    "urgent": N_("Urgent: the work stands still"),
    "soon": N_("Soon: the work is held up"),
    "normal": N_("Not urgent"),
}
SHORT_URGENCIES = {
    "urgent": N_("urgent"),
    "soon": N_("soon"),
    "normal": N_("not urgent"),
}
ASKED = {
    "helper": N_("The helping side"),
    "receiver": N_("The helped side: county, township, village"),
    "department": N_("An office of the government"),
}
SHORT_ASKED = {
    "helper": N_("helping side"),
    "receiver": N_("helped side"),
    "department": N_("office"),
}
STATES = {
    "open": N_("not taken over"),
    "working": N_("in hand"),
    "answered": N_("answered"),
    "solved": N_("solved"),
    "lapsed": N_("closed without an objection"),
    "withdrawn": N_("withdrawn"),
}
COLUMNS = {
    "open": N_("To be taken over"),
    "working": N_("In hand"),
    "answered": N_("Answered, to be confirmed"),
    "closed": N_("Settled"),
}
LEVELS = {
    "county": N_("County level"),
    "city": N_("City level"),
    "province": N_("Province level"),
}
EVENTS = {
    "raise": N_("Difficulty raised"),
    "take": N_("Taken over"),
    "hand_on": N_("Handed on to %(to)s"),
    "refer": N_("Handed to the office: %(to)s"),
    "escalate": N_("Went up from %(from)s to %(to)s: it was due on %(day)s and is %(late)s working days late."),
    "sort": N_("Sorted: %(to)s"),
    "answer": N_("Answered"),
    "note": N_("Note added"),
    "again": N_("Told of once more in the report of a later quarter"),
    "update": N_("Changed with the corrected report"),
    "confirm": N_("Solved, says the organization"),
    "deny": N_("Not solved, says the organization"),
    "lapse": N_("Closed: until %(day)s nobody said that the answer did not solve it."),
    "withdraw": N_("Withdrawn: the corrected report tells of no difficulty any more"),
    "reopen": N_("Opened again"),
}


def happened(event: Any) -> str:
    """What an event was, in a few words."""
    data = event.data
    values: dict[str, object] = {"to": data.get("owner_name", ""), "from": data.get("from_name", "")}
    if event.action == "refer":
        values["to"] = data.get("department", ["", ""])[1]
    if event.action == "sort":
        values["to"] = _sorted(data)
    if "was_due" in data:
        values |= {"day": day(date.fromisoformat(data["was_due"])), "late": data["late"]}
    return say(EVENTS[event.action], **values)


def _sorted(data: dict[str, Any]) -> str:
    words = {"kind": KINDS, "urgency": SHORT_URGENCIES, "asked": SHORT_ASKED}
    return "、".join(say(known[data[name][1]]) for name, known in words.items() if name in data) or "—"


def who(event: Any) -> str:
    """Who did it: the office and the person, the person of the organization, or the service."""
    name = event.person.name if event.person else ""
    if event.side == transitions.SERVICE:
        return say(N_("The service"))
    return " · ".join(part for part in (event.data.get("office", ""), name) if part)


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals["difficulty_words"] = {
        "kinds": Said(KINDS),
        "urgencies": Said(URGENCIES),
        "short_urgencies": Said(SHORT_URGENCIES),
        "asked": Said(ASKED),
        "short_asked": Said(SHORT_ASKED),
        "states": Said(STATES),
        "columns": Said(COLUMNS),
        "levels": Said(LEVELS),
    }
    app.jinja_env.filters.update(event_happened=happened, event_who=who)
