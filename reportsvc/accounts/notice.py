"""The notice on personal data that everybody reads before anything else (个人信息保护法, articles 17 and 30)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from reportsvc import clock
from reportsvc.accounts import people
from reportsvc.db import database
from reportsvc.models import Person

TEXT = "2026-11"
"""Of the wording in templates/privacy/text.html. Change it with the wording, and everybody is shown the new one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an operator fills into the notice."""

    contact: str = ""
    """Who answers for the data, and how they are reached."""
    years: int = 10
    """How long reports, with who sent them, are kept."""

    @property
    def version(self) -> str:
        """Of wording and terms together: whoever has read another one is shown the notice again."""
        told = f"{self.years} {self.contact}"
        return f"{TEXT}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def accept(person_id: int, terms: Terms) -> None:
    """Remember that somebody has read the notice as it stands now."""
    with database.atomic():
        Person.update(notice_version=terms.version, notice_at=clock.now()).where(Person.id == person_id).execute()
        people.log(person_id, "notice_read", data={"version": terms.version})
