"""New versions of a form: uploaded, looked at, published for the rounds that are to ask it.

What is uploaded is a proposal: it is asked of nobody until somebody publishes it, and a version that is in use is never
altered.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import PurePath

import peewee

from reportsvc import audit, clock
from reportsvc.db import database
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms import importer
from reportsvc.forms.comparing import Alteration, compare
from reportsvc.forms.definition import Choice, Form, from_json, to_json
from reportsvc.forms.importer import Examination, FormError, Problem
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, FormProposal, FormVersion, Indicator, Person, Region, Round
from reportsvc.projects import campaigns, regions
from reportsvc.reports import forms

EXAMPLES = 2  # counties
NAME, TITLE = 60, 200  # characters that a form's id, and its title or file name, may have
GONE = N_("There is no such form. It may have been discarded.")
TAKEN = N_("This form was published in the meantime, as version %(number)s. Nothing was published a second time.")
OVERTAKEN = N_("Another version was published in the meantime. Look at what changes against that one, then publish.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A spreadsheet as it was sent, and the CSV files that came with it, by name."""

    filename: str
    source: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    remarks: tuple[Problem, ...] = ()
    """What was told before the importer saw it."""


def examine(campaign: Campaign, upload: Upload) -> Examination:
    """What a spreadsheet would become in a campaign, or what keeps it from becoming a form."""
    known = [one.code for one in Indicator.select().where(Indicator.campaign == campaign).order_by(Indicator.position)]
    found = importer.examine(upload.source, upload.filename, upload.files, known)
    if found.form is None:
        return found
    problems = [
        Problem("settings", 2, column, N_("This may have at most %(limit)s characters."), {"limit": limit})
        for column, text, limit in (("form_id", found.form.form_id, NAME), ("form_title", found.form.title, TITLE))
        if len(text) > limit
    ]
    return replace(found, form=None, problems=tuple(problems)) if problems else found


def propose(campaign: Campaign, upload: Upload, person: Person) -> FormProposal:
    """Keep a spreadsheet to be looked at; the same bytes sent again are the proposal that is there.

    :raises FormError: naming sheet, row, column and reason of everything that can't be accepted.
    """
    found = examine(campaign, upload)
    if found.form is None:
        raise FormError(found.problems)
    definition = to_json(found.form)
    sha256 = hashlib.sha256(upload.source).hexdigest()
    with database.atomic():
        same = FormProposal.select().where(
            FormProposal.campaign == campaign, FormProposal.sha256 == sha256, FormProposal.version.is_null()
        )
        standing = next((one for one in same if one.definition == definition), None)
        if standing is not None:
            return standing
        made = FormProposal.create(
            campaign=campaign,
            form_id=found.form.form_id,
            title=found.form.title,
            filename=short_name(upload.filename),
            source=upload.source,
            files={name: base64.b64encode(content).decode() for name, content in upload.files.items()},
            definition=definition,
            warnings=[asdict(warning) for warning in (*upload.remarks, *found.warnings)],
            sha256=sha256,
            person=person,
            created_at=clock.now(),
        )
        audit.record("form.proposed", f"proposal:{made.id}", actor=person.id, region=campaign.province_id)
    return made


def short_name(filename: str) -> str:
    """A file's name without folders, at most 200 characters with its ending."""
    path = PurePath(filename.replace("\\", "/"))
    return path.stem[: TITLE - len(path.suffix)] + path.suffix


def waiting(codes: Sequence[str]) -> list[FormProposal]:
    """Proposals that are not published, of the campaigns that these regions publish for, newest first."""
    light = (FormProposal.id, FormProposal.title, FormProposal.filename, FormProposal.created_at)
    query = FormProposal.select(*light, Person).join_from(FormProposal, Campaign)
    query = query.join_from(FormProposal, Person, on=(FormProposal.person == Person.id))
    mine = campaigns.published_by(codes) & FormProposal.version.is_null()
    return list(query.where(mine).order_by(FormProposal.created_at.desc()))


def find(codes: Sequence[str], proposal_id: int) -> FormProposal:
    """A proposal for a campaign that one of these regions publishes for.

    :raises NotFound: if it is not there, or another's.
    """
    query = FormProposal.select().join(Campaign).where(FormProposal.id == proposal_id, campaigns.published_by(codes))
    found: FormProposal | None = query.first()
    if found is None:
        raise NotFound(GONE)
    return found


def form_of(proposal: FormProposal) -> Form:
    """The form that it would become."""
    return from_json(proposal.definition)


def warnings_of(proposal: FormProposal) -> list[Problem]:
    """What its importer told."""
    return [Problem(**warning) for warning in proposal.warnings]


