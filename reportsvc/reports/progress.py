"""How far a report is filled in, page by page, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportsvc import clock
from reportsvc.forms import answers as forms_answers
from reportsvc.forms.definition import Form, Section
from reportsvc.models import Slot
from reportsvc.reports import drafts, forms, returns

State = Literal["done", "wrong", "ahead"]


@dataclass(frozen=True, slots=True)
class Page:
    """One section that is asked now: ``done``; ``wrong``, with so many problems; or still ``ahead``."""

    section: Section
    state: State
    problems: int


@dataclass(frozen=True, slots=True)
class Progress:
    """All pages of a report in their order."""

    pages: tuple[Page, ...]
    touched: bool
    """Whether anything was typed since the report was opened, or since it came back."""

    @property
    def done(self) -> int:
        """How many pages are done."""
        return sum(page.state == "done" for page in self.pages)

    @property
    def next(self) -> Page | None:
        """The first page that still needs something; nothing when the report can be looked through and sent."""
        return next((page for page in self.pages if page.state != "done"), None)


def of(form: Form, opened: drafts.Opened, visible: set[str], checked: forms_answers.Checked) -> Progress:
    """The progress of one report.

    Many pages may be left empty, so that an empty one alone does not tell whether it was looked at. Pages are filled in
    in their order: those up to the last one that holds an answer were reached, what comes after it is still ahead. Of a
    report that came back every page has been looked at.
    """
    asked = [section for section in form.sections if section.name in visible]
    filled = [place for place, section in enumerate(asked) if drafts.part(section, opened.answers)]
    reached = len(asked) if opened.slot.state == "returned" else max(filled, default=-1) + 1
    pages = []
    for place, section in enumerate(asked):
        problems = problems_of(section, checked)
        state: State = "ahead" if place >= reached else "wrong" if problems else "done"
        pages.append(Page(section, state, len(problems)))
    return Progress(tuple(pages), opened.drafted)


def problems_of(section: Section, checked: forms_answers.Checked) -> list[forms_answers.Problem]:
    """What is wrong or missing in one section."""
    names = {item.name for item in section.items}
    return [problem for problem in checked.problems if problem.path.partition("[")[0] in names]


def of_slots(slots: Sequence[Slot]) -> dict[int, Progress]:
    """The progress by slot of all that were begun, in as many queries for many as for one."""
    around, today = forms.surroundings_of(slots), clock.today()
    found = {}
    for slot_id, opened in drafts.opened_all(slots).items():
        form, near = forms.form_of(opened.form_version), around[slot_id]
        visible = forms_answers.visible(form, opened.answers, supplied=near.supplied, today=today)
        checked = forms_answers.check(form, opened.answers, supplied=near.supplied, choices=near.choices, today=today)
        found[slot_id] = of(form, opened, visible, checked)
    return found


def returned_for(slots: Sequence[Slot]) -> dict[int, list[str]]:
    """The paths that the reviewer named when a report last came back, by slot."""
    return {slot: list(one.fields) for slot, one in returns.latest(slots).items()}
