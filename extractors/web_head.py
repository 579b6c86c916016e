"""The head of a web page: which block is the title, and the day, categories and joint release around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from extractors.blocks import Block, Found
from extractors.dates import first_date
from extractors.head import categories, category, is_crumb, is_heading_mark, joint_with, release_day
from extractors.metadata import iso_day
from extractors.page import Page
from extractors.release import Unreadable
from extractors.text import fold, is_japanese, japanese_share
from extractors.vocabulary import is_label

_HEAD_BLOCKS = 12
"""How far below the title a day, a category or a joint release is still looked for."""
_HEAD_CHARS = 120
_BETWEEN = re.compile(r"[ \u3000|｜/／]+")
_ENGLISH_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Clues:
    """What a page says of itself outside its text; `titles` and `sections` only where the markup is unknown.

    `titles` and `days` carry the selector they stood under, `times` the `datetime`, `itemprop` and the
    number of blocks before each `<time>`.
    """

    template: str
    html_lang: str
    titles: tuple[tuple[str, str], ...]
    days: tuple[tuple[date, str, str], ...]
    times: tuple[tuple[str, str, int], ...]
    sections: tuple[str, ...]


class WebHead:
    """Splits the blocks of one page into head and article."""

    def __init__(self, url: str, blocks: list[Block], clues: Clues) -> None:
        self._url = url
        self._blocks = blocks
        self._clues = clues
        self._boxed: list[Found] = []
        self._days: list[Found] = []
        self._tags: list[Found] = []
        self._joint: list[Found] = []
        self._names = frozenset(_same(text) for text, _ in clues.titles)

    def page(self) -> Page | Unreadable:
        """The page, or which part of a head it lacks."""
        at = self._title_index()
        title = self._title(at)
        if title is None:
            found = self._blocks[0].text[:80] if self._blocks else "no text"
            return Unreadable("no-title", found, "a title in h1, h2 or og:title")
        for block in self._blocks[: max(at, 0)]:
            self._take(block, above=True)
        article = list(self._below(self._blocks[at + 1 :], title.value))
        published = self._published(at)
        if published is None:
            found = f"title {title.value[:80]!r}"
            return Unreadable("no-date", found, "the day of the release beside its title")
        on, dated = published
        lang = language(self._url, self._clues.html_lang, title.value, article)
        name = self._clues.template
        template = "english" if lang == "en" and name == "current" else name
        tags = self._tags or [Found(name, "article:section", name) for name in self._clues.sections]
        return Page(self._url, template, lang, title, on, dated, tuple(tags), tuple(self._joint), article)

    def _title_index(self) -> int:
        """Where the title stands: the rules in order of trust, the first that any block meets."""
        for rule in (self._in_title_box, self._named_by_page, self._main_heading, self._lower_heading):
            at = next((index for index, block in enumerate(self._blocks) if rule(block)), -1)
            if at >= 0:
                return at
        return -1

    def _in_title_box(self, block: Block) -> bool:
        return block.region == "title"

    def _named_by_page(self, block: Block) -> bool:
        return block.level > 0 and _same(block.text) in self._names

    def _main_heading(self, block: Block) -> bool:
        return block.level == 1 and not is_crumb(block.text)

    def _lower_heading(self, block: Block) -> bool:
        named = _same(block.text) in self._names
        return named or (block.level == 2 and not self._names and not is_crumb(block.text))  # noqa: PLR2004

    def _title(self, at: int) -> Found | None:
        if at < 0:
            titles = ((text, rule) for text, rule in self._clues.titles if not is_crumb(text))
            return next((Found(text, rule, text) for text, rule in titles), None)
        block = self._blocks[at]
        if block.region == "title":
            return Found(block.text, ".p-press-release-material__heading", block.text)
        return Found(block.text, f"h{block.level}" if block.level else "text of og:title", block.text)

    def _take(self, block: Block, *, above: bool) -> bool:
        """Whether the block belongs to the head, and was noted as such."""
        parts = _BETWEEN.split(block.text) if len(block.text) < _HEAD_CHARS and not block.region else []
        if len(parts) > 1 and all(release_day(part) or categories(part) for part in parts):
            return all(self._take(Block("para", part), above=above) for part in parts)
        text = block.text
        if block.region == "date":
            self._boxed.append(Found(text, "class of the day", text))
        elif (above or not (self._boxed or self._days)) and release_day(text):
            self._days.append(Found(text, "line with nothing but a day", text))
        elif block.region == "tag":
            self._tag(category(text), "p-news-link__tag")
        elif (above or not is_heading_mark(block)) and (names := _short_categories(text)):
            for name in names:
                self._tag(name, "known category")
        elif names := joint_with(text):
            self._joint.extend(Found(name, "line with 同時発表", text) for name in names)
        else:
            return is_crumb(text) or above
        return True

    def _tag(self, name: str, rule: str) -> None:
        if name and all(tag.value != name for tag in self._tags):
            self._tags.append(Found(name, rule, name))

    def _below(self, blocks: list[Block], title: str) -> Iterator[Block]:
        in_head = _HEAD_BLOCKS
        for block in blocks:
            if in_head:
                in_head -= 1
                if block.text == title or self._take(block, above=False):
                    continue
                # Notes of a correction may stand between the title and the rest of the head, a subtitle too;
                # but a day below a label is the day of an event.
                in_head = in_head if block.text[:1] in "※（(＊*" else min(in_head, 3)
                long = len(block.text) > _HEAD_CHARS
                if block.region == "lead" or block.level or block.cell or long or is_label(block.text):
                    in_head = 0
            elif block.region in {"tag", "date"}:
                continue
            yield block

    def _published(self, at: int) -> tuple[date, Found] | None:
        for dated in (*self._boxed, *self._days):
            day = first_date(fold(dated.text))
            if day:
                return day.on, dated
        for value, prop, _ in self._clues.times:
            if prop == "datePublished" and (on := iso_day(value)):
                return on, Found(value, "time[itemprop=datePublished]", value)
        for on, rule, text in self._clues.days:
            return on, Found(text, rule, text)
        return self._beside_title(at)

    def _beside_title(self, at: int) -> tuple[date, Found] | None:
        """The first `<time>` in the head, for a line that says more than its day."""
        for value, _, place in self._clues.times:
            on = iso_day(value)
            above = self._blocks[place - 1].text if 0 < place <= len(self._blocks) else ""
            if on and place <= at + 2 and not is_label(above):
                return on, Found(value, "time[datetime] beside the title", value)
        return None


def _short_categories(text: str) -> tuple[str, ...]:
    return categories(text) if len(text) < _HEAD_CHARS else ()


def _same(text: str) -> str:
    return fold(text).replace(" ", "")


def language(url: str, html_lang: str, title: str, blocks: list[Block]) -> str:
    """`ja` or `en`: by the title's script, else by address and attribute, else by the text."""
    if is_japanese(title):
        return "ja"
    if urlsplit(url).path.startswith("/en/") or html_lang == "en":
        return "en"
    return "ja" if japanese_share("".join(block.text for block in blocks[:40])) > _ENGLISH_SHARE else "en"
