"""Texts in further languages, by where they stand in a form."""

from __future__ import annotations

from collections.abc import Iterable

from reportsvc.forms.importer.sheets import Row, Sheets
from reportsvc.forms.importer.types import Type

_KEYS = {"guidance_hint": "guidance"}


def translations(sheets: Sheets, taken: Iterable[tuple[Row, Type | None]]) -> dict[str, dict[str, str]]:
    """Language → where a text stands → the text, for every language but the form's own."""
    found: dict[str, dict[str, str]] = {}
    for row, said in taken:
        name = row.get("name")
        for language, texts in row.spoken.items():
            into = found.setdefault(language, {})
            into |= {f"{name}.{_KEYS.get(key, key)}": text for key, text in texts.items()}
        if said is not None and said.choices is not None:
            for language, labels in said.choices.spoken.items():
                into = found.setdefault(language, {})
                into |= {f"{name}/{value}": label for value, label in labels.items()}
    found.pop(sheets.language, None)
    return {language: texts for language, texts in found.items() if texts}
