"""The log of a project: one function writes it, one reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.checklist.columns import key
from reportsvc.errors import Invalid
from reportsvc.forms.answers.typed import clean
from reportsvc.models import Person, Project, ProjectEvent

REASON = 2000
"""Characters that a reason may have."""


def write(
    project: Project, action: str, person: Person | None, reason: str = "", data: Mapping[str, Any] | None = None
) -> ProjectEvent:
    """Add what has happened, inside the transaction in which it happens."""
    return ProjectEvent.create(
        project=project, action=action, person=person, reason=reason, data=dict(data or {}), at=clock.now()
    )


def history(project: Project) -> list[ProjectEvent]:
    """What happened to a project, and to those that were merged into it, newest first."""
    return list(
        ProjectEvent.select(ProjectEvent, Person, Project.id, Project.name)
        .join_from(ProjectEvent, Person, peewee.JOIN.LEFT_OUTER)
        .join_from(ProjectEvent, Project)
        .where((ProjectEvent.project == project) | (Project.merged_into == project))
        .order_by(ProjectEvent.at.desc(), key(ProjectEvent).desc())
    )


def said(text: str, missing: str) -> str:
    """A reason as it is kept.

    :param missing: message id of what is told where there is none.
    :raises Invalid: without a reason, or with one that is too long.
    """
    found = clean(text, multiline=True)
    if not found:
        raise Invalid(missing)
    if len(found) > REASON:
        raise Invalid(
            "This text has %(length)s characters; at most %(limit)s are allowed.", length=len(found), limit=REASON
        )
    return found
