"""What is alike is found as quickly as needed, and is the same that a look at every pair would find."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reportsvc.photos import reencode
from reportsvc.reports.checks import alike
from tests.support.pictures import drawn

TEXTS = st.lists(st.text("甲乙丙丁", min_size=1, max_size=12), max_size=12)
HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=20)


@settings(max_examples=60)
@given(TEXTS, st.sampled_from([60, 75, 90]))
def test_pairs_are_those_that_a_look_at_each_would_find(texts: list[str], least: int) -> None:
    found = {frozenset((one, other)) for one, other, _ in alike.pairs(texts, least)}
    each = sorted(set(texts))
    wanted = {
        frozenset((one, other)) for one in each for other in each if one < other and alike.texts(one, other) >= least
    }
    assert found == wanted


@settings(max_examples=60)
@given(HASHES, st.integers(0, 2**64 - 1), st.lists(st.integers(0, 63), max_size=9), st.sampled_from([0, 3, 6, 7, 12]))
def test_pictures_are_those_that_a_look_at_each_would_find(
    hashes: list[int], base: int, flipped: list[int], within: int
) -> None:
    near = base
    for bit in flipped:
        near ^= 1 << bit
    every = [*hashes, near]
    wanted = [at for at, one in enumerate(every) if alike.telling(base) and alike.points(base, one) <= within]
    assert alike.Pictures(every, within).like(base) == wanted


def test_widths_spaces_and_punctuation_do_not_count() -> None:
    assert alike.normal("ＡＢＣ １２、3（样例）\n！") == "abc123样例"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("乡村小学图书角捐建项目", "乡村小学图书角捐建工程", True),
        ("乡村小学图书角捐建项目", "乡村小学电脑室捐建", False),
        ("丰宁县乡村小学图书角捐建项目", "乡村小学图书角捐建（丰宁县）", True),
        ("孤儿助养", "贫困学生助学金发放", False),
    ],
)
def test_names_of_one_project(one: str, other: str, same: bool) -> None:
    assert (alike.names(alike.name(one), alike.name(other)) >= 85) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [("光伏扶贫一期", "光伏扶贫二期"), ("样例0012号助学", "样例0013号助学"), ("2019年义诊", "２０２０年义诊")],
)
def test_numbers_tell_projects_apart(one: str, other: str) -> None:
    assert alike.numbers(one) != alike.numbers(other)
    assert alike.numbers(one) == alike.numbers(one.replace("助学", "助学金"))


# --- how photos look -------------------------------------------------------------------------------------------------


def hashed(image: Image.Image, quality: int = 90) -> int:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return int(reencode.looks(out.getvalue()), 16)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_photo_looks_the_same_however_it_is_saved(seed: int) -> None:
    first = hashed(drawn(seed))
    assert alike.points(first, hashed(drawn(seed), quality=35)) <= 6
    assert alike.points(first, hashed(drawn(seed, (160, 120)))) <= 6
    brighter = drawn(seed).point(lambda value: min(255, value + 12))
    assert alike.points(first, hashed(brighter)) <= 6
    assert alike.points(first, hashed(drawn(seed + 7))) > 6


def test_a_plain_surface_is_like_nothing() -> None:
    plain = hashed(Image.new("RGB", (320, 240), "grey"))
    assert not alike.telling(plain)
    assert alike.Pictures([plain, plain], 6).like(plain) == []
