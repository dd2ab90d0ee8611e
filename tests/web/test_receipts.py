"""A receipt can be kept, and checked by anybody who holds it."""

from __future__ import annotations

import io
from pathlib import Path

import pdfplumber

from reportsvc.models import Slot, Version
from tests.web.conftest import Site


def newest(site: Site) -> Version:
    return site.world.submit(progress_text="第一段。\n第二段，堃昇玥镕璟。")


def test_a_receipt_checks_and_tells_nothing_else(site: Site) -> None:
    version = newest(site)
    stranger = site.phone()
    page = stranger.get(f"/receipts/{version.receipt}/{version.sha256[:16]}")
    assert "真实有效" in page.main
    assert "图书" not in page.main
    wrong = stranger.get(f"/receipts/{version.receipt}/{'0' * 16}")
    assert "不符" in wrong.main
    assert stranger.get(f"/receipts/{version.receipt}/{version.sha256[:3]}").status == 404
    assert stranger.get(f"/receipts/2026Q4-999999-1/{version.sha256[:16]}").status == 404


def test_damage_shows(site: Site) -> None:
    version = newest(site)
    Version.update(answers={**version.answers, "own_funds": "99"}).where(Version.id == version.id).execute()
    assert "不符" in site.phone().get(f"/receipts/{version.receipt}/{version.sha256[:16]}").main


def test_a_newer_version_is_told(site: Site) -> None:
    version = newest(site)
    Slot.update(current=2).where(Slot.id == version.slot_id).execute()
    assert "更新的版本" in site.phone().get(f"/receipts/{version.receipt}/{version.sha256}").main


def test_the_pdf_says_what_was_sent_and_how_to_check_it(site: Site, tmp_path: Path) -> None:
    version = newest(site)
    (tmp_path / "fonts").symlink_to(Path(__file__).parents[2] / "instance" / "fonts")
    phone = site.phone(site.world.reporter)
    answer = phone.client.get(f"/reports/{version.slot_id}/sent/1/receipt.pdf")
    assert answer.mimetype == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.data)) as pdf:
        text = "".join(page.extract_text() or "" for page in pdf.pages).replace("\n", "")
    for part in (version.receipt, version.sha256[:16], "乡村图书室", "12,000.50 元", "堃昇玥镕璟"):
        assert part in text
    assert site.phone(site.world.other_reporter).get(f"/reports/{version.slot_id}/sent/1/receipt.pdf").status == 404
