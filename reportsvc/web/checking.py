"""The last look before a report is sent: what is missing, what is doubted, and every answer beside last quarter's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import url_for

from reportsvc.forms import answers as forms_answers
from reportsvc.forms.answers.typed import clean
from reportsvc.forms.definition import Section
from reportsvc.forms.messages import N_
from reportsvc.reports import doubts, drafts, explaining, forms, sending
from reportsvc.reports.checks import single
from reportsvc.web import filling, showing
from reportsvc.web.arithmetic import about, arithmetic
from reportsvc.web.language import say

Mark = Literal["unchanged", "changed", "new", "gone", ""]
WHY = "why-"
"""Before the key of a doubt, the name of the field for what is said to it."""

TOO_SHORT = N_("Explain it in a sentence, or fix the value.")
TOO_LONG = N_("This text has %(length)s characters; at most %(limit)s are allowed.")


@dataclass(frozen=True, slots=True)
class Marked:
    """One answer with last quarter's; no mark where there is no last quarter to look at."""

    label: str
    now: str
    before: str
    mark: Mark
    long: bool
    """Whether it may run over many lines."""
    file: Any = None
    """What is held of it, where it is a file."""


@dataclass(frozen=True, slots=True)
class Part:
    """The answers of one section; it can't be turned to while other answers make it needless."""

    section: Section
    asked: bool
    answers: list[Marked] = field(default_factory=list)


def parts(report: filling.Report) -> list[Part]:
    """Every section that is asked or was answered last quarter, with its answers."""
    earlier = drafts.last_quarter(report.slot)
    now = _by_path(report.form, report.checked.answers, report)
    before = _by_path(forms.form_of(earlier.form_version), earlier.answers, report) if earlier else {}
    long = {question.name for question, _ in report.form.questions() if question.multiline}
    found = {
        section.name: Part(section, section.name in report.visible)
        for section in report.form.sections
    }  # fmt: skip
    files = showing.files(report.slot, report.form, report.checked.answers)
    sections = {item.name: section.name for section in report.form.sections for item in section.items}
    for path in now | before:
        name = sections.get(filling.first(path))  # what the form has no more can't be answered any more
        if name is not None:
            new, old = now.get(path), before.get(path)
            mark = _mark(new, old) if earlier else ""
            label = (new or old or forms_answers.Shown("", "", "", "")).label
            shown = Marked(label, _text(new), _text(old), mark, filling.last(path) in long, files.get(path))
            found[name].answers.append(shown)
    return [part for part in found.values() if part.asked or part.answers]


def _by_path(form: Any, answers: Any, report: filling.Report) -> dict[str, forms_answers.Shown]:
    shown = forms_answers.display(form, answers, report.around.choices)
    return {one.path: one for part in shown for one in part.answers}


def _text(shown: forms_answers.Shown | None) -> str:
    return f"{shown.text} {shown.unit}".strip() if shown else ""


def _mark(now: forms_answers.Shown | None, before: forms_answers.Shown | None) -> Mark:
    if now is None or before is None:
        return "gone" if now is None else "new"
    return "unchanged" if _text(now) == _text(before) else "changed"


def counts(shown: list[Part]) -> Counter[str]:
    """How many answers bear which mark."""
    return Counter(one.mark for part in shown for one in part.answers if one.mark)


@dataclass(frozen=True, slots=True)
class Asked:
    """One doubt as the page asks about it."""

    doubt: doubts.Doubt
    text: str
    error: str
    earlier: str
    """What was said to other values of it."""
    section: str
    anchor: str
    address: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What the last look found: what blocks, and what is asked about."""

    faults: list[tuple[str, str, str]]
    """What is wrong or missing: the address of its very field, its label, and the message."""
    doubted: list[Asked]


def look(report: filling.Report, problem: Exception | None = None) -> Looked:
    """Everything that is wrong, and what is to be explained or fixed with what was said so far.

    After a refusal each doubt that nothing was said to says so.
    """
    found = _found(report)
    blocking = [(_address(report, one.path), about(one), arithmetic(one)) for one in found if _blocks(one)]
    return Looked([*_missing(report), *blocking], _asked(report, found, isinstance(problem, sending.Unexplained)))


def _blocks(doubt: doubts.Doubt) -> bool:
    return doubt.severity == "must_fix"


def _asked(report: filling.Report, found: list[doubts.Doubt], refused: bool) -> list[Asked]:
    texts = report.opened.explanations
    return [
        Asked(
            one.doubt,
            one.text,
            _wrong(one) if refused else "",
            doubts.earlier_text(one.doubt, texts),
            *_place(report, one.doubt.path),
            _address(report, one.doubt.path),
        )
        for one in _explained(report, found)
    ]


def _explained(report: filling.Report, found: list[doubts.Doubt]) -> list[doubts.Explained]:
    return doubts.explained([one for one in found if one.severity == "explain"], report.opened.explanations)


def _wrong(one: doubts.Explained) -> str:
    if doubts.too_long(one.text):
        return say(TOO_LONG, length=len(one.text), limit=doubts.RULES.longest)
    return say(TOO_SHORT) if doubts.too_short(one.text) else ""


def still_open(report: filling.Report) -> int:
    """How many values must be fixed, or wait for an explanation."""
    found = _found(report)
    return len(doubts.open_ones(_explained(report, found))) + sum(map(_blocks, found))


def _found(report: filling.Report) -> list[doubts.Doubt]:
    """What is doubted now. While pages are still missing, what is not there yet is neither fallen nor missing."""
    found = explaining.all_of(report.slot, report.form, report.checked.answers)
    missing = bool(report.checked.problems)
    return [one for one in found if one.now or not missing]


def _place(report: filling.Report, path: str) -> tuple[str, str]:
    """(section, field) that a path leads to; no section where it is no answer."""
    section = next((one for one in report.form.sections if filling.asks(one, path)), None)
    return (section.name, filling.anchor(path)) if section else (path, "")


def _address(report: filling.Report, path: str) -> str:
    section, field_id = _place(report, path)
    return place(report.slot.id, section, field_id)


def place(slot_id: int, section: str, field_id: str = "") -> str:
    """The address of a section's field, on the way to the check; of the photos; of the overview for anything else."""
    if section == single.PHOTOS:
        return url_for("photos.listing", slot_id=slot_id)
    return address(slot_id, section, field_id) if section else url_for("reporting.overview", slot_id=slot_id)


def typed(posted: Any) -> dict[str, str]:
    """What was typed about doubted values, by the key of the doubt."""
    names = [name for name in posted if name.startswith(WHY)]
    return {name.removeprefix(WHY): clean(posted[name], multiline=True) for name in names}


def _missing(report: filling.Report) -> list[tuple[str, str, str]]:
    labels = {item.name: item.label for item in report.form.items()}
    labels |= {question.name: question.label for question, _ in report.form.questions()}
    return [
        (
            address(report.slot.id, report.section_of(one.path).name, filling.anchor(one.path)),
            labels.get(filling.last(one.path), ""),
            say(one.message.text_id, **one.message.values),
        )
        for one in report.checked.problems
    ]


def address(slot_id: int, section: str, place: str = "") -> str:
    """A section's page that leads back to the check when it is saved, at a field's place."""
    return url_for("reporting.section", slot_id=slot_id, section=section, check=1, _anchor=place or None)
