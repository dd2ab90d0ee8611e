"""What surrounds every request: its id, its database connection, its line in the log."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from reportsvc.web.assets import style_sources

log = structlog.get_logger("reportsvc.web")
HEADER = "X-Request-ID"
POLICY = "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'"
SAFE = {
    "Referrer-Policy": "same-origin",
}
"""Nothing from elsewhere, nothing inside somebody else's frame."""
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def install(app: Flask) -> None:
    """Give every request an id, which comes back as a header and stands in every line of its log."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        g.began = time.perf_counter()
        clear_contextvars()
        bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        if request.endpoint == "static" and response.status_code < 400:
            return response  # headers of pages mean nothing there, and would weigh as much as a small script
        response.headers[HEADER] = g.request_id
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
        # A view that is shown inside a page of ours says so by g.framed; nothing is shown inside anybody else's.
        framing = "'self'" if g.get("framed") else "'none'"
        policy = f"{POLICY}; frame-ancestors {framing}; style-src 'self'{style_sources()}"
        response.headers.setdefault("Content-Security-Policy", policy)
        log.info(
            "request",
            method=request.method,
            path=_path(),
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1),
        )
        return response


def _path() -> str:
    """The path as it may stand in a log: a link that signs somebody in stands there without its token."""
    if "token" in (request.view_args or {}) and request.url_rule is not None:
        return request.url_rule.rule
    return request.path
