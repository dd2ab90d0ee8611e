"""Breaks Chinese text into lines on the 28-character grid.

WeasyPrint can't justify Chinese, so lines are broken here, punctuation is squeezed, and every full line gets the
letter-spacing that ends it at 156 mm. Widths are counted in 1/1000 of the body size (15.75 pt).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportsvc.pdf import geometry as page
from reportsvc.pdf.characters import CLOSING, atoms, is_run, may_part, split_run, squeezes
from reportsvc.pdf.fonts import Role
from reportsvc.pdf.metrics import Metrics

EM = 1000
HALF = 500
ROOM = page.CELL / page.SIZE * EM
"""Width of one cell of the grid."""
LOOSEST = 0.25 * EM
"""A line stretched by more than this between its characters rather takes part of a Latin run."""
LONGEST_PIECE = 7
"""WeasyPrint cuts the spacing after each character to 1/1000 em, but starts each piece exactly where it belongs: short
pieces keep a line's end within 0.1 mm."""
MOST_SQUEEZED = 2
"""So many marks inside a line may be squeezed to take in a mark that can't start the next line."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A stretch of text set in one face; ``href`` makes it a link."""

    text: str
    role: Role = "fang"
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line; a ``halved`` piece is one mark set half a character wide."""

    text: str
    role: Role = "fang"
    href: str | None = None
    halved: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is to be set; ``indent`` and ``spacing`` (between two characters) are in points."""

    pieces: tuple[Piece, ...]
    indent: float
    spacing: float

    @property
    def text(self) -> str:
        """The line's characters."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class _Atom:
    """What a line end may not tear, with the place of its first character in the whole text."""

    text: str
    start: int
    width: int


def break_paragraph(
    inlines: Sequence[Inline], metrics: Metrics, *, indent: int = 2, hang: float = 0, cells: float = page.CELLS
) -> list[Line]:
    """Lines of a paragraph; its first line starts ``indent`` cells in, the others ``hang`` cells."""
    inlines = [Inline(metrics.printable(each.text, each.role), each.role, each.href) for each in inlines]
    owners = [inline for inline in inlines for _ in inline.text]
    todo = _measure(inlines, owners, metrics)
    lines: list[Line] = []
    while todo:
        inset = hang if lines else indent
        breaker = _Breaker(todo, (cells - inset) * ROOM, metrics, owners)
        taken = breaker.take()
        todo = breaker.rest(taken)
        lines.append(_line(breaker, taken, owners, inset * page.CELL, last=not todo))
    return lines


def _measure(inlines: Sequence[Inline], owners: list[Inline], metrics: Metrics) -> list[_Atom]:
    found, start = [], 0
    for text in atoms("".join(inline.text for inline in inlines)):
        found.append(_Atom(text, start, _width(text, start, owners, metrics)))
        start += len(text)
    return found


def _width(text: str, start: int, owners: list[Inline], metrics: Metrics) -> int:
    return sum(metrics.widths(owners[start + i].role)[character] for i, character in enumerate(text))


class _Breaker:
    """Finds how many of the waiting atoms the next line takes."""

    def __init__(self, waiting: list[_Atom], room: float, metrics: Metrics, owners: list[Inline]) -> None:
        self.atoms, self.room, self.metrics, self.owners = waiting, room, metrics, owners
        self.halved: set[int] = set()
        """Places in the whole text of the marks that are squeezed in this line."""

    def take(self) -> int:
        """Number of atoms of the line; may split the last of them."""
        widest, first_over = 0, len(self.atoms)
        for count in range(1, len(self.atoms) + 1):
            if self.natural(count, at_end=True) > self.room:
                first_over = count
                break
            if self.allowed(count):
                widest = count
        if first_over == len(self.atoms) and self.natural(first_over, at_end=True) <= self.room:
            return self._settle(first_over)
        pulled = self._pull_in(widest, first_over)
        if pulled:
            return pulled
        if self._is_loose(widest) and self._split(first_over):
            return self._settle(first_over)
        return self._settle(widest or max(1, first_over - 1))

    def rest(self, taken: int) -> list[_Atom]:
        """The atoms after the first ``taken``, without a space that would start the line."""
        rest = self.atoms[taken:]
        return rest[1:] if rest and rest[0].text.isspace() else rest

    def allowed(self, count: int) -> bool:
        """Whether the line may end after ``count`` atoms."""
        return count == len(self.atoms) or may_part(self.atoms[count - 1].text, self.atoms[count].text)

    def forced(self, count: int) -> set[int]:
        """Places of the marks that are squeezed because another mark stands beside them."""
        found: set[int] = set()
        for before, after in zip(self.atoms[: count - 1], self.atoms[1:count], strict=True):
            first, second = squeezes(before.text, after.text)
            if first:
                found.add(before.start)
            if second:
                found.add(after.start)
        return found

    def natural(self, count: int, *, at_end: bool = False) -> int:
        """Width of the first ``count`` atoms before stretching; ``at_end`` squeezes a mark that ends the line."""
        width = sum(atom.width for atom in self.atoms[:count]) - HALF * len(self.forced(count))
        return width - HALF if at_end and self.atoms[count - 1].text in CLOSING else width

    def _settle(self, count: int) -> int:
        """Squeeze what ``count`` atoms need: neighbours always, the last mark only where it would stick out."""
        self.halved = self.forced(count)
        if self.natural(count) > self.room and self.atoms[count - 1].text in CLOSING:
            self.halved.add(self.atoms[count - 1].start)
        return count

    def _pull_in(self, widest: int, first_over: int) -> int:
        """Take in marks that can't start the next line, by squeezing marks inside this one; 0 when that fails."""
        count = first_over
        while count < len(self.atoms) and not self.allowed(count):
            count += 1
        if count - widest > 4 or not all(atom.text in CLOSING for atom in self.atoms[first_over - 1 : count]):
            return 0
        over = self.natural(count, at_end=True) - self.room
        forced = self.forced(count)
        inner = [a.start for a in self.atoms[: count - 1] if a.text in CLOSING and a.start not in forced]
        needed = -int(-over // HALF)
        if needed > min(MOST_SQUEEZED, len(inner)):
            return 0
        self.halved = forced | {self.atoms[count - 1].start} | set(inner[len(inner) - needed :])
        return count

    def _is_loose(self, count: int) -> bool:
        if not count:
            return True
        gaps = sum(len(atom.text) for atom in self.atoms[:count]) - 1
        return self.room - self.natural(count) > LOOSEST * max(1, gaps)

    def _split(self, count: int) -> bool:
        """Cut the run that does not fit, as a last resort, so that its first part ends the line."""
        atom = self.atoms[count - 1]
        left = self.room - (self.natural(count - 1) if count > 1 else 0)
        if not is_run(atom.text) or (count > 1 and atom.width <= self.room and atom.text[0].isdigit()):
            return False
        fits = 0
        while fits < len(atom.text) and _width(atom.text[: fits + 1], atom.start, self.owners, self.metrics) <= left:
            fits += 1
        if not fits:
            return False
        cut = split_run(atom.text, fits)
        parts = ((atom.text[:cut], atom.start), (atom.text[cut:], atom.start + cut))
        self.atoms[count - 1 : count] = [
            _Atom(text, start, _width(text, start, self.owners, self.metrics)) for text, start in parts
        ]
        return True


def _line(breaker: _Breaker, taken: int, owners: list[Inline], indent: float, *, last: bool) -> Line:
    line_atoms = breaker.atoms[:taken]
    if len(line_atoms) > 1 and line_atoms[-1].text.isspace():
        line_atoms = line_atoms[:-1]
    pieces = _pieces(line_atoms, owners, breaker.halved)
    natural = sum(atom.width for atom in line_atoms) - HALF * sum(piece.halved for piece in pieces)
    gaps = max(1, sum(len(piece.text) for piece in pieces) - 1)
    spacing = (breaker.room - natural) / gaps
    if last:
        spacing = min(ROOM - EM, spacing)
    return Line(tuple(pieces), indent, spacing * page.SIZE / EM)


def _pieces(line_atoms: list[_Atom], owners: list[Inline], halved: set[int]) -> list[Piece]:
    """Join neighbouring characters that are set alike."""
    pieces: list[Piece] = []
    for atom in line_atoms:
        for place, character in enumerate(atom.text, start=atom.start):
            owner, half = owners[place], place in halved
            alike = pieces and not half and not pieces[-1].halved and _alike(pieces[-1], owner, owners[place - 1])
            if alike and (owner.href or len(pieces[-1].text) < LONGEST_PIECE):
                pieces[-1] = Piece(pieces[-1].text + character, owner.role, owner.href)
            else:
                pieces.append(Piece(character, owner.role, owner.href, half))
    return pieces


def _alike(piece: Piece, owner: Inline, previous: Inline) -> bool:
    """Plain words join; each link stays a link of its own, whatever stands beside it."""
    return piece.role == owner.role and piece.href == owner.href and (owner.href is None or owner is previous)
