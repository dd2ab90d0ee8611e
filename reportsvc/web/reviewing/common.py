"""What the reviewers' pages share: whose list is read, what it shows, and who decides."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask import Blueprint, Flask, current_app, request

from reportsvc.accounts import people
from reportsvc.errors import NotFound
from reportsvc.projects import regions
from reportsvc.reviews import lists
from reportsvc.web import guard
from reportsvc.web.access import READING

pages = Blueprint("reviewing", __name__, url_prefix="/review")

FLAGGED = "reportsvc.flagged"
FILTERS = ("tab", "round", "place", "kind", "category", "state", "flagged", "overdue", "words", "sort", "page")
"""What the address of a list may say; so a list can be passed on as a link, and a report knows what comes next."""


def install(app: Flask, flagged: lists.Flagged = lists.nothing_flagged) -> None:
    """Say who flags reports that a person has to look at, before they are passed on with others."""
    app.extensions[FLAGGED] = flagged


def flagged() -> lists.Flagged:
    """Who does it here."""
    return cast("lists.Flagged", current_app.extensions.get(FLAGGED, lists.nothing_flagged))


def scope() -> regions.Scope:
    """The region whose list is read: the one that the address names, else the widest of the reader's.

    Who decides must review there; an auditor only reads.

    :raises NotFound: if it is not theirs.
    """
    codes = guard.actor().reads_reports if request.method in READING else guard.actor().reviews
    if not codes:
        raise NotFound("There is no such page.")
    code = request.args.get("region", codes[0])
    if code not in codes:
        raise NotFound("There is no such page.")
    return regions.scope(code)


def wanted() -> lists.Wanted:
    """What the list shows, out of the address; what makes no sense there filters nothing."""
    given = request.args
    return lists.Wanted(
        tab=given.get("tab", "ready"),
        round=_number(given.get("round", "")),
        place=given.get("place", "")[:6],
        kind=given.get("kind", "")[:20],
        category=given.get("category", "")[:40],
        state=given.get("state", "")[:20],
        flagged=given["flagged"] if given.get("flagged") in {"yes", "no"} else "",
        overdue=bool(given.get("overdue")),
        words=given.get("words", "").replace("\x00", "").strip()[:60],
        sort=given.get("sort", "quarter"),
        page=_number(given.get("page", "")) or 1,
    )


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() else 0
    return number if 0 < number < 2**31 else None


def here(**changes: Any) -> dict[str, Any]:
    """The list of this address as arguments for another one, without what is as it is anyway."""
    shown = wanted()
    given = {name: getattr(shown, name) for name in FILTERS} | {"region": request.args.get("region", "")} | changes
    if len(guard.actor().reads_reports) == 1:
        given["region"] = ""
    plain = lists.Wanted()
    return {
        name: 1 if value is True else value
        for name, value in given.items()
        if value and value != getattr(plain, name, "")
    }


def person() -> Any:
    """Who decides."""
    return people.person_by_id(guard.actor().id)


def revision() -> int:
    """That of the report as the page showed it; one that can't be read fits none."""
    return request.form.get("revision", -1, type=int)


def day(text: str) -> date | None:
    """A day out of a form; nothing if there is none, or it can't be read."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
