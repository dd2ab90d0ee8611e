"""Compiles the translations when a wheel is built; the compiled files are not in git."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):  # type: ignore[type-arg]
    """Puts a .mo beside each .po of the wheel; in the checkout script/bootstrap makes them."""

    scratch: Path

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files."""
        self.scratch = Path(tempfile.mkdtemp(prefix="reportsvc-mo-"))
        if version == "editable":
            return
        for number, source in enumerate(sorted(Path(self.root, "reportsvc", "translations").rglob("*.po"))):
            compiled = self.scratch / f"{number}.mo"
            with source.open("rb") as text, compiled.open("wb") as binary:
                write_mo(binary, read_po(text))
            name = source.with_suffix(".mo").relative_to(self.root).as_posix()
            build_data["force_include"][str(compiled)] = name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called by hatchling when the wheel is written."""
        shutil.rmtree(self.scratch)
