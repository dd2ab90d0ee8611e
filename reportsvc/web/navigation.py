"""The ways from every page, by role: one line for each part of the service."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g, request, url_for

from reportsvc.forms.messages import N_
from reportsvc.web.language import say

WAYS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"reporter"}), "reporting.due", N_("My reports")),
    (frozenset({"reporter"}), "my_difficulties.listing", N_("My difficulties")),
    (frozenset({"reviewer", "auditor"}), "reviewing.desk", N_("Review")),
    (frozenset({"reviewer", "publisher", "auditor"}), "picturing.picture", N_("Progress")),
    (frozenset({"reviewer", "publisher", "auditor"}), "projects.listing", N_("Projects")),
    (frozenset({"reviewer", "auditor"}), "difficulties.board", N_("Difficulties")),
    (frozenset({"publisher", "auditor"}), "publishing.circulars", N_("Circulars")),
    (frozenset({"publisher", "auditor"}), "forms.listing", N_("Forms")),
    (frozenset({"reviewer", "publisher", "auditor"}), "data.index", N_("Data")),
    (frozenset({"publisher"}), "checks.listing", N_("Checks")),
    (frozenset({"manager"}), "colleagues.organization", N_("Colleagues")),
    (frozenset({"administrator", "auditor"}), "administering.listing", N_("People")),
    (frozenset({"administrator", "auditor", "publisher"}), "logbook.search", N_("Log")),
)
"""(roles of which any one is asked for, endpoint, words), in the order in which they are shown."""
PARTS = {
    **dict.fromkeys(("project", "project_editing"), "projects"),
    **dict.fromkeys(("imports", "tokens", "hooks", "legacy"), "data"),
}
"""Areas that belong to another one's line."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the navigation."""

    address: str
    label: str
    here: bool
    """Whether the page that is shown belongs to this part."""


def ways() -> list[Way]:
    """Those that whoever is signed in may take."""
    if g.get("actor") is None:
        return []
    area = (request.endpoint or "").partition(".")[0]
    area = PARTS.get(area, area)
    return [
        Way(url_for(endpoint), say(label), endpoint.partition(".")[0] == area)
        for roles, endpoint, label in WAYS
        if roles & g.actor.roles
    ]


def install(app: Flask) -> None:
    """Give templates the function ``ways``."""
    app.jinja_env.globals["ways"] = ways
