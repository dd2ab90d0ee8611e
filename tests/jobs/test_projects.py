"""Each night the lights are worked out once, however many schedulers tick."""

from __future__ import annotations

from datetime import timedelta

import peewee

from reportsvc import clock
from reportsvc.checklist import standing
from reportsvc.jobs import projects, scheduler
from reportsvc.models import Project, Task
from tests.support.world import build


def test_a_light_changes_overnight_by_one_task(database: peewee.Database) -> None:
    build()
    Project.update(deadline=clock.today()).where(Project.code == "P1").execute()
    shop = scheduler.Workshop(projects.HANDLERS, {}, (standing.request,), timedelta(minutes=1))
    for days, light in ((0, "amber"), (1, "red")):
        with clock.frozen(clock.now() + timedelta(days=days)):
            assert scheduler.tick(shop) == 1
            assert scheduler.tick(shop) == 0
            assert Project.get(Project.code == "P1").light == light
    assert Task.select().where(Task.kind == standing.TASK, Task.state == "done").count() == 2
