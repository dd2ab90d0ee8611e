"""What the column “type” may say, and what becomes of it here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from reportsvc.forms.definition import Kind
from reportsvc.forms.importer.lists import ChoiceList, from_csv
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.sheets import Row
from reportsvc.forms.messages import N_
from reportsvc.forms.numbers import normalise

EXTERNAL_LISTS = frozenset({"project_counties.csv"})
"""Lists that the server fills for each report; others come as CSV files with the form."""

PLAIN: Mapping[str, Kind] = {
    **{"text": "text", "string": "text", "barcode": "text", "integer": "integer", "int": "integer"},
    **{"decimal": "decimal", "date": "date", "time": "time", "datetime": "datetime", "range": "range"},
    **{"geopoint": "geopoint", "location": "geopoint", "gps": "geopoint"},
    **{"image": "image", "photo": "image", "file": "file", "acknowledge": "acknowledge", "trigger": "acknowledge"},
    **{"note": "note", "calculate": "calculate", "hidden": "hidden"},
}
FILLED_IN = frozenset(
    {
        "start",
        "end",
        "username",
        "deviceid",
        "device_id",
        "phonenumber",
        "imei",
        "phone_number",
        "phone number",
        "email",
    }
)
"""Types that a phone's app fills in by itself: here the server may, and else they stay empty."""

IGNORED = frozenset({"audit", "start-geopoint", "background-audio", "background-geopoint", "simserial", "subscriberid"})
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("geotrace", "geoshape"), N_("lines and areas on a map can't be drawn here; ask for a geopoint")),
    **dict.fromkeys(("audio", "video"), N_("sounds and films can't be sent over the links that this is made for")),
    "osm": N_("maps of OpenStreetMap can't be edited here"),
    "xml-external": N_("lists come as CSV files; use select_one_from_file"),
    "csv-external": N_("a list is read where it is asked for; use select_one_from_file"),
    "entity": N_("entities are not kept here"),
}
_SELECT = re.compile(
    r"(?P<kind>select[ _]one[ _]from[ _]file|select[ _]multiple[ _]from[ _]file|select[ _]one[ _]external"
    r"|select[ _]one|select1|select[ _]multiple|rank)[ ]+(?P<list>\S+)(?P<rest>.*)",
    re.IGNORECASE,
)
_FORMERLY = re.compile(
    r"(?:add )?select (one|multiple|all that apply)(?: prompt using| from(?! file))? ", re.IGNORECASE
)
"""How older spreadsheets write ``select_one`` and ``select_multiple``."""
_REFUSED = re.compile(r"(begin|end)[ _](loop|table|entity)\b.*", re.IGNORECASE)
NO_LIST = N_("There is no list “%(name)s”. Known are: %(known)s. Others are CSV files uploaded with the form.")
KNOWN = (
    "text integer decimal date time dateTime select_one select_multiple select_one_from_file rank range geopoint image"
    " file barcode acknowledge note calculate hidden"
)


class Type(NamedTuple):
    """What a type comes to."""

    kind: Kind
    choices: ChoiceList | None = None
    choices_from: str = ""
    said: str = ""
    """The type as it was written, in lower case, where that matters later."""


class Lists(NamedTuple):
    """Where choices come from: the sheet “choices”, and CSV files by their name."""

    sheet: Mapping[str, ChoiceList]
    files: Mapping[str, bytes]


def type_of(row: Row, lists: Lists, problems: Problems) -> Type | None:
    """What a row asks for; none if it is nothing that can be asked here, which is then a problem or a warning."""
    text = _FORMERLY.sub(_as_today, " ".join(row.get("type").split()), count=1)
    low = text.lower()
    column = row.header("type")
    if low in PLAIN:
        return Type(PLAIN[low], said=low)
    if low == "today":
        return Type("calculate", said=low)
    if low in FILLED_IN:
        message = N_("“%(type)s” is filled in by the server or stays empty; nothing is read from the phone.")
        problems.warn("survey", row.number, column, message, type=text)
        return Type("hidden", said=low)
    if low in IGNORED:
        message = N_("“%(type)s” is left out: a page in a browser doesn't record that.")
        problems.warn("survey", row.number, column, message, type=text)
        return None
    return _select(row, text, lists, problems)


def _as_today(found: re.Match[str]) -> str:
    return "select_one " if found[1].lower() == "one" else "select_multiple "


