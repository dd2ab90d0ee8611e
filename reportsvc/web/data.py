"""What can be taken away: lists as files, a whole campaign as a zip; and the ways to imports, API and webhooks."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from reportsvc import attachments
from reportsvc.errors import NotFound
from reportsvc.exchange import campaign, files
from reportsvc.exchange.lists import BY_NAME, Listing, View, answers, view
from reportsvc.exchange.lists.codes import CODES
from reportsvc.exchange.lists.parties import ROUNDS
from reportsvc.exchange.lists.shape import campaign_for, campaigns_for, records
from reportsvc.forms.messages import N_
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.handing import attach
from reportsvc.web.language import say

QUARTER = re.compile(r"(?P<year>[0-9]{4})Q(?P<quarter>[1-4])")
ANSWERS = "answers"
OFFERED = (
    "slots", "late", ANSWERS, "flags", "checklist", "plans", "difficulties", "organizations", "projects",
    "participations", "figures", "indicators", "rounds",
)  # fmt: skip
LONGEST = 200
"""Characters of a filter in an address."""
ANSWERS_TITLE = N_("Answers of the reports")
CHUNK = 64 * 1024  # bytes of a file handed on at once
NO_LIST = N_("There is no such list.")
NOT_READY = N_("This export is not ready yet.")
STATES = {"asked": N_("waiting"), "making": N_("being made"), "made": N_("ready"), "failed": N_("failed")}


def scope() -> tuple[str, ...]:
    """Codes of the regions that the reader answers for."""
    actor = guard.actor()
    return tuple(dict.fromkeys((*actor.reads_reports, *actor.publishes)))


def _view(**more: Any) -> View:
    actor = guard.actor()
    return view(scope(), actor.reviews, actor.reads_reports, person=actor.id, **more)


def blueprint(store: attachments.Store) -> Blueprint:
    """The pages over the store that finished zips are in."""
    pages = Blueprint("data", __name__, url_prefix="/data")
    _add_lists(pages)
    _add_campaigns(pages, store)
    return pages


def _add_lists(pages: Blueprint) -> None:
    @pages.get("")
    @access("reader")
    def index() -> ResponseReturnValue:
        return _index()

    @pages.get("/lists/<name>.<ending>")
    @access("reader")
    def take(name: str, ending: str) -> ResponseReturnValue:
        chosen = _chosen()
        return _file(_listing(name, chosen), chosen, ending)


def _index() -> str:
    found = campaigns_for(scope())
    code = request.args.get("campaign", found[0].code if found else "")
    here = campaign_for(scope(), code) if found else None
    quarters = [] if here is None else list(records(ROUNDS, _view(campaign=here)))
    exports = campaign.mine(guard.actor().id)
    return render_template(
        "data/index.html",
        campaigns=found,
        campaign=here,
        quarters=sorted(({(one["year"], one["quarter"]) for one in quarters}), reverse=True),
        quarter=request.args.get("quarter", ""),
        lists=[(name, say(_title(name)), say(_about(name))) for name in OFFERED],
        by_quarter={name for name in OFFERED if name == ANSWERS or BY_NAME[name].by_quarter},
        exports=[(one, say(STATES[one.state])) for one in exports],
        personal=bool(guard.actor().reviews),
    )


def _title(name: str) -> str:
    return ANSWERS_TITLE if name == ANSWERS else BY_NAME[name].title


def _about(name: str) -> str:
    return N_("What was answered, by version of the form.") if name == ANSWERS else BY_NAME[name].about


def _chosen() -> View:
    """What the address says is to be seen.

    :raises NotFound: if it is nobody's, or not the reader's.
    """
    more: dict[str, Any] = {}
    if request.args.get("campaign"):
        more["campaign"] = campaign_for(scope(), request.args["campaign"])
    quarter = QUARTER.fullmatch(request.args.get("quarter", ""))
    if quarter:
        more["quarter"] = (int(quarter["year"]), int(quarter["quarter"]))
    if request.args.get("state") in CODES["states"]:
        more["state"] = request.args["state"]
    filters = {name: value[:LONGEST].replace("\x00", "") for name, value in request.args.items()}
    return _view(**more, circular=request.args.get("circular", 0, type=int), filters=filters)


def _listing(name: str, seen: View) -> Listing:
    if name == ANSWERS:
        return _answers(seen)
    if name not in BY_NAME:
        raise NotFound(NO_LIST)
    return BY_NAME[name]


def _answers(seen: View) -> Listing:
    """The answers by one version of the form: the newest that was used, or the one that the address names."""
    seen.named  # noqa: B018 - says so where no campaign is chosen
    versions = {f"{one.form_id}-{one.number}": one for one in answers.versions(seen)}
    version = versions.get(request.args.get("form", ""), next(reversed(versions.values()), None))
    if version is None:
        raise NotFound(N_("No report was sent yet, so there are no answers."))
    found = answers.listing(version)
    part = request.args.get("part", "")
    return next((one for one in found.parts if one.name.endswith(f"_{part}")), found) if part else found


def _file(listing: Listing, seen: View, ending: str) -> Response:
    name = "-".join(
        part
        for part in (
            seen.campaign.code if seen.campaign and listing.of else "",
            "{}Q{}".format(*seen.quarter) if seen.quarter and listing.by_quarter else "",
            listing.name,
        )
        if part
    )
    if ending == "xlsx":
        target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
        files.to_xlsx(listing, seen, say, target)
        target.seek(0)
        answer = Response(_chunks(target), content_type=files.TYPES[ending])
        answer.call_on_close(target.close)
        return attach(answer, f"{name}.{ending}")
    write = {"csv": files.as_csv, "json": files.as_json}.get(ending)
    if write is None:
        raise NotFound(NO_LIST)
    parts = write(listing, seen, say)
    first = next(parts)  # so that what is wrong with the question is told as a page
    answer = Response(stream_with_context(_joined(first, parts)), content_type=files.TYPES[ending])
    return attach(answer, f"{name}.{ending}")


def _chunks(target: IO[bytes]) -> Iterator[bytes]:
    with target:
        while chunk := target.read(CHUNK):
            yield chunk


def _joined(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _add_campaigns(pages: Blueprint, store: attachments.Store) -> None:
    @pages.post("/campaigns")
    @access("editor")
    def ask() -> ResponseReturnValue:
        made = campaign.request(guard.actor(), request.form.get("campaign", ""))
        return redirect(url_for(".export", export_id=made.id))

    @pages.get("/campaigns/<int:export_id>")
    @access("editor")
    def export(export_id: int) -> ResponseReturnValue:
        found = campaign.find(guard.actor().id, export_id)
        done, total, error = campaign.progress_of(found)
        return render_template(
            "data/export.html",
            export=found,
            state=say(STATES[found.state]),
            progress={"done": done, "total": total, "error": error},
            allowed=campaign.still_allowed(guard.actor(), found),
        )

    @pages.get("/campaigns/<int:export_id>/progress")
    @access("editor")
    def export_progress(export_id: int) -> ResponseReturnValue:
        found = campaign.find(guard.actor().id, export_id)
        done, total, _ = campaign.progress_of(found)
        return jsonify(state=found.state, done=done, total=total)

    @pages.get("/campaigns/<int:export_id>/file")
    @access("editor")
    def export_file(export_id: int) -> ResponseReturnValue:
        found: Any = campaign.find(guard.actor().id, export_id)
        if not campaign.still_allowed(guard.actor(), found):
            raise NotFound("There is no such export.")
        if found.attachment is None:
            raise NotFound(NOT_READY)
        answer = Response(attachments.read(store, found.attachment), mimetype="application/zip")
        return attach(answer, found.attachment.filename)
