"""Changing what stands of a project: checked as a whole, with a line in its log of what was what before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from reportsvc.checklist import events, finding
from reportsvc.checklist.columns import key
from reportsvc.db import database, insert_many
from reportsvc.errors import Conflict, Forbidden, Invalid
from reportsvc.forms.answers.typed import clean
from reportsvc.forms.messages import N_
from reportsvc.models import (
    Grant,
    Indicator,
    Person,
    Project,
    ProjectCounty,
    ProjectEvent,
    ProjectPlan,
    Region,
)
from reportsvc.projects import regions

TEXTS = {"name": 200, "village": 60, "executor": 200, "organizer": 200}
"""Field → characters that it may have."""
DAYS = ("deadline", "signed_on")
FIELDS = (*TEXTS, "category", *DAYS, "owner", "counties", "plan")
MOST = Decimal(10) ** 15
NO_REASON = N_("Say why the proposal is declined, so that whoever made it knows.")


class Wrong(Invalid):
    """Some of what was typed can't be kept; ``problems`` says what, by field: message id with its values."""

    def __init__(self, problems: Mapping[str, tuple[str, dict[str, Any]]]) -> None:
        self.problems = problems
        super().__init__(N_("Some fields need another look. Nothing was changed yet."))


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed: texts by field, codes of counties, and amounts by indicator's code."""

    texts: Mapping[str, str]
    counties: tuple[str, ...]
    plan: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """For the log of a proposal."""
        return {"texts": dict(self.texts), "counties": list(self.counties), "plan": dict(self.plan)}


def from_json(data: Mapping[str, Any]) -> Typed:
    """What :meth:`Typed.as_json` made."""
    return Typed(data["texts"], tuple(data["counties"]), data["plan"])


def standing(project: Project) -> Typed:
    """What stands of a project now, as it would be typed."""
    texts = {name: str(getattr(project, name)) for name in (*TEXTS, "category")}
    texts |= {name: getattr(project, name).isoformat() if getattr(project, name) else "" for name in DAYS}
    texts["owner"] = str(project.owner_id or "")
    rows = ProjectCounty.select().where(ProjectCounty.project == project).order_by(ProjectCounty.region)
    plans = ProjectPlan.select(ProjectPlan, Indicator).join(Indicator).where(ProjectPlan.project == project)
    return Typed(
        texts,
        tuple(row.region_id for row in rows),
        {one.indicator.code: _plain(one.amount, one.indicator.scale) for one in plans},
    )


def owners(project: Project) -> list[Person]:
    """Whose a project can be: staff of its region, of one above it, or of one of its counties."""
    places = [project.region, *(row.region for row in ProjectCounty.select().where(ProjectCounty.project == project))]
    codes = {code for place in places for code in regions.chain(place.path)}
    staff = Grant.select(Grant.person).where(Grant.region.in_(codes))
    return list(Person.select().where(key(Person).in_(staff), Person.active == True).order_by(Person.name, Person.id))  # noqa: E712 - SQL


def indicators(project: Project) -> list[Indicator]:
    """What a plan can name."""
    query = Indicator.select().where(Indicator.campaign == project.campaign_id)
    return list(query.order_by(Indicator.position))


def edit(staff: finding.Staff, project_id: int, person: Person, revision: int, typed: Typed) -> list[list[str]]:
    """Store what was typed; gives what has changed as [field, before, after].

    :raises NotFound: if the project is out of scope.
    :raises Forbidden: if the person publishes nothing there.
    :raises Conflict: if somebody changed the project since ``revision``.
    :raises Wrong: naming every field that can't be kept.
    """
    found = finding.find(staff, project_id)
    if not finding.edits(staff, found):
        raise Forbidden("Only publishers change what stands of a project. You can propose it to them.")
    with database.atomic():
        return _edit(finding.locked(project_id, revision), person, typed, {})


def _edit(project: Project, person: Person, typed: Typed, more: Mapping[str, Any]) -> list[list[str]]:
    new, changes = _checked(project, typed)
    if not changes:
        return []
    _store(project, new)
    events.write(project, "edited", person, data={"changes": changes, **more})
    return changes


