"""Difficulties: out of reports and on the spot, along the levels, until who raised them says that they are solved."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import peewee
import pytest
from click.testing import CliRunner

from reportsvc import cli, clock, db, totals
from reportsvc.accounts import people
from reportsvc.cli.wiring import Wiring
from reportsvc.difficulties import confirming, counting, finding, handling, kinds, raising, rules, transitions
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.models import Difficulty, DifficultyEvent, Participation, Person
from reportsvc.projects import regions, workdays
from tests.support.world import CITY, COUNTY, OTHER_COUNTY, World, build

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""A week without holidays."""


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def part(world: World, code: str = "P1") -> int:
    query = Participation.select().join(raising.Project).where(raising.Project.code == code)
    return next(one.id for one in query if one.organization_id == world.lotus.id)


def raised(world: World, **changes: object) -> Difficulty:
    values: dict[str, object] = {
        "submission": str(uuid4()), "participation": part(world), "kind": "goods", "urgency": "soon",
        "asked": "receiver", "text": "缺两台电脑，想请县里协调。", **changes,
    }  # fmt: skip
    return raising.on_the_spot((world.lotus.id,), world.reporter, raising.Raised(**values))  # type: ignore[arg-type]


def hand(world: World, found: Difficulty, code: str = COUNTY, person: Person | None = None) -> handling.Hand:
    return handling.Hand(regions.scope(code), person or world.county, found.revision)


def raiser(world: World, found: Difficulty) -> confirming.Raiser:
    return confirming.Raiser((world.lotus.id,), world.reporter, found.revision)


def actions(found: Difficulty) -> list[str]:
    return [event.action for event in finding.history(found)]


@pytest.mark.parametrize(
    "text",
    ["", "无", "无。", " 没有 ", "暂无", "暂时没有困难", "本季度没有遇到困难。", "无困难和问题", "没有什么困难",
     "None", "N/A", "no", "-", "0", "——", "目前无需协调的事项", "未遇到明显困难", "没有了", "no difficulties"],
)  # fmt: skip
def test_words_that_say_that_there_is_none(text: str) -> None:
    assert kinds.says_nothing(text)


@pytest.mark.parametrize(
    "text",
    ["无水可用", "没有电", "无人参加", "没有资金", "村里没有网络，无法上课。", "no water", "暂时没有场地", "缺人",
     "没有车去村里", "没有困难户名单"],
)  # fmt: skip
def test_words_that_only_begin_like_that_are_a_difficulty(text: str) -> None:
    assert not kinds.says_nothing(text)


def test_a_report_that_tells_of_one_opens_it_and_a_correction_changes_its_words(world: World) -> None:
    version = world.submit(difficulties="缺少讲解员。")
    found = Difficulty.get()
    assert (found.slot_id, found.version_id, found.text, found.state) == (
        world.slots["library"], version.id, "缺少讲解员。", "open",
    )  # fmt: skip
    assert (found.owner_region_id, found.raised_by_id, found.region_id) == (COUNTY, world.reporter.id, COUNTY)
    returned(world)
    again = world.submit(difficulties="缺少讲解员和场地。")
    found = Difficulty.get()
    assert (found.text, found.version_id, actions(found)) == ("缺少讲解员和场地。", again.id, ["raise", "update"])
    returned(world)
    world.submit(difficulties="缺少讲解员和场地。")
    assert actions(Difficulty.get()) == ["raise", "update"], "the same words again are nothing new"
    returned(world)
    world.submit(difficulties="没有。")
    assert Difficulty.get().state == "withdrawn"
    returned(world)
    world.submit(difficulties="缺少讲解员和场地。")
    found = Difficulty.get()
    assert (found.state, found.closed_at, Difficulty.select().count()) == ("open", None, 1)
    assert found.due is not None


def returned(world: World) -> None:
    from reportsvc import reviews  # noqa: PLC0415 - used here alone

    slot = world.slot()
    reviews.send_back(regions.scope(COUNTY), slot.id, world.county, slot.revision, reason="请核对。")


def test_a_report_that_tells_of_none_opens_nothing(world: World) -> None:
    world.submit(difficulties="暂无。")
    world.submit("joint:lotus")
    assert Difficulty.select().count() == 0
    assert DifficultyEvent.select().count() == 0


def test_the_same_words_of_the_quarter_before_are_still_the_same_difficulty(world: World) -> None:
    found = raised(world, text="缺少讲解员。")
    version = world.submit(difficulties="缺少讲解员。")
    assert Difficulty.select().count() == 1
    assert actions(found) == ["raise", "again"]
    assert finding.history(found)[-1].version_id == version.id


