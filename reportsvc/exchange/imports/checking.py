"""Rows of organizations, projects and participations held against what is there: new, changed, the same or wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from reportsvc.errors import Invalid
from reportsvc.exchange.imports import layout
from reportsvc.exchange.imports.plan import CHANGED, NEW, SAME, TITLE, Line, Plan, Wrong
from reportsvc.exchange.imports.reading import TWICE, Row, chosen, text
from reportsvc.exchange.imports.standing import Standing
from reportsvc.forms.messages import N_
from reportsvc.projects import regions, uscc

Found = TypeVar("Found")

OTHER_KIND = N_("The code starts with %(prefix)s, so the kind is “%(kind)s”.")
NO_REGION = N_("There is no region “%(value)s”. Its code stands in the sheet “代码”.")
MANY_REGIONS = N_("Several regions are called “%(value)s”: %(codes)s. Write the code.")
RETIRED = N_("%(code)s (%(name)s) is no longer in use. Write %(successor)s.")
SPLIT = N_("%(code)s (%(name)s) is no longer in use and was split up. Write the code of the county it is in now.")
NO_COUNTY = N_("%(code)s (%(name)s) is not a county. A project takes place in counties.")
COUNTY_TWICE = N_("%(code)s stands here twice.")
NO_CATEGORY = N_("“%(value)s” is not a category of this campaign. Its categories are: %(known)s.")
NO_ORGANIZATION = N_("No organization has the code %(code)s, neither here nor in the sheet “单位”.")
NO_PROJECT = N_("No project of this campaign has the code %(code)s, neither here nor in the sheet “项目”.")
LEAD_STAYS = N_("This project has reports already, so its lead can't be changed by an import: it is %(code)s.")
LEAD_OTHER = N_("The lead of this project is %(code)s. A project has one lead.")
ROLE_STAYS = N_("This organization takes part as “%(role)s”. An import doesn't change a role.")
ODD_CODE = N_("A project's code has no spaces and none of the characters , ; / in it.")

KIND_NAMES = {value: label for label, value in layout.KINDS.items()}
NAMES = {
    **{("kind", value): label for label, value in layout.KINDS.items()},
    **{("level", value): label for label, value in layout.LEVELS.items()},
}
"""(column, value) as the workbook calls it."""
ROLE_NAMES = {value: label for label, value in layout.ROLES.items()}


@dataclass
class Check:
    """One pass over a workbook."""

    standing: Standing
    plan: Plan = field(default_factory=Plan)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    """What a row stands for, by sheet, to the row's number."""

    def wrong(self, row: Row, key: str, message: str, /, **values: object) -> None:
        """Note that a cell can't be taken."""
        self.plan.wrong.append(Wrong(row.sheet.key, row.number, key, message, values))

    def tried(self, row: Row, key: str, read: Callable[[], Found]) -> Found | None:
        """What a cell holds; nothing if it can't be taken, which is noted."""
        try:
            return read()
        except Invalid as problem:
            self.wrong(row, key, problem.message, **problem.values)
            return None

    def text(self, row: Row, key: str) -> str | None:
        """A cell's text, or nothing with a note."""
        return self.tried(row, key, lambda: text(row, key))

    def first(self, row: Row, key: str, *subject: str) -> bool:
        """Whether this is the first row about its subject; a later one is noted."""
        earlier = self.seen.setdefault((row.sheet.key, *subject), row.number)
        if earlier != row.number:
            self.wrong(row, key, TWICE, row=earlier)
        return earlier == row.number

    def has_organization(self, code: str) -> bool:
        """Whether there is, or will be, an organization of this code."""
        return code in self.standing.organizations or code in self.plan.new_organizations

    def has_project(self, code: str) -> bool:
        """Whether there is, or will be, a project of this code."""
        return code in self.standing.projects or code in self.plan.new_projects

    def line(self, row: Row, title: str, new: bool, changes: list[tuple[str, str, str]]) -> None:
        """Note what becomes of a row."""
        outcome = NEW if new else CHANGED if changes else SAME
        self.plan.lines.append(Line(row.sheet.key, row.number, outcome, title[:TITLE], tuple(changes)))


def uscc_of(check: Check, row: Row, key: str) -> str | None:
    """A unified social credit code, checked in full."""

    def read() -> str:
        known = check.standing.divisions
        return uscc.check(text(row, key), knows_region=lambda code: regions.is_division(code, known))

    return check.tried(row, key, read)


def region_of(standing: Standing, value: str) -> str:
    """The code of a region that is named by its code or its name.

    :raises Invalid: if there is none, several, or one that is no longer in use.
    """
    if value in standing.places:
        return value
    named = standing.named.get(value, [])
    if len(named) == 1:
        return named[0].code
    if named:
        raise Invalid(MANY_REGIONS, value=value, codes="、".join(place.code for place in named))
    if value in standing.retired:
        name, successor = standing.retired[value]
        if successor:
            raise Invalid(RETIRED, code=value, name=name, successor=successor)
        raise Invalid(SPLIT, code=value, name=name)
    raise Invalid(NO_REGION, value=value[:40])


def _home(standing: Standing, code: str) -> str | None:
    """As :func:`reportsvc.projects.organizations.home_region`, without asking the database for each."""
    division = code[2:8]
    if division[:2] == regions.PROVINCE[:2]:
        return division if division in standing.places else standing.retired.get(division, ("", None))[1]
    province = f"{division[:2]}0000"
    return province if province in regions.ELSEWHERE else None


