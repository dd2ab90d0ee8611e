"""Freezing: every number that a circular prints, with the query that made it and the versions under it.

The snapshot is one JSON text in canonical form (sorted keys, no spaces, UTF-8), kept with its SHA-256. The document is
composed from the snapshot alone, so the same snapshot always gives the same circular.

A figure's key is ``[dimension.value.]measure``: ``funds_yuan``, ``category.教育.projects``,
``county.130826.beneficiary_visits``, ``project.HB18-0001.funds_yuan``. The key is the query. In the text a figure is
``[value, "3-7,12"]``, the second being the ids of the versions under it; :func:`load` writes it out.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from reportsvc import clock, totals
from reportsvc.circulars import material
from reportsvc.db import consistent_read, database
from reportsvc.errors import ReportsvcError
from reportsvc.models import Campaign, Indicator, Snapshot
from reportsvc.projects.uscc import SOCIAL_KINDS

NAMES = {
    "benefit.visits": "beneficiary_visits",
    "money.member_enterprise_investment": "member_enterprise_investment_yuan",
    "activity.coordination_meetings": "coordination_meetings",
}
"""Measures that the published facts have a name for; any other indicator is named by its code."""

FUNDS = "funds_yuan"
COUNTS = {"organizations": "家", "projects": "个", "key_counties": "个"}
DIFFICULTY = "projects_in_difficulty"
SPLIT_MEASURES = frozenset({FUNDS, "beneficiary_visits"})
"""Measures that are also given by category, kind, place and project; the others for the whole campaign only."""


_lock = threading.Lock()


class Disagreement(ReportsvcError):
    """The totals came out differently by two ways of adding up: nothing may be printed until somebody has looked."""

    status = 500


class Ledger:
    """Adds up, and remembers which versions each sum came from."""

    def __init__(self) -> None:
        self.values: dict[str, int] = defaultdict(int)
        self.versions: dict[str, set[int]] = defaultdict(set)
        self.members: dict[str, set[int]] = defaultdict(set)

    def add(self, key: str, value: int, version: int) -> None:
        """Add an amount."""
        self.values[key] += value
        self.versions[key].add(version)

    def count(self, key: str, member: int, version: int) -> None:
        """Count ``member`` once, however often it comes."""
        self.members[key].add(member)
        self.values[key] = len(self.members[key])
        self.versions[key].add(version)


def freeze(campaign: Campaign, through: totals.Quarter) -> Snapshot:
    """Compute and store the snapshot of a campaign up to a quarter, in one consistent read.

    :raises Disagreement: if the sums over single figures are not the database's own sums.
    """
    with consistent_read():
        data = _gather(campaign, through)
    text = canonical(data)
    with database.atomic():
        return Snapshot.create(
            campaign=campaign,
            year=through.year,
            quarter=through.quarter,
            data=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            created_at=clock.now(),
        )


def figures_now(campaign: Campaign, through: totals.Quarter) -> dict[str, tuple[int, str]]:
    """Value and :func:`ranges` of versions by key, as a snapshot that was frozen now would hold them; nothing is kept.

    :raises Disagreement: as :func:`freeze` does.
    """
    with consistent_read():
        figures: dict[str, tuple[int, str]] = _gather(campaign, through)["figures"]
    return figures


def _gather(campaign: Campaign, through: totals.Quarter) -> dict[str, Any]:
    places = material.places()
    projects = material.projects(campaign, through)
    entries, reports = totals.entries(campaign, through), totals.reports(campaign, through)
    ledger = Ledger()
    _add_entries(ledger, campaign, entries, projects, places)
    _add_reports(ledger, reports, projects, places)
    _compare(ledger, campaign, through)
    for version, project in material.difficulties(campaign, through):
        ledger.count(DIFFICULTY, project, version)
    return {
        "campaign": {"code": campaign.code, "name": campaign.name, "starts": campaign.starts.isoformat()},
        "through": f"{through.year}Q{through.quarter}",
        "made_at": clock.now().isoformat(timespec="seconds"),
        "words": campaign.circular,
        "categories": campaign.categories,
        "fund_kinds": campaign.fund_kinds,
        "indicators": _indicators(campaign),
        "measures": _measures(campaign),
        "figures": _figures(ledger),
        "places": [place.as_json() for place in places.values()],
        "projects": [project.as_json() for project in projects.values()],
        "cases": material.cases(campaign, through, projects),
    }


def canonical(data: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces, so that equal data has equal text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers as runs: ``{1, 2, 3, 7}`` is ``1-3,7``."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def unranged(text: str) -> list[list[int]]:
    """The [first, last] runs of :func:`ranges`."""
    runs = (part.partition("-") for part in text.split(",") if part)
    return [[int(first), int(last or first)] for first, _, last in runs]


def _add_entries(
    ledger: Ledger,
    campaign: Campaign,
    entries: Iterable[totals.Entry],
    projects: Mapping[int, material.ProjectRow],
    places: Mapping[str, material.Place],
) -> None:
    fund_kinds, cases = frozenset(campaign.fund_kinds), material.case_codes(campaign)
    for entry in entries:
        code, place = projects[entry.project].code, places[entry.region]
        splits = (
            f"category.{entry.category}",
            f"kind.{entry.kind}",
            f"city.{place.city}",
            f"county.{place.code}",
            f"project.{code}",
        )
        measures = [NAMES.get(entry.code, entry.code)]
        if entry.code in fund_kinds:
            measures.append(FUNDS)
        for measure in measures:
            ledger.add(measure, entry.value, entry.version)
            if measure in SPLIT_MEASURES:
                for split in splits:
                    ledger.add(f"{split}.{measure}", entry.value, entry.version)
            elif code in cases or entry.code.startswith("benefit."):
                ledger.add(f"project.{code}.{measure}", entry.value, entry.version)


def _add_reports(
    ledger: Ledger,
    reports: Iterable[totals.Report],
    projects: Mapping[int, material.ProjectRow],
    places: Mapping[str, material.Place],
) -> None:
    for report in reports:
        project = projects[report.project]
        splits = {"", f"category.{report.category}.", f"kind.{report.kind}."}
        for code in project.counties or (project.region,):
            splits |= {f"city.{places[code].city}.", f"county.{code}."}
            if places[code].key:
                ledger.count("key_counties", int(code), report.version)
        for split in splits:
            ledger.count(f"{split}projects", report.project, report.version)
            if report.kind in SOCIAL_KINDS:
                ledger.count(f"{split}organizations", report.organization, report.version)


def _compare(ledger: Ledger, campaign: Campaign, through: totals.Quarter) -> None:
    """Hold the sums against the database's own, made by another way."""
    counted, summed = totals.counts(campaign, through), totals.amounts(campaign, through)
    expected = {NAMES.get(code, code): value for (code, _), value in summed.items()}
    expected[FUNDS] = totals.funds(campaign, summed)
    expected |= {name: getattr(counted, name) for name in COUNTS}
    wrong = sorted(key for key, value in expected.items() if ledger.values.get(key, 0) != value)
    if wrong:
        raise Disagreement(
            "These figures came out differently when added up in two ways: %(keys)s. Nothing was printed.",
            keys=", ".join(wrong),
        )


