"""Passwords of the staff: what is accepted as one, and how it is kept.

After NIST SP 800-63B: long, not one of those that everybody tries, not built from who one is. No rules about kinds of
characters and no change every so often, which make people choose worse ones.
"""

from __future__ import annotations

import functools
import unicodedata

import argon2

from reportsvc.errors import Invalid

SHORTEST, LONGEST = 12, 128
COMMON = frozenset({
    "password", "passw0rd", "p@ssword", "p@ssw0rd", "mima", "woaini", "woaini1314", "woaini520", "iloveyou", "admin",
    "administrator", "root", "letmein", "welcome", "qwerty", "qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbnm", "qazwsx",
    "qazwsxedc", "1qaz2wsx", "1qaz2wsx3edc", "1q2w3e4r", "1q2w3e4r5t", "1q2w3e4r5t6y", "zaq12wsx", "abc", "abcd", "aa",
    "a", "q", "test", "user", "hello", "helloworld", "monkey", "dragon", "football", "baseball", "sunshine",
    "princess", "minzheng", "hebei", "hebeisheng", "minzhengju", "reportsvc", "report", "reports", "jibao", "zhongguo",
    "china", "beijing", "520131452013", "131452013145", "520520131452", "112233445566", "123123456456", "147258369147",
})  # fmt: skip
"""What people put digits around and take for a password."""
AROUND = "0123456789!@#$%^&*.,_-+~ "
ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_hasher = argon2.PasswordHasher()  # 64 MiB and 3 rounds: RFC 9106's second choice, about 0.1 s


def accepted(password: str, name: str, phone: str) -> str:
    """The password as it is hashed, if it is good enough.

    :raises Invalid: saying what is wrong with it.
    """
    text = _plain(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise Invalid(
            "A password has at least %(least)s characters and at most %(most)s. Three or four words are easy to keep.",
            least=SHORTEST,
            most=LONGEST,
        )
    low = text.lower()
    if (name and name.lower() in low) or phone in low or phone[3:] in low:
        raise Invalid("Leave your name and your number out of the password: others know them.")
    if _guessed_first(low):
        raise Invalid("This password is one of the first that others would try. Choose something less common.")
    return text


def _plain(password: str) -> str:
    """Typed on another keyboard it is still the same password."""
    return unicodedata.normalize("NFKC", password)


def _guessed_first(low: str) -> bool:
    if any(low == (low[:length] * len(low))[: len(low)] for length in range(1, 5)):
        return True  # aaaaaaaaaaaa, abcabcabcabc
    if any(low in row * 2 or low in (row * 2)[::-1] for row in ROWS):
        return True
    return bool({low, _once(low.strip(AROUND))} & COMMON)


def _once(word: str) -> str:
    """A word that is written several times over, written once."""
    lengths = (length for length in range(1, len(word)) if word == word[:length] * (len(word) // length))
    return word[: next(lengths, len(word))]


def hashed(text: str) -> str:
    """As it is kept."""
    return _hasher.hash(text)


def verified(kept: str | None, password: str) -> bool:
    """Whether this is the password; where there is none it takes as long to say no."""
    stand_in = _nobodys()  # made first in any case, so that its making tells nothing
    try:
        return _hasher.verify(kept or stand_in, _plain(password)) and kept is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether it was hashed more weakly than is done now."""
    return _hasher.check_needs_rehash(kept)


def renewed(password: str) -> str:
    """A verified password, hashed as is done now."""
    return hashed(_plain(password))


@functools.cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