def test_a_corrected_text_opens_a_solved_one_again(world: World) -> None:
    world.submit(difficulties="缺少讲解员。")
    confirming.solved(raiser(world, Difficulty.get()), Difficulty.get().id)
    returned(world)
    world.submit(difficulties="缺少讲解员。")
    assert Difficulty.get().state == "solved"
    returned(world)
    world.submit(difficulties="讲解员又走了。")
    assert (Difficulty.get().state, Difficulty.get().text) == ("open", "讲解员又走了。")


def test_if_the_difficulty_can_t_be_opened_the_report_is_not_sent_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportsvc.difficulties.transitions.write", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        world.submit(difficulties="缺少讲解员。")
    assert world.slot().state == "open"
    assert Difficulty.select().count() == 0


def test_raised_on_the_spot_twice_it_is_one(world: World) -> None:
    name = str(uuid4())
    assert raised(world, submission=name) == raised(world, submission=name)
    assert Difficulty.select().count() == 1
    other = Participation.get(Participation.organization == world.pine.id).id
    values = raising.Raised(name, other, "goods", "soon", "receiver", "缺水。")
    with pytest.raises(Conflict):
        raising.on_the_spot((world.pine.id,), world.other_reporter, values)


def test_raised_twice_at_the_same_moment_it_is_one(world: World) -> None:
    name, start = str(uuid4()), threading.Barrier(3)

    def press(_: int) -> int:
        with db.connected():
            start.wait()
            return raised(world, submission=name).id

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(press, range(3)))) == 1
    assert DifficultyEvent.select().count() == 1


def test_everything_that_is_wrong_is_named_at_once(world: World) -> None:
    with pytest.raises(raising.Unfit) as refused:
        raised(world, participation=0, kind="weather", urgency="", text="无")
    assert set(refused.value.fields) == {"participation", "kind", "urgency", "text"}
    pines = Participation.get(Participation.organization == world.pine.id).id
    with pytest.raises(raising.Unfit) as refused:
        raised(world, participation=pines)
    assert set(refused.value.fields) == {"participation"}, "a project of others is none of ours"


@pytest.mark.parametrize(
    ("kind", "urgency", "days"),
    [("goods", "urgent", 2), ("goods", "soon", 5), ("goods", "normal", 10), ("funds", "normal", 15),
     ("funds", "urgent", 2)],
)  # fmt: skip
def test_the_day_goes_by_kind_and_urgency(world: World, kind: str, urgency: str, days: int) -> None:
    with clock.frozen(MONDAY):
        found = raised(world, kind=kind, urgency=urgency)
        assert found.due == workdays.after(clock.today(), days)


def test_the_owner_goes_by_kind_and_by_who_reviews_where(world: World) -> None:
    assert raised(world).owner_region_id == COUNTY
    assert raised(world, kind="policy").owner_region_id == regions.PROVINCE, "nobody reviews in the city"
    people.grant(people.create_person("杨城", "13800000077"), people.REVIEWER, region=CITY)
    assert raised(world, kind="policy").owner_region_id == CITY
    assert raised(world, participation=part(world, "P3")).owner_region_id == CITY, "two counties of one city"


def test_a_campaign_may_have_its_own_rules(world: World) -> None:
    own = rules.Rules(days={"urgent": 1, "soon": 3, "normal": 4}, more={}, starts={"goods": "province"}, confirm=6)
    rules.keep(world.campaign, own)
    rules.keep(world.campaign, own)
    with clock.frozen(MONDAY):
        found = raised(world, urgency="normal")
        assert (found.owner_region_id, found.due) == (regions.PROVINCE, workdays.after(clock.today(), 4))
    for wrong in (
        rules.Rules(confirm=0),
        rules.Rules(days={"urgent": 1}),
        rules.Rules(starts={"goods": "village"}),
        rules.Rules(more={"weather": 2}),
    ):
        with pytest.raises(Invalid):
            rules.keep(world.campaign, wrong)


def test_from_the_first_word_to_solved(world: World) -> None:
    found = raised(world)
    found = handling.take(hand(world, found), found.id)
    assert (found.state, found.owner_id) == ("working", world.county.id)
    found = handling.answer(hand(world, found), found.id, "下周三送两台电脑到村。")
    assert (found.state, found.due) == ("answered", rules.raiser_due(found.campaign_id))
    assert finding.answered((world.lotus.id,)) == 1
    found = confirming.not_solved(raiser(world, found), found.id, "还没有送到。")
    assert (found.state, found.owner_id) == ("working", world.county.id)
    found = handling.answer(hand(world, found), found.id, "今天已送到，请查收。")
    found = confirming.solved(raiser(world, found), found.id, "收到了，谢谢。")
    assert (found.state, found.due, found.closed_at is not None) == ("solved", None, True)
    assert actions(found) == ["raise", "take", "answer", "deny", "answer", "confirm"]
    found = confirming.reopen(raiser(world, found), found.id, "一台坏了。")
    assert (found.state, found.closed_at, found.due is not None) == ("open", None, True)


