"""A form that is written in several languages: read in any of them, with nothing that was typed lost."""

from __future__ import annotations

import pytest

from reportsvc.models import Round
from reportsvc.reports import forms
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site

SOURCE = """
| settings |
| | form_title | form_id | default_language |
| | 季报 | quarterly_report | 中文 (zh) |

| survey |
| | type | name | label::中文 (zh) | label::English (en) | hint::English (en) | constraint | constraint_message::中文 (zh) | constraint_message::English (en) |
| | begin_group | one | 第一页 | Page one | | | | |
| | integer | cows | 几头牛？ | How many cows? | Count the calves too | . < 100 | 太多了 | That is too many |
| | select_one yn | milk | 产奶吗？ | Do they give milk? | | | | |
| | end_group | | | | | | | |
| | begin_group | two | 第二页 | Page two | | | | |
| | text | more | 其他 | Anything else? | | | | |
| | end_group | | | | | | | |

| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | yn | yes | 是 | Yes |
| | yn | no | 否 | No |
"""  # noqa: E501 - a table


@pytest.fixture
def bilingual(site: Site) -> Site:
    version = forms.publish(SOURCE.encode(), "quarterly_report.md")
    Round.update(form_version=version).where(Round.id == site.world.now.id).execute()
    return site


def languages(page: Page) -> list[tuple[str, str, bool]]:
    found = [one for one in page.root.all("button") if one.attributes.get("name") == "form_language"]
    return [(one.attributes["value"], one.text, "aria-pressed" in one.attributes) for one in found]


def apart(page: Page) -> Element:
    """The switch of a page that has nothing to save."""
    return next(form for form in page.forms if form.attributes["action"] == "/form-language")


def test_the_page_s_language_is_read_first_and_its_switch_changes_both(bilingual: Site, reporter: Phone) -> None:
    page = reporter.section("one")
    assert languages(page) == [("中文 (zh)", "中文", True), ("English (en)", "English", False)]
    assert "几头牛？" in page.main
    reporter.send(page, reporter_footer(page))
    page = reporter.section("one")
    assert "How many cows?" in page.main
    assert languages(page)[1][2]


def reporter_footer(page: Page) -> Element:
    return next(form for form in page.root.all("form") if form.attributes.get("action") == "/language/en")


def test_switching_keeps_what_is_typed_right_or_wrong(bilingual: Site, reporter: Phone) -> None:
    page = reporter.send(reporter.section("one"), cows="三百", milk="yes", form_language="English (en)")
    assert (page.status, page.location.endswith("/fill/one")) == (302, True)
    page = reporter.follow(page)
    assert "How many cows?" in page.main
    assert "Count the calves too" in page.main
    assert "Yes" in page.main
    assert (page.values["cows"], page.values["milk"]) == ("三百", "yes")
    page = reporter.send(page, cows="300")
    assert (page.status, "That is too many" in page.main) == (422, True)
    page = reporter.follow(reporter.send(page, cows="30"))
    assert "Anything else?" in page.main
    assert bilingual.draft() == {"cows": "30", "milk": "yes"}


def test_a_look_in_another_language_begins_no_report(bilingual: Site, reporter: Phone) -> None:
    page = reporter.follow(reporter.send(reporter.section("one"), form_language="English (en)"))
    assert "How many cows?" in page.main
    assert bilingual.world.slot().state == "open"


def test_enter_goes_on_and_chooses_no_language(bilingual: Site, reporter: Phone) -> None:
    first = reporter.section("one").form.all("button")[0]
    assert (first.attributes["name"], first.attributes["value"]) == ("go", "next")


def test_the_check_and_what_was_sent_have_the_switch_too(bilingual: Site, reporter: Phone) -> None:
    reporter.send(reporter.section("one"), cows="30", milk="yes")
    address = f"/reports/{bilingual.world.slots['library']}/check"
    page = reporter.get(address)
    assert "几头牛？" in page.main
    page = reporter.follow(reporter.send(page, apart(page), form_language="English (en)"))
    assert page.answer.request.path == address
    assert "How many cows?" in page.main
    assert "Do they give milk? Yes" in page.main
    sending = next(form for form in page.forms if form.attributes["action"] == address)
    assert reporter.send(page, sending).status == 302
    page = reporter.get(f"/reports/{bilingual.world.slots['library']}/sent/1")
    assert "How many cows?" in page.main
    page = reporter.follow(reporter.send(page, apart(page), form_language="中文 (zh)"))
    assert "几头牛？" in page.main


def test_a_page_that_is_saved_in_one_language_and_opened_in_another_is_the_same(
    bilingual: Site, reporter: Phone
) -> None:
    chinese = reporter.section("one")
    other = reporter.follow(reporter.send(chinese, form_language="English (en)"))
    assert {name: value for name, value in chinese.values.items() if name != "csrf_token"} == {
        name: value for name, value in other.values.items() if name != "csrf_token"
    }


def test_a_form_of_one_language_has_no_switch_and_an_unknown_choice_is_none(site: Site, reporter: Phone) -> None:
    assert languages(reporter.section("state")) == []
    page = reporter.send(reporter.section("state"), form_language="Klingon")
    assert "项目" in reporter.follow(page).main
