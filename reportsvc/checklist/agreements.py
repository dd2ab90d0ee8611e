"""The files of a project's agreement: a PDF or a photo, judged by its bytes, only ever taken away as a file."""

from __future__ import annotations

import re
from pathlib import PurePath

import peewee

from reportsvc import attachments, clock
from reportsvc.checklist import events, finding
from reportsvc.checklist.columns import key
from reportsvc.db import database
from reportsvc.errors import Conflict, Forbidden, Invalid, NotFound
from reportsvc.files import kinds
from reportsvc.forms.answers.typed import clean
from reportsvc.models import Attachment, Person, Project, ProjectFile
from reportsvc.photos import limited
from reportsvc.photos.reencode import LARGEST_BYTES

LARGEST_REQUEST = LARGEST_BYTES + 100_000
"""Bytes of the request that brings the largest file, with the form around it."""
MOST = 20
"""Files of one agreement."""
NAME_LENGTH = 100
MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}
_PATHS = re.compile(r'[/\\:*?"<>|]+')


def listed(project: Project) -> list[ProjectFile]:
    """The files that are there, the newest first."""
    query = ProjectFile.select(ProjectFile, Person).join(Person, peewee.JOIN.LEFT_OUTER)
    kept = query.where(ProjectFile.project == project, ProjectFile.removed == False)  # noqa: E712 - SQL
    return list(kept.order_by(key(ProjectFile).desc()))


def _allowed(staff: finding.Staff, project_id: int) -> Project:
    project = finding.find(staff, project_id)
    if not (finding.edits(staff, project) or finding.decides(staff, project)):
        raise Forbidden("The agreement's files are kept by the offices that the project belongs to.")
    if project.merged_into_id is not None:
        raise Conflict("This project was merged into another one in the meantime. Go on with that one.")
    return project


def add(
    store: attachments.Store, staff: finding.Staff, project_id: int, person: Person, sent: tuple[str, bytes]
) -> ProjectFile:
    """Keep a file of the agreement; the same bytes again change nothing. A photo is made anew from its pixels.

    :param sent: its name and its bytes.
    :raises NotFound: if the project is out of scope.
    :raises Forbidden: if it is not this person's to keep.
    :raises Invalid: if it is neither a PDF nor a photo, too large, or one too many.
    """
    project = _allowed(staff, project_id)
    name, content = sent
    kind, content = _read(content, name)
    kept = attachments.keep(store, content, MEDIA_TYPES[kind], f"agreement.{kind}")
    with database.atomic():
        here = listed(project)
        same = next((one for one in here if one.attachment_id == kept.id), None)
        if same is not None:
            return same
        if len(here) >= MOST:
            raise Invalid("An agreement holds %(most)s files at most. Remove one before you add another.", most=MOST)
        file: ProjectFile = ProjectFile.create(
            project=project,
            attachment=kept,
            name=_name(name, kind),
            kind=kind,
            size=len(content),
            person=person,
            created_at=clock.now(),
        )
        events.write(project, "file_added", person, data={"file": file.id, "name": file.name, "sha256": kept.sha256})
    return file


def _read(content: bytes, name: str) -> tuple[str, bytes]:
    if not content:
        raise Invalid("Choose a file first.")
    if len(content) > LARGEST_BYTES:
        raise Invalid(kinds.REASONS["heavy"])
    if limited.look(content) is None:
        made = limited.run(content)
        if isinstance(made, limited.Refusal):
            raise Invalid(made.reason)
        return "jpg", made.full
    try:
        kind = kinds.kind_of(content, name)
    except kinds.Refused as refused:
        raise Invalid(kinds.REASONS[refused.code]) from refused
    if kind != "pdf":
        raise Invalid("An agreement is kept as a PDF or as photos. Save it as PDF and send that.")
    return kind, content


def _name(given: str, kind: str) -> str:
    plain = " ".join(clean(_PATHS.split(given)[-1]).split()).lstrip(".")
    stem = PurePath(plain).stem[: NAME_LENGTH - 5].strip() or "agreement"
    return f"{stem}.{kind}"


def remove(staff: finding.Staff, project_id: int, file_id: int, person: Person) -> None:
    """Take a file out of the list; its bytes and the line in the log stay.

    :raises NotFound: if it is not there.
    """
    project = _allowed(staff, project_id)
    with database.atomic():
        file = find(project, file_id)
        ProjectFile.update(removed=True).where(ProjectFile.id == file.id).execute()
        events.write(project, "file_removed", person, data={"file": file.id, "name": file.name})


def find(project: Project, file_id: int) -> ProjectFile:
    """A file of a project's agreement.

    :raises NotFound: if it is not there.
    """
    found: ProjectFile | None = ProjectFile.get_or_none(
        ProjectFile.id == file_id,
        ProjectFile.project == project,
        ProjectFile.removed == False,  # noqa: E712 - SQL
    )
    if found is None:
        raise NotFound("There is no such file.")
    return found


def content(store: attachments.Store, file: ProjectFile) -> bytes:
    """Its bytes.

    :raises NotFound: if they are gone or damaged.
    """
    kept: Attachment = file.attachment
    return attachments.read(store, kept)
