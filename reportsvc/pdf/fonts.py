"""Makes the free stand-in faces safe to print with, and finds them again.

The office faces (仿宋 楷体 黑体 宋体 小标宋) are commercial. Fandol and Noto Serif CJK stand in for them, but not as
they come: Fandol's bold files claim weight 400 and are picked silently, CID-keyed CFF makes glyphs vanish in some
viewers, and common name characters (堃 昇 玥 镕) are missing. :func:`build` therefore writes TrueType faces under our
own names, all of weight 400 and with the same vertical metrics, so that a character taken from the fallback face
stands on the same baseline.

Run as ``python -m reportsvc.pdf.fonts --fandol DIR --noto DIR --out DIR``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reportsvc.errors import ConfigurationError

Role = Literal["fang", "kai", "hei", "song", "title", "fallback"]

SETTING = "REPORTSVC_FONT_DIR"
MANIFEST = "fonts.json"
FONTS_CONF = "fonts.conf"
RECIPE = 1
"""Raise this when :func:`build` would write other bytes from the same sources."""

ASCENT, DESCENT, UNITS = 880, 120, 1000
"""Vertical metrics of every face, in units of 1/1000 em; they make one em together."""

_GPL = "GPL-3.0-only with the FSF font exception (Fandol, https://ctan.org/pkg/fandol)"
_OFL = "OFL-1.1 (Noto Serif CJK, https://github.com/notofonts/noto-cjk)"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Where one of our faces comes from."""

    role: Role
    family: str
    source: str
    licence: str
    collection_face: str | None = None
    """The face inside a .ttc, by its family name."""

    @property
    def file(self) -> str:
        """Name of the written file."""
        return f"{self.family}.ttf"


RECIPES: tuple[Recipe, ...] = (  # the big ones first, so that two processes end together
    Recipe("fallback", "ReportsvcFallback", "NotoSerifCJK-Regular.ttc", _OFL, "Noto Serif CJK SC"),
    Recipe("title", "ReportsvcTitle", "NotoSerifCJK-Bold.ttc", _OFL, "Noto Serif CJK SC"),
    Recipe("kai", "ReportsvcKai", "FandolKai-Regular.otf", _GPL),
    Recipe("fang", "ReportsvcFang", "FandolFang-Regular.otf", _GPL),
    Recipe("hei", "ReportsvcHei", "FandolHei-Regular.otf", _GPL),
    Recipe("song", "ReportsvcSong", "FandolSong-Regular.otf", _GPL),
)

_UNUSED_LIMITS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)

_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


@dataclass(frozen=True, slots=True)
class FontSet:
    """The faces of one directory, checked to be there."""

    directory: Path
    files: dict[Role, Path]
    families: dict[Role, str]

    @classmethod
    def load(cls, directory: Path) -> FontSet:
        """The faces that :func:`build` wrote to ``directory``; raises ConfigurationError when some are missing."""
        try:
            faces = json.loads((directory / MANIFEST).read_text("utf-8"))["faces"]
            found = {role: directory / entry["file"] for role, entry in faces.items()}
            families = {role: str(entry["family"]) for role, entry in faces.items()}
        except (OSError, ValueError, KeyError, TypeError):
            found, families = {}, {}
        missing = [recipe.file for recipe in RECIPES if not found.get(recipe.role, directory / "-").is_file()]
        if missing or not (directory / FONTS_CONF).is_file():
            raise ConfigurationError(
                "%(setting)s names %(directory)s, which lacks the typefaces %(missing)s: run script/bootstrap, "
                "or point %(setting)s at a directory written by python -m reportsvc.pdf.fonts",
                setting=SETTING,
                directory=directory,
                missing=", ".join(missing) or FONTS_CONF,
            )
        return cls(directory, found, families)

    @property
    def config(self) -> Path:
        """The private fontconfig file: it shows pango these faces and no other."""
        return self.directory / FONTS_CONF


def build(fandol_dir: Path, noto_dir: Path, out: Path) -> None:
    """Write the faces, their manifest and a private fontconfig file to ``out``; return at once if they are there."""
    jobs = [(recipe, _source(recipe, fandol_dir, noto_dir)) for recipe in RECIPES]
    digests = {recipe.role: _sha256(source) for recipe, source in jobs}
    if _is_current(out, digests):
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)  # present only while everything else is
    with ProcessPoolExecutor(max_workers=2) as pool:
        list(pool.map(_write_face, [(recipe, source, out / recipe.file) for recipe, source in jobs]))
    (out / FONTS_CONF).write_text(_CONF, "utf-8")
    _write_manifest(out, digests)


