"""Values that look wrong are explained or fixed before a report is sent; what is said is frozen with it, once."""

from __future__ import annotations

import runpy
import threading
from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest
from playhouse.migrate import SchemaMigrator

from reportsvc import db
from reportsvc.models import Draft, Figure, Indicator, Slot, Version
from reportsvc.reports import doubts, drafts, explaining, forms, nil, progress, sending, transitions
from tests.support.world import ANSWERS, World, build

KEY = "money.own_funds:8000:150000"
WHY = "企业一次性捐建一栋教学楼。"


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def fill(world: World, **changes: object) -> None:
    """A draft of all sections; last quarter's own funds were 8,000 yuan."""
    answers = {**ANSWERS, "own_funds": "150000", **changes}
    for part in forms.form_of(world.form).sections:
        mark = drafts.mark(part, drafts.opened(world.slot()).answers)
        drafts.save(world.slot(), world.reporter, drafts.Typed(part, drafts.part(part, answers), mark, world.form))


def uuid(world: World) -> str:
    return drafts.opened(world.slot()).submission


def send(world: World, submission: str, **texts: str) -> Version:
    return sending.send(world.slot(), world.reporter, submission, world.form.id, texts)


def doubted(world: World) -> list[doubts.Doubt]:
    held = drafts.opened(world.slot())
    form = forms.form_of(world.form)
    return explaining.of_answers(world.slot(), form, forms.checked(world.slot(), form, held.answers).answers)


def test_a_doubted_value_is_sent_only_with_an_explanation(world: World) -> None:
    fill(world)
    assert [one.key for one in doubted(world)] == [KEY]
    with pytest.raises(sending.Unexplained):
        send(world, uuid(world))
    with pytest.raises(sending.Unexplained):
        send(world, uuid(world), **{KEY: "捐建"})
    assert drafts.opened(world.slot()).explanations == {KEY: "捐建"}, "too short, but kept"
    version = send(world, uuid(world), **{KEY: WHY})
    (said,) = explaining.of_version(Version.get_by_id(version.id))
    assert (said.text, said.doubt.key, said.doubt.rule, said.doubt.path) == (WHY, KEY, "tenfold", "own_funds")


def test_or_it_is_fixed(world: World) -> None:
    fill(world)
    fill(world, own_funds="15000")
    assert doubted(world) == []
    assert send(world, uuid(world)).explanations == {}


def test_another_value_is_asked_about_again(world: World) -> None:
    fill(world)
    drafts.explain(world.slot(), world.reporter, uuid(world), {KEY: WHY})
    fill(world, own_funds="160000")
    with pytest.raises(sending.Unexplained):
        send(world, uuid(world))
    fill(world, own_funds="150000")
    assert send(world, uuid(world)).explanations["money.own_funds"]["text"] == WHY, "changed back, it is said already"


def test_an_explanation_changes_neither_answers_nor_submission(world: World) -> None:
    fill(world)
    before = drafts.opened(world.slot())
    drafts.explain(world.slot(), world.reporter, before.submission, {KEY: WHY})
    after = drafts.opened(world.slot())
    assert (after.answers, after.submission) == (before.answers, before.submission)
    fill(world, difficulties="缺水")
    assert drafts.opened(world.slot()).explanations == {KEY: WHY}, "and a save of answers keeps it"


def test_a_resend_gives_the_first_receipt_whatever_it_says(world: World) -> None:
    fill(world)
    submission = uuid(world)
    first = send(world, submission, **{KEY: WHY})
    again = send(world, submission, **{KEY: "另一种说法。"})
    assert again.id == first.id
    assert [one.text for one in explaining.of_version(Version.get_by_id(first.id))] == [WHY]
    assert Draft.select().count() == 0


def test_taps_at_the_same_moment_make_one_version_with_its_explanation(world: World) -> None:
    fill(world)
    submission, slot, start = uuid(world), world.slot(), threading.Barrier(4)

    def tap(_: int) -> int:
        with db.database.connection_context():
            start.wait()
            return sending.send(slot, world.reporter, submission, world.form.id, {KEY: WHY}).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(tap, range(4)))) == 1
    (version,) = Version.select().where(Version.slot == slot)
    assert version.explanations["money.own_funds"]["text"] == WHY
    assert Draft.select().count() == 0


