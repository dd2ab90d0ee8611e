"""Numbers as people type them on a phone, put plainly."""

from __future__ import annotations

import re

_WIDE = str.maketrans("０１２３４５６７８９，．。＋－−﹣萬億", "0123456789,..+---万亿")
_GAPS = " \u00a0\u2002\u2003\u2009\u202f\u3000"  # spaces that part thousands, the full-width one included
_GROUPED = re.compile(
    rf"(?P<sign>[+-]?)(?P<whole>[1-9][0-9]{{0,2}}(?P<gap>[,{_GAPS}])[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*)"
)
_PLAIN = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]*)")
_MYRIADS = re.compile(r"(?:(?P<large>[^万亿]+)亿)?(?:(?P<small>[^万亿]+)万)?")
_VAGUE = re.compile(
    r"^(?:约|大约|大概|近|将近|超|超过|超出|不到|不足|至少|最多|上|数|几)|(?:余|多|几|来|左右|上下|以上|以下|以内)[万亿]*.?$"
)
_DECIMALS = re.compile(r"\.(?P<decimals>[0-9]*)")


def normalise(text: str) -> str | None:
    """``text`` as a plain decimal such as ``-1234.50``, or None if it is no number beyond doubt.

    Full-width digits and marks are read (``。`` as the point that a Chinese keyboard gives), and commas or spaces
    between whole groups of three; and the large units in which Chinese counts, 万 and 亿. Decimals stay as they were
    written. Refused are exponents, other units, groups of any other size, and ``、``, which lists things.

    >>> normalise(" １，２３４．５０ "), normalise("1.2万"), normalise("3亿"), normalise("1亿2000万")
    ('1234.50', '12000', '300000000', '120000000')
    >>> normalise("-1 234 567"), normalise("+007"), normalise(".5"), normalise("12。")
    ('-1234567', '7', '0.5', '12')
    >>> [normalise(text) for text in ("1,23", "0,123", "1,234 567", "1e3", "1、234", "12元", "1.2.3", "-", "")]
    [None, None, None, None, None, None, None, None, None]
    """
    text = text.translate(_WIDE).strip(_GAPS + "\t\r\n")
    if text.endswith(("万", "亿")):
        return _myriads(text)
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


def _myriads(text: str) -> str | None:
    """``1.2万``, ``3亿`` and ``1亿2000万`` put plainly."""
    found = _MYRIADS.fullmatch(text)
    if found is None or (found["large"] and found["small"] and not re.fullmatch(r" *[0-9]{1,4} *", found["small"])):
        return None
    large, small = (normalise(found[part]) if found[part] else "" for part in ("large", "small"))
    if large is None or small is None:
        return None
    if not (large and small):
        return _shifted(large, 8) if large else _shifted(small, 4)
    return None if "." in large else f"{large}{small.zfill(4)}0000"


def _shifted(plain: str, places: int) -> str:
    """A plain decimal times a power of ten."""
    whole, _, decimals = plain.lstrip("-").partition(".")
    moved = (whole + decimals[:places].ljust(places, "0")).lstrip("0") or "0"
    rest = decimals[places:]
    text = moved + (f".{rest}" if rest else "")
    return f"-{text}" if plain.startswith("-") and text.strip("0.") else text


def is_vague(text: str) -> bool:
    """Whether a number was typed only roughly: no such number can be summed.

    >>> [is_vague(text) for text in ("3,000余", "约5万", "1万多人", "三千多", "3000", "12元")]
    [True, True, True, False, False, False]
    """
    return _VAGUE.search(text.strip(_GAPS)) is not None and re.search("[0-9０-９]", text) is not None


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
