"""Talking a report over, answer by answer: between reviewers and the organization, or among reviewers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from reportsvc import audit, clock
from reportsvc.db import database
from reportsvc.errors import Invalid, NotFound
from reportsvc.forms.answers.typed import clean
from reportsvc.models import Comment, CommentThread, Person, Region, Slot
from reportsvc.reports import forms, returns

LONGEST = 1000
"""Characters of one comment."""
MOST = 200
"""Comments of one thread."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one answer, oldest first."""

    id: int
    path: str
    internal: bool
    resolved: CommentThread | None
    """The row with who resolved it and when; nothing while it is open."""
    comments: tuple[Comment, ...]


def threads(slot: Slot, *, internal: bool) -> list[Thread]:
    """The threads of a report, in three queries at most.

    :param internal: whether those between reviewers are wanted too.
    """
    query = (
        CommentThread.select(CommentThread, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(CommentThread.resolved_by == Person.id), attr="resolver")
        .where(CommentThread.slot == slot)
        .order_by(CommentThread.id)
    )
    found = list(query if internal else query.where(CommentThread.internal == False))  # noqa: E712 - SQL
    said: dict[int, list[Comment]] = {}
    all_of_it = (
        Comment.select(Comment, Person, Region)
        .join_from(Comment, Person)
        .join_from(Comment, Region, peewee.JOIN.LEFT_OUTER)
        .where(Comment.thread.in_(found))
        .order_by(Comment.id)
    )
    for one in all_of_it if found else ():
        said.setdefault(one.thread_id, []).append(one)
    return [
        Thread(one.id, one.path, one.internal, one if one.resolved_at else None, tuple(said.get(one.id, ())))
        for one in found
    ]


def say(  # noqa: PLR0913 - where, who, for whom, what, to whom
    slot: Slot, person: Person, path: str, text: str, *, region: str | None = None, internal: bool = False
) -> Comment:
    """Add a comment; one that was resolved is open again.

    Whether the person may see the report is for the caller to ask.

    :param path: of the answer that it is about; empty for the whole report.
    :param region: of the reviewer; nothing where the organization speaks.
    :raises Invalid: if it is empty or too long, the answer is not in the form, or too much was said already.
    """
    said = clean(text, multiline=True)
    if not said:
        raise Invalid("Write what you want to say.")
    if len(said) > LONGEST:
        raise Invalid(
            "This text has %(length)s characters; at most %(limit)s are allowed.", length=len(said), limit=LONGEST
        )
    if path and not returns.knows(forms.form_of(slot.round.form_version), path):
        raise Invalid("One of the answers that you named is not in this report. Reload the page and choose again.")
    with database.atomic():
        thread = _thread(slot, path, internal=internal and region is not None)
        if Comment.select().where(Comment.thread == thread).count() >= MOST:
            raise Invalid("There are %(most)s comments here already. Go on by telephone.", most=MOST)
        _resolve(thread, None)
        comment: Comment = Comment.create(thread=thread, person=person, region=region, text=said, at=clock.now())
        _log(slot, person, "comment", thread=thread.id, comment=comment.id)
    return comment


def _thread(slot: Slot, path: str, internal: bool) -> CommentThread:
    found: Any = CommentThread
    thread: CommentThread = found.get_or_create(slot=slot, path=path, internal=internal)[0]
    return thread


def resolve(slot: Slot, person: Person, thread_id: int, *, resolved: bool) -> None:
    """Close a thread of this report, or open it again.

    :raises NotFound: if the report has no such thread.
    """
    with database.atomic():
        found: CommentThread | None = CommentThread.get_or_none(
            CommentThread.id == thread_id, CommentThread.slot == slot
        )
        if found is None:
            raise NotFound("There is no such comment.")
        _resolve(found, person if resolved else None)
        _log(slot, person, "comment_settled" if resolved else "comment_reopened", thread=found.id)


def _log(slot: Slot, person: Person, action: str, **ids: int) -> None:
    """What was said stays in the thread; the log has that it was."""
    audit.record(f"slot.{action}", f"slot:{slot.id}", actor=person.id, region=slot.region_id, data=ids)


def _resolve(thread: CommentThread, person: Person | None) -> None:
    at = clock.now() if person else None
    CommentThread.update(resolved_by=person, resolved_at=at).where(CommentThread.id == thread.id).execute()


def open_counts(slots: Sequence[int], *, internal: bool = True) -> dict[int, int]:
    """Slot's id → how many threads are open, of those that have any; in one query."""
    open_ones = CommentThread.slot.in_(list(slots)) & CommentThread.resolved_at.is_null()
    if not internal:
        open_ones &= CommentThread.internal == False  # noqa: E712 - SQL
    query: Any = (
        CommentThread.select(CommentThread.slot, peewee.fn.COUNT(CommentThread.id).alias("count"))
        .where(open_ones)
        .group_by(CommentThread.slot)
    )
    return {row["slot"]: row["count"] for row in query.dicts()}