def newest(form_id: str) -> FormVersion | None:
    """The newest version of a form."""
    query = FormVersion.select().where(FormVersion.form_id == form_id).order_by(FormVersion.number.desc())
    found: FormVersion | None = query.first()
    return found


def changes(proposal: FormProposal, against: FormVersion | None) -> list[Alteration]:
    """What it changes against a version; against none everything is new."""
    form = form_of(proposal)
    return compare(forms.form_of(against) if against else Form(form.form_id, form.title, ()), form)


def rounds(proposal: FormProposal) -> list[Round]:
    """The campaign's rounds that ask this form, and are open or to come: those could take it."""
    query = Round.select(Round, FormVersion).join(FormVersion)
    asked = (Round.campaign == proposal.campaign_id) & (FormVersion.form_id == proposal.form_id)
    return list(query.where(asked, Round.closes >= clock.today()).order_by(Round.year, Round.quarter))


def example(proposal: FormProposal, given: Mapping[str, str]) -> forms.Surroundings:
    """What a form is filled with before anybody types, for a project in two counties of the campaign's province."""
    province = regions.scope(proposal.campaign.province_id)
    counties = Region.select(Region.code, Region.name).where(
        Region.level == "county", Region.path.startswith(province.path)
    )
    choices = [Choice(one.code, one.name) for one in counties.order_by(Region.code).limit(EXAMPLES)]
    return forms.Surroundings({**given, "county_count": str(len(choices))}, {forms.COUNTIES: choices})


def discard(codes: Sequence[str], proposal_id: int, by: int | None = None) -> None:
    """Throw a proposal away; ``by`` is the id of who does it.

    :raises NotFound: if it is not there, or another's.
    :raises Conflict: if it has been published.
    """
    with database.atomic():
        proposal = _locked(codes, proposal_id)
        FormProposal.delete().where(FormProposal.id == proposal.id).execute()
        audit.record("form.discarded", f"proposal:{proposal.id}", actor=by, region=proposal.campaign.province_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody who publishes has seen, and what they want."""

    person: Person
    seen: int | None
    """Id of the version that they compared with; none where there was none."""
    rounds: tuple[int, ...] = ()
    """Ids of the rounds that ask it from now on."""


def publish(codes: Sequence[str], proposal_id: int, decision: Decision) -> FormVersion:
    """Make a proposal the newest version of its form and have rounds ask it: all of it, or nothing.

    Where nothing differs from the newest version, the rounds take that one. Drafts keep what was typed.

    :raises NotFound: if the proposal is not there, or another's.
    :raises Conflict: if somebody published it, or another version of the form, in the meantime.
    """
    try:
        with database.atomic():
            proposal = _locked(codes, proposal_id)
            standing = newest(proposal.form_id)
            if (standing.id if standing else None) != decision.seen:
                raise Conflict(OVERTAKEN)
            same = standing is not None and standing.definition == proposal.definition
            now = clock.now()
            version = standing if standing is not None and same else _version(proposal, standing, now)
            for taking in rounds(proposal):
                if taking.id in decision.rounds:
                    Round.update(form_version=version).where(Round.id == taking.id).execute()
            FormProposal.update(version=version, publisher=decision.person, published_at=now).where(
                FormProposal.id == proposal.id
            ).execute()
            audit.record(
                "form.published",
                f"form:{version.id}",
                actor=decision.person.id,
                region=proposal.campaign.province_id,
                data={"proposal": proposal.id, "rounds": list(decision.rounds)},
                rows=() if same else (version,),
            )
    except peewee.IntegrityError as error:  # another campaign's publisher took the number between our two steps
        raise Conflict(OVERTAKEN) from error
    return version


def _locked(codes: Sequence[str], proposal_id: int) -> FormProposal:
    """A proposal that nobody else publishes or discards until the transaction around this ends.

    PostgreSQL locks its campaign's row; SQLite's transactions follow one another by themselves.
    """
    campaign_id = find(codes, proposal_id).campaign_id
    if database.for_update:
        Campaign.select().where(Campaign.id == campaign_id).for_update().execute()
    proposal = find(codes, proposal_id)
    if proposal.version is not None:
        raise Conflict(TAKEN, number=proposal.version.number)
    return proposal


def _version(proposal: FormProposal, standing: FormVersion | None, now: datetime) -> FormVersion:
    return FormVersion.create(
        form_id=proposal.form_id,
        number=standing.number + 1 if standing else 1,
        title=proposal.title,
        filename=proposal.filename,
        source=proposal.source,
        definition=proposal.definition,
        sha256=proposal.sha256,
        created_at=now,
    )
