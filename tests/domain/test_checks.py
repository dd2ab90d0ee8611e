"""Rules are data; what they find is kept as flags: when a report is sent, and by the job over whole quarters."""

from __future__ import annotations

import runpy
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import peewee
import pytest
from playhouse.migrate import SchemaMigrator

from reportsvc import attachments, db, photos
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import (
    CheckRule,
    Flag,
    Indicator,
    Photo,
    Project,
    ProjectPlan,
    Round,
    Slot,
    Spread,
    Version,
)
from reportsvc.projects import campaigns, rules
from reportsvc.reports import doubts, drafts, explaining, forms, sending
from reportsvc.reports.checks import flags, looking, quarters, running, shared
from tests.support import pictures
from tests.support.world import ANSWERS, COUNTY, OTHER_COUNTY, World, build

LONG = "为两个村配齐图书，组织志愿者辅导，每周六上午开放，借阅登记由村妇联负责，照片和签收表随季报存档，群众反映很好。"
OTHER = "完全不同的一段话，说的是另外一件事情，走访了七个村，签收单已经留存，照片也交上来了，下季度继续做下去。"
WHY = "企业一次性捐建一栋教学楼。"


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


@pytest.fixture
def store(tmp_path: Path) -> attachments.Folder:
    return attachments.Folder(tmp_path / "files")


def fill(world: World, name: str = "library", **changes: object) -> None:
    slot = world.slot(name)
    person = world.reporter if slot.organization_id == world.lotus.id else world.other_reporter
    for part in forms.form_of(world.form).sections:
        mark = drafts.mark(part, drafts.opened(world.slot(name)).answers)
        given = {**ANSWERS, **changes}
        drafts.save(world.slot(name), person, drafts.Typed(part, drafts.part(part, given), mark, world.form))


def send(world: World, name: str = "library", **texts: str) -> Version:
    slot = world.slot(name)
    person = world.reporter if slot.organization_id == world.lotus.id else world.other_reporter
    return sending.send(slot, person, drafts.opened(slot).submission, world.form.id, texts)


def doubted(world: World, name: str = "library") -> list[doubts.Doubt]:
    slot, form = world.slot(name), forms.form_of(world.form)
    return explaining.of_answers(slot, form, forms.checked(slot, form, drafts.opened(slot).answers).answers)


def strict(world: World, kind: str, severity: str, **parameters: str) -> None:
    row = CheckRule.get(CheckRule.campaign == world.campaign, CheckRule.kind == kind)
    row.severity, row.parameters = severity, row.parameters | parameters
    row.save()


def run(world: World, store: attachments.Folder, owed: Round | None = None) -> int:
    return running.quarter((owed or world.now).id, store, lambda *_: None)


def found(version: Version) -> list[tuple[str, str]]:
    return [(one.doubt.rule, one.severity) for one in flags.of_version(Version.get_by_id(version.id))]


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_campaign_begins_with_a_rule_of_each_kind(world: World) -> None:
    standing = rules.of(world.campaign.id)
    assert [one.kind for one in standing] == list(rules.KINDS)
    assert {one.kind for one in standing if one.severity == "explain"} == {"fell", "jump", "plan", "place"}


def test_campaigns_that_stood_before_begin_with_the_same(world: World, database: peewee.Database) -> None:
    wanted = [(one.kind, one.severity, one.active, one.parameters) for one in rules.of(world.campaign.id)]
    for table in ("flag", "check_trial", "spread", "check_rule", "project_plan"):
        database.execute_sql(f"DROP TABLE {table}")
    for table in ("photo", "answer_file"):
        database.execute_sql(f"ALTER TABLE {table} DROP COLUMN dhash")
    script = runpy.run_path(str(db.MIGRATIONS / "0012_checks.py"))
    with database.atomic():
        script["up"](SchemaMigrator.from_database(database), database)
    standing = rules.of(world.campaign.id)
    assert [(one.kind, one.severity, one.active, one.parameters) for one in standing] == wanted