def test_handed_on_it_is_the_other_level_s_turn_with_its_own_days(world: World) -> None:
    found = handling.take(hand(world, raised(world)), Difficulty.get().id)
    with pytest.raises(Invalid, match="Say why"):
        handling.hand_on(hand(world, found), found.id, regions.PROVINCE, "  ")
    with pytest.raises(Invalid, match="whom"):
        handling.hand_on(hand(world, found), found.id, OTHER_COUNTY, "请协助。")
    found = handling.hand_on(hand(world, found), found.id, regions.PROVINCE, "县里没有这类设备。")
    assert (found.state, found.owner_region_id, found.owner_id) == ("open", regions.PROVINCE, None)
    with pytest.raises(Conflict, match="not your turn"):
        handling.answer(hand(world, found), found.id, "已解决。")
    assert handling.note(hand(world, found), found.id, "补充：村里有场地。").state == "open"
    found = handling.hand_on(
        hand(world, Difficulty.get(), regions.PROVINCE, world.province), found.id, COUNTY, "请县里先核实。"
    )
    assert found.owner_region_id == COUNTY


def test_handed_to_an_office_it_stays_with_who_did_so(world: World) -> None:
    found = raised(world)
    with pytest.raises(Invalid, match="Name the office"):
        handling.refer(hand(world, found), found.id, "", "请协助。")
    found = handling.refer(hand(world, found), found.id, "县教育局", "请教育局协调场地。")
    assert (found.state, found.owner_id, found.department, found.asked) == (
        "working", world.county.id, "县教育局", "department",
    )  # fmt: skip


def test_sorted_anew_its_day_is_counted_anew(world: World) -> None:
    with clock.frozen(MONDAY):
        found = raised(world, urgency="normal")
        found = handling.sort(hand(world, found), found.id, kind="goods", urgency="urgent", asked="helper")
        assert (found.due, found.asked) == (workdays.after(clock.today(), 2), "helper")
        event = finding.history(found)[-1]
        assert event.data["urgency"] == ["normal", "urgent"]
        with pytest.raises(Invalid):
            handling.sort(hand(world, found), found.id, kind="weather", urgency="urgent", asked="helper")


def test_a_level_above_may_act_for_one_below_and_then_it_is_its_turn(world: World) -> None:
    found = raised(world)
    found = handling.answer(hand(world, found, regions.PROVINCE, world.province), found.id, "省厅已协调。")
    assert (found.owner_region_id, found.owner_id) == (regions.PROVINCE, world.province.id)


