"""What a list is: columns with what they mean, and pages of records by rising ids, in whoever's scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reportsvc.errors import NotFound
from reportsvc.exchange.querying import tuples
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, Region
from reportsvc.projects import regions

Kind = Literal["text", "code", "whole", "number", "day", "moment", "truth", "codes", "rows"]
"""``code``: digits that are no number; ``number``: an exact decimal; ``codes``: several; ``rows``: of a repeat."""

Record = Mapping[str, Any]
AT_ONCE = 500  # records held in memory while a list is written


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``title`` and ``about`` are message ids; ``codes`` names the list that its values are of."""

    key: str
    title: str
    about: str
    kind: Kind = "text"
    unit: str = ""
    codes: str = ""
    personal: bool = False
    """Whether it is about a person: left out for whoever may not see that."""
    empty: bool = False
    """Whether it may be empty."""


@dataclass(frozen=True, slots=True)
class View:
    """Whose eyes, and on what. Codes are of every region in scope, the regions below included."""

    codes: frozenset[str]
    campaign: Campaign | None = None
    quarter: tuple[int, int] | None = None
    only: str = ""
    """The code of the one organization or project that is asked for."""
    circular: int = 0
    state: str = ""
    persons: frozenset[str] = frozenset()
    """Codes of the regions of whose reports names and numbers may be seen; columns of persons are there if any."""
    reports: frozenset[str] = frozenset()
    """Codes of the regions whose reports they read, as reviewer or as auditor: what was found in these, and asked."""
    person: int = 0
    """Id of who looks, for what is theirs."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """What a list's own page is narrowed to, in the words of its address; empty is everything."""

    @property
    def named(self) -> Campaign:
        """The campaign, for lists that are of one.

        :raises NotFound: if none is chosen.
        """
        if self.campaign is None:
            raise NotFound(NO_CAMPAIGN)
        return self.campaign


NO_CAMPAIGN = N_("Choose a campaign: this list is of one.")
Page = Callable[[View, int, int], Sequence[tuple[int, Record]]]
"""Up to so many records whose ids are above one, by rising ids."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. ``of`` says what has to be chosen for it: nothing, a campaign, or a circular."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    page: Page
    of: Literal["", "campaign", "circular"] = "campaign"
    by_quarter: bool = False
    parts: tuple[Listing, ...] = field(default=())
    """Lists of what stands in rows within the records."""

    def shown(self, seen: View) -> tuple[Column, ...]:
        """The columns that somebody gets."""
        return tuple(column for column in self.columns if seen.persons or not column.personal)


def view(codes: Sequence[str], persons: Sequence[str] = (), reports: Sequence[str] = (), **more: Any) -> View:
    """The eyes of somebody who answers for these regions, and of some of them sees who reports.

    :param reports: codes of the regions whose reports they read without being shown who reports; those of
        ``persons`` are read anyway.
    """
    shown = frozenset(below(persons))
    return View(frozenset(below(codes)), persons=shown, reports=shown | frozenset(below(reports)), **more)


def below(codes: Sequence[str]) -> Iterator[str]:
    """The codes of these regions and of all that report to them."""
    paths = [regions.scope(code).path for code in codes]
    for code, path in tuples(Region.select(Region.code, Region.path)):
        if any(path.startswith(above) for above in paths):
            yield code


def records(listing: Listing, seen: View, size: int = AT_ONCE) -> Iterator[Record]:
    """Every record, fetched page by page: memory holds no more, and no cursor stays open between pages."""
    after = 0
    while found := listing.page(seen, after, size):
        for _, record in found:
            yield record
        after = found[-1][0]


def campaign_for(codes: Sequence[str], code: str) -> Campaign:
    """A campaign whose province holds, or lies in, one of these regions.

    :raises NotFound: if there is none.
    """
    found = next((one for one in campaigns_for(codes) if one.code == code), None)
    if found is None:
        raise NotFound("There is no campaign with the code %(code)s.", code=code[:40])
    return found


def campaigns_for(codes: Sequence[str]) -> list[Campaign]:
    """The campaigns that somebody with these regions has a part in, newest first."""
    scopes = [regions.scope(code).path for code in codes]
    paths = dict(tuples(Region.select(Region.code, Region.path)))

    def meets(campaign: Campaign) -> bool:
        path = paths[campaign.province_id]
        return any(path.startswith(mine) or mine.startswith(path) for mine in scopes)

    return [one for one in Campaign.select().order_by(Campaign.starts.desc(), Campaign.code) if meets(one)]


def whole(codes: Sequence[str], campaign: Campaign) -> bool:
    """Whether somebody answers for all of a campaign's province, and so may see its totals."""
    path = regions.scope(campaign.province_id).path
    return any(path.startswith(regions.scope(code).path) for code in codes)
