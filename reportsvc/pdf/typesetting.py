"""Lays out the main text and the heads of the annexes with WeasyPrint, from lines that are already broken."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from reportsvc.config import templates_dir
from reportsvc.pdf import fetcher, geometry
from reportsvc.pdf.characters import clean
from reportsvc.pdf.composition import Composition
from reportsvc.pdf.fonts import FontSet

POINTS_PER_PIXEL = 0.75
"""WeasyPrint counts in CSS pixels."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an anchor of the template came to stand: page from 0, points below that page's top edge."""

    page: int
    y: float


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The laid out text: a tagged PDF without tables, end block and page numbers, and where its anchors stand."""

    pdf: bytes
    places: dict[str, Place]


def lay_out(composition: Composition, fonts: FontSet) -> LaidOut:
    """Pages of the main text and one for each annex's head.

    :raises RenderError: when WeasyPrint warns of anything, or the template asks for what is not its own.
    """
    variables = {spec.name: getattr(composition, spec.name) for spec in fields(composition)}
    variables |= {"page": geometry, "head_rows": geometry.head_rows(composition.mark_size), "clean": clean}
    style = environment(templates_dir()).get_template("circular/circular.css").render(variables)
    html = environment(templates_dir()).get_template("circular/circular.html").render(variables)
    return lay_out_html(html, {"circular.css": (style.encode(), "text/css")}, fonts)


def lay_out_html(html: str, resources: Mapping[str, tuple[bytes, str]], fonts: FontSet) -> LaidOut:
    """Pages of ``html``, which may use ``resources`` (see :func:`fetcher.make_fetcher`) and nothing else.

    :raises RenderError: when WeasyPrint warns of anything, or something else is asked for.
    """
    problems: list[str] = []
    weasyprint = fetcher.weasyprint(fonts)
    fetch = fetcher.make_fetcher(resources)
    with fetcher.strict(problems):
        document = weasyprint.HTML(string=html, base_url=fetcher.SCHEME, url_fetcher=fetch).render()
        places = _places(document)
        target = io.BytesIO()
        document.write_pdf(target, pdf_tags=True)
    problems += [f"refused: {address}" for address in fetch.refused]
    if problems:
        raise fetcher.RenderError(problems)
    return LaidOut(target.getvalue(), places)


def _places(document: Any) -> dict[str, Place]:
    return {
        name: Place(number, y * POINTS_PER_PIXEL)
        for number, page in enumerate(document.pages)
        for name, (_, y, *_) in page.anchors.items()
    }


@cache
def environment(templates: Path) -> jinja2.Environment:
    """Templates for print: escaped, and an unknown name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=jinja2.select_autoescape(("html",), default_for_string=True),
        undefined=jinja2.StrictUndefined,
    )
