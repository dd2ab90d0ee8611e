"""A form that is not published yet, as it will look on a phone: filled in by the same code, and kept nowhere.

What is typed on other pages travels in a hidden field; nothing of it reaches the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from reportsvc import clock
from reportsvc.errors import NotFound
from reportsvc.forms import answers as forms_answers
from reportsvc.forms import fields, languages
from reportsvc.forms.definition import Answers, Form, Section
from reportsvc.forms.messages import N_
from reportsvc.reports import drafts, proposals
from reportsvc.web import filling, guard, speaking
from reportsvc.web.access import access
from reportsvc.web.language import say

pages = Blueprint("form_preview", __name__, url_prefix="/forms")

ROLES = ("lead", "partner")
PROJECT, ORGANIZATION = N_("A project, as an example"), N_("An organization, as an example")


@pages.route("/proposals/<int:proposal_id>/preview/<section>", methods=["GET", "POST"])
@access("publisher")
def preview(proposal_id: int, section: str) -> ResponseReturnValue:
    """One page of the form; what is typed is checked, and shown again on the next."""
    g.framed = True  # in the phone on the desk's own page
    speaking.wished()
    proposal = proposals.find(guard.actor().reads_circulars, proposal_id)
    whole = proposals.form_of(proposal)
    form = languages.translated(whole, speaking.chosen(whole))
    part = form.section(section)
    if part is None:
        raise NotFound("There is no such page in this form.")
    trial = _Trial(proposal, form, speaking.offered(whole))
    return trial.take(part) if request.method == "POST" else trial.begin(part)


class _Trial:
    """A form tried out."""

    def __init__(self, proposal: Any, form: Form, offered: list[speaking.Spoken]) -> None:
        self.proposal, self.form, self.offered = proposal, form, offered
        self.role = request.args.get("role", "") if request.args.get("role") in ROLES else ROLES[0]
        given = {"role": self.role, "project_name": say(PROJECT), "organization_name": say(ORGANIZATION)}
        self.around = proposals.example(proposal, given)

    def begin(self, part: Section) -> str:
        """A page as a draft would begin with it; where that is not asked, the first that is."""
        report = self.read(forms_answers.defaults(self.form, self.around.supplied, clock.today()))
        asked = report.sections()
        return self.page(report, part if part in asked or not asked else asked[0])

    def read(self, answers: Answers) -> filling.Report:
        """These answers as a report of nobody: without a slot, and without a draft."""
        visible = forms_answers.visible(self.form, answers, supplied=self.around.supplied, today=clock.today())
        checked = forms_answers.check(
            self.form, answers, supplied=self.around.supplied, choices=self.around.choices, today=clock.today()
        )
        nothing = cast("Any", None)
        opened = drafts.Opened(nothing, nothing, answers, "", form_changed=False)
        return filling.Report(opened, self.form, self.around, visible, checked)

    def page(self, report: filling.Report, part: Section, bound: Any = None) -> str:
        """One page of the form."""
        bound = bound or filling.bind(report, part)
        return self.rendered(report, part, filling.page(report, part, bound))

    def rendered(self, report: filling.Report, part: Section, more: Mapping[str, Any]) -> str:
        """A page in the phone, with all that was typed so far."""
        told = {"report": report, "section": part, "proposal": self.proposal, "role": self.role}
        carried = json.dumps(report.opened.answers, ensure_ascii=False)
        return render_template("desk/preview.html", **{**more, **told, "carried": carried, "languages": self.offered})

    def take(self, part: Section) -> ResponseReturnValue:
        """What was typed, checked as on a phone, and the page that a phone would show then."""
        before = self.read(self.carried())
        if "bound" not in request.form:  # from the page behind the last
            return self.page(before, part)
        bound = filling.bind(before, part, request.form)
        rows_changed = fields.press(bound, request.form, say)
        raw = fields.collect(bound, part)
        names = {item.name for item in part.items}
        others = {name: value for name, value in before.opened.answers.items() if name not in names}
        report = self.read(others | raw)
        report = self.read(others | filling.to_keep(report, names, raw))
        if rows_changed or speaking.SPEAKS in request.form:
            return self.page(report, part, bound if rows_changed else None)
        return self.go_on(report, part)

    def go_on(self, report: filling.Report, part: Section) -> ResponseReturnValue:
        """The next page, or this one with what is wrong."""
        if request.form.get("go") == "back":
            return self.page(report, report.before(part) or part)
        if report.problems_of(part):
            bound = filling.bind(report, part)
            filling.put_problems(bound, report, part)
            return self.page(report, part, bound), 422
        after = report.after(part)
        if after is not None:
            return self.page(report, after)
        shown = forms_answers.display(self.form, report.checked.answers, self.around.choices)
        return self.rendered(report, part, {"shown": shown})

    def carried(self) -> Answers:
        """What was typed on the pages before; whatever else somebody sends counts as nothing."""
        try:
            found = json.loads(request.form.get("answers", ""))
        except (ValueError, RecursionError):
            return {}
        return cast("Answers", found) if isinstance(found, dict) else {}