def _select(row: Row, text: str, lists: Lists, problems: Problems) -> Type | None:
    column = row.header("type")
    select = _SELECT.fullmatch(text)
    reason = REFUSED.get(text.lower().partition(" ")[0])
    if reason or _REFUSED.fullmatch(text):
        message = N_("The type “%(found)s” is not supported: %(reason)s.")
        reason = reason or N_("write the questions out, or use a repeat")
        problems.add("survey", row.number, column, message, found=text, reason=reason)
    elif select is None:
        message = N_("The type “%(found)s” is not supported. Known are: %(known)s.")
        problems.add("survey", row.number, column, message, found=text, known=KNOWN)
    elif select["rest"].strip():
        message = N_("“%(found)s” is not supported after the name of a list.")
        problems.add("survey", row.number, column, message, found=select["rest"].strip())
    else:
        return _chosen_from(row, select["kind"].lower().replace(" ", "_"), select["list"], lists, problems)
    return None


def _chosen_from(row: Row, said: str, name: str, lists: Lists, problems: Problems) -> Type | None:
    column = row.header("type")
    kind: Kind = "rank" if said == "rank" else "select_multiple" if "multiple" in said else "select_one"
    if said.endswith("external"):
        message = N_("“%(found)s” is not supported. Put the choices into a CSV file and use select_one_from_file.")
        problems.add("survey", row.number, column, message, found=said)
        return None
    if said.endswith("file"):
        if name in EXTERNAL_LISTS:
            return Type(kind, None, name)
        if name not in lists.files:
            message = N_(
                "There is no list “%(name)s”. Known are: %(known)s. Others are CSV files uploaded with the form."
            )
            known = ", ".join(sorted({*EXTERNAL_LISTS, *lists.files}))
            problems.add("survey", row.number, column, message, name=name, known=known)
            return None
        given = parameters(row)
        keys = given.get("value", "name"), given.get("label", "label")
        return Type(kind, from_csv(name, lists.files[name], problems, keys))
    found = lists.sheet.get(name)
    if found is None or not found.choices:
        message = N_("The sheet “choices” has no list “%(name)s”.")
        problems.add("survey", row.number, column, message, name=name)
        return None
    return Type(kind, found)


def parameters(row: Row) -> dict[str, str]:
    """The column “parameters”: ``start=0 end=10 step=1``."""
    text = re.sub(r"\s*=\s*", "=", row.get("parameters"))
    return {
        key.lower(): value for key, _, value in (each.partition("=") for each in re.split(r"[\s,;]+", text) if each)
    }


_HARMLESS = frozenset(
    {"value", "label", "capture-accuracy", "warning-accuracy", "allow-mock-accuracy", "app", "quality"}
)


MEANT: Mapping[Kind, frozenset[str]] = {
    "range": frozenset({"start", "end", "step"}),
    "image": frozenset({"max-pixels"}),
}
"""Parameters that change something, by kind of question."""
LARGEST_SIDE = 1600  # pixels that the longer side of any photo keeps


def range_of(row: Row, problems: Problems) -> tuple[str, str, str]:
    """(first, last, step) of a range as plain decimals; 1, 10 and 1 where nothing is said, as ODK has it."""
    given = {"start": "1", "end": "10", "step": "1"} | parameters(row)
    numbers = []
    for key in ("start", "end", "step"):
        plain = normalise(given[key])
        if plain is None or (key == "step" and Decimal(plain) <= 0):
            message = N_("“%(text)s” can't be the %(key)s of a range.")
            problems.add("survey", row.number, row.header("parameters"), message, text=given[key], key=key)
            plain = "1"
        numbers.append(plain)
    if numbers[0] == numbers[1]:
        problems.add("survey", row.number, row.header("parameters"), N_("This range holds one number only."))
    return numbers[0], numbers[1], numbers[2]


def long_side_of(row: Row, problems: Problems) -> str:
    """How many pixels the longer side of a photo may have, by the parameter ``max-pixels``; empty without it."""
    text = parameters(row).get("max-pixels", "")
    plain = normalise(text) if text else None
    if text and (plain is None or not plain.isdigit() or not int(plain)):
        message = N_("“%(text)s” is no number of pixels. Write such as max-pixels=1024.")
        problems.add("survey", row.number, row.header("parameters"), message, text=text)
        return ""
    if plain is not None and int(plain) > LARGEST_SIDE:
        message = N_("Photos are made smaller to %(most)s pixels in any case.")
        problems.warn("survey", row.number, row.header("parameters"), message, most=LARGEST_SIDE)
    return plain or ""


def look_at_parameters(row: Row, kind: Kind, problems: Problems) -> None:
    """Warn of what a question's parameters ask for in vain."""
    known = _HARMLESS | MEANT.get(kind, frozenset())
    for key in parameters(row).keys() - known:
        message = N_("The parameter “%(key)s” has no effect here.")
        problems.warn("survey", row.number, row.header("parameters"), message, key=key)
