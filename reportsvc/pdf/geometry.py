"""The page of an official document in points (GB/T 9704-2012); distances run down from the page's top edge."""

from __future__ import annotations

MM = 72 / 25.4
"""Points in a millimetre."""

PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, TOP = 28 * MM, 37 * MM
"""订口 28 mm and 天头 37 mm (5.2.1)."""
TEXT_WIDTH, TEXT_HEIGHT = 156 * MM, 225 * MM
"""版心 (5.2.1)."""
RIGHT, BOTTOM = LEFT + TEXT_WIDTH, TOP + TEXT_HEIGHT

LINES, CELLS = 22, 28
"""22 lines of 28 characters fill the type area (5.2.3)."""
SIZE = 15.75
"""三号. At a word processor's 16 pt, 28 characters do not fit 156 mm."""
CELL = TEXT_WIDTH / CELLS
PITCH = (TEXT_HEIGHT - SIZE) / (LINES - 1)
"""From baseline to baseline: the first line's top and the last line's bottom lie on the type area."""
LEAD = PITCH - SIZE

TITLE_SIZE = 22.0
"""二号, for the title and the titles of annexes (7.3.1, 7.3.4)."""
SMALL_SIZE = 14.0
"""四号, for the end block and page numbers (7.4, 7.5)."""

MARK_TOP = 35 * MM
"""Top of the issuer's mark below the top of the type area (7.2.4)."""
MARK_LARGEST = 62.0
"""The mark's size is left to the issuer: as large as its width allows, up to 22 mm."""
RULE_BELOW_NUMBER = 4 * MM
RULE_THICKNESS = 0.5 * MM

FOLIO_GAP = 7 * MM
"""From the type area down to the dashes of the page number (7.5)."""

THICK_RULE, THIN_RULE = 0.35 * MM, 0.25 * MM
"""Outer and inner rules of the end block (7.4.1)."""


def mark_size(characters: int) -> float:
    """Size in points of an issuer's mark of so many characters, a little narrower than the type area."""
    return min(MARK_LARGEST, 152 * MM / max(1, characters))


def head_rows(size: float) -> int:
    """Lines of the grid from the type area's top to the title, under a mark of ``size`` points.

    The number stands 2 lines under the mark, the rule 4 mm under it, the title 2 lines under the rule.
    """
    return round((rule_top(size) + RULE_THICKNESS + 2 * PITCH) / PITCH)


def number_top(size: float) -> float:
    """Top of the document number in points below the type area's top."""
    return MARK_TOP + size + 2 * PITCH


def rule_top(size: float) -> float:
    """Top of the red rule in points below the type area's top."""
    return number_top(size) + SIZE + RULE_BELOW_NUMBER
