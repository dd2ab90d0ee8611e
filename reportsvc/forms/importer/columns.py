"""The names of columns: XLSForm knows several for one thing, and one for each language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Known:
    """The columns that we read of one sheet; ``lenient`` passes over all others."""

    names: frozenset[str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    translated: frozenset[str] = frozenset()
    lenient: bool = False


SURVEY = Known(
    names=frozenset(
        {
            *("type", "name", "label", "hint", "required", "required_message", "relevant", "constraint"),
            *("constraint_message", "calculation", "default", "appearance", "indicator", "place", "unit"),
            *("choice_filter", "repeat_count", "trigger", "read_only", "guidance_hint", "parameters", "disabled"),
        }
    ),
    aliases={
        "command": "type",
        "caption": "label",
        "relevance": "relevant",
        "calculate": "calculation",
        "requiredmsg": "required_message",
        "constraining_message": "constraint_message",
        "control::appearance": "appearance",
        "body::appearance": "appearance",
        "readonly": "read_only",
        "bind::readonly": "read_only",
        "bind::read_only": "read_only",
        "jr:count": "repeat_count",
        "count": "repeat_count",
        "repeat": "repeat_count",
        "bind::relevant": "relevant",
        "bind::required": "required",
        "bind::constraint": "constraint",
        "bind::calculate": "calculation",
        "bind::jr:requiredmsg": "required_message",
        "bind::jr:constraintmsg": "constraint_message",
        "bind::reportsvc:indicator": "indicator",
        "bind::reportsvc:place": "place",
        "bind::reportsvc:unit": "unit",
    },
    translated=frozenset({"label", "hint", "guidance_hint", "required_message", "constraint_message"}),
)
CHOICES = Known(
    names=frozenset({"list_name", "name", "label"}),
    aliases={"value": "name", "caption": "label"},
    translated=frozenset({"label"}),
    lenient=True,  # other columns are there for choice_filter
)
SETTINGS = Known(
    names=frozenset({"form_title", "form_id", "default_language"}),
    aliases={"set_form_title": "form_title", "set_form_id": "form_id", "title": "form_title", "id_string": "form_id"},
    lenient=True,  # of interest to the apps of ODK only
)
REMARKS = frozenset({"comment", "comments", "remark", "remarks", "备注", "说明"})
OURS = frozenset({"indicator", "place", "unit"})  # known with their prefix only


_SHORTEST, _ALIKE = 4, 0.75
"""From how many letters on, and how much alike, a name of a column is taken for a slip of the hand."""

MEDIA = frozenset({"image", "audio", "video", "big-image", "media"})
LEFT_OUT = MEDIA | {"autoplay", "accuracythreshold", "intent"}
REFUSED = frozenset({"save_to"})
_ALONE = re.compile(r"(?<!\bjr)(?<!\breportsvc):")
_FOREIGN = re.compile(r"(body|control|instance)::.+|bind::[a-z]+:.+")


def left_out(header: str) -> bool:
    """Whether a column holds what a browser's page leaves out: pictures and sounds beside a label, settings of apps."""
    plain = _plain(header)
    return plain.partition("::")[0] in LEFT_OUT or _FOREIGN.fullmatch(plain) is not None


def spoken_in(header: str, known: Known) -> tuple[str, str]:
    """Our name of a translated column and its language as the spreadsheet writes it; empty if it is none."""
    name = _plain(header).partition("::")[0]
    name = known.aliases.get(name, name)
    if name not in known.translated:
        return "", ""
    return name, _paired(header).partition("::")[2].strip()


def passed_over(header: str, known: Known) -> bool:
    """Whether a column that isn't read does no harm: remarks of the authors, and texts in further languages."""
    plain = _plain(header)
    name = plain.partition("::")[0]
    return header.startswith("#") or plain in REMARKS or known.aliases.get(name, name) in known.translated


def shows_media(headers: Iterable[str]) -> bool:
    """Whether a picture or a sound stands in one of these columns."""
    return any(_plain(header).partition("::")[0] in MEDIA for header in headers)


def refused(header: str) -> bool:
    """Whether a column asks for what would be missed if it were left out."""
    return _plain(header).partition("::")[0] in REFUSED


def meant(header: str, known: Known) -> str:
    """The column that a header may have been meant for (“relevent”); empty where it is like none."""
    plain = _plain(header)
    if plain in OURS:
        return f"bind::reportsvc:{plain}"
    if plain in REMARKS or len(plain) < _SHORTEST:
        return ""
    named = [each for each in (*known.names, *known.aliases) if "::" not in each and each not in OURS]
    found = difflib.get_close_matches(plain.partition("::")[0], named, 1, _ALIKE)
    return known.aliases.get(found[0], found[0]) if found else ""


def resolve(headers: Iterable[str], known: Known, language: str) -> dict[str, str]:
    """Header as the spreadsheet has it → our name for the column, for every column that we read.

    Of the languages of a text, the form's default language is read, else a column without one, else Chinese, else
    the first.
    """
    found: dict[str, str] = {}
    offered: dict[str, list[tuple[int, str]]] = {}
    for header in headers:
        plain = _plain(header)
        name, _, spoken = plain.partition("::")
        name = known.aliases.get(name, name)
        if spoken and name in known.translated:
            offered.setdefault(name, []).append((_rank(spoken, language), header))
            continue
        key = known.aliases.get(plain, plain)
        if key not in known.names or (key in OURS and plain == key):
            continue
        if key in known.translated:
            offered.setdefault(key, []).append((1, header))
        else:
            found[header] = key
    for name, headers_offered in offered.items():
        found[min(headers_offered, key=lambda one: one[0])[1]] = name
    return found


def _rank(spoken: str, language: str) -> int:
    if spoken == _plain(language):
        return 0
    return 2 if any(mark in spoken for mark in ("zh", "chinese", "中文")) else 3


def _plain(header: str) -> str:
    """A header in lower case, with ``_`` for spaces and narrow colons."""
    parts = _paired(header).lower().split("::")
    return "::".join("_".join(part.split()) for part in parts)


def _paired(header: str) -> str:
    """A header with pairs of colons where older spreadsheets have one: ``label:English``, ``bind:jr:count``."""
    narrow = header.strip().replace("：", ":")
    return narrow if "::" in narrow else _ALONE.sub("::", narrow)
