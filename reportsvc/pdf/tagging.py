"""The tag tree of a circular: WeasyPrint's elements, and those of what is drawn beside its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from reportsvc.pdf.sheets import Sheet


class TagTree:
    """The structure tree that WeasyPrint wrote, open for more elements."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        root = pdf.Root.StructTreeRoot
        self.document = root.K[0]
        self._parents = dict(_pairs(root.ParentTree.Nums))

    def section_on(self, page: Any) -> Any:
        """The section, which is an annex, that WeasyPrint put on this page."""
        return next(child for child in self.document.K if Name.Sect == child.S and child.Pg.objgen == page.objgen)

    def owners(self, page: Any) -> list[Any]:
        """Elements that own the marked content of a page of WeasyPrint's, by its number."""
        return list(self._parents.get(int(page.get("/StructParents", -1)), ()))

    def add(self, kind: str, parent: Any, **entries: Any) -> Any:
        """A new last child of ``parent``."""
        element = self.make(kind, parent, **entries)
        parent.K.append(element)
        return element

    def make(self, kind: str, parent: Any, **entries: Any) -> Any:
        """An element that knows its parent; the caller adds it to the parent's children."""
        element = Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=parent, **{"K": Array(), **entries})
        return self._pdf.make_indirect(element)

    def finish(self, sheets: list[Sheet]) -> None:
        """Write the way back from each page's marked content to its elements."""
        for sheet in sheets:
            if "/StructParents" not in sheet.page:
                sheet.page.StructParents = max(self._parents, default=-1) + 1
            self._parents[int(sheet.page.StructParents)] = self._pdf.make_indirect(Array(sheet.owners))
        flat = [item for pair in sorted(self._parents.items(), key=lambda pair: pair[0]) for item in pair]
        self._pdf.Root.StructTreeRoot.ParentTree.Nums = Array(flat)
        self._pdf.Root.StructTreeRoot.ParentTreeNextKey = max(self._parents, default=-1) + 1


def content_of(sheet: Sheet, number: int) -> Any:
    """Reference to a piece of marked content, for an element whose content stands on several pages."""
    return Dictionary(Type=Name.MCR, Pg=sheet.page, MCID=number)


def _pairs(flat: Any) -> Iterator[tuple[int, Any]]:
    for index in range(0, len(flat), 2):
        yield int(flat[index]), flat[index + 1]
