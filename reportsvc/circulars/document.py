"""What a circular consists of, before anything is laid out.

Capabilities build a :class:`CircularDocument`; a renderer (``reportsvc.pdf``) turns it into pages. The
parts and their order follow GB/T 9704-2012. Nothing here knows of HTML or PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of running text; with ``figure`` it prints one figure of the snapshot."""

    text: str
    figure: str | None = None
    """Key of the figure in the snapshot; ``None`` for plain words."""
    href: str | None = None
    """Absolute address of the page that opens the figure's reports."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the main text: level 1 is 一、 (黑体), level 2 is （一） (楷体)."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the main text; ``lead`` is a run-in heading (（一）…。) set in 楷体."""

    runs: tuple[Run, ...]
    lead: str = ""

    @property
    def text(self) -> str:
        """The whole paragraph as plain text, with its run-in heading."""
        return self.lead + "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an annex table; ``width`` is its share of the type area in percent."""

    head: str
    width: float
    align: Literal["left", "center", "right"] = "center"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells. ``rows`` may be long (thousands); ``total`` closes it on the last page."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]
    total: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex (附件): numbered by its place in :attr:`CircularDocument.annexes`, from 1."""

    title: str
    table: Table
    note: str = ""
    """A line under the title, such as the unit of the columns."""


@dataclass(frozen=True, slots=True)
class CircularDocument:
    """One circular, ready to be set.

    ``draft`` prints 送审稿 and leaves out the seal; it stays set until number, signature and seal are
    given by the office system.
    """

    mark: str
    """发文机关标志, the red head."""
    number: str
    """发文字号, such as 冀民通〔2020〕8号."""
    title: str
    body: tuple[Heading | Paragraph, ...]
    annexes: tuple[Annex, ...]
    signatory: str
    signed: date
    addressee: str = ""
    copies_to: str = ""
    """抄送, without the label; empty leaves the line out."""
    printed_by: str = ""
    """印发机关; empty stands for the signatory."""
    printed: date | None = None
    draft: bool = True
    language: str = "zh-CN"
    keywords: tuple[str, ...] = field(default=())


Progress = Callable[[int, int], None]
"""Told (done, of) while rendering."""

Render = Callable[[CircularDocument, Progress], bytes]
"""Turns a document into the bytes of a PDF; handed to the capability by whoever wires it."""
