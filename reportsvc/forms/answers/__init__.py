"""Answers to a form: checked, shown, compared. Everything works on :data:`~reportsvc.forms.definition.Answers`."""

from reportsvc.forms.answers.asking import defaults, offered, required, row_counts, visible
from reportsvc.forms.answers.checking import Checked, Problem, check
from reportsvc.forms.answers.showing import Change, Lists, Shown, ShownSection, changes, display, files, label, shown
from reportsvc.forms.answers.typed import Message, storable
from reportsvc.forms.definition import Answers
from reportsvc.forms.quantities import quantities

__all__ = [
    "Answers",
    "Change",
    "Checked",
    "Lists",
    "Message",
    "Problem",
    "Shown",
    "ShownSection",
    "changes",
    "check",
    "defaults",
    "display",
    "files",
    "label",
    "offered",
    "quantities",
    "required",
    "row_counts",
    "shown",
    "storable",
    "visible",
]
