"""The picture of a quarter: who reported, how much it came to, the reports behind each number, and whom to call."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import clock
from reportsvc.accounts import people
from reportsvc.errors import NotFound
from reportsvc.forms.messages import N_
from reportsvc.picture import amounts, counts, lists, plans
from reportsvc.picture.places import Areas, Place, campaigns, pick, rounds
from reportsvc.picture.store import Store
from reportsvc.projects.regions import Scope
from reportsvc.web import guard, picture_charts
from reportsvc.web.access import access
from reportsvc.web.language import say
from reportsvc.web.picture_charts import NUMBERS, quarter_name

WORDS = 60
"""Characters that somebody may search for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the address asks for: one quarter of one campaign, in one region; and what else there is to choose."""

    areas: Areas
    scope: Scope
    campaigns: list[Any]
    campaign: Any
    owed: list[Any]
    """The campaign's quarters, oldest first."""
    round: Any
    mine: list[Scope]
    """The regions that whoever looks was given."""
    _paths: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Paths of pages that were asked for: a page has over a thousand addresses, and Flask builds each anew."""

    @property
    def place(self) -> Place:
        """The region with those that its numbers come from."""
        return Place(self.scope, self.areas)

    @property
    def until(self) -> list[Any]:
        """The quarters up to the one that is looked at."""
        return self.owed[: self.owed.index(self.round) + 1]

    @property
    def above(self) -> list[Scope]:
        """The way down to the region, from where whoever looks may begin."""
        paths = [one.path for one in self.mine]
        return [one for one in self.areas.above(self.scope) if any(one.path.startswith(path) for path in paths)]

    @property
    def reviews(self) -> bool:
        """Whether they review this region: then they see phone numbers and may ask for reminders."""
        return any(self.scope.path.startswith(self.areas.scopes[code].path) for code in guard.actor().reviews)

    def address(self, endpoint: str, **more: Any) -> str:
        """A page of the same quarter and region, but for what is given."""
        kept = {"campaign": self.campaign.code, "round": quarter_name(self.round), "region": self.scope.code}
        if endpoint not in self._paths:
            self._paths[endpoint] = url_for(f"picturing.{endpoint}")
        asked = {name: value for name, value in (kept | more).items() if value is not None}
        return f"{self._paths[endpoint]}?{urlencode(asked)}"


def _seen(arguments: Any) -> Seen | None:
    """What is looked at; nothing before there is a quarter to look at."""
    actor, today = guard.actor(), clock.today()
    codes = tuple(dict.fromkeys((*actor.reads_reports, *actor.publishes)))
    areas, found = Areas(), campaigns(today)
    scope = areas.find(arguments.get("region") or codes[0], codes)
    if not found:
        return None
    wanted = arguments.get("campaign", "")
    campaign = next((one for one in found if not wanted or one.code == wanted), None)
    if campaign is None:
        raise NotFound("There is no such page.")
    owed = rounds(campaign, today)
    mine = [areas.scopes[code] for code in codes]
    return Seen(areas, scope, found, campaign, owed, pick(owed, arguments.get("round", "")), mine)


def blueprint() -> Blueprint:
    """The pages, with what has been added up for them."""
    pages, kept = Blueprint("picturing", __name__, url_prefix="/picture"), Store()
    for one in (picture_charts.brief, picture_charts.exact, picture_charts.change, picture_charts.percent_of, say):
        pages.add_app_template_filter(one, "translated" if one is say else None)

    @pages.get("")
    @access("reader")
    def picture() -> ResponseReturnValue:
        """Who was to report, and who did."""
        seen = _seen(request.args)
        if seen is None:
            return render_template("picture/none.html")
        kept.follow()
        found = counts.picture(kept, seen.round, seen.place, clock.today())
        over_time = counts.trend(kept, seen.owed, seen.place, clock.today())
        charts = picture_charts.Reports(seen, found, over_time)
        return render_template("picture/reports.html", seen=seen, found=found, over_time=over_time, charts=charts)

    @pages.get("/amounts")
    @access("reader")
    def given() -> ResponseReturnValue:
        """What was given and reached, against last quarter, last year and the plan."""
        seen = _seen(request.args)
        if seen is None:
            return render_template("picture/none.html")
        page = _amounts(kept, seen, request.args.get("measure", amounts.FUNDS))
        return render_template("picture/amounts.html", seen=seen, page=page)

    _add_lists(pages)
    return pages


def _amounts(kept: Store, seen: Seen, wanted: str) -> picture_charts.Amounts:
    kept.follow()
    measures = amounts.measures(seen.campaign)
    chosen = next((one for one in measures if one.code == wanted), None)
    if chosen is None:
        raise NotFound("There is no such page.")
    sums = picture_charts.Gathered(
        quarters=amounts.of_rounds(kept, seen.owed, seen.place),
        so_far=amounts.so_far(kept, seen.campaign, seen.until, seen.place),
        planned=plans.planned(kept, seen.campaign, seen.place),
    )
    return picture_charts.Amounts(seen, measures, chosen, sums)


ASKED = N_("Asked for %(count)s reminders.")
NOT_ASKED = N_("A reminder was asked for today already, or nothing is owed any more.")


def _add_lists(pages: Blueprint) -> None:
    @pages.get("/list")
    @access("reader")
    def reports() -> ResponseReturnValue:
        """The reports behind a number."""
        seen = _seen(request.args)
        if seen is None:
            return render_template("picture/none.html")
        wanted = Wanted(seen, request.args)
        found = lists.listing(wanted.asked, request.args.get("page", 1, type=int), clock.today())
        if "numbers" in request.args and seen.reviews:
            lists.add_contacts(found, guard.actor().id, seen.scope.code)
        return render_template("picture/list.html", seen=seen, wanted=wanted, found=found, numbers=NUMBERS)

    @pages.post("/remind")
    @access("reviewer")
    def remind() -> ResponseReturnValue:
        """Record that one organization, or all on the page, are to be reminded."""
        seen = _seen(request.args)
        if seen is None or not seen.reviews:
            raise NotFound("There is no such page.")
        wanted, page = Wanted(seen, request.args), request.args.get("page", 1, type=int)
        rows = lists.listing(wanted.asked, page, clock.today()).rows
        one = request.form.get("slot", type=int)
        chosen = [row for row in rows if one is None or row.id == one]
        count = lists.ask(chosen, people.person_by_id(guard.actor().id))
        flash(say(ASKED, count=count) if count else say(NOT_ASKED))
        return redirect(wanted.address(page=page))


class Wanted:
    """How a list was filtered, and the addresses of the same list."""

    def __init__(self, seen: Seen, arguments: Any) -> None:
        self.seen = seen
        self.number = arguments.get("number", "overdue")
        self.kind, self.category = arguments.get("kind", ""), arguments.get("category", "")
        self.words = " ".join(arguments.get("words", "").split())[:WORDS]
        self.undivided = "undivided" in arguments
        self.with_numbers = "numbers" in arguments and seen.reviews

    @cached_property
    def asked(self) -> lists.Asked:
        """What to look behind; undivided is what belongs to no single part of the region."""
        codes = [self.seen.scope.code] if self.undivided else self.seen.areas.below(self.seen.scope)
        return lists.Asked(self.seen.round, codes, self.number, self.kind, self.category, self.words)

    @property
    def _filters(self) -> dict[str, str]:
        held = {"number": self.number, "kind": self.kind, "category": self.category, "words": self.words}
        return held | {"undivided": "1" if self.undivided else ""}

    @property
    def file(self) -> dict[str, str]:
        """What the address of the same list as a file says; phone numbers are not in it."""
        seen = self.seen
        kept = {"campaign": seen.campaign.code, "quarter": quarter_name(seen.round), "region": seen.scope.code}
        return kept | {name: value for name, value in self._filters.items() if value}

    def address(self, endpoint: str = "reports", **more: Any) -> str:
        """The same list, but for what is given; empty filters are left out."""
        held = self._filters | {"numbers": "1" if self.with_numbers else ""}
        return self.seen.address(endpoint, **{name: value for name, value in (held | more).items() if value != ""})
