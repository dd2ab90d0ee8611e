"""The files that answer questions: receiving, finding, freezing, and making photos among them fit to be seen."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from reportsvc import attachments, clock
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid
from reportsvc.files import kinds
from reportsvc.forms import attached
from reportsvc.forms.answers.typed import Message, clean
from reportsvc.forms.definition import Form, Question
from reportsvc.forms.messages import N_
from reportsvc.models import AnswerFile, Person, Slot, Task, Version, VersionFile
from reportsvc.photos import limited
from reportsvc.photos.reencode import LARGEST_BYTES, LONG_SIDE
from reportsvc.reports import transitions

LARGEST_REQUEST = LARGEST_BYTES + 100_000
"""Bytes of the request that brings the largest file, with the form around it."""
LARGEST_SECTION = 2 * LARGEST_BYTES + 1_000_000
"""Bytes of a section that brings its files along, where no script sends them one by one."""
MOST = 200
"""Files that are received for one report, those that were put aside again included."""
TASK = "answer-file"
IMAGE = "image"
SPACE = uuid.UUID("5b0f6a0e-2c3f-4f5e-8f0a-3f7f0d2f6a11")
"""Namespace of the UUIDs that are made from a file's content."""

NOT_ARRIVED = N_("This file has not arrived yet. Open this page on the phone that has it, or choose it again.")
UNKNOWN = N_("This file is not known here. Please choose it again.")


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it comes from a browser, for one question."""

    uuid: str
    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is held of a file; sizes in pixels, for photos."""

    uuid: str
    kind: str
    state: str
    text: str
    """Its name and the beginning of its digest."""
    answer: str
    """The answer that names it."""
    width: int
    height: int
    reason: str
    """Message id of why it was refused; else empty."""


def as_kept(file: AnswerFile) -> Kept:
    """What is told of a file."""
    named = attached.Attached(file.uuid, file.sha256, file.name)
    return Kept(file.uuid, file.kind, file.state, named.text, named.answer, file.width, file.height, file.reason)


def uuid_for(slot: Slot, place: str, content: bytes) -> str:
    """The UUID of a file that comes without one: the same file at the same place, sent twice, is the same."""
    return str(uuid.uuid5(SPACE, f"{slot.id} {place} {hashlib.sha256(content).hexdigest()}"))


def receive(store: attachments.Store, slot: Slot, person: Person, question: Question, sent: Sent) -> Kept:
    """Keep a file as it came; a photo's work is put into a row. The same UUID again changes nothing.

    :raises Invalid: if it is no file that the question takes, or there are too many.
    :raises Conflict: if the UUID came before with another file, or the report can't be written to.
    """
    try:
        name = str(uuid.UUID(sent.uuid))
    except ValueError as error:
        raise Invalid("The page could not be read. Go back, reload it and try again.") from error
    kind = _kind(question, sent)
    sha256 = hashlib.sha256(sent.content).hexdigest()
    earlier = _earlier(slot, name, sha256)
    if earlier is not None:
        return as_kept(earlier)
    store.put(sha256, sent.content)  # takes its time; the slot is held only after that
    with database.atomic():
        locked = _editable(slot.id)
        earlier = _earlier(slot, name, sha256)  # another thread may have been quicker
        if earlier is not None:
            return as_kept(earlier)
        if AnswerFile.select().where(AnswerFile.slot == locked).count() >= MOST:
            raise Invalid("A report takes %(most)s files at most.", most=MOST)
        return as_kept(
            _create(store, locked, person, question, Sent(name, sent.content, _name(sent.name, kind)), kind=kind)
        )


def _create(  # noqa: PLR0913 - what is kept, where, for whom, for which question, as what
    store: attachments.Store, slot: Slot, person: Person, question: Question, sent: Sent, *, kind: str
) -> AnswerFile:
    now = clock.now()
    file: AnswerFile = AnswerFile.create(
        slot=slot,
        person=person,
        uuid=sent.uuid,
        sha256=hashlib.sha256(sent.content).hexdigest(),
        kind=kind,
        name=sent.name,
        size=len(sent.content),
        long_side=min(LONG_SIDE, int(question.long_side or LONG_SIDE)),
        state="raw" if kind == IMAGE else "ready",
        original=attachments.keep(store, sent.content, "application/octet-stream", "raw"),
        created_at=now,
    )
    if kind == IMAGE:
        Task.create(kind=TASK, key=f"file:{file.id}", payload={"file": file.id}, due_at=now, created_at=now)
    return file


