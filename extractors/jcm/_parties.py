"""The partner countries a release is about: signatories, hosts of projects, those who took part."""

import re
from collections.abc import Callable, Iterable
from itertools import takewhile

from extractors.countries import Mention, mentions
from extractors.jcm._page import Page
from extractors.jcm._partners import PARTNER_CODES
from extractors.vocabulary import EVENT_PLACE

_ATTENDING = re.compile(
    r"(?:参加|出席)(?:する|した|予定)?(?:国|者|機関)?(?:等|・機関)?|Participa\w+(?: countries)?|Attend\w+"
)
_ATTENDING_LINE = re.compile(
    rf"^[^\w\n]{{0,9}}(?:主な)?(?:{_ATTENDING.pattern})\s{{0,3}}[:|](.*)$", re.MULTILINE
)
# What ends a list of those present: a heading, the next label, or running text.
_LABEL = re.compile(r"^\s*[■●【<※]|^[^:、]{1,12}:|.*。")
_PLACE_LABEL = re.compile(r"^\W{0,9}(?:開催)?(?:場 *所|開催地|会 *場|開催国|Venue|Place|Location)")
# The seat of a gathering: ドイツ・ボンにおいて; in Lima, Peru.
_SEAT_AFTER = re.compile(
    r"^(?:王国|共和国|連邦共和国|人民共和国|社会主義共和国|国|合衆国|[一-龠]{0,8}国)?"
    r"(?:[・、 (]?[ァ-ヺー・]{0,16}\)?(?:市|州|県)?|市内|国内|首都|都内)?(?:の[^。、]{0,24})?"
    r"(?:において|に於いて|で(?:開催|開か|行われま|、|JCM)|にて)"
)
_GATHERED = re.compile("開催|開か|会合|会談|署名|出席|調印")
_SEAT_BEFORE = re.compile(
    r"(?i:held|met|place|signed|ceremony|meeting|hosted|COP\d+)[^.]{0,60}"
    r"\b(?:in|at) (?:[A-Z][\w ]{0,30}, )?(?:the )?$"
)
_COP = re.compile(r"(?:COP|SB|CMA|補助機関会合|締約国会議|サミット|TICAD)[^。、]{0,20}$")
_OTHERS = re.compile(
    r"次回|に続き|に続く|に次い|に次ぐ|以外|比較|これまでの?(?:パートナー|署名)国|現在の?(?:パートナー|署名)国"
    r"|現時点|従前|[Cc]urrently|so far|compared with|next (?:meeting|seminar)|already"
)
_LIST = re.compile("(?:パートナー|署名|締結)国|構築|署名|partner countries|signed", re.IGNORECASE)
_CHOSEN = re.compile("採択|選定|内訳|select", re.IGNORECASE)
_SPEAKS = re.compile(
    r"(?:政府|大臣|長官|代表)[^、]{0,40}(?:講演|挨拶|登壇|発言|参加|出席)"
    r"|(?i:government|minister|delegat)[^.]{0,80}(?i:keynote|speech|address|speak|spoke|attend|present)"
)
_BOILERPLATE = 4
_LONGEST_LIST = 5_000
_WINDOW = 80
_SENTENCE = re.compile("[^。\n]+")


def _list_of_partners(text: str, named: list[Mention]) -> bool:
    many = len({mention.iso for mention in named}) >= _BOILERPLATE
    return many and bool(_LIST.search(text)) and not _CHOSEN.search(text)


def _is_seat(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - _WINDOW) : mention.start]
    after = text[mention.end : mention.end + _WINDOW]
    # において stands for the host of a project as well; only a gathering has a seat.
    if _PLACE_LABEL.match(text) or (_SEAT_AFTER.match(after) and _GATHERED.search(text)):
        return not re.search(r"(?:日|日本)[・と]?$|と$|間$", before)
    return bool(_SEAT_BEFORE.search(before) or _COP.search(before))


def _without_seat(page: Page, text: str) -> str:
    """The text without the lines that are the value of 場所: the label may stand in a line of its own."""
    places = [fact.value for fact in page.facts if EVENT_PLACE.fullmatch(fact.label)]
    seats = {line for place in places for line in place.split("\n")}
    if not seats:
        return text
    return "\n".join(line for line in text.split("\n") if line.removeprefix("- ").strip() not in seats)


def _about(text: str, lang: str, *, lists: bool = False) -> set[str]:
    """Countries of a text, without seats, lists of all partners (unless `lists`), sentences about others."""
    found: set[str] = set()
    for part in _SENTENCE.finditer(text):
        line = part[0]
        named = list(mentions(line, lang))
        if not named or _OTHERS.search(line) or (not lists and _list_of_partners(line, named)):
            continue
        found |= {mention.iso for mention in named if not _is_seat(line, mention)}
    return found


def _all(text: str, lang: str) -> set[str]:
    return {mention.iso for mention in mentions(text, lang)}


def _listed(body: str, start: int, lang: str) -> str:
    """The lines after a label as far as each of them names a country and none is a label itself."""
    lines = body[start : start + _LONGEST_LIST].split("\n")[1:]
    return "\n".join(takewhile(lambda line: mentions(line, lang) and not _LABEL.match(line), lines))


def _attending(page: Page) -> set[str]:
    labelled = [fact.value for fact in page.facts if _ATTENDING.search(fact.label)]
    written = [
        f"{match[1]}\n{_listed(page.body, match.end(), page.lang)}"
        for match in _ATTENDING_LINE.finditer(page.body)
    ]
    return set().union(*(_all(text, page.lang) for text in labelled + written)) & PARTNER_CODES


def _meeting(page: Page) -> set[str]:
    return _attending(page) or _about(_without_seat(page, page.body), page.lang, lists=True) & PARTNER_CODES


def _signatories(page: Page) -> set[str]:
    return _about(page.title, page.lang, lists=True) or _about(_without_seat(page, page.lead), page.lang)


def _titled(page: Page) -> set[str]:
    return _about(page.title, page.lang)


def _hosts(page: Page) -> set[str]:
    # A seminar or a project in the title's country is about that country, seat or not.
    return (_all(page.title, page.lang) & PARTNER_CODES) | _about(
        page.title + "\n" + _without_seat(page, page.body), page.lang
    )


def _decided(page: Page) -> set[str]:
    return (_all(page.title, page.lang) & PARTNER_CODES) | _about(_without_seat(page, page.lead), page.lang)


def _gathered(page: Page) -> set[str]:
    told = _decided(page) or _all(_without_seat(page, page.lead), page.lang) & PARTNER_CODES
    # At a forum of no country in particular those governments take part that speak there; a project that is
    # shown there takes no part.
    spoken = (part[0] for part in _SENTENCE.finditer(_without_seat(page, page.body)))
    speeches = "\n".join(sentence for sentence in spoken if _SPEAKS.search(sentence))
    return told or _about(speeches, page.lang) & PARTNER_CODES


def _supported(page: Page) -> set[str]:
    return _decided(page) or _about(_without_seat(page, page.body), page.lang) & PARTNER_CODES


_BY_KIND: dict[str, Callable[[Page], Iterable[str]]] = {
    "meeting": _meeting,
    "partnership": _signatories,
    "joint_committee": _decided,
    "credits": _decided,
    "event": _gathered,
    "fund": _supported,
    "call": _titled,
    "governance": _decided,
    "guidance": _decided,
    "consultation": _decided,
}


def partner_countries(page: Page, kind: str | None) -> tuple[str, ...]:
    """Sorted codes of the countries this announcement is about or that took part in what it reports."""
    return tuple(sorted(_BY_KIND.get(kind or "", _hosts)(page)))
