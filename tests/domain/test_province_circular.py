"""The province's circular says what its reports sum to, as published, and every figure leads back."""

from __future__ import annotations

import json
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
from reportsvc.models import Campaign, Figure, Indicator, Region, Snapshot, Version
from reportsvc.projects import campaigns, regions
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
    assert printed in made.text[start:]


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


def test_figures_add_up_again_from_the_versions_under_them(made: Made) -> None:
    sums = [
        key for key in made.data["figures"] if made.data["figures"][key]["query"]["measure"] not in {
            *snapshot.COUNTS, snapshot.DIFFICULTY,
        }
    ]  # fmt: skip
    chosen = [key for key in sums if not key.startswith(("project.", "county."))]
    chosen += Random(7).sample([key for key in sums if key not in chosen], 120)  # noqa: S311 - a sample
    for key in chosen:
        assert resummed(made, key) == made.data["figures"][key]["value"], key


def test_what_is_counted_is_counted_over_distinct_reports(made: Made) -> None:
    figure = made.data["figures"]["category.教育.projects"]
    ids = [number for first, last in figure["versions"] for number in range(first, last + 1)]
    slots = {version.slot.project_id for version in Version.select().where(Version.id.in_(ids))}
    assert len(slots) == figure["value"]


def test_the_annexes_hold_every_project_and_their_columns_add_up(made: Made) -> None:
    counties, projects = made.document.annexes
    assert len(projects.table.rows) == 5367
    assert projects.table.rows[0][1:3] == ("泛海助学行动", "中国泛海公益基金会")
    for annex in (counties, projects):
        assert sum(column.width for column in annex.table.columns) == 100
        assert {len(row) for row in annex.table.rows} == {len(annex.table.columns)}
    figures = made.data["figures"]
    funds = sum(
        value["value"] for key, value in figures.items() if key.startswith("county.") and key.endswith("funds_yuan")
    )
    assert funds == figures["funds_yuan"]["value"]
    assert counties.table.total is not None
    assert counties.table.total[-2] == annexes.ten_thousands(funds)


def test_a_snapshot_that_was_altered_is_refused(made: Made) -> None:
    altered = Snapshot(data=made.frozen.data.replace("5367", "5368", 1), sha256=made.frozen.sha256)
    with pytest.raises(ReportsvcError, match="altered"):
        snapshot.load(altered)


def test_freezing_twice_gives_the_same_figures(made: Made) -> None:
    again = snapshot.load(snapshot.freeze(made.campaign, THROUGH))
    assert again["figures"] == made.data["figures"]
    assert len(made.frozen.data.encode()) < 6_000_000
