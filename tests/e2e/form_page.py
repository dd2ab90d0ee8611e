"""A form's section as a page of its own, without the application: template, style and scripts are the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import jinja2
import wtforms

from reportsvc.forms import answers as form_answers
from reportsvc.forms import fields
from reportsvc.forms.definition import Choice, Form, Question, Repeat, Section
from reportsvc.forms.expressions import parse
from tests.support.tracked import ROOT

TODAY = date(2026, 4, 2)
KINDS = """
| settings |
| | form_title | form_id |
| | 入户走访 | visit |

| survey |
| | type | name | label | required | relevant | calculation | appearance | choice_filter | repeat_count | trigger |
| | select_one city | city | 哪个市？ | yes | | | minimal | | | |
| | select_one county | county | 哪个县？ | | | | | city = ${city} | | |
| | select_multiple county | counties | 哪些县？ | | | | | city = ${city} | | |
| | select_one yes_no | poor | 是脱贫户吗？ | | | | | | | |
| | rank need | needs | 最需要什么？ | | | | | | | |
| | geopoint | place | 在哪里？ | | | | | | | |
| | integer | n | 几口人？ | yes | | | | | | |
| | integer | doubled | 两倍 | | | ${n} * 2 | | | | ${n} |
| | begin_repeat | people | 家庭成员 | | | | | | ${n} | |
| | text | name | 姓名 | | | | | | | |
| | begin_repeat | jobs | 工作 | | | | | | | |
| | decimal | pay | 月收入 | | | | | | | |
| | end_repeat | | | | | | | | | |
| | calculate | earned | | | | sum(${pay}) | | | | |
| | note | told_pay | ${name}一共 ${earned} 元 | | ${earned} > 0 | | | | | |
| | end_repeat | | | | | | | | | |
| | calculate | all_pay | | | | sum(${pay}) | | | | |
| | note | total | 全家 ${all_pay} 元 | | | | | | | |

| choices |
| | list_name | name | label | city |
| | city | sjz | 石家庄市 | |
| | city | cd | 承德市 | |
| | county | zhengding | 正定县 | sjz |
| | county | pingshan | 平山县 | sjz |
| | county | fengning | 丰宁县 | cd |
| | yes_no | yes | 是 | |
| | yes_no | no | 否 | |
| | need | road | 修路 | |
| | need | water | 饮水 | |
| | need | school | 上学 | |
"""
"""A form of the rarer kinds of question, in Markdown."""
COUNTIES = {"project_counties.csv": (Choice("130826", "丰宁满族自治县"), Choice("130682", "定州市"))}
SUPPLIED = {"role": "lead", "county_count": "2"}


def _money(name: str, label: str) -> Question:
    constraint = parse(". >= 0")
    return Question(name, "decimal", label, unit="元", constraint=constraint, constraint_message="金额不能是负数。")


ROWS = Repeat(
    "benefits",
    "受益情况",
    (
        Question(
            "county", "select_one", "县", relevant=parse("${county_count} > 1"), choices_from="project_counties.csv"
        ),
        Question("unit", "select_one", "单位", choices=(Choice("visits", "人次"), Choice("named", "名"))),
        Question("amount", "integer", "数量", constraint=parse(". >= 1")),
        Question("names", "text", "姓名", relevant=parse("${unit} = 'named'")),
        Question("line", "note", "第 ${amount} 位"),
    ),
    at_most=3,
)
FORM = Form(
    "sample",
    "样表",
    (
        Section(
            "money",
            "本季度投入",
            (
                Question("county_count", "hidden", ""),
                Question(
                    "activity",
                    "select_one",
                    "是否开展工作",
                    required=parse("true()"),
                    choices=(Choice("yes", "是"), Choice("no", "否")),
                ),
                _money("own_funds", "自有资金"),
                _money("raised_funds", "募集资金"),
                Question("total", "calculate", "", calculation=parse("sum(${own_funds}, ${raised_funds})")),
                Question("shown", "note", "合计 ${total} 元，状态：${activity}", relevant=parse("${activity} = 'yes'")),
                Question("why", "text", "原因", "为什么没有开展", multiline=True, relevant=parse("${activity} = 'no'")),
                Question("people", "calculate", "", calculation=parse("sum(${amount})")),
                Question("crowd", "note", "共 ${people} 人", relevant=parse("${people} > 0")),
                ROWS,
            ),
        ),
    ),
)

PAGE = """{% from "forms/section.html" import render_section, assets, page_data -%}
<!doctype html><html lang="{{ language }}"><meta charset="utf-8"><title>form</title>
<link rel="stylesheet" href="/static/app.css">{{ assets() }}{{ page_data(data) }}
<main><form method="post" action="/save" novalidate>
{{ render_section(section, bound, previous, visible, labels, none, faults) }}
<button type="submit" name="go" value="next">save</button>
</form></main></html>"""


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(ROOT / "templates")
    found = jinja2.Environment(
        loader=loader, extensions=["jinja2.ext.i18n"], autoescape=True, undefined=jinja2.StrictUndefined
    )
    found.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    found.globals["url_for"] = lambda _, filename: f"/static/{filename}"
    return found


def render(
    given: Mapping[str, Any],
    *,
    form: Form = FORM,
    previous: Mapping[str, str] | None = None,
    checked: bool = False,
    formdata: Any = None,
    language: str = "zh-Hans",
) -> str:
    """The page of the form's first section; ``checked`` puts the problems beside their fields."""
    section = form.sections[0]
    bound = fields.fill(
        fields.section_form(form, section.name, wtforms.Form), given, choices=COUNTIES, formdata=formdata
    )
    if formdata is not None:
        fields.press(bound, formdata)
    raw = {**given, **fields.collect(bound, section)}
    result = form_answers.check(form, raw, supplied=SUPPLIED, choices=COUNTIES, today=TODAY)
    if checked:
        fields.show_problems(bound, result.problems)
    page = _environment().from_string(PAGE)
    return page.render(
        section=section,
        bound=bound,
        previous=previous or {},
        visible=form_answers.visible(form, raw, supplied=SUPPLIED, today=TODAY),
        labels={"shown": form_answers.label("合计 ${total} 元，状态：${activity}", result.answers, form=form)},
        faults=fields.faults(bound),
        data=fields.page_data(form, section, {**given, **SUPPLIED}, TODAY, COUNTIES),
        language=language,
    )
