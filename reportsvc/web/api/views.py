"""The views of the API: a token, a question, a page of records."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, g, json, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import __version__, clock, totals
from reportsvc.accounts import limits, tokens
from reportsvc.errors import NotFound, ReportsvcError
from reportsvc.exchange.files import as_object
from reportsvc.exchange.lists import View, view
from reportsvc.exchange.lists.codes import CODES
from reportsvc.exchange.lists.parties import INDICATORS
from reportsvc.exchange.lists.shape import campaign_for, records, whole
from reportsvc.forms.messages import N_
from reportsvc.web import problems
from reportsvc.web.access import access
from reportsvc.web.api.document import document
from reportsvc.web.api.endpoints import BY, ENDPOINTS, PREFIX, Endpoint
from reportsvc.web.language import say

MINUTE = timedelta(minutes=1)
TRIES = limits.Limit("api tries", 60, timedelta(hours=1))
"""Calls with a token that is none, from one address."""
QUARTER = re.compile(r"(?P<year>[0-9]{4})Q(?P<quarter>[1-4])")
NO_TOKEN = N_("The header Authorization: Bearer holds no token that is in force.")
TOO_MANY = N_("Too many calls. The header Retry-After says for how many seconds to wait.")
ODD = N_("The parameter %(name)s can't be understood.")
UNKNOWN = N_("There is no parameter %(name)s here.")
NOTHING = N_("There is no such thing, or it lies outside the token's region.")
MOST, USUAL = 200, 50


class Odd(ReportsvcError):
    """A question that can't be understood."""

    status = 400


def blueprint(secret: str, base_url: str, calls_a_minute: int) -> Blueprint:
    """The API.

    :param secret: key of the tokens' hashes.
    :param calls_a_minute: that one token may make.
    """
    pages = Blueprint("api", __name__, url_prefix=PREFIX)
    limit = limits.Limit("api calls", calls_a_minute, MINUTE)

    @pages.before_request
    def enter() -> Response | None:
        if request.endpoint == "api.openapi":
            return None
        return _refused(secret, limit)

    @pages.get("/openapi.json")
    @access("token")
    def openapi() -> ResponseReturnValue:
        return _answer(document(base_url, __version__))

    for one in ENDPOINTS:
        pages.add_url_rule(one.path, one.name, _view_of(one), methods=["GET"])
    return pages


def _refused(secret: str, limit: limits.Limit) -> Response | None:
    """Nothing if the token is good and has calls left; who it is stands in ``g.key``."""
    address = request.remote_addr or ""
    if limits.reached(secret, TRIES, address):
        return _later(TRIES)
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    key = tokens.find(secret, token.strip()) if kind.lower() == "bearer" and token else None
    if key is None:
        limits.take(secret, TRIES, address)
        answer = problems.answer(401, say(NO_TOKEN))
        answer.headers["WWW-Authenticate"] = 'Bearer realm="reportsvc"'
        return answer
    if not limits.take(secret, limit, f"token {key.id}"):
        return _later(limit)
    g.key = key
    return None


def _later(limit: limits.Limit) -> Response:
    answer = problems.answer(429, say(TOO_MANY))
    answer.headers["Retry-After"] = str(max(1, int((limits.ends(limit) - clock.now()).total_seconds())))
    return answer


def _view_of(one: Endpoint) -> Any:
    @access("token")
    def answer(**arguments: Any) -> ResponseReturnValue:
        known = {parameter.name for parameter in one.parameters}
        for name in request.args:
            if name not in known:
                raise Odd(UNKNOWN, name=name[:40])
        seen = _seen(arguments)
        if one.shape == "totals":
            return _answer(_totals(seen))
        if one.shape == "one":
            return _answer(_single(one, seen))
        return _page(one, seen, arguments)

    return answer


def _seen(arguments: dict[str, Any]) -> View:
    more = dict(arguments)
    if "campaign" in more:
        more["campaign"] = campaign_for((g.key.region,), more["campaign"])
    if "quarter" in request.args:
        more["quarter"] = _quarter("quarter")
    if "state" in request.args:
        more["state"] = request.args["state"]
        if more["state"] not in CODES["states"]:
            raise Odd(ODD, name="state")
    return view((g.key.region,), **more)


def _quarter(name: str) -> tuple[int, int]:
    match = QUARTER.fullmatch(request.args.get(name, ""))
    if match is None:
        raise Odd(ODD, name=name)
    return int(match["year"]), int(match["quarter"])


def _page(one: Endpoint, seen: View, arguments: dict[str, Any]) -> ResponseReturnValue:
    assert one.listing is not None  # noqa: S101 - pages are of lists
    text = request.args.get("limit", str(USUAL))
    limit = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    if not 1 <= limit <= MOST:
        raise Odd(ODD, name="limit")
    found = one.listing.page(seen, _after(one.name), limit + 1)
    further = _cursor(one.name, found[limit - 1][0]) if len(found) > limit else None
    columns = one.listing.shown(seen)
    answer = _answer({"data": [as_object(record, columns) for _, record in found[:limit]], "next": further})
    if further:
        more = {**request.args.to_dict(), **arguments, "cursor": further}
        answer.headers["Link"] = f'<{url_for(f".{one.name}", **more)}>; rel="next"'
    return answer


def _cursor(name: str, after: int) -> str:
    return base64.urlsafe_b64encode(f"{name}:{after}".encode()).decode().rstrip("=")


def _after(name: str) -> int:
    """The id that a cursor goes on from; it is good for its own list only."""
    text = request.args.get("cursor", "")
    if not text:
        return 0
    try:
        said, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().rpartition(":")
    except (binascii.Error, ValueError):
        raise Odd(ODD, name="cursor") from None
    if said != name or not number.isdecimal() or len(number) > 18:
        raise Odd(ODD, name="cursor")
    return int(number)


def _single(one: Endpoint, seen: View) -> dict[str, Any]:
    assert one.listing is not None  # noqa: S101 - one of a list
    found = one.listing.page(seen, 0, 1)
    if not found:
        raise NotFound(NOTHING)
    return as_object(found[0][1], one.listing.shown(seen))


def _totals(seen: View) -> dict[str, Any]:
    campaign = seen.named
    if not whole((g.key.region,), campaign):
        raise NotFound(NOTHING)
    by = request.args.get("by", "none")
    if by not in BY.schema["enum"]:  # type: ignore[operator]
        raise Odd(ODD, name="by")
    through = totals.Quarter(*_quarter("through"))
    indicators = {row["code"]: row for row in records(INDICATORS, seen)}
    counted = totals.counts(campaign, through)
    return {
        "campaign": campaign.code,
        "through": request.args["through"],
        "by": by,
        "organizations": counted.organizations,
        "projects": counted.projects,
        "key_counties": counted.key_counties,
        "funds_yuan": totals.yuan(totals.funds(campaign, totals.amounts(campaign, through))),
        "sums": [
            {
                "indicator": code,
                "split": split,
                "value": format(Decimal(value).scaleb(-indicators[code]["scale"]), "f"),
                "unit": indicators[code]["unit"],
            }
            for (code, split), value in sorted(totals.amounts(campaign, through, by).items())  # type: ignore[arg-type]
        ],
    }


def _answer(body: dict[str, Any]) -> Response:
    """JSON with an ETag; nothing but that where the asker has it already."""
    answer = Response(json.dumps(body, ensure_ascii=False), content_type="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
