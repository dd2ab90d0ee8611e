"""The same charts in a PDF: drawn by WeasyPrint, with their texts as text and their colours and patterns."""

from __future__ import annotations

import io

import pdfplumber

from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.typesetting import lay_out_html
from tests.unit.test_charts import SAMPLES

STYLE = "html, svg { font-family: ReportsvcHei, ReportsvcFallback } svg { display: block; margin-bottom: 8mm }"


def test_every_chart_prints_without_a_complaint(fonts: FontSet) -> None:
    body = "".join(sample(f"c{number}") for number, sample in enumerate(SAMPLES.values()))
    html = f'<!doctype html><html lang="zh"><title>图</title><style>{STYLE}</style><body>{body}</body></html>'
    made = lay_out_html(html, {}, fonts).pdf
    with pdfplumber.open(io.BytesIO(made)) as pdf:
        text = "".join(page.extract_text() for page in pdf.pages)
        colours = {
            tuple(round(part * 255) for part in shape["non_stroking_color"])
            for page in pdf.pages
            for shape in (*page.rects, *page.curves)
            if shape["non_stroking_color"] and len(shape["non_stroking_color"]) == 3
        }
    for words in ("保定市", "7/10", "按时", "2026Q3", "丰宁", "80%", "3<个>"):
        assert words in text
    assert {(0x1B, 0x6B, 0x3A), (0xB3, 0x26, 0x1E), (0x2F, 0x5F, 0x8F)} <= colours
