"""Numbers as people type them on a phone, put plainly."""

from __future__ import annotations

import re

_WIDE = str.maketrans("０１２３４５６７８９，．。＋－−﹣", "0123456789,..+---")
_GAPS = " \u00a0\u2002\u2003\u2009\u202f\u3000"  # spaces that part thousands, the full-width one included
_GROUPED = re.compile(
    rf"(?P<sign>[+-]?)(?P<whole>[1-9][0-9]{{0,2}}(?P<gap>[,{_GAPS}])[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*)"
)
_PLAIN = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]*)")
_DECIMALS = re.compile(r"\.(?P<decimals>[0-9]*)")


def normalise(text: str) -> str | None:
    """``text`` as a plain decimal such as ``-1234.50``, or None if it is no number beyond doubt.

    Full-width digits and marks are read (``。`` as the point that a Chinese keyboard gives), and commas or spaces
    between whole groups of three. Decimals stay as they were written. Refused are exponents, units, groups of any
    other size, and ``、``, which lists things.

    >>> normalise(" １，２３４．５０ ")
    '1234.50'
    >>> normalise("-1 234 567"), normalise("+007"), normalise(".5"), normalise("12。")
    ('-1234567', '7', '0.5', '12')
    >>> [normalise(text) for text in ("1,23", "0,123", "1,234 567", "1e3", "1、234", "12元", "1.2.3", "-", "")]
    [None, None, None, None, None, None, None, None, None]
    """
    text = text.translate(_WIDE).strip(_GAPS + "\t\r\n")
    found = _GROUPED.match(text)
    if found is None or text[found.end() : found.end() + 1] not in {"", "."}:
        found = _PLAIN.match(text)
    if found is None:
        return None
    rest = _DECIMALS.fullmatch(text, found.end())
    decimals = rest["decimals"] if rest else ""
    whole = re.sub(f"[,{_GAPS}]", "", found["whole"])
    if (rest is None and found.end() < len(text)) or not whole + decimals:
        return None
    plain = (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
    return f"-{plain}" if found["sign"] == "-" and plain.strip("0.") else plain


def grouped(number: str) -> str:
    """A plain decimal with commas between thousands, for reading; anything else stays as it is.

    >>> grouped("-1234567.50"), grouped("999"), grouped("x1234")
    ('-1,234,567.50', '999', 'x1234')
    """
    found = re.fullmatch(r"(-?)([0-9]+)((?:\.[0-9]+)?)", number)
    if found is None:
        return number
    whole = found[2]
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[start : start + 3] for start in range(first, len(whole), 3))]
    return found[1] + ",".join(groups) + found[3]
