"""Compiling a circular: asked for, frozen, laid out, kept. Each step can be repeated without doing anything twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from reportsvc import attachments, audit, clock, hooks, totals
from reportsvc.circulars import compose, snapshot
from reportsvc.circulars.document import Progress, Render
from reportsvc.db import database
from reportsvc.errors import NotFound
from reportsvc.models import Campaign, Circular, Person, Round, Slot, Task
from reportsvc.projects import campaigns

log = structlog.get_logger("reportsvc.circulars")

TASK = "circular"
HISTORY_DAYS = 60
"""A round that closed longer ago was brought in from older records: nobody waits for a circular of its own."""

STEPS = 100
FROZEN = 15
"""Share of the work, in percent, that is done once the snapshot stands; the rest is laying out."""


@dataclass(frozen=True, slots=True)
class Press:
    """What compiling needs of the outside."""

    render: Render
    store: attachments.Store
    base_url: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a circular is: ``state`` is asked, compiling, compiled or failed; done of total steps."""

    state: str
    done: int
    total: int
    error: str


def request(campaign: Campaign, through: totals.Quarter, person: Person | None) -> Circular:
    """Ask for a circular. While one for the same quarter is on its way, that one is given: a second tap is harmless."""
    with database.atomic():
        _lock(campaign)
        waiting: Circular | None = Circular.get_or_none(
            Circular.campaign == campaign,
            Circular.year == through.year,
            Circular.quarter == through.quarter,
            Circular.state.in_(("asked", "compiling")),
        )
        if waiting is not None:
            return waiting
        circular = _create(campaign, through, person)
        _enqueue(circular, f"circular:{circular.id}")
    return circular


def request_by_code(code: str, through: totals.Quarter, person: Person | None) -> Circular:
    """Ask for a circular of the campaign with this code.

    :raises NotFound: if there is no such campaign.
    """
    return request(campaigns.campaign_by_code(code), through, person)


def request_for_closed_rounds() -> list[Circular]:
    """Ask for the circular of each round that has closed and has none yet; asked for once, whoever asks how often."""
    today = clock.today()
    closed = Round.select().where(Round.closes < today, Round.closes >= today - timedelta(days=HISTORY_DAYS))
    made = []
    for ended in closed.order_by(Round.closes):
        key = _round_key(ended)
        if _is_asked(key) or not _has_reports(ended):
            continue
        with database.atomic():
            _lock(ended.campaign)
            if not _is_asked(key):
                circular = _create(ended.campaign, totals.Quarter(ended.year, ended.quarter), None)
                _enqueue(circular, key)
                made.append(circular)
    return made


def _lock(campaign: Campaign) -> None:
    """Let nobody else ask for a circular of the campaign until the transaction around this ends.

    PostgreSQL locks the row; SQLite's transactions follow one another by themselves.
    """
    if database.for_update:
        Campaign.select().where(Campaign.id == campaign.id).for_update().execute()


def _round_key(owed: Round) -> str:
    return f"round:{owed.id}"


def _is_asked(key: str) -> bool:
    return Task.select().where(Task.key == key).exists()


def _has_reports(ended: Round) -> bool:
    return Slot.select().where(Slot.round == ended, Slot.state == "approved").exists()


def _create(campaign: Campaign, through: totals.Quarter, person: Person | None) -> Circular:
    made = Circular.create(
        campaign=campaign,
        kind="situation",
        year=through.year,
        quarter=through.quarter,
        title=compose.title(campaign.name, campaign.circular),
        state="asked",
        person=person,
        created_at=clock.now(),
    )
    _log("asked", made, data={"through": f"{through.year}Q{through.quarter}"}, by=person)
    return made


def _log(action: str, circular: Circular, *, by: Person | None = None, **more: Any) -> None:
    region = circular.campaign.province_id
    audit.record(f"circular.{action}", f"circular:{circular.id}", actor=by.id if by else None, region=region, **more)


def _enqueue(circular: Circular, key: str) -> Task:
    now = clock.now()
    payload = {"circular": circular.id}
    return Task.create(kind=TASK, key=key, payload=payload, due_at=now, created_at=now, total=STEPS)


