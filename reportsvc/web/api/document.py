"""The API's OpenAPI 3.1 document, made from the same table as its views."""

from __future__ import annotations

import re
from typing import Any

from reportsvc.exchange.lists import Column, Listing
from reportsvc.exchange.lists.codes import CODES
from reportsvc.web.api.endpoints import ENDPOINTS, PREFIX, Endpoint, Parameter

_ARGUMENT = re.compile(r"<(?:(int):)?(\w+)>")
ARGUMENTS = {
    "campaign": "The campaign's code.",
    "only": "The code of what is asked for.",
    "circular": "The circular's number.",
}
ERRORS = {
    "400": "The question can't be understood.",
    "401": "The token is missing, unknown, over or revoked.",
    "404": "There is no such thing, or it lies outside the token's region.",
    "405": "The API only reads.",
    "429": "Too many calls; `Retry-After` says for how many seconds to wait.",
    "500": "Something went wrong on our side.",
    "503": "The database does not answer just now.",
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
    },
    "additionalProperties": False,
}
TOTALS = {
    "type": "object",
    "required": ["campaign", "through", "by", "organizations", "projects", "key_counties", "funds_yuan", "sums"],
    "properties": {
        "campaign": {"type": "string"},
        "through": {"type": "string"},
        "by": {"type": "string"},
        "organizations": {"type": "integer", "description": "Distinct social organizations of the whole."},
        "projects": {"type": "integer"},
        "key_counties": {"type": "integer"},
        "funds_yuan": {"type": "string", "description": "Exact decimal: the kinds of money that the campaign names."},
        "sums": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["indicator", "value", "unit", "split"],
                "properties": {
                    "indicator": {"type": "string"},
                    "split": {"type": "string", "description": "Of what; empty for the whole."},
                    "value": {"type": "string", "description": "Exact decimal in the unit."},
                    "unit": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "code": {"type": "string"},
    "whole": {"type": "integer"},
    "number": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": "Exact decimal."},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "truth": {"type": "boolean"},
    "codes": {"type": "array", "items": {"type": "string"}},
    "rows": {"type": "array", "items": {"type": "object"}},
}


def document(base_url: str, version: str) -> dict[str, Any]:
    """The whole document."""
    listings = {one.listing.name: one.listing for one in ENDPOINTS if one.listing is not None}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "reportsvc",
            "version": version,
            "description": "Read only. Decimals are texts, so that nothing is lost; what is empty is null.",
        },
        "servers": [{"url": base_url}],
        "security": [{"token": []}],
        "paths": {
            **{_path(one.path): {"get": _operation(one)} for one in ENDPOINTS},
            f"{PREFIX}/openapi.json": {"get": _itself()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Problem": PROBLEM,
                "Totals": TOTALS,
                **{name: _record(listing) for name, listing in listings.items()},
            },
            "responses": {
                status: {
                    "description": about,
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                for status, about in ERRORS.items()
            },
        },
    }


def _path(path: str) -> str:
    return PREFIX + _ARGUMENT.sub(lambda match: "{" + match[2] + "}", path)


def _operation(one: Endpoint) -> dict[str, Any]:
    arguments = [
        {
            "name": name, "in": "path", "required": True, "description": ARGUMENTS[name],
            "schema": {"type": "integer" if kind else "string"},
        }
        for kind, name in _ARGUMENT.findall(one.path)
    ]  # fmt: skip
    return {
        "operationId": one.name,
        "summary": one.about,
        "parameters": [*arguments, *map(_parameter, one.parameters), _none_match()],
        "responses": {
            "200": {
                "description": one.about,
                "headers": {"ETag": {"description": "Of this answer.", "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": _schema(one)}},
            },
            "304": {"description": "Nothing has changed since the answer with that ETag."},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in ERRORS},
        },
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This document.",
        "security": [],
        "responses": {
            "200": {
                "description": "This document.",
                "content": {"application/json": {"schema": {"type": "object", "required": ["openapi", "paths"]}}},
            }
        },
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    required = one.name == "through"
    return {"name": one.name, "in": "query", "required": required, "description": one.about, "schema": one.schema}


def _none_match() -> dict[str, Any]:
    about = "ETag of an earlier answer."
    return {"name": "If-None-Match", "in": "header", "description": about, "schema": {"type": "string"}}


def _schema(one: Endpoint) -> dict[str, Any]:
    if one.listing is None:
        return {"$ref": "#/components/schemas/Totals"}
    record = {"$ref": f"#/components/schemas/{one.listing.name}"}
    if one.shape == "one":
        return record
    return {
        "type": "object",
        "required": ["data", "next"],
        "properties": {
            "data": {"type": "array", "items": record},
            "next": {"type": ["string", "null"], "description": "Cursor of the next page; null on the last."},
        },
        "additionalProperties": False,
    }


def _record(listing: Listing) -> dict[str, Any]:
    columns = [column for column in listing.columns if not column.personal]
    return {
        "type": "object",
        "description": listing.about,
        "required": [column.key for column in columns],
        "properties": {column.key: _property(column) for column in columns},
        "additionalProperties": False,
    }


def _property(column: Column) -> dict[str, Any]:
    made = {**TYPES[column.kind], "title": column.title}
    made["description"] = " ".join(filter(None, (column.about, TYPES[column.kind].get("description", ""))))
    if column.codes:
        made["enum"] = [*CODES[column.codes], *([None] if column.empty else [])]
    if column.empty:
        made["type"] = [made["type"], "null"]
    return made
