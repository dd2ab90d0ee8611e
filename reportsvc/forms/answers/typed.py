"""What somebody typed, put into the one form that its kind of question keeps; never raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from reportsvc.forms.definition import Choice, Kind, Question
from reportsvc.forms.expressions.tree import Binary, Call, Node, Number, Self
from reportsvc.forms.messages import N_
from reportsvc.forms.numbers import normalise

LINE = 500  # characters of a one-line answer
LONG = 5000  # characters of an answer of many lines, and of a calculation
KEPT = 100_000  # characters of any answer, refused ones included; what comes after is lost
FIGURES = 100  # digits of a number in JSON, which should have been text
DIGITS = 15  # of a number, before and after the point
DECIMALS = 6
YUAN_DECIMALS = 2
SHOWN = 40  # characters of a wrong answer that a message repeats

_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|年(?P<month_>[0-9]{1,2})月(?P<day_>[0-9]{1,2})日?|(?P<month__>[0-9]{2})(?P<day__>[0-9]{2}))"
)
_WIDE = str.maketrans("０１２３４５６７８９－／．。—–", "0123456789-/..--")
_INVISIBLE = frozenset("\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell a person: a message id, or a sentence of the form's author as it is, and what fills it."""

    text_id: str
    values: Mapping[str, object] = field(default_factory=dict)


Typed = tuple[str, Message | None]
"""The answer as it is kept, and what is wrong with it."""


def scalar(raw: Any) -> str:
    """Any JSON value as text: numbers plainly, lists of texts with spaces between; what can't be one is empty."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or raw is None:
        return ""
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**FIGURES else ""
    if isinstance(raw, (float, Decimal)):
        exact = Decimal(str(raw))
        return f"{exact:f}" if exact.is_finite() and abs(exact.adjusted()) < FIGURES else ""
    if isinstance(raw, Sequence) and not isinstance(raw, (bytes, bytearray)):
        return " ".join(one for one in raw if isinstance(one, str))
    return ""


def clean(raw: Any, *, multiline: bool = False) -> str:
    """Text in NFC with plain line breaks, without control characters and what else can't be seen."""
    found = _BREAKS.sub("\n", scalar(raw)[: 2 * KEPT]).replace("\t", " ")
    if not multiline:
        found = found.replace("\n", " ")
    kept = (one for one in found if one == "\n" or not (one in _INVISIBLE or unicodedata.category(one) in {"Cc", "Cs"}))
    return unicodedata.normalize("NFC", "".join(kept)).strip()[:KEPT].strip()


def typed(question: Question, raw: Any, offered: Sequence[Choice]) -> Typed:
    """The answer as it is kept, and what is wrong with it; what was typed is kept where it is wrong.

    Given what it gave, it gives the same again.
    """
    found = clean(raw, multiline=question.multiline)
    if not found:
        return "", None
    read = _KINDS.get(question.kind)
    return read(question, found, offered) if read else (found, None)


def _text(question: Question, found: str, _: Sequence[Choice]) -> Typed:
    limit = _length_limit(question.constraint, LONG if question.multiline else LINE)
    if len(found) <= limit:
        return found, None
    message = N_("This text has %(length)s characters; at most %(limit)s are allowed.")
    return found, Message(message, {"length": len(found), "limit": limit})


def _number(question: Question, found: str, _: Sequence[Choice]) -> Typed:
    plain = normalise(found)
    if plain is None:
        whole = N_("“%(typed)s” can't be read as a number. Write it in digits, such as 120.")
        broken = N_("“%(typed)s” can't be read as a number. Write it in digits, such as 12000.50.")
        return found, Message(whole if question.kind == "integer" else broken, {"typed": found[:SHOWN]})
    limit = 0 if question.kind == "integer" else YUAN_DECIMALS if question.unit == "元" else DECIMALS
    plain = _without_needless_zeros(plain, limit)
    return plain, _size(plain, limit)


def _without_needless_zeros(plain: str, limit: int) -> str:
    whole, _, decimals = plain.partition(".")
    decimals = decimals[:limit] + decimals[limit:].rstrip("0")
    if decimals:
        return f"{whole}.{decimals}"
    return "0" if whole == "-0" else whole


def _size(plain: str, limit: int) -> Message | None:
    whole, _, decimals = plain.partition(".")
    figures = len(whole.lstrip("-")) + len(decimals)
    if len(decimals) > limit == 0:
        return Message(N_("Write a whole number here, without decimals."))
    if len(decimals) > limit:
        message = N_("At most %(limit)s decimals are allowed; this number has %(given)s.")
        return Message(message, {"limit": limit, "given": len(decimals)})
    if figures > DIGITS:
        message = N_("At most %(limit)s digits are allowed; this number has %(given)s.")
        return Message(message, {"limit": DIGITS, "given": figures})
    return None


def _date(_question: Question, found: str, _: Sequence[Choice]) -> Typed:
    match = _DAY.fullmatch(re.sub(r"\s", "", found.translate(_WIDE)))
    if match is None:
        message = N_("“%(typed)s” can't be read as a day. Write it such as 2026-03-31.")
        return found, Message(message, {"typed": found[:SHOWN]})
    month = match["month"] or match["month_"] or match["month__"]
    day = match["day"] or match["day_"] or match["day__"]
    try:
        return date(int(match["year"]), int(month), int(day)).isoformat(), None
    except ValueError:
        return found, Message(N_("There is no such day as %(typed)s."), {"typed": found[:SHOWN]})


def _one(_question: Question, found: str, offered: Sequence[Choice]) -> Typed:
    known = any(choice.value == found for choice in offered)
    return found, None if known else Message(N_("Choose one of the answers offered."))


def _many(_question: Question, found: str, offered: Sequence[Choice]) -> Typed:
    chosen = dict.fromkeys(found.split())
    places = {choice.value: place for place, choice in enumerate(offered)}
    kept = " ".join(sorted(chosen, key=lambda value: places.get(value, len(places))))
    return kept, None if places.keys() >= chosen.keys() else Message(N_("Choose among the answers offered."))


_KINDS: dict[Kind, Callable[[Question, str, Sequence[Choice]], Typed]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "date": _date,
    "select_one": _one,
    "select_multiple": _many,
}


def _length_limit(node: Node | None, most: int) -> int:
    """The limit that a constraint such as ``string-length(.) <= 2000`` sets, so that the message can name it."""
    match node:
        case Binary("and", left, right):
            return min(_length_limit(left, most), _length_limit(right, most))
        case Binary("<=", Call("string-length", (Self(),) | ()), Number(digits)) if digits.isdigit():
            return min(int(digits), most)
    return most
