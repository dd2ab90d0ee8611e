"""The publishers' page of the checks: what each asks, how strict it is, its limits; tried before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import people
from reportsvc.errors import Invalid, NotFound, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.projects import campaigns, rules
from reportsvc.reports.checks import running, trials
from reportsvc.web import arithmetic, guard
from reportsvc.web.access import access
from reportsvc.web.language import say

pages = Blueprint("checks", __name__, url_prefix="/checks")

KEPT = N_("Kept. The newest reports and the projects are being looked at again.")
UNCHANGED = N_("Nothing was changed.")
DAYS_KEPT = N_("Kept. It holds at once, also for reports that wait already.")
IN_VAIN = N_("Some limits can't be kept as they are. What is wrong stands beside each.")


@dataclass(frozen=True, slots=True)
class Limit:
    """An input of the page."""

    name: str
    label: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One check as the page shows it; ``found`` is how many reports it flagged when it was tried."""

    kind: str
    title: str
    about: str
    severities: list[tuple[str, str]]
    severity: str
    active: bool
    limits: list[Limit]
    found: int | None


def _campaign(code: str | None) -> Any:
    """The campaign that was chosen, or the newest, among those that the person publishes for."""
    mine = campaigns.publishable(guard.actor().publishes)
    found = next((one for one in mine if code in {None, one.code}), None)
    if found is None:
        raise NotFound("There is no such page.")
    return found


def _shown(rule: rules.Rule, posted: Mapping[str, str], wrong: Mapping[str, Any], counts: Mapping[str, int]) -> Shown:
    kind = rules.KINDS[rule.kind]
    limits = []
    for one in kind.parameters:
        name = f"{kind.name}.{one.name}"
        error = say(wrong[name].text_id, **wrong[name].values) if name in wrong else ""
        value = posted.get(name, f"{rule[one.name].normalize():f}")
        limits.append(Limit(name, say(arithmetic.LIMITS[name]), value, error))
    return Shown(
        kind.name,
        say(arithmetic.KINDS[kind.name]),
        say(arithmetic.ABOUT[kind.name]),
        [(name, say(arithmetic.DOES[name])) for name in kind.severities],
        rule.severity,
        rule.active,
        limits,
        counts.get(kind.name),
    )


def _page(
    campaign: Any,
    typed: rules.Typed,
    *,
    trial: Any = None,
    problem: ReportsvcError | None = None,
    wrong_days: ReportsvcError | None = None,
) -> str:
    counts = trial.counts if trial is not None and trial.state == "done" else {}
    return render_template(
        "desk/checks.html",
        campaign=campaign,
        campaigns=campaigns.publishable(guard.actor().publishes),
        rules=[_shown(rule, request.form, typed.wrong, counts) for rule in typed.rules],
        trial=trial,
        over=trials.last_quarter(campaign),
        problem=problem,
        wrong_days=wrong_days,
        days=request.form.get("review_days", str(campaign.review_days)),
    )


@pages.get("")
@access("operator")
def listing() -> ResponseReturnValue:
    """The checks of a campaign as they stand, or as they were tried."""
    number = request.args.get("trial", type=int)
    if number is None:
        campaign = _campaign(request.args.get("campaign"))
        return _page(campaign, rules.Typed(tuple(rules.of(campaign.id)), {}))
    trial = trials.find(number, guard.actor().publishes)
    tried = tuple(rules.unpacked(one) for one in trial.rules)
    return _page(trial.round.campaign, rules.Typed(tried, {}), trial=trial)


@pages.post("")
@access("operator")
def change() -> ResponseReturnValue:
    """Try what was typed over the last quarter, or keep it."""
    campaign = _campaign(request.form.get("campaign", ""))
    typed = rules.read(rules.of(campaign.id), request.form)
    person = people.person_by_id(guard.actor().id)
    try:
        if typed.wrong:
            raise Invalid(IN_VAIN)
        if request.form.get("go") == "try":
            return redirect(url_for(".listing", trial=trials.ask(campaign, typed.rules, person).id))
        changed = rules.keep(campaign, typed, person)
    except Invalid as problem:
        return _page(campaign, typed, problem=problem), problem.status
    if changed:
        running.ask(campaign)
    flash(say(KEPT if changed else UNCHANGED))
    return redirect(url_for(".listing", campaign=campaign.code))


@pages.post("/days")
@access("operator")
def days() -> ResponseReturnValue:
    """How long each level may take before the one above sees it and may act."""
    campaign = _campaign(request.form.get("campaign", ""))
    typed = request.form.get("review_days", "")
    try:
        changed = campaigns.set_review_days(campaign, typed, people.person_by_id(guard.actor().id))
    except Invalid as problem:
        return _page(campaign, rules.Typed(tuple(rules.of(campaign.id)), {}), wrong_days=problem), problem.status
    flash(say(DAYS_KEPT if changed else UNCHANGED))
    return redirect(url_for(".listing", campaign=campaign.code))