def compile_circular(circular_id: int, press: Press, progress: Progress) -> Circular:
    """Freeze, compose, lay out and keep one circular; done again it gives the one that is there.

    :raises NotFound: if there is no such circular.
    :raises Disagreement: if its figures came out differently in two ways.
    :raises ReportsvcError: if it could not be laid out.
    """
    circular = by_id(circular_id)
    if circular.state == "compiled":
        return circular
    _set(circular, state="compiling")
    frozen = circular.snapshot or snapshot.freeze(circular.campaign, totals.Quarter(circular.year, circular.quarter))
    _set(circular, snapshot=frozen.id)
    progress(FROZEN, STEPS)
    document = compose.document(snapshot.load(frozen), press.base_url, frozen.id)
    pdf = press.render(document, lambda done, of: progress(FROZEN + (STEPS - FROZEN) * done // max(of, 1), STEPS))
    kept = attachments.keep(press.store, pdf, "application/pdf", filename(circular))
    with database.atomic():
        _set(circular, state="compiled", attachment=kept.id, title=document.title)
        _log("compiled", circular, data={"sha256": kept.sha256}, rows=(frozen,))
        hooks.announce(hooks.PUBLISHED, circular.campaign.province_id, lambda: _told(circular, document.title))
    log.info("circular compiled", circular=circular.id, sha256=kept.sha256, bytes=kept.size)
    return by_id(circular_id)


def _told(circular: Circular, title: str) -> dict[str, object]:
    """What webhooks are told of a circular that can be taken away now."""
    quarter = f"{circular.year}Q{circular.quarter}"
    return {"circular": circular.id, "campaign": circular.campaign.code, "through": quarter, "title": title}


def give_up(circular_id: int) -> None:
    """Mark as failed; whoever asked sees why, and can ask again."""
    with database.atomic():
        circular = by_id(circular_id)
        _set(circular, state="failed")
        _log("failed", circular)


def _set(circular: Circular, **values: Any) -> None:
    Circular.update(**values).where(Circular.id == circular.id).execute()
    for name, value in values.items():
        setattr(circular, name, value)


def by_id(circular_id: int) -> Circular:
    """Find a circular.

    :raises NotFound: if there is none.
    """
    found: Circular | None = Circular.get_or_none(Circular.id == circular_id)
    if found is None:
        raise NotFound("There is no such circular.")
    return found


def filename(circular: Circular) -> str:
    """The name that a download gets: campaign and quarter."""
    return f"{circular.campaign.code}-{circular.year}Q{circular.quarter}.pdf"


def standing(circular: Circular) -> Standing:
    """How far its work is."""
    task = task_of(circular)
    if task is None:
        return Standing(circular.state, 0, STEPS, "")
    done = STEPS if circular.state == "compiled" else task.done
    return Standing(circular.state, done, task.total or STEPS, task.error)


def task_of(circular: Circular) -> Task | None:
    """The work that makes it: asked for by itself, or by the round that closed."""
    rounds = Round.select().where(
        Round.campaign == circular.campaign_id, Round.year == circular.year, Round.quarter == circular.quarter
    )
    keys = (f"circular:{circular.id}", *(_round_key(owed) for owed in rounds))
    query = Task.select().where(Task.kind == TASK, Task.key.in_(keys))
    return next((task for task in query if task.payload["circular"] == circular.id), None)


def find(codes: Sequence[str], circular_id: int) -> Circular:
    """A circular of a campaign that is published by one of these regions.

    :raises NotFound: if it is not there, or another's.
    """
    found: Circular | None = (
        Circular.select().join(Campaign).where(Circular.id == circular_id, campaigns.published_by(codes)).first()
    )
    if found is None:
        raise NotFound("There is no such circular.")
    return found


def listing(codes: Sequence[str]) -> list[Circular]:
    """Circulars of the campaigns that are published by these regions, newest first."""
    query = Circular.select(Circular, Campaign).join(Campaign).where(campaigns.published_by(codes))
    return list(query.order_by(Circular.created_at.desc()))


def offers(codes: Sequence[str]) -> list[tuple[Campaign, list[totals.Quarter]]]:
    """Campaigns and the quarters that a circular of them may run up to, both newest first."""
    campaigns_here = Campaign.select().where(campaigns.published_by(codes)).order_by(Campaign.starts.desc())
    found = []
    for campaign in campaigns_here:
        rounds = Round.select().where(Round.campaign == campaign, Round.opens <= clock.today())
        found.append((campaign, sorted((totals.Quarter(one.year, one.quarter) for one in rounds), reverse=True)))
    return found


def request_for(codes: Sequence[str], campaign: str, through: totals.Quarter, person: Person) -> Circular:
    """Ask for a circular by the campaign's code, as somebody who publishes for these regions.

    :raises NotFound: if there is no such campaign or quarter, or it is not theirs.
    """
    for offered, quarters in offers(codes):
        if offered.code == campaign and through in quarters:
            return request(offered, through, person)
    raise NotFound("There is no campaign with the code %(code)s.", code=campaign)
