"""What a document is, by its bytes and never by its name. Nothing is unpacked, opened or run.

Of an archive (.docx and .xlsx are archives) only the directory at its end is read, and no more of that than a document
has; of an old Office file only the names of its parts are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reportsvc.forms.messages import N_

MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
    "txt": "text/plain",
}
"""The kinds of document that are taken, with what they are called over HTTP."""

REASONS = {
    "format": N_("This kind of file is not taken. Send it as PDF, Word, Excel, CSV or plain text."),
    "archive": N_("Archives are not taken. Take the documents out and send them one by one."),
    "macros": N_("This document holds a program (macros). Save it without macros, or as PDF, and send that."),
    "locked": N_("This document is locked with a password. Take the password off, then send it again."),
    "foreign": N_("This file is two kinds of file at once. Save it anew, or as PDF, and send that."),
    "bomb": N_("This document would be far too large when it is opened. Save it as PDF and send that."),
    "damaged": N_("This file is damaged or incomplete. Open it once to look, then send it again."),
    "heavy": N_("A file may have 12 MB at most. Make it smaller, then send it again."),
}
"""Why a document is refused, and what to do: message ids."""

MOST_MEMBERS = 3000
MOST_DIRECTORY = 1_000_000
"""Bytes of an archive's directory."""
MOST_UNPACKED = 200_000_000
_END = b"PK\x05\x06"
_SHEETS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))
_PROGRAM = re.compile(r"vbaproject|vbadata|macrosheets/|activex", re.IGNORECASE)
_MACRO_NAME = re.compile(r"\.(?:docm|dotm|xlsm|xltm|xlsb|xlam|pptm)$", re.IGNORECASE)
_MARKUP = re.compile(r"\s*(?:<|#!|%!|\{\\rtf|@echo)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


class Refused(Exception):
    """``code`` is a key of :data:`REASONS`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Member(NamedTuple):
    """A file in an archive, as the directory has it; sizes in bytes."""

    name: str
    locked: bool
    packed: int
    unpacked: int


def kind_of(content: bytes, name: str) -> str:
    """A key of :data:`MEDIA_TYPES`; the name only tells CSV from other text, and gives macros away.

    :raises Refused: if it is none of them, or holds more than a document should.
    """
    if _MACRO_NAME.search(name):
        raise Refused("macros")
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(content)
    if content.startswith((b"PK", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        raise Refused("archive")
    return _text(content, name)


def _pdf(content: bytes) -> str:
    if _end_of_archive(content) is not None:
        raise Refused("foreign")
    if b"%%EOF" not in content[-4096:]:
        raise Refused("damaged")
    return "pdf"


def _end_of_archive(content: bytes) -> int | None:
    """Where the last record of an archive begins: it says how long the comment is that follows it to the end."""
    at = content.rfind(_END, max(0, len(content) - 66_000))
    if at < 0 or at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") != len(content):
        return None
    return at


def _office(content: bytes) -> str:
    if b"%PDF-" in content[:1024]:
        raise Refused("foreign")
    members = list(_members(content))
    names = {member.name for member in members}
    kind = next((kind for part, kind in _SHEETS if part in names and "[Content_Types].xml" in names), None)
    if kind is None:
        raise Refused("archive")
    if any(_PROGRAM.search(name) for name in names):
        raise Refused("macros")
    if any(member.locked for member in members):
        raise Refused("locked")
    if sum(member.unpacked for member in members) > MOST_UNPACKED:
        raise Refused("bomb")
    return kind


def _members(content: bytes) -> Iterator[Member]:
    """The directory of an archive, as far as a document's goes.

    :raises Refused: if it is larger than that, or does not fit the file, as members that overlap do not.
    """
    end = _end_of_archive(content)
    if end is None:
        raise Refused("damaged")
    count, size, at = (int.from_bytes(content[end + x : end + y], "little") for x, y in ((10, 12), (12, 16), (16, 20)))
    if count > MOST_MEMBERS or size > MOST_DIRECTORY:
        raise Refused("bomb")
    if at + size != end:  # something stands in front of the archive, or it is one of the large kind
        raise Refused("foreign")
    packed = 0
    for _ in range(count):
        member, after = _member(content, at, end)
        packed += member.packed
        if packed > len(content):
            raise Refused("bomb")
        yield member
        at = after
    if at != end:
        raise Refused("damaged")


def _member(content: bytes, at: int, end: int) -> tuple[Member, int]:
    if content[at : at + 4] != b"PK\x01\x02" or at + 46 > end:
        raise Refused("damaged")
    flags, packed, unpacked, name, extra, comment = (
        int.from_bytes(content[at + x : at + y], "little")
        for x, y in ((8, 10), (20, 24), (24, 28), (28, 30), (30, 32), (32, 34))
    )
    text = content[at + 46 : at + 46 + name].decode("utf-8", "replace").replace("\\", "/")
    return Member(text, bool(flags & 1), packed, unpacked), at + 46 + name + extra + comment


def _old_office(content: bytes) -> str:
    def holds(part: str) -> bool:
        return part.encode("utf-16-le").ljust(64, b"\0") in content  # as the directory has it, not as a text would

    if _end_of_archive(content) is not None:
        raise Refused("foreign")
    if any(map(holds, ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros", "VBA"))):
        raise Refused("macros")
    if holds("EncryptedPackage"):
        raise Refused("locked")
    if holds("WordDocument"):
        return "doc"
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise Refused("format")


def _text(content: bytes, name: str) -> str:
    text = _decoded(content)
    if text is None or _MARKUP.match(text[:200]):
        raise Refused("format")
    if _end_of_archive(content) is not None:
        raise Refused("foreign")
    return "csv" if name.lower().endswith(".csv") else "txt"


def _decoded(content: bytes) -> str | None:
    """Text in an encoding that is in use in China; nothing if it is no text."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None
