"""Forms on the command line."""

from __future__ import annotations

from pathlib import Path

import click

from reportsvc.cli.wiring import Wiring
from reportsvc.forms import importer
from reportsvc.forms.definition import Form, Question, Repeat
from reportsvc.forms.importer import Problem

LARGEST = 20 * 1024 * 1024  # bytes of a CSV file


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``form check``; it needs neither database nor settings, so ``wiring`` stays unused."""
    del wiring

    @commands.group()
    def form() -> None:
        """Look at the spreadsheets of forms."""

    @form.command()
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--list", "lists", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def check(file: Path, lists: tuple[Path, ...]) -> None:
        """Print what FILE (.xlsx, .xls, .csv or .md) would be imported as; status 1 if it would be refused.

        CSV files that lie beside FILE count as uploaded with it; --list names others.
        """
        beside = [] if file.suffix.lower() == ".csv" else sorted(file.parent.glob("*.csv"))
        files = {path.name: path.read_bytes() for path in (*beside, *lists) if path.stat().st_size <= LARGEST}
        found = importer.examine(file.read_bytes(), file.name, files)
        for line in report(found):
            click.echo(line)
        if found.form is None:
            raise SystemExit(1)


def report(found: importer.Examination) -> list[str]:
    """What an examination found, line by line."""
    lines = _outline(found.form) if found.form else []
    lines += [f"warning: {told(warning)}" for warning in found.warnings]
    lines += [f"problem: {told(problem)}" for problem in found.problems]
    verdict = "This form can be used." if found.form else "This form is refused."
    return [*lines, f"{verdict} Problems: {len(found.problems)}, warnings: {len(found.warnings)}."]


def told(problem: Problem) -> str:
    """A problem with its place: ``survey, row 3, column type: …``."""
    row = f"row {problem.row}" if problem.row else ""
    column = f"column {problem.column}" if problem.column else ""
    place = ", ".join(part for part in (problem.sheet, row, column) if part)
    sentence = problem.reason % problem.values if problem.values else problem.reason
    return f"{place}: {sentence}" if place else sentence


def _outline(form: Form) -> list[str]:
    lines = [f"{form.title} ({form.form_id})"]
    if form.translations:
        lines.append("languages: " + ", ".join(filter(None, (form.language, *form.translations))))
    for section in form.sections:
        lines.append(f"{section.label} ({section.name})")
        for item in section.items:
            lines += _repeat(item, "  ") if isinstance(item, Repeat) else [_question(item, "  ")]
    return lines


def _repeat(repeat: Repeat, indent: str) -> list[str]:
    lines = [f"{indent}{repeat.name}: repeat, {repeat.label}"]
    lines += [_question(question, indent + "  ") for question in repeat.questions]
    for inner in repeat.repeats:
        lines += _repeat(inner, indent + "  ")
    return lines


def _question(question: Question, indent: str) -> str:
    count = f" of {len(question.choices)}" if question.choices else ""
    feeds = f" → {question.indicator}" if question.indicator else ""
    return f"{indent}{question.name}: {question.kind}{count}, {question.label}{feeds}".rstrip(", ")