def test_nobody_sees_or_touches_what_is_out_of_scope(world: World) -> None:
    found = raised(world)
    theirs = hand(world, found, OTHER_COUNTY, world.other_county)
    others = confirming.Raiser((world.pine.id,), world.other_reporter, found.revision)
    attempts: list[Callable[[], object]] = [
        lambda: handling.take(theirs, found.id),
        lambda: handling.note(theirs, found.id, "看看。"),
        lambda: handling.answer(theirs, found.id, "好。"),
        lambda: confirming.solved(others, found.id),
        lambda: confirming.note(others, found.id, "看看。"),
        lambda: finding.find((OTHER_COUNTY,), found.id),
        lambda: finding.find_mine((world.pine.id,), found.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert finding.listing(finding.search(regions.scope(OTHER_COUNTY), finding.Filter(), world.other_county.id)) == []
    assert finding.mine((world.pine.id,)) == ([], 0)
    assert actions(found) == ["raise"]


def test_what_was_seen_before_it_changed_decides_nothing(world: World) -> None:
    seen = raised(world)
    handling.note(hand(world, seen), seen.id, "已联系村里。")
    attempts: list[Callable[[], object]] = [
        lambda: handling.take(hand(world, seen), seen.id),
        lambda: handling.note(hand(world, seen), seen.id, "好。"),
        lambda: handling.answer(hand(world, seen), seen.id, "好。"),
        lambda: confirming.solved(raiser(world, seen), seen.id),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict):
            attempt()
    assert actions(seen) == ["raise", "note"]


def test_of_three_at_the_same_moment_one_is_done(world: World, database: peewee.Database) -> None:
    found = raised(world)
    start = threading.Barrier(3)

    def press(act: Callable[[], Difficulty]) -> str:
        with db.connected():
            start.wait()
            try:
                return act().state
            except ReportsvcError as error:
                return type(error).__name__

    with ThreadPoolExecutor(3) as pool:
        ends = sorted(
            pool.map(
                press,
                (
                    lambda: handling.take(hand(world, found), found.id),
                    lambda: handling.answer(hand(world, found), found.id, "好。"),
                    lambda: confirming.solved(raiser(world, found), found.id),
                ),
            )
        )
    assert ends[:2] == ["Conflict", "Conflict"]
    assert len(actions(found)) == 2


def test_counts_for_the_circular_stand_as_they_were_at_the_end_of_the_quarter(world: World) -> None:
    with clock.frozen(datetime(2026, 9, 30, 15, tzinfo=UTC)):
        one, two, three = raised(world), raised(world, kind="funds"), raised(world, kind="sales")
        handling.answer(hand(world, two), two.id, "已拨付。")
        confirming.solved(raiser(world, three), three.id)
        gone = raised(world, kind="other")
        withdrawn = transitions.Step(action="withdraw", side=transitions.RAISER, person=None, revision=gone.revision)
        transitions.apply(gone, withdrawn)
    with clock.frozen(datetime(2026, 9, 30, 17, tzinfo=UTC)):  # 1 October in China
        raised(world, kind="permits")
        confirming.solved(raiser(world, one), one.id)
    third, fourth = totals.Quarter(2026, 3), totals.Quarter(2026, 4)
    assert counting.counts(world.campaign, third) == counting.Counts(4, 1, {"funds": 1, "goods": 1})
    assert counting.counts(world.campaign, fourth) == counting.Counts(5, 2, {"funds": 1, "permits": 1})
    assert counting.counts(world.campaign, totals.Quarter(2026, 2)) == counting.Counts(0, 0, {})


def test_found_by_filter_and_counted_by_column(world: World) -> None:
    with clock.frozen(MONDAY):
        late = raised(world, urgency="urgent", text="缺水。")
    with clock.frozen(datetime(2026, 11, 30, 2, tzinfo=UTC)):
        taken = handling.take(hand(world, raised(world, kind="funds")), Difficulty.get(Difficulty.kind == "funds").id)
        done = confirming.solved(raiser(world, raised(world, kind="sales")), Difficulty.get(kind="sales").id)
        scope = regions.scope(CITY)

        def found(**wanted: str) -> set[int]:
            return {one.id for one in finding.listing(finding.search(scope, finding.Filter(**wanted), world.county.id))}

        assert found() == {late.id, taken.id, done.id}
        assert found(overdue="1") == {late.id}
        assert found(owner="me") == {taken.id}
        assert found(owner="none") == {late.id}
        assert found(owner="province") == set()
        assert found(kind="sales") == found(state="closed") == {done.id}
        assert found(county=OTHER_COUNTY) == set()
        assert found(county="nosuch") == set()
        assert found(county=COUNTY, urgency="soon", asked="receiver") == {taken.id, done.id}
        sought = finding.search(scope, finding.Filter(state="closed"), world.county.id)
        columns = finding.board(sought, finding.numbers(sought))
        assert [(one.name, one.count, [card.id for card in one.cards]) for one in columns] == [
            ("open", 1, [late.id]), ("working", 1, [taken.id]), ("answered", 0, []), ("closed", 1, [done.id]),
        ]  # fmt: skip


def test_a_campaign_s_rules_are_set_at_the_command_line(world: World, tmp_path: Path) -> None:
    class Held(Wiring):
        @contextmanager
        def database(self) -> Iterator[object]:
            yield None  # the test's own is open already

    commands = cli.build(Held(*[lambda *_: None] * 4))  # type: ignore[arg-type]  # nothing of it is called
    asked = ["difficulties", "rules", "--campaign", world.campaign.code]
    assert json.loads(CliRunner().invoke(commands, asked).output)["confirm"] == 10
    file = tmp_path / "rules.json"
    file.write_text('{"confirm": 7, "more": {}}', "utf-8")
    result = CliRunner().invoke(commands, [*asked, "--from", str(file)])
    assert result.exit_code == 0, result.output
    assert (rules.of(world.campaign.id).confirm, rules.of(world.campaign.id).days["urgent"]) == (7, 2)
    for wrong in ('{"confirm": "7"}', '{"sunday": 1}', "[", '{"days": {"urgent": 0, "soon": 1, "normal": 2}}'):
        file.write_text(wrong, "utf-8")
        assert isinstance(CliRunner().invoke(commands, [*asked, "--from", str(file)]).exception, Invalid)
    assert rules.of(world.campaign.id).confirm == 7
