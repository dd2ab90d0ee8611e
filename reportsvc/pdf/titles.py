"""Breaks a title into lines that end at whole words and together look like a trapezium or a diamond (7.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

from reportsvc.pdf.characters import CLOSING, NO_END, NO_START, OPENING, atoms, split_run
from reportsvc.pdf.fonts import Role
from reportsvc.pdf.grid import EM, HALF, Line, Piece
from reportsvc.pdf.metrics import Metrics

MOST_LINES = 4
LINE_COST = 4 * EM

_NOT_FIRST = frozenset("的了和与及等市县省区厅局部")
"""Belongs to the word before it more often than not."""
_NOT_LAST = frozenset("对向在将各")
_QUOTES = re.compile(r"《[^《》]*》|“[^“”]*”|〔[^〔〕]*〕|（[^（）]*）")
_KIND = re.compile(r"(有关情况)?的(通报|公示|通知|决定|通告|报告|意见|名单)$")


def break_title(text: str, metrics: Metrics, room: float, role: Role = "title") -> list[Line]:
    """Lines of a title, to be centred; ``room`` is the line's width in 1/1000 of the title's size."""
    text = metrics.printable(text, role)
    if not text:
        return []
    words = _words(text)
    found: list[tuple[float, list[str]]] = []
    for count in range(1, MOST_LINES + 1):
        enough = bool(found)  # one line more than needed may have the better shape
        for lines in _ways(words, count):
            cost = _cost(lines, metrics, room, role)
            if cost is not None:
                found.append((cost, lines))
        if enough:
            break
    chosen = min(found, key=lambda each: each[0])[1] if found else _fill(text, metrics, room, role)
    return [Line(tuple(_pieces(line, role)), 0, 0) for line in chosen]


@cache
def _word() -> re.Pattern[str]:
    """Words that such titles are made of, longest first."""
    words = Path(__file__).with_name("title_words.txt").read_text("utf-8").split()
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def _words(text: str) -> list[str]:
    """Words, or single characters where no word is known, each with the marks that cling to it."""
    found: list[str] = []
    for part in _split(text):
        if found and (part[0] in NO_START or found[-1][-1] in NO_END):
            found[-1] += part
        else:
            found.append(part)
    return found


def _split(text: str) -> Iterator[str]:
    place = 0
    for match in _word().finditer(text):
        yield from atoms(text[place : match.start()])
        yield match.group()
        place = match.end()
    yield from atoms(text[place:])


def _ways(words: list[str], count: int) -> Iterator[list[str]]:
    if len(words) < count or (count > 3 and len(words) > 45):
        return
    for ends in combinations(range(1, len(words)), count - 1):
        edges = (0, *ends, len(words))
        yield ["".join(words[a:b]) for a, b in pairwise(edges)]


def _cost(lines: list[str], metrics: Metrics, room: float, role: Role) -> float | None:
    """How bad a way of breaking is; ``None`` when a line does not fit. 1000 is one character's width."""
    widths = [_width(line, metrics, role) for line in lines]
    if max(widths) > room:
        return None
    cost = (max(widths) - min(widths)) * 0.4 + LINE_COST * len(lines)
    cost += 3 * EM if not _has_shape(widths) else 0
    cost += sum(map(_bad_start, lines[1:])) + sum(map(_bad_end, lines[:-1]))
    return cost + _torn(lines) + (4 * EM if len(lines) > 1 and min(widths) < 4 * EM else 0)


def _width(line: str, metrics: Metrics, role: Role) -> int:
    return metrics.widths(role).of(line) - HALF * ((line[0] in OPENING) + (line[-1] in CLOSING))


def _has_shape(widths: list[int]) -> bool:
    """Trapezium: ever longer or ever shorter; diamond: longest in the middle. Not an hourglass."""
    if len(widths) < 3:
        return True
    return not any(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))


def _bad_start(line: str) -> int:
    return 6 * EM if line[0] in _NOT_FIRST else 0


def _bad_end(line: str) -> int:
    if line.endswith(("关于", "的")):
        return 2 * EM
    return 4 * EM if line[-1] in _NOT_LAST else 0


def _torn(lines: list[str]) -> int:
    """Cost of line ends inside quotation marks, or between 有关情况 and 的通报."""
    text, ends, end = "".join(lines), set(), 0
    for line in lines[:-1]:
        end += len(line)
        ends.add(end)
    cost = 0
    for match in _QUOTES.finditer(text):
        cost += 12 * EM * sum(match.start() < place < match.end() for place in ends)
    kind = _KIND.search(text)
    if kind:
        cost += 5 * EM * sum(kind.start() < place < kind.end() for place in ends)
    return cost + sum(4 * EM for place in ends if not _between_words(text, place))


def _between_words(text: str, place: int) -> bool:
    """Whether a known word or a mark stands on one side of ``place``."""
    if text[place - 1] in CLOSING or text[place] in OPENING:
        return True
    return any(place in match.span() for match in _word().finditer(text))


def _fill(text: str, metrics: Metrics, room: float, role: Role) -> list[str]:
    """Lines filled from the left, for a title that no fair breaking fits."""
    lines, line, waiting = [], "", _words(text)[::-1]
    while waiting:
        part = waiting.pop()
        if _width(line + part, metrics, role) <= room or (not line and len(part) == 1):
            line += part
        elif line:
            lines.append(line)
            line = ""
            waiting.append(part)
        else:
            cut = split_run(part, min(len(part) - 1, int(room // EM)))
            waiting += [part[cut:], part[:cut]]
    return [*lines, line]


def _pieces(line: str, role: Role) -> Iterator[Piece]:
    """The marks at a line's ends are set half a character wide, so that the words stand in the middle."""
    start, end = line[0] in OPENING, len(line) > 1 and line[-1] in CLOSING
    if start:
        yield Piece(line[0], role, halved=True)
    middle = line[start : len(line) - end]
    if middle:
        yield Piece(middle, role)
    if end:
        yield Piece(line[-1], role, halved=True)
