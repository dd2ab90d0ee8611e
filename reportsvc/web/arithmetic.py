"""What the checks ask and what they found, worked out in plain words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reportsvc.forms.messages import N_
from reportsvc.forms.numbers import grouped
from reportsvc.reports.doubts import MONEY, Doubt
from reportsvc.web.language import say

SEVERITIES = {
    "must_fix": N_("must be fixed"),
    "explain": N_("to be explained"),
    "look": N_("look at it"),
    "closed": N_("closed"),
}
DOES = {
    "must_fix": N_("must be fixed: the report can't be sent"),
    "explain": N_("to be explained: the organization says why in a sentence"),
    "look": N_("look at it: only reviewers see it"),
}
KINDS = {
    "evidence": N_("Evidence is missing"),
    "fell": N_("A figure that only grows has fallen"),
    "jump": N_("Money many times as much, or as little, as last quarter"),
    "category": N_("Far above the reports of its category"),
    "own": N_("Far from its own earlier quarters"),
    "unpaid": N_("Benefit without money"),
    "unused": N_("Money without benefit"),
    "plan": N_("Not as planned"),
    "place": N_("A place outside the project's counties"),
    "copied": N_("Text as in last quarter's report"),
    "shared_text": N_("Text as in another organization's report"),
    "shared_photo": N_("A photo or file that was used before"),
    "twin": N_("Two projects with nearly the same name"),
}
ABOUT = {
    "evidence": N_("Much money and fewer photos or documents than asked for, or hardly any text."),
    "fell": N_("Figures that are counted since the start, or of which the largest counts."),
    "jump": N_("A digit too many or too few, or 万元 typed as 元."),
    "category": N_(
        "Compared with the other reports of this category and quarter: the distance from their median, measured by "
        "the median distance (modified z-score: 0.6745 × distance ÷ median distance)."
    ),
    "own": N_("The same, compared with what this organization reported on this project before."),
    "unpaid": N_("Somebody benefited, but no money, goods or fees are reported."),
    "unused": N_("Money was spent, but nobody who benefited and no result is reported. Asked of leads only."),
    "plan": N_("All quarters together against the project's plan; too little counts once the project is completed."),
    "place": N_("A county is named that is none of the project's."),
    "copied": N_("A long answer is nearly the same as a quarter ago."),
    "shared_text": N_("A long answer is nearly the same as in a report on another project this quarter."),
    "shared_photo": N_("Photos are compared by how they look, over all organizations; files by their content."),
    "twin": N_("Projects of the same category in the same county."),
}
LIMITS = {
    "evidence.photos": N_("Photos and documents, at least"),
    "evidence.floor": N_("Asked for from so much money on (yuan)"),
    "evidence.text": N_("Characters of text, at least"),
    "jump.times": N_("How many times as much, or as little"),
    "jump.floor": N_("Only if one of the sums is at least (yuan)"),
    "category.limit": N_("Modified z-score above"),
    "category.least": N_("Only if there are so many reports"),
    "category.times": N_("And so many times the median"),
    "own.limit": N_("Modified z-score above"),
    "own.least": N_("Only if there are so many earlier quarters"),
    "unpaid.least": N_("Only from so many beneficiaries"),
    "unused.floor": N_("Only above (yuan)"),
    "plan.over": N_("Over so many percent of the plan"),
    "plan.under": N_("Under so many percent, when completed"),
    "copied.alike": N_("Alike, in percent"),
    "copied.least": N_("Characters of the text, at least"),
    "shared_text.alike": N_("Alike, in percent"),
    "shared_text.least": N_("Characters of the text, at least"),
    "shared_photo.points": N_("Points out of 64 in which photos may differ"),
    "twin.alike": N_("Alike, in percent"),
}
FOUND = {
    "fell": N_("This figure only grows, but it fell: last quarter %(before)s, this quarter %(now)s, %(less)s less."),
    "tenfold": N_("Last quarter %(before)s, this quarter %(now)s: %(ratio)s times as much as last quarter."),
    "tenth": N_("Last quarter %(before)s, this quarter %(now)s: last quarter was %(ratio)s times as much."),
    "no_photo": N_("Photos and documents: %(now)s. With %(money)s, at least %(before)s are asked for."),
    "no_text": N_("The text has %(now)s characters. At least %(before)s are asked for."),
    "above_category": N_(
        "This quarter %(now)s, %(times)s times the median of the %(count)s reports of this category, %(before)s. Half "
        "of them lie no more than %(distance)s from it: 0.6745 × (%(now)s − %(before)s) ÷ %(distance)s = %(score)s, "
        "above %(limit)s."
    ),
    "unlike_own": N_(
        "This quarter %(now)s; the median of the %(count)s earlier quarters is %(before)s. Half of them lie no more "
        "than %(distance)s from it: 0.6745 × (%(now)s − %(before)s) ÷ %(distance)s = %(score)s, further out than "
        "%(limit)s."
    ),
    "unpaid": N_("This quarter %(before)s, but no money, goods or fees of any kind."),
    "unused": N_("This quarter %(before)s were spent, but nobody who benefited and no result is reported."),
    "over_plan": N_(
        "Up to this quarter %(now)s, of it %(mine)s in this report; planned %(before)s. %(now)s ÷ %(before)s = "
        "%(percent)s%%, more than %(limit)s%%."
    ),
    "under_plan": N_(
        "The project is completed with %(now)s, of it %(mine)s in this report; planned %(before)s. %(now)s ÷ "
        "%(before)s = %(percent)s%%, less than %(limit)s%%."
    ),
    "elsewhere": N_("%(now)s are reported for %(place)s, which is none of the project's counties: %(counties)s."),
    "copied": N_("%(now)s of this text is as in last quarter's report; from %(before)s on it is looked at."),
    "shared_text": N_(
        "%(now)s of this text is as in the report of %(organization)s on “%(project)s”; from %(before)s on it is "
        "looked at."
    ),
    "same_photo": N_(
        "This photo looks like one in the report of %(organization)s on “%(project)s”, %(quarter)s: of 64 points "
        "%(now)s differ, and up to %(before)s count as the same."
    ),
    "same_file": N_("The very same file is in the report of %(organization)s on “%(project)s”, %(quarter)s."),
    "twin": N_(
        "“%(project)s” of %(organization)s (%(code)s) is in the same county and category, and %(now)s of the name is "
        "the same; from %(before)s on it is looked at."
    ),
}
"""What was found → the sentence with its arithmetic."""
ELSEWHERE = {
    "shared_text": N_(
        "%(now)s of this text is as in a report from outside your region; from %(before)s on it is looked at."
    ),
    "same_photo": N_(
        "This photo looks like one in a report from outside your region: of 64 points %(now)s differ, and up to "
        "%(before)s count as the same."
    ),
    "same_file": N_("The very same file is in a report from outside your region."),
    "twin": N_("A project from outside your region is in the same county: %(now)s of the name is the same."),
}
"""The same for reviewers who may not see the other report."""
WHOLE = {
    "no_photo": N_("Photos and documents"),
    "no_text": N_("Text"),
    "unused": N_("Money without benefit"),
    "same_photo": N_("Photo"),
    "same_file": N_("File"),
    "twin": N_("The project's name"),
}
"""What is meant where it is no answer."""


def about(doubt: Doubt) -> str:
    """What is doubted: an indicator, a question, or the report as a whole."""
    return doubt.name or say(WHOLE[doubt.rule])


def arithmetic(doubt: Doubt, hidden: bool = False) -> str:
    """Why something is doubted, worked out in plain words.

    :param hidden: whether the other report that it is held against is not to be named.
    """
    texts = FOUND | ELSEWHERE if hidden else FOUND
    values = {
        **doubt.data,
        "before": _counted(doubt.before, doubt.unit),
        "now": _counted(doubt.now, doubt.unit),
        **(MORE[doubt.rule](doubt) if doubt.rule in MORE else {}),
    }
    return say(texts[doubt.rule], **values)


def _less(doubt: Doubt) -> dict[str, str]:
    return {"less": _counted(doubt.before - doubt.now, doubt.unit)}


def _ratio(doubt: Doubt) -> dict[str, str]:
    smaller, larger = sorted((doubt.before, doubt.now))
    return {"ratio": grouped(f"{larger / smaller:.1f}".removesuffix(".0"))}


def _distance(doubt: Doubt) -> dict[str, str]:
    times = {"times": grouped(doubt.data["times"].removesuffix(".0"))} if "times" in doubt.data else {}
    return {"distance": _counted(Decimal(doubt.data["distance"]), doubt.unit), **times}


def _mine(doubt: Doubt) -> dict[str, str]:
    return {"mine": _counted(Decimal(doubt.data["mine"]), doubt.unit)}


def _quarter(doubt: Doubt) -> dict[str, str]:
    year, _, quarter = doubt.data["quarter"].partition("Q")
    return {"quarter": say(N_("%(year)s, quarter %(quarter)s"), year=year, quarter=quarter)}


def _spent(doubt: Doubt) -> dict[str, str]:
    return {"money": _counted(Decimal(doubt.data["money"]), MONEY)}


MORE: dict[str, Callable[[Doubt], dict[str, str]]] = {
    "no_photo": _spent,
    "fell": _less,
    "tenfold": _ratio,
    "tenth": _ratio,
    "above_category": _distance,
    "unlike_own": _distance,
    "over_plan": _mine,
    "under_plan": _mine,
    "same_photo": _quarter,
    "same_file": _quarter,
}
"""What else a sentence needs."""


def _counted(value: Decimal, unit: str) -> str:
    return f"{grouped(f'{value:f}')}{unit if unit == '%' else f' {unit}'}".strip()
