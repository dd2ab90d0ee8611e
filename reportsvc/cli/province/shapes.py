"""What is planned before anything is stored: organizations, projects, and the reports with their answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reportsvc.cli.province.answers import complete
from reportsvc.forms.definition import Answers
from reportsvc.projects import uscc

PREFIXES = {kind: prefix for prefix, kind in uscc.KIND_BY_PREFIX.items() if prefix.startswith("5")}
"""Kind of social organization to the first two characters of its code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A county; ``city`` is the unit right below the province that it reports through, itself if there is none."""

    code: str
    name: str
    full_name: str
    """With the city in front where the name alone is not clear, as for 桥西区."""
    city: str
    path: str
    key: bool


@dataclass(frozen=True, slots=True)
class Party:
    """An organization to be."""

    uscc: str
    name: str
    kind: str
    level: str
    region: str
    sample: bool


class Codes:
    """Hands out organization codes that are valid in every digit and belong to nobody.

    The eight characters of the organization code are ``YL`` (样例) and a running number, so that no real
    organization's code can be met by accident.
    """

    def __init__(self, first: int) -> None:
        self._next = first

    def take(self, kind: str, division: str) -> str:
        """The next code for a social organization registered in a division."""
        body = f"YL{self._next:06d}"
        self._next += 1
        return uscc.build(PREFIXES[kind], division, body)


@dataclass(slots=True)
class Work:
    """A project to be. ``first`` is the round it starts reporting in (0 is the campaign's first), ``span`` how many."""

    code: str
    name: str
    category: str
    parties: list[Party]
    counties: tuple[str, ...]
    first: int
    span: int
    subject: str = ""
    place: str = ""
    village: str = ""
    executor: str = ""
    organizer: str = ""
    sample: bool = True


@dataclass(slots=True)
class Filing:
    """A report to be: one party of one project in one round. ``given`` is what somebody typed in."""

    work: Work
    party: int
    round: int
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """``lead`` or ``partner``."""
        return "partner" if self.party else "lead"

    @property
    def organization(self) -> Party:
        """Who reports."""
        return self.work.parties[self.party]

    def answers(self) -> Answers:
        """All answers, with what the server supplies and what the form computes."""
        return complete(self.role, self.work.name, self.organization.name, len(self.work.counties), self.given)
