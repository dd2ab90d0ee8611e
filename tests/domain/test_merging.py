"""Two projects become one: no slot, version, figure, photo or event is lost, and every sum stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import uuid4

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportsvc import clock, models, reviews, totals
from reportsvc.checklist import finding, merging, sums, unmerging
from reportsvc.db import database as proxy
from reportsvc.errors import Conflict, Forbidden, Invalid, NotFound
from reportsvc.models import (
    Attachment,
    Event,
    Figure,
    Indicator,
    Organization,
    Participation,
    Photo,
    Project,
    ProjectCounty,
    ProjectEvent,
    ProjectFile,
    ProjectPlan,
    Slot,
    Version,
)
from reportsvc.projects import campaigns, regions
from reportsvc.reports import forms, submissions, transitions
from tests.support.world import COUNTY, OTHER_COUNTY, World, build

PROVINCE = finding.Staff((regions.PROVINCE,), (regions.PROVINCE,))
THROUGH = totals.Quarter(2100, 4)


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def project(code: str) -> Project:
    found: Project = Project.get(Project.code == code)
    return found


def wanted(kept: str, gone: str, *doubles: int) -> merging.Wanted:
    return merging.Wanted(project(kept).id, project(gone).id, "同一个项目用了两个名字。", frozenset(doubles))


def merge(world: World, asked: merging.Wanted) -> merging.Outcome:
    seen = merging.look(PROVINCE, world.province, asked)
    return merging.merge(PROVINCE, world.province, asked, seen.seen)


def campaign_totals(world: World) -> dict[tuple[str, str], int]:
    return totals.amounts(world.campaign, THROUGH)


def table(model: type[Any], *skip: str) -> dict[int, dict[str, Any]]:
    """Every row of a table by id, without the columns that a merge changes on purpose."""
    rows = list(model.select().dicts())
    return {row[model._meta.primary_key.name]: {name: row[name] for name in row if name not in skip} for row in rows}


def test_what_belongs_to_one_belongs_to_the_other_and_the_name_leads_there(world: World) -> None:
    """The library becomes the orchard: another county, another lead."""
    outcome = merge(world, wanted("P2", "P1"))
    assert outcome.moved == {
        "slot": 2, "version": 1, "photo": 0,
        "project_file": 0, "difficulty": 0, "participation": 1, "project_county": 1, "project_plan": 0,
    }  # fmt: skip
    kept, gone = project("P2"), project("P1")
    assert gone.merged_into_id == kept.id
    assert {row.region_id for row in ProjectCounty.select().where(ProjectCounty.project == kept)} == {
        COUNTY,
        OTHER_COUNTY,
    }
    assert kept.region_id == "130800", "both counties' city"
    assert {(one.organization_id, one.role) for one in kept.participations} == {
        (world.pine.id, "lead"), (world.lotus.id, "partner"),
    }  # fmt: skip
    assert {slot.merged_from for slot in kept.slots if slot.organization_id == world.lotus.id} == {gone.id}
    assert world.slot().role == "lead", "what it reports this quarter still counts as a lead's"
    assert outcome.after == {"money.own_funds": 800000, "benefit.visits": 320}


def test_the_next_quarter_is_owed_once_by_each(world: World) -> None:
    merge(world, wanted("P3", "P1"))
    spec = campaigns.RoundSpec(2099, 1, *(clock.today(),) * 3)
    opened = campaigns.open_round(world.campaign, world.form, spec)
    owed = [(slot.project.code, slot.organization_id) for slot in Slot.select().where(Slot.round == opened)]
    assert sorted(owed) == sorted([("P2", world.pine.id), ("P3", world.pine.id), ("P3", world.lotus.id)])


def both_reported(world: World) -> Slot:
    """The library and the joint clinic: two leads in one quarter, and 莲花 in both."""
    for name in ("library", "joint:lotus", "joint:pine"):
        where = {"benefit_county": COUNTY} if name == "joint:pine" else {}
        world.submit(
            name, benefits=[{**where, "benefit_unit": "visits", "benefit_amount": "320", "benefit_who": "村民"}]
        )
        approve(world, name)
    return world.slot("library")


def approve(world: World, name: str) -> None:
    """Whoever it waits for; the joint project's city has no step of its own."""
    slot = world.slot(name)
    while slot.waiting_at_id is not None:
        slot = reviews.endorse(
            regions.scope(slot.waiting_at_id), slot.id, world.province, slot.revision, forms.read_quantities
        )


