"""Question text out of survey tools, made into forms."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reportsvc.forms import importer, pasted
from reportsvc.forms.definition import Form, Question
from reportsvc.forms.expressions import parse

TEXT = """帮扶需求调查问卷
您好，耽误您两分钟。
一、基本情况
1. 您的姓名*[填空题]
_________________________________
2. 您家是脱贫户吗？ *[单选题]
○ 是
○ 否 (跳到第4题)
3. 享受了哪些帮扶？【多选题】（最多选3项）【必填】
□ 产业
□ 就业
□ 其他____
二、评价
4. 请评价村干部 [量表题]
很不满意 ○1 ○2 ○3 ○4 ○5 很满意
5、请评价下列服务[矩阵单选题] *
\t差\t一般\t好
服务态度\t○\t○\t○
办事效率\t○\t○\t○
6. 按需要排序[排序题]
A. 修路
B. 饮水
7. 家里几口人 A.1-2人 B.3-5人 (选择A跳到第9题)
8. 详细说说[简答题]
9. 门牌照片[图片上传题]
10. 热力图在哪[热力图题]
第一行提示
看不懂的一行
"""


def form_of(found: pasted.Pasted) -> Form:
    examination = found.examine()
    assert examination.form is not None, examination.problems
    return examination.form


def questions(text: str) -> dict[str, Question]:
    return {question.name: question for question, _ in form_of(pasted.read(text)).questions()}


def test_a_questionnaire_becomes_a_form() -> None:
    form = form_of(pasted.read(TEXT))
    assert form.title == "帮扶需求调查问卷"
    assert [section.label for section in form.sections] == ["帮扶需求调查问卷", "基本情况", "评价"]
    kinds = {question.name: (question.kind, question.required is not None) for question, _ in form.questions()}
    assert kinds == {
        "note_1": ("note", False),
        "q1": ("text", True),
        "q2": ("select_one", True),
        "q3": ("select_multiple", True),
        "q3_3_text": ("text", False),
        "q4": ("range", False),
        "q5_1": ("select_one", True),
        "q5_2": ("select_one", True),
        "q6": ("rank", False),
        "q7": ("select_one", False),
        "q8": ("text", False),
        "q9": ("image", False),
        "q10": ("text", False),
    }


def test_jumps_become_conditions_of_what_is_jumped_over() -> None:
    found = questions(TEXT)
    assert found["q3"].relevant == parse("not(selected(${q2}, '2'))")
    assert found["q8"].relevant == parse("not(selected(${q7}, '1'))")
    assert found["q4"].relevant is None
    assert found["q9"].relevant is None
    assert [choice.label for choice in found["q2"].choices] == ["是", "否"]


def test_other_is_asked_for_in_its_own_words() -> None:
    found = questions(TEXT)
    assert found["q3_3_text"].relevant == parse("selected(${q3}, '3')")
    assert [choice.label for choice in found["q3"].choices] == ["产业", "就业", "其他"]
    assert found["q3"].hint == "最多选3项"


def test_scales_and_tables() -> None:
    found = questions(TEXT)
    assert (found["q4"].least, found["q4"].most, found["q4"].hint) == ("1", "5", "1 很不满意，5 很满意")
    assert found["q5_2"].label == "请评价下列服务：办事效率"
    assert [choice.label for choice in found["q5_2"].choices] == ["差", "一般", "好"]


def test_what_was_not_understood_is_told_by_its_line() -> None:
    remarks = {remark.line: remark.text for remark in pasted.read(TEXT).remarks}
    assert remarks == {23: "家里几口人", 26: "[热力图题]", 28: "看不懂的一行"}


def test_the_workbook_holds_the_same_form() -> None:
    found = pasted.read(TEXT)
    assert importer.read(found.to_xlsx(), "pasted.xlsx") == form_of(found)
    assert found.to_xlsx() == pasted.read(TEXT).to_xlsx()


def test_a_number_is_used_once_and_a_choice_needs_choices() -> None:
    found = pasted.read("问卷\n1. 甲[单选题]\n1. 乙[填空题]\n2. 丙[填空题]")
    assert {question.name: question.kind for question, _ in form_of(found).questions()} == {"q1": "text", "q2": "text"}
    assert [remark.line for remark in found.remarks] == [2, 3]


def test_a_jump_backwards_is_left_out_and_told() -> None:
    found = pasted.read("1. 甲[填空题]\n2. 乙[单选题]\nA. 是 (跳至第1题)\nB. 否")
    assert [remark.line for remark in found.remarks] == [2]
    assert {question.relevant for question, _ in form_of(found).questions()} == {None}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*TEXT.splitlines(), "| a | b |", "${x}", "3", "A.", "<&>"]), max_size=25).map("\n".join)
)
def test_any_lines_give_a_form_or_a_reason(text: str) -> None:
    found = pasted.read(text)
    examination = found.examine()
    if any(row[0] not in {"type", "note", "begin_group", "end_group"} for row in found.sheets["survey"]):
        assert examination.form is not None, examination.problems
    else:
        assert [problem.reason for problem in examination.problems]