# --- proposals -------------------------------------------------------------------------------------------------------


def propose(staff: finding.Staff, project_id: int, person: Person, typed: Typed) -> list[list[str]]:
    """Put down what a reviewer would change, for a publisher to adopt; gives the changes.

    :raises NotFound: if the project is out of scope.
    :raises Wrong: naming every field that can't be kept.
    """
    project = finding.find(staff, project_id)
    _, changes = _checked(project, typed)
    if changes:
        with database.atomic():
            events.write(project, "proposed", person, data={"changes": changes, "typed": typed.as_json()})
    return changes


def proposals(history: Sequence[ProjectEvent]) -> list[ProjectEvent]:
    """Those among the events of a project that nobody has answered yet."""
    answered = {event.data.get("proposal") for event in history}
    return [event for event in history if event.action == "proposed" and event.id not in answered]


def answer(  # noqa: PLR0913 - who, to what, seen how, with which word
    staff: finding.Staff, project_id: int, proposal_id: int, person: Person, revision: int, *, declined: str | None
) -> None:
    """Adopt a proposal, or decline it with a reason.

    :raises Conflict: if it was answered already, or one of its fields has changed since it was made.
    :raises Invalid: if it is declined without a reason.
    """
    found = finding.find(staff, project_id)
    if not finding.edits(staff, found):
        raise Forbidden("Only publishers change what stands of a project. You can propose it to them.")
    with database.atomic():
        project = finding.locked(project_id, revision)
        proposal = next((one for one in proposals(events.history(project)) if one.id == proposal_id), None)
        if proposal is None:
            raise Conflict("This proposal was answered in the meantime.")
        if declined is not None:
            events.write(project, "declined", person, events.said(declined, NO_REASON), {"proposal": proposal_id})
            return
        _edit(project, person, _adopted(project, proposal), {"proposal": proposal_id})


def _adopted(project: Project, proposal: ProjectEvent) -> Typed:
    """What stands now, with the fields that the proposal changes."""
    now, wanted = standing(project), from_json(proposal.data["typed"])
    changed = {field for field, _, _ in proposal.data["changes"]}
    _, since = _checked(project, wanted)
    if not {tuple(one) for one in proposal.data["changes"]} <= {tuple(one) for one in since}:
        raise Conflict("A field of this proposal has changed since. Decline it, or change the project yourself.")
    plans = {field.removeprefix("plan.") for field in changed if field.startswith("plan.")}
    return Typed(
        {name: wanted.texts[name] if name in changed else text for name, text in now.texts.items()},
        wanted.counties if "counties" in changed else now.counties,
        {**now.plan, **{code: wanted.plan.get(code, "") for code in plans}},
    )


# --- checking --------------------------------------------------------------------------------------------------------


