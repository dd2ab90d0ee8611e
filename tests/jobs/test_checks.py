"""The checks' work is rows: due once for what came in, done in its turn, and the same when it is done again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import peewee
import pytest

from reportsvc import attachments, clock
from reportsvc.errors import NotFound
from reportsvc.jobs import checks as check_jobs
from reportsvc.jobs import scheduler
from reportsvc.models import CheckRule, CheckTrial, Flag, Spread, Task
from reportsvc.projects import rules
from reportsvc.reports.checks import running, trials
from tests.support.world import COUNTY, World, build


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


@pytest.fixture
def shop(tmp_path: Path) -> scheduler.Workshop:
    handlers = check_jobs.handlers(attachments.Folder(tmp_path / "files"))
    return scheduler.Workshop(handlers, check_jobs.GIVE_UP, (check_jobs.LOOK,), timedelta(seconds=60))


def later(minutes: int) -> datetime:
    return clock.now() + timedelta(minutes=minutes)


def strict() -> None:
    rule = CheckRule.get(CheckRule.kind == "evidence")
    rule.parameters = {"photos": "1", "floor": "100", "text": "10"}
    rule.save()


def test_what_came_in_is_looked_at_once_and_soon(world: World, shop: scheduler.Workshop) -> None:
    strict()
    assert scheduler.tick(shop) == 0, "more may come in"
    assert {task.kind: task.state for task in Task.select()} == {running.TASK: "due", running.PROJECTS: "due"}
    with clock.frozen(later(11)):
        assert scheduler.tick(shop) == 2
        assert scheduler.tick(shop) == 0
        assert Flag.select().count() == 1, "last quarter's report has no photo"
        assert Spread.select().count() > 0
    world.submit()
    world.submit("orchard")
    with clock.frozen(later(13)):
        assert scheduler.tick(shop) == 0
    with clock.frozen(later(24)):
        assert scheduler.tick(shop) == 1, "one quarter, however many came in"
        assert scheduler.tick(shop) == 0
    assert Flag.select().count() == 3


def test_two_schedulers_ask_for_it_once(world: World, shop: scheduler.Workshop) -> None:
    running.look()
    running.look()
    assert Task.select().count() == 2


def test_changed_rules_are_asked_again(world: World, shop: scheduler.Workshop) -> None:
    with clock.frozen(later(0)):
        scheduler.tick(shop)
    with clock.frozen(later(11)):
        scheduler.tick(shop)
        assert Flag.select().count() == 0
        strict()
        running.ask(world.campaign)
    with clock.frozen(later(12)):
        assert scheduler.tick(shop) == 2
    assert Flag.select().count() == 1


def test_a_trial_counts_and_keeps_nothing(world: World, shop: scheduler.Workshop) -> None:
    posted = {"evidence.severity": "look", "evidence.active": "on", "evidence.photos": "1", "evidence.floor": "1",
              "evidence.text": "10", "jump.severity": "look", "jump.times": "10", "jump.floor": "0"}  # fmt: skip
    typed = rules.read(rules.of(world.campaign.id), posted)
    trial = trials.ask(world.campaign, typed.rules, world.province)
    assert trial.round_id == world.before.id
    assert scheduler.tick(shop) == 1
    done = trials.find(trial.id, ("130000",))
    assert (done.state, done.reports) == ("done", 1)
    assert done.counts["evidence"] == 1
    assert "jump" not in done.counts, "it was put aside"
    assert done.counts["fell"] == 0
    assert Flag.select().count() == 0
    with pytest.raises(NotFound):
        trials.find(trial.id, (COUNTY,))


def test_a_trial_that_fails_says_so(world: World, shop: scheduler.Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = trials.ask(world.campaign, rules.of(world.campaign.id), world.province)
    monkeypatch.setattr(trials.quarters, "read", lambda _: 1 / 0)
    for minutes in (0, 2, 15):
        with clock.frozen(later(minutes)):
            scheduler.tick(shop)
    assert CheckTrial.get_by_id(trial.id).state == "failed"
