"""From a snapshot to the words of a situation circular (通报): every number in it is a figure of the snapshot.

Order of the parts: GB/T 9704-2012 for the document, and for the text 总体情况, 典型项目, 存在问题, 下一步工作. Words
that a campaign gives (``Campaign.circular``) take the place of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from reportsvc import clock
from reportsvc.circulars import annexes, cases, phrases
from reportsvc.circulars.document import CircularDocument, Heading, Paragraph, Run

Word = phrases.Remainder
KINDS = {"foundation": "基金会", "association": "社会团体", "agency": "社会服务机构"}
KIND_OTHER = "其他参与单位"
NUMERALS = "一二三四五六七八九十"

ROUNDS_DOWN = {"organizations": 100, "beneficiary_visits": 100_000, "coordination_meetings": 10}
"""Headline figures that are printed truncated (多, 余), and to which step."""
MEMBER_STEP = 10**9
"""Member enterprises' investment is printed as more than the 10亿元 that it has passed."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Turns figures of a snapshot into runs of text that lead back to their reports."""

    data: Mapping[str, Any]
    base_url: str
    snapshot: int

    def value(self, key: str) -> int:
        """A figure in its smallest unit; 0 where nothing was reported."""
        figure = self.data["figures"].get(key)
        return 0 if figure is None else int(figure["value"])

    def run(self, key: str, text: str) -> Run:
        """``text``, linked to the page of the figure."""
        if key not in self.data["figures"]:
            return Run(text)
        return Run(text, key, f"{self.base_url}/figures/{self.snapshot}/{quote(key)}")

    def money(
        self, key: str, qualifier: phrases.Qualifier = "about", step: int | None = None, *, word: Word = "多"
    ) -> Run:
        """A sum of money."""
        return self.run(key, phrases.money(self.value(key), qualifier, step, word=word))

    def count(
        self, key: str, unit: str, qualifier: phrases.Qualifier = "exact", step: int | None = None, *, word: Word = "多"
    ) -> Run:
        """A number of things."""
        return self.run(key, phrases.count(self.value(key), unit, qualifier, step, word=word))


def document(data: Mapping[str, Any], base_url: str, snapshot: int) -> CircularDocument:
    """The circular of a snapshot.

    :param base_url: public address of the service, for the links from figures to their reports.
    """
    writer = Writer(data, base_url, snapshot)
    words: Mapping[str, Any] = data["words"]
    name = data["campaign"]["name"]
    signed = clock.local(datetime.fromisoformat(data["made_at"])).date()
    parts = (
        ("总体情况", _overview(writer)),
        ("典型项目", cases.paragraphs(writer)),
        ("存在问题", _problems(writer)),
        ("下一步工作", [_plain(text) for text in words.get("next", NEXT)]),
    )
    body: list[Heading | Paragraph] = [_opening(writer)]
    for number, (heading, paragraphs) in zip(NUMERALS, (part for part in parts if part[1]), strict=False):
        body += [Heading(f"{number}、{heading}"), *paragraphs]
    return CircularDocument(
        mark=words.get("mark", "送审文稿"),
        number=words.get("number", ""),
        title=title(name, words),
        body=tuple(body),
        annexes=annexes.build(data),
        signatory=words.get("signatory", "民政部门"),
        signed=signed,
        addressee=words.get("addressee", ""),
        copies_to=words.get("copies_to", ""),
        printed_by=words.get("printed_by", ""),
        printed=signed,
        keywords=(name, data["through"]),
    )


def title(name: str, words: Mapping[str, Any]) -> str:
    """A circular's title: issuer, 关于, matter, 的通报."""
    return str(words.get("title") or f"{words.get('signatory', '')}关于“{name}”有关情况的通报")


NEXT = (
    "各级民政部门要指导参与单位按季如实填报，逐级及时审核；对填报的困难逐项回应，能在本级解决的就地解决，需要上级协调的及时上报。"
    "本通报所列数据均由审核通过的季报汇总，可逐项查到原始填报；对数据有疑问的，请向负责审核的民政部门提出。",
)


def through(text: str) -> str:
    """``2020Q3`` as 2020年第三季度."""
    year, quarter = text.split("Q")
    return f"{year}年第{NUMERALS[int(quarter) - 1]}季度"


def _plain(text: str, lead: str = "") -> Paragraph:
    return Paragraph((Run(text),), lead)


