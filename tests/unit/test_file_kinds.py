"""What is taken as a document, by its bytes: nothing that runs, is two things at once, or is too large to open."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from reportsvc.files import kinds
from tests.support.attaching import PDF, office, old_office


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "a.exe", "pdf"),
        (office(), "a.txt", "docx"),
        (office(main="xl/workbook.xml"), "a", "xlsx"),
        (old_office("WordDocument"), "a", "doc"),
        (old_office("Workbook"), "a", "xls"),
        (old_office("WordDocument") + "Macros are no use here".encode("utf-16-le"), "a", "doc"),
        ("名称,数量\n图书,3\n".encode(), "a.CSV", "csv"),
        ("名称,数量".encode("gb18030"), "a.csv", "csv"),
        ("会议纪要\n".encode("utf-16"), "a.doc", "txt"),
        ("\ufeff第一行".encode(), "a", "txt"),
    ],
)
def test_a_document_is_known_by_its_bytes_whatever_it_is_called(content: bytes, name: str, kind: str) -> None:
    assert kinds.kind_of(content, name) == kind


def lying_archive(members: int, unpacked: int, packed: int = 0) -> bytes:
    """An archive of which only the directory is there, saying what it likes."""
    names = [b"[Content_Types].xml", b"word/document.xml", *(b"part%d" % number for number in range(members - 2))]
    front = b"PK\x03\x04" + bytes(26)
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, packed, unpacked, len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in names
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, members, members, len(directory), len(front), 0)
    return front + directory + end


def locked() -> bytes:
    """An archive whose directory says that its parts are locked."""
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.bat", "format c:")
    return out.getvalue()


REFUSED = {
    "photo": (b"\xff\xd8\xff\xe0" + bytes(100), "a.pdf", "format"),
    "program": (b"MZ\x90\0" + bytes(200), "a.txt", "format"),
    "page": (b"  <!DOCTYPE html><script>alert(1)</script>", "a.txt", "format"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.csv", "format"),
    "shell": (b"#!/bin/sh\nrm -rf /\n", "a.txt", "format"),
    "old office of another kind": (old_office("PowerPoint Document"), "a.doc", "format"),
    "archive": (archive(), "a.docx", "archive"),
    "slides": (office(main="ppt/presentation.xml"), "a.docx", "archive"),
    "rar": (b"Rar!\x1a\x07" + bytes(50), "a.pdf", "archive"),
    "docm": (office("word/vbaProject.bin"), "a.docx", "macros"),
    "xlsm": (office("xl/vbaProject.bin", main="xl/workbook.xml"), "a.xlsx", "macros"),
    "old macro sheets": (office("xl/macrosheets/sheet1.xml", main="xl/workbook.xml"), "a.xlsx", "macros"),
    "called docm": (office(), "a.DOCM", "macros"),
    "doc with macros": (old_office("WordDocument", "Macros", "_VBA_PROJECT"), "a.doc", "macros"),
    "locked": (locked(), "a.docx", "locked"),
    "locked by Office": (old_office("EncryptedPackage"), "a.docx", "locked"),
    "PDF and archive": (PDF + archive(), "a.pdf", "foreign"),
    "something before the archive": (b"PK\x03\x04" + PDF + office(), "a.docx", "foreign"),
    "half a PDF": (PDF[:40], "a.pdf", "damaged"),
    "half a document": (office()[:-30], "a.docx", "damaged"),
    "bomb by its directory": (lying_archive(50, 4_000_000_000 // 50), "a.docx", "bomb"),
    "overlapping members": (lying_archive(100, 1000, packed=1000), "a.docx", "bomb"),
    "very many members": (lying_archive(60_000, 1), "a.docx", "bomb"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_plain_document_is_refused_at_once(case: str) -> None:
    content, name, code = REFUSED[case]
    began = time.process_time()
    with pytest.raises(kinds.Refused) as refused:
        kinds.kind_of(content, name)
    assert (refused.value.code, time.process_time() - began < 1) == (code, True)
    assert code in kinds.REASONS


def test_a_large_text_takes_less_than_a_second() -> None:
    began = time.process_time()
    assert kinds.kind_of("名称,数量\n".encode("gb18030") * 1_200_000, "a.csv") == "csv"
    assert time.process_time() - began < 1