def test_reports_of_one_quarter_both_count_until_a_person_says_they_are_the_same(world: World) -> None:
    library = both_reported(world)
    kept, gone = project("P3"), project("P1")
    found = {one.slot.id: one for one in merging.overlaps(kept, gone)}
    assert set(found) == {library.id, *(s.id for s in Slot.select().where(Slot.project == gone, Slot.id != library.id))}
    rows = {code: (gives, others) for code, gives, others in found[library.id].rows}
    assert rows["money.own_funds"] == (1_200_050, 2_400_100)
    assert rows["benefit.visits"] == (320, 320), "only leads report who benefits"
    outcome = merging.look(PROVINCE, world.province, wanted("P3", "P1"))
    assert outcome.removed == {}
    before = campaign_totals(world)
    outcome = merge(world, wanted("P3", "P1", library.id))
    assert outcome.removed == {"money.own_funds": 1_200_050, "money.raised_funds": 300_000, "benefit.visits": 320}
    after = campaign_totals(world)
    assert {key: before[key] - after.get(key, 0) for key in before} == {
        ("money.own_funds", ""): 1_200_050, ("money.raised_funds", ""): 300_000, ("benefit.visits", ""): 320,
    }  # fmt: skip
    assert world.slot("library").state == "not_required"
    assert Figure.select().join(Version).where(Version.slot == library).count() == 3, "it can still be read"
    assert [event.action for event in reviews.history(library)][-1] == "double"
    again: Any = unmerging.of(project("P3"))[0]
    unmerging.undo(PROVINCE, again.id, world.province)
    assert campaign_totals(world) == before
    assert world.slot("library").state == "approved"


def test_looking_changes_nothing(world: World) -> None:
    library = both_reported(world)
    before = [table(model) for model in models.ALL]
    merging.look(PROVINCE, world.province, wanted("P3", "P1", library.id))
    assert [table(model) for model in models.ALL] == before


def test_what_has_changed_since_it_was_looked_at_is_not_merged(world: World) -> None:
    asked = wanted("P3", "P1")
    seen = merging.look(PROVINCE, world.province, asked).seen
    world.submit("library")
    with pytest.raises(Conflict, match="changed since you looked"):
        merging.merge(PROVINCE, world.province, asked, seen)
    assert project("P1").merged_into_id is None
    assert Slot.select().where(Slot.project == project("P1")).count() == 2


def test_a_merge_is_taken_back_only_while_nothing_else_has_happened(world: World) -> None:
    merge(world, wanted("P3", "P1"))
    done = unmerging.of(project("P3"))[0]
    assert unmerging.possible(done)
    world.submit("joint:lotus")
    assert not unmerging.possible(done)
    with pytest.raises(Conflict, match="can't be taken apart"):
        unmerging.undo(PROVINCE, done.id, world.province)
    assert project("P1").merged_into_id == project("P3").id


@pytest.mark.parametrize(
    ("staff", "error"),
    [
        (finding.Staff((OTHER_COUNTY,), ()), NotFound),
        (finding.Staff((COUNTY,), ()), Forbidden),
        (finding.Staff((regions.PROVINCE,), ()), Forbidden),
    ],
)
def test_only_publishers_merge(world: World, staff: finding.Staff, error: type[Exception]) -> None:
    with pytest.raises(error):
        merging.look(staff, world.county, wanted("P3", "P1"))


def test_a_reason_is_asked_for_and_a_project_is_not_merged_with_itself_or_twice(world: World) -> None:
    asked = wanted("P3", "P1")
    seen = merging.look(PROVINCE, world.province, asked).seen
    with pytest.raises(Invalid, match="Say why"):
        merging.merge(PROVINCE, world.province, merging.Wanted(asked.kept, asked.gone), seen)
    with pytest.raises(Invalid, match="another project"):
        merging.look(PROVINCE, world.province, wanted("P1", "P1"))
    merge(world, asked)
    with pytest.raises(Invalid, match="merged already"):
        merging.look(PROVINCE, world.province, wanted("P2", "P1"))


def test_every_table_that_points_at_a_project_is_thought_of() -> None:
    """A new one is put into one of the lists of reportsvc/checklist/merging.py: does it go along, or stay?"""
    pointing = {
        field
        for model in models.ALL
        for field in model._meta.sorted_fields
        if isinstance(field, peewee.ForeignKeyField) and field.rel_model is Project
    }
    thought_of = {Slot.project, *merging.FOLLOW, *merging.STAY, *(column for column, _ in merging.MEET)}
    assert {str(field) for field in pointing} == {str(field) for field in thought_of}


# --- whatever two projects hold --------------------------------------------------------------------------------------

FIELDS: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Slot, ("project", "merged_from", "state", "revision", "waiting_at", "waiting_since", "reason")),
    (Version, ()),
    (Figure, ()),
    (Photo, ()),
    (ProjectFile, ("project",)),
    (Participation, ("project", "role")),
    (ProjectCounty, ("project",)),
    (ProjectPlan, ("project",)),
)
RULES = ("sum", "last", "max")


