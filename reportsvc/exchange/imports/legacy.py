"""A province's own spreadsheet of quarterly reports: each question gets a column, or a value that never changes.

The mapping is kept by a name and used again. What comes in goes through the checks of the quarter's form like any
report, and then to the reviewers: it is a version like others, with the source "import".
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.exchange.imports import layout
from reportsvc.exchange.imports.plan import NEW, SAME, TITLE, Line, Plan, Sending, Wrong
from reportsvc.exchange.imports.reading import NO_COLUMN, NO_ROWS, NUMBER_LOST, TWICE, Book, Row
from reportsvc.exchange.workbooks import Progress, Workbook, is_lost, letter, text_of
from reportsvc.forms.answers.checking import Problem
from reportsvc.forms.definition import UNANSWERED, Choice, Form, Question, Repeat
from reportsvc.forms.messages import N_
from reportsvc.models import (
    Campaign,
    FormVersion,
    Organization,
    Person,
    Project,
    Round,
    SheetImport,
    SheetMapping,
    Slot,
    Version,
)
from reportsvc.projects import campaigns, uscc
from reportsvc.reports import explaining, forms, submissions, transitions
from reportsvc.reports.checks import flags

KEY = "legacy"
SOURCE = "import"
PROJECT, ORGANIZATION = "project", "organization"
MOST = 2000  # rows of one file: they are written in one transaction
NAME = 60
HEADS = 40  # rows in which the heads are looked for
FILES = frozenset({"image", "file", "audio", "video"})

NO_HEADS = N_("No row of this workbook has at least three heads. Upload the spreadsheet as it is filled in.")
NAME_IT = N_("Give the mapping a name of 1 to %(limit)s characters.")
NAME_TAKEN = N_("There is a mapping of this name already.")
WHICH = N_("Choose the columns of the project's code and of the organization's code.")
NO_SHEET = N_("The workbook has no sheet “%(name)s”.")
LONG_FILE = N_("A file has at most %(limit)s rows. Split it, by city for example.")
NO_SLOT = N_("Nobody owes a report for this project and organization in this quarter.")
NOT_NOW = N_("This report was sent already, with other answers. It can be changed only when it is returned.")
GONE = N_("There is no such mapping.")
UNFIT = N_(
    "“%(name)s” does not pass a check of this campaign. Compare it with last quarter and the plan, and put it right."
)
NO_ROUND = N_("There is no such quarter.")


@dataclass(frozen=True, slots=True)
class Sample:
    """What a sample shows: a sheet, the row of its heads, the heads."""

    sheet: str
    header_row: int
    heads: tuple[str, ...]


def sample(source: bytes) -> Sample:
    """The first sheet with a row of at least three different texts: those are taken for its heads.

    :raises Invalid: if the file can't be read, or has no such row.
    """
    workbook = Workbook(source)
    try:
        for title in workbook.titles:
            for number, values in workbook.rows(title):
                texts = tuple(" ".join(text_of(value).split())[:60] for value in values)
                if len({text for text in texts if text}) >= 3:
                    return Sample(title, number, tuple(text for text in texts if text))
                if number > HEADS:
                    break
    finally:
        workbook.close()
    raise Invalid(NO_HEADS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that may be given a column: ``benefits.benefit_amount`` in a repeat, of which one row is filled."""

    key: str
    label: str
    group: str
    required: bool
    choices: tuple[Choice, ...]


def asked(form: Form) -> list[Asked]:
    """The questions of a form that a spreadsheet can answer."""
    return [
        Asked(
            f"{repeat.name}.{question.name}" if repeat else question.name,
            question.label,
            repeat.label if repeat else "",
            question.required is not None,
            question.choices,
        )
        for question, repeat in form.questions()
        if question.kind not in UNANSWERED | FILES and _is_outer(form, repeat)
    ]


def _is_outer(form: Form, repeat: Repeat | None) -> bool:
    return repeat is None or any(found is repeat and outer is None for found, outer in form.repeats())


def form_for(campaign: Campaign) -> FormVersion:
    """The form of the campaign's newest round: what a mapping is made for.

    :raises NotFound: if the campaign has no round yet.
    """
    query = Round.select(Round, FormVersion).join(FormVersion).where(Round.campaign == campaign)
    found: Round | None = query.order_by(Round.year.desc(), Round.quarter.desc()).first()
    if found is None:
        raise NotFound(NO_ROUND)
    return found.form_version


