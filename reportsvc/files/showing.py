"""Files that have been received: handed out to whoever may see them; photos among them made fit to be seen."""

from __future__ import annotations

from reportsvc import attachments
from reportsvc.errors import NotFound
from reportsvc.files.keeping import IMAGE, Kept, as_kept
from reportsvc.models import AnswerFile, Attachment
from reportsvc.photos import limited


def find(name: str) -> AnswerFile:
    """A file, whatever its state; whether the reader may see it is for the caller to ask.

    :raises NotFound: if there is none.
    """
    found: AnswerFile | None = AnswerFile.get_or_none(AnswerFile.uuid == name)
    if found is None:
        raise NotFound("There is no such file.")
    return found


def standing(file: AnswerFile) -> Kept:
    """What is held of it."""
    return as_kept(file)


def content(store: attachments.Store, file: AnswerFile, *, small: bool = False) -> bytes:
    """A document as it was sent; of a photo the clean JPEG or its thumbnail, never what was sent.

    :raises NotFound: if it is not ready, or the stored file is gone or damaged.
    """
    held: Attachment | None = file.original if file.kind != IMAGE else file.small if small else file.ready
    if held is None or file.state != "ready":
        raise NotFound("There is no such file.")
    return attachments.read(store, held)


def prepare(store: attachments.Store, file_id: int) -> None:
    """Make the clean photo and its thumbnail out of what was sent, or say why not. Again, it does nothing.

    :raises NotFound: if what was sent is missing or damaged in the store.
    """
    file: AnswerFile | None = AnswerFile.get_or_none(AnswerFile.id == file_id)
    if file is None or file.state != "raw":
        return
    outcome = limited.run(attachments.read(store, file.original), file.long_side)
    if isinstance(outcome, limited.Refusal):
        _settle(file_id, state="refused", reason=outcome.reason)
        return
    full, small = (
        attachments.keep(store, part, "image/jpeg", f"photo{end}.jpg")
        for part, end in ((outcome.full, ""), (outcome.small, "-small"))
    )
    _settle(file_id, state="ready", ready=full, small=small, **limited.kept(outcome))


def give_up(file_id: int) -> None:
    """The work failed for good: the organization is told, and can send the photo again."""
    _settle(file_id, state="refused", reason=limited.REASONS["failed"])


def _settle(file_id: int, **values: object) -> None:
    AnswerFile.update(**values).where(AnswerFile.id == file_id, AnswerFile.state == "raw").execute()
