"""What is taken for a password, and that nobody's takes as long to refuse as somebody's."""

from __future__ import annotations

import argon2
import pytest

from reportsvc.accounts import passwords
from reportsvc.errors import Invalid

NAME, PHONE = "刘振江", "13800000003"


@pytest.mark.parametrize(
    "text",
    [
        "马铃薯 山坡 三月 雨水多",
        "correct horse battery",
        "plum-rain-over-fengning",
        "Wd7$kq0!pLx2",
        "x" * 3 + "yz 12 kettle",
    ],
)
def test_long_and_uncommon_is_enough(text: str) -> None:
    assert passwords.accepted(text, NAME, PHONE) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("short words", "at least 12"),
        ("长" * 11, "at least 12"),
        ("x y" * 60, "at most 128"),
        ("我是刘振江，我的密码很长", "name and your number"),
        ("my number 13800000003", "name and your number"),
        ("call 00000003 please", "name and your number"),
        ("password1234", "first that others"),
        ("Password2026!!", "first that others"),
        ("adminadmin123", "first that others"),
        ("woaini1314520", "first that others"),
        ("1qaz2wsx3edc", "first that others"),
        ("aaaaaaaaaaaaa", "first that others"),
        ("abcabcabcabcab", "first that others"),
        ("123456789012", "first that others"),
        ("qwertyuiopqwe", "first that others"),
    ],
)
def test_what_is_short_or_guessed_first_is_refused_with_why(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        passwords.accepted(text, NAME, PHONE)


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    kept = passwords.hashed(passwords.accepted("ＡＢＣ plum rain", NAME, PHONE))
    assert passwords.verified(kept, "ABC plum rain")
    assert not passwords.verified(kept, "abc plum rain")


def test_where_there_is_none_or_a_broken_one_nothing_is_right() -> None:
    assert not passwords.verified(None, "the password of nobody")
    assert not passwords.verified("broken", "the password of nobody")


def test_a_hash_of_weaker_days_is_noticed() -> None:
    assert passwords.outdated(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.outdated(passwords.renewed("x"))
