"""Runs the program that decodes a photo, apart from everything else, and believes it little."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportsvc.forms.messages import N_
from reportsvc.photos import reencode

WALL_SECONDS = 20
MOST_OUTPUT = 4_000_000
"""Bytes that we read from the program at most; two photos of 0.4 MB are what it should say."""

_LOOKS = re.compile(r"[0-9a-f]{16}")

REASONS = {
    "format": N_("This is no photo that can be read. Send it as JPEG, PNG, WebP or HEIC."),
    "foreign": N_("Behind the picture, this file holds something else. Take a screenshot of the photo and send that."),
    "pixels": N_("This photo has too many pixels, over 50 million. Make it smaller on the phone, then send it again."),
    "damaged": N_("This photo is damaged or incomplete. Send it again, or take another one."),
    "heavy": N_("A photo may have 12 MB at most. Make it smaller on the phone, then send it again."),
    "failed": N_("This photo could not be read. Take a screenshot of it and send that."),
}
"""Why a photo is refused, and what to do: message ids."""


@dataclass(frozen=True, slots=True)
class Made:
    """A clean photo and its thumbnail, both JPEG; width and height in pixels."""

    width: int
    height: int
    full: bytes
    small: bytes
    looks: str = ""
    """How it looks: 16 hexadecimal digits; empty where that is not known."""


def kept(made: Made) -> dict[str, Any]:
    """What is kept beside the two files."""
    return {"width": made.width, "height": made.height, "dhash": made.looks or None}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why it could not be made: a message id."""

    reason: str


def run(content: bytes, long_side: int = reencode.LONG_SIDE) -> Made | Refusal:
    """Decode and encode again in a process with 512 MB, 10 s of CPU, and no way to write a file.

    A picture that makes the process die is refused: it would do so again.

    :param long_side: pixels that the longer side keeps at most.
    """
    if len(content) > reencode.LARGEST_BYTES:
        return Refusal(REASONS["heavy"])
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        # Ours, with no word of anybody's: -I reads no environment and no user's packages, -B writes no bytecode.
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-B", str(Path(reencode.__file__)), str(long_side)],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"},
            close_fds=True,
        )
    return _read(_output(process))


def look(content: bytes) -> Refusal | None:
    """Why it can't be a photo, as far as its bytes tell without decoding them; nothing if it may be one."""
    if len(content) > reencode.LARGEST_BYTES:
        return Refusal(REASONS["heavy"])
    try:
        reencode.refuse_foreign(content, reencode.kind_of(content))
    except reencode.Refused as refused:
        return Refusal(REASONS[refused.code])
    return None


def _output(process: subprocess.Popen[bytes]) -> bytes:
    stop = threading.Timer(WALL_SECONDS, process.kill)
    stop.start()
    try:
        with process:
            said = process.stdout.read(MOST_OUTPUT + 1) if process.stdout else b""
            if len(said) > MOST_OUTPUT:
                process.kill()
                said = b""
    finally:
        stop.cancel()
    return said if process.returncode == 0 else b""


def _read(said: bytes) -> Made | Refusal:
    line, _, rest = said.partition(b"\n")
    try:
        head = json.loads(line)
        if "refused" in head:
            return Refusal(REASONS[head["refused"]])
        first, second = (int(size) for size in head["sizes"])
        looks = _LOOKS.fullmatch(str(head.get("looks", "")))
        sizes = (int(head["width"]), int(head["height"]))
        made = Made(*sizes, rest[:first], rest[first:], looks[0] if looks else "")
    except (ValueError, KeyError, TypeError):
        return Refusal(REASONS["failed"])
    whole = len(made.small) == second and all(
        part.startswith(b"\xff\xd8\xff") and part.endswith(b"\xff\xd9") for part in (made.full, made.small)
    )
    return made if whole else Refusal(REASONS["failed"])
