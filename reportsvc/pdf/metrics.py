"""Widths and glyph numbers of our faces, read on demand."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import uharfbuzz

from reportsvc.pdf.characters import clean
from reportsvc.pdf.fonts import FontSet, Role

logger = logging.getLogger(__name__)

GETA = "〓"
"""Stands in print for a character that no typeface has, as in hot metal."""


class Face:
    """One face; widths are in 1/1000 em."""

    def __init__(self, path: Path, family: str) -> None:
        self.path, self.family = path, family
        self.blob: Any = uharfbuzz.Blob.from_file_path(str(path))
        self.face: Any = uharfbuzz.Face(self.blob)
        self._font: Any = uharfbuzz.Font(self.face)

    def glyph(self, character: str) -> int:
        """Glyph number of ``character``; 0 when the face lacks it."""
        return int(self._font.get_nominal_glyph(ord(character)) or 0)

    def advance(self, glyph: int) -> int:
        """Width of a glyph in 1/1000 em."""
        return int(self._font.get_glyph_h_advance(glyph))

    def ink(self, character: str) -> tuple[int, int]:
        """Top and bottom of the inked part of ``character`` above the baseline, in 1/1000 em."""
        extents = self._font.get_glyph_extents(self.glyph(character))
        return int(extents.y_bearing), int(extents.y_bearing + extents.height)


class Widths(dict[str, int]):
    """Width of each character in 1/1000 em, in the first of some faces that has it."""

    def __init__(self, faces: tuple[Face, ...]) -> None:
        super().__init__()
        self.faces = faces
        self.lacking: set[str] = set()
        """Characters asked for that no face has."""

    def __missing__(self, character: str) -> int:
        for face in self.faces:
            if glyph := face.glyph(character):
                break
        else:
            self.lacking.add(character)
            face, glyph = self.faces[-1], self.faces[-1].glyph(GETA)
        width = self[character] = face.advance(glyph)
        return width

    def of(self, text: str) -> int:
        """Width of ``text`` in 1/1000 em."""
        return sum(map(self.__getitem__, text))


class Metrics:
    """The faces of a font set, opened once; each role falls back on the fallback face."""

    def __init__(self, fonts: FontSet) -> None:
        self.faces: dict[Role, Face] = {
            role: Face(path, fonts.families[role]) for role, path in sorted(fonts.files.items())
        }
        self._widths = {role: Widths(self.stack(role)) for role in self.faces}

    def stack(self, role: Role) -> tuple[Face, ...]:
        """The faces that a text in this role is set from, in order."""
        return (self.faces[role], self.faces["fallback"])

    def widths(self, role: Role) -> Widths:
        """Widths of the characters as a text in this role is set."""
        return self._widths[role]

    def printable(self, text: str, role: Role = "fang") -> str:
        """``text`` cleaned, with 〓 for each character that no face has; such characters are logged."""
        text = clean(text)
        widths = self._widths[role]
        widths.of(text)
        lacking = widths.lacking.intersection(text)
        if not lacking:
            return text
        logger.warning("no typeface has %s", " ".join(f"U+{ord(character):04X}" for character in sorted(lacking)))
        return "".join(GETA if character in lacking else character for character in text)