def test_rules_are_changed_as_typed_or_not_at_all(world: World) -> None:
    standing = rules.of(world.campaign.id)
    typed = rules.read(standing, {"jump.severity": "must_fix", "jump.times": " 2０ ", "jump.floor": "5,000"})
    assert typed.wrong == {}
    assert rules.keep(world.campaign, typed, world.province)
    jump = next(one for one in rules.of(world.campaign.id) if one.kind == "jump")
    assert (jump.severity, jump.active, dict(jump.parameters)) == ("must_fix", False, {"times": 20, "floor": 5000})
    assert [one for one in rules.of(world.campaign.id) if one.kind != "jump"] == [
        one for one in standing if one.kind != "jump"
    ]
    assert not rules.keep(world.campaign, rules.read(rules.of(world.campaign.id), {}), world.province)


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"jump.severity": "explain", "jump.times": "1", "jump.floor": "0"}, "jump.times"),
        ({"jump.severity": "explain", "jump.times": "2.5", "jump.floor": "0"}, "jump.times"),
        ({"jump.severity": "explain", "jump.times": "10", "jump.floor": "viel"}, "jump.floor"),
        ({"jump.severity": "explain", "jump.times": "10", "jump.floor": "nan"}, "jump.floor"),
        ({"jump.severity": "block", "jump.times": "10", "jump.floor": "0"}, "jump.severity"),
        ({"twin.severity": "must_fix", "twin.alike": "90"}, "twin.severity"),
    ],
)
def test_what_can_not_be_is_named(world: World, posted: dict[str, str], field: str) -> None:
    typed = rules.read(rules.of(world.campaign.id), posted)
    assert list(typed.wrong) == [field]
    with pytest.raises(Invalid):
        rules.keep(world.campaign, typed, world.province)


# --- sending ---------------------------------------------------------------------------------------------------------


def test_what_must_be_fixed_blocks_whatever_is_said(world: World) -> None:
    strict(world, "jump", "must_fix")
    fill(world, own_funds="150000")
    with pytest.raises(sending.Unfit):
        send(world, **{"money.own_funds:8000:150000": WHY})
    assert Version.select().where(Version.slot == world.slot()).count() == 0
    fill(world, own_funds="15000")
    assert send(world).number == 1


def test_what_is_explained_is_a_flag_too_and_what_only_reviewers_see_asks_nothing(world: World) -> None:
    strict(world, "evidence", "look", floor="100")
    fill(world, own_funds="150000")
    assert [one.rule for one in explaining.of_answers(world.slot(), forms.form_of(world.form), {**ANSWERS})] == []
    version = send(world, **{"money.own_funds:8000:150000": WHY})
    assert found(version) == [("tenfold", "explain"), ("no_photo", "look")]
    (explained, _) = flags.of_version(Version.get_by_id(version.id))
    assert (explained.text, explained.doubt.path) == (WHY, "own_funds")
    assert flags.flagged([version.slot_id]) == {version.slot_id: "explain"}
    assert flags.counts([version.slot_id]) == {version.slot_id: {"explain": 1, "look": 1}}


def test_any_check_may_ask_for_a_sentence(world: World) -> None:
    strict(world, "unused", "explain")
    fill(world, benefits=[])
    (doubt,) = explaining.of_answers(world.slot(), forms.form_of(world.form), {**ANSWERS, "benefits": []})
    assert doubt.key == "report~unused:15000.5:0"
    with pytest.raises(sending.Unexplained):
        send(world)
    version = send(world, **{doubt.key: "资金已拨付，下季度发放。"})
    assert [one.text for one in flags.of_version(version)] == ["资金已拨付，下季度发放。"]


def test_the_quarters_are_held_against_the_plan(world: World) -> None:
    own = Indicator.get(Indicator.campaign == world.campaign, Indicator.code == "money.own_funds")
    ProjectPlan.create(project=world.slot().project_id, indicator=own, amount=1_500_000)
    fill(world)
    (doubt,) = explaining.of_answers(world.slot(), forms.form_of(world.form), ANSWERS)
    assert (doubt.rule, doubt.before, doubt.now) == ("over_plan", 15000, Decimal("20000.5"))
    assert doubt.data["percent"] == "133"