def test_a_late_resend_leaves_the_returned_report_alone(world: World) -> None:
    fill(world)
    submission = uuid(world)
    first = send(world, submission, **{KEY: WHY})
    slot = world.slot()
    move = transitions.Move(action="return", person=world.county, revision=slot.revision, reason="请核对。")
    transitions.apply(slot, move)
    assert send(world, submission, **{KEY: "另一种说法。"}).id == first.id
    assert Draft.select().count() == 0
    assert drafts.opened(world.slot()).explanations == {KEY: WHY}, "it begins with what was said then"
    page = uuid(world)
    drafts.explain(world.slot(), world.reporter, page, {KEY: "另一种说法。"})
    assert uuid(world) == page, "the page that was open can still be sent"
    second = send(world, page)
    assert (second.number, second.explanations["money.own_funds"]["text"]) == (2, "另一种说法。")


def test_what_only_grows_is_doubted_when_it_falls(world: World) -> None:
    Indicator.update(kind="cumulative").where(Indicator.code == "benefit.visits").execute()
    fill(world, own_funds="8000", benefits=[{"benefit_unit": "visits", "benefit_amount": "300"}])
    assert [(one.rule, one.path) for one in doubted(world)] == [("fell", "benefits[1].benefit_amount")]


def test_a_nil_report_is_not_doubted(world: World) -> None:
    Indicator.update(kind="cumulative").execute()
    fill(world, activity="no")
    assert doubted(world) == []
    assert send(world, uuid(world)).explanations == {}
    Version.update(explanations={}).execute()
    assert nil.is_nil({"activity": "no"})


def test_without_a_last_quarter_nothing_is_doubted(world: World) -> None:
    assert explaining.of_answers(world.slot("orchard"), forms.form_of(world.form), {"own_funds": "999999999"}) == []


# --- progress --------------------------------------------------------------------------------------------------------


def standing(world: World) -> progress.Progress | None:
    return progress.of_slots([world.slot()]).get(world.slots["library"])


def test_pages_are_reached_in_their_order(world: World) -> None:
    assert standing(world) is None
    part = forms.form_of(world.form).sections[0]
    answers = {"project_state": "running", "activity": "yes"}
    drafts.save(world.slot(), world.reporter, drafts.Typed(part, answers, drafts.mark(part, {}), world.form))
    found = standing(world)
    assert found is not None
    assert [page.state for page in found.pages] == ["done", *["ahead"] * 5], "an empty page was not looked at yet"
    assert found.next is not None
    assert found.next.section.name == "money"
    fill(world, own_funds="", raised_funds="", progress_text="")
    found = standing(world)
    assert found is not None
    assert [(page.section.name, page.problems) for page in found.pages if page.state == "wrong"] == [("text", 1)]
    fill(world, own_funds="", raised_funds="")
    found = standing(world)
    assert found is not None
    assert (found.done, found.next, found.touched) == (6, None, True)


def test_the_reviewers_fields_are_found_for_many_at_once(world: World) -> None:
    world.submit()
    slot = world.slot()
    for fields in (("raised_funds",), ("own_funds", "benefits[1].benefit_amount")):
        move = transitions.Move(action="return", person=None, revision=slot.revision, reason="请核对。", fields=fields)
        slot = transitions.apply(slot, move)
        assert progress.returned_for([slot, world.slot("joint:lotus")]) == {slot.id: list(fields)}
        world.submit() if fields == ("raised_funds",) else None
        slot = world.slot()
    found = standing(world)
    assert found is not None
    assert (found.touched, found.next) == (False, None)
    assert Slot.get_by_id(slot.id).state == "returned"


# --- the columns -----------------------------------------------------------------------------------------------------


def test_reports_that_stood_before_the_columns_keep_all_they_had(world: World, database: peewee.Database) -> None:
    figures = Figure.select().count()
    assert figures
    for table in ("draft", "version"):
        database.execute_sql(f"ALTER TABLE {table} DROP COLUMN explanations")
    script = runpy.run_path(str(db.MIGRATIONS / "0008_explanations.py"))
    with database.atomic():
        script["up"](SchemaMigrator.from_database(database), database)
    assert [version.explanations for version in Version.select()] == [{}]
    assert Figure.select().count() == figures
    fill(world)
    assert Draft.get().explanations == {}
