"""For the machines that watch over the service: alive, and ready."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from reportsvc.web.access import access


def blueprint(ready: Callable[[], dict[str, str]]) -> Blueprint:
    """Routes that need no sign-in.

    :param ready: gives a name and a problem for each thing that is not ready; empty when all is.
    """
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    @access("public")
    def alive() -> ResponseReturnValue:
        return jsonify(status="alive")

    @pages.get("/readyz")
    @access("public")
    def is_ready() -> ResponseReturnValue:
        problems = ready()
        return jsonify(status="not ready" if problems else "ready", problems=problems), 503 if problems else 200

    return pages