@contextmanager
def counted(database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    queries: list[str] = []
    execute = database.execute_sql

    def counting(sql: str, params: object = None, *more: object) -> object:
        queries.append(sql)
        return execute(sql, params, *more)

    with monkeypatch.context() as patched:
        patched.setattr(database, "execute_sql", counting)
        yield queries


def test_sending_takes_as_many_queries_however_much_there_is(
    world: World, database: peewee.Database, monkeypatch: pytest.MonkeyPatch, store: attachments.Folder
) -> None:
    fill(world)
    with counted(database, monkeypatch) as few:
        send(world)
    enlarge(world)
    run(world, store)
    run(world, store, world.before)
    fill(world, "orchard")
    with counted(database, monkeypatch) as many:
        send(world, "orchard")
    assert len([sql for sql in few if "FROM" in sql]) >= 10, "queries were counted"
    assert len(many) <= len(few) + 2, "one for the plan's figures, one for flags that there are now"


def enlarge(world: World) -> None:
    """Many more projects and reports, this quarter and in six earlier ones."""
    own = Indicator.get(Indicator.campaign == world.campaign, Indicator.code == "money.own_funds")
    number = world.before.year * 4 + world.before.quarter - 1
    older = [
        Round.create(
            campaign=world.campaign, year=one // 4, quarter=one % 4 + 1, form_version=world.form,
            opens=world.before.opens, due=world.before.due, closes=world.before.closes,
        )
        for one in range(number - 7, number - 1)
    ]  # fmt: skip
    orchard = world.slot("orchard")
    ProjectPlan.create(project=orchard.project_id, indicator=own, amount=10**10)
    for at, owed in enumerate(older):
        _sent(world, owed, orchard.project_id, orchard.organization_id, str(10000 + 100 * at))
    for at in range(12):
        project = campaigns.create_project(
            world.campaign, campaigns.ProjectSpec(f"Q{at}", f"第{at}号果园", "产业", (world.pine,), (OTHER_COUNTY,))
        )
        _sent(world, world.now, project.id, world.pine.id, str(1000 * (at + 1)))


def _sent(world: World, owed: Round, project: int, organization: int, funds: str, **more: object) -> Version:
    slot = Slot.create(
        round=owed, project=project, organization=organization, role="lead", region=OTHER_COUNTY, state="submitted",
        due=owed.due, current=1,
    )  # fmt: skip
    return Version.create(
        slot=slot, number=1, form_version=world.form, answers={**ANSWERS, "own_funds": funds, **more}, sha256="0" * 64,
        submission=str(uuid.uuid4()), receipt=uuid.uuid4().hex[:24], submitted_at=world.campaign.created_at,
    )  # fmt: skip


# --- the job ---------------------------------------------------------------------------------------------------------


def test_a_quarter_at_once_sees_what_each_report_sees_alone(world: World, store: attachments.Folder) -> None:
    enlarge(world)
    run(world, store, world.before)
    world.submit()
    world.submit("orchard", benefits=[{"benefit_unit": "visits", "benefit_amount": "7", "benefit_who": "果农"}])
    world.submit("joint:lotus", own_funds="20")
    whole = quarters.read(world.now)
    quarters.refresh_spreads(whole)
    together = quarters.sights(whole)
    assert len(together) == 15
    assert max(len(sight.history) for _, sight in together) >= 6
    for report, sight in together:
        version = Version.get_by_id(report.version)
        alone = looking.sight(version.slot, report.form, version.answers)
        assert alone == sight, report.project_name


def test_the_spread_of_a_category_is_kept_and_read(world: World, store: attachments.Folder) -> None:
    enlarge(world)
    run(world, store)
    kept = Spread.get(Spread.round == world.now, Spread.category == "产业", Spread.indicator == _own(world))
    assert (kept.count, kept.median, kept.distance) == (12, 650_000, 300_000), "fen"
    fill(world, "orchard", own_funds="990000")
    said = {one.key: WHY for one in doubted(world, "orchard")}
    version = send(world, "orchard", **said)
    seen = {one.doubt.rule: one.doubt for one in flags.of_version(version)}
    assert seen["above_category"].before == 6500
    assert seen["unlike_own"].now == 990000


def _own(world: World) -> Indicator:
    return Indicator.get(Indicator.campaign == world.campaign, Indicator.code == "money.own_funds")


def test_done_again_the_job_changes_nothing_and_a_closed_flag_stays(world: World, store: attachments.Folder) -> None:
    strict(world, "evidence", "look", floor="100")
    version = world.submit()
    first = run(world, store)
    before = list(Flag.select().order_by(Flag.id).dicts())
    assert first == len(before) == 1
    assert run(world, store) == first
    assert list(Flag.select().order_by(Flag.id).dicts()) == before
    flags.close(world.slot(), before[0]["id"], world.county, "电话核实")
    strict(world, "evidence", "look", floor="1000000")
    assert run(world, store) == 0
    assert [(one.word, one.closed_by) for one in flags.of_version(version)] == [("电话核实", world.county.name)]
    assert flags.flagged([version.slot_id]) == {}


def test_what_is_not_found_any_more_goes(world: World, store: attachments.Folder) -> None:
    strict(world, "evidence", "look", floor="100")
    version = world.submit()
    run(world, store)
    assert found(version) == [("no_photo", "look")]
    strict(world, "evidence", "explain")
    run(world, store)
    assert found(version) == [("no_photo", "explain")], "as strict as its rule is now"
    CheckRule.update(active=False).where(CheckRule.kind == "evidence").execute()
    assert run(world, store) == 0
    assert found(version) == []


def test_only_the_newest_version_and_the_project_count_in_lists(world: World, store: attachments.Folder) -> None:
    strict(world, "evidence", "look", floor="100")
    world.submit()
    run(world, store)
    slot = world.slot()
    Slot.update(state="returned", waiting_at=None).where(Slot.id == slot.id).execute()
    Photo.create(slot=slot, uuid=str(uuid.uuid4()), sha256="1" * 64, position=1, created_at=world.campaign.created_at)
    world.submit()
    run(world, store)
    assert flags.flagged([slot.id]) == {}
    assert Flag.select().count() == 1, "what was found about the first version is still told there"
    twin(world)
    running.projects(world.campaign.id)
    assert flags.flagged([slot.id, world.slots["orchard"]]) == {slot.id: "look"}


def test_lists_are_counted_in_one_query(
    world: World, database: peewee.Database, monkeypatch: pytest.MonkeyPatch, store: attachments.Folder
) -> None:
    strict(world, "evidence", "look", floor="100")
    enlarge(world)
    run(world, store)
    ids = [slot.id for slot in Slot.select()]
    with counted(database, monkeypatch) as queries:
        assert flags.flagged(ids)
    assert len(queries) == 1
    assert flags.flagged([]) == {}


# --- texts, photos, projects -----------------------------------------------------------------------------------------


def test_text_of_another_organizations_report(world: World, store: attachments.Folder) -> None:
    mine = world.submit(progress_text=LONG)
    partner = world.submit("joint:lotus", progress_text=LONG.replace("两个", "三个"))
    theirs = world.submit("orchard", progress_text=LONG.replace("，", "；").replace("很好", "不错"))
    other = world.submit("joint:pine", progress_text=OTHER, benefits=[])
    run(world, store)
    assert found(mine) == [("shared_text", "look")]
    assert found(partner) == found(theirs) == [("shared_text", "look")]
    assert found(other) == [("unused", "look")], "its text is its own"
    (seen,) = flags.of_version(mine)
    assert seen.doubt.data["organization"] == world.pine.name, "not our own other report"
    assert (seen.doubt.path, seen.doubt.now) == ("progress_text", 95)


def photo(world: World, store: attachments.Folder, name: str, content: bytes) -> int:
    slot = world.slot(name)
    person = world.reporter if slot.organization_id == world.lotus.id else world.other_reporter
    sent = photos.receive(store, slot, person, photos.Sent(str(uuid.uuid4()), content))
    photos.prepare(store, sent.id)
    return sent.id


def test_the_same_photo_over_all_organizations(world: World, store: attachments.Folder) -> None:
    first, smaller = pictures.saved(pictures.drawn(1)), pictures.saved(pictures.drawn(1, (200, 150)), "PNG")
    other = pictures.saved(pictures.drawn(9))
    mine = photo(world, store, "library", first)
    assert int(Photo.get_by_id(mine).dhash, 16)
    photo(world, store, "orchard", smaller)
    photo(world, store, "joint:pine", first)
    photo(world, store, "joint:lotus", other)
    CheckRule.update(active=False).where(CheckRule.kind != "shared_photo").execute()
    versions = {name: world.submit(name, benefits=[]) for name in ("library", "orchard", "joint:pine", "joint:lotus")}
    run(world, store)
    assert found(versions["library"]) == [("same_file", "look")], "the very same says more than a like one"
    assert found(versions["orchard"]) == [("same_photo", "look")]
    assert found(versions["joint:lotus"]) == []
    CheckRule.update(active=False).where(CheckRule.kind == "shared_photo").execute()
    run(world, store)
    assert Flag.select().count() == 0


def test_photos_that_were_ready_before_are_looked_at_once(world: World, store: attachments.Folder) -> None:
    one = photo(world, store, "library", pictures.saved(pictures.drawn(1)))
    before = Photo.get_by_id(one).dhash
    Photo.update(dhash=None).execute()
    assert shared.complete_hashes(store) == 1
    assert shared.complete_hashes(store) == 0
    now = Photo.get_by_id(one).dhash
    assert (int(before, 16) ^ int(now, 16)).bit_count() <= 6


def test_a_photo_that_was_used_a_quarter_ago(world: World, store: attachments.Folder) -> None:
    content = pictures.saved(pictures.drawn(1))
    slots, world.slots = world.slots, {"library": Version.get().slot_id}
    Slot.update(state="returned", waiting_at=None).where(Slot.id == world.slots["library"]).execute()
    photo(world, store, "library", content)
    earlier = world.submit()
    world.slots = slots
    photo(world, store, "library", content)
    later = world.submit()
    run(world, store)
    run(world, store, world.before)
    assert found(later) == [("same_file", "look")]
    assert found(earlier) == [], "it was there first"


def twin(world: World, name: str = "乡村图书室项目", county: str = COUNTY) -> Project:
    return campaigns.create_project(
        world.campaign, campaigns.ProjectSpec(f"T{name}{county}", name, "教育", (world.pine,), (county,))
    )


def test_a_project_under_two_names(world: World) -> None:
    Project.update(name="丰宁乡村图书室捐建项目").where(Project.id == world.slot().project_id).execute()
    same = twin(world, "丰宁乡村图书室捐建工程")
    twin(world, "丰宁乡村图书室捐建二期")
    twin(world, "丰宁乡村图书室捐建", OTHER_COUNTY)
    assert running.projects(world.campaign.id) == 2
    assert running.projects(world.campaign.id) == 2, "again, the same"
    told = {flag.project_id: flag.data["data"]["id"] for flag in Flag.select()}
    assert told == {same.id: str(world.slot().project_id), world.slot().project_id: str(same.id)}


# --- closing ---------------------------------------------------------------------------------------------------------


def test_a_flag_is_closed_once_with_a_word(world: World, store: attachments.Folder) -> None:
    strict(world, "evidence", "look", floor="100")
    world.submit()
    world.submit("orchard")
    run(world, store)
    mine = Flag.get(Flag.version == Version.get(Version.slot == world.slot()))
    with pytest.raises(NotFound):
        flags.close(world.slot("orchard"), mine.id, world.province, "没有问题")
    for word in ("", " 。", "字" * 501):
        with pytest.raises(Invalid):
            flags.close(world.slot(), mine.id, world.county, word.strip("。"))
    flags.close(world.slot(), mine.id, world.county, "电话核实")
    with pytest.raises(Conflict):
        flags.close(world.slot(), mine.id, world.province, "另一个说法")
    assert Flag.get_by_id(mine.id).word == "电话核实"
