"""Every route × method × role × own and foreign scope, from the URL map: who gets in, who gets 403, and who 404.

A new route takes one line in ``LINES``; one over a new kind of thing also takes its number in ``things``.
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportsvc import attachments, clock, db, totals
from reportsvc.accounts import notice, people, tokens
from reportsvc.audit import anchor
from reportsvc.checklist import editing, finding, merging
from reportsvc.circulars import compiling, snapshot
from reportsvc.difficulties import raising
from reportsvc.forms import shipped
from reportsvc.hooks import outbox, registry
from reportsvc.models import (
    AnswerFile,
    Attachment,
    CampaignExport,
    CheckRule,
    Circular,
    Flag,
    FormProposal,
    FormVersion,
    Grant,
    Participation,
    Person,
    Photo,
    Project,
    ProjectEvent,
    ProjectFile,
    ProjectMerge,
    SheetImport,
    SheetMapping,
    Slot,
    Version,
    VersionFile,
    VersionPhoto,
)
from reportsvc.projects import campaigns, regions
from reportsvc.reports import doubts, proposals
from reportsvc.reports import forms as reports
from reportsvc.reports.checks import flags
from reportsvc.reviews import bulk, comments
from tests.support import pictures
from tests.support.world import COUNTY, OTHER_COUNTY, World
from tests.web.conftest import Site, running

PUBLIC, ANYONE, NOBODY = "public", "anyone", "-"
STAFF = "reviewer publisher administrator auditor"
ROLES = ("reporter", "manager", "reviewer", "publisher", "administrator", "auditor")
REGIONAL = ("reviewer", "publisher", "administrator", "auditor")


@dataclass(frozen=True)
class Line:
    """What one method of one address answers.

    ``who`` names roles, or ``public`` (no account needed) or ``anyone`` (any account). ``of`` says whose the thing in
    the address is: the organization's or the ``county``'s, the ``province``'s, ``somebody``'s who is not at the door,
    or the reader's ``own`` in every scope.
    ``hides`` is a text that only those may read in whose scope it lies.
    """

    who: str
    of: str = "own"
    hides: str = ""
    denied: int = 403
    """What others than ``who`` get: 404 where nobody is told whether there is such a thing."""
    also: frozenset[int] = frozenset()
    """Answers that are fine besides those of :data:`FINE`."""
    unseen: str = ""
    """Roles that such pages open to, but who are told of this very thing that it is not there."""
    values: dict[str, Any] = field(default_factory=dict)
    """For the address: names of ``things``, or values as they are."""


def line(
    who: str,
    of: str = "own",
    *,
    hides: str = "",
    denied: int = 403,
    also: tuple[int, ...] = (),
    unseen: str = "",
    **values: Any,
) -> Line:
    return Line(who, of, hides, denied, frozenset(also), unseen, values)


def written(**values: Any) -> Line:
    """What an organization fills in; a reviewer too, once they have begun to enter this very report for it."""
    return line("reporter", "county", unseen="reviewer", **values)


def with_token(**values: Any) -> Line:
    """The API: no account opens it, only a token; after too many tries without one it asks to wait."""
    return line(NOBODY, denied=401, **values)


FINE = frozenset({200, 204, 302, 303, 304, 400, 409, 413, 415, 422})
"""The door is open: what was sent may still be wrong, since these tests send nothing."""

LIBRARY, REVIEWER = "乡村图书室", "刘振江"
REPORT, SENT, WAITING = {"slot_id": "open"}, {"slot_id": "sent", "number": 1}, {"slot_id": "waiting"}
PROPOSAL, VERSION = {"proposal_id": "proposal"}, {"version_id": "form"}
DIFFICULTY = {"difficulty_id": "difficulty"}
COLLEAGUE = {"organization_id": "organization", "person_id": "colleague"}
PROJECT = {"project_id": "project"}
EXPORT, IMPORT, MAPPING = {"export_id": "export"}, {"import_id": "import"}, {"mapping_id": "mapping"}
HOOK, TOKEN, FLAG = {"hook_id": "hook"}, {"token_id": "token"}, {"slot_id": "waiting", "flag_id": "flag"}
LIST = {"name": "projects", "ending": "csv"}
READERS, EDITORS = "reviewer publisher auditor", "reviewer publisher"

LINES: dict[str, Line] = {
    "GET /": line(PUBLIC),
    "GET /account": line(ANYONE),
    "GET /account/authenticator": line(STAFF),
    "POST /account/authenticator": line(STAFF),
    "GET /account/authenticator/new": line(STAFF),
    "POST /account/authenticator/new": line(STAFF),
    "GET /account/data.json": line(ANYONE),
    "POST /account/devices/<int:session_id>/end": line(ANYONE, session_id="session"),
    "POST /account/devices/end-others": line(ANYONE),
    "POST /account/email": line(ANYONE),
    "GET /account/leave": line(ANYONE),
    "POST /account/leave": line(ANYONE, also=(403,)),  # staff are told to ask their office
    "GET /account/password": line(STAFF),
    "POST /account/password": line(STAFF),
    "GET /account/recovery-codes": line(STAFF),
    "POST /account/recovery-codes": line(STAFF),
    "GET /api/v1/campaigns": with_token(),
    "GET /api/v1/campaigns/<campaign>": with_token(campaign="campaign"),
    "GET /api/v1/campaigns/<campaign>/circulars": with_token(campaign="campaign"),
    "GET /api/v1/campaigns/<campaign>/circulars/<int:circular>/figures": with_token(
        campaign="campaign", circular="circular"
    ),
    "GET /api/v1/campaigns/<campaign>/figures": with_token(campaign="campaign"),
    "GET /api/v1/campaigns/<campaign>/indicators": with_token(campaign="campaign"),
    "GET /api/v1/campaigns/<campaign>/projects": with_token(campaign="campaign"),
    "GET /api/v1/campaigns/<campaign>/projects/<only>": with_token(campaign="campaign", only="P1"),
    "GET /api/v1/campaigns/<campaign>/rounds": with_token(campaign="campaign"),
    "GET /api/v1/campaigns/<campaign>/slots": with_token(campaign="campaign"),
    "GET /api/v1/campaigns/<campaign>/totals": with_token(campaign="campaign"),
    "GET /api/v1/openapi.json": line(PUBLIC),
    "GET /api/v1/organizations": with_token(),
    "GET /api/v1/organizations/<only>": with_token(only="P1"),
    "GET /checks": line("publisher", "province"),
    "POST /checks": line("publisher", "province", also=(404,)),
    "POST /checks/days": line("publisher", "province", also=(404,)),
    "GET /circulars": line("publisher auditor", "province", hides="《样例通报》"),
    "POST /circulars": line("publisher"),
    "GET /circulars/<int:circular_id>": line("publisher auditor", "province", circular_id="circular"),
    "GET /circulars/<int:circular_id>/file": line("publisher auditor", "province", circular_id="circular"),
    "GET /circulars/<int:circular_id>/progress": line("publisher auditor", "province", circular_id="circular"),
    "GET /data": line(READERS),
    "POST /data/campaigns": line(EDITORS, also=(404,)),
    "GET /data/campaigns/<int:export_id>": line(EDITORS, "somebody", **EXPORT),
    "GET /data/campaigns/<int:export_id>/file": line(EDITORS, "somebody", **EXPORT),
    "GET /data/campaigns/<int:export_id>/progress": line(EDITORS, "somebody", **EXPORT),
    "GET /data/hooks": line("publisher", "county", hides="hooks.example.cn"),
    "POST /data/hooks": line("publisher"),
    "GET /data/hooks/<int:hook_id>": line("publisher", "county", **HOOK),
    "POST /data/hooks/<int:hook_id>/end": line("publisher", "county", **HOOK),
    "POST /data/hooks/<int:hook_id>/trial": line("publisher", "county", **HOOK),
    "GET /data/imports": line("publisher", "province", hides="名单.xlsx"),
    "POST /data/imports": line("publisher"),
    "GET /data/imports/<int:import_id>": line("publisher", "province", **IMPORT),
    "GET /data/imports/<int:import_id>/apply": line("publisher", **IMPORT),
    "POST /data/imports/<int:import_id>/apply": line("publisher", "province", **IMPORT),
    "POST /data/imports/<int:import_id>/discard": line("publisher", "province", **IMPORT),
    "GET /data/imports/<int:import_id>/marked": line("publisher", "province", **IMPORT),
    "GET /data/imports/<int:import_id>/progress": line("publisher", "province", **IMPORT),
    "GET /data/imports/template/<campaign>": line("publisher", "province", campaign="campaign"),
    "GET /data/legacy": line("publisher", "province", hides="旧表"),
    "POST /data/legacy": line("publisher", also=(404,)),
    "GET /data/legacy/mappings": line("publisher"),
    "POST /data/legacy/mappings": line("publisher", also=(404,)),
    "POST /data/legacy/mappings/<int:mapping_id>/remove": line("publisher", "province", **MAPPING),
    "POST /data/legacy/mappings/<int:mapping_id>/upload": line("publisher", "province", also=(404,), **MAPPING),
    "GET /data/lists/<name>.<ending>": line(READERS, also=(404,), **LIST),
    "GET /data/lists/<name>.<ending>?campaign=campaign": line(READERS, "county", hides=LIBRARY, **LIST),
    "GET /data/tokens": line("publisher", "county", hides="样例口令"),
    "POST /data/tokens": line("publisher"),
    "POST /data/tokens/<int:token_id>/revoke": line("publisher", "county", **TOKEN),
    "GET /difficulties": line("reviewer auditor", "county", hides="缺少书架"),
    "GET /difficulties/<int:difficulty_id>": line("reviewer auditor", "county", **DIFFICULTY),
    "GET /difficulties/<int:difficulty_id>/<step>": line("reviewer auditor", step="take", **DIFFICULTY),
    "POST /difficulties/<int:difficulty_id>/<step>": line("reviewer", "county", step="take", **DIFFICULTY),
    # Raised on the spot without a photo: nobody can see what is not there.
    "GET /difficulties/<int:difficulty_id>/photo": line(NOBODY, denied=404, **DIFFICULTY),
    "GET /difficulties/<int:difficulty_id>/photo/small": line(NOBODY, denied=404, **DIFFICULTY),
    "GET /difficulties/mine": line("reporter", "county", hides="缺少书架"),
    "GET /difficulties/mine/<int:difficulty_id>": line("reporter", "county", **DIFFICULTY),
    "GET /difficulties/mine/<int:difficulty_id>/<step>": line("reporter", step="note", **DIFFICULTY),
    "POST /difficulties/mine/<int:difficulty_id>/<step>": line("reporter", "county", step="note", **DIFFICULTY),
    "GET /difficulties/new": line("reporter"),
    "POST /difficulties/new": line("reporter"),
    "GET /figures/<int:snapshot_id>/<path:key>": line(
        "reviewer publisher auditor", "province", snapshot_id="snapshot", key="projects"
    ),
    "GET /files/<uuid:name>": line("reporter reviewer auditor", "county", denied=404, name="file"),
    "GET /files/<uuid:name>/small": line("reporter reviewer auditor", "county", denied=404, name="file"),
    "GET /files/<uuid:name>/state": line("reporter reviewer auditor", "county", denied=404, name="file"),
    "POST /form-language": line(ANYONE),
    "GET /forms": line("publisher auditor"),
    "POST /forms": line("publisher", also=(404,)),  # no campaign was chosen
    "GET /forms/paste": line("publisher auditor"),
    "POST /forms/paste": line("publisher", also=(404,)),
    "GET /forms/proposals/<int:proposal_id>": line("publisher auditor", "province", **PROPOSAL),
    "POST /forms/proposals/<int:proposal_id>": line("publisher", "province", **PROPOSAL),
    "POST /forms/proposals/<int:proposal_id>/discard": line("publisher", "province", **PROPOSAL),
    "GET /forms/proposals/<int:proposal_id>/preview/<section>": line(
        "publisher auditor", "province", section="section", **PROPOSAL
    ),
    "POST /forms/proposals/<int:proposal_id>/preview/<section>": line(
        "publisher", "province", section="section", **PROPOSAL
    ),
    "GET /forms/proposals/<int:proposal_id>/workbook": line("publisher auditor", "province", **PROPOSAL),
    "GET /forms/versions/<int:version_id>/lists/<name>": line(
        "publisher auditor", "province", name="villages.csv", **VERSION
    ),
    "GET /forms/versions/<int:version_id>/original": line("publisher auditor", "province", **VERSION),
    "GET /forms/versions/<int:version_id>/workbook": line("publisher auditor", "province", **VERSION),
    "GET /healthz": line(PUBLIC),
    "POST /language/<code>": line(PUBLIC, code="en"),
    "GET /log": line("publisher administrator auditor", "county", hides=LIBRARY),
    "GET /log/export.csv": line("publisher administrator auditor", "county", hides="slot:"),
    "GET /my/projects": line("reporter", "county", hides=LIBRARY),
    "GET /my/projects/<int:project_id>": line("reporter", "county", **PROJECT),
    "POST /my/projects/<int:project_id>": line("reporter", "county", **PROJECT),
    "GET /notice": line(ANYONE),
    "POST /notice": line(ANYONE),
    "GET /offline": line(PUBLIC),
    "GET /organization": line("manager", "county", hides="莲花"),
    "GET /organization?id=organization": line("manager", "county"),
    "POST /organization/<int:organization_id>/add": line("manager", "county", organization_id="organization"),
    "POST /organization/<int:organization_id>/people/<int:person_id>/manager": line("manager", "county", **COLLEAGUE),
    "POST /organization/<int:organization_id>/people/<int:person_id>/withdraw/<role>": line(
        "manager", "county", role="reporter", **COLLEAGUE
    ),
    "GET /people": line("administrator auditor", "county", hides=REVIEWER),
    "GET /people?q=刘振江": line("administrator auditor", "county", hides="<strong>刘振江"),
    "POST /people": line("administrator"),
    "GET /people/<int:person_id>": line("administrator auditor", "county", person_id="person"),
    "POST /people/<int:person_id>/close": line("administrator", "county", person_id="person"),
    "POST /people/<int:person_id>/invitation": line("administrator", "county", person_id="person"),
    "POST /people/<int:person_id>/roles": line("administrator", "county", person_id="person"),
    "POST /people/<int:person_id>/roles/<int:grant_id>/withdraw": line(
        "administrator", "county", person_id="person", grant_id="grant"
    ),
    "GET /people/new": line("administrator auditor"),
    "GET /photos/<int:photo_id>": line("reporter reviewer auditor", "county", denied=404, photo_id="photo"),
    "GET /photos/<int:photo_id>/small": line("reporter reviewer auditor", "county", denied=404, photo_id="photo"),
    "GET /picture": line(READERS),
    "GET /picture?region=130826": line(READERS, "county"),
    "GET /picture/amounts": line(READERS),
    "GET /picture/amounts?region=130826": line(READERS, "county"),
    "GET /picture/list": line(READERS),
    "GET /picture/list?number=expected": line(READERS, "county", hides=LIBRARY),
    "GET /picture/list?region=130826": line(READERS, "county"),
    "POST /picture/remind": line("reviewer"),
    "POST /picture/remind?region=130826": line("reviewer", "county"),
    "GET /privacy": line(PUBLIC),
    "GET /projects": line(READERS, "county", hides=LIBRARY),
    "GET /projects/<int:project_id>": line(READERS, "county", **PROJECT),
    "GET /projects/<int:project_id>/closing": line("reviewer auditor", **PROJECT),
    "POST /projects/<int:project_id>/closing": line("reviewer", "county", **PROJECT),
    "GET /projects/<int:project_id>/edit": line(EDITORS, "county", **PROJECT),
    "POST /projects/<int:project_id>/edit": line(EDITORS, "county", **PROJECT),
    "GET /projects/<int:project_id>/files": line(EDITORS, **PROJECT),
    "POST /projects/<int:project_id>/files": line(EDITORS, "county", also=(403,), **PROJECT),
    "GET /projects/<int:project_id>/files/<int:file_id>": line(READERS, "county", file_id="paper", **PROJECT),
    "POST /projects/<int:project_id>/files/<int:file_id>/remove": line(
        EDITORS, "county", also=(403,), file_id="paper", **PROJECT
    ),
    "GET /projects/<int:project_id>/merge": line("publisher", "county", **PROJECT),
    "POST /projects/<int:project_id>/merge": line("publisher", "county", also=(403,), **PROJECT),
    "POST /projects/<int:project_id>/merges/<int:merge_id>/undo": line(
        "publisher", "county", also=(403,), merge_id="merge", **PROJECT
    ),
    "POST /projects/<int:project_id>/proposals/<int:proposal_id>": line(
        "publisher", "county", also=(403,), proposal_id="project proposal", **PROJECT
    ),
    "GET /projects/<int:project_id>/state": line("reviewer auditor", **PROJECT),
    "POST /projects/<int:project_id>/state": line("reviewer", "county", also=(403,), **PROJECT),
    "GET /readyz": line(PUBLIC),
    "GET /receipts/<number>/<fingerprint>": line(PUBLIC, also=(404,), number="2026Q1-1", fingerprint="abc"),
    "GET /reports": line("reporter", "county", hides=LIBRARY),
    "GET /reports/<int:slot_id>": written(**REPORT),
    "POST /reports/<int:slot_id>/autosave/<section>": written(section="section", **REPORT),
    "GET /reports/<int:slot_id>/check": written(**REPORT),
    "POST /reports/<int:slot_id>/check": written(**REPORT),
    "POST /reports/<int:slot_id>/explanations": written(**REPORT),
    # The shipped form asks for no files: also the organization's own has none of this name.
    "POST /reports/<int:slot_id>/files/<question>": written(also=(404,), question="front", **REPORT),
    "GET /reports/<int:slot_id>/fill/<section>": written(section="section", **REPORT),
    "POST /reports/<int:slot_id>/fill/<section>": written(section="section", **REPORT),
    "GET /reports/<int:slot_id>/comments": line("reporter", "county", **REPORT),
    "POST /reports/<int:slot_id>/comments": line("reporter", "county", **REPORT),
    "GET /reports/<int:slot_id>/nil": line("reporter", "county", **REPORT),
    "POST /reports/<int:slot_id>/nil": line("reporter", "county", **REPORT),
    "GET /reports/<int:slot_id>/photos": written(**REPORT),
    "POST /reports/<int:slot_id>/photos": written(**REPORT),
    "POST /reports/<int:slot_id>/photos/<int:photo_id>": written(photo_id="new photo", **REPORT),
    "GET /reports/<int:slot_id>/receipt": line("reporter", "county", slot_id="sent"),
    "GET /reports/<int:slot_id>/sent/<int:number>": line("reporter", "county", **SENT),
    "GET /reports/<int:slot_id>/sent/<int:number>/receipt.pdf": line("reporter", "county", **SENT),
    "GET /review": line("reviewer auditor", "county", hides=LIBRARY),
    "GET /review?region=130826": line("reviewer auditor", "its county"),
    "GET /review/<int:slot_id>": line("reviewer auditor", "county", **WAITING),
    "GET /review/<int:slot_id>/approve": line("reviewer auditor", slot_id="waiting"),  # leads to the report
    "POST /review/<int:slot_id>/approve": line("reviewer", "county", **WAITING),
    "GET /review/<int:slot_id>/flags/<int:flag_id>": line("reviewer auditor", **FLAG),
    "POST /review/<int:slot_id>/flags/<int:flag_id>": line("reviewer", "county", **FLAG),
    "GET /review/<int:slot_id>/return": line("reviewer auditor", slot_id="waiting"),
    "POST /review/<int:slot_id>/return": line("reviewer", "county", **WAITING),
    "GET /review/<int:slot_id>/comments": line("reviewer auditor", "county", **WAITING),
    "POST /review/<int:slot_id>/comments": line("reviewer", "county", **WAITING),
    "POST /review/<int:slot_id>/comments/<int:thread_id>": line("reviewer", "county", thread_id="thread", **WAITING),
    "GET /review/<int:slot_id>/decide": line("reviewer auditor", slot_id="waiting"),
    "POST /review/<int:slot_id>/decide": line("reviewer", "county", also=(404,), **WAITING),  # what is not said
    "GET /review/<int:slot_id>/take-back": line("reviewer auditor", slot_id="waiting"),
    "POST /review/<int:slot_id>/take-back": line("reviewer", "county", **WAITING),
    "GET /review/batches/<int:batch_id>": line("reviewer auditor", "its county", batch_id="batch"),
    "POST /review/batches/<int:batch_id>/undo": line("reviewer", "its county", batch_id="batch"),
    "GET /review/bulk": line("reviewer auditor"),
    "POST /review/bulk": line("reviewer"),
    "GET /review/bulk/move": line("reviewer auditor"),
    "POST /review/bulk/move": line("reviewer"),
    "GET /review/extend": line("reviewer auditor"),
    "POST /review/extend": line("reviewer"),
    "GET /sign-in": line(PUBLIC),
    "POST /sign-in": line(PUBLIC),
    "GET /sign-in/code": line(PUBLIC),
    "POST /sign-in/code": line(PUBLIC),
    "GET /sign-in/link/<token>": line(PUBLIC, token="no-such-link"),
    "POST /sign-in/link/<token>": line(PUBLIC, token="no-such-link"),
    "GET /sign-in/staff": line(PUBLIC),
    "POST /sign-in/staff": line(PUBLIC),
    "GET /sign-in/staff/code": line(PUBLIC),
    "POST /sign-in/staff/code": line(PUBLIC),
    "POST /sign-out": line(PUBLIC),
    "GET /staff/join/<token>": line(PUBLIC, token="no-such-link"),
    "POST /staff/join/<token>": line(PUBLIC, token="no-such-link"),
    "GET /staff/join/<token>/app": line(PUBLIC, token="no-such-link"),
    "POST /staff/join/<token>/app": line(PUBLIC, token="no-such-link"),
    "GET /static/<release>/<path:filename>": line(PUBLIC, also=(404,), release="x", filename="app.css"),
    "GET /sw.js": line(PUBLIC),
    "POST /type/<size>": line(PUBLIC, size="large"),
    "GET /versions/<int:version_id>": line("reviewer publisher auditor", "county", version_id="version"),
}
"""``METHOD /address``, as in the URL map; with a query, one more question about the same address."""

OWN_ACCOUNT = {name for name in LINES if name.startswith(("POST /account/", "POST /notice", "POST /form-language"))}


@dataclass
class Actor:
    """Somebody at the door: a role and where it is held."""

    role: str
    scope: str
    """``own`` of who has no scope; else ``province``, ``county`` or ``other``, a foreign one."""
    cookie: str = ""

    def __str__(self) -> str:
        return f"{self.role} ({self.scope})"

    def sees(self, of: str) -> bool:
        """Whether a thing lies in their scope."""
        if of == "own":
            return True
        if of == "somebody":
            return False
        if of == "its county":
            return self.scope == "county"
        return self.scope in ({"province"} if of == "province" else {"province", "county"})


@dataclass
class Matrix:
    """The service, whom it is asked by, and what it is asked for."""

    site: Site
    actors: list[Actor]
    things: dict[str, Any]
    kept: Path

    def restore(self) -> None:
        """Back to how everything was, after something was changed."""
        db.database.close_all()
        path = self.kept.with_name("site.db")
        for more in ("site.db-wal", "site.db-shm", anchor.FILE):
            path.with_name(more).unlink(missing_ok=True)
        shutil.copy(self.kept, path)


@pytest.fixture
def matrix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Matrix]:
    monkeypatch.setattr("reportsvc.app.print_receipt", lambda *_: b"%PDF-")
    monkeypatch.setattr("reportsvc.app.FontSet.load", lambda _: None)
    with running(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, monkeypatch, log_level="ERROR") as site:
        site.app.config["WTF_CSRF_ENABLED"] = False  # nothing may hang on the token: the door comes before
        things = _things(site)
        actors = _actors(site)
        db.database.close_all()
        kept = tmp_path / "kept.db"
        shutil.copy(tmp_path / "site.db", kept)
        assert not (tmp_path / "site.db-wal").exists()
        yield Matrix(site, actors, things, kept)


def _actors(site: Site) -> list[Actor]:
    world = site.world
    made = [(Actor("stranger", "own"), None), (Actor("nobody", "own"), _person(50))]
    for role in ("reporter", "manager"):
        for number, (scope, organization) in enumerate((("county", world.lotus), ("other", world.pine))):
            person = _person(60 + 2 * ROLES.index(role) + number)
            people.grant(person, role, organization=organization)
            made.append((Actor(role, scope), person))
    for role in REGIONAL:
        places = (("province", regions.PROVINCE), ("county", COUNTY), ("other", OTHER_COUNTY))
        for number, (scope, region) in enumerate(places):
            person = _person(70 + 3 * REGIONAL.index(role) + number)
            people.grant(person, role, region=region)
            made.append((Actor(role, scope), person))
    for actor, person in made:
        if person is not None:
            cookie = site.phone(person).client.get_cookie("session")
            assert cookie is not None
            actor.cookie = cookie.value
    return [actor for actor, _ in made]


def _person(number: int) -> Person:
    person = people.create_person(f"甲{number}", f"1380000{number:04d}")
    notice.accept(person.id, notice.Terms())
    return person


def _things(site: Site) -> dict[str, Any]:
    """One of each kind that addresses name, of the organization 莲花 in its county or of the province."""
    world: World = site.world
    before = {slot.project.code: slot.id for slot in world.before.slots if slot.organization_id == world.lotus.id}
    store = attachments.Folder(site.app.extensions["reportsvc"].attachments)
    picture = attachments.keep(store, pictures.saved(pictures.scene(64, 48)), "image/jpeg", "x.jpg")
    version = world.submit("library")
    photo = _photo(before["P1"], picture)
    VersionPhoto.create(version=1, photo=photo, position=1, caption="", consent=True)
    file = AnswerFile.create(
        slot=before["P1"], uuid=str(uuid.uuid4()), sha256="f" * 64, kind="jpg", name="x.jpg", size=1, long_side=64,
        state="ready", original=picture, ready=picture, small=picture, created_at=clock.now(),
    )  # fmt: skip
    VersionFile.create(version=1, file=file)
    frozen = snapshot.freeze(world.campaign, totals.Quarter(world.before.year, world.before.quarter))
    circular = compiling.request(world.campaign, totals.Quarter(world.now.year, world.now.quarter), None)
    Circular.update(state="compiled", title="《样例通报》", snapshot=frozen, attachment=picture).execute()
    source, filename = shipped.quarterly_report()
    proposal = proposals.propose(
        world.campaign, proposals.Upload(filename, source.replace("自有".encode(), "自筹".encode())), world.province
    )
    first = reports.form_of(world.form).sections[0].name
    part = Participation.get(Participation.organization == world.lotus)
    raised = raising.Raised(str(uuid.uuid4()), part.id, "goods", "normal", "helper", "缺少书架，图书没有地方放。")
    difficulty = raising.on_the_spot([world.lotus.id], world.reporter, raised)
    colleague = people.create_person("同事", "13900000001")
    people.grant(colleague, people.REPORTER, organization=world.lotus)
    thread = comments.say(version.slot, world.county, "own_funds", "请附凭证。", region=COUNTY).thread
    batch = bulk.move(regions.scope(COUNTY), world.county, [], reports.read_quantities)
    form = FormVersion.get()
    FormProposal.create(
        campaign=world.campaign, form_id=form.form_id, title=form.title, filename=form.filename, source=form.source,
        files={"villages.csv": "eA=="}, definition=form.definition, warnings=[], sha256=form.sha256,
        person=world.province, created_at=form.created_at, version=form, publisher=world.province,
        published_at=form.created_at,
    )  # fmt: skip
    return {
        "open": world.slots["joint:lotus"], "waiting": world.slots["library"], "sent": before["P1"], "section": first,
        "version": version.id, "photo": photo.id, "new photo": _photo(world.slots["joint:lotus"], picture).id,
        "file": file.uuid, "snapshot": frozen.id, "circular": circular.id, "proposal": proposal.id, "form": form.id,
        "organization": world.lotus.id, "colleague": colleague.id, "person": world.county.id,
        "grant": Grant.get(Grant.person == world.county).id, "session": 1, "difficulty": difficulty.id,
        "thread": thread.id, "batch": batch.id,
        **_of_project(world, picture), **_of_exchange(world, picture),
    }  # fmt: skip


def _of_project(world: World, picture: Attachment) -> dict[str, Any]:
    """The project 乡村图书室 with a paper, a proposal and a project that was merged into it."""
    code = world.slot("library").project.code
    project: Any = Project.get(Project.code == code)
    county, province = finding.Staff((COUNTY,), ()), finding.Staff((), (regions.PROVINCE,))
    paper = ProjectFile.create(
        project=project, attachment=picture, name="协议.jpg", kind="jpg", size=1, person=world.county,
        created_at=clock.now(),
    )  # fmt: skip
    double = campaigns.create_project(
        world.campaign, campaigns.ProjectSpec("P9", "村图书室", "教育", (world.lotus,), (COUNTY,))
    )
    doubles = frozenset(slot.id for slot in Slot.select().where(Slot.project == double))
    wanted = merging.Wanted(project.id, double.id, "同一个项目用了两个名字。", doubles)
    merging.merge(province, world.province, wanted, merging.look(province, world.province, wanted).seen)
    standing = editing.standing(finding.find(county, project.id))
    editing.propose(county, project.id, world.county, replace(standing, texts={**standing.texts, "village": "样例村"}))
    proposal = ProjectEvent.get(ProjectEvent.action == "proposed")
    merge = ProjectMerge.get(ProjectMerge.gone == double)
    rule = CheckRule.get(CheckRule.campaign == world.campaign)
    fell = doubts.Doubt("money.own_funds", "自有资金", "元", "fell", Decimal(2), Decimal(1), "own_funds", check=rule.id)
    flags.record(Version.get(Version.slot == world.slot("library")), [fell])
    flag = Flag.get(Flag.rule == rule)
    return {
        "project": project.id, "paper": paper.id, "merge": merge.id, "project proposal": proposal.id, "flag": flag.id,
    }  # fmt: skip


def _of_exchange(world: World, picture: Attachment) -> dict[str, Any]:
    """An import, a mapping and an export of the campaign; a token and an address over the county."""
    by = {"person": world.province, "created_at": clock.now()}
    work = SheetImport.create(
        campaign=world.campaign, filename="名单.xlsx", source=picture, marked=picture, state="checked", digest="d" * 64,
        **by,
    )  # fmt: skip
    mapping = SheetMapping.create(
        campaign=world.campaign, form_id=world.form.form_id, name="旧表", sheet="表", header_row=1, columns={}, **by
    )
    export = CampaignExport.create(
        campaign=world.campaign, regions=[COUNTY], personal=[], state="made", attachment=picture, **by
    )
    token, _ = tokens.make("k" * 40, world.province.id, (regions.PROVINCE,), COUNTY, "样例口令", 90)
    hook, _ = registry.register(
        "k" * 40, world.province.id, (regions.PROVINCE,), COUNTY, "https://hooks.example.cn/in", outbox.EVENTS, False
    )
    return {
        "campaign": world.campaign.code, "import": work.id, "mapping": mapping.id, "export": export.id,
        "token": token.id, "hook": hook.id,
    }  # fmt: skip


def _photo(slot: int, picture: Attachment) -> Photo:
    return Photo.create(
        slot=slot, uuid=str(uuid.uuid4()), sha256="e" * 64, position=1, state="ready", original=picture, ready=picture,
        small=picture, created_at=clock.now(),
    )  # fmt: skip


PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def address(name: str, values: dict[str, Any], things: dict[str, Any], *, missing: bool = False) -> str:
    """The address of a line, filled; with ``missing`` with numbers of things that are not there."""

    def fill(found: re.Match[str]) -> str:
        kind, parameter = found.groups()
        if missing and kind in {"int", "uuid"}:
            return "999999" if kind == "int" else str(uuid.uuid4())
        return str(things.get(values[parameter], values[parameter]))

    path, _, query = PARAMETER.sub(fill, name.partition(" ")[2]).partition("?")
    key, _, value = query.partition("=")
    return f"{path}?{key}={things.get(value, value)}" if query else path


def expected(line: Line, actor: Actor, method: str, *, missing: bool = False) -> frozenset[int]:
    """The answers that are right."""
    if line.who == PUBLIC:
        return FINE | line.also
    if actor.role == "stranger" and line.denied != 401:
        return frozenset({302}) if method in {"GET", "HEAD"} else frozenset({401})
    if actor.role in line.unseen.split():
        return frozenset({404})
    if line.who != ANYONE and actor.role not in line.who.split():
        return frozenset({401, 429} if line.denied == 401 else {line.denied})
    if missing or (not actor.sees(line.of) and not line.hides):
        return frozenset({404})
    return FINE | line.also


def test_every_route_answers_every_role_in_its_own_and_in_a_foreign_scope_as_listed(matrix: Matrix) -> None:
    wrong: list[str] = []
    cells = 0
    for name, line in LINES.items():
        path = address(name, line.values, matrix.things)
        methods = ("POST",) if name.startswith("POST") else ("GET",) if line.who == PUBLIC else ("GET", "HEAD")
        for method in methods:
            for actor in matrix.actors:
                cells += 1
                wrong += _ask(matrix, line, actor, method, path, expected(line, actor, method))
        gone = address(name, line.values, matrix.things, missing=True)
        if gone != path and line.of != "own":
            for actor in matrix.actors:
                cells += 1
                wrong += _ask(matrix, line, actor, methods[0], gone, expected(line, actor, methods[0], missing=True))
    print(f"{cells} cells: {len(LINES)} lines × {len(matrix.actors)} at the door")
    assert not wrong, "\n".join(wrong)
    assert cells > 2000


def _ask(matrix: Matrix, line: Line, actor: Actor, method: str, path: str, right: frozenset[int]) -> list[str]:  # noqa: PLR0917
    client = matrix.site.app.test_client()
    if actor.cookie:
        client.set_cookie("session", actor.cookie)
    answer = client.open(path, method=method)
    if method == "POST" and answer.status_code < 400:
        matrix.restore()
    if answer.status_code not in right:
        return [
            f"{actor}: {method} {path} → {answer.status_code}, not {sorted(right)[0] if len(right) == 1 else 'let in'}"
        ]
    if line.hides and method == "GET" and answer.status_code == 200:
        shown = line.hides in answer.get_data(as_text=True)
        if shown and not actor.sees(line.of):
            return [f"{actor}: {path} shows {line.hides}"]
        if not shown and actor.sees(line.of) and actor.scope == line.of:  # wider lists have more before it
            return [f"{actor}: {path} does not show {line.hides}"]
    return []


def test_every_route_and_method_is_listed(site: Site) -> None:
    there = {
        f"{method} {rule.rule}"
        for rule in site.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == {name.partition("?")[0] for name in LINES}


def test_no_other_method_opens_anything(matrix: Matrix) -> None:
    wrong = []
    for name, line in LINES.items():
        path = address(name, line.values, matrix.things)
        for method in ("PUT", "PATCH", "DELETE"):
            for actor in matrix.actors[:: len(matrix.actors) - 1]:
                client = matrix.site.app.test_client()
                if actor.cookie:
                    client.set_cookie("session", actor.cookie)
                status = client.open(path, method=method).status_code
                if status != 405:
                    wrong.append(f"{actor}: {method} {path} → {status}")
    assert wrong == []


def test_an_auditor_changes_nothing_and_an_administrator_reviews_and_publishes_nothing() -> None:
    posts = {name: line.who.split() for name, line in LINES.items() if name.startswith("POST")}
    assert [name for name, who in posts.items() if "auditor" in who and name not in OWN_ACCOUNT] == []
    assert [
        name
        for name, who in posts.items()
        if "administrator" in who and not name.startswith(("POST /people", "POST /account"))
    ] == []
