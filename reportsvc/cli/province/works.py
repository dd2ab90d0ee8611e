"""The sample projects of the historic campaign: who leads, who joins, where, and in which quarters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from reportsvc.cli.province import parties, words
from reportsvc.cli.province.shapes import Party, Place, Work

CATEGORIES = {"教育": 22, "健康": 15, "产业": 23, "就业": 13, "易地搬迁": 4, "扶老助残": 15, "救孤济困": 8}
"""Out of a hundred projects, how many in which category."""

SPANS = {1: 44, 2: 28, 3: 15, 4: 8, 5: 5}
"""Out of a hundred projects, how many report in so many quarters."""

ROUNDS = 11
WIDENED = 4
"""The round in which city and county organizations joined: 2019Q1."""

PARTNERS = 3
"""At most so many partners in a sample project."""


class Atlas:
    """Counties by code and by city, for choosing where a project takes place."""

    def __init__(self, rng: Random, places: Sequence[Place]) -> None:
        self._rng = rng
        self.by_code = {place.code: place for place in places}
        self._all = list(places)
        self._by_city: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            self._by_city[place.city].append(place)

    def _some(self, places: list[Place], count: int) -> tuple[str, ...]:
        chosen = self._rng.choices(places, [parties.weight(place) for place in places], k=count)
        return tuple(sorted({place.code for place in chosen}))

    def site(self, lead: Party) -> tuple[str, ...]:
        """Codes of the counties of a project: near its lead, or anywhere for those above the cities."""
        roll = self._rng.random()
        if lead.level == "county":
            near = self._by_city[self.by_code[lead.region].city]
            return (lead.region,) if roll < 0.86 else self._some(near, 1 if roll < 0.95 else 2)
        if lead.level == "city":
            return self._some(self._by_city[lead.region], 1 if roll < 0.85 else self._rng.randint(2, 3))
        if roll < 0.06:
            return ()
        return self._some(self._all, 1 if roll < 0.84 else self._rng.randint(2, 4))


def make(
    rng: Random, places: Sequence[Place], leading: Sequence[Party], joining: Sequence[Party], codes: range
) -> list[Work]:
    """A sample project for each number of ``codes``; ``leading`` lead them, some of these several."""
    atlas = Atlas(rng, places)
    weights = [1 if party.level == "county" else 6 for party in leading]
    again = rng.choices(leading, weights, k=len(codes) - len(leading))
    works = [_work(rng, atlas, number, lead) for number, lead in zip(codes, [*leading, *again], strict=True)]
    _join(rng, works, joining, leading)
    return works


def _work(rng: Random, atlas: Atlas, number: int, lead: Party) -> Work:
    drawn = rng.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
    category = (words.leaning(lead.name) or drawn) if rng.random() < 0.6 else drawn
    subject = rng.choice(words.SUBJECTS[category])
    counties = atlas.site(lead)
    place = "、".join(atlas.by_code[code].full_name for code in counties[:2])
    earliest = WIDENED if lead.level in parties.WIDENED_LEVELS else 0
    begins = rng.randint(earliest, ROUNDS - 1)
    span = rng.choices(list(SPANS), list(SPANS.values()))[0]
    name_place = atlas.by_code[counties[0]].name if len(counties) == 1 else ""
    return Work(
        code=f"HB18-{number:04d}",
        name=words.project(rng, subject, name_place, number),
        category=category,
        parties=[lead],
        counties=counties,
        first=begins,
        span=min(span, ROUNDS - begins),
        subject=subject,
        place=place,
        village=words.village(rng) if len(counties) == 1 and rng.random() < 0.12 else "",
        executor=words.executor(rng, category, number) if rng.random() < 0.1 else "",
    )


def _join(rng: Random, works: Sequence[Work], joining: Sequence[Party], leading: Sequence[Party]) -> None:
    """Give every organization that leads nothing a project to join, and let some leaders join another's."""
    near: dict[str, list[Work]] = defaultdict(list)
    open_to = [work for work in works if rng.random() < 0.3]
    for work in open_to:
        for code in work.counties:
            near[code].append(work)
    helpers = rng.sample(list(leading), len(joining) // 4)
    for party in [*joining, *helpers]:
        late = party.level in parties.WIDENED_LEVELS
        for choice in (near[party.region], open_to, works):
            fit = [work for work in choice if _fits(work, party, late)]
            if fit:
                rng.choice(fit).parties.append(party)
                break


def _fits(work: Work, party: Party, late: bool) -> bool:
    return len(work.parties) <= PARTNERS and party not in work.parties and (not late or work.first >= WIDENED)
