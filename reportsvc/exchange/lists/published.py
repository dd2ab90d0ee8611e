"""Circulars, and the figures that one of them prints."""

from __future__ import annotations

from decimal import Decimal

import peewee

from reportsvc.circulars import snapshot
from reportsvc.errors import NotFound
from reportsvc.exchange.lists.parties import QUARTER, YEAR, Pages, rows
from reportsvc.exchange.lists.shape import Column, Listing, View
from reportsvc.exchange.querying import key as id_of
from reportsvc.exchange.querying import tuples
from reportsvc.forms.messages import N_
from reportsvc.models import Circular, Region, Snapshot


def _whole(seen: View) -> bool:
    """Circulars are of a whole province: only whoever answers for all of it sees their figures."""
    return seen.named.province_id in seen.codes


def _circulars(seen: View, after: int, limit: int) -> Pages:
    if not _whole(seen):
        return []
    query = Circular.select(
        Circular.id, id_of(Circular).alias("number"), Circular.title, Circular.year, Circular.quarter, Circular.state,
        Circular.created_at, Snapshot.sha256.alias("snapshot"),
    )  # fmt: skip
    query = query.join(Snapshot, peewee.JOIN.LEFT_OUTER).where(Circular.campaign == seen.named, Circular.id > after)
    return rows(query.order_by(Circular.id).limit(limit))


CIRCULARS = Listing(
    "circulars",
    N_("Circulars"),
    N_("The circulars of a campaign."),
    (
        Column("number", N_("Number"), N_("Number of the circular, as in its address."), "whole"),
        Column("title", N_("Title"), N_("The circular's title.")),
        YEAR,
        QUARTER,
        Column("state", N_("State"), N_("How far it is."), "code", codes="circular_states"),
        Column("created_at", N_("Asked for"), N_("When it was asked for."), "moment"),
        Column("snapshot", N_("Snapshot"), N_("SHA-256 of the figures that it prints."), "code", empty=True),
    ),
    _circulars,
)


def _circular_figures(seen: View, after: int, limit: int) -> Pages:
    """The figures of a snapshot, which stands frozen in one piece; numbered as they stand there."""
    found: Circular | None = Circular.get_or_none(Circular.id == seen.circular, Circular.campaign == seen.named)
    if found is None or found.snapshot is None or not _whole(seen):
        raise NotFound("There is no such circular.")
    data = snapshot.load(found.snapshot)
    names = {one["measure"]: one["name"] for one in data["indicators"]}
    places = dict(tuples(Region.select(Region.code, Region.name)))
    made = []
    for number, (key, held) in enumerate(data["figures"].items(), start=1):
        if after < number <= after + limit:
            dimension, subject, measure = snapshot.split_key(key)
            record = {
                "key": key, "measure": measure, "name": names.get(measure, ""), "dimension": dimension,
                "subject": subject, "subject_name": places.get(subject, ""),
                "value": Decimal(held["value"]).scaleb(-held["scale"]), "unit": held["unit"],
                "reports": sum(last - first + 1 for first, last in held["versions"]),
            }  # fmt: skip
            made.append((number, record))
    return made


CIRCULAR_FIGURES = Listing(
    "circular_figures",
    N_("Figures of a circular"),
    N_("Every number that a circular prints, as it was frozen."),
    (
        Column("key", N_("Key"), N_("The figure's key, as in its address."), "code"),
        Column("measure", N_("Measure"), N_("What is counted, in code."), "code"),
        Column(
            "name", N_("Figure's name"), N_("What is counted; empty for organizations, projects and so on."), empty=True
        ),
        Column("dimension", N_("Split by"), N_("Category, kind and so on; empty for the whole."), "code", empty=True),
        Column("subject", N_("About"), N_("Which of these."), "code", empty=True),
        Column("subject_name", N_("About, by name"), N_("The region's name, where it is a region."), empty=True),
        Column("value", N_("Value"), N_("Exact, in the unit beside it."), "number"),
        Column("unit", N_("Unit"), N_("Units are never converted into one another."), empty=True),
        Column("reports", N_("Reports"), N_("How many reports it came from."), "whole"),
    ),
    _circular_figures,
    of="circular",
)  # fmt: skip
