"""What the checks found, kept: written when a report is sent, brought up to date by the job, closed by reviewers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.db import database, insert_many
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.forms.answers.typed import clean
from reportsvc.models import Flag, Person, Slot, Version
from reportsvc.projects import rules
from reportsvc.reports import doubts

SHORTEST, LONGEST = 2, 500
"""Characters of the word that closes a flag."""
BATCH = 400

Found = Mapping[int, Sequence[doubts.Doubt]]
"""Version's or project's id → what was found about it."""


def record(version: Version, found: Sequence[doubts.Doubt]) -> None:
    """Keep what was found about a version that has just been made, inside the transaction that makes it."""
    insert_many(Flag, [_row("version", version.id, one) for one in _once(version.id, "version", found)])


def refresh(about: str, ids: Sequence[int], checks: Sequence[int], found: Found) -> int:
    """Bring the flags of these rules up to what was found now; gives how many stand then. Again, it changes nothing.

    What is not found any more goes, unless a reviewer closed it: that word stays.

    :param about: ``version`` or ``project``.
    :param ids: of all versions or projects that were looked at.
    :param checks: ids of the rules that were asked; those of others stay as they are.
    """
    count = 0
    with database.atomic():
        for part in peewee.chunked(ids, BATCH):
            count += _refresh(about, list(part), checks, found)
    return count


def _refresh(about: str, ids: Sequence[int], checks: Sequence[int], found: Found) -> int:
    column = Flag.version if about == "version" else Flag.project
    held = {flag.key: flag for flag in Flag.select().where(column.in_(ids), Flag.rule.in_(list(checks)))}
    rows = {
        row["key"]: row for id in ids for one in _once(id, about, found.get(id, ())) for row in [_row(about, id, one)]
    }
    insert_many(Flag, [row for key, row in rows.items() if key not in held])
    for key, flag in held.items():
        row = rows.get(key)
        if row and flag.closed_at is None and any(getattr(flag, name) != row[name] for name in _LIVING):
            Flag.update({name: row[name] for name in _LIVING}).where(Flag.id == flag.id, _OPEN).execute()
    gone = [flag.id for key, flag in held.items() if key not in rows and flag.closed_at is None]
    Flag.delete().where(_ID.in_(gone), _OPEN).execute()
    return len(rows)


_LIVING = ("severity", "path", "data")
_OPEN: Any = Flag.closed_at.is_null()
_ID: Any = Flag.id
_SLOT: Any = Slot.id


def _once(id: int, about: str, found: Iterable[doubts.Doubt]) -> list[doubts.Doubt]:
    return list({_key(about, id, one): one for one in found}.values())


def _key(about: str, id: int, doubt: doubts.Doubt) -> str:
    return f"{doubt.check}:{about[0]}{id}:{doubt.subject}"[:200]


def _row(about: str, id: int, doubt: doubts.Doubt) -> dict[str, Any]:
    return {
        "key": _key(about, id, doubt),
        "rule": doubt.check,
        "version": id if about == "version" else None,
        "project": id if about == "project" else None,
        "severity": doubt.severity,
        "path": doubt.path[:120],
        "data": doubts.packed(doubt),
        "found_at": clock.now(),
    }


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """A flag as reviewers see it; ``text`` is what the organization said to it when it sent the report."""

    id: int
    doubt: doubts.Doubt
    text: str = ""
    word: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None

    @property
    def severity(self) -> str:
        """How strict its rule is; what nobody needs to look at any more is ``closed``."""
        return "closed" if self.closed_at else self.doubt.severity


def of_version(version: Version) -> list[Seen]:
    """All flags of a version and of its project, worst first, each with what was said to it.

    What was explained when there were no flags yet, or is not found any more, is there too, with the id 0.
    """
    project = Slot.select(Slot.project).where(Slot.id == version.slot_id)
    rows = (
        Flag.select(Flag, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(Flag.closed_by == Person.id))
        .where((Flag.version == version) | Flag.project.in_(project))
        .order_by(Flag.id)
    )
    said = {one.doubt.subject: one for one in doubts.from_json(version.explanations)}
    seen = [_seen(row, said) for row in rows]
    flagged = {one.doubt.subject for one in seen}
    seen += [Seen(0, one.doubt, one.text) for subject, one in said.items() if subject not in flagged]
    return sorted(seen, key=lambda one: (one.closed_at is not None, rules.SEVERITIES.index(one.doubt.severity)))


def _seen(row: Flag, said: Mapping[str, doubts.Explained]) -> Seen:
    doubt = doubts.unpacked(row.data)
    text = said[doubt.subject].text if doubt.subject in said else ""
    name = row.closed_by.name if row.closed_by is not None else ""
    return Seen(row.id, doubt, text, row.word, name, row.closed_at)


def _open_ones(slot_ids: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    """(slot, severity, how many) of the open flags of current versions and of projects, in one query."""
    here = _SLOT.in_(list(slot_ids))
    versions = (
        Flag.select(_SLOT.alias("slot"), Flag.severity.alias("severity"))
        .join_from(Flag, Version)
        .join_from(Version, Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .where(here, _OPEN)
    )
    projects = (
        Flag.select(_SLOT.alias("slot"), Flag.severity.alias("severity"))
        .join_from(Flag, Slot, on=(Flag.project == Slot.project))
        .where(here, _OPEN)
    )
    both: Any = versions.union_all(projects)
    query = both.select_from(both.c.slot, both.c.severity, peewee.fn.COUNT(peewee.SQL("*")).alias("count")).group_by(
        both.c.slot, both.c.severity
    )
    for row in query.dicts():
        yield row["slot"], row["severity"], row["count"]


def counts(slot_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Of those slots that have open flags how many of which severity, worst first; one query however many."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for slot, severity, count in _open_ones(slot_ids) if slot_ids else ():
        found[slot][severity] = count
    return {slot: {name: held[name] for name in rules.SEVERITIES if name in held} for slot, held in found.items()}


def flagged(slot_ids: Sequence[int]) -> dict[int, str]:
    """Of those slots that have open flags the worst severity; one query however many."""
    return {slot: next(iter(held)) for slot, held in counts(slot_ids).items()}


def close(slot: Slot, flag_id: int, person: Person, word: str) -> None:
    """A reviewer has looked, and says in a word why the flag needs nobody any more.

    :raises NotFound: if the flag is not of this slot or its project.
    :raises Invalid: without a word, or with one that is too long.
    :raises Conflict: if somebody else has closed it.
    """
    mine = Version.select(Version.id).where(Version.slot == slot)
    found = Flag.get_or_none(Flag.id == flag_id, Flag.version.in_(mine) | (Flag.project == slot.project_id))
    if found is None:
        raise NotFound("There is no such flag.")
    said = clean(word, multiline=False)
    if len(said) < SHORTEST:
        raise Invalid("Say in a word why this is all right.")
    if len(said) > LONGEST:
        raise Invalid(
            "This text has %(length)s characters; at most %(limit)s are allowed.", length=len(said), limit=LONGEST
        )
    values: dict[str, Any] = {"word": said, "closed_by": person, "closed_at": clock.now()}
    if not Flag.update(**values).where(Flag.id == found.id, _OPEN).execute():
        raise Conflict("Somebody else has closed this already. Here is what they wrote.")
