"""What the checks found, as reviewers see it: beside the value, and counted in lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from reportsvc import reviews
from reportsvc.errors import ReportsvcError
from reportsvc.reports.checks import flags
from reportsvc.web.arithmetic import arithmetic


@dataclass(frozen=True, slots=True)
class Shown:
    """A flag with its arithmetic, and the way to the other report if the reader may see that."""

    seen: flags.Seen
    sentence: str
    other: str = ""
    picture: str = ""
    """Address of the photo that is meant, as a thumbnail."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A word that could not be taken, with what is wrong with it."""

    flag: int
    word: str
    problem: ReportsvcError


def shown(version: Any, paths: Iterable[str], codes: Sequence[str]) -> dict[str, list[Shown]]:
    """The flags of a version by the answer that they stand beside; by "" where that is not among ``paths``.

    :param codes: the reader's regions: a report outside of them is not named.
    """
    if version is None:
        return {}
    seen, beside = flags.of_version(version), set(paths)
    slots = {int(one.doubt.data["slot"]) for one in seen if "slot" in one.doubt.data}
    projects = {int(one.doubt.data["id"]) for one in seen if "id" in one.doubt.data}
    visible = reviews.visible(codes, slots, projects)
    found: dict[str, list[Shown]] = {}
    for one in seen:
        place = one.doubt.path if one.doubt.path in beside else ""
        found.setdefault(place, []).append(_shown(one, *visible))
    return found


def _shown(seen: flags.Seen, slots: set[int], projects: set[int]) -> Shown:
    data = seen.doubt.data
    slot, project = int(data.get("slot", 0)), int(data.get("id", 0))
    hidden = bool((slot and slot not in slots) or (project and project not in projects))
    other = url_for("reviewing.report", slot_id=slot) if slot in slots else ""
    kind, _, number = data.get("piece", "").partition(":")
    picture = url_for("photos.photo", photo_id=int(number), small=True) if kind == "photo" else ""
    return Shown(seen, arithmetic(seen.doubt, hidden), other, picture)


def counts(slots: Sequence[Any]) -> dict[int, dict[str, int]]:
    """Of the reports of a list how many flags are open, by severity, worst first."""
    return flags.counts([slot.id for slot in slots])