def _checked(project: Project, typed: Typed) -> tuple[dict[str, Any], list[list[str]]]:
    """The new values by field, and what is different as [field, before, after], as people read it."""
    problems: dict[str, tuple[str, dict[str, Any]]] = {}

    def keep(name: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Invalid as problem:
            problems[name] = (problem.message, problem.values)
            return None

    new = {name: keep(name, lambda name=name: _text(typed, name)) for name in TEXTS}  # type: ignore[misc]
    new |= {name: keep(name, lambda name=name: _day(typed, name)) for name in DAYS}  # type: ignore[misc]
    new["category"] = keep("category", lambda: _category(project, typed))
    new["owner"] = keep("owner", lambda: _owner(project, typed))
    new["counties"] = keep("counties", lambda: _counties(typed))
    named = {one.code: one for one in indicators(project)}
    new["plan"] = {
        code: keep(f"plan.{code}", lambda one=one: _amount(typed.plan.get(one.code, ""), one))  # type: ignore[misc]
        for code, one in named.items()
    }
    if problems:
        raise Wrong(problems)
    return new, list(_changes(project, new, named))


def _text(typed: Typed, name: str) -> str:
    text = " ".join(clean(typed.texts.get(name, "")).split())
    if len(text) > TEXTS[name]:
        raise Invalid(
            "This text has %(length)s characters; at most %(limit)s are allowed.", length=len(text), limit=TEXTS[name]
        )
    if name == "name" and not text:
        raise Invalid("A project needs a name.")
    return text


def _day(typed: Typed, name: str) -> date | None:
    text = typed.texts.get(name, "").strip()
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("Write the day as year-month-day, such as 2026-12-31.") from error
    if day is not None and not 1990 <= day.year <= 2100:
        raise Invalid("Write the day as year-month-day, such as 2026-12-31.")
    return day


def _category(project: Project, typed: Typed) -> str:
    name = typed.texts.get("category", "")
    if name not in project.campaign.categories:
        raise Invalid("%(name)s is not a category of this campaign.", name=name)
    return name


def _owner(project: Project, typed: Typed) -> Person | None:
    text = typed.texts.get("owner", "")
    found = next((one for one in owners(project) if str(one.id) == text), None)
    if text and found is None:
        raise Invalid("Choose the owner from the list.")
    return found


def _counties(typed: Typed) -> list[Region]:
    found = list(Region.select().where(Region.code.in_(typed.counties), Region.level == "county").order_by(Region.code))
    missing = set(typed.counties) - {place.code for place in found}
    if missing:
        raise Invalid("There is no county with the code %(code)s.", code=", ".join(sorted(missing)))
    return found


def _amount(text: str, indicator: Indicator) -> int | None:
    """A planned amount in the indicator's smallest unit; nothing if it is empty or zero."""
    plain = clean(text).replace(",", "").replace("，", "").strip()
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise Invalid("Write a number, such as 12000.") from error
    if not value.is_finite() or not 0 <= value < MOST or value.scaleb(indicator.scale) % 1:
        raise Invalid("Write a number from 0 on with at most %(scale)s decimals.", scale=indicator.scale)
    return int(value.scaleb(indicator.scale)) or None


def _changes(project: Project, new: Mapping[str, Any], named: Mapping[str, Indicator]) -> Iterable[list[str]]:
    for name in (*TEXTS, "category", *DAYS):
        before, after = getattr(project, name), new[name]
        if (before or None) != (after or None):
            yield [name, str(before or ""), str(after or "")]
    if project.owner_id != (new["owner"].id if new["owner"] else None):
        yield ["owner", project.owner.name if project.owner else "", new["owner"].name if new["owner"] else ""]
    here = [row.region for row in ProjectCounty.select().where(ProjectCounty.project == project)]
    if {one.code for one in here} != {one.code for one in new["counties"]}:
        yield ["counties", _names(here), _names(new["counties"])]
    plans = {one.indicator_id: one.amount for one in ProjectPlan.select().where(ProjectPlan.project == project)}
    for code, after in new["plan"].items():
        before = plans.get(named[code].id)
        if before != after:
            scale = named[code].scale
            yield [f"plan.{code}", *("" if one is None else _plain(one, scale) for one in (before, after))]


def _names(places: Iterable[Region]) -> str:
    return "、".join(one.name for one in sorted(places, key=lambda one: one.code))


def _plain(amount: int, scale: int) -> str:
    text = f"{Decimal(amount).scaleb(-scale):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _store(project: Project, new: Mapping[str, Any]) -> None:
    values = {name: new[name] for name in (*TEXTS, "category", *DAYS, "owner")}
    ProjectCounty.delete().where(ProjectCounty.project == project).execute()
    insert_many(ProjectCounty, [{"project": project, "region": place} for place in new["counties"]])
    ProjectPlan.delete().where(ProjectPlan.project == project).execute()
    amounts = {one.id: new["plan"][one.code] for one in indicators(project)}
    insert_many(
        ProjectPlan,
        [{"project": project, "indicator": one, "amount": amount} for one, amount in amounts.items() if amount],
    )
    finding.change(project, region=regions.common(place.path for place in new["counties"]), **values)