def save(
    campaign: Campaign, person: Person, name: str, seen: Sample, columns: Mapping[str, Mapping[str, str]]
) -> SheetMapping:
    """Keep a mapping.

    :param columns: question's key, or ``project`` and ``organization``, to ``{"column": head}`` or ``{"value": text}``.
    :raises Invalid: without a name of its own, or without the columns that say whose report a row is.
    """
    said = " ".join(name.split())
    if not said or len(said) > NAME:
        raise Invalid(NAME_IT, limit=NAME)
    if not all("column" in columns.get(key, {}) for key in (PROJECT, ORGANIZATION)):
        raise Invalid(WHICH)
    try:
        with database.atomic():
            return SheetMapping.create(
                campaign=campaign,
                form_id=form_for(campaign).form_id,
                name=said,
                sheet=seen.sheet[:60],
                header_row=seen.header_row,
                columns=dict(columns),
                person=person,
                created_at=clock.now(),
            )
    except peewee.IntegrityError as error:
        raise Invalid(NAME_TAKEN) from error


def listing(codes: Sequence[str]) -> list[SheetMapping]:
    """The mappings of the campaigns that are published by these regions."""
    query = SheetMapping.select(SheetMapping, Campaign, Person).join_from(SheetMapping, Campaign)
    query = query.join_from(SheetMapping, Person, on=(SheetMapping.person == Person.id))
    return list(query.where(campaigns.published_by(codes)).order_by(SheetMapping.name))


def find(codes: Sequence[str], mapping_id: int) -> SheetMapping:
    """One of them.

    :raises NotFound: if it is not there, or another's.
    """
    found = next((one for one in listing(codes) if one.id == mapping_id), None)
    if found is None:
        raise NotFound(GONE)
    return found


def remove(codes: Sequence[str], mapping_id: int) -> None:
    """Throw a mapping away; what came in by it stays.

    :raises Conflict: while a file is on its way by it.
    """
    found = find(codes, mapping_id)
    with database.atomic():
        waiting = SheetImport.mapping_id == found.id, SheetImport.state.not_in(("applied", "discarded", "failed"))
        if SheetImport.select().where(*waiting).exists():
            raise Conflict(N_("A file is on its way by this mapping. Finish or discard that import first."))
        SheetMapping.delete().where(SheetMapping.id == found.id).execute()


def rounds(campaign: Campaign) -> list[Round]:
    """The quarters that are open, newest first."""
    today = clock.today()
    query = Round.select().where(Round.campaign == campaign, Round.opens <= today, Round.closes >= today)
    return list(query.order_by(Round.year.desc(), Round.quarter.desc()))


# --- reading and planning --------------------------------------------------------------------------------------------


def read(source: bytes, mapping: SheetMapping, progress: Progress) -> Book:
    """The rows below the heads, by the mapping's keys.

    :raises Invalid: if the sheet is not there, too long or empty.
    """
    heads_of = {key: given["column"] for key, given in mapping.columns.items() if "column" in given}
    sheet = layout.Sheet(KEY, mapping.sheet, tuple(layout.Column(key, head, "") for key, head in heads_of.items()), ())
    book, workbook = Book(sheets=(sheet,)), Workbook(source)
    try:
        if mapping.sheet not in workbook.titles:
            raise Invalid(NO_SHEET, name=mapping.sheet)
        rows = ((number, values) for number, values in workbook.rows(mapping.sheet) if number >= mapping.header_row)
        first, values = next(rows, (mapping.header_row, ()))
        places = {" ".join(text_of(value).split())[:60]: place for place, value in reversed(list(enumerate(values)))}
        found = {key: places[head] for key, head in heads_of.items() if head in places}
        book.letters[KEY] = {key: letter(place) for key, place in found.items()}
        for head in sorted(set(heads_of.values()) - set(places)):
            book.wrong.append(Wrong(KEY, first, "", NO_COLUMN, {"name": head}))
        held = book.rows.setdefault(KEY, [])
        for number, line in rows:
            if len(held) >= MOST:
                raise Invalid(LONG_FILE, limit=MOST)
            cells = {key: line[place] for key, place in found.items() if place < len(line)}
            held.append(Row(sheet, number, cells))
        progress(1, 1)
    finally:
        workbook.close()
    if not held:
        raise Invalid(NO_ROWS)
    return book


def plan(book: Book, mapping: SheetMapping, owed: Round) -> Plan:
    """What the rows become: reports that are sent in, or are there already, or can't be taken."""
    made, form = Plan(wrong=list(book.wrong)), forms.form_of(owed.form_version)
    slots = _slots(owed)
    seen: dict[int, int] = {}
    around = forms.surroundings_of(list(slots.values()))
    for row in book.rows[KEY]:
        slot = _slot(made, row, slots)
        if slot is None:
            continue
        if slot.id in seen:
            made.wrong.append(Wrong(KEY, row.number, PROJECT, TWICE, {"row": seen[slot.id]}))
            continue
        seen[slot.id] = row.number
        raw = answers(form, mapping, row, around[slot.id])
        _take(made, row, slot, forms.checked(slot, form, raw), form)
    return made


