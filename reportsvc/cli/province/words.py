"""Names and sentences of the sample records. Every name says 样例, so that none passes for a real one."""

from __future__ import annotations

from random import Random

ORGANIZATIONS = {
    "association": (
        "志愿服务协会", "养老服务业协会", "中药材产业协会", "果品产销协会", "食用菌产业协会", "奶业协会",
        "女企业家协会", "青年企业家联合会", "餐饮与饭店行业协会", "电子商务协会", "建筑业协会", "纺织服装商会",
        "马铃薯产业协会", "慈善会", "退役军人志愿服务联合会", "护理学会", "医师协会", "家庭服务业协会",
        "老区建设促进会", "农业产业化龙头企业协会", "残疾人康复与辅助器具服务行业协会", "书法家协会",
        "阅读推广促进会", "社会工作者协会",
    ),
    "agency": (
        "社会工作服务中心", "养老服务中心", "职业培训学校", "康复医院", "乡村振兴研究院", "助学服务中心",
        "儿童关爱中心", "农业技术推广服务站", "法律援助服务中心", "公益救援队", "家政服务培训中心",
        "心理健康服务中心", "特殊教育康复训练中心", "志愿者之家", "敬老院", "青少年社会教育实践基地",
    ),
    "foundation": (
        "公益基金会", "慈善基金会", "教育基金会", "助学基金会", "医疗救助基金会", "扶贫基金会", "儿童福利基金会",
        "社区发展基金会",
    ),
}  # fmt: skip

SUBJECTS = {
    "教育": ("乡村小学图书角捐建", "贫困学生助学金发放", "乡村教师暑期培训", "留守儿童假期课堂", "结对助学",
             "校园电脑教室捐建", "学校操场和厕所改造", "爱心书包发放"),
    "健康": ("专家义诊进村", "老年人白内障复明", "村医能力培训", "大病患者救助", "免费健康体检", "爱心药箱进农户",
             "妇女两癌筛查", "口腔健康进校园"),
    "产业": ("食用菌大棚建设", "中药材种植示范", "肉牛养殖合作", "手工制品加工点", "农产品电商销售", "果树品种改良",
             "消费扶贫采购", "杂粮订单种植", "光伏发电收益帮扶"),
    "就业": ("家政服务技能培训", "扶贫车间建设", "劳务对接招聘会", "缝纫技能培训", "护理员培训", "公益岗位开发",
             "电焊工技能培训"),
    "易地搬迁": ("安置社区配套设施", "搬迁户家具捐赠", "安置区扶贫车间", "搬迁群众社区融入服务", "安置区幼儿园建设"),
    "扶老助残": ("敬老院设施改造", "残疾人辅具捐赠", "失能老人居家照料", "残疾儿童康复训练", "高龄老人助餐",
                 "重度残疾人家庭无障碍改造", "节日慰问困难老人"),
    "救孤济困": ("孤儿助养", "困境儿童关爱", "困难家庭临时救助", "冬衣棉被捐赠", "受灾群众帮扶", "单亲母亲帮扶"),
}  # fmt: skip
"""What a project does, by category of the historic campaign."""

LIVE_SUBJECTS = {
    "产业": ("食用菌大棚提升", "中药材订单种植", "农产品直播销售", "肉牛养殖合作"),
    "人才": ("乡村工匠培训", "返乡青年创业辅导", "农业技术员培养"),
    "文化": ("乡村书屋共建", "非遗剪纸传承", "村晚和农民运动会"),
    "生态": ("村庄绿化", "垃圾分类进农户", "小流域清洁"),
    "组织": ("村级社会组织孵化", "村规民约修订", "积分制治理"),
    "教育": ("乡村小学图书角捐建", "留守儿童假期课堂", "结对助学"),
    "健康": ("专家义诊进村", "老年人白内障复明", "村医能力培训"),
}
"""The same for the campaign that is under way."""

TAILS = ("项目", "项目", "行动", "计划", "工程", "", "暨长效帮扶机制建设项目")

PEOPLE = {
    "教育": ("贫困学生", "乡村教师", "留守儿童"),
    "健康": ("患病群众", "村医", "老年人"),
    "产业": ("贫困户", "种植户", "养殖户"),
    "就业": ("贫困劳动力", "返乡妇女", "参训学员"),
    "易地搬迁": ("搬迁群众", "搬迁户"),
    "扶老助残": ("困难老人", "残疾人", "残疾儿童"),
    "救孤济困": ("孤儿", "困境儿童", "困难家庭"),
}
"""Who benefits, by category."""

OUTPUTS = {
    "教育": (("图书", "册", 3000), ("电脑", "台", 60), ("书包", "个", 500)),
    "健康": (("义诊", "场", 12), ("药箱", "个", 300), ("手术", "例", 80)),
    "产业": (("大棚", "座", 30), ("种苗", "株", 20000), ("培训班", "期", 8), ("光伏板", "块", 400)),
    "就业": (("培训班", "期", 10), ("扶贫车间", "个", 3), ("招聘会", "场", 4)),
    "易地搬迁": (("家具", "套", 120), ("道路硬化", "公里", 6)),
    "扶老助残": (("轮椅", "辆", 150), ("护理床", "张", 60), ("助餐", "份", 4000)),
    "救孤济困": (("棉衣", "件", 900), ("米面油", "份", 600)),
}
"""Results that are no indicators, by category: what, unit, and about how many."""

