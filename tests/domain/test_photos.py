"""Photos beside a report: a resend is harmless, what was submitted stays, and there are never too many."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import peewee
import pytest

from reportsvc import attachments, photos
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import Photo, Task
from tests.support import pictures
from tests.support.world import World, build


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


@pytest.fixture
def store(tmp_path: Path) -> attachments.Folder:
    return attachments.Folder(tmp_path / "files")


def send(world: World, store: attachments.Store, content: bytes = b"raw", **more: object) -> photos.Shown:
    sent = photos.Sent(**{"uuid": str(uuid.uuid4()), "content": content, **more})  # type: ignore[arg-type]
    return photos.receive(store, world.slot(), world.reporter, sent)


def ready(world: World, store: attachments.Store, caption: str = "") -> photos.Shown:
    shown = send(world, store, pictures.phone("JPEG", (80, 60)), caption=caption)
    photos.prepare(store, shown.id)
    return shown


def captions(world: World) -> list[str]:
    return [one.caption for one in photos.of_slot(world.slot())]


def test_sent_twice_it_is_one_photo_and_one_task(world: World, store: attachments.Folder) -> None:
    name = str(uuid.uuid4())
    first = send(world, store, uuid=name, caption="  教室  里 ", consent=True)
    again = send(world, store, uuid=name.upper(), caption="另一个说明")
    assert first == again
    assert (again.caption, again.consent, again.state) == ("教室 里", True, "raw")
    assert Task.select().where(Task.kind == photos.TASK).count() == 1
    with pytest.raises(Conflict, match="other content"):
        send(world, store, b"other", uuid=name)


def test_sent_twice_at_the_same_moment_it_is_one_photo(
    world: World, store: attachments.Folder, database: peewee.Database
) -> None:
    name, both = str(uuid.uuid4()), threading.Barrier(4)

    def one(_: int) -> int:
        with database.connection_context():
            both.wait()
            return send(world, store, uuid=name).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1
    assert Photo.select().count() == 1


def test_nine_are_enough_and_a_refused_one_takes_no_place(world: World, store: attachments.Folder) -> None:
    made = [send(world, store, str(number).encode()) for number in range(photos.MOST)]
    with pytest.raises(Invalid, match="9 photos at most"):
        send(world, store, b"one more")
    photos.prepare(store, made[0].id)
    assert photos.of_slot(world.slot())[0].state == "refused"
    assert send(world, store, b"one more").state == "raw"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"content": b""}, "Choose a photo first"),
        ({"content": bytes(photos.LARGEST_BYTES + 1)}, "12 MB at most"),
        ({"caption": "字" * 201}, "200 characters at most"),
        ({"uuid": "../../etc"}, "could not be read"),
    ],
)
def test_what_is_missing_or_too_much_is_said(
    world: World, store: attachments.Folder, given: dict[str, object], problem: str
) -> None:
    with pytest.raises(Invalid, match=problem):
        send(world, store, **given)  # type: ignore[arg-type]
    assert photos.of_slot(world.slot()) == []


def test_captions_consent_and_order(world: World, store: attachments.Folder) -> None:
    one, two, three = (send(world, store, name.encode(), caption=name) for name in "甲乙丙")
    photos.change(world.slot(), three.id, photos.Change("丙", consent=True, step="earlier"))
    assert captions(world) == ["甲", "丙", "乙"]
    photos.change(world.slot(), one.id, photos.Change("甲", consent=False, step="earlier"))
    photos.change(world.slot(), two.id, photos.Change("乙乙", consent=False, step="later"))
    assert captions(world) == ["甲", "丙", "乙乙"]
    assert [shown.consent for shown in photos.of_slot(world.slot())] == [False, True, False]
    photos.change(world.slot(), one.id, photos.Change("", consent=False, step="delete"))
    assert captions(world) == ["丙", "乙乙"]
    with pytest.raises(NotFound):
        photos.change(world.slot(), one.id, photos.Change("", consent=False))
    with pytest.raises(NotFound):
        photos.change(world.slot("joint:lotus"), two.id, photos.Change("", consent=False))


def test_what_was_submitted_stays_as_it_was(world: World, store: attachments.Folder) -> None:
    first, second = ready(world, store, "原来的说明"), ready(world, store, "第二张")
    late = send(world, store, pictures.phone("JPEG", (90, 60)), caption="还在处理")
    broken = send(world, store, b"no photo")
    photos.prepare(store, broken.id)
    version = world.submit()
    assert photos.freeze(version) == [first.id, second.id, late.id]
    assert photos.freeze(version) == [first.id, second.id, late.id]
    assert [one.caption for one in photos.for_version(version)] == ["原来的说明", "第二张"]
    photos.prepare(store, late.id)
    assert len(photos.for_version(version)) == 3
    with pytest.raises(Conflict, match="has been submitted"):
        photos.change(world.slot(), first.id, photos.Change("改", consent=True))
    with pytest.raises(Conflict, match="has been submitted"):
        send(world, store, b"late")

    from reportsvc import reviews  # noqa: PLC0415
    from reportsvc.projects import regions  # noqa: PLC0415

    slot = world.slot()
    reviews.send_back(regions.scope("130826"), slot.id, world.county, slot.revision, reason="换照片")
    photos.change(world.slot(), first.id, photos.Change("", consent=False, step="delete"))
    photos.change(world.slot(), second.id, photos.Change("新的说明", consent=True, step="later"))
    assert captions(world) == ["还在处理", "新的说明", ""]
    frozen = photos.for_version(version)
    assert [(one.caption, one.consent) for one in frozen] == [
        ("原来的说明", False),
        ("第二张", False),
        ("还在处理", False),
    ]
    assert photos.content(store, photos.find(first.id), small=False)  # the version still shows it
    corrected = world.submit()
    assert photos.freeze(corrected) == [late.id, second.id]


def test_deleted_before_it_was_sent_it_is_gone_and_a_resend_does_not_bring_it_back(
    world: World, store: attachments.Folder
) -> None:
    name = str(uuid.uuid4())
    shown = send(world, store, pictures.phone("JPEG", (80, 60)), uuid=name)
    photos.prepare(store, shown.id)
    photos.change(world.slot(), shown.id, photos.Change("", consent=False, step="delete"))
    with pytest.raises(NotFound):
        photos.find(shown.id)
    row = Photo.get_by_id(shown.id)
    assert (row.original_id, row.ready_id, row.small_id) == (None, None, None)
    assert send(world, store, pictures.phone("JPEG", (80, 60)), uuid=name).state == "removed"
    assert photos.of_slot(world.slot()) == []


def test_a_raw_or_refused_photo_is_never_found(world: World, store: attachments.Folder) -> None:
    shown = send(world, store, b"no photo")
    with pytest.raises(NotFound):
        photos.find(shown.id)
    photos.prepare(store, shown.id)
    with pytest.raises(NotFound):
        photos.find(shown.id)
