"""Lines and tags of a finished PDF, for tests to measure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pikepdf

Character = dict[str, Any]


def content(page: Any) -> list[Character]:
    """The page's characters that are content: no page number, no repeated table head."""
    return [character for character in page.chars if character["mcid"] is not None]


def lines(page: Any) -> list[list[Character]]:
    """Characters of each line of the page, from the top, each from the left."""
    characters = sorted(content(page), key=lambda each: (-round(each["matrix"][5], 1), each["x0"]))
    return [list(line) for _, line in groupby(characters, lambda each: round(each["matrix"][5], 1))]


def text_of(characters: list[Character]) -> str:
    return "".join(each["text"] for each in characters)


def page_number(page: Any) -> str:
    """The artifact under the type area."""
    return text_of([each for each in page.chars if (each["mcid"] is None and each["size"] == 14) or each["top"] > 745])


def elements(root: Any, kind: str) -> Iterator[Any]:
    """All elements of one kind in the tag tree, in order."""
    children = root.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            if f"/{kind}" == child.S:
                yield child
            yield from elements(child, kind)
