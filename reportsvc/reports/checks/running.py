"""The checks over whole quarters, by a job: what came in is looked at again with all that came in beside it.

Due work is rows: a task for each quarter in which reports were sent since it was looked at last, and one for a
campaign's projects. Done again, it finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import peewee
import structlog

from reportsvc import attachments, clock
from reportsvc.db import database
from reportsvc.models import Campaign, Project, Round, Slot, Task, Version
from reportsvc.projects import rules
from reportsvc.reports import doubts
from reportsvc.reports.checks import flags, quarters, shared, single, twins

log = structlog.get_logger("reportsvc.checks")

TASK, PROJECTS = "checks", "checks-projects"
SETTLE = timedelta(minutes=10)
"""How long after a report came in its quarter is looked at: many come in together."""
_TASK: Any = Task.id
APART = timedelta(seconds=20)
"""Between the quarters that become due at once, so that other work finds its turn among them."""


# --- what is due -----------------------------------------------------------------------------------------------------


def look() -> int:
    """Put the quarters into rows that have reports newer than their last check, and the projects that are new."""
    count = 0
    newest = Version.select(peewee.fn.MAX(Version.id)).scalar() or 0
    checked = _mark(TASK)
    if newest > checked and not _waiting(TASK):
        owed = (
            Slot.select(Slot.round)
            .join(Version)
            .where(Version.id > checked, Version.id <= newest)
            .distinct()
            .order_by(Slot.round.desc())
        )
        count += _plan(TASK, [slot.round_id for slot in owed], newest, SETTLE)
    newest = Project.select(peewee.fn.MAX(Project.id)).scalar() or 0
    checked = _mark(PROJECTS)
    if newest > checked and not _waiting(PROJECTS):
        new = Project.select(Project.campaign).where(Project.id > checked).distinct().order_by(Project.campaign.desc())
        count += _plan(PROJECTS, [project.campaign_id for project in new], newest, SETTLE)
    return count


def ask(campaign: Campaign) -> None:
    """Look at a campaign's newest quarters and its projects again: its rules have changed."""
    stamp = int(clock.now().timestamp() * 1000)
    for kind, ids in ((TASK, [one.id for one in newest_rounds(campaign, 2)]), (PROJECTS, [campaign.id])):
        _plan(kind, ids, _mark(kind), timedelta(0), f":{stamp}")


def newest_rounds(campaign: Campaign, count: int) -> list[Round]:
    """The newest quarters of a campaign in which a report was sent."""
    sent = Slot.select(Slot.id).where(Slot.round == Round.id, Slot.current > 0)
    return list(
        Round.select()
        .where(Round.campaign == campaign, peewee.fn.EXISTS(sent))
        .order_by(Round.year.desc(), Round.quarter.desc())
        .limit(count)
    )


def _last(kind: str) -> Task | None:
    found: Task | None = Task.select().where(Task.kind == kind).order_by(_TASK.desc()).first()
    return found


def _mark(kind: str) -> int:
    """Up to which version or project the tasks of a kind reach."""
    last = _last(kind)
    return int(last.payload["through"]) if last is not None else 0


def _waiting(kind: str) -> bool:
    return bool(Task.select().where(Task.kind == kind, Task.state == "due", Task.tries == 0).exists())


def _plan(kind: str, ids: Sequence[int], through: int, after: timedelta, more: str = "") -> int:
    now = clock.now()
    with database.atomic():
        for place, id in enumerate(ids):
            key = f"{kind}:{id}:{through}{more}"
            if not Task.select().where(Task.key == key).exists():  # another scheduler may have been quicker
                due = now + after + place * APART
                Task.create(kind=kind, key=key, payload={"id": id, "through": through}, due_at=due, created_at=now)
    return len(ids)


# --- doing it --------------------------------------------------------------------------------------------------------


def quarter(round_id: int, store: attachments.Store, progress: quarters.Progress) -> int:
    """Look at all reports of a quarter; gives how many flags stand then."""
    owed: Round = Round.get_by_id(round_id)
    found = quarters.read(owed)
    quarters.refresh_spreads(found)
    progress(1, 4)
    shared.complete_hashes(store)
    checks = [one for one in rules.of(owed.campaign_id) if rules.KINDS[one.kind].name != "twin"]
    by_version = of_quarter(checks, found, lambda done: progress(done, 4))
    ids = [report.version for report in found.reports]
    count = flags.refresh("version", ids, [rule.id for rule in checks], by_version)
    log.info("quarter checked", round=round_id, reports=len(ids), flags=count)
    return count


def of_quarter(
    checks: Sequence[rules.Rule], found: quarters.Quarter, progress: Callable[[int], None] = lambda _: None
) -> dict[int, list[doubts.Doubt]]:
    """What rules find in all reports of a quarter, by version."""
    by_version = {report.version: single.find(checks, sight) for report, sight in quarters.sights(found)}
    progress(2)
    for rule in checks:
        if rule.active and rule.kind == "shared_text":
            _add(by_version, shared.texts(rule, found, lambda: progress(2)))
        if rule.active and rule.kind == "shared_photo":
            _add(by_version, shared.photos(rule, found, shared.pieces()))
    progress(3)
    return by_version


def _add(to: dict[int, list[doubts.Doubt]], more: dict[int, list[doubts.Doubt]]) -> None:
    for id, found in more.items():
        to.setdefault(id, []).extend(found)


def projects(campaign_id: int) -> int:
    """Look for projects that stand in a campaign's list twice; gives how many flags stand then."""
    checks = [rule for rule in rules.of(campaign_id) if rule.kind == "twin"]
    found: dict[int, list[doubts.Doubt]] = {}
    for rule in checks:
        if rule.active:
            _add(found, twins.find(rule, campaign_id))
    ids = [row.id for row in Project.select(Project.id).where(Project.campaign == campaign_id).order_by(Project.id)]
    count = flags.refresh("project", ids, [rule.id for rule in checks], found)
    log.info("projects checked", campaign=campaign_id, projects=len(ids), flags=count)
    return count
