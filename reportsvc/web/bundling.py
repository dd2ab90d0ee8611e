"""A script with all that it imports, as one file: on a phone's link each further file costs a round trip and headers.

Only what our own modules use is understood: ``import { a, b } from "./x.js"``, ``import * as x from "./x.js"`` or
``import "./x.js"`` at the start of a line, and ``export`` in front of a function, class, const or let. Each module
becomes a function that gives what it exports, so their names can't meet. Other syntax of modules is refused at start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from reportsvc.errors import ConfigurationError

IMPORT = re.compile(r'^import\s*(?:(\{[^}]*\}|\*\s*as\s+\w+)\s*from\s*)?"\./([\w.-]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let) \*?([A-Za-z_$][\w$]*))", re.MULTILINE)
LEFT_OVER = re.compile(r"^\s*(?:import|export)\b.*$|\bimport\s*\(|\bimport\.meta\b", re.MULTILINE)


def bundle(entry: Path, *, after: Iterable[Path] = ()) -> str:
    """The module and everything that it imports, in the order that they need.

    :param after: other bundles that the page runs before this one, as plain scripts: what they hold is left out here,
        for the names of their modules are the page's.
    :raises ConfigurationError: if a module uses syntax that is not understood, or modules import in a circle.
    """
    before: dict[str, str] = {}
    for other in after:
        _add(other, before, ())
    done = dict(before)
    _add(entry, done, ())
    return "".join(text for name, text in done.items() if name not in before)


def _add(path: Path, done: dict[str, str], above: tuple[str, ...]) -> None:
    if path.name in above:
        raise ConfigurationError("Scripts import in a circle: %(way)s", way=" → ".join((*above, path.name)))
    if path.name in done:
        return
    text = path.read_text("utf-8")
    for found in IMPORT.finditer(text):
        _add(path.parent / found[2], done, (*above, path.name))
    text = IMPORT.sub(_as_const, text)
    names = [found[1] for found in EXPORT.finditer(text)]
    text = EXPORT.sub("", text)
    strange = LEFT_OVER.search(text)
    if strange:
        raise ConfigurationError(
            "%(file)s can't be bundled: %(line)s", file=path.name, line=strange.group().strip()[:80]
        )
    done[path.name] = f"const {_variable(path.name)} = (() => {{\n{text}\nreturn {{{', '.join(names)}}};\n}})();\n"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name)


def _as_const(found: re.Match[str]) -> str:
    return f"const {_renamed(found[1])} = {_variable(found[2])};\n" if found[1] else ""


def _renamed(names: str) -> str:
    """From what stands behind ``import`` to what stands behind ``const``."""
    if names.startswith("*"):
        return names.rpartition(" ")[2]
    return re.sub(r"\s+as\s+", ": ", names)
