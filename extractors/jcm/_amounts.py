"""What a release counts: partner countries, projects chosen or credited now, tonnes issued."""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from extractors.jcm._numbers import ANY_WORD, SCALES, number
from extractors.jcm._page import Page, sentences
from extractors.jcm._tables import issued_in_tables

_N = r"(\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_STATES = r"\s{0,2}[かカヶケヵ箇]国"
_PARTNERS = r"(?:パートナー|署名|締結)国"
_ORDINAL = rf"((?i:\b(?:{ANY_WORD}))(?![a-z-])|(?<!\d)\d{{1,3}}(?:st|nd|rd|th))"
_CARDINAL = rf"((?<![\d,.])\d{{1,3}}(?![\d,.]*\d)|(?i:\b(?:{ANY_WORD}))(?![a-z-]))"
_NOT_CAME = "(?!(?:の|が|から)?(?:政府|代表|閣僚|担当|参加|出席))"
_MOST_PARTNERS = 80
# 「アフリカで5か国目」 counts a region, not the partners.
_REGIONAL = re.compile(
    "(?:アフリカ|アジア|中南米|南米|大洋州|欧州|中東|地域|島嶼国|ASEAN|内)[^。、]{0,4}(?:で|では|からは|として)$"
)

# Asked before the patterns below are tried: one of these words is in all they find, and they are dear.
_COUNTRIES = re.compile("[かカヶケヵ箇]国|番目")
_ENGLISH = ("artner", "ountr", "gnatory")


def _in_japanese(text: str) -> bool:
    return _COUNTRIES.search(text) is not None


def _in_english(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _ENGLISH)


_COUNTED_IN_JAPANESE = (
    rf"{_N}{_STATES}(?:・機関)?(?:の{_PARTNERS})?(?:の?うち|の?中|から)[^。]{{0,12}}?\d{{1,3}}{_STATES}",
    rf"{_N}(?:{_STATES}目|番目の(?:JCM)?{_PARTNERS})",
    rf"{_PARTNERS}(?:数)?(?:は|が|の|も)?(?:現在|計|合計|全|、)*[(]?(?:現在)?{_N}{_STATES}{_NOT_CAME}",
    rf"{_N}{_STATES}[)]?(?:の|が|は)?(?:JCM)?{_PARTNERS}",
    rf"{_PARTNERS}(?:として)?(?:は|の)?{_N}番目",
    rf"{_N}{_STATES}(?:等)?(?:と|との間で)[^。]{{0,30}}(?:JCM|制度|文書|署名|構築|実施)",
    rf"{_N}{_STATES}(?:等)?(?:において|を相手に)[^。]{{0,20}}(?:文書|署名|構築)",
    rf"(?:{_PARTNERS}(?!会[合議])|構築|署名)[^。]{{12,500}}?(?:の|の計|計|合計|\(){_N}{_STATES}{_NOT_CAME}",
)
_COUNTED_IN_ENGLISH = (
    rf"(?i:[Oo]f the|among the) {_CARDINAL} (?:JCM )?partner countr",
    rf"{_ORDINAL}(?: [A-Za-z]+)? (?:JCM )?(?i:partner|country to|signatory)",
    rf"{_CARDINAL} (?:JCM )?(?:partner|signatory) countr",
    rf"partner countries (?:of the JCM )?(?:is|are|stands at|(?:has )?reached|\()? ?(?:now )?{_CARDINAL}",
    rf"(?:JCM|Mechanism) with {_CARDINAL} countries",
)
# Tried in this order: what a release states of the whole stands before what it says of those who came.
_PARTNER_COUNTS = (
    (_in_japanese, tuple(map(re.compile, _COUNTED_IN_JAPANESE))),
    (_in_english, tuple(map(re.compile, _COUNTED_IN_ENGLISH))),
    (_in_japanese, (re.compile(rf"{_PARTNERS}(?:の)?{_N}{_STATES}"),)),
)

