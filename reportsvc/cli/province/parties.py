"""The sample organizations of the historic campaign: where they are registered, of what kind, how they are named."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from reportsvc.cli.province import words
from reportsvc.cli.province.shapes import Codes, Party, Place
from reportsvc.projects import regions

LEVELS = {"county": 680, "city": 204, "province": 100, "beijing": 8, "tianjin": 6, "national": 2}
"""Out of a thousand organizations, how many are registered at which level."""

KINDS = {
    "county": (60, 38, 2),
    "city": (55, 40, 5),
    "province": (60, 20, 20),
    "beijing": (35, 30, 35),
    "tianjin": (35, 30, 35),
    "national": (40, 0, 60),
}
"""Out of a hundred at each level, how many associations, service agencies and foundations."""

ABOVE = {
    "province": (regions.PROVINCE, "河北省"),
    "beijing": ("110000", "北京"),
    "tianjin": ("120000", "天津"),
    "national": ("100000", "中国"),
}

WIDENED_LEVELS = ("county", "city")
"""Levels that joined in 2019, when the scope was widened."""


def weight(place: Place) -> int:
    """How often a county comes up: the campaign was for the key counties."""
    return 7 if place.key else 2


def make(
    rng: Random, codes: Codes, places: Sequence[Place], cities: Sequence[tuple[str, str]], count: int
) -> list[Party]:
    """``count`` sample organizations, numbered from 1; ``cities`` are (code, name) of the prefectures."""
    weights = [weight(place) for place in places]
    city_weights = [sum(weight(place) for place in places if place.city == code) for code, _ in cities]
    levels = rng.choices(list(LEVELS), list(LEVELS.values()), k=count)
    found = []
    for number, level in enumerate(levels, start=1):
        kind = rng.choices(("association", "agency", "foundation"), KINDS[level])[0]
        if level == "county":
            place = rng.choices(places, weights)[0]
            region, name = place.code, place.full_name
        elif level == "city":
            region, name = rng.choices(cities, city_weights)[0]
        else:
            region, name = ABOVE[level]
        found.append(
            Party(codes.take(kind, region), words.organization(rng, name, number, kind), kind, level, region, True)
        )
    return found
