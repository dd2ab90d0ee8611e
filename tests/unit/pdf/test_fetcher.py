"""While a circular is laid out nothing is read from disk or net, and nothing that goes wrong passes unnoticed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from reportsvc.pdf import fetcher
from reportsvc.pdf.fetcher import RenderError
from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.typesetting import lay_out_html

PAGE = '<html lang="zh-CN"><head><title>样例</title>{head}</head><body><p style="font-family:ReportsvcFang">样{body}'
ADDRESSES = [
    "file:///etc/passwd",
    "http://127.0.0.1:9/a.png",
    "https://reports.example.cn/a.png",
    "ftp://reports.example.cn/a.png",
    "data:image/png;base64,iVBORw0KGgo=",
    "reportsvc:../../secret_key",
    "/etc/passwd",
    "REPORTSVC:circular.css",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_picture_from_elsewhere_fails_the_build(fonts: FontSet, address: str) -> None:
    with pytest.raises(RenderError) as caught:
        lay_out_html(PAGE.format(head="", body=f'<img alt="" src="{address}">'), {}, fonts)
    assert any("refused" in problem or "Failed to load" in problem for problem in caught.value.problems)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stylesheet_or_face_from_elsewhere_fails_the_build(fonts: FontSet, address: str) -> None:
    for head in (
        f'<link rel="stylesheet" href="{address}">',
        f"<style>@import url({address});</style>",
        f"<style>@font-face {{ font-family: x; src: url({address}) }}</style>",
    ):
        with pytest.raises(RenderError):
            lay_out_html(PAGE.format(head=head, body=""), {}, fonts)


def test_the_fetcher_itself_refuses(fonts: FontSet, tmp_path: Path) -> None:
    fetcher.weasyprint(fonts)
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    fetch = fetcher.make_fetcher({"known.css": (b"p {}", "text/css")})
    for address in (*ADDRESSES, secret.as_uri()):
        with pytest.raises(ValueError, match="refused"):
            fetch.fetch(address)
    assert fetch.refused == [*ADDRESSES, secret.as_uri()]
    assert fetch.fetch("reportsvc:known.css").read() == b"p {}"


def test_a_warning_fails_the_build_whatever_the_log_level(fonts: FontSet) -> None:
    logger = logging.getLogger("weasyprint")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with pytest.raises(RenderError, match="unknown property"):
            lay_out_html(PAGE.format(head="<style>p { text-justify: none }</style>", body=""), {}, fonts)
        assert logger.level == logging.CRITICAL
    finally:
        logger.setLevel(before)


def test_a_clean_page_is_laid_out(fonts: FontSet) -> None:
    head = '<link rel="stylesheet" href="reportsvc:known.css">'
    laid_out = lay_out_html(
        PAGE.format(head=head, body='<i id="there">例</i>'), {"known.css": (b"i { color: red }", "text/css")}, fonts
    )
    assert laid_out.pdf.startswith(b"%PDF-")
    assert laid_out.places["there"].page == 0
