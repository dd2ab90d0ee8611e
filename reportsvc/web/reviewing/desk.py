"""What waits for whom: tabs, filters, pages, and what can be done with many at once."""

from __future__ import annotations

from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue

from reportsvc import reviews
from reportsvc.forms.messages import N_
from reportsvc.projects import regions
from reportsvc.reports import forms
from reportsvc.reviews import lists
from reportsvc.web import flagging, guard
from reportsvc.web.access import access
from reportsvc.web.language import say
from reportsvc.web.reviewing import common
from reportsvc.web.reviewing.common import pages
from reportsvc.web.words import STATES

TABS = {
    "ready": N_("For me"),
    "late": N_("Late below"),
    "below": N_("With the level below"),
    "passed": N_("Passed on"),
    "returned": N_("Returned"),
    "done": N_("Done with"),
    "owed": N_("Not yet reported"),
    "all": N_("All of them"),
}
SORTS = {
    "quarter": N_("newest quarter first"),
    "waiting": N_("longest waiting first"),
    "due": N_("due first"),
    "organization": N_("by organization"),
    "project": N_("by project"),
}


@pages.get("")
@access("reviewer")
def desk() -> ResponseReturnValue:
    """What waits for whom."""
    scope, wanted, flagged = common.scope(), common.wanted(), common.flagged()
    found = reviews.listing(scope, wanted, forms.read_quantities, flagged)
    standing, choices = reviews.standing(scope), lists.choices(scope)
    return render_template(
        "review/desk.html",
        scope=scope,
        scopes=[regions.scope(code) for code in guard.actor().reads_reports],
        wanted=found.wanted,
        tabs=[(name, say(label), getattr(standing, name)) for name, label in TABS.items()],
        sorts=[(name, say(label)) for name, label in SORTS.items()],
        states=list(STATES),
        choices=choices,
        file=_file(choices, found.wanted),
        found=found,
        flags=flagging.counts([row.slot for row in found.rows]),
        checked=flagged is not lists.nothing_flagged,
        filtered=bool(set(common.here()) - {"region", "tab", "page", "sort"}),
        here=partial(common.here, page=found.page),
        may=scope.code in guard.actor().reviews,
        approves=scope.level == "province",
    )


def _file(choices: lists.Choices, wanted: lists.Wanted) -> dict[str, str]:
    """What the address of the reports as a file says: the quarter that is looked at, or else the newest."""
    owed = next((one for one in choices.rounds if wanted.round in {None, one.id}), None)
    if owed is None:
        return {}
    kept = {"campaign": owed.campaign.code, "quarter": f"{owed.year}Q{owed.quarter}"}
    return kept | ({"state": wanted.state} if wanted.state else {})
