"""Numbered question text, as it comes out of Chinese survey tools, made into an XLSForm.

::

    1. 本季度开展工作了吗？*[单选题]
    ○ 是
    ○ 否 (跳到第3题)

Read are single and multiple choice, texts, numbers, days, scales, ranks, uploads, places and matrices; ``*`` and 必填
as required; 其他____ as a text of its own; jumps as conditions of what is jumped over; 一、 and 第一部分 as groups.
Every line that was not understood, or only guessed at, is told with its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reportsvc.forms.importer import Examination, Problem, examine
from reportsvc.forms.messages import N_
from reportsvc.forms.sheets_out import markdown, workbook

KINDS = {
    **dict.fromkeys(
        ("单选题", "单选", "下拉题", "下拉框", "下拉选择题", "判断题", "比较题", "投票单选题"), "select_one"
    ),
    **dict.fromkeys(("多选题", "多选", "不定项选择题", "投票多选题"), "select_multiple"),
    **dict.fromkeys(("填空题", "填空", "单行文本题", "姓名", "手机", "电话", "地址", "邮箱"), "text"),
    **dict.fromkeys(("简答题", "问答题", "多行填空题", "多行文本题", "主观题"), "long"),
    **dict.fromkeys(("量表题", "评分题", "打分题", "NPS题", "NPS量表题", "评价题", "单项量表题"), "scale"),
    **dict.fromkeys(("排序题", "排序"), "rank"),
    **dict.fromkeys(("数字题", "数值题", "数字填空题", "整数题"), "decimal"),
    **dict.fromkeys(("日期题", "日期", "日期填空题"), "date"),
    **dict.fromkeys(("时间题", "时间"), "time"),
    **dict.fromkeys(("文件上传题", "上传文件题", "附件题"), "file"),
    **dict.fromkeys(("图片上传题", "上传图片题", "图片题"), "image"),
    **dict.fromkeys(("地理位置", "定位题", "地图题"), "geopoint"),
    **dict.fromkeys(("矩阵单选题", "矩阵量表题", "矩阵单选"), "matrix_one"),
    **dict.fromkeys(("矩阵多选题", "矩阵多选"), "matrix_many"),
    **dict.fromkeys(("矩阵填空题", "矩阵文本题"), "matrix_text"),
    **dict.fromkeys(("段落说明", "文字说明", "说明"), "note"),
}
"""What a survey tool calls a kind of question → what it becomes here."""

SHEET = "pasted"
"""Stands for the sheet where a remark is told as a problem: its row is the line of the text."""
LENGTH = 200_000  # characters of a pasted text
LINE = 2000  # characters of it that are read of one line
QUESTIONS = 500
SHORT = 5  # choices that a phone shows beside one another
_NUMBERED = re.compile(r"(?:第\s*|[Qq])?(?P<number>[0-9]{1,3})\s*(?:题\s*[.．、:：]?|[.．、:：)）])\s*(?P<rest>\S.*)")
_TAG = re.compile(r"[\[【(（]\s*(?P<kind>[^\[\]【】()（）]{2,10}?)\s*[\]】)）]")
_REQUIRED = re.compile(r"[\[【(（]\s*必[填答选]\s*[\]】)）]")
_OPTIONAL = re.compile(r"[\[【(（]\s*(?:选填|非必填|选答)\s*[\]】)）]")
_LIMITED = re.compile(r"[\[【(（](?:最[多少]选|请选择|限选|选)[^\]】)）]*[\]】)）]")
_OPTION = re.compile(r"(?:[○●◯〇□☐■◻▢]|[\[(（]\s*[\])）]|[A-Za-z]\s*[.．、)）:：])\s*(?P<text>\S.*)")
_BESIDE = re.compile(r"\s+(?=(?:[○●◯〇□☐■◻▢]|[A-Z][.．、)）:：])\s*\S)")
_JUMP = re.compile(
    r"[\[【(（]\s*(?:选择?\s*(?P<letter>[A-Za-z])\s*(?:项)?[,，]?\s*)?(?:请)?跳(?:到|至|转到|转至|转)?\s*第?\s*(?P<to>[0-9]{1,3})\s*题?"
    r"[^\]】)）]*[\]】)）]"
)
_BLANK = re.compile(r"[_＿]{2,}\s*\*?|[(（]\s*请(?:注明|说明|填写)\s*[)）]")
_GROUP = re.compile(
    r"(?:第[一二三四五六七八九十]+(?:部分|页|章)\s*[:：、.．]?|[一二三四五六七八九十]+\s*[、.．])\s*(?P<label>.*)"
)
_MARKS = frozenset("○●◯〇□☐■◻▢")


@dataclass(frozen=True, slots=True)
class Remark:
    """What should be looked at again: a line's number from 1, its text, and a message id with what fills it."""

    line: int
    text: str
    reason: str


