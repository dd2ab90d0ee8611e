"""What is decided beside the review, each with who and why; and what is said about answers, and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import peewee
import pytest

from reportsvc import clock, reviews
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import AuditEntry, Event, Person, Slot
from reportsvc.projects import regions
from reportsvc.reports import behalf, drafts, forms, sending
from reportsvc.reviews import comments, exceptions
from reportsvc.reviews.exceptions import Decision
from tests.support.world import ANSWERS, CITY, COUNTY, OTHER_COUNTY, World, build

WHY = "王素梅来电：手机坏了。"


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def decision(world: World, reason: str = WHY, code: str = COUNTY, name: str = "library") -> Decision:
    seen = world.slot(name)
    return Decision(regions.scope(code), seen.id, world.county, seen.revision, reason)


def last(slot: Slot) -> Event:
    found: Event = Event.select().where(Event.slot == slot).order_by(Event.id)[-1]
    return found


def test_no_report_is_needed_and_then_it_is_again(world: World) -> None:
    slot = exceptions.excuse(decision(world, "项目已提前结束。"))
    assert (slot.state, slot.reason) == ("not_required", "项目已提前结束。")
    event = last(slot)
    assert (event.person, event.reason, event.data["region"]) == (world.county, "项目已提前结束。", COUNTY)
    with pytest.raises(Conflict):
        exceptions.excuse(decision(world))
    slot = exceptions.require(decision(world, "项目重新开始。"))
    assert (slot.state, slot.reason) == ("open", "")


def test_what_was_typed_before_a_report_was_not_required_is_still_there(world: World) -> None:
    section = forms.form_of(world.form).sections[1]
    empty = drafts.mark(section, {})
    drafts.save(world.slot(), world.reporter, drafts.Typed(section, {"own_funds": "5"}, empty, world.form))
    exceptions.excuse(decision(world))
    slot = exceptions.require(decision(world))
    assert drafts.opened(slot).answers["own_funds"] == "5"
    mark = drafts.mark(section, drafts.opened(slot).answers)
    drafts.save(slot, world.reporter, drafts.Typed(section, {"own_funds": "6"}, mark, world.form))
    assert world.slot().state == "draft"


@pytest.mark.parametrize("act", [exceptions.excuse, exceptions.begin, exceptions.nil_for])
def test_a_decision_needs_a_reason_its_region_and_what_was_seen(world: World, act: object) -> None:
    assert callable(act)
    with pytest.raises(Invalid, match="Say why"):
        act(decision(world, " \n"))
    with pytest.raises(NotFound):
        act(decision(world, code=OTHER_COUNTY))
    seen = decision(world)
    exceptions.begin(seen)
    with pytest.raises(Conflict):
        act(seen)
    world.submit()
    with pytest.raises(Conflict):
        act(decision(world))


def test_a_report_told_by_telephone_is_kept_under_the_reviewers_name(world: World) -> None:
    exceptions.begin(decision(world))
    slot = exceptions.entered_by(world.county.id, (COUNTY,), world.slots["library"])
    with pytest.raises(NotFound):
        exceptions.entered_by(world.province.id, ("130000",), slot.id)
    form = forms.form_of(world.form)
    for section in form.sections:
        names = {item.name for item in section.items}
        given = {name: value for name, value in ANSWERS.items() if name in names}
        mark = drafts.mark(section, drafts.opened(world.slot()).answers)
        drafts.save(world.slot(), world.county, drafts.Typed(section, given, mark, world.form))
    told = behalf.begun(world.slot(), world.county.id)
    assert told is not None
    submission = drafts.opened(world.slot()).submission
    version = sending.send(world.slot(), world.county, submission, world.form.id, behalf=told)
    assert (version.source, version.person) == ("on behalf", world.county)
    event = last(world.slot())
    assert (event.action, event.reason, event.data["region"]) == ("submit_on_behalf", WHY, COUNTY)
    assert world.slot().waiting_at_id == COUNTY
    with pytest.raises(NotFound):
        exceptions.entered_by(world.county.id, (COUNTY,), slot.id)


def test_a_nil_report_by_telephone(world: World) -> None:
    version = exceptions.nil_for(decision(world))
    assert (version.source, version.person, version.answers["activity"]) == ("on behalf", world.county, "no")
    event = last(world.slot())
    assert (event.action, event.reason, event.after) == ("nil_on_behalf", WHY, "submitted")


def test_more_time_for_one_and_for_all_of_a_county(world: World) -> None:
    due = world.slot().due
    day = due + timedelta(days=4)
    slot = exceptions.extend(decision(world), day)
    assert (slot.due, slot.state) == (day, "open")
    assert last(slot).data == {
        "fields": [], "region": COUNTY, "due": day.isoformat(), "was_due": due.isoformat(),
    }  # fmt: skip
    with pytest.raises(Invalid):
        exceptions.extend(decision(world), day)
    world.submit("joint:lotus")
    later, scope = day + timedelta(days=3), regions.scope(CITY)
    wanted = exceptions.Extension(scope, CITY, world.now.id, later, "汛期。")
    assert len(exceptions.extended_by(wanted)) == 3
    assert exceptions.extend_all(wanted, world.county) == (3, 0), "the one that was sent has no need of it"
    assert {world.slot(name).due for name in ("library", "orchard", "joint:pine")} == {later}
    assert exceptions.extend_all(wanted, world.county) == (0, 0)
    for place in ("130000", "999999"):
        with pytest.raises(NotFound):
            exceptions.extend_all(replace(wanted, place=place), world.county)


def test_a_return_stays_readable_while_more_time_is_given(world: World) -> None:
    world.submit()
    seen = world.slot()
    reviews.send_back(regions.scope(COUNTY), seen.id, world.county, seen.revision, reason="请核对。")
    slot = exceptions.extend(decision(world), world.slot().due + timedelta(days=9))
    assert (slot.state, slot.reason) == ("returned", "请核对。")


# --- comments --------------------------------------------------------------------------------------------------------


def say(world: World, person: Person, text: str, **more: object) -> None:
    comments.say(world.slot(), person, "own_funds", text, **more)  # type: ignore[arg-type]


def test_both_sides_talk_about_an_answer_and_notes_stay_among_reviewers(world: World) -> None:
    say(world, world.county, "请附转账凭证。", region=COUNTY)
    say(world, world.county, "这家去年也漏过。", region=COUNTY, internal=True)
    say(world, world.reporter, "已附。", internal=True)  # whoever reports has no notes among reviewers
    seen = comments.threads(world.slot(), internal=False)
    assert [one.text for thread in seen for one in thread.comments] == ["请附转账凭证。", "已附。"]
    assert [(one.person.name, one.region_id) for one in seen[0].comments] == [
        (world.county.name, COUNTY), (world.reporter.name, None),
    ]  # fmt: skip
    assert len(comments.threads(world.slot(), internal=True)) == 2
    assert comments.open_counts([world.slots["library"]]) == {world.slots["library"]: 2}
    assert comments.open_counts([world.slots["library"]], internal=False) == {world.slots["library"]: 1}


def test_a_thread_is_settled_and_opens_again_when_more_is_said(world: World) -> None:
    say(world, world.county, "请附转账凭证。", region=COUNTY)
    thread = comments.threads(world.slot(), internal=False)[0]
    with pytest.raises(NotFound):
        comments.resolve(world.slot("orchard"), world.county, thread.id, resolved=True)
    comments.resolve(world.slot(), world.county, thread.id, resolved=True)
    settled = comments.threads(world.slot(), internal=False)[0].resolved
    assert settled is not None
    assert (settled.resolved_by, settled.resolved_at <= clock.now()) == (world.county, True)
    assert comments.open_counts([world.slots["library"]]) == {}
    say(world, world.reporter, "还有一张。")
    assert comments.threads(world.slot(), internal=False)[0].resolved is None


def test_the_log_has_that_something_was_said_but_not_what(world: World) -> None:
    say(world, world.county, "请附转账凭证。", region=COUNTY)
    thread = comments.threads(world.slot(), internal=False)[0]
    comments.resolve(world.slot(), world.county, thread.id, resolved=True)
    comments.resolve(world.slot(), world.county, thread.id, resolved=False)
    entries = [one for one in AuditEntry.select().order_by(AuditEntry.sequence) if one.action.startswith("comment")]
    assert [(one.action, one.subject, one.actor) for one in entries] == [
        (action, f"slot:{world.slot().id}", world.county.id)
        for action in ("comment", "comment_settled", "comment_reopened")
    ]
    assert not any("凭证" in str(one.data) for one in entries)


@pytest.mark.parametrize(("path", "text"), [("own_funds", " \u200b"), ("own_funds", "字" * 1001), ("nosuch", "字")])
def test_a_comment_says_something_about_an_answer_of_the_form(world: World, path: str, text: str) -> None:
    with pytest.raises(Invalid):
        comments.say(world.slot(), world.county, path, text, region=COUNTY)
    assert comments.threads(world.slot(), internal=True) == []
