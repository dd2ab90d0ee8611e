"""Closing a project (销号): asked for by its lead or its county, closed or refused by a reviewer's word."""

from __future__ import annotations

from reportsvc.checklist import events, finding, rules
from reportsvc.checklist.columns import key
from reportsvc.db import database
from reportsvc.errors import Conflict, Forbidden, Invalid
from reportsvc.forms.messages import N_
from reportsvc.models import Person, Project, ProjectEvent

NO_REASON = N_("Say why, so that everybody who takes part knows.")
NOT_YOURS = N_("Closing a project is for the reviewers of the region that it belongs to, or of one above.")
STANDS = N_("This project stands otherwise by now. Look at how it stands, then try again.")


def ask_as_lead(  # noqa: PLR0913 - who, which, seen how, as what, why
    organizations: tuple[int, ...], project_id: int, person: Person, revision: int, *, outcome: str, reason: str
) -> None:
    """The organization that leads a project asks for its closing.

    :raises NotFound: if it takes no part.
    :raises Forbidden: if it does not lead.
    :raises Invalid: without a reason, or with an outcome that is none.
    :raises Conflict: if somebody changed the project since, or it is asked for or closed already.
    """
    project = finding.find_own(organizations, project_id)
    if not finding.leads(organizations, project):
        raise Forbidden("Only the organization that leads a project can ask for its closing.")
    _ask(project, person, revision, outcome, reason)


def ask(staff: finding.Staff, project_id: int, person: Person, revision: int, *, outcome: str, reason: str) -> None:  # noqa: PLR0913 - as above
    """A reviewer in whose region it takes place asks for it. Raises as :func:`ask_as_lead`."""
    _ask(finding.find(staff, project_id), person, revision, outcome, reason)


def _ask(project: Project, person: Person, revision: int, outcome: str, reason: str) -> None:
    said = events.said(reason, NO_REASON)
    if outcome not in rules.OVER:
        raise Invalid("Choose whether the project is done or ended early.")
    with database.atomic():
        now = finding.locked(project.id, revision)
        if now.closing:
            raise Conflict(STANDS)
        finding.change(now, closing="asked", outcome=outcome)
        events.write(now, "closing_asked", person, said, {"outcome": outcome})


def asked_by(project: Project) -> ProjectEvent | None:
    """The request that waits for a word, if there is one."""
    if project.closing != "asked":
        return None
    query = ProjectEvent.select().where(ProjectEvent.project == project, ProjectEvent.action == "closing_asked")
    found: ProjectEvent | None = query.order_by(key(ProjectEvent).desc()).first()
    return found


def decide(staff: finding.Staff, project_id: int, person: Person, revision: int, *, close: bool, reason: str) -> None:  # noqa: PLR0913 - as above
    """A reviewer's word: it is closed, or refused with a reason. Whoever asked does not decide.

    A closed project owes no report from the next round on.

    :raises NotFound: if it is out of scope.
    :raises Forbidden: if it is not this reviewer's to decide.
    :raises Invalid: if it is refused without a reason.
    :raises Conflict: if somebody changed the project since, or nobody asks for it any more.
    """
    project = finding.find(staff, project_id)
    if not finding.decides(staff, project):
        raise Forbidden(NOT_YOURS)
    said = reason.strip() if close and not reason.strip() else events.said(reason, NO_REASON)
    with database.atomic():
        now = finding.locked(project_id, revision)
        request = asked_by(now)
        if request is None:
            raise Conflict(STANDS)
        if request.person_id == person.id:
            raise Forbidden("You asked for this yourself, so somebody else has to decide it.")
        if close:
            finding.change(now, closing="closed")
            events.write(now, "closed", person, said, {"outcome": now.outcome})
        else:
            finding.change(now, closing="", outcome="")
            events.write(now, "closing_refused", person, said)


def reopen(staff: finding.Staff, project_id: int, person: Person, revision: int, *, reason: str) -> None:
    """Take a closing back, with a reason: the project owes reports again from the next round on. Raises as above."""
    project = finding.find(staff, project_id)
    if not finding.decides(staff, project):
        raise Forbidden(NOT_YOURS)
    said = events.said(reason, NO_REASON)
    with database.atomic():
        now = finding.locked(project_id, revision)
        if now.closing != "closed":
            raise Conflict(STANDS)
        finding.change(now, closing="", outcome="")
        events.write(now, "reopened", person, said)


def override(  # noqa: PLR0913 - who, which, seen how, set to what, why
    staff: finding.Staff, project_id: int, person: Person, revision: int, *, state: str, light: str, reason: str
) -> None:
    """Set the state and the light by hand, with a reason; with both empty the rules say them again.

    :raises NotFound: if it is out of scope.
    :raises Forbidden: if it is not this person's to decide.
    :raises Invalid: without a reason, or if there is no such state or light.
    :raises Conflict: if somebody changed the project since.
    """
    project = finding.find(staff, project_id)
    if not finding.decides(staff, project):
        raise Forbidden(NOT_YOURS)
    said = events.said(reason, NO_REASON)
    if (state and state not in rules.STATES) or (light and light not in rules.LIGHTS):
        raise Invalid("Choose the state and the light from the lists.")
    with database.atomic():
        now = finding.locked(project_id, revision)
        wanted = {"state": state, "light": light} if state or light else {}
        if wanted == now.override:
            raise Invalid("That is how it is set already.")
        before = {"state": now.state, "light": now.light}
        finding.change(now, override=wanted)
        events.write(now, "overridden" if wanted else "override_lifted", person, said, {"before": before, **wanted})
