"""The fields of a form's questions for WTForms: what each shows, and what it takes from a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import wtforms
from wtforms.fields.choices import Choice as Option
from wtforms.utils import unset_value

from reportsvc.forms.definition import ACKNOWLEDGED, Choice, Question, Repeat

RADIOS = 7  # choices that still fit a screen; more of them go into a list to open
IN_LINE = 11  # choices beside one another, such as 0 to 10
ROWS = 200  # of one repeat that are read from a request, whatever it holds
LINED = frozenset({"likert", "horizontal", "horizontal-compact", "columns", "columns-pack", "quick", "quickcompact"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
_INDEX = re.compile(r"[0-9]{1,6}")

UPLOAD = ".file"
"""Behind the name of a question: its file in a request. No question's own name can hold a point."""
DROP = "drop-"
"""In front of the name of a question: the button that takes its file away."""

Lists = Mapping[str, Sequence[Choice]]


class TextField(wtforms.StringField):  # type: ignore[misc]
    """One line of text; numbers and days too, exactly as they were typed."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(question.label, description=question.hint, **kwargs)
        self.question = question

    @property
    def input_type(self) -> str:
        """``date`` and its like where the browser can show what was typed in its own picker, else ``text``."""
        found, pattern = _PICKERS.get(self.question.kind, ("text", _DAY))
        return found if not self.data or pattern.fullmatch(self.data) else "text"

    @property
    def keypad(self) -> str:
        """The keys to offer, as HTML's ``inputmode``."""
        if self.question.kind == "text" and "numbers" in self.question.appearance.split():
            return "numeric"
        return _KEYPADS.get(self.question.kind, "text")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first text; without one what the draft holds stays."""
        if valuelist and isinstance(valuelist[0], str):
            self.data = valuelist[0]


_PICKERS = {
    "date": ("date", _DAY),
    "time": ("time", _TIME),
    "datetime": ("datetime-local", re.compile(_DAY.pattern + "T" + _TIME.pattern)),
}
_KEYPADS = {"integer": "numeric", "decimal": "decimal", "range": "decimal", "date": "numeric", "time": "numeric"}


class AcknowledgeField(TextField):
    """One box to tick."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the tick; a browser sends nothing where there is none."""
        self.data = ACKNOWLEDGED if ACKNOWLEDGED in valuelist else ""


class FileField(TextField):
    """A photo or a document. The answer names the file; the file itself comes apart from it, as ``pic.file``."""

    kept: Any = None
    """What the server holds of the file that the answer names; whoever binds the form looks it up."""

    @property
    def upload(self) -> str:
        """The name of the input that the browser puts a file into."""
        return f"{self.name}{UPLOAD}"


class Choosing:
    """What the fields with choices have in common: where these come from, and that no answer gets lost."""

    question: Question
    id: str
    label: Any
    errors: Sequence[str]
    narrowed: Sequence[Choice] | None = None
    """What the question's choice_filter lets through, where that is known."""
    _form: Any

    @property
    def lined(self) -> bool:
        """Whether the choices stand beside one another."""
        return not LINED.isdisjoint(self.question.appearance.split()) and len(self._offered()) <= IN_LINE

    @property
    def radios(self) -> bool:
        """Whether the choices are few enough to show them all; filtered ones change too often for that."""
        if self.question.choice_filter is not None or "minimal" in self.question.appearance.split():
            return False
        return self.lined or len(self._offered()) <= RADIOS

    def _offered(self) -> Sequence[Choice]:
        if self.narrowed is not None:
            return self.narrowed
        if not self.question.choices_from:
            return self.question.choices
        form = self._form
        while form._parent_form is not None:
            form = form._parent_form
        lists: Lists = getattr(form.meta, "lists", {})
        return lists.get(self.question.choices_from, ())

    def _chosen(self) -> list[str]:
        raise NotImplementedError

    def iter_choices(self) -> list[Option]:
        """The choices offered; an answer that is none of them is added, lest it be lost."""
        chosen = self._chosen()
        offered = [(choice.value, choice.label or choice.value) for choice in self._offered()]
        known = {value for value, _ in offered}
        offered += [(value, value) for value in dict.fromkeys(chosen) if value not in known]
        return [Option(value=value, label=label, selected=value in chosen, render_kw={}) for value, label in offered]


