"""A sample circular, made up throughout: names, amounts and addresses."""

from __future__ import annotations

from datetime import date

from reportsvc.circulars.document import Annex, CircularDocument, Column, Heading, Paragraph, Run, Table

RARE_NAMES = ("赵堃", "钱昇", "孙玥", "李镕", "周璟")
"""Names with characters that the face of the text lacks."""
FIGURE_URL = "https://reports.example.cn/figures/"

COUNTY_COLUMNS = (
    Column("序号", 8),
    Column("县（市、区）", 24),
    Column("参与社会组织（家）", 22, "right"),
    Column("项目（个）", 20, "right"),
    Column("投入资金（万元）", 26, "right"),
)
PROJECT_COLUMNS = (
    Column("序号", 6),
    Column("项目名称", 23, "left"),
    Column("社会组织", 20, "left"),
    Column("实施地点", 12),
    Column("类别", 8),
    Column("投入资金（万元）", 12, "right"),
    Column("受益对象", 11, "right"),
    Column("负责人", 8),
)
_CITIES = ("石家庄市", "唐山市", "秦皇岛市", "邯郸市", "邢台市", "保定市", "张家口市", "承德市", "沧州市", "廊坊市")
_THINGS = (
    "蔬菜大棚",
    "村级卫生室设备",
    "助学行动",
    "就业技能培训",
    "养老照料中心",
    "小学教室改造",
    "食用菌种植示范基地",
)
_MORE = ("", "（二期）", "及配套道路、灌溉设施建设", "“一对一”结对帮扶")
_KINDS = ("教育", "健康", "产业", "就业", "易地搬迁", "扶老助残", "救孤济困")
_ENDINGS = ("志愿服务协会", "公益基金会", "社会工作服务中心", "农产品流通与品牌建设促进会")


def county_table(count: int = 62) -> Table:
    """A table by county with a total."""
    rows = [
        (str(i), f"样例{i:02d}县", str(20 + i * 7 % 90), str(30 + i * 11 % 120), f"{i * 37.25:,.2f}")
        for i in range(1, count + 1)
    ]
    sums = (sum(int(row[2]) for row in rows), sum(int(row[3]) for row in rows))
    return Table(
        COUNTY_COLUMNS, rows, ("", "合计", str(sums[0]), str(sums[1]), f"{37.25 * count * (count + 1) / 2:,.2f}")
    )


def project_table(count: int) -> Table:
    """A list of projects; every name is there once, so that rows can be found again in a page's text."""
    rows = [_project(i) for i in range(1, count + 1)]
    return Table(PROJECT_COLUMNS, rows, ("", "合计", "", "", "", "218,800.00", "", ""))


def _project(i: int) -> tuple[str, ...]:
    city, thing, more = _CITIES[i % 10], _THINGS[i % 7], _MORE[i % 4]
    organization = f"{city[:-1]}样例{i % 997:03d}号{_ENDINGS[i % 4]}"
    person = RARE_NAMES[i % 5] if i % 50 < 5 else "样例"
    benefit = f"{i * 7 % 4000 + 10:,}人次"
    return (
        str(i),
        f"{city}{thing}{more}",
        organization,
        city,
        _KINDS[i % 7],
        f"{i * 13 % 9000 + 0.5:,.2f}",
        benefit,
        person,
    )


def circular(projects: int = 120, counties: int = 62, **changes: object) -> CircularDocument:
    """The sample; ``changes`` replace fields of it."""
    values: dict[str, object] = {
        "mark": "样例省民政厅文件",
        "number": "样民函〔2020〕8号",
        "title": "样例省民政厅关于“京津冀社会组织跟党走—助力脱贫攻坚行动”有关情况的通报",
        "addressee": "各市（含定州、辛集市）民政局，雄安新区公共服务局：",
        "body": BODY,
        "annexes": (
            Annex("各县参与情况统计表", county_table(counties), "截至2020年9月30日　单位：万元"),
            Annex("“京津冀社会组织跟党走—助力脱贫攻坚行动”项目清单", project_table(projects)),
        ),
        "signatory": "样例省民政厅",
        "signed": date(2020, 11, 10),
        "copies_to": "民政部社会组织管理局，北京市民政局，天津市民政局，省委办公厅，省政府办公厅，省扶贫开发办公室。",
        "printed_by": "样例省民政厅办公室",
        "printed": date(2020, 11, 11),
        "keywords": ("通报", "社会组织"),
    }
    return CircularDocument(**(values | changes))  # type: ignore[arg-type]


