"""What all charts are drawn with: escaped elements, looks that print in black and white, and the frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup, escape

WIDTH = 340
"""Units that charts are wide: pixels on the narrowest phone, so that their text is as large as the page's."""

TEXT, SMALL = 14, 12


@dataclass(frozen=True, slots=True)
class Look:
    """How one part is drawn: its plain colour for print, and what tells it apart without colour."""

    fill: str
    pattern: str = ""
    """Path of the lines that are drawn over it, in a square of 6 units."""
    dash: str = ""
    """Of a line."""
    mark: str = "circle"


LOOKS: dict[str, Look] = {
    "good": Look("#1b6b3a"),
    "fair": Look("#8a5a00", "M-1 5 5 -1M1 7 7 1", "7 3", "square"),
    "bad": Look("#b3261e", "M0 0 6 6M6 0 0 6", "2 3", "triangle"),
    "rest": Look("#b9b4ab", "M3 3h.01", "10 3 2 3", "diamond"),
    "main": Look("#2f5f8f"),
    "other": Look("#7a5195", "M0 3h6", "5 3", "square"),
    "step0": Look("#f3e3e1"),
    "step1": Look("#f6dcb2"),
    "step2": Look("#f4eda0"),
    "step3": Look("#cbe3b4"),
    "step4": Look("#8fc79f"),
    "none": Look("#ececec", "M-1 5 5 -1M1 7 7 1"),
}
"""Looks by name; pages give each its colours for light and dark under the class ``look-<name>``."""


def number(value: float) -> str:
    """A length with at most two decimals, without zeros at their end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Box(NamedTuple):
    """A rectangle, by its upper left corner."""

    x: float
    y: float
    width: float
    height: float


def element(tag: str, *inside: str | Markup, **attributes: str | float) -> Markup:
    """One element; ``_`` in an attribute's name is ``-``, at its end nothing. Text inside is escaped, markup is not."""
    opened = f"<{tag}" + "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value if isinstance(value, str) else number(value))}"'
        for name, value in attributes.items()
        if value != ""
    )
    content = "".join(escape(one) for one in inside)
    return Markup(f"{opened}>{content}</{tag}>" if content else f"{opened}/>")  # noqa: S704 - escaped piece by piece


def text(  # noqa: PLR0913 - what, where, and how it looks
    words: str, x: float, y: float, *, size: float = TEXT, anchor: str = "", look: str = "ink"
) -> Markup:
    """A line of text on the baseline ``y``."""
    fill = "#5f5b55" if look == "muted" else "#1d1d1f"
    return element(
        "text", words, x=x, y=y, font_size=size, text_anchor=anchor, fill=fill, class_=f"chart-{look}"
    )  # fmt: skip


def area(name: str, look: str, box: Box) -> Markup:
    """A rectangle in a look, with its pattern over it."""
    sides = box._asdict()
    plain = element("rect", **sides, fill=LOOKS[look].fill, class_=f"look-{look}")
    if not LOOKS[look].pattern:
        return plain
    return plain + element("rect", **sides, fill=f"url(#{name}-{look})", class_="over")


def patterns(name: str, looks: Iterable[str]) -> Markup:
    """The definitions that :func:`area` points to."""
    made = [
        element(
            "pattern",
            element(
                "path", d=LOOKS[look].pattern, stroke=STROKES.get(look, "#fff"),
                stroke_width=1.6 if look != "rest" else 2, stroke_linecap="round", fill="none", class_=f"hatch-{look}",
            ),
            id=f"{name}-{look}", width=6, height=6, patternUnits="userSpaceOnUse",
        )
        for look in dict.fromkeys(looks)
        if LOOKS[look].pattern
    ]  # fmt: skip
    return element("defs", *made) if made else Markup("")


STROKES = {"rest": "#6b6660", "none": "#cfcfcf"}
"""What patterns on light looks are drawn in; on all others they are white."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chart is called and what it says in one sentence: read aloud in place of the drawing."""

    name: str
    title: str
    description: str


def svg(frame: Frame, width: float, height: float, *inside: Markup, linked: bool = False) -> Markup:
    """The whole picture. With links inside it is a group, since nothing inside of an image can be reached."""
    title, description = f"{frame.name}-title", f"{frame.name}-desc"
    return element(
        "svg",
        element("title", frame.title, id=title),
        element("desc", frame.description, id=description),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="group" if linked else "img",
        aria_labelledby=f"{title} {description}",
        class_="chart",
    )


def legend(name: str, parts: Iterable[tuple[str, str]], y: float, width: float = WIDTH) -> tuple[Markup, float]:
    """(look, words) as swatches in lines that fit the width; gives them with the y below."""
    made, x = Markup(""), 0.0
    for look, words in parts:
        needed = 20 + measured(words, SMALL) + 12
        if x and x + needed > width:
            x, y = 0.0, y + 20
        made += area(name, look, Box(x, y, 14, 14)) + text(words, x + 19, y + 11.5, size=SMALL)
        x += needed
    return made, y + 22


def measured(words: str, size: float) -> float:
    """About how wide a line is: Chinese characters are square, others half as wide or a little more."""
    return sum(size if ord(one) > 0x2E7F else size * 0.58 for one in words)


def shortened(words: str, size: float, width: float) -> str:
    """As much of a line as fits, with … where something is left out."""
    if measured(words, size) <= width:
        return words
    kept = words
    while kept and measured(kept + "…", size) > width:
        kept = kept[:-1]
    return kept + "…"
