"""Puts text into content streams with faces of our own, and embeds what was used of them.

Each character used gets a code of its own, counted from 1 in the order of first use. So two characters that share a
glyph still copy and search as what they are, and the same text gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import pikepdf
import uharfbuzz
from pikepdf import Array, Dictionary, Name, Stream

from reportsvc.pdf.fonts import ASCENT, DESCENT, Role
from reportsvc.pdf.metrics import Face, Metrics

_DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "cmap", "name", "post", "OS/2")
_SYMBOLIC = 4
_CMAP_BLOCK = 100
"""A ToUnicode map lists at most so many characters in one block."""


class Codes(dict[str, str]):
    """The code of each character in one face, as four hexadecimal digits; KeyError when the face lacks it."""

    def __init__(self, face: Face, name: str) -> None:
        super().__init__()
        self.face, self.name = face, name

    def __missing__(self, character: str) -> str:
        if not self.face.glyph(character):
            raise KeyError(character)
        code = self[character] = f"{len(self) + 1:04x}"
        return code


class Typesetter:
    """Writes lines of text as operators of a content stream."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self._codes = {role: Codes(face, f"/Rs{face.family}") for role, face in metrics.faces.items()}

    def width(self, text: str, role: Role, size: float) -> float:
        """Width of ``text`` in points."""
        return self.metrics.widths(role).of(text) * size / 1000

    def select(self, role: Role, size: float) -> str:
        """Operator that chooses a face and a size."""
        return f"{self._codes[role].name} {size:g} Tf"

    def show(self, text: str, role: Role, size: float) -> str:
        """Operators that show ``text``; the face of ``role`` must be selected, and is again afterwards."""
        codes = self._codes[role]
        try:
            return f"<{''.join(map(codes.__getitem__, text))}> Tj"
        except KeyError:
            return self._show_mixed(text, role, size)

    def _show_mixed(self, text: str, role: Role, size: float) -> str:
        own, fallback = self._codes[role], self._codes["fallback"]
        parts = []
        for has_glyph, group in groupby(text, lambda character: bool(own.face.glyph(character))):
            codes = own if has_glyph else fallback
            parts.append(f"{codes.name} {size:g} Tf <{''.join(map(codes.__getitem__, group))}> Tj")
        return " ".join([*parts, self.select(role, size)])

    def embed(self, pdf: pikepdf.Pdf) -> Any:
        """A font dictionary with all faces used so far, for the resources of pages."""
        return Dictionary({codes.name: _embed(codes, pdf) for codes in self._codes.values() if codes})


def _embed(codes: Codes, pdf: pikepdf.Pdf) -> Any:
    program, renumbered = _subset(codes.face, [codes.face.glyph(character) for character in codes])
    glyphs = [codes.face.glyph(character) for character in codes]
    name = Name(f"/{_tag(program)}+{codes.face.family}")
    stream = Stream(pdf, program)
    stream.Length1 = len(program)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=_SYMBOLIC,
        FontBBox=Array([0, -DESCENT, 1000, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=-DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=pdf.make_indirect(stream),
    )
    to_glyph = b"\0\0" + b"".join(renumbered[glyph].to_bytes(2, "big") for glyph in glyphs)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        CIDToGIDMap=pdf.make_indirect(Stream(pdf, to_glyph)),
        DW=1000,
        W=Array([1, Array([codes.face.advance(glyph) for glyph in glyphs])]),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode(codes))),
    )
    return pdf.make_indirect(font)


def _subset(face: Face, glyphs: Iterable[int]) -> tuple[bytes, dict[int, int]]:
    """The face's program with these glyphs only, and their new numbers."""
    wanted: Any = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.drop_table_tag_set.update(int.from_bytes(f"{table:4}".encode()) for table in _DROPPED)
    plan: Any = uharfbuzz.SubsetPlan(face.face, wanted)
    return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)


def _tag(program: bytes) -> str:
    """Six capitals that name a subset; others for other bytes."""
    return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(program).digest()[:6])


def _to_unicode(codes: Codes) -> bytes:
    pairs = [f"<{code}> <{character.encode('utf-16-be').hex()}>" for character, code in codes.items()]
    blocks = [pairs[i : i + _CMAP_BLOCK] for i in range(0, len(pairs), _CMAP_BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
        *(f"{len(block)} beginbfchar {' '.join(block)} endbfchar" for block in blocks),
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    ]
    return "\n".join(lines).encode("ascii")
