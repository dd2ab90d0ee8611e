"""The words of projects: states, lights, why a light is on, and what happened, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import Flask

from reportsvc.forms.messages import N_
from reportsvc.forms.numbers import grouped
from reportsvc.web.language import say
from reportsvc.web.words import Said, scaled

STATES = {
    "": N_("not worked out yet"),
    "not_started": N_("not started"),
    "on_track": N_("on track"),
    "slow": N_("slow"),
    "stalled": N_("stalled"),
    "done": N_("finished"),
    "ended_early": N_("ended early"),
}
LIGHTS = {"": N_("—"), "red": N_("red"), "amber": N_("amber"), "green": N_("green")}
REASONS = {
    "closed": N_("It is closed."),
    "completed": N_("The newest report says that it is completed."),
    "stopped": N_("The newest report says that it won't be carried on, but it is not closed."),
    "paused": N_("The newest report says that it pauses."),
    "idle": N_("%(count)s quarters in a row without a report or without work."),
    "unbegun": N_("%(count)s quarters fell due, and no report tells of any work."),
    "missed": N_("The newest quarter's report is overdue."),
    "behind": N_("%(reached)s%% of the plan is reached, %(passed)s%% of the time has passed."),
    "overdue": N_("The deadline passed %(days)s days ago."),
    "near": N_("Only %(days)s days are left until the deadline."),
}
EVENTS = {
    "edited": N_("Changed"),
    "proposed": N_("A change was proposed"),
    "declined": N_("The proposal was declined"),
    "overridden": N_("The state was set by hand"),
    "override_lifted": N_("The state follows the rules again"),
    "closing_asked": N_("Closing was asked for"),
    "closed": N_("Closed"),
    "closing_refused": N_("Closing was refused"),
    "reopened": N_("Opened again"),
    "merged": N_("Merged: %(gone)s went into %(kept)s"),
    "unmerged": N_("The merge was taken back"),
    "file_added": N_("A file was added to the agreement: %(name)s"),
    "file_removed": N_("A file was taken out of the agreement: %(name)s"),
}
FIELDS = {
    "name": N_("Project name"),
    "category": N_("Category"),
    "village": N_("Village"),
    "executor": N_("Executing company"),
    "organizer": N_("Organizer"),
    "deadline": N_("Deadline"),
    "signed_on": N_("Agreement signed on"),
    "owner": N_("Owner at the office"),
    "counties": N_("Counties"),
}
SORTS = {
    "light": N_("The worst first"),
    "deadline": N_("The nearest deadline first"),
    "name": N_("By name"),
    "code": N_("By code"),
}
DEADLINES = {
    "passed": N_("Passed"),
    "30": N_("Within 30 days"),
    "90": N_("Within 90 days"),
    "none": N_("None set"),
}
CLOSINGS = {"open": N_("Not closed"), "asked": N_("Closing asked for"), "closed": N_("Closed")}


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals.update(
        project_states=Said(STATES),
        light_names=Said(LIGHTS),
        field_names=Said(FIELDS),
        sort_names=Said(SORTS),
        deadline_names=Said(DEADLINES),
        closing_names=Said(CLOSINGS),
    )
    app.jinja_env.filters.update(because=because, happened=happened, amount=amount, refused=refused)


def because(reason: Any) -> str:
    """Why a light is on: [code, light, values] in words."""
    code, _, values = reason
    return say(REASONS[code], **values) if values else say(REASONS[code])


def happened(event: Any) -> str:
    """What happened to a project, in words."""
    values = dict(event.data)
    if event.action == "merged":
        kept, gone = values["names"]
        return say(EVENTS["merged"], kept=kept, gone=gone)
    if event.action in {"file_added", "file_removed"}:
        return say(EVENTS[event.action], name=values["name"])
    return say(EVENTS[event.action])


def amount(value: int, indicator: Any) -> str:
    """A quantity with its unit, without decimals that say nothing."""
    text = scaled(value, indicator.scale)
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{grouped(plain)} {indicator.unit}"


def refused(problem: tuple[str, dict[str, Any]]) -> str:
    """What is wrong with a field: message id and values in words."""
    message, values = problem
    return say(message, **values)
