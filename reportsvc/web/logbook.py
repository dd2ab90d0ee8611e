"""The log of every change, to be searched by those who may see it; an address holds all that was looked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from reportsvc import audit, clock
from reportsvc.accounts import administering, people
from reportsvc.audit import searching
from reportsvc.errors import Invalid
from reportsvc.web import guard, logwords
from reportsvc.web.access import access

pages = Blueprint("logbook", __name__, url_prefix="/log")

MOST = 200_000
"""Entries of one export."""
HEAD = ("sequence", "at", "actor", "name", "what", "subject", "place", "data", "previous", "hash")
NAMES = 20
"""So many people of one name are looked for together."""


@pages.get("")
@access("log")
def search() -> ResponseReturnValue:
    """One page of entries, the newest first."""
    text = request.args.get("person", "").strip()
    number = _number(text)
    if number is not None:  # a number is not left in an address, which is copied and kept in places
        return redirect(_address(person=f"#{number}"))
    asked = _asked(text)
    places = searching.paths_below(guard.actor().reads_log)
    found = searching.search(places, asked, request.args.get("before", type=int))
    entries, more = found[: searching.PAGE], len(found) > searching.PAGE
    return render_template(
        "log.html",
        lines=_lines(entries),
        older=_address(before=entries[-1].sequence) if more else "",
        newest=_address(before=None) if request.args.get("before") else "",
        export=_address("logbook.export", before=None),
        areas=logwords.AREAS,
        actions=logwords.actions(request.args.get("area", "")),
        typed=request.args,
    )


def _lines(entries: list[Any]) -> list[logwords.Line]:
    names = searching.names(entries)
    return [logwords.line(entry, names) for entry in entries]


def _address(endpoint: str = "logbook.search", **changes: Any) -> str:
    return url_for(endpoint, **{name: value for name, value in {**request.args, **changes}.items() if value})


def _asked(text: str) -> searching.Asked:
    since, until = (_day(request.args.get(name, "")) for name in ("since", "until"))
    return searching.Asked(
        since=_start(since) if since else None,
        until=_start(until + timedelta(days=1)) if until else None,
        persons=_persons(text) if text else None,
        area=request.args.get("area", ""),
        action=request.args.get("action", "") if request.args.get("area") else "",
        subject=request.args.get("subject", "").strip(),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL).astimezone(UTC)


def _number(text: str) -> int | None:
    """Id of whose mobile number was typed; 0 if it is nobody's here, nothing if it is no number."""
    try:
        found: Any = people.find(text)
    except Invalid:
        return None
    return found.id if found is not None and _persons(f"#{found.id}") else 0


def _persons(text: str) -> tuple[int, ...]:
    return administering.named(guard.actor().reads_log, text, NAMES)


@pages.get("/export.csv")
@access("log")
def export() -> ResponseReturnValue:
    """All that was looked for, as a table; that it was taken away is an entry as well."""
    asked = _asked(request.args.get("person", "").strip())
    actor = guard.actor()
    places = searching.paths_below(actor.reads_log)
    looked_for = {name: value for name, value in request.args.items() if name in {"since", "until", "area", "action"}}
    audit.record("export.log", "log", actor=actor.id, region=actor.reads_log[0], data=looked_for)
    answer = Response(stream_with_context(_table(places, asked)), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"log-{clock.today().isoformat()}.csv")
    return answer


def _table(places: Any, asked: searching.Asked) -> Iterator[str]:
    yield "\ufeff" + _csv([HEAD])
    for entries in searching.everything(places, asked, MOST):
        names = searching.names(entries)
        yield _csv(_row(one, names.persons.get(one.actor or 0, "")) for one in entries)


def _row(one: Any, name: str) -> tuple[Any, ...]:
    at, what = clock.local(one.at).isoformat(), f"{one.area}.{one.action}"
    who = (one.actor, _harmless(name))
    return one.sequence, at, *who, what, one.subject, one.place, one.data, one.previous, one.hash


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
