"""Files that answer questions: kept once, bound to the answers, looked for when these are checked, frozen when sent."""

from __future__ import annotations

import hashlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import peewee
import pytest

from reportsvc import attachments, files
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.forms.definition import Question
from reportsvc.models import AnswerFile, Draft, Task, Version, VersionFile
from reportsvc.photos.limited import REASONS
from reportsvc.reports import drafts, forms, sending, transitions
from tests.support import pictures
from tests.support.attaching import PDF, office, use_form
from tests.support.world import World, build


@pytest.fixture
def world(database: peewee.Database) -> World:
    made = build()
    use_form(made)
    return made


@pytest.fixture
def store(tmp_path: Path) -> attachments.Folder:
    return attachments.Folder(tmp_path / "files")


def question(world: World, name: str) -> Question:
    return next(each for each, _ in forms.form_of(world.form).questions() if each.name == name)


def send(
    world: World, store: attachments.Store, asked: str, content: bytes, name: str = "a", *, called: str = ""
) -> files.Kept:
    sent = files.Sent(called or str(uuid.uuid4()), content, name)
    return files.receive(store, world.slot(), world.reporter, question(world, asked), sent)


def photo(world: World, store: attachments.Store, asked: str = "front", size: tuple[int, int] = (80, 60)) -> files.Kept:
    kept = send(world, store, asked, pictures.phone("JPEG", size), "门口.jpg")
    files.prepare(store, AnswerFile.get(AnswerFile.uuid == kept.uuid).id)
    return files.known([world.slot()], [kept.uuid])[kept.uuid]


def told(world: World, answers: dict[str, Any]) -> dict[str, str]:
    checked = forms.checked(world.slot(), forms.form_of(world.form), answers)
    return {problem.path: problem.message.text_id for problem in checked.problems}


def submit(world: World, answers: dict[str, Any]) -> Version:
    """As the reporter's pages do it."""
    slot = world.slot()
    form = forms.form_of(world.form)
    for section in form.sections:
        kept = drafts.part(section, forms.checked(slot, form, answers).answers)
        base = drafts.mark(section, drafts.opened(slot).answers)
        drafts.save(world.slot(), world.reporter, drafts.Typed(section, kept, base, world.form))
    held = drafts.opened(world.slot())
    return sending.send(world.slot(), world.reporter, held.submission, world.form.id)


def test_sent_twice_it_is_one_file_and_one_task(world: World, store: attachments.Folder) -> None:
    called = str(uuid.uuid4())
    content = pictures.phone("JPEG", (80, 60))
    first = send(world, store, "front", content, called=called)
    assert send(world, store, "front", content, called=called.upper()) == first
    assert (first.state, first.kind) == ("raw", "image")
    assert Task.select().where(Task.kind == files.TASK).count() == 1
    with pytest.raises(Conflict, match="other content"):
        send(world, store, "front", pictures.phone("PNG", (80, 60)), called=called)


def test_sent_twice_at_the_same_moment_it_is_one_file(
    world: World, store: attachments.Folder, database: peewee.Database
) -> None:
    called, both = str(uuid.uuid4()), threading.Barrier(4)

    def one(_: int) -> files.Kept:
        with database.connection_context():
            both.wait()
            return send(world, store, "minutes", PDF, "a.pdf", called=called)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, range(4)))
    assert len(set(found)) == 1
    assert AnswerFile.select().count() == 1


