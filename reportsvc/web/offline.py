"""What a browser keeps so that pages of a report open without a link, where it allows that."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from reportsvc.web.access import access
from reportsvc.web.assets import Assets


def blueprint(files: Assets) -> Blueprint:
    """The service worker, which has to lie at the top to see all pages, and the page it shows in place of others."""
    pages = Blueprint("offline", __name__)

    @pages.get("/sw.js")
    @access("public")
    def worker() -> ResponseReturnValue:
        text = f"const RELEASE={json.dumps(files.release)};" + files.content("sw.js", "").decode()
        return Response(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})

    @pages.get("/offline")
    @access("public")
    def offline() -> ResponseReturnValue:
        return render_template("offline.html")

    return pages