@dataclass(slots=True)
class _Option:
    text: str
    blank: bool = False
    jump: int = 0


@dataclass(slots=True)
class _Asked:
    """One question as it was pasted."""

    line: int
    number: int
    label: str
    kind: str
    required: bool
    group: int
    options: list[_Option] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    scale: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    jumps: list[tuple[str, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"q{self.number}"


@dataclass(frozen=True, slots=True)
class Pasted:
    """An XLSForm's sheets as rows of cells, its header first, and what should be looked at again."""

    title: str
    sheets: dict[str, list[list[str]]]
    remarks: tuple[Remark, ...]
    lines: tuple[int, ...]
    """For each row of the sheet “survey” below its header the line that it comes from; 0 where it is none."""

    @property
    def questions(self) -> int:
        """How many lines became a question."""
        return len({line for line in self.lines if line})

    def by_line(self, problem: Problem) -> Problem:
        """A problem of the sheet “survey” told by the line of the text."""
        place = problem.row - 2
        if problem.sheet != "survey" or not 0 <= place < len(self.lines) or not self.lines[place]:
            return problem
        return replace(problem, sheet=SHEET, row=self.lines[place])

    def to_markdown(self) -> str:
        """The XLSForm in Markdown."""
        return markdown(self.sheets)

    def to_xlsx(self) -> bytes:
        """The XLSForm as an Excel workbook."""
        return workbook(self.sheets)

    def examine(self) -> Examination:
        """The form that it becomes, or what keeps it from becoming one."""
        return examine(self.to_markdown().encode(), "pasted.md")


def read(text: str, form_id: str = "pasted") -> Pasted:
    """The XLSForm that a pasted text describes; never raises."""
    reader = _Reader()
    for line, each in enumerate(text[:LENGTH].splitlines(), start=1):
        plain = each[:LINE].replace("\u200b", "").replace("\xa0", " ").replace("${", "{").rstrip()
        if plain.strip(" _＿-—=\t"):
            reader.take(line, plain)
    reader.jump()
    lines, sheets = _sheets(reader, form_id)
    return Pasted(
        reader.title or "问卷", sheets, tuple(sorted(reader.remarks, key=lambda remark: remark.line)), tuple(lines)
    )


class _Reader:
    """Takes one line after another."""

    def __init__(self) -> None:
        self.title = ""
        self.intro: list[str] = []
        self.groups: list[str] = [""]
        self.asked: list[_Asked] = []
        self.remarks: list[Remark] = []

    def remark(self, line: int, text: str, reason: str) -> None:
        self.remarks.append(Remark(line, text.strip()[:80], reason))

    def take(self, line: int, text: str) -> None:
        found = _NUMBERED.fullmatch(text.strip())
        group = _GROUP.fullmatch(text.strip())
        if found and not (self.asked and _OPTION.fullmatch(text.strip())):
            self.question(line, int(found["number"]), found["rest"])
        elif group and not _TAG.search(text):
            self.groups.append(group["label"].strip() or text.strip())
        elif not self.asked:
            self.preface(text.strip())
        else:
            self.below(self.asked[-1], line, text)

    def preface(self, text: str) -> None:
        if self.title:
            self.intro.append(text)
        else:
            self.title = text.strip("《》#* ")

    def question(self, line: int, number: int, rest: str) -> None:
        if len(self.asked) >= QUESTIONS or any(each.number == number for each in self.asked):
            self.remark(line, rest, N_("A question of this number stands above already, so this one is left out."))
            return
        kinds = [match for match in _TAG.finditer(rest) if match["kind"] in KINDS]
        kind = KINDS[kinds[0]["kind"]] if kinds else ""
        unknown = next((match for match in _TAG.finditer(rest) if match["kind"].endswith("题") and not kinds), None)
        if unknown and not _JUMP.fullmatch(unknown[0]):
            self.remark(line, unknown[0], N_("This kind of question is not known here; it is asked as a text."))
            kind = "text"
        required = "*" in rest or bool(_REQUIRED.search(rest))
        jumps = [(match["letter"] or "", int(match["to"])) for match in _JUMP.finditer(rest)]
        for match in (*kinds, *((unknown,) if unknown else ())):
            rest = rest.replace(match[0], "")
        for pattern in (_REQUIRED, _OPTIONAL, _JUMP):
            rest = pattern.sub("", rest)
        limit = _LIMITED.search(rest)
        label, options = self.beside(_LIMITED.sub("", rest).replace("*", ""))
        asked = _Asked(line, number, label, kind, required, len(self.groups) - 1, jumps=jumps)
        asked.hints += [limit[0].strip("[]【】()（）")] if limit else []
        self.asked.append(asked)
        for option in options:
            self.option(asked, option)

    def beside(self, rest: str) -> tuple[str, list[str]]:
        """A question's own text, and the choices that stand on its line."""
        label, *options = _BESIDE.split(rest.strip())
        return _BLANK.sub("", label).strip(), options if len(options) > 1 else []

    def below(self, asked: _Asked, line: int, text: str) -> None:
        cells = [cell.strip() for cell in re.split(r"\t|\s*\|\s*", text.strip("|"))]
        if asked.kind.startswith("matrix"):
            self.matrix(asked, line, cells if len(cells) > 1 else re.split(r"\s{2,}", text.strip()))
            return
        if asked.kind == "scale" and (len([cell for cell in text if cell in _MARKS]) > 1 or len(cells) > 2):
            asked.scale += [part for part in re.split(r"[\s○●◯〇□☐|]+", text) if part]
            return
        parts = [part for part in _BESIDE.split(text.strip()) if part]
        if all(_OPTION.fullmatch(part) for part in parts):
            for part in parts:
                self.option(asked, part)
        elif asked.options or asked.hints:
            self.remark(line, text, N_("This line was not understood and is left out."))
        else:
            asked.hints.append(text.strip().removeprefix("提示：").strip("()（）"))

    def option(self, asked: _Asked, text: str) -> None:
        found = _OPTION.fullmatch(text)
        plain = found["text"] if found else text
        jump = _JUMP.search(plain)
        blank = _BLANK.search(plain) is not None
        plain = _BLANK.sub("", _JUMP.sub("", plain)).strip(" *:：")
        asked.options.append(_Option(plain or "其他", blank, int(jump["to"]) if jump else 0))

    def matrix(self, asked: _Asked, line: int, cells: list[str]) -> None:
        filled = [cell for cell in cells if cell]
        marks = [cell for cell in filled if cell[0] in _MARKS or not cell.strip("_＿")]
        if not asked.columns and not marks and asked.kind != "matrix_text":
            asked.columns = filled
        elif filled and (marks or asked.kind == "matrix_text" or len(filled) == 1):
            asked.rows.append(filled[0])
        else:
            self.remark(line, " ".join(cells), N_("This line was not understood and is left out."))

    def jump(self) -> None:
        """Make conditions of jumps: what is jumped over is asked of the others only."""
        for asked in self.asked:
            jumps = [(place, option.jump) for place, option in enumerate(asked.options, start=1) if option.jump]
            for letter, to in asked.jumps:
                place = ord(letter.upper()) - ord("A") + 1 if letter else 0
                if 1 <= place <= len(asked.options):
                    jumps.append((place, to))
                else:
                    self.remark(
                        asked.line, asked.label, N_("It is not clear which answer jumps; add “relevant” by hand.")
                    )
            for place, to in jumps:
                if to <= asked.number or _kind(asked) not in {"select_one", "select_multiple"}:
                    self.remark(
                        asked.line, asked.label, N_("This jump leads backwards or from no choice; it is left out.")
                    )
                    continue
                condition = f"not(selected(${{{asked.name}}}, '{place}'))"
                for other in self.asked:
                    if asked.number < other.number < to:
                        other.conditions.append(condition)


def _kind(asked: _Asked) -> str:
    if asked.kind == "scale" and asked.options and not asked.scale:
        return "select_one"
    return asked.kind or ("select_one" if asked.options else "text")


HEADER = ["type", "name", "label", "hint", "required", "relevant", "appearance", "parameters"]


def _sheets(reader: _Reader, form_id: str) -> tuple[list[int], dict[str, list[list[str]]]]:
    """The lines that the rows of the survey come from, and the sheets."""
    survey, choices = [HEADER], [["list_name", "name", "label"]]
    lines: list[int] = []
    group = 0
    for place, text in enumerate(reader.intro, start=1):
        survey.append(["note", f"note_{place}", text, "", "", "", "", ""])
    for asked in reader.asked:
        if asked.group != group:
            if group:
                survey.append(["end_group", *[""] * 7])
            group = asked.group
            survey.append(["begin_group", f"part_{group}", reader.groups[group], *[""] * 5])
        if not asked.kind:
            guessed = (
                N_("No kind is named: taken as a choice.")
                if asked.options
                else N_("No kind is named: taken as a text.")
            )
            reader.remark(asked.line, asked.label, guessed)
        lines += [0] * (len(survey) - 1 - len(lines))
        survey += _rows(asked, reader)
        lines += [asked.line] * (len(survey) - 1 - len(lines))
        choices += _choices(asked)
    if group:
        survey.append(["end_group", *[""] * 7])
    title = reader.title or "问卷"
    settings = [["form_title", "form_id"], [title, form_id]]
    return lines, {"settings": settings, "survey": survey} | ({"choices": choices} if len(choices) > 1 else {})


def _rows(asked: _Asked, reader: _Reader) -> Iterator[list[str]]:
    kind, name = _kind(asked), asked.name
    required = "yes" if asked.required else ""
    relevant = " and ".join(dict.fromkeys(asked.conditions))
    hint = "；".join(asked.hints)

    def row(said: str, called: str, label: str, appearance: str = "", parameters: str = "") -> list[str]:
        return [said, called, label or asked.label or called, hint, required, relevant, appearance, parameters]

    if kind.startswith("matrix"):
        yield from _matrix(asked, reader, row)
    elif kind == "scale":
        yield _scale(asked, row)
    elif kind in {"select_one", "select_multiple", "rank"}:
        if not asked.options:
            reader.remark(asked.line, asked.label, N_("No choices stand under this question; it is asked as a text."))
            yield row("text", name, asked.label)
            return
        yield row(
            f"{kind} {name}", name, asked.label, "minimal" if len(asked.options) > 12 and kind == "select_one" else ""
        )
        for place, option in enumerate(asked.options, start=1):
            if option.blank and kind != "rank":
                yield ["text", f"{name}_{place}_text", option.text, "", "", f"selected(${{{name}}}, '{place}')", "", ""]
    elif kind == "note":
        yield ["note", name, asked.label, hint, "", relevant, "", ""]
    else:
        yield row("text" if kind == "long" else kind, name, asked.label, "multiline" if kind == "long" else "")


def _scale(asked: _Asked, row: object) -> list[str]:
    assert callable(row)  # noqa: S101 - tells the type checker
    numbers = [int(part) for part in asked.scale if part.isdigit()]
    words = [part for part in asked.scale if not part.isdigit()]
    least, most = (min(numbers), max(numbers)) if len(numbers) > 1 else (1, 5)
    if len(words) > 1:
        asked.hints.append(f"{least} {words[0]}，{most} {words[-1]}")
    made: list[str] = row("range", asked.name, asked.label, "", f"start={least} end={most} step=1")
    made[3] = "；".join(asked.hints)
    return made


def _matrix(asked: _Asked, reader: _Reader, row: object) -> Iterator[list[str]]:
    assert callable(row)  # noqa: S101 - tells the type checker
    if not asked.rows or not (asked.columns or asked.kind == "matrix_text"):
        reader.remark(
            asked.line, asked.label, N_("The table under this question was not understood; it is asked as a text.")
        )
        yield row("text", asked.name, asked.label)
        return
    said = {"matrix_one": f"select_one {asked.name}", "matrix_many": f"select_multiple {asked.name}"}
    for place, label in enumerate(asked.rows, start=1):
        lined = "likert" if asked.kind == "matrix_one" and len(asked.columns) <= SHORT else ""
        yield row(said.get(asked.kind, "text"), f"{asked.name}_{place}", f"{asked.label}：{label}", lined)


def _choices(asked: _Asked) -> Iterator[list[str]]:
    matrix = asked.kind in {"matrix_one", "matrix_many"} and asked.rows
    labels: Sequence[str] = asked.columns if matrix else [option.text for option in asked.options]
    if matrix or _kind(asked) in {"select_one", "select_multiple", "rank"}:
        yield from ([asked.name, str(place), label] for place, label in enumerate(labels, start=1))
