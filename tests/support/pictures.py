"""Photos for tests, as phones and strangers send them."""

from __future__ import annotations

import io
import os
import zipfile
from functools import cache
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

PLACE = "北纬41度12分"


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scene(width: int, height: int) -> Image.Image:
    """Something with detail in it; the upper left quarter is red, so that one sees how it lies."""
    image = Image.effect_noise((max(1, width // 8), max(1, height // 8)), 70).resize((width, height)).convert("RGB")
    image.paste((200, 20, 20), (0, 0, width // 2, height // 2))
    return image


def drawn(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture of its own for each number, the same each time."""
    image = Image.new("RGB", (320, 240), "white")
    pen = ImageDraw.Draw(image)
    for step in range(12):
        left, top = (seed * 37 + step * 53) % 260, (seed * 71 + step * 29) % 180
        colour = ((seed * 31 + step * 40) % 255, (step * 90) % 255, (seed * 17) % 255)
        pen.rectangle((left, top, left + 60, top + 50), fill=colour)
    return image.resize(size)


@cache
def phone(kind: str = "JPEG", size: tuple[int, int] = (2400, 1800), orientation: int = 1) -> bytes:
    """With a place, a comment and a profile in it, as a phone makes them."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = PLACE
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, Any] = {"comment": PLACE.encode()} if kind == "JPEG" else {}
    return saved(scene(*size), kind, exif=exif, icc_profile=profile, **more)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.txt", "x" * 50)
    return out.getvalue()


def film() -> bytes:
    """What phones put behind a moving photo."""
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + os.urandom(20_000)


@cache
def bomb(kind: str = "PNG") -> bytes:
    """169 megapixels in a few bytes."""
    return saved(Image.new("L" if kind != "WEBP" else "RGB", (13_000, 13_000)), kind, quality=1)
