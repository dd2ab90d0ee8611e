"""What the pages of a report show: one section bound to its draft, the way through the sections, the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_wtf import FlaskForm

from reportsvc import clock
from reportsvc.forms import answers as forms_answers
from reportsvc.forms import fields, slimming
from reportsvc.forms.answers.typed import clean
from reportsvc.forms.definition import Answers, Form, Question, Repeat, Section
from reportsvc.reports import drafts, forms
from reportsvc.web.language import say


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
        names = {item.name for item in section.items}
        return [problem for problem in self.checked.problems if first(problem.path) in names]


def first(path: str) -> str:
    """The question or repeat of the top level that a path starts with."""
    return path.partition("[")[0]


def last(path: str) -> str:
    """The question that a path leads to."""
    return path.rpartition(".")[2]


def shown(slot: Any, version: Any) -> list[forms_answers.ShownSection]:
    """A version's answers as people read them, by the form that it was filled in with."""
    form = forms.form_of(version.form_version)
    return forms_answers.display(form, version.answers, forms.surroundings(slot).choices)


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
    form = forms.form_of(opened.form_version)
    around = forms.surroundings(slot)
    visible = forms_answers.visible(form, opened.answers, supplied=around.supplied, today=clock.today())
    return Report(opened, form, around, visible, forms.checked(slot, form, opened.answers))


def bind(report: Report, section: Section, formdata: Any = None) -> Any:
    """The WTForms form of one section."""
    form_class = fields.section_form(report.form, section.name, FlaskForm)
    bound = fields.fill(form_class, report.opened.answers, choices=report.around.choices, formdata=formdata)
    given = fields.Given(report.around.supplied, clock.today(), report.opened.answers)
    fields.arrange(bound, report.around.choices, given)
    return bound


def with_section(report: Report, section: Section, raw: Answers) -> Answers:
    """All answers, with one section's just typed in their place."""
    names = {item.name for item in section.items}
    return {name: value for name, value in report.opened.answers.items() if name not in names} | raw


def to_keep(report: Report, section: Section, raw: Answers) -> Answers:
    """What a section's save puts into the draft: put plainly where it could be read, else as it was typed.

    What is not asked now is kept too: somebody who changes an answer and changes it back finds the rest again.
    """
    plain = report.checked.answers
    names = {item.name for item in section.items}
    kept = {name: plain[name] if name in plain else _storable(value) for name, value in raw.items() if name in names}
    return {name: value for name, value in kept.items() if value}


def _storable(value: Any) -> Any:
    """Without what no database takes, and without rows that hold nothing."""
    if isinstance(value, str):
        return clean(value, multiline=True)
    rows = [{name: clean(text, multiline=True) for name, text in row.items()} for row in value]
    filled = [{name: text for name, text in row.items() if text} for row in rows]
    return [row for row in filled if row]


def page(report: Report, section: Section, bound: Any) -> dict[str, Any]:
    """The variables of the section's template."""
    return {
        "report": report,
        "section": section,
        "bound": bound,
        "faults": fields.faults(bound),
        "required": forms_answers.required(
            report.form, report.opened.answers, supplied=report.around.supplied, today=clock.today()
        ),
        "previous": previous(report, section),
        "labels": _labels(report, section),
        "base": drafts.mark(section, report.opened.answers),
        "script": "forms/form-more.js" if slimming.calls_more(report.form) else "forms/form.js",
        "data": fields.page_data(
            slimming.for_section(report.form, section.name),
            section,
            {**report.opened.answers, **report.around.supplied},
            clock.today(),
            report.around.choices,
        ),
    }


def previous(report: Report, section: Section) -> dict[str, str]:
    """Last quarter's answers as people read them, by name."""
    earlier = drafts.last_quarter(report.slot)
    if earlier is None:
        return {}
    found = {item.name: _shown(item, earlier.answers.get(item.name), report) for item in section.items}
    return {name: text for name, text in found.items() if text}


def _shown(item: Question | Repeat, answer: Any, report: Report) -> str:
    if isinstance(item, Question):
        text = forms_answers.shown(item, answer, report.around.choices) if isinstance(answer, str) and answer else ""
        return f"{text} {item.unit}".strip() if text else ""
    rows = answer if isinstance(answer, list) else []
    return "；".join(
        " ".join(
            forms_answers.shown(question, row[question.name], report.around.choices)
            for question in item.questions
            if row.get(question.name)
        )
        for row in rows
    )


def _labels(report: Report, section: Section) -> dict[str, str]:
    return {
        item.name: forms_answers.label(item.label, report.checked.answers, form=report.form)
        for item in section.items
        if "${" in item.label
    }


def put_problems(bound: Any, report: Report, section: Section) -> None:
    """Show what is wrong beside the fields of this section."""
    fields.show_problems(bound, report.problems_of(section), say)


def changes(slot: Any, earlier: Any, later: Any) -> list[forms_answers.Change]:
    """What a later version changed, by its own form."""
    form = forms.form_of(later.form_version)
    return forms_answers.changes(form, earlier.answers, later.answers, forms.surroundings(slot).choices)
