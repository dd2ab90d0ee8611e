"""Raising a difficulty: out of a report that is sent in, or on the spot."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import peewee

from reportsvc import clock
from reportsvc.db import database
from reportsvc.difficulties import owners, rules, transitions
from reportsvc.difficulties.kinds import ASKED, KINDS, UNSORTED, URGENCIES, says_nothing
from reportsvc.difficulties.transitions import RAISER, Step
from reportsvc.errors import Conflict, Invalid
from reportsvc.forms.answers.typed import clean
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, Difficulty, Organization, Participation, Person, Project, Slot, Version

QUESTION = "difficulties"
"""Name of the question in whose answer a report tells of a difficulty."""
LONGEST = 2000
"""Characters that a difficulty and each word to it may have."""


class Unfit(Invalid):
    """Something is missing or can't be what it is; ``fields`` says what is wrong, by name, as errors of their own."""

    def __init__(self, fields: dict[str, Invalid]) -> None:
        self.fields = fields
        super().__init__(N_("Look at the places marked below."))


@dataclass(frozen=True, slots=True)
class Raised:
    """What somebody typed who raises one on the spot. ``submission`` is the UUID that the page was made with."""

    submission: str
    participation: int
    kind: str
    urgency: str
    asked: str
    text: str


def projects(organizations: Sequence[int]) -> list[Participation]:
    """The parts that these organizations have in projects of campaigns that are under way, by the project's name."""
    return list(
        Participation.select(Participation, Project, Organization)
        .join(Project)
        .join(Campaign)
        .join_from(Participation, Organization)
        .where(
            Participation.organization.in_(list(organizations)),
            Campaign.starts <= clock.today(),
            Campaign.ends.is_null() | (Campaign.ends >= clock.today()),
        )
        .order_by(Project.name, Participation.id)
    )


def on_the_spot(organizations: Sequence[int], person: Person, raised: Raised) -> Difficulty:
    """Open a difficulty; the same page sent again gives the same one.

    :raises Unfit: naming every field that is missing or wrong.
    :raises Conflict: if the UUID came before for somebody else's.
    """
    text = clean(raised.text, multiline=True)
    part = next((one for one in projects(organizations) if one.id == raised.participation), None)
    wrong = _wrong(raised, text, part)
    if wrong or part is None:
        raise Unfit(wrong)
    try:
        with database.atomic():
            return _earlier(organizations, raised) or _raise(part, person, raised, text)
    except peewee.IntegrityError:  # two taps at the same moment: the other one has just opened it
        earlier = _earlier(organizations, raised)
        if earlier is None:
            raise
        return earlier


def _earlier(organizations: Sequence[int], raised: Raised) -> Difficulty | None:
    found: Difficulty | None = Difficulty.get_or_none(Difficulty.submission == raised.submission)
    if found is not None and found.organization_id not in organizations:
        raise Conflict("The page could not be read. Go back, reload it and try again.")
    return found


def _raise(part: Participation, person: Person, raised: Raised, text: str) -> Difficulty:
    values = {"kind": raised.kind, "urgency": raised.urgency, "asked": raised.asked}
    return _open(part.project, part.organization_id, person, text=text, submission=raised.submission, **values)


def _wrong(raised: Raised, text: str, part: Participation | None) -> dict[str, Invalid]:
    found: dict[str, Invalid] = {}
    if part is None:
        found["participation"] = Invalid(N_("Choose the project that it is about."))
    for name, value, known in (
        ("kind", raised.kind, KINDS),
        ("urgency", raised.urgency, URGENCIES),
        ("asked", raised.asked, ASKED),
    ):
        if value not in known:
            found[name] = Invalid(N_("Choose one of the answers offered."))
    if says_nothing(text):
        found["text"] = Invalid(N_("Say in a few words what the difficulty is and what would help."))
    elif len(text) > LONGEST:
        found["text"] = too_long(text)
    try:
        uuid.UUID(raised.submission)
    except ValueError:
        found["submission"] = Invalid(N_("The page could not be read. Go back, reload it and try again."))
    return found


def too_long(text: str) -> Invalid:
    """That a text has more characters than it may have."""
    message = "This text has %(length)s characters; at most %(limit)s are allowed."
    return Invalid(message, length=len(text), limit=LONGEST)


def from_version(version: Version) -> Difficulty | None:
    """Bring the difficulty of a report up to the version that was just made of it, in the transaction around this.

    The first version that tells of one opens it. A correction changes its words, never makes a second one; it reopens
    it where that was closed, and withdraws it where it tells of none any more. One that still stands in the same words
    from an earlier quarter is not opened again, but told to be still there.
    """
    text = clean(str(version.answers.get(QUESTION) or ""), multiline=True)
    said = "" if says_nothing(text) else text
    slot: Slot = version.slot
    with database.atomic():
        held: Difficulty | None = Difficulty.get_or_none(Difficulty.slot == slot)
        if held is not None:
            return _bring_up(transitions.locked(held.id), version, said)
        if not said:
            return None
        same = _standing(slot, said)
        if same is not None:
            step = Step(action="again", side=RAISER, person=version.person, revision=same.revision, version=version)
            return transitions.apply(same, step)
        return _open(
            slot.project, slot.organization_id, version.person, text=said, slot=slot, version=version, **UNSORTED
        )


def _standing(slot: Slot, text: str) -> Difficulty | None:
    """The one of an earlier quarter that is still open, of the same organization and project, in the same words."""
    query = Difficulty.select().where(
        Difficulty.project == slot.project_id,
        Difficulty.organization == slot.organization_id,
        Difficulty.state.in_(transitions.LIVE),
    )
    found = next((one for one in query.order_by(Difficulty.id) if one.text == text), None)
    return None if found is None else transitions.locked(found.id)


def _bring_up(held: Difficulty, version: Version, said: str) -> Difficulty:
    if said == held.text and held.state != transitions.WITHDRAWN:
        return held
    changes: dict[str, object] = {"version": version.id}
    if said:
        action = "update"
        changes["text"] = said
        if held.state not in transitions.OWNED:
            changes["due"] = rules.owner_due(held.campaign_id, held.kind, held.urgency)
    elif held.state in transitions.LIVE:
        action = "withdraw"
    else:
        return held
    step = Step(
        action=action,
        side=RAISER,
        person=version.person,
        revision=held.revision,
        words=said,
        version=version,
        changes=changes,
    )
    return transitions.apply(held, step)


def _open(project: Project, organization: int, person: Person | None, **values: object) -> Difficulty:
    kind, urgency = str(values["kind"]), str(values["urgency"])
    starts = rules.of(project.campaign_id).starts.get(kind)
    owner = owners.first(project.region.path, starts)
    made: Difficulty = Difficulty.create(
        campaign=project.campaign_id,
        project=project,
        organization=organization,
        region=project.region_id,
        raised_by=person,
        raised_at=clock.now(),
        owner_region=owner,
        due=rules.owner_due(project.campaign_id, kind, urgency),
        state=transitions.OPEN,
        **values,
    )
    step = Step(action="raise", side=RAISER, person=person, revision=0, words=made.text, version=made.version)
    facts = {"owner_region": ["", owner.code], "owner_name": owner.name, "due": [None, str(made.due)]}
    transitions.write(made, step, transitions.OPEN, facts)
    return made
