"""What the head of a page can hold besides its title: the day, categories, a joint release, and crumbs."""

import re

from extractors.blocks import Block
from extractors.dates import first_date
from extractors.kept import kept
from extractors.site import BOILERPLATE, BOILERPLATE_WORDS, CATEGORIES, CRUMB_TRAIL, CRUMBS
from extractors.text import fold, unspaced

_DAY_LINE = re.compile(
    r"[<(\[【]?\s*(?:(?:報道)?発表日|公表日|掲載日|公開日|発表年月日|(?:Release\s+date|Released?|Published"
    r"|Posted)(?:\s+on)?)?\s*[::]?\s*"
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s*)?"
    r"\x00(?:\s*[(\[][月火水木金土日](?:曜日?)?[)\]])?\s*(?:付け?)?\s*(?:\d{1,2}[:時]\d{2}分?)?\s*(?:発表"
    r"|公表|掲載|公開)?\s*[>)\]】]?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[\s・･●○■□◆◇▪•*-]+")
_JOINT = re.compile(
    r"(?:[※*]\s*)?[<〈《≪【(\[「]?\s*(?:本(?:件|資料|発表"
    r"|報道発表)(?:資料)?は、?)?(?P<names>[^。<>〈〉]{2,150}?)(?:と|との|において(?:も)?|でも"
    r"|にて)?(?:の)?\s*"
    r"(?:同時|共同)(?:に)?(?:記者)?(?:発表|公表|配[付布]|資料(?:配[付布]|提供)|投げ込み"
    r"|プレス(?:リリース|発表)|リリース)(?:資料)?(?:です|し(?:て(?:い|おり)ます"
    r"|ました))?。?\s*[>〉》≫】)\]」]?"
)
_JOINT_ENGLISH = re.compile(
    r"[<(\[*]?\s*(?:(?:Joint|Jointly|Simultaneous|Simultaneously)\s+(?:press\s+)?(?:released?"
    r"|announced?|announcement|issued|published)\s*"
    r"(?:with|by|of|:|-)\s*(?P<names>.{2,200}?)|(?P<front>[^.]{2,200}?)\s+(?:joint"
    r"|simultaneous)\s+(?:press\s+)?(?:release|announcement))\s*[>)\]]?\.?",
    re.IGNORECASE,
)
_JOINT_WORD = re.compile("同時|共同|joint|simultaneous", re.IGNORECASE)
_JOINT_SPLIT = re.compile(
    r"\s*(?:[、,,;/]|及び|並びに|および|ならびに)\s*(?:and\s+)?"
    r"|(?<=[省庁府局会構県市院])\s*[・･と]\s*|\s+and\s+(?=the\s|[A-Z]{3,}|Ministry)"
)
_CATEGORY_LABEL = re.compile(r"^(?:カテゴリー?|分野|分類|Category|Categories)\s*[:：]\s*", re.IGNORECASE)
_BETWEEN_CATEGORIES = re.compile(r"\s*[、，,/／|｜]\s*|[\s・]+(?=[^\sa-z])")
_LINES = 256
"""Lines that are kept with what they are: those above an article are the same on page after page."""
_LONGEST_JOINT = 260
_SHORT_LINE = 60
_LONGEST_HINT = 320


@kept(_LINES)
def release_day(text: str) -> bool:
    """Whether a line is nothing but the day of a release, with or without 発表 and weekday."""
    if len(text) > 60:  # noqa: PLR2004
        return False
    folded = fold(text)
    day = first_date(folded)
    # A day is cut out and what is left must fit, so that the many forms of a day stand in one place only.
    return (
        day is not None and _DAY_LINE.fullmatch(folded[: day.start] + "\x00" + folded[day.end :]) is not None
    )


@kept(_LINES)
def is_crumb(text: str) -> bool:
    """Whether a line is the site speaking, not the release: 報道発表資料, この記事を印刷, the PDF hint."""
    if len(text) > 320:  # noqa: PLR2004
        return False
    folded = fold(text).strip()
    return bool(BOILERPLATE.fullmatch(folded) or CRUMBS.fullmatch(folded) or CRUMB_TRAIL.fullmatch(folded))


def is_boilerplate(block: Block) -> bool:
    """Whether a line stands on every page, and may be cut wherever it stands, unlike a crumb."""
    text = block.folded
    if len(text) > _SHORT_LINE:
        # Only the hints about PDF readers are longer, and this is asked for every paragraph.
        if len(text) > _LONGEST_HINT or not ("PDF" in text or "Adobe" in text or "Reader" in text):
            return False
    elif not BOILERPLATE_WORDS.search(text):
        return False
    return BOILERPLATE.fullmatch(text.strip(" \u3000()[]【】>")) is not None


def category(text: str) -> str:
    """A category without its bullet."""
    return _BULLET.sub("", text).strip()


@kept(_LINES)
def categories(text: str) -> tuple[str, ...]:
    """The categories of a line that holds nothing but categories we know, in either language; else none."""
    name = _CATEGORY_LABEL.sub("", category(text))
    if _known(name):
        return (name,)
    names = tuple(filter(None, _BETWEEN_CATEGORIES.split(name)))
    return names if len(names) > 1 and all(map(_known, names)) else ()


def _known(name: str) -> bool:
    return name in CATEGORIES or fold(name).casefold() in CATEGORIES


@kept(_LINES)
def joint_with(text: str) -> tuple[str, ...]:
    """The organisations of a joint release, from its line; empty for any other line."""
    if len(text) > _LONGEST_JOINT:
        return ()
    folded = fold(text)
    # The patterns are dear, and one of these words is in every such line.
    found = _JOINT_WORD.search(folded) and (_JOINT.fullmatch(folded) or _JOINT_ENGLISH.fullmatch(folded))
    if not found:
        return ()
    names = found["names"] or (found.groupdict().get("front") or "")
    parts = (unspaced(part.strip(" 「」")) for part in _JOINT_SPLIT.split(names) if part)
    return tuple(dict.fromkeys(part for part in parts if part and part not in {"環境省", "環境庁"}))


def is_heading_mark(block: Block) -> bool:
    """Whether a line opens a section by its printed mark (■, 【…】, ●)."""
    return block.kind == "heading" or block.text[:1] in "■□◆◇●○【"
