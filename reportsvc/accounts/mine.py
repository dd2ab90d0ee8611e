"""What the service knows of somebody, for them to take away (个人信息保护法, article 45)."""

from __future__ import annotations

from typing import Any

import peewee

from reportsvc.audit import searching
from reportsvc.models import (
    Comment,
    Difficulty,
    DifficultyEvent,
    Event,
    Grant,
    GrantEvent,
    Organization,
    Person,
    RecoveryCode,
    Region,
    Session,
    StaffLogin,
    Version,
)


def export(person_id: int) -> dict[str, Any]:
    """Everything that is kept under a person's name, as JSON: who they are, what they may do and did."""
    person = Person.get_by_id(person_id)
    versions = Version.select().where(Version.person == person).order_by(Version.submitted_at)
    events = Event.select().where(Event.person == person).order_by(Event.at)
    raised = Difficulty.select().where(Difficulty.raised_by == person).order_by(Difficulty.id)
    said = DifficultyEvent.select().where(DifficultyEvent.person == person).order_by(DifficultyEvent.id)
    sessions = Session.select().where(Session.person == person).order_by(Session.created_at)
    return {
        "name": person.name,
        "phone": person.phone,
        "email": person.email or "",
        "since": person.created_at.isoformat(),
        "notice_read": _read(person),
        "roles": [_role(one) for one in Grant.select().where(Grant.person == person).order_by(Grant.id)],
        "roles_given_and_withdrawn": _changes(GrantEvent.person == person),
        "given_and_withdrawn_to_others": _changes((GrantEvent.by == person) & (GrantEvent.person != person)),
        "password": _password(person),
        "reports_sent": [
            {
                "receipt": one.receipt,
                "at": one.submitted_at.isoformat(),
                "answers": one.answers,
                "explanations": one.explanations,
            }
            for one in versions
        ],
        "steps": [{"slot": one.slot_id, "what": one.action, "at": one.at.isoformat()} for one in events],
        "comments": [
            {"text": one.text, "at": one.at.isoformat()}
            for one in Comment.select().where(Comment.person == person).order_by(Comment.id)
        ],
        "log": [
            {"number": one.sequence, "what": f"{one.area}.{one.action}", "to": one.subject, "at": one.at.isoformat()}
            for one in searching.about(person_id)
        ],
        "difficulties_raised": [
            {"at": one.raised_at.isoformat(), "project": one.project_id, "text": one.text} for one in raised
        ],
        "words_to_difficulties": [
            {"difficulty": one.difficulty_id, "what": one.action, "at": one.at.isoformat(), "words": one.words}
            for one in said
        ],
        "devices": [
            {
                "device": one.device,
                "from": one.created_at.isoformat(),
                "last": one.seen_at.isoformat(),
                "ended": one.ended_at.isoformat() if one.ended_at else None,
            }
            for one in sessions
        ],
    }


def _role(grant: Grant) -> dict[str, str | None]:
    since = grant.granted_at.isoformat() if grant.granted_at else None
    return {"role": grant.role, "over": _over(grant), "since": since}


def _over(held: Grant | GrantEvent) -> str:
    if held.organization_id:
        return str(Organization.get_by_id(held.organization_id).name)
    return str(Region.get_by_id(held.region_id).name)


def _read(person: Person) -> dict[str, str | None] | None:
    if person.notice_at is None:
        return None
    return {"version": person.notice_version, "at": person.notice_at.isoformat()}


def _changes(which: peewee.Expression) -> list[dict[str, str]]:
    """Without whose role it was: the names of others are not this person's data."""
    return [
        {"what": one.action, "role": one.role, "over": _over(one), "at": one.at.isoformat()}
        for one in GrantEvent.select().where(which).order_by(GrantEvent.id)
    ]


def _password(person: Person) -> dict[str, Any] | None:
    """That there is one, never what it is."""
    login: StaffLogin | None = StaffLogin.get_or_none(StaffLogin.person == person)
    if login is None:
        return None
    left = RecoveryCode.select().where(RecoveryCode.person == person, RecoveryCode.used_at.is_null()).count()
    return {"changed": login.changed_at.isoformat(), "recovery_codes_left": left}
