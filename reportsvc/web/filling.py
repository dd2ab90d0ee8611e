"""A report that is being filled in: one section bound to its draft, and what a page or the autosave sends of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_wtf import FlaskForm

from reportsvc import clock, files
from reportsvc.forms import answers as forms_answers
from reportsvc.forms import attached, fields, slimming
from reportsvc.forms.definition import Answers, Form, Section
from reportsvc.reports import drafts, forms, progress
from reportsvc.web import comparing, showing, speaking
from reportsvc.web.language import say

_ROW = re.compile(r"\[([0-9]+)\]\.")


FILES_SCRIPT = "photos/answers.js"
"""The script of sections with questions that take files."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is being filled in, with all that its pages need."""

    opened: drafts.Opened
    form: Form
    around: forms.Surroundings
    visible: set[str]
    checked: forms_answers.Checked

    @property
    def slot(self) -> Any:
        """The obligation that the report fills."""
        return self.opened.slot

    def sections(self) -> list[Section]:
        """The sections that are asked now."""
        return [section for section in self.form.sections if section.name in self.visible]

    def after(self, section: Section) -> Section | None:
        """The section after this one; nothing after the last."""
        names = [each.name for each in self.form.sections]
        later = names[names.index(section.name) + 1 :]
        return next((each for each in self.sections() if each.name in later), None)

    def before(self, section: Section) -> Section | None:
        """The section before this one; nothing before the first."""
        names = [each.name for each in self.form.sections]
        earlier = names[: names.index(section.name)]
        return next((each for each in reversed(self.sections()) if each.name in earlier), None)

    def problems_of(self, section: Section) -> list[forms_answers.Problem]:
        """What is wrong or missing in one section."""
        return progress.problems_of(section, self.checked)

    @property
    def progress(self) -> progress.Progress:
        """How far it is filled in."""
        return progress.of(self.form, self.opened, self.visible, self.checked)

    def section_of(self, path: str) -> Section:
        """The section in which an answer is asked for."""
        return next(each for each in self.form.sections if asks(each, path))


def first(path: str) -> str:
    """The question or repeat of the top level that a path starts with."""
    return path.partition("[")[0]


def last(path: str) -> str:
    """The question that a path leads to."""
    return path.rpartition(".")[2]


def asks(section: Section, path: str) -> bool:
    """Whether an answer is asked for in this section."""
    return first(path) in {item.name for item in section.items}


def anchor(path: str) -> str:
    """The id of an answer's field in the page of its section.

    >>> anchor("own_funds"), anchor("homes[2].people[1].name")
    ('own_funds', 'homes-1-people-0-name')
    """
    return _ROW.sub(lambda row: f"-{int(row[1]) - 1}-", path)


def read(slot: Any, answers: Mapping[str, Any] | None = None, form_version: int | None = None) -> Report:
    """The report of a slot.

    :param answers: what stands in the place of its draft.
    :param form_version: id of the form that a page showed, where that is not the newest.
    """
    opened = drafts.opened(slot)
    opened = replace(
        opened,
        form_version=forms.shown_version(slot, form_version),
        answers=opened.answers if answers is None else dict(answers),
    )
    form = speaking.form_of(opened.form_version)
    around = forms.surroundings(slot)
    visible = forms_answers.visible(form, opened.answers, supplied=around.supplied, today=clock.today())
    return Report(opened, form, around, visible, forms.checked(slot, form, opened.answers))


def bind(report: Report, section: Section, formdata: Any = None) -> Any:
    """The WTForms form of one section."""
    form_class = fields.section_form(report.form, section.name, FlaskForm)
    bound = fields.fill(form_class, report.opened.answers, choices=report.around.choices, formdata=formdata)
    given = fields.Given(report.around.supplied, clock.today(), report.opened.answers)
    fields.arrange(bound, report.around.choices, given)
    _find_files(report, bound)
    return bound


def _find_files(report: Report, bound: Any) -> None:
    """Put what is held of each file beside its input, and the whole answer where it has arrived in the meantime."""
    asked = [(field, attached.read(field.data or "")) for field in fields.files(bound)]
    held = files.known([report.slot], (file.uuid for _, file in asked if file is not None))
    for field, file in asked:
        kept = held.get(file.uuid) if file is not None else None
        if kept is not None and file is not None and file.answer in {kept.uuid, kept.answer}:
            field.kept, field.data = kept, kept.answer


