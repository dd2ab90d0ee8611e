"""A reporter's list: what came back, what is due by when, what is being written and where to go on, what is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from reportsvc.forms.definition import Section
from reportsvc.forms.messages import N_
from reportsvc.reports import drafts, forms, progress, transitions
from reportsvc.web import filling
from reportsvc.web.language import say

START = N_("Start")
GO_ON = N_("Go on: %(page)s")
CHANGE = N_("Change it: %(page)s")
SEND = N_("Check and submit")


@dataclass(frozen=True, slots=True)
class Card:
    """One report that is to be done, with the one tap that goes on."""

    slot: Any
    progress: progress.Progress | None
    action: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Reports of one quarter, by organization; ``quarter`` is nothing for those that came back, of whichever."""

    quarter: Any | None
    organizations: list[tuple[Any, list[Any]]]

    @property
    def slots(self) -> int:
        """How many there are."""
        return sum(len(found) for _, found in self.organizations)


@dataclass(frozen=True, slots=True)
class Home:
    """The whole list."""

    waiting: list[Group]
    """Of cards: what came back first, then quarter by quarter, the one that is due first in front."""
    sent: list[Group]
    """Of slots, the newest quarter first."""
    organizations: list[Any]
    """Those whose reports these are."""

    @property
    def count(self) -> int:
        """How many reports wait."""
        return sum(group.slots for group in self.waiting)


def home(organizations: Sequence[int]) -> Home:
    """The list of somebody who reports for these organizations, in as many queries for many reports as for one."""
    slots = drafts.due(organizations)
    waiting = [slot for slot in slots if slot.state in transitions.EDITABLE]
    begun = [slot for slot in waiting if slot.state != "open"]
    standing, named = progress.of_slots(begun), progress.returned_for(begun)
    cards = [_card(slot, standing.get(slot.id), named.get(slot.id, [])) for slot in waiting]
    back = [card for card in cards if card.slot.state == "returned"]
    due = sorted((card for card in cards if card.slot.state != "returned"), key=_urgency)
    groups = [Group(None, _by_organization(back, _slot_of))] if back else []
    groups += _by_quarter(due, _slot_of)
    sent = [slot for slot in slots if slot.state not in transitions.EDITABLE]
    theirs = {slot.organization_id: slot.organization for slot in slots}
    return Home(groups, _by_quarter(sent, lambda slot: slot), list(theirs.values()))


def _slot_of(card: Card) -> Any:
    return card.slot


def _urgency(card: Card) -> tuple[Any, ...]:
    """What is due first, and in the same quarter what was begun."""
    slot = card.slot
    return slot.round.due, slot.round_id, slot.due, slot.state != "draft", slot.id


def _by_quarter(found: Iterable[Any], slot_of: Callable[[Any], Any]) -> list[Group]:
    rounds: dict[int, list[Any]] = {}
    for one in found:
        rounds.setdefault(slot_of(one).round_id, []).append(one)
    return [Group(slot_of(each[0]).round, _by_organization(each, slot_of)) for each in rounds.values()]


def _by_organization(found: Iterable[Any], slot_of: Callable[[Any], Any]) -> list[tuple[Any, list[Any]]]:
    groups: dict[int, tuple[Any, list[Any]]] = {}
    for one in found:
        slot = slot_of(one)
        groups.setdefault(slot.organization_id, (slot.organization, []))[1].append(one)
    return sorted(groups.values(), key=lambda group: str(group[0].name))


def _card(slot: Any, standing: progress.Progress | None, named: Sequence[str]) -> Card:
    """A report with the way on: what a reviewer named, the first page that needs something, or the check."""
    form = forms.form_of(slot.round.form_version)
    if standing is None:
        return _to(slot, None, START, form.sections[0])
    if slot.state == "returned" and not standing.touched and standing.pages:
        for path in named:
            section = next((each for each in form.sections if filling.asks(each, path)), None)
            if section is not None:
                return _to(slot, standing, CHANGE, section, filling.anchor(path))
        return _to(slot, standing, CHANGE, (standing.next or standing.pages[0]).section)
    if standing.next is None:
        return Card(slot, standing, say(SEND), url_for("reporting.check", slot_id=slot.id))
    return _to(slot, standing, GO_ON, standing.next.section)


def _to(slot: Any, standing: progress.Progress | None, action: str, section: Section, place: str = "") -> Card:
    address = url_for("reporting.section", slot_id=slot.id, section=section.name, _anchor=place or None)
    return Card(slot, standing, say(action, page=section.label), address)
