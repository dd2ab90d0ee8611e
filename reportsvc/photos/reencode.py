"""Makes a clean JPEG and a thumbnail of whatever a phone sent. A program of its own, for it reads what strangers made.

Reads the file from its standard input. Writes one line of JSON, and after it the bytes that the line announces:
``{"width": …, "height": …, "sizes": [full, small], "looks": …}``, or only ``{"refused": code}``. Imports nothing of
this service, so that it starts quickly and holds no secret, and limits itself before it looks at the first byte.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
LARGEST_BYTES = 12_000_000
MOST_PIXELS = 50_000_000
LONG_SIDE, SMALL_SIDE = 1600, 320
AIM_BYTES = 400_000
QUALITIES = (85, 78, 70, 60, 48)
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
FOREIGN = re.compile(rb"<(?:!doctype|html|script|svg|body|iframe)\b|<\?php|%PDF-", re.IGNORECASE)
"""What another program would take a file for that has this behind its picture."""
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class Refused(Exception):
    """``code`` is one of: format, foreign, pixels, damaged, heavy."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def limit() -> None:
    """From here on: so much memory and time, no file, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kind_of(content: bytes) -> str:
    """Pillow's name of the format, by the first bytes.

    :raises Refused: if it is none that we take.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        return "HEIF"
    raise Refused("format")


def _end_of_jpeg(content: bytes) -> int:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        code = content[at + 1]
        if code == 0xD9:
            return at + 2
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if code == 0xDA:
            found = MARKER.search(content, at)
            at = found.start() if found else len(content)
    return len(content)


def _end_of_png(content: bytes) -> int:
    at = 8
    while at + 12 <= len(content):
        name = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if name == b"IEND":
            return at
    return len(content)


def _end_of_heif(content: bytes) -> int:
    at = 0
    while at + 8 <= len(content) and content[at + 4 : at + 8].isalnum():
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0:  # to the end of the file
            return len(content)
        if size < 8 or at + size > len(content):
            return at
        at += size
    return at


def _end_of_webp(content: bytes) -> int:
    size = int.from_bytes(content[4:8], "little")
    return 8 + size + size % 2


END: dict[str, Callable[[bytes], int]] = {
    "JPEG": _end_of_jpeg,
    "PNG": _end_of_png,
    "WEBP": _end_of_webp,
    "HEIF": _end_of_heif,
}


def refuse_foreign(content: bytes, kind: str) -> None:
    """Phones put a film or a second picture behind the first, which is dropped; an archive or a page is refused.

    :raises Refused: if the file would also open as something else.
    """
    behind = content[END[kind](content) :]
    archive = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    # An archive is read from its end: the record there says how long the comment is that follows it.
    is_archive = archive >= 0 and archive + 22 + int.from_bytes(content[archive + 20 : archive + 22], "little") == len(
        content
    )
    if is_archive or FOREIGN.search(behind) or b"%PDF-" in content[:1024]:
        raise Refused("foreign")


def webp_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels out of the header: Pillow's decoder takes memory for all of them when it opens.

    https://developers.google.com/speed/webp/docs/riff_container
    """
    chunk = content[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF


def _check_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise Refused("pixels")


def _open(content: bytes, kind: str) -> Any:
    from PIL import Image  # noqa: PLC0415 - after the limits, and only for what looks like a picture

    if kind == "WEBP":
        _check_pixels(webp_size(content))
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415 - a fifth of a second that other formats need not pay

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener(thumbnails=False)
    opened = Image.open(io.BytesIO(content), formats=[kind])
    _check_pixels(opened.size)
    return opened


def _upright(image: Any) -> Any:
    from PIL import ImageOps  # noqa: PLC0415

    with suppress(Exception):  # a broken Exif block says nothing about the picture
        return ImageOps.exif_transpose(image)
    return image


def _srgb(image: Any, profile: bytes | None) -> Any:
    """In sRGB, without transparency."""
    from PIL import Image, ImageCms  # noqa: PLC0415

    if image.mode in {"P", "LA", "PA", "RGBA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        under = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(under, image).convert("RGB")
    if image.mode.startswith(("I", "F")):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("RGB")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: the numbers as they are
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    return image.convert("RGB")


def _jpeg(image: Any) -> bytes:
    """The first quality whose file is no larger than we aim at, or else the last."""
    content = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        content = out.getvalue()
        if len(content) <= AIM_BYTES:
            break
    return content


def make(content: bytes, long_side: int = LONG_SIDE) -> tuple[tuple[int, int], bytes, bytes]:
    """(width and height in pixels, the photo, its thumbnail), both of them JPEG with nothing but the picture inside.

    :param long_side: pixels that the longer side keeps at most.

    :raises Refused: saying why.
    """
    if len(content) > LARGEST_BYTES:
        raise Refused("heavy")
    kind = kind_of(content)
    refuse_foreign(content, kind)
    try:
        opened = _open(content, kind)
        profile = opened.info.get("icc_profile")
        if kind == "JPEG":
            opened.draft(None, (long_side, long_side))  # decodes at a half or a quarter when that is still enough
        opened.load()
        opened.thumbnail((long_side, long_side), reducing_gap=3.0)
        image = _srgb(_upright(opened), profile)
    except Refused:
        raise
    except MemoryError as error:
        raise Refused("pixels") from error
    except Exception as error:
        raise Refused("damaged") from error
    from PIL import Image  # noqa: PLC0415

    # Only the pixels go on: Pillow would write a comment, a profile or a resolution that came with the picture.
    clean = Image.frombytes("RGB", image.size, image.tobytes())
    small = clean.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return clean.size, _jpeg(clean), _jpeg(small)


def looks(content: bytes) -> str:
    """How a picture that was made here looks, in 64 bits as hexadecimal digits: alike ones differ in few of them.

    The difference hash: grey and shrunk to 9 by 8 points, each bit says whether a point is brighter than the next.
    """
    from PIL import Image  # noqa: PLC0415

    with Image.open(io.BytesIO(content)) as image:
        points = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = "".join(str(int(points[at] > points[at + 1])) for row in range(8) for at in range(row * 9, row * 9 + 8))
    return f"{int(bits, 2):016x}"


def main() -> None:
    """Standard input to standard output; the first argument is how long the longer side may be."""
    limit()
    warnings.simplefilter("ignore")
    try:
        (width, height), full, small = make(
            sys.stdin.buffer.read(LARGEST_BYTES + 1),
            min(LONG_SIDE, int(sys.argv[1]) if len(sys.argv) > 1 else LONG_SIDE),
        )
        head: dict[str, object] = {"width": width, "height": height, "sizes": [len(full), len(small)]}
        head["looks"] = looks(small)
    except Refused as refused:
        head, full, small = {"refused": refused.code}, b"", b""
    except MemoryError:
        head, full, small = {"refused": "pixels"}, b"", b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + full + small)


if __name__ == "__main__":
    main()
