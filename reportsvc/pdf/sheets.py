"""Pages under construction: what is drawn on them beside WeasyPrint's content, and which tags own it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from reportsvc.pdf import geometry
from reportsvc.pdf.embedding import Typesetter
from reportsvc.pdf.fonts import Role


class Sheet:
    """One page; ``y`` runs down from its top edge, in points.

    :param owned: the tag tree's elements that own the marked content already on the page.
    """

    def __init__(self, page: Any, owned: Iterable[Any] = ()) -> None:
        self.page = page
        self.owners: list[Any] = list(owned)
        """Element of the tag tree for each piece of marked content, by its number on the page."""
        self.is_new = "/Contents" not in page
        self._operators: list[str] = []

    @classmethod
    def blank(cls, pdf: pikepdf.Pdf) -> Sheet:
        """A new page of the right size; it is in the document only once it is inserted."""
        box = Array([0, 0, round(geometry.PAGE_WIDTH, 4), round(geometry.PAGE_HEIGHT, 4)])
        return cls(pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=box, Tabs=Name.S)))

    def add_artifact(self, operators: str, *, pagination: bool = False) -> None:
        """Draw what is no content: rules, page numbers, repeated table heads."""
        properties = "<</Type /Pagination>>" if pagination else "<</Type /Layout>>"
        self._operators.append(f"/Artifact {properties} BDC {operators} EMC")

    def add_content(self, tag: str, operators: str, owner: Any) -> int:
        """Draw what ``owner`` owns in the tag tree; its number on this page."""
        number = len(self.owners)
        self.owners.append(owner)
        self._operators.append(f"/{tag} <</MCID {number}>> BDC {operators} EMC")
        return number

    def finish(self, pdf: pikepdf.Pdf, fonts: Any) -> None:
        """Write what was drawn into the page, with ``fonts`` among its resources."""
        drawn = "\n".join(["q 0 g 0 G", *self._operators, "Q"]).encode("ascii")
        if self.is_new:
            self.page.Resources = Dictionary(Font=fonts)
            self.page.Contents = pdf.make_indirect(Stream(pdf, drawn))
            return
        resources = Dictionary(self.page.Resources)  # WeasyPrint's pages share one
        resources.Font = Dictionary({**dict(resources.get("/Font", {}).items()), **dict(fonts.items())})
        self.page.Resources = resources
        page = pikepdf.Page(self.page)
        page.contents_add(Stream(pdf, b"q\n"), prepend=True)
        page.contents_add(Stream(pdf, b"\nQ\n" + drawn))


def rule(x: float, y: float, width: float, thickness: float) -> str:
    """Operators for a horizontal rule whose middle is at ``y``."""
    up = geometry.PAGE_HEIGHT - y
    return f"{thickness:.3f} w {x:.3f} {up:.3f} m {x + width:.3f} {up:.3f} l S"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where and how one line of text is set."""

    x: float
    baseline: float
    role: Role
    size: float
    spacing: float = 0.0
    """Added between two characters, in points."""
    stretch: float = 1.0
    """Below 1 the characters are set narrower."""


def text_at(typesetter: Typesetter, text: str, spot: Spot) -> str:
    """Operators for one line of text."""
    up = geometry.PAGE_HEIGHT - spot.baseline
    style = f"{spot.spacing:.4f} Tc {spot.stretch * 100:.2f} Tz"
    shown = typesetter.show(text, spot.role, spot.size)
    return (
        f"BT {style} {typesetter.select(spot.role, spot.size)} 1 0 0 1 {spot.x:.3f} {up:.3f} Tm {shown} 0 Tc 100 Tz ET"
    )


def draw_page_number(sheet: Sheet, number: int, typesetter: Typesetter) -> None:
    """The number between dashes, 7 mm under the type area, one character from its outer edge (7.5)."""
    text, size = f"— {number} —", geometry.SMALL_SIZE
    width = typesetter.width(text, "song", size)
    is_odd = number % 2
    x = geometry.RIGHT - size - width if is_odd else geometry.LEFT + size
    dash_top, _ = typesetter.metrics.faces["song"].ink("—")
    baseline = geometry.BOTTOM + geometry.FOLIO_GAP + dash_top * size / 1000
    sheet.add_artifact(text_at(typesetter, text, Spot(x, baseline, "song", size)), pagination=True)