@dataclass(frozen=True, slots=True)
class Received:
    """One section as it was sent: by the form that its page showed, whatever a newer version asks instead."""

    report: Report
    """With what was sent in the draft's place."""
    section: Section
    bound: Any
    rows_changed: bool
    """Whether a row was added or taken away, instead of going on."""
    typed: drafts.Typed
    undecided: bool = False
    """Whether it still has to be chosen between what is here and what was saved elsewhere."""

    @property
    def mark(self) -> str:
        """What the next save of the section has to carry."""
        return drafts.mark(self.section, self.typed.answers)


def receive(slot: Any, name: str, formdata: Any) -> Received | None:
    """Read one section out of what was posted; nothing if the form of its page has no such section."""
    before = read(slot, form_version=formdata.get("form", type=int))
    section = before.form.section(name)
    if section is None:
        return None
    bound = bind(before, section, formdata)
    rows_changed = fields.press(bound, formdata, say)
    raw = fields.collect(bound, section)
    names = {item.name for item in section.items}
    others = {name: value for name, value in before.opened.answers.items() if name not in names}
    version = before.opened.form_version
    report = read(slot, others | raw, version.id)
    typed = drafts.Typed(
        section, to_keep(report, names, raw), formdata.get("base", ""), version, formdata.get("page", "")[:40]
    )
    received = Received(report, section, bound, rows_changed, typed)
    return _decided(received, formdata, others | raw) if comparing.UNDECIDED in formdata else received


def _decided(received: Received, formdata: Any, answers: dict[str, Any]) -> Received:
    """The same with what was chosen of another device's answers, once every choice is clear."""
    section, typed = received.section, received.typed
    taken = comparing.chosen(section, formdata)
    if received.rows_changed or comparing.edited(formdata, taken, typed.answers):
        return replace(received, undecided=True)
    if not taken:
        return received
    names = {item.name for item in section.items}
    raw = {name: value for name, value in (answers | taken).items() if name in names}
    report = read(received.report.slot, answers | taken, typed.form_version.id)
    typed = replace(typed, answers=to_keep(report, names, raw))
    return Received(report, section, bind(report, section), rows_changed=False, typed=typed)


def to_keep(report: Report, names: set[str], raw: Answers) -> Answers:
    """What a section's save puts into the draft: put plainly where it could be read, else as it was typed.

    What is not asked now is kept too: somebody who changes an answer and changes it back finds the rest again.
    """
    plain = report.checked.answers
    kept = {
        name: plain[name] if name in plain else forms_answers.storable(value)
        for name, value in raw.items()
        if name in names
    }
    return {name: value for name, value in kept.items() if value}


def page(report: Report, section: Section, bound: Any) -> dict[str, Any]:
    """The variables of the section's template."""
    takes_files = attached.asked(section)
    return {
        "report": report,
        "section": section,
        "bound": bound,
        "faults": fields.faults(bound),
        "takes_files": takes_files,
        "required": forms_answers.required(
            report.form, report.opened.answers, supplied=report.around.supplied, today=clock.today()
        ),
        "previous": showing.previous(report.slot, section, report.around.choices) if report.slot else {},
        "labels": _labels(report, section),
        "languages": speaking.switch(report.opened.form_version) if report.slot else (),
        "base": drafts.mark(section, report.opened.answers),
        "page_id": secrets.token_urlsafe(9),
        "scripts": (*slimming.scripts(report.form, section.name), *((FILES_SCRIPT,) if takes_files else ())),
        "data": fields.page_data(
            slimming.for_section(report.form, section.name),
            section,
            {**report.opened.answers, **report.around.supplied},
            clock.today(),
            report.around.choices,
        ),
    }


def _labels(report: Report, section: Section) -> dict[str, str]:
    return {
        item.name: forms_answers.label(item.label, report.checked.answers, form=report.form)
        for item in section.items
        if "${" in item.label
    }


def put_problems(bound: Any, report: Report, section: Section) -> None:
    """Show what is wrong beside the fields of this section."""
    fields.show_problems(bound, report.problems_of(section), say)
