"""What somebody typed, put into the one form that its kind of question keeps; never raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from reportsvc.forms import attached
from reportsvc.forms.definition import ACKNOWLEDGED, Choice, Kind, Question, Row
from reportsvc.forms.expressions.tree import Binary, Call, Node, Number, Self
from reportsvc.forms.messages import N_
from reportsvc.forms.numbers import is_vague, normalise

LINE = 500  # characters of a one-line answer
LONG = 5000  # characters of an answer of many lines, and of a calculation
KEPT = 100_000  # characters of any answer, refused ones included; what comes after is lost
FIGURES = 100  # digits of a number in JSON, which should have been text
DIGITS = 15  # of a number, before and after the point
DECIMALS = 6
YUAN_DECIMALS = 2
GEO_FIGURES = 16  # characters of one number of a place: millimetres and more
SHOWN = 40  # characters of a wrong answer that a message repeats

_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|年(?P<month_>[0-9]{1,2})月(?P<day_>[0-9]{1,2})日?|(?P<month__>[0-9]{2})(?P<day__>[0-9]{2}))"
)
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:点時时](?P<half>半)?(?P<minute>[0-9]{1,2})?分?(?::?(?P<second>[0-9]{1,2})(?:\.[0-9]+)?秒?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)"
)
_WIDE = str.maketrans("０１２３４５６７８９－／．。—–：", "0123456789-/..--:")
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


def _text(question: Question, found: str, _: Sequence[Choice]) -> Typed:
    limit = _length_limit(question.constraint, LONG if question.multiline else LINE)
    if len(found) <= limit:
        return found, None
    message = N_("This text has %(length)s characters; at most %(limit)s are allowed.")
    return found, Message(message, {"length": len(found), "limit": limit})


def _number(question: Question, found: str, _: Sequence[Choice]) -> Typed:
    plain = normalise(found)
    if plain is None and is_vague(found):
        message = N_("“%(typed)s” is not exact, so it can't be added up. Write the number itself, such as 3012.")
        return found, Message(message, {"typed": found[:SHOWN]})
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


def _range(question: Question, found: str, offered: Sequence[Choice]) -> Typed:
    plain, wrong = _number(question, found, offered)
    if wrong is not None:
        return plain, wrong
    number, least, most, step = (Decimal(each) for each in (plain, question.least, question.most, question.step))
    low, high = min(least, most), max(least, most)
    if not low <= number <= high:
        message = N_("Choose a number from %(least)s to %(most)s.")
        return plain, Message(message, {"least": question.least, "most": question.most})
    if (number - least) % step:
        message = N_("Choose a number from %(least)s to %(most)s in steps of %(step)s.")
        return plain, Message(message, {"least": question.least, "most": question.most, "step": question.step})
    return plain, None


def _time(_question: Question, found: str, _: Sequence[Choice]) -> Typed:
    match = _TIME.fullmatch(re.sub(r"\s", "", found.translate(_WIDE)))
    if match is None:
        message = N_("“%(typed)s” can't be read as a time. Write it such as 09:30.")
        return found, Message(message, {"typed": found[:SHOWN]})
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if match["half"] and not match["minute"]:
        minute = 30
    if hour > 23 or minute > 59 or second > 59:
        return found, Message(N_("There is no such time as %(typed)s."), {"typed": found[:SHOWN]})
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else ""), None


def _datetime(question: Question, found: str, offered: Sequence[Choice]) -> Typed:
    parts = re.split(r"(?<=[0-9日])[T ]\s*", found.translate(_WIDE), maxsplit=1)
    if len(parts) < 2:
        parts = found.split("日", 1) if "日" in found else [found, ""]
    (day, no_day), (time, no_time) = _date(question, parts[0], offered), _time(question, parts[1], offered)
    if no_day or no_time:
        message = N_("“%(typed)s” can't be read as a day with a time. Write it such as 2026-03-31 09:30.")
        return found, Message(message, {"typed": found[:SHOWN]})
    return f"{day}T{time}", None


def _rank(_question: Question, found: str, offered: Sequence[Choice]) -> Typed:
    ranked = list(dict.fromkeys(found.split()))
    kept = " ".join(ranked)
    known = {choice.value for choice in offered}
    if not known.issuperset(ranked):
        return kept, Message(N_("Choose among the answers offered."))
    if len(ranked) < len(known):
        return kept, Message(N_("Give every answer a place of its own, from the first to the last."))
    return kept, None


def _geopoint(_question: Question, found: str, _: Sequence[Choice]) -> Typed:
    parts = [part for part in re.split(r"[\s,;，；、]+", found.translate(_WIDE)) if part]
    plain = [normalise(part) or "" for part in parts]
    limits = (Decimal(90), Decimal(180), Decimal(10_000), Decimal(100_000))
    if not 2 <= len(parts) <= len(limits) or not all(plain):
        message = N_("“%(typed)s” can't be read as a place. Write degrees north, then degrees east: 38.0428 114.5149.")
        return found, Message(message, {"typed": found[:SHOWN]})
    kept = " ".join(_without_needless_zeros(part[:GEO_FIGURES], 0) for part in plain)
    if any(abs(Decimal(part)) > limit for part, limit in zip(plain, limits, strict=False)):
        message = N_("There is no such place as %(typed)s. North is at most 90 degrees, east at most 180.")
        return kept, Message(message, {"typed": found[:SHOWN]})
    return kept, None


def _file(_question: Question, found: str, _: Sequence[Choice]) -> Typed:
    known = attached.read(found) is not None
    return found, None if known else Message(N_("This file is not known here. Please choose it again."))


def _acknowledge(_question: Question, found: str, _: Sequence[Choice]) -> Typed:
    return found, None if found == ACKNOWLEDGED else Message(N_("Choose one of the answers offered."))


def _length_limit(node: Node | None, most: int) -> int:
    """The limit that a constraint such as ``string-length(.) <= 2000`` sets, so that the message can name it."""
    match node:
        case Binary("and", left, right):
            return min(_length_limit(left, most), _length_limit(right, most))
        case Binary("<=", Call("string-length", (Self(),) | ()), Number(digits)) if digits.isdigit():
            return min(int(digits), most)
    return most


_KINDS: dict[Kind, Callable[[Question, str, Sequence[Choice]], Typed]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "range": _range,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "select_one": _one,
    "select_multiple": _many,
    "rank": _rank,
    "geopoint": _geopoint,
    "image": _file,
    "file": _file,
    "acknowledge": _acknowledge,
}


def typed(question: Question, raw: Any, offered: Sequence[Choice]) -> Typed:
    """The answer as it is kept, and what is wrong with it; what was typed is kept where it is wrong.

    Given what it gave, it gives the same again.
    """
    found = clean(raw, multiline=question.multiline)
    if not found:
        return "", None
    read = _KINDS.get(question.kind)
    return read(question, found, offered) if read else (found, None)


def storable(value: Any) -> str | list[Row]:
    """An answer as it was typed, without what no database takes and without rows that hold nothing."""
    if not isinstance(value, list):
        return clean(value, multiline=True)
    rows = [{name: storable(each) for name, each in row.items()} for row in value if isinstance(row, Mapping)]
    filled = [{name: each for name, each in row.items() if each} for row in rows]
    return [row for row in filled if row]
