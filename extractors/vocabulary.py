"""Words that releases are built of: labels of facts, roles of people, names of telephones."""

import re

from extractors.text import fold, unspaced

_LONGEST = 30

_EVENT_DAY = (
    r"(?:開催|実施|会合|会議|発表|講演|開会)?(?:日時|日程|期日|会期)|開催日(?:等|時等|程"
    r"|時・場所)?|開催期間|開催年月日|開催時期|会議日|実施日"
    r"|Dates?(?: (?:and|&) (?:time|hours|venue|place))?|Dates?/Time|Date, time and (?:place|venue)"
    r"|When|Event dates?|Schedule|Time and date"
)
EVENT_DAY = re.compile(
    rf"(?:{_EVENT_DAY})(?:(?:及び|・|、|と|/|\()(?:場所|会場|時間|開催場所|現地時間|日本時間)\)?)?",
    re.IGNORECASE,
)
"""Labels under which the day of a gathering stands; periods of application and comment are not among them."""

EVENT_HOURS = re.compile(r"(?:開催|開会|実施)?時間|時刻|開催時刻|Times?|Hours", re.IGNORECASE)
EVENT_PLACE = re.compile(
    r"(?:開催|実施|会議|会合|集合)?(?:場所|会場|地)|開催都市|開催国|開催場所・方法|場所・会場|会場・場所"
    r"|Places?|Venues?|Locations?|Where",
    re.IGNORECASE,
)
_OTHER = (
    r"主催者?|共催者?|後援|協力|協賛|運営|事務局|対象者?|参加(?:する|した|予定)?国等?|参加者等?|参加機関|参加対象"
    r"|参加費用?|参加方法|参加申込(?:方法)?|参加料|出席者|出席国|出席予定者|登壇者|講師|定員"
    r"|募集人数|人数|議題等?|議事(?:次第|内容)?|主な議題|内容|開催内容|プログラム|次第"
    r"|言語|使用言語|開催言語|形式|開催形式|開催方法|開催形態|実施方法|方法|テーマ|名称|会議名"
    r"|事業名|件名|目的|趣旨|申込(?:方法|期限|期間|先|締切)?|申し込み方法|応募(?:方法|期間|期限"
    r"|資格|要件|締切)|募集(?:期間|対象|要件|締切|人員|内容)"
    r"|公募(?:期間|対象|方法)|(?:意見)?(?:募集|提出)(?:期間|期限|方法|先)|意見(?:の)?(?:募集"
    r"|提出)(?:期間|期限|方法|先)|受付(?:期間|期限|方法|時間)|締切(?:日)?|提出(?:先|期限|方法"
    r"|書類)|実施期間|対象期間|期間|期限|費用|料金|入場料|取材(?:方法|申込|について)?|傍聴(?:方法"
    r"|申込)?|備考|議長|共同議長|日本側(?:出席者|議長)?|相手国側|施行(?:日|期日)|公布日|予算額"
    r"|採択件数|採択案件|選定件数|補助率|事業期間|対象国|実施国|ホスト国|代表事業者|事業者名"
    r"|Organi[sz](?:ers?|ed by)|Co-?organi[sz]ers?|Hosts?|Hosted by|Co-?hosts?|Supported by"
    r"|Participants?|Participating countries|Attendees|Target|Capacity|Fee|Participation fee"
    r"|Admission|Languages?|Format|Theme|Agenda|Program(?:me)?|Topics?|Period|Deadline"
    r"|Application(?: period)?|How to (?:apply|participate)|Registration|Chair(?:person|s)?"
    r"|Co-?chairs?|Purpose|Outline|Speakers?|Title|Method"
)
FACT_LABEL = re.compile(
    rf"(?:{EVENT_DAY.pattern}|{EVENT_HOURS.pattern}|{EVENT_PLACE.pattern}|{_OTHER})", re.IGNORECASE
)
"""Labels we know: enough for a heading or a bare line to be one. With a colon behind it any short word is."""

LABEL_ENDS = frozenset(
    "てマム事件側催先切刻力名員営国地場容局市師式態所援数料日旨時期材格法率用的称程第等考者聴語象費賛込金長間関限題額類"
    "abcdefghijklmnopqrstuvwxyz"
)
"""Last letters of all labels in `FACT_LABEL`: a line that ends otherwise needs no closer look."""

NEVER_BARE = frozenset(
    [
        "方法",
        "内容",
        "目的",
        "趣旨",
        "名称",
        "件名",
        "事業名",
        "費用",
        "備考",
        "期間",
        "期限",
        "対象",
        "協力",
        "テーマ",
        "形式",
        "事務局",
        "運営",
        "実施方法",
        "Purpose",
        "Outline",
        "Title",
        "Method",
        "Period",
        "Topics",
        "Topic",
        "Target",
        "Format",
    ]
)
"""Labels that are ordinary headings as well: facts only with a colon behind them or in a table."""