def organization(check: Check, row: Row) -> None:
    """One row of the sheet of organizations."""
    before, standing = len(check.plan.wrong), check.standing
    code = uscc_of(check, row, "uscc")
    name = check.text(row, "name")
    kind = check.tried(row, "kind", lambda: chosen(row, "kind", layout.KINDS))
    level = check.tried(row, "level", lambda: chosen(row, "level", layout.LEVELS))
    place = check.text(row, "region")
    region = check.tried(row, "region", lambda: region_of(standing, place)) if place else None
    if code and kind and uscc.KIND_BY_PREFIX[code[:2]] != kind:
        check.wrong(row, "kind", OTHER_KIND, prefix=code[:2], kind=KIND_NAMES[uscc.KIND_BY_PREFIX[code[:2]]])
    if code and check.first(row, "uscc", code) and len(check.plan.wrong) == before:
        given = {"name": name, "kind": kind, "level": level, "region": region}
        held = standing.organizations.get(code)
        if held is None:
            home = region or _home(standing, code)
            check.plan.new_organizations[code] = {**given, "uscc": code, "region": home}
            check.line(row, f"{code} {name}", True, [])
        else:
            changes, values = _compare(row, given, held)
            if values:
                check.plan.changed_organizations[code] = values
            check.line(row, f"{code} {name}", False, changes)


def _compare(
    row: Row, given: Mapping[str, Any], held: Mapping[str, Any]
) -> tuple[list[tuple[str, str, str]], dict[str, Any]]:
    """What differs, to be shown and to be written; an empty cell leaves what is there."""
    values = {key: value for key, value in given.items() if value and value != held[key]}
    shown = NAMES.get
    changes = [
        (row.sheet.column(key).title, shown((key, held[key]), str(held[key] or "")), shown((key, value), str(value)))
        for key, value in values.items()
    ]
    return changes, values


def project(check: Check, row: Row) -> None:
    """One row of the sheet of projects."""
    before, standing = len(check.plan.wrong), check.standing
    code, name = check.text(row, "code"), check.text(row, "name")
    category, lead = check.text(row, "category"), uscc_of(check, row, "lead")
    counties = _counties(check, row)
    rest = {key: check.text(row, key) for key in ("village", "executor", "organizer")}
    if code and any(mark in code for mark in " ,;/，；"):
        check.wrong(row, "code", ODD_CODE)
    if category and category not in standing.campaign.categories:
        check.wrong(row, "category", NO_CATEGORY, value=category[:40], known="、".join(standing.campaign.categories))
    if lead and not check.has_organization(lead):
        check.wrong(row, "lead", NO_ORGANIZATION, code=lead)
    held = standing.projects.get(code or "")
    if held and lead and held["lead"] != lead and code in standing.reported:
        check.wrong(row, "lead", LEAD_STAYS, code=held["lead"])
    if code and check.first(row, "code", code) and len(check.plan.wrong) == before and counties is not None:
        given = {"name": name, "category": category, "lead": lead, **rest}
        title = f"{code} {name}"
        if held is None:
            check.plan.new_projects[code] = {**given, "code": code, "counties": sorted(counties)}
            check.plan.participations[(code, str(lead))] = "lead"
            check.line(row, title, True, [])
        else:
            _change(check, row, given, held, counties)


def _change(check: Check, row: Row, given: Mapping[str, Any], held: Mapping[str, Any], counties: set[str]) -> None:
    changes, values = _compare(row, given, held)
    there = check.standing.counties.get(held["code"], set())
    if counties and counties != there:
        values["counties"] = sorted(counties)
        title = row.sheet.column("counties").title
        changes.append((title, ",".join(sorted(there)), ",".join(sorted(counties))))
    if values:
        check.plan.changed_projects[held["code"]] = values
    if "lead" in values:
        check.plan.participations[(held["code"], values["lead"])] = "lead"
    check.line(row, f"{held['code']} {given['name']}", False, changes)


def _counties(check: Check, row: Row) -> set[str] | None:
    """The codes of a cell with several counties; nothing if one of them can't be taken."""
    cell = check.text(row, "counties")
    if cell is None:
        return None
    found: set[str] = set()
    for part in cell.replace("，", ",").replace("、", ",").replace(";", ",").replace("；", ",").split(","):
        if not part.strip():
            continue
        code = check.tried(row, "counties", partial(region_of, check.standing, part.strip()))
        if code is None:
            return None
        place = check.standing.places[code]
        if place.level != "county":
            check.wrong(row, "counties", NO_COUNTY, code=code, name=place.name)
            return None
        if code in found:
            check.wrong(row, "counties", COUNTY_TWICE, code=code)
            return None
        found.add(code)
    return found


def participation(check: Check, row: Row) -> None:
    """One row of the sheet of participations."""
    before = len(check.plan.wrong)
    code, party = check.text(row, "project"), uscc_of(check, row, "organization")
    role = check.tried(row, "role", lambda: chosen(row, "role", layout.ROLES))
    if code and not check.has_project(code):
        check.wrong(row, "project", NO_PROJECT, code=code[:40])
    if party and not check.has_organization(party):
        check.wrong(row, "organization", NO_ORGANIZATION, code=party)
    if len(check.plan.wrong) > before or not check.first(row, "organization", str(code), str(party)):
        return
    pair = (str(code), str(party))
    lead = (
        check.plan.changed_projects.get(pair[0], {}).get("lead")
        or (check.plan.new_projects.get(pair[0]) or check.standing.projects[pair[0]])["lead"]
    )
    if (role == "lead") != (lead == party):
        check.wrong(row, "role", LEAD_OTHER, code=lead)
        return
    held = check.standing.parts.get(pair)
    if held is not None and held != role and pair not in check.plan.participations:
        check.wrong(row, "role", ROLE_STAYS, role=ROLE_NAMES[held])
        return
    if held is None and role == "partner":
        check.plan.participations[pair] = "partner"
    check.line(row, f"{code} {party}", held is None and role == "partner", [])
