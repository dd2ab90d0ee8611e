"""The province's circular says what its reports sum to, as published, and every figure leads back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from random import Random
from typing import Any

import pytest

from reportsvc import db, totals
from reportsvc.circulars import annexes, compose, phrases, snapshot
from reportsvc.circulars.document import CircularDocument, Paragraph, Run
from reportsvc.cli import province
from reportsvc.errors import ReportsvcError
from reportsvc.forms import shipped
from reportsvc.models import (
    Campaign,
    Figure,
    Indicator,
    Organization,
    Project,
    ProjectCounty,
    Region,
    Slot,
    Snapshot,
    Version,
)
from reportsvc.projects import campaigns, regions, uscc
from reportsvc.reports import forms

THROUGH = totals.Quarter(2020, 3)
HEADLINE = {
    "organizations": ("6300多家", 100), "projects": ("5367个", None), "funds_yuan": ("约21.88亿元", None),
    "key_counties": ("62个", None), "beneficiary_visits": ("280多万人次", 100_000),
    "member_enterprise_investment_yuan": ("超过30亿元", None), "coordination_meetings": ("10余次", 10),
}  # fmt: skip
CASES = (
    "1.05亿元", "21040名", "3000余万元", "2000余户", "150座", "1160副", "9000多人", "153名", "120多次", "60余个",
    "72万元", "1所", "56万余元", "34户", "3亿元", "7500头", "10万头", "4.5亿元", "2.5亿元", "1.5万户",
    "800余万元", "94户",
)  # fmt: skip


@dataclass
class Made:
    campaign: Campaign
    frozen: Snapshot
    data: dict[str, Any]
    document: CircularDocument

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.document.body if isinstance(part, Paragraph))

    def runs(self) -> Iterator[Run]:
        for part in self.document.body:
            if isinstance(part, Paragraph):
                yield from (run for run in part.runs if run.figure)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    opened = db.open_database(f"sqlite:///{tmp_path_factory.mktemp('province') / 'test.db'}")
    db.migrate(opened)
    with opened.connection_context():
        regions.load()
        form = forms.publish(*shipped.quarterly_report())
        province.load(form, read=forms.read_quantities, progress=lambda line: None)
        campaign = campaigns.campaign_by_code("hebei-2018")
        frozen = snapshot.freeze(campaign, THROUGH)
        data = snapshot.load(frozen)
        yield Made(campaign, frozen, data, compose.document(data, "https://reports.example.cn", frozen.id))
    opened.close_all()


def test_the_headline_is_the_published_one_and_true_of_the_sums(made: Made) -> None:
    found = {run.figure: run.text for run in made.runs() if run.figure in HEADLINE}
    assert found == {key: printed for key, (printed, _) in HEADLINE.items()}
    exact = totals.headline(made.campaign, THROUGH)
    for key, (printed, step) in HEADLINE.items():
        assert phrases.holds(printed, Decimal(str(exact[key])), step=step)


def test_the_printed_forms_are_those_of_the_facts(made: Made) -> None:
    facts = json.loads(files("reportsvc.data").joinpath("campaign_2018_2020.json").read_text("utf-8"))
    assert {one["key"]: one["printed"] for one in facts["totals"]} == {
        key: printed for key, (printed, _) in HEADLINE.items()
    }


@pytest.mark.parametrize("printed", CASES)
def test_each_figure_of_the_nine_cases_is_printed_as_published(made: Made, printed: str) -> None:
    start = made.text.index("泛海助学行动")
    end = made.text.index("审核通过的季报中")
    said = made.text[start:end]
    assert re.search(rf"(?<![0-9.]){re.escape(printed)}", said), "and not as the end of a longer number"


def test_where_groups_add_up_to_more_than_the_whole_it_is_said(made: Made) -> None:
    figures = made.data["figures"]
    for dimension, said in (
        ("kind", "联合实施的项目在各类中分别计数，总数只计一次。"),
        ("city", "在多个市实施的项目在各市分别计数，总数只计一次。"),
        ("category", ""),
    ):
        counted = [each["value"] for key, each in figures.items() if key.split(".")[::2] == [dimension, "projects"]]
        assert (sum(counted) > figures["projects"]["value"]) is bool(said)
        assert said in made.text


def test_every_linked_figure_is_in_the_snapshot(made: Made) -> None:
    linked = list(made.runs())
    assert len(linked) > 80
    for run in linked:
        assert run.figure in made.data["figures"]
        assert run.href is not None
        assert run.href.startswith(f"https://reports.example.cn/figures/{made.frozen.id}/")


def resummed(made: Made, key: str) -> int:
    """A figure once more: from the rows of its versions, by its query, without the code that froze it."""
    figure = made.data["figures"][key]
    ids = [number for first, last in figure["versions"] for number in range(first, last + 1)]
    query = dict(figure["query"])
    measure = query.pop("measure")
    codes = [one["code"] for one in made.data["indicators"] if one["measure"] == measure] or made.data["fund_kinds"]
    rows: Any = (
        Figure.select(Figure.value, Figure.region, Region.path)
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .join_from(Figure, Region)
        .where(Figure.version.in_(tuple(ids)), Indicator.code.in_(codes))
    )
    total = 0
    for row in rows.dicts():
        steps = row["path"].strip("/").split("/")
        if "county" in query and row["region"] != query["county"]:
            continue
        if "city" in query and (steps[1] if len(steps) > 1 else steps[0]) != query["city"]:
            continue
        total += row["value"]
    return total


def keys(made: Made) -> list[str]:
    """Every figure of the whole, of categories, kinds and cities; and 300 of counties and projects."""
    wide = [key for key in made.data["figures"] if not key.startswith(("project.", "county."))]
    narrow = sorted(set(made.data["figures"]) - set(wide))
    return wide + Random(7).sample(narrow, 300)  # noqa: S311 - a sample


def test_figures_add_up_again_from_the_versions_under_them(made: Made) -> None:
    counted = {*snapshot.COUNTS, snapshot.DIFFICULTY}
    chosen = [key for key in keys(made) if made.data["figures"][key]["query"]["measure"] not in counted]
    assert len(chosen) > 250
    for key in chosen:
        assert resummed(made, key) == made.data["figures"][key]["value"], key


def test_counts_are_over_distinct_things_of_the_versions_under_them(made: Made) -> None:
    counted = {*snapshot.COUNTS, snapshot.DIFFICULTY}
    chosen = [key for key in keys(made) if made.data["figures"][key]["query"]["measure"] in counted]
    assert {made.data["figures"][key]["query"]["measure"] for key in chosen} == counted
    assert len(chosen) > 50
    joined: Any = Version.select(Version.id, Slot.project, Slot.organization, Organization.kind).join(Slot)
    about = {row[0]: row[1:] for row in joined.join(Organization).tuples()}
    held: Any = ProjectCounty.select(ProjectCounty.project, ProjectCounty.region).join(Region)
    counties = list(held.where(Region.key_county != "none").tuples())
    for key in chosen:
        figure = made.data["figures"][key]
        measure = figure["query"]["measure"]
        rows = [about[number] for first, last in figure["versions"] for number in range(first, last + 1)]
        found = {project for project, _, _ in rows}
        if measure == "organizations":
            found = {organization for _, organization, kind in rows if kind in uscc.SOCIAL_KINDS}
        if measure == "key_counties":
            found = {region for project, region in counties if project in found}
        assert len(found) == figure["value"], key


def test_the_annexes_hold_every_project_and_are_of_one_shape(made: Made) -> None:
    _, projects = made.document.annexes
    assert len(projects.table.rows) == 5367 == Project.select().where(Project.campaign == made.campaign).count()
    assert projects.table.rows[0][1:3] == ("泛海助学行动", "中国泛海公益基金会")
    assert [row[0] for row in projects.table.rows] == [str(number) for number in range(1, 5368)]
    for annex in made.document.annexes:
        assert sum(column.width for column in annex.table.columns) == pytest.approx(100)
        assert {len(row) for row in (*annex.table.rows, annex.table.total or ())} == {len(annex.table.columns)}
    assert projects.table.rows[0][-2:] == ("10500.00", "21040名")
    assert {row[-1] for row in projects.table.rows[2:7]} == {annexes.EMPTY, "9067人", "34户"}


def test_the_columns_of_the_counties_add_up_where_they_may(made: Made) -> None:
    counties, _ = made.document.annexes
    *_, key, organizations, projects, funds, visits = zip(*counties.table.rows, strict=True)
    total = counties.table.total
    assert total is not None
    assert sum(mark == "是" for mark in key) == int(total[3]) == 62
    assert sum(int(cell) for cell in visits if cell != annexes.EMPTY) == int(total[-1])
    # Each cell is rounded to a hundredth, so a column of them is out by less than half of one for each row.
    out = sum(Decimal(cell) for cell in funds if cell != annexes.EMPTY) - Decimal(total[-2])
    assert abs(out) <= Decimal("0.005") * len(funds)
    figures = made.data["figures"]
    exact = [each["value"] for name, each in figures.items() if name.split(".")[::2] == ["county", "funds_yuan"]]
    assert sum(exact) == figures["funds_yuan"]["value"]
    # Whoever works in several counties stands in each of their rows, so these add up to more.
    for column, whole in ((organizations, total[4]), (projects, total[5])):
        assert sum(int(cell) for cell in column if cell != annexes.EMPTY) > int(whole)


def test_the_digest_is_of_the_text(made: Made) -> None:
    assert hashlib.sha256(made.frozen.data.encode()).hexdigest() == made.frozen.sha256


def test_a_snapshot_that_was_altered_is_refused(made: Made) -> None:
    altered = Snapshot(data=made.frozen.data.replace("5367", "5368", 1), sha256=made.frozen.sha256)
    with pytest.raises(ReportsvcError, match="altered"):
        snapshot.load(altered)


def test_freezing_twice_gives_the_same_figures(made: Made) -> None:
    again = snapshot.load(snapshot.freeze(made.campaign, THROUGH))
    assert again["figures"] == made.data["figures"]
    assert len(made.frozen.data.encode()) < 3_000_000
