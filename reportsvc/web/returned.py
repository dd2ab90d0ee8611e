"""A report that came back, as its organization sees it: what the reviewer named, with which words, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from reportsvc.forms.definition import Section
from reportsvc.reports import returns
from reportsvc.reports.submissions import current_version
from reportsvc.reviews import comments
from reportsvc.web import filling


@dataclass(frozen=True, slots=True)
class Named:
    """An answer that the reviewer wants changed."""

    label: str
    why: str
    """Empty where one reason stands for all."""
    address: str
    """Of its very field; empty where it is not asked now."""
    changed: bool
    """Whether it is not as it was sent any more."""


def named(report: filling.Report) -> list[Named]:
    """What was named when the report came back, in the reviewer's order; nothing once it is sent again."""
    slot, sent = report.slot, current_version(report.slot)
    back = returns.latest([slot]).get(slot.id)
    if slot.state != "returned" or back is None or sent is None:
        return []
    labels = returns.labels(slot, report.form, report.opened.answers)
    same = set(returns.unchanged(list(back.fields), sent.answers, report.opened.answers))
    return [
        Named(labels.get(path, path), why, _address(report, path), path not in same)
        for path, why in back.fields.items()
    ]


def _address(report: filling.Report, path: str) -> str:
    section = next((each for each in report.sections() if filling.asks(each, path)), None)
    if section is None:
        return ""
    place = filling.anchor(path)
    return url_for("reporting.section", slot_id=report.slot.id, section=section.name, _anchor=place)


def after(report: filling.Report, section: Section) -> Section | None:
    """The page after this one; of a report that came back with named answers, the next one that has any of them."""
    back = returns.latest([report.slot]).get(report.slot.id) if report.slot.state == "returned" else None
    following = report.after(section)
    if back is None or not back.fields:
        return following
    while following is not None and not any(filling.asks(following, path) for path in back.fields):
        following = report.after(following)
    return following


def remarks(slot: Any) -> dict[str, list[str]]:
    """What reviewers say about single answers, by path: when it came back, and in threads that are open.

    A text is empty where an answer was named and one reason stands for all.
    """
    found: dict[str, list[str]] = {}
    back = returns.latest([slot]).get(slot.id) if slot.state == "returned" else None
    for path, why in back.fields.items() if back else ():
        found.setdefault(path, []).append(why)
    for one in comments.threads(slot, internal=False):
        if one.path and one.resolved is None and one.comments and one.comments[-1].region_id:
            found.setdefault(one.path, []).append(one.comments[-1].text)
    return found
