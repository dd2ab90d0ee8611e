"""Receipts to keep, and the page that checks them later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from reportsvc.errors import NotFound
from reportsvc.pdf.receipts import Receipt
from reportsvc.reports import drafts, explaining, receipts
from reportsvc.web import guard, language, showing
from reportsvc.web.access import access
from reportsvc.web.arithmetic import about, arithmetic


def blueprint(render: Callable[[Receipt], bytes]) -> Blueprint:
    """The pages, over what prints a receipt."""
    pages = Blueprint("receipts", __name__)

    @pages.get("/receipts/<number>/<fingerprint>")
    @access("public")
    def check(number: str, fingerprint: str) -> ResponseReturnValue:
        return render_template("receipt_check.html", verdict=receipts.check(number, fingerprint))

    @pages.get("/reports/<int:slot_id>/sent/<int:number>/receipt.pdf")
    @access("reporter")
    def printed(slot_id: int, number: int) -> ResponseReturnValue:
        slot = drafts.find(guard.actor().organizations, slot_id)
        version = next((one for one in drafts.versions(slot) if one.number == number), None)
        if version is None:
            raise NotFound("There is no such report.")
        answer = Response(render(_receipt(slot, version)), mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{version.receipt}.pdf")
        return answer

    return pages


def _receipt(slot: Any, version: Any) -> Receipt:
    """A version as its receipt says it: in Chinese, whatever language the pages are read in."""
    with language.in_chinese():
        explained = [(about(one.doubt), arithmetic(one.doubt), one.text) for one in explaining.of_version(version)]
    short = version.sha256[: receipts.SHORT]
    return Receipt(
        number=version.receipt,
        project=slot.project.name,
        organization=slot.organization.name,
        quarter=f"{slot.round.year}年第{slot.round.quarter}季度",
        sent=language.moment(version.submitted_at),
        sha256=version.sha256,
        address=url_for("receipts.check", number=version.receipt, fingerprint=short, _external=True),
        sections=[
            (part.label, [(one.label, f"{one.text} {one.unit}".strip()) for one in part.answers])
            for part in showing.shown(slot, version)
        ],
        explained=explained,
    )