def _source(recipe: Recipe, fandol_dir: Path, noto_dir: Path) -> Path:
    path = (noto_dir if recipe.collection_face else fandol_dir) / recipe.source
    if not path.is_file():
        raise ConfigurationError("the source typeface %(path)s is missing: run script/bootstrap", path=path)
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_current(out: Path, digests: dict[Role, str]) -> bool:
    try:
        manifest = json.loads((out / MANIFEST).read_text("utf-8"))
        written = (out / FONTS_CONF).read_text("utf-8")
        return (
            manifest["recipe"] == RECIPE
            and written == _CONF
            and all(
                manifest["faces"][recipe.role]["source_sha256"] == digests[recipe.role]
                and manifest["faces"][recipe.role]["sha256"] == _sha256(out / recipe.file)
                for recipe in RECIPES
            )
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_manifest(out: Path, digests: dict[Role, str]) -> None:
    faces = {
        recipe.role: {
            "family": recipe.family,
            "file": recipe.file,
            "sha256": _sha256(out / recipe.file),
            "licence": recipe.licence,
            "source": recipe.source,
            "source_sha256": digests[recipe.role],
        }
        for recipe in RECIPES
    }
    text = json.dumps({"recipe": RECIPE, "faces": faces}, ensure_ascii=False, indent=2)
    (out / MANIFEST).write_text(text + "\n", "utf-8")


def _write_face(job: tuple[Recipe, Path, Path]) -> None:
    recipe, source, target = job
    with _open(recipe, source) as font:
        wanted = {code: name for code, name in font.getBestCmap().items() if _is_wanted(code)}
        _to_truetype(font, {".notdef", *wanted.values()})
        _subset(font, wanted)
        _rename(font, recipe)
        _level_metrics(font)
        part = target.with_suffix(".part")
        font.save(part, reorderTables=True)
    part.replace(target)


def _open(recipe: Recipe, source: Path) -> Any:
    from fontTools.ttLib import TTCollection, TTFont  # noqa: PLC0415 - keeps this module quick to import

    options: dict[str, Any] = {"recalcTimestamp": False, "lazy": True}
    if recipe.collection_face is None:
        return TTFont(source, **options)
    with TTCollection(source, lazy=True) as collection:
        names = [font["name"].getDebugName(1) for font in collection.fonts]
    return TTFont(source, fontNumber=names.index(recipe.collection_face), **options)


def _is_wanted(code: int) -> bool:
    """All but Hangul and vertical forms: every Han character stays, for names are written with any of them."""
    return not (0x1100 <= code <= 0x11FF or 0xA960 <= code <= 0xD7FF or 0xFE10 <= code <= 0xFE1F)


def _to_truetype(font: Any, wanted: set[str]) -> None:
    """Replace CFF outlines by quadratic ones, at most 1/1000 em away; then a glyph's number is its CID."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415
    from fontTools.ttLib import newTable  # noqa: PLC0415

    outlines, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        if name in wanted:
            outlines[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, glyphs
    for name in wanted:
        glyphs[name].recalcBounds(glyf)
        left = glyphs[name].xMin if glyphs[name].numberOfContours else 0
        font["hmtx"][name] = (font["hmtx"][name][0], left)
    for table in ("CFF ", "VORG", "vhea", "vmtx", "BASE"):
        if table in font:
            del font[table]
    _fix_headers(font)


def _subset(font: Any, wanted: dict[int, str]) -> None:
    from fontTools import subset  # noqa: PLC0415

    options = subset.Options(layout_features=["halt"], name_IDs=[0, 13, 14], notdef_outline=True, hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)


def _fix_headers(font: Any) -> None:
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in _UNUSED_LIMITS:
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.recalc(font)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"


def _rename(font: Any, recipe: Recipe) -> None:
    """Our own family name and one weight: pango then can't pick another face for ours."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14) and record.platformID == 3]
    unique = f"{recipe.family};{RECIPE}"
    for number, text in ((1, recipe.family), (2, "Regular"), (3, unique), (4, recipe.family), (6, recipe.family)):
        table.setName(text, number, 3, 1, 0x409)
    if table.getDebugName(13) is None:
        table.setName(recipe.licence, 13, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = 0x40
    font["head"].macStyle = 0


def _level_metrics(font: Any) -> None:
    if font["head"].unitsPerEm != UNITS:
        raise ConfigurationError("a source typeface does not count in 1/1000 em: %(units)s", units=UNITS)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ASCENT, -DESCENT, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ASCENT, -DESCENT, 0
    os2.usWinAscent, os2.usWinDescent = ASCENT, DESCENT


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of ``python -m reportsvc.pdf.fonts``."""
    parser = argparse.ArgumentParser(prog="python -m reportsvc.pdf.fonts", description="Write the typefaces.")
    parser.add_argument("--fandol", type=Path, required=True, help="directory with FandolFang-Regular.otf and others")
    parser.add_argument("--noto", type=Path, required=True, help="directory with NotoSerifCJK-*.ttc")
    parser.add_argument("--out", type=Path, required=True, help="directory to write, as REPORTSVC_FONT_DIR names it")
    options = parser.parse_args(arguments)
    try:
        build(options.fandol, options.noto, options.out)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