ACTIVITIES = {
    "教育": ("donation", "training", "construction"),
    "健康": ("donation", "training", "medical"),
    "产业": ("training", "purchase", "construction"),
    "就业": ("training", "employment"),
    "易地搬迁": ("donation", "employment", "construction"),
    "扶老助残": ("donation", "medical", "visit"),
    "救孤济困": ("donation", "visit"),
}
"""Choices of the form's question ``activities``, by category, in the order of the form."""

OPENINGS = (
    "（样例）本季度在{place}开展{subject}，",
    "（样例）{subject}按计划推进，实施地点为{place}，",
    "（样例）我们与{place}有关乡镇一起推进{subject}，",
    "（样例）围绕{subject}，",
)
MIDDLES = (
    "先后{number}次到村入户，核对了受益名单。",
    "召开现场会{number}次，参与的志愿者分{number}组开展工作。",
    "物资分{number}批送达，签收单已留存。",
    "完成了前期摸底，走访{number}个村。",
    "按季度计划完成了全部任务，资金按进度拨付。",
    "邀请专家现场指导{number}次，群众反映较好。",
)
ENDINGS = (
    "",
    "",
    "县民政局派人全程参加。",
    "受天气影响不大，进度正常。",
    "收支情况已在村务公开栏公示。",
    "照片和签收表随季报存档。",
)
DIFFICULTIES = (
    "（样例）山区冬季交通不便，物资运送时间较长，希望协调临时存放点。",
    "（样例）后续维护资金尚未落实。",
    "（样例）当地缺少懂技术的管护人员，需要继续培训。",
    "（样例）部分受益对象外出务工，名单核对需要更多时间。",
)
SELLING = "（样例）农产品销路不稳定，希望帮助对接采购单位。"
"""A difficulty of those who grow or make something."""
NEXT_STEPS = (
    "（样例）下季度继续回访受益家庭。",
    "（样例）下季度完成剩余物资发放并做好总结。",
    "（样例）计划扩大到相邻乡镇。",
    "（样例）继续筹措资金，按计划推进。",
)
TRADES = {
    "产业": ("农牧科技", "中药材种植", "新能源", "食品加工"),
    "就业": ("服装加工", "电子商务", "家政服务"),
    "易地搬迁": ("建筑工程", "家居"),
}
LEANINGS = (
    ("残疾", "扶老助残"), ("养老", "扶老助残"), ("敬老", "扶老助残"), ("特殊教育", "扶老助残"),
    ("医", "健康"), ("护理", "健康"), ("康复", "健康"), ("健康", "健康"),
    ("培训", "就业"), ("家政", "就业"), ("家庭服务", "就业"), ("纺织", "就业"),
    ("助学", "教育"), ("教育", "教育"), ("儿童", "教育"), ("阅读", "教育"), ("书法", "教育"),
    ("产业", "产业"), ("果品", "产业"), ("奶业", "产业"), ("农业", "产业"), ("商务", "产业"), ("餐饮", "产业"),
    ("振兴", "产业"), ("救援", "救孤济困"), ("慈善", "救孤济困"),
)  # fmt: skip
"""(part of a name, category), the first that fits."""
VILLAGES = ("东", "西", "南", "北", "上", "下", "前", "后")


def organization(rng: Random, place: str, number: int, kind: str) -> str:
    """A sample organization's name; ``place`` stands in front of most."""
    where = place if rng.random() < 0.75 else ""
    return f"{where}样例{number:04d}号{rng.choice(ORGANIZATIONS[kind])}"


def project(rng: Random, subject: str, place: str, number: int) -> str:
    """A sample project's name."""
    where = place if rng.random() < 0.3 else ""
    return f"样例{number:04d}号{where}{subject}{rng.choice(TAILS)}"


def executor(rng: Random, category: str, number: int) -> str:
    """A sample company that carries a project out; empty in categories where organizations do the work themselves."""
    trades = TRADES.get(category)
    return f"样例{number:04d}号{rng.choice(trades)}有限公司" if trades else ""


def difficulty(rng: Random, category: str) -> str:
    """What a sample report asks for help with."""
    return rng.choice((*DIFFICULTIES, SELLING) if category == "产业" else DIFFICULTIES)


def leaning(name: str) -> str | None:
    """The category of work that an organization's name suggests, if any."""
    return next((category for part, category in LEANINGS if part in name), None)


def village(rng: Random) -> str:
    """A sample village's name."""
    return f"{rng.choice(VILLAGES)}样例{rng.randint(1, 60)}村"


def progress(rng: Random, subject: str, place: str) -> str:
    """What a sample report tells."""
    text = rng.choice(OPENINGS) + rng.choice(MIDDLES) + rng.choice(ENDINGS)
    return text.format(subject=subject, place=place or "全省多地", number=rng.randint(2, 9))