def _figure(text: str, key: str) -> Run:
    return Run(text, key, FIGURE_URL + key)


BODY: tuple[Heading | Paragraph, ...] = (
    Paragraph(
        (
            Run(
                "基于三省市共同部署，2018年3月以来，我省组织动员京津冀社会组织开展“跟党走—助力脱贫攻坚行动”，三年来取得了积极成效。现将有关情况通报如下。"
            ),
        )
    ),
    Heading("一、总体情况"),
    Paragraph(
        (
            Run("截至2020年9月30日，共有"),
            _figure("6300多家", "organizations"),
            Run("社会组织参与行动，实施项目"),
            _figure("5367个", "projects"),
            Run("，投入资金"),
            _figure("约21.88亿元", "funds_yuan"),
            Run("，覆盖"),
            _figure("62个", "key_counties"),
            Run("重点县，受益群众"),
            _figure("280多万人次", "beneficiary_visits"),
            Run("；带动会员企业投资"),
            _figure("超过30亿元", "member_enterprise_investment_yuan"),
            Run("（各县情况见附件1，项目清单见附件2）。"),
        )
    ),
    Heading("二、主要做法"),
    Paragraph(
        (
            Run(
                "坚持“党建引领、需求导向、精准对接”，把社会组织的专业优势同重点县的实际需求结合起来：县级提出需求，"
                "社会组织认领，市级协调，省级督促，做到“一个项目、一本台账、一名联系人”。三年来召开协调推进会议10余次，"
                "逐一研究解决项目落地中的土地、用电、道路等具体困难。"
            ),
        ),
        "（一）健全工作机制。",
    ),
    Paragraph(
        (
            Run(
                "各地通过电话逐季填报、县市省三级审核的办法掌握进展，所有数字均可追溯到具体报告；对填报有困难的单位，"
                "由县级民政部门代为录入，并注明来源。审核中发现的疑点全部退回核实，不以估计数代替实际数。"
            ),
        ),
        "（二）严格数据管理。",
    ),
    Heading("（三）突出典型引路。", 2),
    Paragraph(
        (
            Run(
                "样例公益基金会捐建蔬菜大棚150座，投入3000余万元，带动2000余户贫困户就业；样例眼镜协会（会员企业30多家）"
                "为中小学生免费验配眼镜1160副；样例专家咨询协会选派专家153名，举办培训班120多次，培训9000多人，"
                "引进种植、养殖类项目60余个；样例食用菌协会发展食用菌产业，实现产值4.5亿元，带动1.5万户农户脱贫。"
            ),
        )
    ),
    Heading("三、存在问题"),
    Paragraph(
        (
            Run(
                "一是各县之间参与程度不平衡，个别县全年没有新增项目；二是部分项目后续管护责任不明确，设施闲置；"
                "三是少数单位填报不及时、不准确，将投入资金与会员企业投资混同，影响了汇总质量。"
            ),
        )
    ),
    Heading("四、下一步工作"),
    Paragraph(
        (
            Run(
                "各级民政部门要巩固拓展行动成果，做好同乡村振兴的有效衔接：对已建成的项目逐一明确管护责任；"
                "对受到群众欢迎的做法认真总结推广；对存在的问题限期整改，并于2020年12月31日前将整改情况报省民政厅"
                "（联系邮箱：reports@example.cn）。"
            ),
        )
    ),
)
