"""Notes that say the Ministry corrected the page, with their day."""

import re
from datetime import date

from extractors.blocks import Block
from extractors.dates import Day, days, next_such_day
from extractors.release import Correction

_NOTE = re.compile(
    r"^\s*(?:※|[*]|\(?注\d{0,2}[):]?|\(|\[|【|<|訂正|修正|更新|追記|Note|Correct|Correction"
    r"|Erratum|Updated?|Revised|Amended)",
    re.IGNORECASE,
)
_DONE = r"(?:(?:を|いた)?(?:(?:いた|致)?し)?(?:まし|てい|ており)(?:た|ます)|済み?|されています|しました|あり)"
_CORRECTED = re.compile(
    rf"(?:訂正|修正|差し?替え?|差替|正誤|誤記|誤植|誤り).{{0,30}}?{_DONE}|(?:訂正|修正|差し?替え"
    rf"|差替)(?:版|後|[):】])|【(?:訂正|修正)】|^(?:訂正|修正)"
    r"|\b(?:corrected|erratum|correction|amended)\b",
    re.IGNORECASE,
)
_ADDED = re.compile(
    rf"(?:追加|掲載|更新|追記|変更|公開|添付|削除|改訂).{{0,12}}?{_DONE}|(?:更新|追記)(?:[):】]|$)"
    rf"|【(?:更新|追記)】|\b(?:updated|revised|added)\b",
    re.IGNORECASE,
)
_AIMED = re.compile(
    r"資料|本文|ページ|頁|別紙|別添|添付|下線|赤字|最下部|表|図|数値|リンク|URL|誤|内容|日程|場所"
    r"|会場|文言|記載|発表|タイトル|一部|連絡先|時刻|下記|以下|PDF|file|page|material|figure|link"
    r"|document|version",
    re.IGNORECASE,
)
_LONGEST = 500


def corrections(blocks: list[Block], published_on: date) -> tuple[Correction, ...]:
    """The notes in page order. A correction names what was mended; an addition must name its day as well."""
    return tuple(note for block in blocks if (note := _correction(block, published_on)))


def _correction(block: Block, published_on: date) -> Correction | None:
    if len(block.text) > _LONGEST:
        return None
    text = block.folded
    if not _NOTE.match(text):
        return None
    found = list(days(text, published_on))
    corrected = _CORRECTED.search(text)
    added = bool(found) and _ADDED.search(text) and _AIMED.search(text)
    if not corrected and not added:
        return None
    return Correction(_day(found, published_on), block.text)


def _day(found: list[Day], published_on: date) -> date | None:
    settled = [day.on if day.dated else next_such_day(day.on, published_on) for day in found]
    # A note may name the release it mends too: the day of mending is the first that is not before the page.
    return next((on for on in settled if on >= published_on), settled[0] if settled else None)
