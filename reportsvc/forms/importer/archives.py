"""How much an .xlsx unpacks to, looked at before anything else opens it: some are made to fill a server's memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

UNPACKED = 30 * 1024 * 1024  # bytes of all members together
CELLS = 100_000  # of all sheets; 6,000 rows of 16 cells fit
TAGS = 800_000  # of all members
CHUNK = 1024 * 1024  # bytes unpacked at once

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError)
"""What reading a damaged, encrypted or strange archive raises."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may unpack to: bytes of all members, cells of all sheets, tags of all members."""

    unpacked: int = UNPACKED
    cells: int = CELLS
    tags: int = TAGS


FORM = Limits()


def is_bomb(source: bytes, limits: Limits = FORM) -> bool:
    """Whether an archive unpacks to more than is taken. No more is unpacked than it says of itself."""
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            members = archive.infolist()
            too_large = sum(member.file_size for member in members) > limits.unpacked
            return too_large or _is_crowded(archive, members, limits)
    except BROKEN:
        return False  # reading it says what is wrong


def _is_crowded(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> bool:
    """Whether there are so many cells, empty ones too, that the objects made of them would not fit."""
    cells = tags = 0
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(member) as file:
            while chunk := file.read(CHUNK):
                tags += chunk.count(b"<")
                cells += len(_CELL.findall(chunk))
                if tags > limits.tags or cells > limits.cells:
                    return True
    return False
