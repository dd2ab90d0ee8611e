"""New versions of a form: looked at first, published for the rounds that take them, never twice by accident."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import peewee
import pytest

from reportsvc import clock
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms import importer, shipped
from reportsvc.forms.importer import FormError
from reportsvc.models import FormProposal, FormVersion, Round
from reportsvc.projects import regions
from reportsvc.reports import drafts, editions, forms, proposals
from tests.support.world import World, build

HERE = (regions.PROVINCE,)
ELSEWHERE = ("130826",)


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def changed(new: str = "自筹资金", old: str = "自有资金") -> proposals.Upload:
    source, filename = shipped.quarterly_report()
    return proposals.Upload(filename, source.replace(old.encode(), new.encode()))


def propose(world: World, new: str = "自筹资金") -> FormProposal:
    return proposals.propose(world.campaign, changed(new), world.province)


def decide(world: World, *rounds: Round, seen: FormVersion | None = None) -> proposals.Decision:
    return proposals.Decision(world.province, (seen or world.form).id, tuple(one.id for one in rounds))


def test_a_proposal_is_asked_of_nobody(world: World) -> None:
    proposal = propose(world)
    assert drafts.opened(world.slot()).form_version == world.form
    assert FormVersion.select().count() == 1
    assert proposals.waiting(HERE) == [proposal]
    assert propose(world) == proposal  # the same bytes again, by whomever
    [one] = proposals.changes(proposal, world.form)
    assert (one.kind, one.name, [(each.what, each.before, each.after) for each in one.aspects]) == (
        "changed", "own_funds", [("text", "自有资金", "自筹资金")],
    )  # fmt: skip


def test_a_round_takes_what_is_published_and_drafts_keep_what_was_typed(world: World) -> None:
    part = forms.form_of(world.form).section("money")
    assert part is not None
    typed = drafts.Typed(part, {"own_funds": "12"}, drafts.mark(part, {}), world.form)
    drafts.save(world.slot(), world.reporter, typed)
    proposal = propose(world)
    assert proposals.rounds(proposal) == [world.now]  # the other is over
    version = proposals.publish(HERE, proposal.id, decide(world, world.now))
    assert (version.number, version.form_id) == (2, world.form.form_id)
    opened = drafts.opened(world.slot())
    assert (opened.form_version, opened.form_changed, opened.answers["own_funds"]) == (version, True, "12")
    assert Round.get_by_id(world.before.id).form_version_id == world.form.id
    assert FormVersion.get_by_id(world.form.id).definition == world.form.definition
    assert proposals.waiting(HERE) == []
    [[newer, older]] = editions.listing(HERE)
    assert (newer.version.id, newer.publisher, newer.rounds) == (version.id, world.province.name, (world.now,))
    assert (older.version.id, older.publisher, older.rounds) == (world.form.id, "", (world.before,))


def test_nothing_is_published_over_what_somebody_else_published_meanwhile(world: World) -> None:
    first, second = propose(world), propose(world, "本单位资金")
    version = proposals.publish(HERE, first.id, decide(world, world.now))
    with pytest.raises(Conflict, match="published in the meantime, as version 2"):
        proposals.publish(HERE, first.id, decide(world, world.now, seen=version))
    with pytest.raises(Conflict, match="Look at what changes"):
        proposals.publish(HERE, second.id, decide(world, world.now))
    assert FormVersion.select().count() == 2
    assert proposals.publish(HERE, second.id, decide(world, world.now, seen=version)).number == 3


def test_of_two_who_publish_at_the_same_moment_one_is_told(world: World, database: peewee.Database) -> None:
    ids = [propose(world).id, propose(world, "本单位资金").id]

    def publish(proposal: int) -> str:
        with database.connection_context():
            try:
                return str(proposals.publish(HERE, proposal, decide(world, world.now)).number)
            except Conflict as error:
                return error.message

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, ids)) == ["2", proposals.OVERTAKEN]
    assert FormVersion.select().count() == 2


def test_what_differs_in_nothing_is_no_new_version(world: World) -> None:
    proposal = proposals.propose(world.campaign, changed("自有资金"), world.province)
    assert proposals.changes(proposal, world.form) == []
    assert proposals.publish(HERE, proposal.id, decide(world, world.now)) == world.form
    assert editions.listing(HERE)[0][0].publisher == ""


def test_a_round_that_is_over_or_another_form_s_keeps_its_form(world: World) -> None:
    proposal = propose(world)
    with clock.frozen(clock.now() + timedelta(days=60)):
        assert proposals.rounds(proposal) == []
        proposals.publish(HERE, proposal.id, decide(world, world.now, world.before))
    assert {one.form_version_id for one in Round.select()} == {world.form.id}


def test_a_new_form_is_its_first_version(world: World) -> None:
    source = b"| survey |\n| | type | name | label |\n| | text | a | A |\n"
    proposal = proposals.propose(world.campaign, proposals.Upload("needs.md", source), world.province)
    assert [one.kind for one in proposals.changes(proposal, None)] == ["added", "added"]
    version = proposals.publish(HERE, proposal.id, proposals.Decision(world.province, None))
    assert (version.form_id, version.number) == ("needs", 1)
    assert [one[0].version.form_id for one in editions.listing(HERE)] == ["needs", "quarterly_report"]


def test_problems_name_their_place_and_nothing_is_kept(world: World) -> None:
    with pytest.raises(FormError) as caught:
        proposals.propose(world.campaign, changed("money.moon", "money.own_funds"), world.province)
    [problem] = caught.value.problems
    assert (problem.sheet, problem.column) == ("survey", "bind::reportsvc:indicator")
    survey = b"| survey |\n| | type | name | label |\n| | text | a | A |\n"
    long = b"| settings |\n| | form_id | form_title |\n| | " + b"a" * 70 + b" | A |\n" + survey
    with pytest.raises(FormError) as caught:
        proposals.propose(world.campaign, proposals.Upload("a.md", long), world.province)
    assert [(one.sheet, one.column) for one in caught.value.problems] == [("settings", "form_id")]
    assert FormProposal.select().count() == 0


def test_a_proposal_is_there_for_its_publishers_only_until_it_is_discarded(world: World) -> None:
    proposal = propose(world)
    assert proposals.waiting(ELSEWHERE) == []
    for refused in (proposals.find, proposals.discard):
        with pytest.raises(NotFound):
            refused(ELSEWHERE, proposal.id)
    with pytest.raises(NotFound):
        proposals.publish(ELSEWHERE, proposal.id, decide(world, world.now))
    assert editions.listing(ELSEWHERE) == []
    proposals.discard(HERE, proposal.id)
    with pytest.raises(NotFound):
        proposals.find(HERE, proposal.id)


def test_a_version_comes_back_as_it_was_uploaded_and_as_a_workbook_with_its_lists(world: World) -> None:
    source = b"| survey |\n| | type | name | label |\n| | select_one_from_file towns.csv | a | A |\n"
    towns = b"name,label\nx,X\n"
    upload = proposals.Upload("C:\\forms\\needs.md", source, {"towns.csv": towns})
    proposal = proposals.propose(world.campaign, upload, world.province)
    version = editions.find(HERE, proposals.publish(HERE, proposal.id, proposals.Decision(world.province, None)).id)
    assert (version.filename, bytes(version.source)) == ("needs.md", source)
    name, workbook = editions.as_workbook(version)
    assert name == "needs-v1.xlsx"
    read = importer.read(workbook, "needs.xlsx", {"towns.csv": editions.list_file(version, "towns.csv")})
    assert read == forms.form_of(version)
    with pytest.raises(NotFound):
        editions.list_file(version, "others.csv")
