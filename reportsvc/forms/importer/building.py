"""From the rows of the sheets to sections, repeats and questions, each looked at by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reportsvc.forms.definition import UNANSWERED, Form, Question, Repeat, Section
from reportsvc.forms.expressions import ExpressionError, Node, parse
from reportsvc.forms.expressions.tree import Binary, Column, Reference, walk
from reportsvc.forms.importer import lists, translating
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.questions import is_worked_out, question, read_only
from reportsvc.forms.importer.sheets import Row, Sheets
from reportsvc.forms.importer.types import Lists, Type, type_of
from reportsvc.forms.messages import N_

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
FORM_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
REQUIRED = {"yes": "true()", "true": "true()", "no": "", "false": "", "false()": ""}
_NOT_FOR_GROUPS = (
    *("calculation", "constraint", "required", "default", "indicator", "place", "unit"),
    *("choice_filter", "trigger", "read_only"),
)
_BOUNDARY = re.compile(r"(begin|end)[ _](group|repeat)", re.IGNORECASE)

EXPRESSIONS = 500_000  # characters of all expressions of a form
OFFERED = 100_000  # choices of all questions together; a list counts wherever it is asked


@dataclass(frozen=True, slots=True)
class Use:
    """An expression where it was written: its row, its column by our name, the repeat around it."""

    row: Row
    key: str
    node: Node
    home: str


@dataclass(slots=True)
class Built:
    """The form, the row that each of its names comes from, and the expressions where they were written."""

    form: Form
    rows: dict[str, Row]
    uses: list[Use]


@dataclass(slots=True)
class _Open:
    """A group or repeat that has begun; the outermost ``""`` takes what stands outside of all."""

    kind: str
    row: Row
    relevant: Node | None
    count: Node | None = None
    items: list[Question | Repeat] = field(default_factory=list)


def build(sheets: Sheets, files: Mapping[str, bytes], problems: Problems) -> Built:
    """The form as its rows say; where one is wrong it is left out and told."""
    found = Lists(lists.from_sheet(sheets.choices, problems), files)
    builder = _Builder(problems, found, title=_title(sheets))
    for row in sheets.survey:
        builder.take(row)
    sections = builder.finish()
    form_id = sheets.settings.get("form_id") or sheets.stem
    if not FORM_ID.fullmatch(form_id):
        message = N_("“%(name)s” can't be a form_id: it takes letters a–z, digits and _ . - only, a letter in front.")
        problems.add("settings", sheets.settings.number, "form_id", message, name=form_id)
    if not problems.found and not any(
        isinstance(item, Repeat) or item.kind not in UNANSWERED for section in sections for item in section.items
    ):
        problems.add("survey", 0, "", N_("The form asks nothing."))
    spoken = translating.translations(sheets, builder.taken)
    form = Form(form_id, _title(sheets), tuple(sections), sheets.language, spoken)
    return Built(form, builder.rows, builder.uses)


def both(one: Node | None, other: Node | None) -> Node | None:
    """A condition that holds where both do."""
    if one is None or other is None:
        return one or other
    return Binary("and", one, other)


def _title(sheets: Sheets) -> str:
    return sheets.settings.get("form_title") or sheets.settings.get("form_id") or sheets.stem


def _shown_only(made: Question) -> list[Question | Repeat]:
    """A calculation that is shown and can't be changed: the calculation, and a note that shows it."""
    bare = Question(
        made.name, "calculate", made.label, calculation=made.calculation, relevant=made.relevant, unit=made.unit,
        indicator=made.indicator, place=made.place,
    )  # fmt: skip
    text = f"{made.label}：${{{made.name}}} {made.unit}".rstrip()
    return [bare, Question(f"{made.name}_shown", "note", text, made.hint, relevant=made.relevant)]


