"""Invents a release and says what a reader must find in it."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from extractors import Contact, Fact, Person, Phone

_WEEKDAYS = "月火水木金土日"
_CITIES = {
    "TH": "タイ王国・バンコク",
    "VN": "ベトナム社会主義共和国・ハノイ",
    "KE": "ケニア共和国・ナイロビ",
    "CL": "チリ共和国・サンティアゴ",
}
_SUBJECTS = (
    "里山の水辺調査",
    "環境教育の推進",
    "海岸漂着物の実態調査",
    "熱中症予防の普及啓発",
    "大気汚染物質の測定結果",
    "生物多様性地域戦略",
    "食品ロス削減の取組",
    "国際協力に関する政策対話",
    "フロン類の排出量集計",
    "地域脱炭素の先行事例",
)
_ENDINGS = (
    "の結果について",
    "を開催します",
    "の開催について（お知らせ）",
    "を公表しました",
    "に関する検討会（第3回）の開催について",
    "について（第2報）",
)
_ENGLISH_SUBJECTS = (
    "Regional Workshop on Clean Air",
    "Survey of Coastal Litter",
    "Policy Dialogue on Water",
    "Youth Forum on Nature",
)
_CATEGORIES = (
    "大臣官房",
    "総合政策",
    "地球環境",
    "大気環境",
    "水・土壌",
    "自然環境",
    "再生循環",
    "保健・化学物質",
)
_JOINT = ("国土交通省", "農林水産省", "経済産業省", "外務省", "厚生労働省", "気象庁")
_SENTENCES = (
    "環境省は、{0}について取組を進めています。",
    "このたび、有識者による検討を踏まえ、内容を取りまとめました。",
    "詳細は、別紙のとおりです。",
    "{0}は、地域の皆様の協力の下に実施しているものです。",
    "今後、関係機関と連携し、必要な対策を検討していきます。",
    "参加を希望される方は、所定の方法によりお申し込みください。",
    "昨年度の調査では、12地点のうち9地点で改善が見られました。",
)
_FAMILY = ("青木", "長谷部", "髙田", "三枝", "渡邉", "小鳥遊", "服部", "五十嵐")
_GIVEN = ("恵", "健一郎", "まどか", "蓮", "さくら", "拓", "瑞穂", "航")
_ROLES = (
    "課長",
    "室長",
    "室長補佐",
    "課長補佐",
    "補佐",
    "参事官",
    "参事官補佐",
    "国際炭素市場調整官",
    "主査",
    "係長",
    "担当",
)
_OFFICES = (
    "環境省地球環境局総務課脱炭素社会移行推進室",
    "環境省自然環境局野生生物課",
    "環境省水・大気環境局環境管理課",
    "環境省大臣官房総合政策課",
    "環境省地球環境局国際連携課",
    "環境省環境再生・資源循環局総務課",
)


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it is printed."""

    title: str
    url: str
    size: str


@dataclass(frozen=True, slots=True)
class Fictional:
    """A release that never was, with the fields a reader must find."""

    lang: str
    title: str
    published_on: date
    categories: tuple[str, ...]
    joint_with: tuple[str, ...]
    lead: tuple[str, ...]
    facts: tuple[Fact, ...]
    starts_on: date | None
    ends_on: date | None
    hours: str | None
    place: str | None
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    contacts: tuple[Contact, ...]
    files: tuple[File, ...]
    links: tuple[tuple[str, str], ...]
    corrected_on: date | None
    correction: str | None
    countries: tuple[str, ...]


def invent(rng: Random, lang: str = "ja") -> Fictional:
    """A release of 2005 to 2026 in the language, every part of it by the dice."""
    published = date(2005, 1, 1) + timedelta(days=rng.randrange(7600))
    japanese = lang == "ja"
    subject = rng.choice(_SUBJECTS if japanese else _ENGLISH_SUBJECTS)
    starts, ends, value, hours = _days(rng, published, lang) if rng.random() < 0.6 else (None, None, "", None)
    code, place = (
        rng.choice([*_CITIES.items(), ("", "東京都千代田区霞が関 中央会館2階")])
        if japanese
        else ("", "Tokyo International Hall")
    )
    corrected, note = _correction(rng, published) if japanese and rng.random() < 0.3 else (None, None)
    return Fictional(
        lang,
        subject + rng.choice(_ENDINGS)
        if japanese
        else f"{subject}: Outcomes of the {rng.randrange(2, 30)}th Meeting",
        published,
        tuple(rng.sample(_CATEGORIES, rng.choice((0, 1, 1, 1, 2))))
        if japanese
        else ("Global Environment",)[: rng.randrange(2)],
        tuple(rng.sample(_JOINT, rng.choice((0, 0, 1, 2)))) if japanese else (),
        tuple(text.format(subject) for text in rng.sample(_SENTENCES, rng.randrange(1, 4)))
        if japanese
        else (),
        _facts(rng, lang, value, place) if starts else (),
        starts,
        ends,
        hours,
        place if starts else None,
        _sections(rng, subject, lang),
        tuple(_contact(rng, office) for office in rng.sample(_OFFICES, rng.choice((1, 1, 1, 2))))
        if japanese
        else (),
        tuple(_file(rng, number, lang) for number in range(1, rng.randrange(1, 4))),
        (("前回の発表", f"https://www.env.go.jp/press/press_{rng.randrange(100, 9000):05}.html"),)[
            : rng.randrange(2)
        ]
        if japanese
        else (),
        corrected,
        note,
        (code,) if starts and code else (),
    )


