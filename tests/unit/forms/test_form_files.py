"""Whole XLSForms as people write them: each is imported, or refused with a sentence that names the place."""

from __future__ import annotations

import pytest

from reportsvc.forms import importer
from reportsvc.forms.definition import Form, from_json, to_json
from reportsvc.forms.importer import Examination
from tests.support.tracked import ROOT

FOLDER = ROOT / "tests/forms_files"
FILES = {path.name: path.read_bytes() for path in FOLDER.glob("*.csv")}

IMPORTED = {
    "acknowledge_and_guidance.md": 2,
    "calculations.md": 7,
    "cascading_selects.md": 3,
    "days_and_times.md": 7,
    "defaults_and_triggers.md": 4,
    "geopoint_and_picture.md": 3,
    "group_relevance.md": 4,
    "household_repeat.md": 6,
    "many_languages.md": 2,
    "media_labels.md": 1,
    "metadata_audit.md": 2,
    "nested_repeats.md": 3,
    "plain_table.csv": 2,
    "range_rank_likert.md": 4,
    "villages_from_file.md": 3,
}
"""File → how many questions it has."""

REFUSED = {
    "circular.md": (2, "calculation", "circle"),
    "csv_external.md": (3, "type", "select_one_from_file"),
    "duplicate_names.md": (3, "name", "row 2 already"),
    "filter_by_nothing.md": (3, "choice_filter", "county"),
    "full_width_operator.md": (3, "relevant", "“＝”; type “=”"),
    "geoshape.md": (3, "type", "ask for a geopoint"),
    "loop.md": (2, "type", "use a repeat"),
    "missing_file.md": (2, "type", "towns.csv"),
    "no_such_list.md": (2, "type", "colours"),
    "or_other.md": (2, "type", "or_other"),
    "osm.md": (2, "type", "OpenStreetMap"),
    "search_appearance.md": (2, "appearance", "select_one_from_file"),
    "select_external.md": (3, "type", "select_one_external"),
    "three_levels.md": (4, "type", "within a repeat within a repeat"),
    "unclosed_group.md": (2, "type", "never ended"),
    "unknown_reference.md": (2, "relevant", "nobody"),
    "video.md": (2, "type", "video"),
    "xml_external.md": (2, "type", "CSV"),
}
"""File → row, column and a part of the sentence."""

WARNED = {
    "days_and_times.md": {(2, "type"), (3, "type"), (5, "type")},
    "geopoint_and_picture.md": {(4, "type")},
    "media_labels.md": {(1, "media::image"), (1, "media::audio")},
    "metadata_audit.md": {(2, "type"), (3, "type")},
}


def examined(name: str) -> Examination:
    return importer.examine((FOLDER / name).read_bytes(), name, FILES)


def form_of(name: str) -> Form:
    found = examined(name)
    assert found.form is not None, found.problems
    return found.form


def test_every_file_is_expected_to_come_out_one_way() -> None:
    there = {path.name for path in FOLDER.iterdir()} - {"villages.csv"}
    assert there == IMPORTED.keys() | REFUSED.keys()
    assert len(there) >= 20


@pytest.mark.parametrize("name", sorted(IMPORTED))
def test_it_is_imported_whole(name: str) -> None:
    form = form_of(name)
    assert len(list(form.questions())) == IMPORTED[name]
    assert from_json(to_json(form)) == form
    assert {(warning.row, warning.column) for warning in examined(name).warnings} == WARNED.get(name, set())


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_it_is_refused_with_its_place(name: str) -> None:
    found = examined(name)
    row, column, part = REFUSED[name]
    assert found.form is None
    first = found.problems[0]
    assert (first.sheet, first.row, first.column) == ("survey", row, column)
    assert part in first.reason % first.values
