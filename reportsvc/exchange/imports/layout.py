"""The workbook that is imported: its sheets and columns, as they stand in the template. Its words are Chinese."""

from __future__ import annotations

from dataclasses import dataclass

ORGANIZATIONS, PROJECTS, PARTICIPATIONS, HISTORY = "organizations", "projects", "participations", "history"

KINDS = {
    "基金会": "foundation",
    "社会团体": "association",
    "社会服务机构": "agency",
    "村集体经济组织": "collective",
    "企业": "enterprise",
}
LEVELS = {
    "县级": "county",
    "市级": "city",
    "省级": "province",
    "北京市": "beijing",
    "天津市": "tianjin",
    "全国": "national",
}
ROLES = {"牵头": "lead", "合作": "partner"}

MARK, EXAMPLE = "标记", "示例"
"""Head of the first column, and what stands there in a row that is passed over."""
TROUBLE = "问题"
"""Head of the column that a marked workbook adds; passed over when it comes back."""
PASSED_OVER = frozenset({TROUBLE, "备注"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``choices`` names a list of the code sheet; ``code`` says that digits in it are no number."""

    key: str
    title: str
    help: str
    required: bool = True
    choices: str = ""
    code: bool = False
    limit: int = 0
    """Characters that a text may have; 0 where something else decides."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with the example that its template shows, by column."""

    key: str
    title: str
    columns: tuple[Column, ...]
    example: tuple[str, ...]

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(one for one in self.columns if one.key == key)


_USCC = "18位统一社会信用代码，照登记证书填写。请保持单元格为文本格式。"

SHEETS = (
    Sheet(
        ORGANIZATIONS,
        "单位",
        (
            Column("uscc", "统一社会信用代码", _USCC, code=True),
            Column("name", "单位名称", "登记证书上的全称，最多200字。", limit=200),
            Column("kind", "类型", "从下拉列表选择。", choices="kinds"),
            Column("level", "登记级别", "从下拉列表选择；不清楚可以空着。", required=False, choices="levels"),
            Column("region", "所在地区", "“代码”表中的地区代码；空着按信用代码判断。", required=False, code=True),
        ),
        ("51130826501203455Y", "丰宁满族自治县样例志愿服务协会", "社会团体", "县级", "130826"),
    ),
    Sheet(
        PROJECTS,
        "项目",
        (
            Column("code", "项目编号", "本行动内不重复，最多40个字符。", code=True, limit=40),
            Column("name", "项目名称", "最多200字。", limit=200),
            Column("category", "类别", "从下拉列表选择。", choices="categories"),
            Column("lead", "牵头单位代码", _USCC, code=True),
            Column("counties", "实施县代码", "“代码”表中的县代码，几个县用逗号分开；全省项目空着。", False, code=True),
            Column("village", "村", "最多60字，可以空着。", required=False, limit=60),
            Column("executor", "承接企业", "最多200字，可以空着。", required=False, limit=200),
            Column("organizer", "组织方", "最多200字，可以空着。", required=False, limit=200),
        ),
        ("YL-001", "样例乡村图书室", "", "51130826501203455Y", "130826,130822", "样例村", "", ""),
    ),
    Sheet(
        PARTICIPATIONS,
        "参与",
        (
            Column("project", "项目编号", "“项目”表或系统中已有的编号。", code=True),
            Column("organization", "单位代码", _USCC, code=True),
            Column("role", "角色", "牵头或合作；牵头单位已在“项目”表中，不必再写。", choices="roles"),
        ),
        ("YL-001", "51130826501203455Y", "合作"),
    ),
    Sheet(
        HISTORY,
        "往期数据",
        (
            Column("year", "年份", "四位数，如2025。"),
            Column("quarter", "季度", "1、2、3或4。", choices="quarters"),
            Column("project", "项目编号", "“项目”表或系统中已有的编号。", code=True),
            Column("organization", "单位代码", _USCC, code=True),
            Column("indicator", "指标", "从下拉列表选择。", choices="indicators"),
            Column("county", "县代码", "分县填报的指标写县代码，其余空着。", required=False, code=True),
            Column("value", "数值", "只写数字；金额单位为元，最多两位小数。"),
        ),
        ("2025", "4", "YL-001", "51130826501203455Y", "自有资金", "", "12000.50"),
    ),
)  # fmt: skip
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
CODES = "代码"
"""Title of the sheet with regions, kinds, categories and so on."""
