"""Drafts: what is being typed is kept once, by section, until it is submitted; a version is made once and is final."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import peewee
import pytest

from reportsvc import clock, db
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms import shipped
from reportsvc.forms.definition import Answers, Section
from reportsvc.forms.importer.problems import FormError
from reportsvc.models import Draft, Event, FormVersion, Round, Version
from reportsvc.reports import drafts, forms, sending, submissions, transitions
from tests.support.world import ANSWERS, World, build


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def section(world: World, name: str, version: FormVersion | None = None) -> Section:
    found = forms.form_of(version or world.form).section(name)
    assert found is not None
    return found


def typed(world: World, name: str, answers: Answers, base: str | None = None) -> drafts.Typed:
    """A save of a page that was opened just now, unless another mark is given."""
    part = section(world, name)
    opened = drafts.mark(part, drafts.opened(world.slot()).answers)
    return drafts.Typed(part, answers, opened if base is None else base, world.form)


def save(world: World, name: str, answers: Answers, base: str | None = None) -> Draft:
    return drafts.save(world.slot(), world.reporter, typed(world, name, answers, base))


def complete(world: World) -> str:
    """A draft that can be submitted; gives its submission UUID."""
    for name in ("state", "money", "benefit", "output", "text", "publish"):
        part = section(world, name)
        save(world, name, drafts.part(part, ANSWERS))
    return drafts.opened(world.slot()).submission


# --- saving ----------------------------------------------------------------------------------------------------------


def test_the_first_save_begins_the_report(world: World) -> None:
    assert drafts.opened(world.slot()).answers == {}
    save(world, "state", {"project_state": "running"})
    assert world.slot().state == "draft"
    assert [event.action for event in Event.select().where(Event.slot == world.slot())] == ["start"]
    save(world, "money", {"own_funds": "12"})
    assert drafts.opened(world.slot()).answers == {"project_state": "running", "own_funds": "12"}
    assert Event.select().where(Event.slot == world.slot()).count() == 1


def test_a_section_is_replaced_as_a_whole_and_no_other_is_touched(world: World) -> None:
    save(world, "money", {"own_funds": "12", "raised_funds": "3"})
    save(world, "text", {"difficulties": "缺水"})
    save(world, "money", {"own_funds": "13"})
    assert drafts.opened(world.slot()).answers == {"own_funds": "13", "difficulties": "缺水"}


def test_what_changed_elsewhere_is_not_overwritten(world: World) -> None:
    base = drafts.mark(section(world, "money"), {})
    save(world, "money", {"own_funds": "12"}, base)
    with pytest.raises(drafts.Changed) as changed:
        save(world, "money", {"own_funds": "13"}, base)
    assert changed.value.theirs == {"own_funds": "12"}
    assert drafts.opened(world.slot()).answers == {"own_funds": "12"}
    save(world, "money", {"own_funds": "13"}, drafts.mark(section(world, "money"), changed.value.theirs))
    assert drafts.opened(world.slot()).answers == {"own_funds": "13"}


def test_the_same_again_is_no_change(world: World) -> None:
    base = drafts.mark(section(world, "money"), {})
    first = save(world, "money", {"own_funds": "12"}, base)
    again = save(world, "money", {"own_funds": "12"}, base)
    assert again.submission == first.submission


def test_other_answers_are_another_submission(world: World) -> None:
    first = save(world, "money", {"own_funds": "12"}).submission
    assert save(world, "money", {"own_funds": "13"}).submission != first


def test_empty_answers_do_not_count_as_a_change(world: World) -> None:
    part = section(world, "money")
    assert drafts.mark(part, {"own_funds": "", "difficulties": "x"}) == drafts.mark(part, {})
    assert drafts.mark(part, {"own_funds": "1"}) != drafts.mark(part, {})


def test_saves_at_the_same_moment_follow_one_another(world: World, database: peewee.Database) -> None:
    """Each opened the page when it was empty, so one gets through, and the others are shown what it saved."""
    save(world, "text", {"difficulties": "缺水"})
    page = {str(amount): typed(world, "money", {"own_funds": str(amount)}) for amount in range(1, 5)}
    slot, start = world.slot(), threading.Barrier(len(page))

    def one(amount: str) -> str:
        with db.database.connection_context():
            start.wait()
            try:
                drafts.save(slot, world.reporter, page[amount])
            except drafts.Changed:
                return ""
        return amount

    with ThreadPoolExecutor(len(page)) as pool:
        won = [amount for amount in pool.map(one, page) if amount]
    assert len(won) == 1
    assert drafts.opened(world.slot()).answers == {"difficulties": "缺水", "own_funds": won[0]}


def test_saves_of_different_sections_at_the_same_moment_both_stay(world: World, database: peewee.Database) -> None:
    pages = [typed(world, "money", {"own_funds": "12"}), typed(world, "text", {"difficulties": "缺水"})]
    slot, start = world.slot(), threading.Barrier(2)

    def one(page: drafts.Typed) -> None:
        with db.database.connection_context():
            start.wait()
            drafts.save(slot, world.reporter, page)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, pages))
    assert drafts.opened(world.slot()).answers == {"own_funds": "12", "difficulties": "缺水"}
    assert Event.select().where(Event.slot == slot).count() == 1, "begun once"


# --- submitting ------------------------------------------------------------------------------------------------------


def test_a_version_is_made_once_and_takes_the_drafts_place(world: World) -> None:
    uuid = complete(world)
    first = sending.send(world.slot(), world.reporter, uuid, world.form.id)
    stale = world.slot()
    again = sending.send(stale, world.reporter, uuid, world.form.id)
    assert (first.id, first.receipt, first.number) == (again.id, again.receipt, 1)
    assert first.sha256 == submissions.digest(first.answers)
    assert Draft.select().count() == 0
    assert world.slot().state == "submitted"


def test_taps_at_the_same_moment_make_one_version(world: World, database: peewee.Database) -> None:
    uuid = complete(world)
    slot, start = world.slot(), threading.Barrier(4)

    def tap(_: int) -> int:
        with db.database.connection_context():
            start.wait()
            return sending.send(slot, world.reporter, uuid, world.form.id).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(tap, range(4)))) == 1
    assert Version.select().where(Version.slot == slot).count() == 1


def test_what_is_submitted_is_what_was_looked_through(world: World) -> None:
    uuid = complete(world)
    save(world, "money", {"own_funds": "99"})
    with pytest.raises(sending.Stale, match="on another device"):
        sending.send(world.slot(), world.reporter, uuid, world.form.id)
    source, filename = shipped.quarterly_report()
    newer = forms.publish(source.replace("自有资金".encode(), "自筹资金".encode()), filename)
    Round.update(form_version=newer).where(Round.id == world.now.id).execute()
    with pytest.raises(sending.Stale, match="form was changed"):
        sending.send(world.slot(), world.reporter, drafts.opened(world.slot()).submission, world.form.id)
    version = sending.send(world.slot(), world.reporter, drafts.opened(world.slot()).submission, newer.id)
    assert (version.form_version_id, version.answers["own_funds"]) == (newer.id, "99")


def test_what_is_incomplete_stays_a_draft(world: World) -> None:
    save(world, "state", {"project_state": "running", "activity": "yes"})
    with pytest.raises(sending.Incomplete) as refused:
        sending.send(world.slot(), world.reporter, drafts.opened(world.slot()).submission, world.form.id)
    assert [problem.path for problem in refused.value.problems] == ["progress_text", "may_publish"]
    assert world.slot().state == "draft"


def test_nothing_is_saved_once_it_is_submitted(world: World) -> None:
    page = typed(world, "money", {"own_funds": "12"})
    slot = world.slot()
    world.submit()
    with pytest.raises(Conflict, match="has been submitted"):
        drafts.save(slot, world.reporter, page)
    with pytest.raises(Conflict, match="has been submitted"):
        sending.send(slot, world.reporter, "7d0f", world.form.id)
    assert Draft.select().count() == 0


def test_a_returned_report_begins_with_what_was_sent(world: World) -> None:
    sent = world.submit()
    slot = world.slot()
    move = transitions.Move(action="return", person=world.county, revision=slot.revision, reason="请核对。")
    transitions.apply(slot, move)
    assert drafts.opened(world.slot()).answers == sent.answers
    save(world, "money", {"own_funds": "15000"})
    assert world.slot().state == "returned"
    assert drafts.opened(world.slot()).answers["progress_text"] == ANSWERS["progress_text"]
    second = sending.send(world.slot(), world.reporter, drafts.opened(world.slot()).submission, world.form.id)
    assert (second.number, second.receipt[:-1]) == (2, sent.receipt[:-1])
    assert Version.get_by_id(sent.id).answers == sent.answers


def test_a_report_that_was_begun_with_an_older_form_says_so(world: World) -> None:
    save(world, "money", {"own_funds": "12"})
    source, filename = shipped.quarterly_report()
    newer = forms.publish(source.replace("自有资金".encode(), "自筹资金".encode()), filename)
    Round.update(form_version=newer).where(Round.id == world.now.id).execute()
    assert drafts.opened(world.slot()).form_changed
    assert forms.shown_version(world.slot(), world.form.id) == world.form
    assert [forms.shown_version(world.slot(), each) for each in (None, newer.id, 987654)] == [newer] * 3
    save(world, "money", {"own_funds": "13"})  # by a page that still shows the older form
    assert drafts.opened(world.slot()).form_changed
    part = section(world, "money", newer)
    page = drafts.Typed(part, {"own_funds": "13"}, drafts.mark(part, {"own_funds": "13"}), newer)
    drafts.save(world.slot(), world.reporter, page)
    assert not drafts.opened(world.slot()).form_changed


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_a_report_is_there_for_its_organization_only(world: World) -> None:
    library = world.slots["library"]
    assert drafts.find([world.lotus.id], library).id == library
    refused: list[tuple[list[int], Any]] = [([world.pine.id], library), ([], library), ([world.lotus.id], 987654)]
    for organizations, slot in refused:
        with pytest.raises(NotFound, match="no such report"):
            drafts.find(organizations, slot)


def test_a_round_that_has_not_opened_shows_nothing(world: World) -> None:
    with clock.frozen(clock.now() - timedelta(days=20)):
        assert [slot.round_id for slot in drafts.due([world.lotus.id])] == [world.before.id] * 2
        with pytest.raises(NotFound):
            drafts.find([world.lotus.id], world.slots["library"])


def test_what_is_to_be_done_stands_first(world: World) -> None:
    world.submit("joint:lotus", benefits=[], outputs=[])
    slot = world.slot("joint:lotus")
    transitions.apply(slot, transitions.Move(action="return", person=None, revision=slot.revision, reason="请核对。"))
    states = [slot.state for slot in drafts.due([world.lotus.id])]
    assert states[:2] == ["returned", "open"]
    assert drafts.due([]) == []


def test_last_quarter_is_the_newest_earlier_one_of_the_same_project(world: World) -> None:
    found = drafts.last_quarter(world.slot())
    assert found is not None
    assert found.answers["own_funds"] == "8000"
    assert drafts.last_quarter(world.slot("orchard")) is None


# --- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("| decimal | own_funds |", "| decimall | own_funds |", ("survey", "type")),
        ("${activity} = 'yes' |", "${activities_} = 'yes' |", ("survey", "relevant")),
        (". >= 0 |", ". => 0 |", ("survey", "constraint")),
        ("| select_one yes_no | activity |", "| select_one yesno | activity |", ("survey", "type")),
        ("| yes_no | yes | 是 |", "| yes_no | y es | 是 |", ("choices", "name")),
    ],
)
def test_a_spreadsheet_that_cannot_be_used_changes_nothing_and_says_where(
    world: World, old: str, new: str, where: tuple[str, str]
) -> None:
    source, filename = shipped.quarterly_report()
    broken = source.decode().replace(old, new, 1)
    assert broken.encode() != source
    row = _row_of(broken, new)
    with pytest.raises(FormError) as refused:
        forms.publish(broken.encode(), filename)
    first = refused.value.problems[0]
    assert (first.sheet, first.column, first.row) == (*where, row)
    assert first.reason
    assert FormVersion.select().count() == 1
    assert world.slot().round.form_version == world.form


def _row_of(source: str, text: str) -> int:
    """The row of a sheet, counted from its header, in which a text stands."""
    lines = source.splitlines()
    number = next(number for number, line in enumerate(lines) if text in line)
    sheet = max(start for start in range(number) if lines[start].count("|") == 2)
    return number - sheet


@pytest.mark.parametrize("source", [b"", b"PK\x03\x04 no archive", b"\xff\xfe\x00", b"| survey |\n"])
def test_what_is_no_spreadsheet_is_refused(world: World, source: bytes) -> None:
    for filename in ("report.xlsx", "report.md", "report.csv", "report.exe"):
        with pytest.raises(FormError):
            forms.publish(source, filename)
    assert FormVersion.select().count() == 1