@pytest.mark.parametrize(
    ("given", "content", "kept"),
    [
        ("会议 纪要.pdf", PDF, "会议 纪要.pdf"),
        ("C:\\secret\\plan.pdf", PDF, "plan.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("photo.pdf.exe", PDF, "photo.pdf.exe.pdf"),
        ("\u202efdp.docx", office(), "fdp.docx"),
        ("", PDF, "pdf.pdf"),
        ("很" * 300 + ".pdf", PDF, "很" * 96 + ".pdf"),
    ],
)
def test_a_document_is_called_what_it_is(
    world: World, store: attachments.Folder, given: str, content: bytes, kept: str
) -> None:
    assert send(world, store, "minutes", content, given).answer.partition(" ")[2].partition(" ")[2] == kept


def test_what_the_question_does_not_take_is_refused_and_not_kept(world: World, store: attachments.Folder) -> None:
    for asked, content in (
        ("front", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("front", pictures.phone("JPEG", (80, 60)) + pictures.archive()),
        ("front", b"\xff\xd8\xff" + bytes(12_000_001)),
        ("front", PDF),
        ("front", b""),
        ("minutes", pictures.phone("JPEG", (80, 60))),
        ("minutes", PDF + bytes(12_000_000)),
        ("minutes", office("word/vbaProject.bin")),
    ):
        with pytest.raises(Invalid):
            send(world, store, asked, content)
    assert AnswerFile.select().count() == 0
    assert not store.root.exists()


def test_a_bomb_is_refused_by_its_work_and_the_answer_with_it(world: World, store: attachments.Folder) -> None:
    kept = send(world, store, "front", pictures.bomb(), "bomb.png")
    assert told(world, {"front": kept.answer}) == {}
    files.prepare(store, AnswerFile.get().id)
    assert told(world, {"front": kept.answer}) == {"front": REASONS["pixels"]}
    with pytest.raises(NotFound):
        files.content(store, files.find(kept.uuid))


def test_a_photo_is_no_larger_than_its_form_says(world: World, store: attachments.Folder) -> None:
    sizes = {}
    for asked in ("front", "road"):
        kept = photo(world, store, asked, (2000, 1500))
        sizes[asked] = kept.width, kept.height
    assert sizes == {"front": (800, 600), "road": (1600, 1200)}


def test_what_is_wrong_with_a_file_is_told_where_its_answer_stands(world: World, store: attachments.Folder) -> None:
    kept, document, nowhere = photo(world, store), send(world, store, "minutes", PDF, "a.pdf"), str(uuid.uuid4())
    not_known, not_there = files.keeping.UNKNOWN, files.keeping.NOT_ARRIVED
    assert told(world, {"front": kept.answer, "minutes": document.answer}) == {}
    assert told(world, {}) == {"front": "Please answer this question."}
    assert told(world, {"place": "没有", "front": nowhere}) == {}  # not asked
    assert told(world, {"front": nowhere}) == {"front": not_there}
    assert told(world, {"front": document.answer}) == {"front": not_known}
    assert told(world, {"front": kept.answer.replace("门口", "后门")}) == {"front": not_known}
    other = f"{kept.uuid} {'0' * 64} 门口.jpg"
    in_rows = [{"village_name": "东村"}, {"road": other, "house": [{"owner": "李"}, {"roof": nowhere}]}]
    assert told(world, {"front": kept.answer, "village": in_rows}) == {
        "village[2].road": not_known,
        "village[2].house[2].roof": not_there,
    }


def test_another_reports_file_is_not_known(world: World, store: attachments.Folder) -> None:
    kept = photo(world, store)
    slot = world.slot("joint:lotus")
    _, wrong = files.vetted(slot, forms.form_of(world.form), {"front": kept.answer})
    assert list(wrong) == [kept.answer]
    answers, wrong = files.vetted(slot, forms.form_of(world.form), {"front": kept.uuid})
    assert (answers["front"], list(wrong)) == (kept.uuid, [kept.uuid])


def test_an_answer_given_before_its_file_arrived_is_put_in_full(world: World, store: attachments.Folder) -> None:
    """The phone notes the UUID at once; should it never hear that the file arrived, the report holds it."""
    kept = photo(world, store)
    raw = {"front": kept.uuid, "village": [{"house": [{"roof": kept.uuid}]}]}
    version = submit(world, raw)
    assert version.answers == {"front": kept.answer, "village": [{"house": [{"roof": kept.answer}]}]}


def test_the_reports_digest_binds_the_bytes_of_its_files(world: World, store: attachments.Folder) -> None:
    content = pictures.phone("JPEG", (80, 60))
    kept = send(world, store, "front", content, "门口.jpg")
    version = submit(world, {"front": kept.answer})
    assert hashlib.sha256(content).hexdigest() in version.answers["front"]
    assert AnswerFile.get().state == "raw"  # still being prepared: it goes in, and is seen when it is ready
    assert [one.file.uuid for one in VersionFile.select()] == [kept.uuid]
    files.freeze(version)
    assert VersionFile.select().count() == 1


def test_a_file_taken_out_of_the_answer_does_not_go_in(world: World, store: attachments.Folder) -> None:
    first, second = photo(world, store), photo(world, store, size=(90, 60))
    submit(world, {"front": second.answer})
    sent = {name: files.was_sent(files.find(name)) for name in (first.uuid, second.uuid)}
    assert sent == {first.uuid: False, second.uuid: True}


def test_a_sent_report_takes_no_more_files_until_it_is_returned(world: World, store: attachments.Folder) -> None:
    kept = photo(world, store)
    version = submit(world, {"front": kept.answer})
    with pytest.raises(Conflict):
        send(world, store, "minutes", PDF)
    slot = world.slot()
    transitions.apply(slot, transitions.Move(action="return", person=world.county, revision=slot.revision, reason="?"))
    assert not Draft.select().exists()
    assert drafts.opened(world.slot()).answers == version.answers
    send(world, store, "minutes", PDF)


def test_there_are_never_too_many(world: World, store: attachments.Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.keeping, "MOST", 2)
    for _ in range(2):
        send(world, store, "minutes", PDF)
    with pytest.raises(Invalid, match="2 files at most"):
        send(world, store, "minutes", PDF)


def test_work_that_fails_for_good_is_told(world: World, store: attachments.Folder) -> None:
    kept = send(world, store, "front", pictures.phone("JPEG", (80, 60)))
    files.give_up(AnswerFile.get().id)
    assert told(world, {"front": kept.answer}) == {"front": REASONS["failed"]}