def _slots(owed: Round) -> dict[tuple[str, str], Slot]:
    query = (
        Slot.select(Slot, Project, Organization, Round)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .join_from(Slot, Round)
        .where(Slot.round == owed)
    )
    return {(one.project.code, one.organization.uscc): one for one in query}


def _slot(made: Plan, row: Row, slots: Mapping[tuple[str, str], Slot]) -> Slot | None:
    code = row.cells.get(ORGANIZATION)
    if is_lost(code):
        shown = {"value": f"{float(str(code)):.2E}"}
        made.wrong.append(Wrong(KEY, row.number, ORGANIZATION, NUMBER_LOST, shown))
        return None
    found = slots.get((text_of(row.cells.get(PROJECT)), uscc.compact(text_of(code))))
    if found is None:
        made.wrong.append(Wrong(KEY, row.number, PROJECT, NO_SLOT))
    return found


def answers(form: Form, mapping: SheetMapping, row: Row, around: forms.Surroundings) -> dict[str, Any]:
    """A row's cells as answers: choices by their labels or values, of each repeat one row."""
    found: dict[str, Any] = {}
    for question, repeat in form.questions():
        key = f"{repeat.name}.{question.name}" if repeat else question.name
        given = mapping.columns.get(key)
        if given is None:
            continue
        text = given["value"] if "value" in given else text_of(row.cells.get(key))
        text = _chosen(question, text, (*question.choices, *around.choices.get(question.choices_from, ())))
        if repeat is None:
            found[question.name] = text
        else:
            found.setdefault(repeat.name, [{}])[0][question.name] = text
    for repeat in (item for item in form.items() if isinstance(item, Repeat)):
        # A row of nothing but fixed values is no row: the spreadsheet says nothing there.
        cells = [key for key in row.cells if key.startswith(f"{repeat.name}.")]
        if repeat.name in found and not any(text_of(row.cells[key]) for key in cells):
            del found[repeat.name]
    return found


def _chosen(question: Question, text: str, choices: Sequence[Choice]) -> str:
    labels = {choice.label: choice.value for choice in choices}
    if question.kind == "select_multiple":
        return " ".join(labels.get(part, part) for part in re.split(r"[\s,，、;；]+", text) if part)
    return labels.get(text, text)


def _take(made: Plan, row: Row, slot: Slot, checked: Any, form: Form) -> None:
    if checked.problems:
        made.wrong += _wrong(row, checked.problems)
        return
    title = f"{slot.project.code} {slot.project.name} · {slot.organization.name}"[:TITLE]
    digest = submissions.digest(checked.answers)
    if slot.state not in transitions.EDITABLE:
        held: Version | None = submissions.current_version(slot)
        if held is not None and held.sha256 == digest:
            made.lines.append(Line(KEY, row.number, SAME, title))
        else:
            made.wrong.append(Wrong(KEY, row.number, PROJECT, NOT_NOW))
        return
    found = explaining.all_of(slot, form, checked.answers)
    unfit = [one for one in found if one.severity == "must_fix"]
    for one in unfit:
        made.wrong.append(Wrong(KEY, row.number, _key(one.path), UNFIT, {"name": one.name}))
    if not unfit:
        made.lines.append(Line(KEY, row.number, NEW, title, tuple(_shown(form, checked.answers))))
        made.sendings.append(Sending(slot.id, checked.answers, tuple(found)))


def _wrong(row: Row, problems: Sequence[Problem]) -> Iterator[Wrong]:
    for problem in problems:
        yield Wrong(KEY, row.number, _key(problem.path), problem.message.text_id, dict(problem.message.values))


def _key(path: str) -> str:
    """An answer's path as mappings name it: without the number of its row."""
    return re.sub(r"\[\d+\]", "", path)


def _shown(form: Form, given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for question, repeat in form.questions():
        if repeat is None:
            texts = [given.get(question.name, "")]
        else:
            texts = [line.get(question.name, "") for line in given.get(repeat.name, ()) if isinstance(line, dict)]
        if question.kind not in UNANSWERED:
            yield from ((question.label[:60], "", str(text)[:200]) for text in texts if text)


def write(made: Plan, owed: Round, person: Person, import_id: int) -> None:
    """Send all of them in, inside the transaction of whoever calls."""
    for sending in made.sendings:
        slot = transitions.locked(sending.slot)
        name = str(uuid.uuid5(SPACE, f"{import_id} {sending.slot}"))
        sent = submissions.Submission(name, sending.answers, SOURCE)
        version = submissions.submit(slot, owed.form_version, person, sent)
        # Nobody was asked to explain what looks odd, so the reviewers see it as a flag.
        flags.record(version, sending.found)


SPACE = uuid.UUID("0d7f6a35-9f0e-4c0b-9b55-6d6f4a7a9c21")
"""Namespace of the UUIDs of submissions that come by import."""