def fill(world: World, rng: Random) -> None:
    """Reports of many quarters at many stages, photos, plans and files, by chance."""
    for indicator in Indicator.select():
        Indicator.update(time_rule=rng.choice(RULES)).where(Indicator.id == indicator.id).execute()
    for number in range(rng.randint(0, 3)):
        spec = campaigns.RoundSpec(2090 + number, 1, *(clock.today(),) * 3)
        campaigns.open_round(world.campaign, world.form, spec)
    indicators = list(Indicator.select())
    for slot in Slot.select().where(Slot.state == "open"):
        stage = rng.choice(("open", "sent", "approved", "approved", "excused"))
        if stage == "excused":
            transitions.apply(slot, transitions.Move(action="excuse", person=None, revision=slot.revision))
        if stage in {"sent", "approved"}:
            version = submissions.submit(
                slot, world.form, world.reporter, submissions.Submission(str(uuid4()), {"project_state": "running"})
            )
            photo(slot, version)
        if stage == "approved":
            now = transitions.slot_by_id(slot.id)
            for indicator in rng.sample(indicators, 3):
                Figure.create(
                    version=version,
                    indicator=indicator,
                    region=slot.region_id,
                    value=rng.randint(1, 99),
                    path=indicator.code,
                )
            transitions.apply(now, transitions.Move(action="approve", person=None, revision=now.revision))
    for one in Project.select():
        for indicator in rng.sample(indicators, 2):
            ProjectPlan.create(project=one, indicator=indicator, amount=rng.randint(1, 99))
        kept = Attachment.get_or_create(sha256=f"{one.id:064d}", defaults={
            "media_type": "application/pdf", "filename": "x", "size": 1, "created_at": clock.now(),
        })[0]  # fmt: skip
        ProjectFile.create(project=one, attachment=kept, name="协议.pdf", kind="pdf", size=1, created_at=clock.now())


def photo(slot: Slot, version: Version) -> None:
    made = Photo.create(
        slot=slot, uuid=str(uuid4()), sha256="0" * 64, position=1, state="ready", created_at=clock.now()
    )
    models.VersionPhoto.create(version=version, photo=made, position=1, caption="", consent=True)


def photograph() -> list[dict[int, dict[str, Any]]]:
    return [table(model, *skip) for model, skip in FIELDS]


def everything() -> list[dict[int, dict[str, Any]]]:
    """All of these tables with every column; what grows by being written again is left out."""
    return [table(model, "revision") for model, _ in FIELDS]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), order=st.permutations(["P1", "P2", "P3"]), share=st.sampled_from([0.0, 0.5, 1.0]))
def test_nothing_is_lost_and_sums_stay(world: World, seed: int, order: list[str], share: float) -> None:
    """Two merges, one after another, and back again, on whatever the three projects hold."""
    with proxy.atomic() as transaction:
        rng = Random(seed)  # noqa: S311 - no secrets
        fill(world, rng)
        check_merging_and_back(world, rng, order, share)
        transaction.rollback()


def check_merging_and_back(world: World, rng: Random, order: list[str], share: float) -> None:
    first, second, third = order
    photographs, complete, events = photograph(), everything(), Event.select().count()
    sizes: list[Callable[[], int]] = [Event.select().count, ProjectEvent.select().count]
    done = []
    for kept, gone in ((second, first), (third, second)):
        before, counts = campaign_totals(world), [size() for size in sizes]
        possible = merging.overlaps(project(kept), project(gone))
        doubles = [one.slot.id for one in possible if rng.random() < share]
        outcome = merge(world, wanted(kept, gone, *doubles))
        after = campaign_totals(world)
        assert {code: value for (code, _), value in before.items() if value} == {
            code: after.get((code, ""), 0) + outcome.removed.get(code, 0)
            for code in {code for code, _ in before} if after.get((code, ""), 0) + outcome.removed.get(code, 0)
        }  # fmt: skip
        if not doubles:
            assert after == before
        assert sums.of([project(kept).id])[project(kept).id] == outcome.after
        assert [size() for size in sizes] == [counts[0] + len(doubles), counts[1] + 2]
        done.append(unmerging.of(project(kept))[0])
    assert photograph() == photographs, "every row is there, and only what a merge changes has changed"
    for one in reversed(done):
        unmerging.undo(PROVINCE, one.id, world.province)
    assert everything() == complete
    assert Event.select().count() >= events
    assert not Project.select().where(Project.merged_into.is_null(False)).exists()
    assert Organization.select().count() == 2
