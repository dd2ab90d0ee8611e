"""统一社会信用代码 (USCC): the 18 characters that every organization is known by.

Structure (GB 32100-2015): position 1 the registering department, 2 the kind, 3–8 the division code of the
registering authority, 9–17 the organization code with its own check digit in position 17 (GB 11714-1997), and
position 18 a check digit over all the others. ``python-stdnum`` computes the last one; it does not know of
position 17, of the prefixes, nor of divisions, so those are checked here.
"""

from __future__ import annotations

from collections.abc import Callable

from stdnum.cn import uscc as stdnum_uscc
from stdnum.exceptions import ValidationError

from reportsvc.errors import Invalid

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CODE_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

KIND_BY_PREFIX = {
    "51": "association",
    "52": "agency",
    "53": "foundation",
    "N1": "collective",
    "N2": "collective",
    "N3": "collective",
    "N9": "collective",
    "91": "enterprise",
    "92": "enterprise",
    "93": "enterprise",
}
"""Registering department and kind (positions 1–2) to our kinds of organization."""

SOCIAL_KINDS = ("foundation", "association", "agency")
"""The kinds that are social organizations: only these are counted as such."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def compact(text: str) -> str:
    """The code as it is stored: half-width capitals without spaces and hyphens."""
    return "".join(text.translate(_FULL_WIDTH).replace("\u3000", " ").split()).replace("-", "").upper()


def code_check_digit(body: str) -> str:
    """Position 17: the check digit of the organization code, from positions 9–16 (GB 11714-1997, mod 11).

    :param body: eight characters out of 0–9 and A–Z.
    """
    total = sum(CODE_ALPHABET.index(char) * weight for char, weight in zip(body, CODE_WEIGHTS, strict=True))
    digit = 11 - total % 11
    return {10: "X", 11: "0"}.get(digit, str(digit))


def last_check_digit(body: str) -> str:
    """Position 18: the check digit over the first 17 characters (GB 32100-2015, mod 31)."""
    return str(stdnum_uscc.calc_check_digit(body))


def build(prefix: str, region: str, body: str) -> str:
    """A whole code from prefix (2), division (6) and organization code (8), with both check digits."""
    first = f"{prefix}{region}{body}"
    first += code_check_digit(body)
    return first + last_check_digit(first)


def check(text: str, *, kind: str | None = None, knows_region: Callable[[str], bool]) -> str:
    """Check a code in full and give it back as it is stored.

    :param kind: the organization's kind, when it is known; the prefix must be one of that kind.
    :param knows_region: whether a six-digit division code is in use or was once.
    :raises Invalid: saying which part is wrong and what to do.
    """
    code = compact(text)
    if len(code) != LENGTH:
        raise Invalid(
            "A unified social credit code has 18 characters; this one has %(count)s. "
            "Copy it from the registration certificate.",
            count=len(code),
        )
    strange = sorted({char for char in code if char not in ALPHABET})
    if strange:
        raise Invalid(
            "%(chars)s cannot stand in a unified social credit code. The letters I, O, S, V and Z are not used in it: "
            "look whether 1, 0, 5 or 2 is meant.",
            chars=" ".join(strange),
        )
    found = KIND_BY_PREFIX.get(code[:2])
    if found is None:
        raise Invalid(
            "A code that starts with %(prefix)s is not one of a social organization (51, 52, 53), a village "
            "collective (N1, N2, N3, N9) or a company (91, 92, 93).",
            prefix=code[:2],
        )
    if kind is not None and found != kind:
        raise Invalid(
            "The code starts with %(prefix)s, which does not belong to the kind of organization chosen. "
            "Associations start with 51, service agencies with 52, foundations with 53.",
            prefix=code[:2],
        )
    if not code[2:8].isdigit() or not knows_region(code[2:8]):
        raise Invalid("Digits 3 to 8 (%(region)s) are not the code of a region.", region=code[2:8])
    _check_digits(code)
    return code


def _check_digits(code: str) -> None:
    if code[16] != code_check_digit(code[8:16]):
        raise Invalid("Character 17 does not fit characters 9 to 16. Compare the code with the certificate.")
    try:
        # stdnum wants digits in front; collectives start with N, so there only its check digit is asked for.
        correct = stdnum_uscc.validate(code) == code if code[:8].isdigit() else code[17] == last_check_digit(code[:17])
    except ValidationError:
        correct = False
    if not correct:
        raise Invalid("Character 18 does not fit the others. Compare the code with the certificate.")
