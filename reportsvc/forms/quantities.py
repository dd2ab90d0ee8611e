"""What a form hands on to be summed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reportsvc.forms.definition import Answers, Form, Question, Repeat, Row
from reportsvc.forms.numbers import normalise

_NAMED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number that a report gives to one indicator, exact, in the indicator's unit.

    ``place`` is a county's code where the answer names one; ``path`` the answer it came from, such as
    ``benefits[2].amount``, so that a figure can be walked back to the very input.
    """

    indicator: str
    value: Decimal
    place: str | None
    path: str


def quantities(form: Form, answers: Answers) -> list[Quantity]:
    """What checked answers give to be summed, in the form's order; empty answers and zeros give nothing.

    ``{name}`` in an indicator's code and the question that names the place are looked up in the same row first.
    """
    found: list[Quantity | None] = []
    for item in form.items():
        if isinstance(item, Repeat):
            found += _in_rows(item, item.name, answers, _texts(answers))
        else:
            found.append(_quantity(item, _texts(answers), ""))
    return [quantity for quantity in found if quantity is not None]


def _in_rows(repeat: Repeat, path: str, holding: Row, beside: Row) -> Iterator[Quantity | None]:
    rows = holding.get(repeat.name, ())
    for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
        near = {**beside, **_texts(row)}
        for question in repeat.questions:
            yield _quantity(question, near, f"{path}[{number}].")
        for inner in repeat.repeats:
            yield from _in_rows(inner, f"{path}[{number}].{inner.name}", row, near)


def _texts(answers: Row) -> dict[str, str]:
    return {name: answer for name, answer in answers.items() if isinstance(answer, str)}


def _quantity(question: Question, beside: dict[str, str], prefix: str) -> Quantity | None:
    plain = normalise(beside.get(question.name, "")) if question.indicator else None
    value = Decimal(plain) if plain else Decimal(0)
    if value == 0:
        return None
    asked = _NAMED.findall(question.indicator)
    if not all(beside.get(name) for name in asked):
        return None
    code = _NAMED.sub(lambda match: beside[match[1]], question.indicator)
    return Quantity(code, value, beside.get(question.place) or None, prefix + question.name)
