"""The publishers' pages for spreadsheets of their own: a sample is looked at, each question gets a column."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import attachments
from reportsvc.accounts import people
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.exchange.imports import desk, legacy
from reportsvc.exchange.workbooks import HEAVY
from reportsvc.forms.messages import N_
from reportsvc.projects import campaigns
from reportsvc.reports import forms
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.imports import CHOOSE
from reportsvc.web.language import said, say

SAVED = N_("The mapping “%(name)s” is kept. Upload spreadsheets by it from now on.")
REMOVED = N_("The mapping was removed. What came in by it stays.")
FIXED = "="
"""In front of a choice that is the same for every row."""


def _codes() -> tuple[str, ...]:
    return guard.actor().publishes


def _campaign() -> Any:
    code = request.form.get("campaign", "")
    found = next((one for one in campaigns.publishable(_codes()) if one.code == code), None)
    if found is None:
        raise NotFound("There is no campaign with the code %(code)s.", code=code[:40])
    return found


def _list_page(problem: str = "") -> str:
    found = legacy.listing(_codes())
    return render_template(
        "data/legacy.html",
        mappings=[(one, legacy.rounds(one.campaign)) for one in found],
        campaigns=campaigns.publishable(_codes()),
        problem=problem,
    )


def _map_page(campaign: Any, seen: legacy.Sample, problem: str = "") -> str:
    return render_template(
        "data/mapping.html",
        campaign=campaign,
        seen=seen,
        heads=json.dumps(seen.heads, ensure_ascii=False),
        asked=legacy.asked(forms.form_of(legacy.form_for(campaign))),
        fixed=FIXED,
        problem=problem,
    )


def blueprint(store: attachments.Store) -> Blueprint:
    """The pages over the store that spreadsheets are kept in."""
    pages = Blueprint("legacy", __name__, url_prefix="/data/legacy")

    @pages.get("")
    @access("operator")
    def listing() -> ResponseReturnValue:
        return _list_page()

    @pages.post("")
    @access("operator")
    def sample() -> ResponseReturnValue:
        file, campaign = request.files.get("file"), _campaign()
        if file is None or not file.filename:
            return _list_page(say(CHOOSE)), 422
        try:
            return _map_page(campaign, legacy.sample(file.read()))
        except Invalid as problem:
            return _list_page(said(problem)), problem.status

    @pages.errorhandler(413)
    def too_large(_: Exception) -> ResponseReturnValue:
        return _list_page(say(HEAVY)), 413

    @pages.post("/mappings")
    @access("operator")
    def save() -> ResponseReturnValue:
        campaign, seen = _campaign(), _seen()
        person = people.person_by_id(guard.actor().id)
        try:
            made = legacy.save(campaign, person, request.form.get("name", ""), seen, _columns(seen))
        except Invalid as problem:
            return _map_page(campaign, seen, said(problem)), problem.status
        flash(say(SAVED, name=made.name))
        return redirect(url_for(".listing"))

    @pages.get("/mappings")
    @access("operator")
    def again() -> ResponseReturnValue:
        return redirect(url_for(".listing"))

    _add_one(pages, store)
    return pages


def _add_one(pages: Blueprint, store: attachments.Store) -> None:
    @pages.post("/mappings/<int:mapping_id>/remove")
    @access("operator")
    def remove(mapping_id: int) -> ResponseReturnValue:
        try:
            legacy.remove(_codes(), mapping_id)
        except Conflict as problem:
            return _list_page(said(problem)), problem.status
        flash(say(REMOVED))
        return redirect(url_for(".listing"))

    @pages.post("/mappings/<int:mapping_id>/upload")
    @access("operator")
    def upload(mapping_id: int) -> ResponseReturnValue:
        mapping, file = legacy.find(_codes(), mapping_id), request.files.get("file")
        owed = next((one for one in legacy.rounds(mapping.campaign) if str(one.id) == request.form.get("round")), None)
        if owed is None:
            raise NotFound(legacy.NO_ROUND)
        if file is None or not file.filename:
            return _list_page(say(CHOOSE)), 422
        person, by = people.person_by_id(guard.actor().id), desk.Legacy(mapping.id, owed.id)
        try:
            made = desk.upload(store, mapping.campaign, person, file.filename, file.read(), by)
        except Invalid as problem:
            return _list_page(said(problem)), problem.status
        return redirect(url_for("imports.one", import_id=made.id))


def _seen() -> legacy.Sample:
    """The sample as the page carried it; it only names columns."""
    try:
        heads = json.loads(request.form.get("heads", "[]"))
    except ValueError:
        heads = []
    texts = tuple(str(head)[:60] for head in heads) if isinstance(heads, list) else ()
    return legacy.Sample(request.form.get("sheet", "")[:60], request.form.get("header_row", 1, type=int), texts[:60])


def _columns(seen: legacy.Sample) -> dict[str, dict[str, str]]:
    """What was chosen for each question: a head, a choice that is always the same, or a text typed for every row."""
    found: dict[str, dict[str, str]] = {}
    for name, chosen in request.form.items():
        key = name.removeprefix("column.")
        if name == key:
            continue
        typed = request.form.get(f"value.{key}", "").strip()
        if chosen.startswith(FIXED) and len(chosen) > 1:
            found[key] = {"value": chosen.removeprefix(FIXED)[:200]}
        elif chosen.startswith("#") and chosen.removeprefix("#") in seen.heads:
            found[key] = {"column": chosen.removeprefix("#")}
        elif typed:
            found[key] = {"value": typed[:200]}
    return found