def _opening(writer: Writer) -> Paragraph:
    words, name = writer.data["words"], writer.data["campaign"]["name"]
    if words.get("opening"):
        return _plain(words["opening"])
    starts = date.fromisoformat(writer.data["campaign"]["starts"])
    quarter = through(writer.data["through"])
    return _plain(
        f"{starts.year}年{starts.month}月以来，各地社会组织参加“{name}”，按季填报进展，由各级民政部门逐级审核。"
        f"根据截至{quarter}审核通过的季报，现将有关情况通报如下。"
    )


def _overview(writer: Writer) -> list[Paragraph]:
    found = [_headline(writer)]
    subjects = (
        ("资金构成", _funds(writer)),
        ("项目类别", _groups(writer, "category", [(each, f"{each}类") for each in writer.data["categories"]])),
        ("社会组织类型", _kinds(writer)),
        ("实施地区", _cities(writer)),
    )
    for number, (subject, runs) in zip(NUMERALS, (each for each in subjects if each[1]), strict=False):
        found.append(Paragraph(tuple(runs), f"（{number}）{subject}。"))
    return found


def _headline(writer: Writer) -> Paragraph:
    runs: list[Run] = [
        Run("共有"),
        writer.count("organizations", "家", "more", ROUNDS_DOWN["organizations"]),
        Run("社会组织参与，实施项目"),
        writer.count("projects", "个"),
        Run("，投入资金"),
        writer.money("funds_yuan"),
        Run("，覆盖重点县"),
        writer.count("key_counties", "个"),
        Run("，受益"),
        writer.count("beneficiary_visits", "人次", "more", ROUNDS_DOWN["beneficiary_visits"]),
        Run("。"),
    ]
    if writer.value("member_enterprise_investment_yuan"):
        invested = writer.money("member_enterprise_investment_yuan", "over", MEMBER_STEP)
        runs += [Run("会员企业投资"), invested, Run("，单独统计，不计入上述资金。")]
    if writer.value("coordination_meetings"):
        step = ROUNDS_DOWN["coordination_meetings"]
        runs += [Run("召开对接协调会"), writer.count("coordination_meetings", "次", "more", step, word="余"), Run("。")]
    return Paragraph(tuple(runs))


def _funds(writer: Writer) -> list[Run]:
    kinds = [one for one in writer.data["indicators"] if one["code"] in writer.data["fund_kinds"]]
    parts = [
        [Run(one["name"]), writer.money(one["measure"])]
        for one in sorted(kinds, key=lambda one: -writer.value(one["measure"]))
        if writer.value(one["measure"])
    ]
    return [Run("投入资金中，"), *cases.joined(parts, "，"), Run("。")] if parts else []


def _groups(writer: Writer, dimension: str, groups: Iterable[tuple[str, str]]) -> list[Run]:
    parts = []
    for value, label in groups:
        key = f"{dimension}.{value}"
        if not writer.value(f"{key}.projects"):
            continue
        parts.append(
            [
                Run(f"{label}项目"),
                writer.count(f"{key}.projects", "个"),
                Run("、投入资金"),
                writer.money(f"{key}.funds_yuan"),
                Run("、受益"),
                writer.count(f"{key}.beneficiary_visits", "人次", "about"),
            ]
        )
    return [*cases.joined(parts, "；"), Run("。")] if parts else []


def _cities(writer: Writer) -> list[Run]:
    cities = annexes.cities(writer.data)
    runs = _groups(writer, "city", cities)
    if sum(writer.value(f"city.{code}.projects") for code, _ in cities) > writer.value("projects"):
        runs.append(Run("在多个市实施的项目在各市分别计数，总数只计一次。"))
    return runs


def _kinds(writer: Writer) -> list[Run]:
    parts = []
    for kind, label in KINDS.items():
        if not writer.value(f"kind.{kind}.organizations"):
            continue
        parts.append(
            [
                Run(label),
                writer.count(f"kind.{kind}.organizations", "家"),
                Run("，参与项目"),
                writer.count(f"kind.{kind}.projects", "个"),
                Run("，投入资金"),
                writer.money(f"kind.{kind}.funds_yuan"),
            ]
        )
    if not parts:
        return []
    note = "联合实施的项目在各类中分别计数，总数只计一次。" if len(parts) > 1 else ""
    return [*cases.joined(parts, "；"), Run(f"。{note}")]


def _problems(writer: Writer) -> list[Paragraph]:
    own = [_plain(text) for text in writer.data["words"].get("problems", ())]
    if not writer.value("projects_in_difficulty"):
        return own
    runs = (
        Run("审核通过的季报中，有"),
        writer.count("projects_in_difficulty", "个"),
        Run("项目填报了困难，由负责审核的民政部门逐项跟进。"),
    )
    return [Paragraph(runs), *own]
