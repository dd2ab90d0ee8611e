"""Compiles the translations when a wheel is built; the compiled files are not in git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):  # type: ignore[type-arg]
    """Writes a .mo beside each .po and puts it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files."""
        if version == "editable":  # script/bootstrap compiles those of a checkout
            return
        for source in sorted(Path(self.root, "reportsvc", "translations").rglob("*.po")):
            compiled = source.with_suffix(".mo")
            with source.open("rb") as text, compiled.open("wb") as binary:
                write_mo(binary, read_po(text))
            name = compiled.relative_to(self.root).as_posix()
            build_data["force_include"][str(compiled)] = name