class OneField(Choosing, wtforms.SelectField):  # type: ignore[misc]
    """One choice: radio buttons, or a list to open where there are many."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(question.label, description=question.hint, validate_choice=False, **kwargs)
        self.question = question

    def _chosen(self) -> list[str]:
        return [self.data] if self.data else []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the choice; a browser sends nothing where no radio button is pressed."""
        self.data = valuelist[-1] if valuelist and isinstance(valuelist[-1], str) else ""


class RangeField(OneField):
    """A number out of a few, side by side."""

    radios = True
    lined = True

    def _offered(self) -> Sequence[Choice]:
        return steps(self.question)


def steps(question: Question) -> tuple[Choice, ...]:
    """The numbers of a range; none where there are more than fit side by side."""
    if not (question.least and question.most and question.step):
        return ()
    least, most, step = (Decimal(each) for each in (question.least, question.most, question.step))
    count = int(abs(most - least) / step) + 1
    if count > IN_LINE:
        return ()
    texts = [f"{least + place * (step if most > least else -step):f}" for place in range(count)]
    plain = [text.rstrip("0").rstrip(".") if "." in text else text for text in texts]
    return tuple(Choice(text, text) for text in plain)


class ManyField(Choosing, wtforms.SelectMultipleField):  # type: ignore[misc]
    """Any number of choices: boxes to tick. ``data`` is a list, the answer their values with a space between."""

    radios = True

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(question.label, description=question.hint, validate_choice=False, **kwargs)
        self.question = question

    def _chosen(self) -> list[str]:
        return list(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what is ticked, once each."""
        texts = " ".join(value for value in valuelist if isinstance(value, str))
        self.data = list(dict.fromkeys(texts.split()))


class RankField(ManyField):
    """Choices in an order: one list to open for every place. ``data`` is a list, the first place first."""

    radios = False

    def places(self) -> list[str]:
        """What stands in each place so far; empty where nothing does."""
        offered = len(self._offered())
        given = self._chosen()
        return [*given, *[""] * max(0, offered - len(given))]


class RowsField(wtforms.FieldList):  # type: ignore[misc]
    """The rows of a repeat. There is always one, if need be empty, so that there is something to fill in."""

    def __init__(self, repeat: Repeat, row: type[wtforms.Form], **kwargs: Any) -> None:
        super().__init__(wtforms.FormField(row), repeat.label, min_entries=1, description=repeat.hint, **kwargs)
        self.repeat = repeat

    @property
    def mark(self) -> str:
        """What stands for the number of a row in :meth:`blank`; an inner repeat's is another one."""
        return "__inner__" if "-" in self.name else "__row__"

    def resize(self, count: int) -> None:
        """Have so many rows."""
        while len(self.entries) < min(count, ROWS):
            self.append_entry()
        while len(self.entries) > count:
            self.pop_entry()

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> list[int]:
        found = {int(index) for index in indices(prefix, formdata)}
        return sorted(found)[:ROWS]

    def blank(self) -> wtforms.FormField:
        """An empty row beside the others, for a script to copy; :attr:`mark` stands where its number belongs."""
        name = f"{self.name}-{self.mark}"
        options = {"name": name, "id": name, "_meta": self.meta, "translations": self._translations}
        field = self.meta.bind_field(self._form, self.unbound_field, options)
        field.process(None, unset_value)
        field.post_process()
        return field


def indices(prefix: str, formdata: Iterable[str]) -> set[str]:
    """The numbers of the rows that a request names."""
    start = f"{prefix}-"
    found = (key[len(start) :].split("-", 1) for key in formdata if key.startswith(start))
    return {parts[0] for parts in found if len(parts) > 1 and _INDEX.fullmatch(parts[0])}
