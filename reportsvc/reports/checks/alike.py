"""How much two texts, two names or two pictures are alike. Pure, and the same whatever the database."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

_BETWEEN = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"[0-9]+|[一二三四五六七八九十]+(?=期|批|号|组|村|次|年|标)")
_KINDS = re.compile(r"(项目|行动|计划|工程|活动)+$")

OFTEN = 500
"""After so many texts whoever waits is told that the work goes on."""
BITS = 64
BANDS = 8
"""A hash in so many parts: two that differ in fewer bits than there are parts have a part in common."""
FLAT = 6
"""A hash with so few bits that differ from all the others is of a plain surface: it is alike to any other such."""


def normal(text: str) -> str:
    """A text without what does not count: widths, cases, spaces and punctuation."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def texts(one: str, other: str) -> float:
    """How much two normal texts are alike, in percent: the share of their characters that need no change."""
    return float(fuzz.ratio(one, other))


def pairs(
    given: Iterable[str], least: float, tell: Callable[[], None] = lambda: None
) -> Iterator[tuple[str, str, float]]:
    """All pairs of different normal texts that are alike to ``least`` percent, the shorter first.

    A text can't be alike to one that is much longer, so that of those ordered by length only a stretch is looked at.

    :param tell: called now and then: thousands of texts take a minute.
    """
    ordered = sorted(set(given), key=lambda text: (len(text), text))
    lengths = [len(text) for text in ordered]
    end = 0
    for place, text in enumerate(ordered):
        if place % OFTEN == 0:
            tell()
        while end < len(ordered) and lengths[end] * least <= lengths[place] * (200 - least):
            end += 1
        near = ordered[place + 1 : end]
        for found, score, _ in process.extract(text, near, scorer=fuzz.ratio, score_cutoff=least, limit=None):
            yield text, found, score


def name(text: str) -> str:
    """A project's name without what names of all kinds end in."""
    plain = normal(text)
    return _KINDS.sub("", plain) or plain


def numbers(text: str) -> tuple[str, ...]:
    """The numbers in a name: the first and the second stage of a work are two projects."""
    return tuple(sorted(_NUMBERS.findall(unicodedata.normalize("NFKC", text))))


def names(one: str, other: str) -> float:
    """How much two names are alike, in percent: by their characters in order, or by pairs of them in any order."""
    return max(float(fuzz.ratio(one, other)), _by_pairs(one, other))


def _by_pairs(one: str, other: str) -> float:
    first, second = (" ".join(sorted({text[at : at + 2] for at in range(len(text) - 1)})) for text in (one, other))
    if not first or not second:
        return 0.0
    mine, theirs = set(first.split()), set(second.split())
    return 200 * len(mine & theirs) / (len(mine) + len(theirs))


def points(one: int, other: int) -> int:
    """In how many of their 64 bits two hashes differ."""
    return (one ^ other).bit_count()


def telling(value: int) -> bool:
    """Whether a hash says anything: that of a plain surface does not."""
    return FLAT <= value.bit_count() <= BITS - FLAT


class Pictures:
    """Hashes of many pictures, among which those like a given one are found without looking at each."""

    def __init__(self, hashes: Sequence[int], within: int) -> None:
        """:param within: bits in which two may differ; above 7 every picture is looked at."""
        self._hashes = hashes
        self._within = within
        self._bands: dict[tuple[int, int], list[int]] = defaultdict(list)
        if within < BANDS:
            for place, value in enumerate(hashes):
                for band in _bands(value):
                    self._bands[band].append(place)

    def like(self, value: int) -> list[int]:
        """The places of those alike, in order."""
        if not telling(value):
            return []
        near: Iterable[int] = range(len(self._hashes))
        if self._within < BANDS:
            near = sorted({place for band in _bands(value) for place in self._bands.get(band, ())})
        return [place for place in near if points(value, self._hashes[place]) <= self._within]


def _bands(value: int) -> list[tuple[int, int]]:
    width = BITS // BANDS
    return [(band, value >> band * width & (1 << width) - 1) for band in range(BANDS)]