LABEL_BULLET = re.compile(
    r"^\s*(?:[■□◆◇●○▼▽▪・*※-]\s*|\(?\d{1,2}[.)、]\s*|\d{1,2}\s+|[(\[【<]\d{1,2}[)\]】>]\s*"
    r"|[①-⑳]\s*|[IVX]{1,4}[.)]\s*|\(?[アイウエオカキク][.)]\s*|[アイウエオ][\s.、/])*"
)

NUMBER_SIGN = re.compile(r"^\s*[①-⑳⓪❶-❿⓵-⓾㉑-㉟㊱-㊿Ⅰ-Ⅻⅰ-ⅻ][.．、]?\s*")
"""Signs that folding turns into digits and letters of the word behind them: ①日時 would be 1日時."""
_BRACKETS = " :()[]【】<>〔〕《》"


def is_label(text: str) -> bool:
    """Whether a line is nothing but a label we know, with or without bullet, number and brackets."""
    if len(text) > _LONGEST:
        return False
    name = LABEL_BULLET.sub("", unspaced(fold(NUMBER_SIGN.sub("", text))), count=1)
    return FACT_LABEL.fullmatch(name) is not None or FACT_LABEL.fullmatch(name.strip(_BRACKETS)) is not None


NO_LABEL = re.compile(
    r"^(?:注|訂正|修正|正誤|更新|追記|NDC|例|参考|出典|※|電話(?:番号)?|TEL|FAX|E-?mail|メール|URL"
    r"|HP|ホームページ|代表|直通|内線|Session|Note|Tel|Phone|http|https|アドレス|住所|所在地|〒)\b"
    r"|^注|^(?:課長|室長|担当|主査|係長)|[。]",
    re.IGNORECASE,
)

PHONE_LABEL = re.compile(
    r"(?:電話(?:番号)?\s*)?(?:代表|直通|夜間直通|ダイヤルイン|電話(?:番号)?|TEL|Tel|Phone"
    r"|Telephone|FAX|ファックス|ファクシミリ|携帯|内線)(?:\s*(?:電話|番号|TEL|直通|代表))?",
    re.IGNORECASE,
)

ROLE_WORDS = [
    "室長補佐",
    "課長補佐",
    "参事官補佐",
    "企画官補佐",
    "局長補佐",
    "所長補佐",
    "部長補佐",
    "総括補佐",
    "国際炭素市場調整官",
    "調整専門官",
    "総括主査",
    "係長代理",
    "参事官",
    "企画官",
    "調査官",
    "推進官",
    "分析官",
    "調整官",
    "対策官",
    "管理官",
    "審議官",
    "専門官",
    "課長",
    "室長",
    "次長",
    "局長",
    "部長",
    "所長",
    "署長",
    "班長",
    "館長",
    "館員",
    "係長",
    "主査",
    "主任",
    "主幹",
    "主事",
    "補佐",
    "係員",
    "室員",
    "課員",
    "専門員",
    "調査員",
    "事務官",
    "技官",
    "担当者",
    "担当官",
    "担当",
    "連絡調整",
    "総括",
    "代理",
    "センター長",
    "チーム長",
    "リーダー",
    "自然保護官",
    "首席自然保護官",
    "統括自然保護企画官",
    "企画調整官",
    "保全官",
    "広域異動",
    "研究員",
    "調整係",
    "環境専門調査員",
    "審査官",
    "指導官",
    "監視官",
    "副参事官",
    "政策官",
    "研修員",
    "交渉官",
    "専門職",
]
ROLE = re.compile(
    r"(?P<role>[一-鿿々ァ-ヶーA-Za-z・]{0,16}?(?:"
    + "|".join(sorted(ROLE_WORDS, key=len, reverse=True))
    + r")(?:心得|代理|級)?(?:\([^()]{1,12}\))?)"
)
ENGLISH_ROLE = re.compile(
    r"(?P<role>(?:Deputy |Assistant |Senior |Chief |Section |Principal )*(?:Director(?:-General"
    r"| General)?|Chief|Officer|Manager|Coordinator|Secretary|Counsell?or|Adviser|Advisor|Head"
    r"|Official|Person in charge|In charge))",
    re.IGNORECASE,
)
ORGANISATION_START = re.compile(
    r"(?:環境[省庁]|\S{2,8}[省庁](?=\S*[局課室部官])|内閣[府官]|(?:一般|公益)(?:社団|財団)法人"
    r"|独立行政法人|国立研究開発法人|国立\S{2,12}[所館]|株式会社|\S{2,10}(?:地方環境事務所"
    r"|自然環境事務所)|Ministry of|Embassy of|Office of)"
)
ORGANISATION_END = re.compile(
    r"(?:[局課室部係班所]|センター|事務所|研究所|機構|協会|財団|法人|会社|事務局|本部|グループ"
    r"|チーム|官付|官室|Ministry|Office|Division|Bureau|Department|Cent(?:re|er)|Institute"
    r"|Secretariat|Agency|Section|Unit|Japan)\)?$"
)
