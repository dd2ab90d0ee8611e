"""Works out where projects stand and writes it into their rows, so that thousands can be listed by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from reportsvc import clock
from reportsvc.checklist import rules, sums
from reportsvc.checklist.columns import key
from reportsvc.db import database
from reportsvc.models import Campaign, Indicator, Project, ProjectPlan, Round, Slot, Task, Version

SENT = ("submitted", "endorsed_county", "endorsed_city", "approved")
TASK = "project-states"
BATCH = 500
MOST = 1000
"""Projects that a page works out before it is shown; the night's work does the others."""


def refresh(condition: Any = True, *, most: int = MOST) -> int:
    """Work out the projects among those that meet the condition to which something has happened; gives how many."""
    changed = Project.select(Project.id).where(Project.worked_out.is_null(), condition)
    ids = [one.id for one in changed.order_by(Project.id).limit(most)]
    for at in range(0, len(ids), BATCH):
        work_out(ids[at : at + BATCH])
    return len(ids)


def refresh_old(tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Work out all that were worked out before today: deadlines come nearer by themselves. Gives how many.

    :param tell: told how many of how many are done.
    """
    old = (Project.worked_out < clock.today()) | Project.worked_out.is_null()
    ids = [one.id for one in Project.select(Project.id).where(old).order_by(Project.id)]
    for at in range(0, len(ids), BATCH):
        work_out(ids[at : at + BATCH])
        tell(min(at + BATCH, len(ids)), len(ids))
    return len(ids)


def request() -> bool:
    """Put today's work into a row, once a day however many ask; says whether it was new."""
    now, name = clock.now(), f"project-states:{clock.today().isoformat()}"
    if Task.select().where(Task.key == name).exists():
        return False
    row = {"kind": TASK, "key": name, "payload": {}, "due_at": now, "created_at": now}
    return bool(Task.insert(row).on_conflict_ignore().execute())


def complete(projects: Sequence[Project]) -> None:
    """Work out those of these projects to which something has happened, for whoever reads and stores nothing."""
    changed = [project for project in projects if project.worked_out is None]
    found = facts(changed) if changed else {}
    for project in changed:
        _put(project, rules.work_out(found[project.id]))


def work_out(ids: Sequence[int]) -> None:
    """Apply the rules to these projects, in as many queries for many as for one, and store what they say."""
    with database.atomic():
        projects = list(Project.select(Project, Campaign).join(Campaign).where(key(Project).in_(list(ids))))
        found = facts(projects)
        for project in projects:
            standing = rules.work_out(found[project.id])
            _put(project, standing)
        Project.bulk_update(  # type: ignore[no-untyped-call]
            projects, [Project.state, Project.light, Project.why, Project.worked_out], batch_size=100
        )


def _put(project: Project, standing: rules.Standing) -> None:
    said = project.override
    project.state, project.light = said.get("state") or standing.state, said.get("light") or standing.light
    project.why = {
        "state": standing.state,
        "light": standing.light,
        "reasons": [[one.code, one.light, one.values] for one in standing.reasons],
    }
    project.worked_out = clock.today()


def facts(projects: Sequence[Project]) -> dict[int, rules.Facts]:
    """What the rules look at, by project."""
    ids = [project.id for project in projects]
    quarters, starts = _quarters(ids)
    reached = progress(ids)
    return {
        project.id: rules.Facts(
            today=clock.today(),
            starts=starts.get(project.id),
            deadline=project.deadline or project.campaign.ends,
            quarters=quarters.get(project.id, ()),
            progress=reached.get(project.id),
            closed_as=project.outcome if project.closing == "closed" else "",
        )
        for project in projects
    }


def progress(ids: Sequence[int]) -> dict[int, Fraction]:
    """The share of its plan that each project with a plan has reached, by the indicator that is furthest behind."""
    plans = list(ProjectPlan.select(ProjectPlan, Indicator).join(Indicator).where(ProjectPlan.project.in_(list(ids))))
    reached = sums.of({plan.project_id for plan in plans}) if plans else {}
    found: dict[int, Fraction] = {}
    for plan in plans:
        if plan.amount > 0:
            share = Fraction(reached[plan.project_id].get(plan.indicator.code, 0), plan.amount)
            found[plan.project_id] = min(share, found.get(plan.project_id, share))
    return found


def _quarters(ids: Sequence[int]) -> tuple[dict[int, tuple[rules.Quarter, ...]], dict[int, date]]:
    """By project its quarters, and the day on which the first of them began."""
    slots = list(
        Slot.select(Slot, Round)
        .join(Round)
        .where(Slot.project.in_(list(ids)), Round.opens <= clock.today(), Slot.state != "not_required")
    )
    answers = _answers(ids)
    grouped: dict[int, dict[int, list[Slot]]] = defaultdict(lambda: defaultdict(list))
    for slot in slots:
        grouped[slot.project_id][slot.round.year * 4 + slot.round.quarter].append(slot)
    quarters = {
        project: tuple(_quarter(number, owed, answers) for number, owed in sorted(each.items()))
        for project, each in grouped.items()
    }
    starts = {project: _first_day(min(each)) for project, each in grouped.items()}
    return quarters, starts


def _first_day(number: int) -> date:
    year, quarter = divmod(number - 1, 4)
    return date(year, quarter * 3 + 1, 1)


def _answers(ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    query: Any = (
        Version.select(Version.slot, Version.answers)
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .where(Slot.project.in_(list(ids)), Slot.state.in_(SENT))
    )
    return dict(query.tuples())


def _quarter(number: int, owed: Iterable[Slot], answers: Mapping[int, Mapping[str, Any]]) -> rules.Quarter:
    """The lead's report speaks for the project; where no lead owes one, a partner's does."""
    all_owed = list(owed)
    speaking = [slot for slot in all_owed if slot.role == "lead"] or all_owed
    sent = [slot for slot in speaking if slot.state in SENT]
    if not sent:
        overdue = all(slot.due < clock.today() for slot in speaking)
        return rules.Quarter(number, "missing" if overdue else "pending")
    given = [answers.get(slot.id, {}) for slot in sent]
    worked = any(one.get("activity") != "no" for one in given)
    said = next((str(one["project_state"]) for one in given if one.get("project_state")), "")
    return rules.Quarter(number, "worked" if worked else "nil", said)