class _Builder:
    """Takes the survey's rows one after another."""

    def __init__(self, problems: Problems, lists: Lists, *, title: str) -> None:
        self.problems, self.lists, self.title = problems, lists, title
        self.taken: list[tuple[Row, Type | None]] = []
        self.rows: dict[str, Row] = {}
        self.uses: list[Use] = []
        self.sections: list[Section] = []
        self.loose: list[Question | Repeat] = []
        self.open: list[_Open] = []
        self.written = self.offered = 0

    def take(self, row: Row) -> None:
        """Take one row."""
        if row.get("type").lower() == "note" and not row.get("name"):  # nobody answers it, so any name will do
            row = replace(row, cells={**row.cells, "name": f"note_in_row_{row.number}"})
        boundary = _BOUNDARY.fullmatch(row.get("type"))
        if boundary is None:
            self.add_question(row)
        elif boundary[1].lower() == "begin":
            self.begin(row, boundary[2].lower())
        else:
            self.end(row, boundary[2].lower())

    def finish(self) -> list[Section]:
        """Give all sections; what is still open is told."""
        for left in self.open:
            message = N_("This %(kind)s is never ended; “end_%(kind)s” is missing.")
            self.problems.add("survey", left.row.number, left.row.header("type"), message, kind=left.kind)
        self.close_loose()
        return self.sections

    def begin(self, row: Row, kind: str) -> None:
        self.register(row)
        self.taken.append((row, None))
        for key in (*_NOT_FOR_GROUPS, *(("repeat_count",) if kind == "group" else ())):
            if row.get(key):
                message = N_("A %(kind)s can't have this.")
                self.problems.add("survey", row.number, row.header(key), message, kind=kind)
        if kind == "repeat" and sum(above.kind == "repeat" for above in self.open) > 1:
            message = N_("A repeat within a repeat within a repeat is not supported.")
            self.problems.add("survey", row.number, row.header("type"), message)
        if kind == "group" and not self.open:
            self.close_loose()
        count = self.expression(row, "repeat_count") if kind == "repeat" else None
        self.open.append(_Open(kind, row, self.expression(row, "relevant"), count))

    def end(self, row: Row, kind: str) -> None:
        if not self.open or self.open[-1].kind != kind:
            message = N_("This ends a %(kind)s that has not begun, or within which something else has not ended.")
            self.problems.add("survey", row.number, row.header("type"), message, kind=kind)
            return
        done = self.open.pop()
        if not done.items:
            self.problems.add("survey", done.row.number, "", N_("This %(kind)s has nothing in it."), kind=kind)
        if kind == "repeat":
            self.end_repeat(done)
        elif self.open:
            self.dissolve(done)
        else:
            text = done.row.get
            items = tuple(done.items)
            self.sections.append(Section(text("name"), text("label") or self.title, items, text("hint"), done.relevant))

    def end_repeat(self, done: _Open) -> None:
        text = done.row.get
        questions = tuple(item for item in done.items if isinstance(item, Question))
        inner = tuple(item for item in done.items if isinstance(item, Repeat))
        first = next((place for place, item in enumerate(done.items) if isinstance(item, Repeat)), len(done.items))
        if len(questions) > first:
            message = N_("A repeat within a repeat is shown after the other questions of its row.")
            row = self.rows.get(inner[0].name, done.row)
            self.problems.warn("survey", row.number, row.header("type"), message)
        repeat = Repeat(
            text("name"),
            text("label"),
            questions,
            text("hint"),
            done.relevant,
            count=done.count,
            repeats=inner,
        )
        (self.open[-1].items if self.open else self.loose).append(repeat)

    def dissolve(self, done: _Open) -> None:
        """Let a group within a group go: its questions take on its condition, its label becomes a note."""
        text = done.row.get
        into = self.open[-1].items
        if text("label"):
            into.append(Question(text("name"), "note", text("label"), text("hint"), relevant=done.relevant))
        into += [replace(item, relevant=both(done.relevant, item.relevant)) for item in done.items]

    def add_question(self, row: Row) -> None:
        known = self.register(row)
        found = type_of(row, self.lists, self.problems)
        made = question(row, found, self.problems) if found is not None else None
        parsed = {key: self.expression(row, key) for key in ("relevant", "constraint", "required", "calculation")}
        default = self.expression(row, "default") if is_worked_out(row) and not (made and made.default) else None
        if made is None or found is None or not known or self.is_crowded(row, found):
            return
        self.taken.append((row, found))
        if found.said == "today":
            parsed["calculation"] = parse("once(today())")
        if default is not None and any(above.kind == "repeat" for above in self.open):
            message = N_("A default that is worked out isn't filled into rows.")
            self.problems.warn("survey", row.number, row.header("default"), message)
        made = replace(
            made,
            relevant=parsed["relevant"],
            constraint=parsed["constraint"],
            required=parsed["required"],
            calculation=parsed["calculation"],
            default_from=default,
            trigger=self.triggers(row, made),
        )
        made = self.filtered(row, found, made)
        into = self.open[-1].items if self.open else self.loose
        into += _shown_only(made) if read_only(row) and made.calculation and not made.trigger else [made]

    def is_crowded(self, row: Row, found: Type) -> bool:
        """Whether the questions so far offer more choices than a form can carry."""
        self.offered += len(found.choices.choices) if found.choices else 0
        if self.offered > OFFERED:
            message = N_("All questions of a form together offer at most %(limit)s choices.")
            self.problems.add("survey", row.number, row.header("type"), message, limit=OFFERED)
        return self.offered > OFFERED

    def filtered(self, row: Row, found: Type, made: Question) -> Question:
        """The question with its ``choice_filter``, and the columns that this asks for in its choices."""
        if not row.get("choice_filter"):
            return made
        if found.choices is None or made.kind == "rank":
            message = N_("Only choices of select_one and select_multiple from this form's own lists can be filtered.")
            self.problems.add("survey", row.number, row.header("choice_filter"), message)
            return made
        node = self.expression(row, "choice_filter", frozenset(found.choices.columns))
        asked = {part.name for part in walk(node) if isinstance(part, Column)} if node is not None else set()
        return replace(made, choice_filter=node, choices=found.choices.with_columns(asked))

    def triggers(self, row: Row, made: Question) -> str:
        """The names in the column “trigger”."""
        names = re.findall(r"\$\{\s*([^{}\s]+)\s*\}", row.get("trigger"))
        if not row.get("trigger"):
            return ""
        if not names or not row.get("calculation"):
            message = N_("A trigger is written ${name}, beside a calculation that it starts.")
            self.problems.add("survey", row.number, row.header("trigger"), message)
        elif made.kind == "calculate":
            message = N_("This is worked out whenever anything that it needs changes, not only by its trigger.")
            self.problems.warn("survey", row.number, row.header("trigger"), message)
            return ""
        self.uses += [Use(row, "trigger", Reference(name), self.home()) for name in names]
        return " ".join(names)

    def home(self) -> str:
        """The repeat in which the next row stands."""
        return next((above.row.get("name") for above in reversed(self.open) if above.kind == "repeat"), "")

    def expression(self, row: Row, key: str, columns: frozenset[str] = frozenset()) -> Node | None:
        """The parsed expression of a cell; none if it is empty, says no, or can't be read."""
        text = row.get(key)
        if key == "required":
            text = REQUIRED.get(text.lower(), text)
        self.written += len(text)
        if not text:
            return None
        if self.written > EXPRESSIONS:
            message = N_("All expressions of a form together have at most %(limit)s characters.")
            self.problems.add(row.sheet, row.number, row.header(key), message, limit=EXPRESSIONS)
            return None
        try:
            node = parse(text, columns)
        except ExpressionError as error:
            told = {**error.values, "cell": text}  # so that a page can point at the character
            self.problems.add(row.sheet, row.number, row.header(key), error.message, **told)
            return None
        self.uses.append(Use(row, key, node, self.home()))
        return node

    def register(self, row: Row) -> bool:
        """Look at a row's name: whether it can be used, and is used for the first time."""
        name = row.get("name")
        if not name:
            self.problems.add("survey", row.number, row.header("name"), N_("This cell must be filled in."))
        elif not NAME.fullmatch(name):
            message = N_("“%(name)s” can't be a name: it takes letters a–z, digits and _ only, a letter in front.")
            self.problems.add("survey", row.number, row.header("name"), message, name=name)
        elif name in self.rows:
            message = N_("The name “%(name)s” is in row %(row)s already.")
            self.problems.add("survey", row.number, row.header("name"), message, name=name, row=self.rows[name].number)
        else:
            self.rows[name] = row
            return True
        return False

    def close_loose(self) -> None:
        """Make a section of the questions outside of any group that came last."""
        if not self.loose:
            return
        number = len(self.sections) + 1
        while f"section_{number}" in self.rows:
            number += 1
        name = f"section_{number}"
        self.rows[name] = self.rows.get(self.loose[0].name) or Row("survey", 0, {}, {})
        self.sections.append(Section(name, self.title, tuple(self.loose)))
        self.loose = []