_BEFORE_NOW = "これまで|累計|累積|延べ|通算|既に|総計|since|so far|to date|in total since"
_NOT_CHOSEN = f"{_BEFORE_NOW}|(?:応募|申請|提案)(?:のあった|総数|件数|数)?(?:は|が)?(?:合計|計)?$"
_CHOSEN_JA = re.compile(
    r"(?P<total>合計|計|全)?\s{0,2}(?<!\d)(?P<n>\d[\d,]{0,9})\s{0,2}件"
    r"(?!の?(?:応募|申請|提案|御?意見|うち|中)|以上|を超え|から|中)"
    r"(?=[^。]{0,45}(?:採択|選定|決定|選ばれ|発行|クレジット))"
)
_CHOSEN_BEFORE = re.compile(
    r"(?:採択|選定)(?:(?:した|された|する)[^。]{0,60}?(?:合計|計)|(?:件数|案件|数)?[はが、]{1,2})"
    r"(?P<n>\d[\d,]{0,9})\s{0,2}件"
)
_CHOSEN_EN = (
    re.compile(
        rf"(?i:select\w*|adopt\w*|chos\w+)(?: of)?(?: the following| a total of)? {_CARDINAL}"
        r"(?: [\w-]+){0,4}? (?:projects|project|proposals|studies|activities)"
    ),
    re.compile(
        rf"{_CARDINAL}(?: [\w-]+){{0,3}}? (?:projects?|proposals|studies) "
        r"(?:have been|has been|were|was|are) (?:newly )?(?:select|adopt|chos)"
    ),
    re.compile(rf"(?:from|for|to|of) (?:the )?{_CARDINAL}(?: [\w-]+){{0,2}}? projects?"),
)
_CHOSEN_WORDS = ("件", "project", "proposals", "studies", "activities")
_CLAUSE = re.compile("[。、,;]")
_WINDOW = 120
_TONNES = re.compile(
    r"(?<![\d,.])(?:(?P<myriads>\d{1,9})\s{0,2}万\s{0,2})?(?P<n>\d[\d,]{0,14}(?:\.\d{1,9})?)\s{0,2}"
    r"(?P<scale>百万|億|万|千|million|thousand)?\s{0,2}"
    r"(?:t-?CO2|トン|t(?![A-Za-z0-9])|tons?\b|tonnes?\b|CO2トン)"
)
_SHARE = re.compile(
    "うち|内(?!訳)|日本(?!国?(?:へ|と|から|・|間|及び))|我が国|我が方|政府分|獲得|残り"
    "|GoJ|(?<!between )(?<!and )Japan(?! and|-)|of which|acquire|share|per year|each year"
    "|見込|目標|累積|累計|年間|毎年|予定|これまで|今後|expect|cumulative|target|annual|so far|to date|estimat"
)
_NOT_ISSUED = re.compile(
    "^(?:程度|の?(?:CO2|GHG|温室効果ガス)?(?:の)?(?:排出)?削減|/年|per|を見込|と見込|が見込|を目標|を目指)"
)
_TOTAL = re.compile("合計|総計|計で?$|計は|[Tt]otal")
_ISSUING = re.compile("クレジット|発行|通知|ITMO|credits?|issu", re.IGNORECASE)


def partner_count(page: Page) -> int | None:
    """The number of partner countries that the release states, also as an ordinal of the new one."""
    for may_count, patterns in _PARTNER_COUNTS:
        texts = [text for text in (page.title, page.lead, page.body) if may_count(text)]
        for pattern, text in product(patterns, texts):
            for match in pattern.finditer(text):
                before = text[max(0, match.start() - _WINDOW) : match.start()]
                if 0 < number(match[1]) < _MOST_PARTNERS and not _REGIONAL.search(before):
                    return number(match[1])
    return None


def _clause_before(text: str, end: int) -> str:
    start = max(0, end - _WINDOW)
    starts = [match.end() for match in _CLAUSE.finditer(text, start, end)]
    return text[starts[-1] if starts else start : end]


def _chosen_in(sentence: str) -> int | None:
    if not any(word in sentence for word in _CHOSEN_WORDS):
        return None
    found = [
        match
        for match in _CHOSEN_JA.finditer(sentence)
        if not re.search(_NOT_CHOSEN, _clause_before(sentence, match.start()))
    ]
    totals = [match for match in found if match["total"]]
    for match in totals or found or _CHOSEN_BEFORE.finditer(sentence):
        return number(match["n"])
    for pattern in _CHOSEN_EN:
        for match in pattern.finditer(sentence):
            if not re.search(_BEFORE_NOW, sentence, re.IGNORECASE):
                return number(match[1])
    return None


def projects(page: Page) -> int | None:
    """Projects chosen or credited by this release, not the running total."""
    for text in (page.title, page.lead, page.body):
        for sentence in sentences(text):
            if (count := _chosen_in(sentence)) is not None:
                return count
    return None


def _amounts(sentence: str) -> Iterator[tuple[float, bool]]:
    past = 0
    for match in _TONNES.finditer(sentence):
        before, after = sentence[past : match.start()], sentence[match.end() :]
        past = match.end()
        if _SHARE.search(before[-40:]) or _NOT_ISSUED.match(after):
            continue
        value = float(match["n"].replace(",", "")) * SCALES[match["scale"] or ""]
        value += float(match["myriads"] or 0) * SCALES["万"]
        yield value, bool(_TOTAL.search(before[-12:]))


def _issued(said: Iterable[str]) -> float | None:
    seen: list[float] = []
    for sentence in said:
        if not _ISSUING.search(sentence):
            continue
        amounts = list(_amounts(sentence))
        totals = [value for value, total in amounts if total]
        seen += [value for value in totals or (value for value, _ in amounts) if value not in seen]
    return sum(seen) if seen else None


def tonnes(page: Page) -> float | None:
    """tCO2 of all credits that this release decides or issues; several issuances are summed."""
    return _issued(sentences(page.lead)) or issued_in_tables(page.body) or _issued(sentences(page.body))
