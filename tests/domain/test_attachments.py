"""A stored file is found by its digest, once, and damage does not go unnoticed."""

from pathlib import Path

import peewee
import pytest

from reportsvc import attachments
from reportsvc.errors import NotFound


def test_the_same_bytes_are_one_file(database: peewee.Database, tmp_path: Path) -> None:
    store = attachments.Folder(tmp_path / "files")
    first = attachments.keep(store, b"%PDF-1", "application/pdf", "通报.pdf")
    again = attachments.keep(store, b"%PDF-1", "application/pdf", "另一个名字.pdf")
    assert first.id == again.id
    assert attachments.read(store, again) == b"%PDF-1"
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [first.sha256]


def test_a_damaged_or_missing_file_is_said_to_be(database: peewee.Database, tmp_path: Path) -> None:
    store = attachments.Folder(tmp_path / "files")
    kept = attachments.keep(store, b"%PDF-1", "application/pdf", "通报.pdf")
    path = next(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    path.write_bytes(b"%PDF-2")
    with pytest.raises(NotFound, match=kept.sha256):
        attachments.read(store, kept)
    path.unlink()
    with pytest.raises(NotFound, match="backup"):
        attachments.read(store, kept)
