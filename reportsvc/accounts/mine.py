"""What the service knows of somebody, for them to take away (个人信息保护法, article 45)."""

from __future__ import annotations

from typing import Any

from reportsvc.models import Event, Grant, Organization, Person, Region, Session, Version


def export(person_id: int) -> dict[str, Any]:
    """Everything that is kept under a person's name, as JSON: who they are, what they may do and did."""
    person = Person.get_by_id(person_id)
    versions = Version.select().where(Version.person == person).order_by(Version.submitted_at)
    events = Event.select().where(Event.person == person).order_by(Event.at)
    sessions = Session.select().where(Session.person == person).order_by(Session.created_at)
    return {
        "name": person.name,
        "phone": person.phone,
        "email": person.email or "",
        "since": person.created_at.isoformat(),
        "roles": [_role(one) for one in Grant.select().where(Grant.person == person).order_by(Grant.id)],
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


def _role(grant: Grant) -> dict[str, str]:
    over = Organization.get_by_id(grant.organization_id) if grant.organization_id else Region.get_by_id(grant.region_id)
    return {"role": grant.role, "over": over.name}
