"""An import on its way: uploaded, checked, looked at, applied or thrown away. The work itself is done by a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from reportsvc import attachments, audit, clock
from reportsvc.db import database, insert_many
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.exchange.imports import layout, legacy, marking, reading, standing, store, working
from reportsvc.exchange.imports.plan import CHANGED, NEW, SAME, WRONG, Plan
from reportsvc.exchange.querying import key
from reportsvc.exchange.workbooks import HEAVY, LARGEST, UNREADABLE, Progress
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, ImportLine, Person, Round, SheetImport, SheetMapping, Task
from reportsvc.projects import campaigns

log = structlog.get_logger("reportsvc.exchange")

TASK = "import"
KEPT_AS = "application/zip"
"""Media type in the table of attachments, whose column is too short for a workbook's own."""
STEPS = 100
PAGE = 50
OUTCOMES = (WRONG, CHANGED, NEW, SAME)
ENDED = ("applied", "failed", "discarded")
GONE = N_("There is no such import. It may have been discarded.")
MOVED = N_("This import has moved on in the meantime. Reload the page to see where it stands.")
STALE = N_("Something else was changed since this was checked. Here is what the import would do now: look, then apply.")

Say = Callable[..., str]
"""Gives a message in the language of the files that are handed out."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the job needs of the outside."""

    store: attachments.Store
    say: Say


@dataclass(frozen=True, slots=True)
class Legacy:
    """By which mapping, and for which quarter, a spreadsheet of somebody's own is read."""

    mapping: int
    round: int


def upload(  # noqa: PLR0913, PLR0917 - where it is kept, whose it is, what it is
    kept: attachments.Store,
    campaign: Campaign,
    person: Person,
    filename: str,
    source: bytes,
    by: Legacy | None = None,
) -> SheetImport:
    """Keep a workbook and ask for it to be checked.

    :param by: how to read it, if it is not our own template.
    :raises Invalid: if it is none, or too large.
    """
    if len(source) > LARGEST:
        raise Invalid(HEAVY)
    if not source.startswith(b"PK"):
        raise Invalid(UNREADABLE)
    attachment = attachments.keep(kept, source, KEPT_AS, filename[-200:])
    with database.atomic():
        made = SheetImport.create(
            campaign=campaign,
            filename=filename[-200:],
            source=attachment,
            mapping_id=by.mapping if by else None,
            target_id=by.round if by else None,
            state="asked",
            person=person,
            created_at=clock.now(),
        )
        _enqueue(made)
    return made


def _enqueue(work: SheetImport) -> None:
    now = clock.now()
    payload = {"import": work.id}
    name = f"import:{work.id}:{work.state}:{work.times}"
    Task.create(kind=TASK, key=name, payload=payload, due_at=now, created_at=now, total=STEPS)


def find(codes: Sequence[str], import_id: int) -> SheetImport:
    """An import into a campaign that one of these regions publishes for.

    :raises NotFound: if it is not there, or another's.
    """
    query = SheetImport.select().join(Campaign).where(SheetImport.id == import_id, campaigns.published_by(codes))
    found: SheetImport | None = query.first()
    if found is None:
        raise NotFound(GONE)
    return found


