"""What a difficulty can be about, how urgent it is, who is asked, and which words mean that there is none."""

from __future__ import annotations

import re
import unicodedata

KINDS = ("funds", "goods", "people", "skills", "permits", "sales", "policy", "other")
"""Money, things, hands, knowledge, land and permits, selling, rules that stand in the way, anything else."""

URGENCIES = ("urgent", "soon", "normal")

ASKED = ("helper", "receiver", "department")
"""The side that helps (帮扶方), the side that is helped (受援方: county and village), an office of the government."""

UNSORTED = {"kind": "other", "urgency": "normal", "asked": "department"}
"""What one is that was written into a report: the form asks for words only; whoever takes it over sorts it."""

_NO = "暂时没有|没有|暂无|没|无|未遇到|未发现|不存在|未有|未"
_WHEN = "本季度|本季|本期|目前为止|截至目前|目前|现在|暂时|暂|均|都|我们|我单位|本单位|项目"
_WHICH = "遇到|发现|存在|出现|有|过|什么|任何|特别|明显|大|的|其他|其它|需要协调|需要解决|需要帮助|需协调|需解决"
_WHAT = "困难|问题|难题|需求|情况|事项|和|与|及|或"
_NOTHING = re.compile(
    rf"(?:{_WHEN})*(?:{_NO})(?:{_WHICH})*(?:{_WHAT})*(?:了|啊|呢)?"
    r"|(?:none|no|nil|nothing|na|not applicable|no (?:difficulties|difficulty|problems?)|一切正常|一切顺利|正常|顺利)"
)
_MARKS = re.compile(r"[^\w\s]|_")


def says_nothing(text: str) -> bool:
    """Whether a text says that there is no difficulty, or nothing at all: "无", "暂时没有困难。", "None", "-", "0"."""
    plain = " ".join(_MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold().split())
    return (
        plain in {"", "0"} or _NOTHING.fullmatch(plain.replace(" ", "") if not plain.isascii() else plain) is not None
    )