def _indicators(campaign: Campaign) -> list[dict[str, Any]]:
    rows = Indicator.select().where(Indicator.campaign == campaign).order_by(Indicator.position)
    return [
        {"measure": NAMES.get(one.code, one.code), "code": one.code, "name": one.name, "unit": one.unit}
        | {"scale": one.scale, "kind": one.measure, "time_rule": one.time_rule, "partner_rule": one.partner_rule}
        for one in rows
    ]


def _measures(campaign: Campaign) -> dict[str, tuple[str, int]]:
    """(unit, decimals) of each measure."""
    found: dict[str, tuple[str, int]] = {name: (unit, 0) for name, unit in COUNTS.items()}
    found |= {FUNDS: ("元", 2), DIFFICULTY: ("个", 0)}
    for one in Indicator.select().where(Indicator.campaign == campaign):
        found[NAMES.get(one.code, one.code)] = (one.unit, one.scale)
    return found


def _figures(ledger: Ledger) -> dict[str, tuple[int, str]]:
    # The headline's figures stand in every snapshot, also where nothing was reported.
    for name in (*COUNTS, FUNDS, *NAMES.values()):
        ledger.values.setdefault(name, 0)
    return {key: (value, ranges(ledger.versions[key])) for key, value in ledger.values.items()}


DIMENSIONS = ("category", "kind", "city", "county", "project")


def split_key(key: str) -> tuple[str, str, str]:
    """(dimension, value, measure) of a figure's key; the first two are empty for the whole campaign."""
    dimension, _, rest = key.partition(".")
    if dimension not in DIMENSIONS:
        return "", "", key
    value, _, measure = rest.partition(".")
    return dimension, value, measure


def load(frozen: Snapshot) -> dict[str, Any]:
    """The data of a snapshot, checked against its digest, with every figure written out: ``value`` in the smallest
    unit, ``unit``, ``scale`` (decimals), ``query``, and ``versions`` as [first, last] runs of ids.

    :raises Disagreement: if the stored text was altered.
    """
    data = _checked(frozen.id, frozen.sha256, frozen.data)
    return data | {"figures": {key: written_out(data, key) for key in data["figures"]}}


def _checked(number: int, sha256: str, text: str) -> dict[str, Any]:
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise Disagreement("Snapshot %(number)s was altered after it was frozen.", number=number)
    data: dict[str, Any] = json.loads(text)
    return data


_opened: OrderedDict[str, tuple[datetime, dict[str, Any]]] = OrderedDict()
"""The data of the snapshots looked at last, by digest, with when it was checked: reading one takes long."""
OPENED, CHECKED_FOR = 3, timedelta(minutes=10)


def opened(frozen: Snapshot) -> dict[str, Any]:
    """The data of a snapshot as it is kept, figures not written out; read and checked now or a few minutes ago.

    :param frozen: its column ``data`` may be left out of the query.
    :raises Disagreement: if the stored text was altered.
    """
    now = clock.now()
    with _lock:
        held = _opened.get(frozen.sha256)
    if held is not None and held[0] <= now < held[0] + CHECKED_FOR:
        return held[1]
    text = Snapshot.select(Snapshot.data).where(Snapshot.id == frozen.id).scalar()
    data = _checked(frozen.id, frozen.sha256, text)
    with _lock:
        _opened[frozen.sha256] = (now, data)
        _opened.move_to_end(frozen.sha256)
        while len(_opened) > OPENED:
            _opened.popitem(last=False)
    return data


def written_out(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    """One figure of a snapshot's data, as :func:`load` gives it."""
    value, versions = data["figures"][key]
    dimension, name, measure = split_key(key)
    unit, scale = data["measures"][measure]
    query = {"measure": measure} | ({dimension: name} if dimension else {})
    return {"value": value, "unit": unit, "scale": scale, "query": query, "versions": unranged(versions)}
