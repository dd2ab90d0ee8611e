"""Errors of the API as RFC 9457 problem details."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, g, json, request

PREFIX = "/api/"


def asked() -> bool:
    """Whether the request is for the API, where nobody reads pages."""
    return request.path.startswith(PREFIX)


def answer(status: int, detail: str) -> Response:
    """An error as a machine reads it."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:request:{g.get('request_id', '')}",
    }
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")
