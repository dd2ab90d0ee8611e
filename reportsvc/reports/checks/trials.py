"""Trying rules over the last quarter before they are kept: how many reports would each of them flag?"""

from __future__ import annotations

from collections.abc import Sequence

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Invalid, NotFound
from reportsvc.models import Campaign, CheckTrial, Person, Round, Slot, Task
from reportsvc.projects import campaigns, rules
from reportsvc.reports.checks import quarters, running, twins

TASK = "checks-trial"


def last_quarter(campaign: Campaign) -> Round | None:
    """The quarter that rules are tried over: the newest that is over and in which a report was sent."""
    found = running.newest_rounds(campaign, 2)
    over = [one for one in found if one.closes < clock.today()]
    return next(iter([*over, *found[::-1]]), None)


def ask(campaign: Campaign, checks: Sequence[rules.Rule], person: Person) -> CheckTrial:
    """Ask for a trial of these rules over the last quarter.

    :raises Invalid: if no report was ever sent.
    """
    owed = last_quarter(campaign)
    if owed is None:
        raise Invalid("There are no reports yet to try this over.")
    now = clock.now()
    with database.atomic():
        trial = CheckTrial.create(
            round=owed, rules=[rules.packed(one) for one in checks], person=person, asked_at=now
        )  # fmt: skip
        Task.create(
            kind=TASK, key=f"{TASK}:{trial.id}", payload={"trial": trial.id}, due_at=now, created_at=now, total=4
        )
    return trial


def run(trial_id: int, progress: quarters.Progress) -> None:
    """Try the rules; done again, it comes to the same."""
    trial: CheckTrial = CheckTrial.get_by_id(trial_id)
    checks = [rules.unpacked(one) for one in trial.rules]
    found = quarters.read(trial.round)
    progress(1, 4)
    by_version = running.of_quarter(checks, found, lambda done: progress(done, 4))
    kinds = {rule.id: rule.kind for rule in checks}
    counts = dict.fromkeys((rule.kind for rule in checks if rule.active), 0)
    for doubted in by_version.values():
        for kind in {kinds[one.check] for one in doubted}:
            counts[kind] += 1
    for rule in checks:
        if rule.active and rule.kind == "twin":
            counts["twin"] = _with_twin(rule, trial.round)
    CheckTrial.update(state="done", reports=len(found.reports), counts=counts, done_at=clock.now()).where(
        CheckTrial.id == trial_id
    ).execute()


def _with_twin(rule: rules.Rule, owed: Round) -> int:
    """How many reports of the quarter are on a project that stands in the list twice."""
    doubled = twins.find(rule, owed.campaign_id)
    sent = Slot.select(Slot.project).where(Slot.round == owed, Slot.current > 0)
    return sum(slot.project_id in doubled for slot in sent)


def give_up(trial_id: int) -> None:
    """It failed for good: the page says so."""
    CheckTrial.update(state="failed").where(CheckTrial.id == trial_id, CheckTrial.state == "asked").execute()


def find(trial_id: int, codes: Sequence[str]) -> CheckTrial:
    """A trial over a campaign that somebody publishes for.

    :raises NotFound: if there is none.
    """
    mine = Round.select(Round.id).join(Campaign).where(campaigns.published_by(codes))
    found: CheckTrial | None = CheckTrial.get_or_none(CheckTrial.id == trial_id, CheckTrial.round.in_(mine))
    if found is None:
        raise NotFound("There is no such page.")
    return found
