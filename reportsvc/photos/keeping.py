"""The photos of a report: receiving, arranging, freezing, and making them fit to be seen."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Literal

from reportsvc import attachments, clock
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import Attachment, Person, Photo, Slot, Task, Version, VersionPhoto
from reportsvc.photos import limited
from reportsvc.photos.reencode import LARGEST_BYTES
from reportsvc.reports import transitions

LARGEST_REQUEST = LARGEST_BYTES + 100_000
"""Bytes of the request that brings the largest photo, with the form around it."""
MOST = 9
"""Photos of one report."""
CAPTION_LENGTH = 200
TASK = "photo"


@dataclass(frozen=True, slots=True)
class Sent:
    """One photo as it comes from a phone."""

    uuid: str
    content: bytes
    caption: str = ""
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to a photo of theirs."""

    caption: str
    consent: bool
    step: Literal["", "earlier", "later", "delete"] = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo in the list of a report or of one of its versions; sizes in pixels."""

    id: int
    uuid: str
    state: str
    caption: str
    consent: bool
    width: int
    height: int
    reason: str
    """Message id of why it was refused; else empty."""


def _shown(photo: Photo, caption: str | None = None, consent: bool | None = None) -> Shown:
    return Shown(
        id=photo.id,
        uuid=photo.uuid,
        state="removed" if photo.removed and caption is None else photo.state,
        caption=photo.caption if caption is None else caption,
        consent=photo.consent if consent is None else consent,
        width=photo.width,
        height=photo.height,
        reason=photo.reason,
    )


def _listed(slot: Slot) -> list[Photo]:
    return list(
        Photo.select().where(Photo.slot == slot, Photo.removed == False).order_by(Photo.position, Photo.id)  # noqa: E712
    )


def of_slot(slot: Slot) -> list[Shown]:
    """The photos of a report as its organization has arranged them: raw, ready and refused ones."""
    return [_shown(photo) for photo in _listed(slot)]


def for_version(version: Version) -> list[Shown]:
    """The photos that went in with a version, as they were captioned then; only those that are ready to be seen."""
    query = (
        VersionPhoto.select(VersionPhoto, Photo)
        .join(Photo)
        .where(VersionPhoto.version == version, Photo.state == "ready")
        .order_by(VersionPhoto.position)
    )
    return [_shown(one.photo, one.caption, one.consent) for one in query]


def freeze(version: Version) -> list[int]:
    """Write down which photos go in with a version that has just been made; gives their ids.

    Photos that are still being prepared go in too, and are seen when they are ready. Doing it twice changes nothing.
    """
    with database.atomic():
        frozen = VersionPhoto.select().where(VersionPhoto.version == version).order_by(VersionPhoto.position)
        held = [one.photo_id for one in frozen]
        if held:
            return held
        photos = [photo for photo in _listed(version.slot) if photo.state != "refused"]
        for position, photo in enumerate(photos, start=1):
            VersionPhoto.create(
                version=version, photo=photo, position=position, caption=photo.caption, consent=photo.consent
            )
    return [photo.id for photo in photos]


def was_sent(photo: Photo) -> bool:
    """Whether it went in with any version."""
    return bool(VersionPhoto.select().where(VersionPhoto.photo == photo).exists())


def find(photo_id: int) -> Photo:
    """A photo that has been made ready; whether the reader may see it is for the caller to ask.

    :raises NotFound: if there is none, it is not ready, or it was taken out before it went in with any version.
    """
    found: Photo | None = Photo.get_or_none(Photo.id == photo_id)
    if found is None or found.state != "ready" or (found.removed and not was_sent(found)):
        raise NotFound("There is no such photo.")
    return found


def content(store: attachments.Store, photo: Photo, *, small: bool) -> bytes:
    """The clean JPEG of a photo, or its thumbnail; never what the phone sent.

    :raises NotFound: if the file is gone or damaged.
    """
    kept: Attachment | None = photo.small if small else photo.ready
    if kept is None:
        raise NotFound("There is no such photo.")
    return attachments.read(store, kept)


def _editable(slot_id: int) -> Slot:
    slot = transitions.locked(slot_id)
    if slot.state not in transitions.EDITABLE:
        raise Conflict("This report has been submitted. It can be changed again only when it is returned.")
    return slot


def _caption(text: str) -> str:
    caption = " ".join(text.split())
    if len(caption) > CAPTION_LENGTH:
        raise Invalid("A caption may have %(most)s characters at most.", most=CAPTION_LENGTH)
    return caption


def receive(store: attachments.Store, slot: Slot, person: Person, sent: Sent) -> Shown:
    """Keep a photo as it came, and put the work of making it clean into a row. The same UUID again changes nothing.

    :raises Invalid: if there is no photo, it is too large, or there are enough.
    :raises Conflict: if the UUID came before with another photo, or the report can't be written to.
    """
    try:
        name = str(uuid.UUID(sent.uuid))
    except ValueError as error:
        raise Invalid("The page could not be read. Go back, reload it and try again.") from error
    caption = _caption(sent.caption)
    if not sent.content:
        raise Invalid("Choose a photo first.")
    if len(sent.content) > LARGEST_BYTES:
        raise Invalid(limited.REASONS["heavy"])
    sha256 = hashlib.sha256(sent.content).hexdigest()
    earlier = _earlier(slot, name, sha256)
    if earlier is not None:
        return _shown(earlier)
    store.put(sha256, sent.content)  # takes its time; the slot is held only after that
    with database.atomic():
        locked = _editable(slot.id)
        earlier = _earlier(slot, name, sha256)  # another thread may have been quicker
        if earlier is not None:
            return _shown(earlier)
        others = _listed(locked)
        if sum(photo.state != "refused" for photo in others) >= MOST:
            raise Invalid("A report holds %(most)s photos at most. Delete one before you add another.", most=MOST)
        photo = Photo.create(
            slot=locked,
            person=person,
            uuid=name,
            sha256=sha256,
            position=max((other.position for other in others), default=0) + 1,
            caption=caption,
            consent=sent.consent,
            original=attachments.keep(store, sent.content, "application/octet-stream", "raw"),
            created_at=clock.now(),
        )
        now = clock.now()
        Task.create(kind=TASK, key=f"photo:{photo.id}", payload={"photo": photo.id}, due_at=now, created_at=now)
    return _shown(photo)


def _earlier(slot: Slot, name: str, sha256: str) -> Photo | None:
    found: Photo | None = Photo.get_or_none(Photo.uuid == name)
    if found is not None and (found.slot_id != slot.id or found.sha256 != sha256):
        raise Conflict("This photo was already sent, but with other content. Choose it once more.")
    return found


def change(slot: Slot, photo_id: int, wanted: Change) -> None:
    """Caption a photo, give or take back the consent, move it by one place, or take it out.

    Taken out before it went in with a version, it lets go of its files.

    :raises NotFound: if it is not a photo of this report.
    :raises Conflict: if the report can't be written to.
    :raises Invalid: if the caption is too long.
    """
    caption = _caption(wanted.caption)
    with database.atomic():
        photos = _listed(_editable(slot.id))
        at = next((place for place, photo in enumerate(photos) if photo.id == photo_id), None)
        if at is None:
            raise NotFound("There is no such photo.")
        photo = photos[at]
        if wanted.step == "delete":
            files = {} if was_sent(photo) else {"original": None, "ready": None, "small": None}
            Photo.update(removed=True, **files).where(Photo.id == photo.id).execute()
            return
        Photo.update(caption=caption, consent=wanted.consent).where(Photo.id == photo.id).execute()
        to = at + {"earlier": -1, "later": 1}.get(wanted.step, 0)
        if to != at and 0 <= to < len(photos):
            photos[at], photos[to] = photos[to], photos[at]
            for position, one in enumerate(photos, start=1):
                Photo.update(position=position).where(Photo.id == one.id).execute()


def prepare(store: attachments.Store, photo_id: int) -> None:
    """Make the clean photo and its thumbnail out of what the phone sent, or say why not. Again, it does nothing.

    :raises NotFound: if what the phone sent is missing or damaged in the store.
    """
    photo: Photo | None = Photo.get_or_none(Photo.id == photo_id)
    if photo is None or photo.state != "raw" or photo.original is None:
        return
    outcome = limited.run(attachments.read(store, photo.original))
    if isinstance(outcome, limited.Refusal):
        _settle(photo_id, state="refused", reason=outcome.reason)
        return
    full, small = (
        attachments.keep(store, part, "image/jpeg", f"photo{name}.jpg")
        for part, name in ((outcome.full, ""), (outcome.small, "-small"))
    )
    _settle(photo_id, state="ready", ready=full, small=small, **limited.kept(outcome))


def give_up(photo_id: int) -> None:
    """The work failed for good: the organization is told, and can send the photo again."""
    _settle(photo_id, state="refused", reason=limited.REASONS["failed"])


def _settle(photo_id: int, **values: object) -> None:
    # Whoever took it out in the meantime has let go of its files: it must not get new ones.
    Photo.update(**values).where(Photo.id == photo_id, Photo.state == "raw", Photo.original.is_null(False)).execute()
