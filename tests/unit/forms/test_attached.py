"""Answers that name files: as they are kept, read, completed, compared and drawn out of a form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import wtforms
from werkzeug.datastructures import MultiDict

from reportsvc.forms import answers, attached, fields, importer
from reportsvc.forms.answers.typed import Message
from reportsvc.forms.attached import Attached
from tests.support.attaching import FORM

UUID, OTHER = "9b2e1d5c-0f4a-4c3e-9a51-6d9c2f6a1b8e", "1c2e1d5c-0f4a-4c3e-9a51-6d9c2f6a1b8e"
WHOLE = f"{UUID} {'ab' * 32} 会议 纪要.pdf"
READ = importer.read(FORM.encode(), "with_files.md")


def check(raw: dict[str, Any], **more: Any) -> answers.Checked:
    return answers.check(READ, raw, supplied={}, choices={}, today=date(2026, 4, 2), **more)


def test_an_answer_says_which_file_it_is_and_what_is_in_it() -> None:
    assert attached.read(WHOLE) == Attached(UUID, "ab" * 32, "会议 纪要.pdf")
    assert attached.read(UUID) == Attached(UUID)
    for answer in (WHOLE, UUID):
        found = attached.read(answer)
        assert found is not None
        assert found.answer == answer
    for wrong in (
        "",
        "a.pdf",
        UUID.upper(),
        f"{UUID} a.pdf",
        f"{UUID} {'ab' * 32}",
        f"{UUID} {'ab' * 32}  ",
        f"{WHOLE}\n",
    ):
        assert attached.read(wrong) is None


def test_files_that_have_arrived_are_put_in_full_wherever_they_stand() -> None:
    raw = {
        "front": UUID, "minutes": OTHER, "place": UUID,
        "village": [{"road": UUID, "house": [{"owner": "李"}, {"roof": UUID}, "broken"]}, "broken"],
    }  # fmt: skip
    found = attached.completed(READ, raw, {UUID: WHOLE}.get)  # type: ignore[arg-type]
    assert found == {
        "front": WHOLE, "minutes": OTHER, "place": UUID,  # a text is a text
        "village": [{"road": WHOLE, "house": [{"owner": "李"}, {"roof": WHOLE}, "broken"]}, "broken"],
    }  # fmt: skip
    assert [(kind, file.uuid) for kind, file in attached.named(READ, found)] == [
        ("image", UUID), ("file", OTHER), ("image", UUID), ("image", UUID),
    ]  # fmt: skip
    assert attached.anywhere({"front": WHOLE, "rows": [{"x": UUID}]}) == {UUID}


@pytest.mark.parametrize(("place", "expected"), [("东头", {"front"}), ("没有", set())])
def test_it_is_asked_for_only_while_it_is_relevant(place: str, expected: set[str]) -> None:
    assert {problem.path for problem in check({"place": place}).problems} == expected
    assert ("front" in check({"place": place, "front": WHOLE}).answers) == bool(expected)


def test_what_its_keeper_knows_is_told_where_the_answer_stands() -> None:
    wrong = {WHOLE: Message("Damaged."), UUID: Message("Not there.")}
    raw = {"place": WHOLE, "front": WHOLE, "village": [{"house": [{"roof": UUID}]}]}
    told = {problem.path: problem.message.text_id for problem in check(raw, wrong=wrong).problems}
    assert told == {"front": "Damaged.", "village[1].house[1].roof": "Not there."}


def test_it_is_read_by_its_name_and_the_beginning_of_its_digest() -> None:
    held = {"front": WHOLE, "village": [{"road": UUID}]}
    texts = {one.path: one.text for part in answers.display(READ, held) for one in part.answers}  # type: ignore[arg-type]
    assert texts == {"front": "会议 纪要.pdf · abababababab", "village[1].road": "9b2e1d5c…"}
    assert {path: file.uuid for path, file in answers.files(READ, held).items()} == dict.fromkeys(texts, UUID)  # type: ignore[arg-type]
    other = WHOLE.replace("ab" * 32, "cd" * 32)  # another content is another answer, whatever the file is called
    assert [one.path for one in answers.changes(READ, {"front": WHOLE}, {"front": other})] == ["front"]


def test_the_button_beside_it_takes_it_away_from_its_own_row_only() -> None:
    section = READ.sections[0]
    posted = MultiDict({"front": WHOLE, "village-0-road": WHOLE, "village-1-road": WHOLE, "drop-village-1-road": "1"})
    bound = fields.fill(fields.section_form(READ, section.name, wtforms.Form), {}, formdata=posted)
    assert fields.press(bound, posted)
    found = fields.collect(bound, section)
    assert (found["front"], [row["road"] for row in found["village"]]) == (WHOLE, [WHOLE, ""])  # type: ignore[index]
    assert not fields.press(bound, MultiDict({"front.file": "x"}))