def _days(rng: Random, published: date, lang: str) -> tuple[date, date, str, str]:
    starts = published + timedelta(days=rng.randrange(-20, 60))
    ends = starts + timedelta(days=rng.choice((0, 0, 1, 2)))
    begin, end = rng.randrange(9, 13), rng.randrange(14, 19)
    value = _english_days(rng, starts, ends) if lang == "en" else _japanese_days(rng, starts, ends)
    tilde = rng.choice(("-", "～", "〜", "－"))
    clock = (
        f"{begin}:00{tilde}{end}:30" if lang == "en" or rng.random() < 0.7 else f"{begin}時{tilde}{end}時30分"
    )
    return (
        starts,
        ends,
        f"{value} {clock}" + rng.choice(("", "（現地時間）") if lang == "ja" else ("", " (local time)")),
        f"{begin:02}:00-{end}:30",
    )


def _weekday(on: date) -> str:
    return f"({_WEEKDAYS[on.weekday()]})"


def _japanese_days(rng: Random, starts: date, ends: date) -> str:
    year = rng.choice(
        (f"{starts.year}年", f"令和{starts.year - 2018}年" if starts.year > 2019 else f"{starts.year}年", "")
    )
    first = f"{year}{starts.month}月{starts.day}日" + (
        _weekday(starts) if not year or rng.random() < 0.6 else ""
    )
    if ends == starts:
        return first
    if ends.month == starts.month and rng.random() < 0.5:
        return f"{first}～{ends.day}日{_weekday(ends)}"
    if year and ends.year == starts.year and rng.random() < 0.5:
        return f"{first}から同年{ends.month}月{ends.day}日"
    later = year if ends.year == starts.year else f"{ends.year}年" if year else ""
    return f"{first}から{later}{ends.month}月{ends.day}日{_weekday(ends)}まで"


def _english_days(rng: Random, starts: date, ends: date) -> str:
    if ends == starts:
        return rng.choice(
            (
                f"{starts:%B %d, %Y}",
                f"{starts.day} {starts:%B %Y}",
                f"{starts:%B} {starts.day}th, {starts.year}",
            )
        )
    if ends.month == starts.month:
        return rng.choice(
            (
                f"{starts:%B} {starts.day}-{ends.day}, {starts.year}",
                f"{starts.day} - {ends.day} {starts:%B %Y}",
            )
        )
    return f"{starts:%d %b %Y} - {ends:%d %b %Y}"


def _facts(rng: Random, lang: str, value: str, place: str) -> tuple[Fact, ...]:
    if lang == "en":
        return (Fact("Date", value), Fact("Venue", place))
    more = (
        Fact("主催", "環境省"),
        Fact("定員", "100名（先着順）"),
        Fact("参加費", "無料"),
        Fact("議題", "調査の進め方について"),
    )
    label = rng.choice(("日時", "開催日時", "日時", "開催日"))
    return (
        Fact(label, value),
        Fact(rng.choice(("場所", "会場", "開催場所")), place),
        *more[: rng.randrange(5)],
    )


def _sections(rng: Random, subject: str, lang: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if lang == "en":
        return (
            ("Background", ("The Ministry has been working on this matter since 2019.",)),
            ("Outcomes", ("Participants shared their views.",)),
        )
    names = rng.sample(("背景", "調査の概要", "今後の予定", "経緯", "背景・目的"), rng.randrange(1, 4))
    return tuple(
        (name, tuple(text.format(subject) for text in rng.sample(_SENTENCES, rng.randrange(1, 3))))
        for name in names
    )


def _contact(rng: Random, office: str) -> Contact:
    phones = (Phone("代表", "03-3581-3351"), Phone("直通", f"03-5521-{rng.randrange(8000, 9999)}"))[
        : rng.choice((1, 2, 2))
    ]
    roles = rng.sample(_ROLES, rng.randrange(1, 5))
    blank = rng.choice((" ", ""))
    people = tuple(
        Person(
            role,
            f"{rng.choice(_FAMILY)}{blank}{rng.choice(_GIVEN)}",
            str(rng.randrange(6000, 7999)) if rng.random() < 0.5 else None,
        )
        for role in roles
    )
    return Contact(office, phones, people)


def _file(rng: Random, number: int, lang: str) -> File:
    name = f"別紙{number} 調査結果の概要" if lang == "ja" else f"Annex {number} Summary"
    return File(
        name,
        f"https://www.env.go.jp/content/{rng.randrange(10**8, 10**9)}.pdf",
        rng.choice(("628 KB", "9.1KB", "1.2 MB")),
    )


def _correction(rng: Random, published: date) -> tuple[date, str]:
    on = published + timedelta(days=rng.randrange(1, 40))
    era = (
        f"令和{on.year - 2018}年{on.month}月{on.day}日"
        if on.year > 2019
        else f"平成{on.year - 1988}年{on.month}月{on.day}日"
        if on.year < 2019
        else f"{on.year}年{on.month}月{on.day}日"
    )
    note = rng.choice(
        (
            f"※{era}{_weekday(on)} 別紙1(赤字箇所)の数値を訂正いたしました。",
            f"※数値の誤りなどを修正しました。（{era}）",
            f"（{on.month}/{on.day} 18:00 最下部に資料を掲載しました。）",
        )
    )
    return on, note
