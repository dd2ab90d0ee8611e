"""The list of projects: filters that make an address to be shared, counts by light, and what waits to be closed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.checklist import finding, rules, searching
from reportsvc.errors import NotFound
from reportsvc.web import guard
from reportsvc.web.access import access

pages = Blueprint("projects", __name__, url_prefix="/projects")


def staff() -> finding.Staff:
    """For which regions whoever is signed in looks at projects."""
    actor = guard.actor()
    return finding.Staff(actor.reviews, actor.publishes, actor.audits)


@pages.get("")
@access("reader")
def listing() -> ResponseReturnValue:
    """The projects of one campaign in somebody's regions."""
    if any(not value for value in request.args.values()):
        # A form sends its empty fields too: without them the address can be read, and sent to somebody.
        used: dict[str, Any] = {name: value for name, value in request.args.items() if value}
        return redirect(url_for(".listing", **used))
    filters = searching.Filters(**{name: request.args.get(name, "")[:200] for name in searching.Filters.__slots__})
    campaigns = searching.campaigns(staff())
    campaign = _campaign(campaigns, filters.campaign)
    found = searching.search(staff(), campaign, filters, request.args.get("page", 1, type=int)) if campaign else None
    return render_template(
        "projects/list.html",
        filters=filters,
        campaign=campaign,
        campaigns=campaigns,
        counties=searching.counties(staff()),
        found=found,
        sorts=searching.SORTS,
        states=rules.STATES,
        lights=rules.LIGHTS,
    )


def _campaign(campaigns: list[Any], code: str) -> Any:
    """The one that was chosen, or else the newest."""
    found = next((one for one in campaigns if code in {"", one.code}), None)
    if found is None and code:
        raise NotFound("There is no campaign with the code %(code)s.", code=code[:40])
    return found