def _kind(question: Question, sent: Sent) -> str:
    """What was sent, by its bytes.

    :raises Invalid: if the question does not take it.
    """
    photo = question.kind == "image"
    if not sent.content:
        raise Invalid("Choose a photo first.") if photo else Invalid("Choose a file first.")
    if photo:
        refused = limited.look(sent.content)
        if refused is not None:
            raise Invalid(refused.reason)
        return IMAGE
    if len(sent.content) > LARGEST_BYTES:
        raise Invalid(kinds.REASONS["heavy"])
    try:
        return kinds.kind_of(sent.content, sent.name)
    except kinds.Refused as refused_kind:
        raise Invalid(kinds.REASONS[refused_kind.code]) from refused_kind


_PATHS = re.compile(r'[/\\:*?"<>|]+')


def _name(given: str, kind: str) -> str:
    """A name that says what the file is, without folders: a document's ending is that of its kind."""
    plain = " ".join(clean(_PATHS.split(given)[-1]).split()).lstrip(".")
    ending = "" if kind == IMAGE or PurePath(plain).suffix.lower() == f".{kind}" else f".{kind}"
    stem = PurePath(plain[-attached.NAME_LENGTH :]).name or kind
    return stem[: attached.NAME_LENGTH - len(ending)].strip() + ending


def _editable(slot_id: int) -> Slot:
    slot = transitions.locked(slot_id)
    if slot.state not in transitions.EDITABLE:
        raise Conflict("This report has been submitted. It can be changed again only when it is returned.")
    return slot


def _earlier(slot: Slot, name: str, sha256: str) -> AnswerFile | None:
    found: AnswerFile | None = AnswerFile.get_or_none(AnswerFile.uuid == name)
    if found is not None and (found.slot_id != slot.id or found.sha256 != sha256):
        raise Conflict("This file was already sent, but with other content. Choose it once more.")
    return found


# --- answers ---------------------------------------------------------------------------------------------------------


def known(slots: Iterable[Slot], uuids: Iterable[str]) -> dict[str, Kept]:
    """What is held of these files of these reports, by UUID; what is not there, or another report's, is left out."""
    asked = tuple(set(uuids))
    if not asked:
        return {}
    ids = tuple(slot.id for slot in slots)
    query = AnswerFile.select().where(AnswerFile.uuid.in_(asked), AnswerFile.slot.in_(ids))
    return {file.uuid: as_kept(file) for file in query}


def vetted(slot: Slot, form: Form, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Message]]:
    """Answers with those of files that have arrived put in full; and what is wrong with others, by answer."""
    asked = list(attached.named(form, raw))
    if not asked:
        return dict(raw), {}
    held = known([slot], (file.uuid for _, file in asked))
    answers = attached.completed(form, raw, lambda name: held[name].answer if name in held else "")
    wrong: dict[str, Message] = {}
    for kind, file in attached.named(form, answers):
        found = held.get(file.uuid)
        if found is None and not file.sha256:
            wrong[file.answer] = Message(NOT_ARRIVED)
        elif found is None or found.answer != file.answer or (found.kind == IMAGE) != (kind == "image"):
            wrong[file.answer] = Message(UNKNOWN)
        elif found.state == "refused":
            wrong[file.answer] = Message(found.reason)
    return answers, wrong


def freeze(version: Version) -> None:
    """Write down which files the answers of a version name. Doing it twice changes nothing."""
    with database.atomic():
        asked = tuple(attached.anywhere(version.answers))
        if not asked or VersionFile.select().where(VersionFile.version == version).exists():
            return
        for file in AnswerFile.select().where(AnswerFile.slot == version.slot_id, AnswerFile.uuid.in_(asked)):
            VersionFile.create(version=version, file=file)


def was_sent(file: AnswerFile) -> bool:
    """Whether it went in with any version."""
    return bool(VersionFile.select().where(VersionFile.file == file).exists())
