"""What was sent, as people read it: one version, two beside each other, last quarter beside the inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportsvc import files as keeping
from reportsvc.forms import answers as forms_answers
from reportsvc.forms.definition import Form, Question, Repeat, Section
from reportsvc.reports import drafts, forms

Lists = forms_answers.Lists


def shown(slot: Any, version: Any, form: Form | None = None) -> list[forms_answers.ShownSection]:
    """A version's answers, by the form that it was filled in with, which is given where it is in another language."""
    form = form or forms.form_of(version.form_version)
    return forms_answers.display(form, version.answers, forms.surroundings(slot).choices)


def files(slot: Any, form: Form, answers: forms_answers.Answers) -> dict[str, keeping.Kept]:
    """What is held of the files among the answers of a slot, by path."""
    named = forms_answers.files(form, answers)
    held = keeping.known([slot], (file.uuid for file in named.values()))
    return {path: held[file.uuid] for path, file in named.items() if file.uuid in held}


def files_of(slot: Any, version: Any) -> dict[str, keeping.Kept]:
    """What is held of the files that went in with a version, by path."""
    return files(slot, forms.form_of(version.form_version), version.answers)


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer as it is now and as it was; empty where there is none."""

    path: str
    label: str
    now: str
    before: str


def beside(slot: Any, version: Any, earlier: Any | None) -> list[tuple[str, list[Pair]]]:
    """A version with an earlier one beside it, by section; what is not answered any more is there too."""
    now, before = _read(slot, version), _read(slot, earlier) if earlier is not None else {}
    places = dict.fromkeys([*now, *before])
    sections: dict[str, list[Pair]] = {}
    for section, path in places:
        label, text = now.get((section, path), before.get((section, path), ("", "")))
        here = text if (section, path) in now else ""
        sections.setdefault(section, []).append(Pair(path, label, here, before.get((section, path), ("", ""))[1]))
    return list(sections.items())


def _read(slot: Any, version: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """(section, path) → (label, text with its unit)."""
    return {
        (part.label, one.path): (one.label, f"{one.text} {one.unit}".strip())
        for part in shown(slot, version)
        for one in part.answers
    }


def changes(slot: Any, earlier: Any, later: Any) -> list[forms_answers.Change]:
    """What a later version changed, by its own form."""
    form = forms.form_of(later.form_version)
    return forms_answers.changes(form, earlier.answers, later.answers, forms.surroundings(slot).choices)


def previous(slot: Any, section: Section, choices: Lists) -> dict[str, str]:
    """Last quarter's answers to the questions of a section, by name."""
    earlier = drafts.last_quarter(slot)
    if earlier is None:
        return {}
    found = {item.name: answer(item, earlier.answers.get(item.name), choices) for item in section.items}
    return {name: text for name, text in found.items() if text}


def answer(item: Question | Repeat, kept: Any, choices: Lists) -> str:
    """One answer, or all rows of a repeat, in a line; empty where there is none."""
    if isinstance(item, Question):
        text = forms_answers.shown(item, kept, choices) if isinstance(kept, str) and kept else ""
        return f"{text} {item.unit}".strip() if text else ""
    return "；".join(_row(item, row, choices) for row in (kept if isinstance(kept, list) else []))


def _row(repeat: Repeat, row: Any, choices: Lists) -> str:
    asked = (question for question in repeat.questions if row.get(question.name))
    return " ".join(forms_answers.shown(question, row[question.name], choices) for question in asked)
