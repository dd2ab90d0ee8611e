"""What the API answers, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportsvc.exchange.lists import BY_NAME, Listing
from reportsvc.exchange.lists.codes import CODES

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query."""

    name: str
    about: str
    schema: dict[str, object]


CURSOR = Parameter("cursor", "Where to go on: `next` of the page before.", {"type": "string", "maxLength": 200})
LIMIT = Parameter(
    "limit", "How many records a page has.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
)
QUARTER = Parameter("quarter", "One quarter, such as 2026Q1.", {"type": "string", "pattern": "^[0-9]{4}Q[1-4]$"})
STATE = Parameter("state", "Where the report stands.", {"type": "string", "enum": list(CODES["states"])})
THROUGH = Parameter("through", "The last quarter that counts.", {"type": "string", "pattern": "^[0-9]{4}Q[1-4]$"})
BY = Parameter(
    "by", "What the sums are split by.",
    {"type": "string", "enum": ["none", "category", "kind", "region"], "default": "none"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address. ``shape`` is a page of a list's records, one of them, or the totals."""

    name: str
    path: str
    about: str
    shape: Literal["page", "one", "totals"]
    listing: Listing | None = None
    parameters: tuple[Parameter, ...] = ()


def _page(name: str, path: str, about: str, listing: str, *more: Parameter) -> Endpoint:
    return Endpoint(name, path, about, "page", BY_NAME[listing], (CURSOR, LIMIT, *more))


def _one(name: str, path: str, about: str, listing: str) -> Endpoint:
    return Endpoint(name, path, about, "one", BY_NAME[listing])


IN = "/campaigns/<campaign>"
ENDPOINTS = (
    _page("campaigns", "/campaigns", "The campaigns that the token's region has a part in.", "campaigns"),
    _one("campaign", IN, "One campaign.", "campaigns"),
    _page("rounds", f"{IN}/rounds", "The quarters of a campaign.", "rounds"),
    _page("indicators", f"{IN}/indicators", "What a campaign counts, and how it is summed.", "indicators"),
    _page("organizations", "/organizations", "The organizations of the token's region.", "organizations"),
    _one("organization", "/organizations/<only>", "One organization by its code.", "organizations"),
    _page("projects", f"{IN}/projects", "The projects of a campaign in the token's region.", "projects"),
    _one("project", f"{IN}/projects/<only>", "One project by its code.", "projects"),
    _page("slots", f"{IN}/slots", "Who owes which report, and where it stands.", "slots", QUARTER, STATE),
    _page("figures", f"{IN}/figures", "Figures of approved reports.", "figures", QUARTER),
    Endpoint(
        "totals", f"{IN}/totals", "Sums over a whole campaign; for tokens over its whole province.", "totals",
        parameters=(THROUGH, BY),
    ),
    _page("circulars", f"{IN}/circulars", "Circulars; for tokens over the whole province.", "circulars"),
    _page(
        "circular_figures", f"{IN}/circulars/<int:circular>/figures", "The figures that a circular prints.",
        "circular_figures",
    ),
)  # fmt: skip
