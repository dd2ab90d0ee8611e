"""Passing up, approving, returning, and taking a step back: each at one's own turn, or in the place of who is late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid
from reportsvc.forms.answers.typed import clean
from reportsvc.forms.messages import N_
from reportsvc.forms.quantities import Quantity
from reportsvc.models import Event, Person, Slot, Version
from reportsvc.projects import routes, workdays
from reportsvc.projects.regions import Scope
from reportsvc.reports import figures, forms, returns, transitions
from reportsvc.reports.submissions import current_version
from reportsvc.reviews import levels
from reportsvc.reviews.finding import find

REASON = 2000
"""Characters that a reason may have."""
RETURN_DAYS = 5
"""Working days that an organization has to correct a report, where the reviewer sets no other day."""
MOST_FIELDS = 200
"""Answers that may be named in one return."""

MOVED_ON = N_("This report has moved on in the meantime. Reload the page to see where it stands.")
NOT_YOURS = N_("This report does not wait for you. Reload the page to see where it stands.")
QUICKER = N_("Somebody else has just worked on this report. Reload the page to see what they did.")

ReadQuantities = Callable[[Version], Sequence[Quantity]]
"""Gives the quantities of a version, out of its answers and its form."""


def endorse(  # noqa: PLR0913 - who, what, which state, what it sums to, with what else
    scope: Scope, slot_id: int, person: Person, revision: int, read: ReadQuantities, *, batch: int | None = None
) -> Slot:
    """Pass a report up; from the last step of its route it is approved, and its figures are written.

    Where the level that it waits at is late, the one above passes it up in that one's place; then it waits above.

    :param batch: id of the batch that it is moved with.
    :raises NotFound: if the slot is out of scope.
    :raises Conflict: if it is not this region's turn, or somebody was quicker.
    """
    find(scope, slot_id)
    with database.atomic():
        slot = transitions.locked(slot_id)
        turn = _waiting(scope, slot, revision)
        version = current_version(slot)
        if version is None:
            raise Conflict(MOVED_ON)
        route = routes.steps(slot.round.campaign.route, slot.region.path)
        place = [step.region for step in route].index(turn.waits_at)
        data = _who(scope, slot, turn) | ({"batch": batch} if batch is not None else {})
        if place + 1 < len(route):
            move = transitions.Move(
                action=f"endorse_{route[place].level}",
                person=person,
                revision=revision,
                waiting_at=route[place + 1].region,
                data=data,
            )
            return transitions.apply(slot, move)
        figures.write(version, read(version))
        return transitions.apply(slot, transitions.Move(action="approve", person=person, revision=revision, data=data))


def _who(scope: Scope, slot: Slot, turn: levels.Turn) -> dict[str, object]:
    """What an event tells of a step: who took it, where the report waited and since when."""
    since = slot.waiting_since.isoformat() if slot.waiting_since else None
    told: dict[str, object] = {"region": scope.code, "waited_at": turn.waits_at, "since": since}
    return told | ({"in_place_of": turn.waits_at} if turn.in_place else {})


def send_back(  # noqa: PLR0913 - who, what, which state, why, where, until when
    scope: Scope,
    slot_id: int,
    person: Person,
    revision: int,
    *,
    reason: str = "",
    fields: Sequence[str] = (),
    reasons: Mapping[str, str] | None = None,
    due: date | None = None,
) -> Slot:
    """Return a report to its organization: with the answers that are to be changed, why, and a new due date.

    The last level may also return what it approved: its figures then count no more.

    :param reason: one for all; it may be left out when every answer that is named has its own.
    :param fields: paths of the answers that are named.
    :param reasons: path → why that answer is to be changed; these are named too.
    :param due: by default five working days from now, and never earlier than it was due already.
    :raises Invalid: without a reason, with one that is too long, an unknown answer, or a day that is past.
    :raises NotFound: if the slot is out of scope.
    :raises Conflict: if it is not this region's turn, or somebody was quicker.
    """
    find(scope, slot_id)
    given = {path: _text(text) for path, text in (reasons or {}).items()}
    named = {path: given.get(path, "") for path in dict.fromkeys((*fields, *given))}
    said = _text(reason)
    if not said and not (named and all(named.values())):
        raise Invalid("Say why the report goes back, so that the organization knows what to change.")
    until = _until(due)
    with database.atomic():
        slot = transitions.locked(slot_id)
        approved = slot.state == "approved" and scope.level == "province"
        turn = levels.Turn() if approved else _waiting(scope, slot, revision)
        version = current_version(slot)
        until = max(until, slot.due) if due is None else until
        move = transitions.Move(
            action="return",
            person=person,
            revision=revision,
            reason=said or _worded(slot, version, named),
            fields=tuple(_known(version, named)),
            due=until,
            data=_who(scope, slot, turn) | {"reasons": named, "due": until.isoformat()},
        )
        return transitions.apply(slot, move)


def _known(version: Version | None, named: Mapping[str, str]) -> Mapping[str, str]:
    form = forms.form_of(version.form_version) if version else None
    if form is None or len(named) > MOST_FIELDS or not all(returns.knows(form, path) for path in named):
        raise Invalid("One of the answers that you named is not in this report. Reload the page and choose again.")
    return named


def _worded(slot: Slot, version: Version | None, named: Mapping[str, str]) -> str:
    """The reasons of the answers in one text, for lists and messages."""
    assert version is not None  # noqa: S101 - nothing waits for review without a version; said for the reader
    labels = returns.labels(slot, forms.form_of(version.form_version), version.answers)
    return "\n".join(f"{labels.get(path, path)}：{why}" for path, why in named.items())[: 2 * REASON]


def _until(due: date | None) -> date:
    today = clock.today()
    if due is not None and due < today:
        raise Invalid("The new due date is past. Choose today or a later day.")
    return due or workdays.after(today, RETURN_DAYS)


def _text(text: str) -> str:
    said = clean(text, multiline=True)
    if len(said) > REASON:
        raise Invalid(
            "This text has %(length)s characters; at most %(limit)s are allowed.", length=len(said), limit=REASON
        )
    return said


def _waiting(scope: Scope, slot: Slot, revision: int) -> levels.Turn:
    if slot.revision != revision:
        raise Conflict(QUICKER)
    turn = levels.turn(scope, slot)
    if not turn.may_act:
        raise Conflict(NOT_YOURS)
    return turn


def undoable(scope: Scope, slot: Slot) -> Event | None:
    """The last step, if this region's reviewers took it today and may take it back; else nothing."""
    last: Event | None = Event.select().where(Event.slot == slot).order_by(-Event.id).first()
    if last is None or (last.before, last.action, last.after) not in transitions.UPWARDS:
        return None
    theirs = last.data.get("region") == scope.code and clock.local(last.at).date() == clock.today()
    return last if theirs else None


def take_back(scope: Scope, slot_id: int, person: Person, revision: int) -> Slot:
    """Undo having passed a report up or approved it: the same day, and while nobody has acted on it since.

    The figures of an approval that is taken back leave every total.

    :raises NotFound: if the slot is out of scope.
    :raises Conflict: if somebody has acted since, or it was not done by this region today.
    """
    find(scope, slot_id)
    with database.atomic():
        slot = transitions.locked(slot_id)
        if slot.revision != revision:
            raise Conflict(QUICKER)
        last = undoable(scope, slot)
        if last is None:
            raise Conflict("This can't be taken back any more: it was done on another day, or the report moved on.")
        data: dict[str, Any] = {"region": scope.code, "taken_back": last.id}
        since = last.data.get("since")
        move = transitions.Move(
            action=f"take_back_{last.before}",
            person=person,
            revision=revision,
            waiting_at=str(last.data["waited_at"]),
            since=date.fromisoformat(since) if since else None,
            data=data,
        )
        return transitions.apply(slot, move)