def listing(codes: Sequence[str], page: int = 1) -> tuple[list[SheetImport], int]:
    """One page of the imports that are not discarded, newest first, and how many pages there are."""
    query = SheetImport.select(SheetImport, Campaign, Person).join_from(SheetImport, Campaign)
    query = query.join_from(SheetImport, Person, on=(SheetImport.person == Person.id))
    query = query.where(campaigns.published_by(codes), SheetImport.state != "discarded")
    pages = max(1, -(-query.count() // PAGE))
    ordered = query.order_by(SheetImport.created_at.desc(), key(SheetImport).desc())
    return list(ordered.paginate(min(max(page, 1), pages), PAGE)), pages


@dataclass(frozen=True, slots=True)
class Progressing:
    """How far the work is: done of total steps; what went wrong, while it is tried again or for good."""

    done: int
    total: int
    error: str


def progress_of(work: SheetImport) -> Progressing:
    """How far the newest task of an import is."""
    query = Task.select().where(Task.kind == TASK, Task.key.startswith(f"import:{work.id}:")).order_by(key(Task).desc())
    task: Task | None = query.first()
    return Progressing(task.done, max(task.total, 1), task.error) if task else Progressing(0, STEPS, "")


def lines(work: SheetImport, outcome: str, page: int) -> tuple[list[ImportLine], int]:
    """One page of the rows that become new, change, stay or are wrong, and how many pages there are."""
    query = ImportLine.select().where(ImportLine.work == work, ImportLine.outcome == outcome).order_by(ImportLine.id)
    pages = max(1, -(-query.count() // PAGE))
    return list(query.paginate(min(max(page, 1), pages), PAGE)), pages


def apply(codes: Sequence[str], import_id: int, digest: str) -> SheetImport:
    """Ask for what was looked at to be written.

    :raises Conflict: if the preview is another by now, or the import can't be applied.
    """
    with database.atomic():
        found = find(codes, import_id)
        mine = (SheetImport.id == found.id) & (SheetImport.state == "checked") & (SheetImport.digest == digest)
        if not SheetImport.update(state="applying").where(mine).execute():
            raise Conflict(MOVED)
        found = find(codes, import_id)
        _enqueue(found)
    return found


def discard(codes: Sequence[str], import_id: int) -> None:
    """Throw a preview away; what was applied stays.

    :raises Conflict: while it is being worked on, or after it was applied.
    """
    with database.atomic():
        found = find(codes, import_id)
        mine = (SheetImport.id == found.id) & SheetImport.state.in_(("checked", "wrong", "failed"))
        if not SheetImport.update(state="discarded").where(mine).execute():
            raise Conflict(MOVED)
        ImportLine.delete().where(ImportLine.work == found).execute()


# --- the job ---------------------------------------------------------------------------------------------------------


def do(import_id: int, work: Work, progress: Progress) -> None:
    """Check what was asked for, or apply what was looked at; done again it changes nothing."""
    found: SheetImport = SheetImport.get_by_id(import_id)
    if found.state in {"asked", "checking"}:
        _set(found, state="checking")
        _check(found, work, progress)
    elif found.state == "applying":
        _apply(found, work, progress)


def give_up(import_id: int) -> None:
    """Whoever asked sees that it failed; nothing was written."""
    mine = (SheetImport.id == import_id) & SheetImport.state.not_in(ENDED)
    SheetImport.update(state="failed").where(mine).execute()


def _set(found: SheetImport, **values: Any) -> None:
    SheetImport.update(values).where(SheetImport.id == found.id).execute()


def _check(found: SheetImport, work: Work, progress: Progress) -> None:
    source = attachments.read(work.store, found.source)
    try:
        book = _read(found, source, progress)
    except Invalid as problem:
        _refuse(found, problem)
        return
    planned, _ = _planned(found, book)
    progress(75, STEPS)
    marked = None
    if planned.wrong and found.mapping_id is None:
        content = marking.marked(source, book, planned.wrong, work.say)
        marked = attachments.keep(work.store, content, KEPT_AS, f"问题-{found.filename}"[-200:])
    _show(found, book, planned, marked=marked.id if marked else None)
    progress(STEPS, STEPS)


def _read(found: SheetImport, source: bytes, progress: Progress) -> reading.Book:
    def so_far(done: int, of: int) -> None:
        progress(60 * done // of, STEPS)

    if found.mapping_id is None:
        return reading.read(source, so_far)
    mapping: SheetMapping | None = SheetMapping.get_or_none(SheetMapping.id == found.mapping_id)
    if mapping is None:
        raise Invalid(legacy.GONE)
    return legacy.read(source, mapping, so_far)


def _planned(found: SheetImport, book: reading.Book) -> tuple[Plan, Callable[[], None]]:
    """What is to be done, and what does it."""
    if found.mapping_id is None:
        there = standing.load(found.campaign)
        planned = working.plan(book, there)
        return planned, lambda: store.write(planned, there, found.person)
    owed: Round = Round.get_by_id(found.target_id)
    sent = legacy.plan(book, SheetMapping.get_by_id(found.mapping_id), owed)
    return sent, lambda: legacy.write(sent, owed, found.person, found.id)


def _refuse(found: SheetImport, problem: Invalid) -> None:
    """The whole file is told as one wrong line."""
    with database.atomic():
        ImportLine.delete().where(ImportLine.work == found).execute()
        ImportLine.create(
            work=found,
            sheet="",
            row=0,
            outcome=WRONG,
            title="",
            message=problem.message,
            details=_plain(problem.values),
        )
        _set(found, state="wrong", counts={"": {WRONG: 1}})


def _show(found: SheetImport, book: reading.Book, planned: Plan, **more: Any) -> None:
    """Write down what would be done, to be looked at page by page."""
    counts = {**planned.counts(), "due": planned.due}
    state = "wrong" if planned.wrong else "checked"
    with database.atomic():
        ImportLine.delete().where(ImportLine.work == found).execute()
        insert_many(ImportLine, _rows(found, book, planned), batch=1000)
        _set(found, state=state, counts=counts, digest=planned.digest(), times=found.times + 1, **more)
    log.info("import checked", work=found.id, counts=counts)


def _rows(found: SheetImport, book: reading.Book, planned: Plan) -> Iterator[dict[str, Any]]:
    order = {sheet.key: place for place, sheet in enumerate(layout.SHEETS)}
    for one in sorted(planned.wrong, key=lambda one: (order.get(one.sheet, 9), one.row)):
        yield {
            "work": found, "sheet": one.sheet, "row": one.row, "outcome": WRONG, "title": "", "cell": book.cell(one),
            "column": book.column(one)[:60], "message": one.message, "details": _plain(one.values),
        }  # fmt: skip
    for line in planned.lines:
        yield {
            "work": found, "sheet": line.sheet, "row": line.row, "outcome": line.outcome, "title": line.title,
            "cell": "", "column": "", "message": "", "details": [list(change) for change in line.changes],
        }  # fmt: skip


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """What fills a message, as JSON can hold it."""
    return {key: value if isinstance(value, (int, str)) else str(value) for key, value in values.items()}


def _apply(found: SheetImport, work: Work, progress: Progress) -> None:
    """Read anew, plan anew, and write only if that is what was looked at; the writing is one transaction."""
    book = _read(found, attachments.read(work.store, found.source), progress)
    with database.atomic():
        campaigns.lock(found.campaign)
        planned, write = _planned(found, book)
        if planned.wrong or planned.digest() != found.digest:
            _show(found, book, planned)
            return
        write()
        _set(found, state="applied", applied_at=clock.now())
        audit.record(  # each report that it brought stands in the log by its own step
            "import.written",
            f"import:{found.id}",
            actor=found.person_id,
            region=found.campaign.province_id,
            data={"campaign": found.campaign_id, "count": _written(found.counts)},
        )
    progress(STEPS, STEPS)
    log.info("import applied", work=found.id, person=found.person_id, counts=found.counts)


def _written(counts: Mapping[str, Any]) -> int:
    """How many rows of all sheets were new or changed something."""
    return sum(sheet.get(NEW, 0) + sheet.get(CHANGED, 0) for sheet in counts.values() if isinstance(sheet, dict))
