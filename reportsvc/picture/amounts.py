"""How much was given and how many were reached: sums over the approved reports of each quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportsvc import totals
from reportsvc.models import Campaign, Indicator, Round
from reportsvc.picture.places import Place
from reportsvc.picture.store import Store

FUNDS = "funds"
"""The name of what a campaign's kinds of money add up to, beside the indicators' codes."""

Sums = dict[tuple[str, str], dict[str, int]]
"""(dimension, value) to indicator to amount in its smallest unit; ("", "") is the whole."""


def of_rounds(store: Store, owed: Sequence[Round], place: Place) -> list[Sums]:
    """The sums over the approved reports of each quarter, in their order."""
    return [_of_round(store, one.id, place) for one in owed]


def _of_round(store: Store, number: int, place: Place) -> Sums:
    def make() -> Sums:
        inside = frozenset(place.inside)
        pieces = store.pieces(number, place.reporting).values()
        return divided((one for piece in pieces for one in piece.summed if one.region in inside), place)

    return store.compose(("sums", number, place.scope.code), store.mark([number]), make)


def divided(rows: Iterable[tuple[str, str, str, str, int]], place: Place) -> Sums:
    """Rows of (region, kind, category, indicator, amount) as sums."""
    found: Sums = {}
    for region, kind, category, code, value in rows:
        child = place.areas.child(place.scope, region)
        for part in (("", ""), ("kind", kind), ("category", category), ("place", child)):
            amounts = found.setdefault(part, {})
            amounts[code] = amounts.get(code, 0) + int(value)
    return found


def added(several: Iterable[Sums]) -> Sums:
    """The sums of several quarters together."""
    found: Sums = {}
    for sums in several:
        for part, amounts in sums.items():
            into = found.setdefault(part, {})
            for code, value in amounts.items():
                into[code] = into.get(code, 0) + value
    return found


def so_far(store: Store, campaign: Campaign, owed: Sequence[Round], place: Place) -> Sums:
    """From the campaign's beginning through the last of these quarters, each indicator by its rule of time."""
    found = added(of_rounds(store, owed, place))
    others = [one.code for one in _indicators(campaign) if one.time_rule != "sum"]
    if not others or not owed:
        return found
    through = totals.Quarter(owed[-1].year, owed[-1].quarter)
    chosen = store.compose(
        ("so far", owed[-1].id, place.scope.code),
        store.mark([one.id for one in owed]),
        lambda: divided(totals.divided(campaign, through, place.inside), place),
    )
    summed = {part: _without(amounts, others) for part, amounts in found.items()}
    return added((summed, {part: _only(amounts, others) for part, amounts in chosen.items()}))


def _without(amounts: Mapping[str, int], codes: Sequence[str]) -> dict[str, int]:
    return {code: value for code, value in amounts.items() if code not in codes}


def _only(amounts: Mapping[str, int], codes: Sequence[str]) -> dict[str, int]:
    return {code: value for code, value in amounts.items() if code in codes}


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to look at: an indicator, or all the kinds of money that make a campaign's funds."""

    code: str
    name: str
    unit: str
    scale: int
    codes: tuple[str, ...]
    """The indicators that it adds up."""

    def of(self, amounts: Mapping[str, int] | None) -> int:
        """Its amount, in the smallest unit."""
        return sum((amounts or {}).get(code, 0) for code in self.codes)


SHOWN = ("money", "benefit")


def measures(campaign: Campaign) -> list[Measure]:
    """The funds, then every indicator of money and of benefit."""
    found = [Measure(FUNDS, "", "元", 2, tuple(campaign.fund_kinds))]
    for one in _indicators(campaign):
        if one.measure in SHOWN:
            found.append(Measure(one.code, one.name, one.unit, one.scale, (one.code,)))
    return found


def _indicators(campaign: Campaign) -> list[Indicator]:
    return list(Indicator.select().where(Indicator.campaign == campaign).order_by(Indicator.position))
