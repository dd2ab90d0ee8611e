"""The regions of Hebei: division codes, retired codes, and the units that report without a code of their own."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from reportsvc.db import database, insert_many
from reportsvc.errors import NotFound
from reportsvc.models import Region, RetiredRegion

PROVINCE = "130000"
LEVELS = ("province", "city", "county")

XIONGAN = "1306XA"
"""雄安新区 has no division code; it reports as a city over three counties of Baoding."""

REPORTS_AS_CITY = {XIONGAN: ("130629", "130632", "130638")}
REPORTS_TO_PROVINCE = ("130682", "130181")
"""定州 and 辛集: county-level cities that the province leads directly."""

ELSEWHERE = {"100000": "民政部", "110000": "北京市", "120000": "天津市"}
"""Registering authorities outside the province whose organizations take part."""

PROVINCIAL_CODES = frozenset(
    str(code)
    for block in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82),
    )
    for code in block
)
"""First two digits of the province-level codes of GB/T 2260."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A region and all that reports to it, as a prefix of :attr:`Region.path`."""

    code: str
    name: str
    level: str
    path: str


def load() -> int:
    """Load provinces, prefectures, counties and retired codes; does nothing if they are there. Returns rows added."""
    if Region.select().exists():
        return 0
    rows = list(_rows())
    with database.atomic():
        # Parents stand before children in _rows(), so one row's foreign keys are there before it.
        insert_many(Region, rows, batch=50)
        insert_many(RetiredRegion, _retired_rows({row["code"] for row in rows}))
    return len(rows)


def _read(name: str) -> list[dict[str, str]]:
    text = files("reportsvc.data").joinpath(name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def _row(code: str, name: str, level: str, parent: str | None, path: str, **more: object) -> dict[str, object]:
    return {
        "code": code, "name": name, "level": level, "parent": parent, "reports_to": more.get("reports_to", parent),
        "path": path, "key_county": more.get("key_county", "none"),
    }  # fmt: skip


def _rows() -> Iterable[dict[str, object]]:
    counties = _read("hebei_counties.csv")
    root = f"{PROVINCE}/"
    yield _row(PROVINCE, "河北省", "province", None, root)
    for code, name in ELSEWHERE.items():
        yield _row(code, name, "outside", None, f"{code}/")
    for code, name in sorted({(row["prefecture_code"], row["prefecture"]) for row in counties}):
        yield _row(code, name, "city", PROVINCE, f"{root}{code}/")
    yield _row(XIONGAN, "雄安新区", "city", PROVINCE, f"{root}{XIONGAN}/")
    unit_of = {code: unit for unit, codes in REPORTS_AS_CITY.items() for code in codes}
    for row in counties:
        code, parent = row["code"], row["prefecture_code"]
        above = PROVINCE if code in REPORTS_TO_PROVINCE else unit_of.get(code, parent)
        path = f"{root}{code}/" if above == PROVINCE else f"{root}{above}/{code}/"
        yield _row(code, row["name"], "county", parent, path, reports_to=above, key_county=row["key_county"])


def _retired_rows(known: set[object]) -> Iterable[dict[str, object]]:
    for row in _read("retired_county_codes.csv"):
        yield {
            "code": row["retired_code"],
            "name": row["retired_name"],
            "successor": row["successor_code"] if row["successor_code"] in known else None,
            "retired_in": int(row["retired_in"]),
            "note": row["note"] or "",
        }


def known_codes() -> frozenset[str]:
    """Every division code that we hold, in use or retired."""
    held = frozenset(region.code for region in Region.select(Region.code))
    return held | {retired.code for retired in RetiredRegion.select(RetiredRegion.code)}


def is_division(code: str, known: frozenset[str] | None = None) -> bool:
    """Whether six digits are a division that an organization can be registered in.

    In the province whose counties we hold, the code must be one of them or a retired one. Of other provinces we hold
    no counties: there the first two digits must be those of a province (GB/T 2260), or ``100000`` (民政部).
    """
    if code[:2] == PROVINCE[:2]:
        return code in (known_codes() if known is None else known)
    return code == "100000" or code[:2] in PROVINCIAL_CODES


def scope(code: str) -> Scope:
    """The subtree under a region.

    :raises NotFound: if there is no such region.
    """
    region = Region.get_or_none(Region.code == code)
    if region is None:
        raise NotFound("There is no region with the code %(code)s.", code=code)
    return Scope(region.code, region.name, region.level, region.path)


def chain(path: str) -> list[str]:
    """Codes from the region itself up to the province, along the reporting line."""
    return list(reversed(path.strip("/").split("/")))


def common(paths: Iterable[str]) -> str:
    """Code of the smallest region that holds all of ``paths``; the province when there is none.

    A project in several counties belongs there with whatever it did not report by county, so that any wider total
    counts it once.
    """
    split = [path.strip("/").split("/") for path in paths]
    if not split:
        return PROVINCE
    shared = [codes[0] for codes in zip(*split, strict=False) if len(set(codes)) == 1]
    return shared[-1] if shared else PROVINCE
