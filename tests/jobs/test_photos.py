"""What phones send becomes a clean JPEG in a process with limits; what isn't a photo is refused, quickly."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import peewee
import pytest
from PIL import Image, ImageCms

from reportsvc import attachments, photos
from reportsvc.jobs import photos as photo_jobs
from reportsvc.jobs import scheduler, tasks
from reportsvc.models import Photo, Task
from reportsvc.photos import limited, reencode
from tests.support import pictures
from tests.support.world import World, build


def segments(content: bytes) -> list[int]:
    """The markers of a JPEG up to its picture data."""
    found, at = [], 2
    while content[at + 1] != 0xDA:
        found.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_only_the_picture_is_left(kind: str) -> None:
    made = limited.run(pictures.phone(kind) + (pictures.film() if kind == "JPEG" else b""))
    assert isinstance(made, limited.Made)
    assert (made.width, made.height) == (1600, 1200)
    for part in (made.full, made.small):
        # APP0, tables, frame, restarts: no APP1 (Exif, XMP), APP2 (profile), APP13, APP14, COM
        assert set(segments(part)) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD}
        assert pictures.PLACE.encode() not in part
        image = Image.open(io.BytesIO(part))
        assert image.format == "JPEG"
        assert not image.getexif()
        assert {"icc_profile", "comment", "exif"} & set(image.info) == set()
        assert part.index(b"\xff\xd9", part.index(b"\xff\xda")) == len(part) - 2
    assert len(made.full) <= reencode.AIM_BYTES
    assert max(Image.open(io.BytesIO(made.small)).size) == reencode.SMALL_SIDE


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (800, 600), (0, 0)), (3, (800, 600), (1, 1)), (6, (600, 800), (1, 0)), (8, (600, 800), (0, 1))],
)
def test_it_stands_upright(orientation: int, size: tuple[int, int], red: tuple[int, int]) -> None:
    made = limited.run(pictures.phone("JPEG", (800, 600), orientation))
    assert isinstance(made, limited.Made)
    image = Image.open(io.BytesIO(made.full))
    assert image.size == size
    for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
        pixel = image.getpixel((size[0] // 4 + corner[0] * size[0] // 2, size[1] // 4 + corner[1] * size[1] // 2))
        assert isinstance(pixel, tuple)
        assert (pixel[0] - pixel[1] > 100) == (corner == red)


def test_colours_of_a_profile_become_srgb() -> None:
    lab = Image.new("RGB", (400, 300), (120, 60, 200))
    # A profile whose numbers mean something else: XYZ-like primaries are not at hand, so CMYK shows the change.
    plain = limited.run(pictures.saved(lab.convert("CMYK")))
    assert isinstance(plain, limited.Made)
    assert Image.open(io.BytesIO(plain.full)).mode == "RGB"
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = limited.run(pictures.saved(lab, "PNG", icc_profile=srgb))
    assert isinstance(same, limited.Made)
    pixel = Image.open(io.BytesIO(same.full)).getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert all(abs(got - meant) < 6 for got, meant in zip(pixel, (120, 60, 200), strict=True))


def test_transparency_becomes_white_and_sixteen_bits_become_eight() -> None:
    for image, value in ((Image.new("RGBA", (40, 30), (0, 0, 0, 0)), 255), (Image.new("I;16", (40, 30), 32768), 128)):
        made = limited.run(pictures.saved(image, "PNG"))
        assert isinstance(made, limited.Made)
        pixel = Image.open(io.BytesIO(made.full)).getpixel((5, 5))
        assert isinstance(pixel, tuple)
        assert all(abs(part - value) <= 3 for part in pixel)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEAD = b"\xff\xd8\xff\xe0"
STRANGE = {
    "bomb": (pictures.bomb, "pixels"),
    "bomb as JPEG": (lambda: pictures.bomb("JPEG"), "pixels"),
    "bomb as WebP": (lambda: pictures.bomb("WEBP"), "pixels"),
    "with an archive behind": (lambda: pictures.phone() + pictures.archive(), "foreign"),
    "with a page behind": (lambda: pictures.phone() + b"<HTML><body>", "foreign"),
    "with a script behind": (lambda: pictures.phone("PNG") + b"\0\0<script src=//x>", "foreign"),
    "WebP with an archive behind": (lambda: pictures.phone("WEBP") + pictures.archive(), "foreign"),
    "HEIC with a page behind": (lambda: pictures.phone("HEIF") + b"<!doctype html>", "foreign"),
    "SVG": (lambda: SVG, "format"),
    "GIF": (lambda: pictures.saved(pictures.scene(80, 60), "GIF"), "format"),
    "PDF": (lambda: b"%PDF-1.7", "format"),
    "50 MB": (lambda: HEAD + bytes(50_000_000), "heavy"),
    "half a JPEG": (lambda: pictures.phone()[: len(pictures.phone()) // 2], "damaged"),
    "half a PNG": (lambda: pictures.phone("PNG")[:90_000], "damaged"),
    "half a WebP": (lambda: pictures.phone("WEBP")[:9_000], "damaged"),
    "half a HEIC": (lambda: pictures.phone("HEIF")[:9_000], "damaged"),
    "rubbish behind a head": (lambda: HEAD + bytes(range(256)) * 9, "damaged"),
    "text": ("不是照片".encode, "format"),
    "nothing": (lambda: b"", "format"),
}


def worked() -> float:
    """Seconds that this process and those it started have computed, however busy the machine is."""
    return sum(one.ru_utime + one.ru_stime for one in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_photo_is_refused_within_a_second(name: str) -> None:
    make, code = STRANGE[name]
    content = make()
    began = worked()
    assert limited.run(content) == limited.Refusal(limited.REASONS[code])
    assert worked() - began < 1


LIMITED = """
import runpy, sys
sys.path.insert(0, {folder!r})
import reencode
reencode.limit()
{attack}
"""


def attacked(attack: str, tmp_path: Path) -> subprocess.CompletedProcess[bytes]:
    text = LIMITED.format(folder=str(Path(reencode.__file__).parent), attack=attack)
    command = [sys.executable, "-I", "-B", "-c", text]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=30, check=False)  # noqa: S603


def test_the_process_can_write_no_file_and_take_no_more_memory(tmp_path: Path) -> None:
    wrote = attacked("import os; os.write(os.open('left.txt', os.O_CREAT | os.O_WRONLY), b'x')", tmp_path)
    assert b"File too large" in wrote.stderr
    assert (tmp_path / "left.txt").read_bytes() == b""
    took = attacked("bytearray(600_000_000)", tmp_path)
    assert b"MemoryError" in took.stderr


def test_a_process_that_dies_or_babbles_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("import os; os.abort()", "print('{}')", "print('x' * 9_000_000)", "print('[')",
                    "print('{\"width\": 1, \"height\": 1, \"sizes\": [3, 3]}\\n<html>')"):  # fmt: skip
        path = tmp_path / "bad.py"
        path.write_text(program, encoding="utf-8")
        monkeypatch.setattr(limited.reencode, "__file__", str(path))
        assert limited.run(b"\xff\xd8\xff") == limited.Refusal(limited.REASONS["failed"])


def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "slow.py"
    path.write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setattr(limited.reencode, "__file__", str(path))
    monkeypatch.setattr(limited, "WALL_SECONDS", 0.3)
    began = time.perf_counter()
    assert limited.run(b"\xff\xd8\xff") == limited.Refusal(limited.REASONS["failed"])
    assert time.perf_counter() - began < 5


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def workshop(store: attachments.Store) -> scheduler.Workshop:
    handlers = {photo_jobs.HANDLES: photo_jobs.handler(store)}
    return scheduler.Workshop(handlers, photo_jobs.GIVE_UP, (), timedelta(seconds=60))


def received(world: World, store: attachments.Store, content: bytes) -> photos.Shown:
    sent = photos.Sent("00000000-0000-4000-8000-000000000001", content)
    return photos.receive(store, world.slot(), world.reporter, sent)


def test_the_job_makes_it_ready_once(world: World, tmp_path: Path) -> None:
    store = attachments.Folder(tmp_path / "files")
    shown = received(world, store, pictures.phone())
    assert scheduler.tick(workshop(store)) == 1
    photo = photos.find(shown.id)
    assert (photo.state, photo.width, photo.height) == ("ready", 1600, 1200)
    assert photos.content(store, photo, small=False).startswith(b"\xff\xd8\xff")
    assert len(photos.content(store, photo, small=True)) < len(photos.content(store, photo, small=False)) / 4
    files = photo.ready_id, photo.small_id
    photos.prepare(store, photo.id)  # a worker that was taken for dead comes late
    again = Photo.get_by_id(photo.id)
    assert (again.ready_id, again.small_id) == files


def test_the_job_refuses_with_a_reason(world: World, tmp_path: Path) -> None:
    store = attachments.Folder(tmp_path / "files")
    received(world, store, pictures.bomb())
    assert scheduler.tick(workshop(store)) == 1
    assert [(one.state, one.reason) for one in photos.of_slot(world.slot())] == [("refused", limited.REASONS["pixels"])]


def test_taken_out_while_it_is_prepared_it_gets_no_files(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = attachments.Folder(tmp_path / "files")
    shown = received(world, store, pictures.phone())
    run = limited.run

    def delete_meanwhile(content: bytes) -> limited.Made | limited.Refusal:
        photos.change(world.slot(), shown.id, photos.Change("", consent=False, step="delete"))
        return run(content)

    monkeypatch.setattr(limited, "run", delete_meanwhile)
    scheduler.tick(workshop(store))
    photo = Photo.get_by_id(shown.id)
    assert (photo.original_id, photo.ready_id, photo.small_id) == (None, None, None)


def test_when_the_file_is_gone_it_is_given_up_after_the_last_try(world: World, tmp_path: Path) -> None:
    store = attachments.Folder(tmp_path / "files")
    received(world, store, pictures.phone())
    for path in (tmp_path / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    for _ in range(tasks.MOST_TRIES):
        Task.update(due_at=Task.created_at).execute()
        assert scheduler.tick(workshop(store)) == 0
    assert Task.get().state == "failed"
    assert [one.reason for one in photos.of_slot(world.slot())] == [limited.REASONS["failed"]]
