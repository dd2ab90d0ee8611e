"""A receipt on paper: what was sent, when, and how it can be checked later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportsvc.config import templates_dir
from reportsvc.pdf.characters import clean
from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.typesetting import environment, lay_out_html


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says; ``sections`` are (label, [(question, answer)]), all as people read it."""

    number: str
    project: str
    organization: str
    quarter: str
    sent: str
    """When, to the minute, in China Standard Time."""
    sha256: str
    address: str
    """The page that checks it."""
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    explained: Sequence[tuple[str, str, str]] = ()
    """What looked wrong against last quarter: (indicator, how the two differ, what was said to it)."""


def render(receipt: Receipt, fonts: FontSet) -> bytes:
    """The receipt as a tagged PDF of A4 pages.

    :raises RenderError: if it could not be laid out as it should.
    """
    templates = environment(templates_dir())
    html = templates.get_template("receipt/receipt.html").render(receipt=receipt, clean=clean)
    style = templates.get_template("receipt/receipt.css").render()
    return lay_out_html(html, {"receipt.css": (style.encode(), "text/css")}, fonts).pdf
