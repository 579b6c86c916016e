"""HTML to blocks: Lexbor parses, one pass over what it writes back gives the text in reading order.

Lexbor's own serialisation is well-formed (every element closed, `<` escaped in text, values quoted), so that
a small exact grammar reads it without recursion and without touching each node from Python.
"""

import re
from html import unescape
from typing import NamedTuple

from extractors.blocks import Anchor, Block, Cell
from extractors.kept import kept
from extractors.site import BREADCRUMBS, FORMER_REGIONS, OTHER_SCREEN, REGIONS, UNSEEN_TAGS
from extractors.text import tidy

# Possessive where nothing may be given back: the grammar is exact, so trying shorter matches is in vain.
_TOKEN = re.compile(r'<(/?)([a-z][^\s/>]*+)((?: =?[^\s/>=]++="[^"]*+")*+)>|<!--.*?-->|([^<]++)', re.DOTALL)
_ATTRIBUTE = re.compile(r' (class|id|href|hidden|style|aria-hidden|start|value|datetime|itemprop)="([^"]*)"')
_BLANK = " \t\r\n\f\xa0\u3000"
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PRINTED_MARKER = re.compile(
    r"[・･●○◆◇■□※＊*▪▶►•◎★☆-]"
    r"|[(（\[［【]?[0-9０-９ivxIVX一二三四五六七八九十アイウエオ]{1,3}[)）\].．］】、]|[①-⑳]"
)
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "param",
    ]
)
_INLINE = frozenset(
    [
        "b",
        "strong",
        "em",
        "i",
        "u",
        "s",
        "font",
        "small",
        "sup",
        "sub",
        "big",
        "tt",
        "code",
        "kbd",
        "cite",
        "abbr",
        "mark",
        "ins",
        "del",
        "bdi",
        "bdo",
        "ruby",
        "rb",
        "label",
        "q",
    ]
)
_LISTS = frozenset(("ul", "ol", "menu"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"summary": 3}
_READING_AID = frozenset(("rt", "rp"))
_TRANSPARENT = frozenset(("span", "a", "time", "data")) | _READING_AID
_MUTE = UNSEEN_TAGS | _READING_AID
_BOXES = _LISTS | _HEADINGS.keys() | {"li", "dt", "dd", "table", "tr", "td", "th", "pre"}
"""Elements that say what their text is; most are not among them, and are passed by."""


class _Link:
    """A link that is being read: where in the buffer it begins and ends, -1 while it is open."""

    __slots__ = ("continued", "end", "href", "start")

    def __init__(self, href: str, start: int, *, continued: bool = False) -> None:
        self.href = href
        self.start = start
        self.end = -1
        self.continued = continued


class _Meaning(NamedTuple):
    """Attributes as written; the part of the page they open (`skip` for none of it), whether they hide it."""

    attributes: dict[str, str]
    region: str = ""
    hidden: bool = False
    is_tag: bool = False


_NOTHING = _Meaning({})


class Reader:
    """One pass over a serialised article; `blocks`, and `times` with every `<time datetime>` on the way."""

    def __init__(self, *, former: bool = False) -> None:
        self.blocks: list[Block] = []
        self.times: list[tuple[str, str, int]] = []
        self._former = former
        self._region = ""
        self._copy = 0
        self._copies = 0
        self._kind = "para"
        self._level = 0
        self._mute = False
        self._stack: list[tuple[str, int, str, int, bool]] = []
        self._buffer: list[str] = []
        self._links: list[_Link] = []
        self._href: str | None = None
        self._lists: list[int | None] = []
        self._marker = ""
        self._tables: list[list[int]] = []
        self._table_count = 0
        self._head_cell = False
        self._pre = 0

    def read(self, html: str) -> list[Block]:
        """The blocks of the article."""
        for slash, name, attributes, text in _TOKEN.findall(html):
            if text:
                # What stands between two boxes, as most texts do, is blank: `tidy` would make nothing of it.
                if not self._mute and (self._buffer or self._links or text.strip(_BLANK)):
                    self._text(text)
            elif not name or name in _INLINE:
                continue
            elif slash:
                self._close(name)
            else:
                self._start(name, attributes)
        self._flush()
        return self.blocks

    def _text(self, text: str) -> None:
        if "&" in text:
            text = unescape(text)
        if self._pre and "\n" in text:
            for line in text.split("\n"):
                self._buffer.append(line)
                self._flush()
        else:
            self._buffer.append(text)

    def _start(self, name: str, attributes: str) -> None:
        if name in _VOID:
            if name == "br" and not self._joins_lines():
                self._flush()
            elif name in {"br", "hr"}:
                self._buffer.append(" ")
            return
        meaning = _meaning(attributes, former=self._former) if attributes else _NOTHING
        if (self._buffer or self._links) and (name not in _TRANSPARENT or meaning.is_tag):
            self._flush()
        self._stack.append((self._region, self._copy, self._kind, self._level, self._mute))
        self._mute = self._mute or name in _MUTE
        if meaning.region or meaning.hidden:
            self._place(meaning)
        found = meaning.attributes
        if name in _BOXES:
            self._open_box(name, found)
        elif name == "a":
            self._open_link(found.get("href"))
        elif name == "time" and "datetime" in found:
            self.times.append((unescape(found["datetime"]), found.get("itemprop", ""), len(self.blocks)))

    def _joins_lines(self) -> bool:
        return self._kind in {"heading", "cell"} or self._region == "title"

    def _place(self, meaning: _Meaning) -> None:
        if meaning.region == "skip":
            self._mute = True
        elif meaning.region:
            self._region = meaning.region
        if meaning.hidden:
            self._copies += 1
            self._copy = self._copies

    def _open_box(self, name: str, found: dict[str, str]) -> None:
        if name in _HEADINGS:
            self._kind, self._level = "heading", _HEADINGS[name]
        elif name in _LISTS:
            self._lists.append(_first_number(found) - 1 if name == "ol" else None)
        elif name == "li":
            self._kind, self._level = "item", 0
            self._marker = self._next_marker()
        elif name in {"dt", "dd"}:
            self._kind, self._level = name, 0
        elif name in {"table", "tr", "td", "th"}:
            self._open_table(name)
        elif name == "pre":
            self._pre += 1

    def _next_marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number + 1}. "

    def _open_table(self, name: str) -> None:
        if name == "table":
            self._table_count += 1
            self._tables.append([self._table_count, -1, -1])
        elif self._tables and name == "tr":
            self._tables[-1][1] += 1
            self._tables[-1][2] = -1
        elif self._tables:
            self._tables[-1][2] += 1
            self._kind, self._level = "cell", 0
            self._head_cell = name == "th"

    def _open_link(self, href: str | None) -> None:
        self._href = unescape(href) if href is not None else None
        if self._href is not None:
            self._links.append(_Link(self._href, len(self._buffer)))

    def _close(self, name: str) -> None:
        if not self._stack:
            self._flush()
            return
        # Two categories side by side have nothing between them but the end of the one's span.
        tag_ends = self._region == "tag" != self._stack[-1][0]
        if (self._buffer or self._links) and (name not in _TRANSPARENT or tag_ends):
            self._flush()
        self._region, self._copy, self._kind, self._level, self._mute = self._stack.pop()
        if name == "a":
            self._close_link()
        elif name in _BOXES:
            self._close_box(name)

    def _close_box(self, name: str) -> None:
        if name in _LISTS and self._lists:
            self._lists.pop()
        elif name == "table" and self._tables:
            self._tables.pop()
        elif name == "pre":
            self._pre -= 1
        elif name == "li":
            self._marker = ""

    def _close_link(self) -> None:
        self._href = None
        if self._links and self._links[-1].end < 0:
            link = self._links[-1]
            link.end = len(self._buffer)
            if link.continued and link.end == link.start:
                self._links.pop()

    def _flush(self) -> None:
        parts, self._buffer = self._buffer, []
        text = tidy("".join(parts))
        if not text and not self._links and self._href is None:
            return
        links, self._links = self._links, []
        if self._href is not None:
            # A link around several blocks goes on in the next one.
            self._links = [_Link(self._href, 0, continued=bool(parts))]
        if text:
            cell = self._cell() if self._tables else None
            marker = self._take_marker(text) if self._marker else ""
            block = Block(self._kind, text, marker, self._level, self._region, self._copy, cell)
            if links:
                block.anchors = anchors(parts, links)
            self.blocks.append(block)
        elif self._href is None and self.blocks:
            # A link that is only an icon belongs to the text before it.
            self.blocks[-1].anchors += anchors(parts, links)

    def _take_marker(self, text: str) -> str:
        marker, self._marker = self._marker, ""
        return "" if _PRINTED_MARKER.match(text) else marker

    def _cell(self) -> Cell | None:
        table, row, column = self._tables[-1]
        return None if column < 0 else Cell(table, row, column, self._head_cell)


def _first_number(found: dict[str, str]) -> int:
    start = found.get("start", "1")
    return int(start) if re.fullmatch(r"[0-9]{1,4}", start) else 1


@kept(512)
def _meaning(attributes: str, *, former: bool) -> _Meaning:
    """What the attributes of an element say; kept, because the site's own boxes stand on every page."""
    found = dict(_ATTRIBUTE.findall(attributes))
    region, hidden = _class_meaning(found.get("class", ""), former=former)
    if "id" in found and BREADCRUMBS.search(found["id"]):
        region = "skip"
    hidden = hidden or "hidden" in found or found.get("aria-hidden") == "true"
    hidden = hidden or ("style" in found and _HIDING_STYLE.search(found["style"]) is not None)
    is_tag = "class" in found and _class_meaning(found["class"], former=False)[0] == "tag"
    return _Meaning(found, region, hidden, is_tag)


@kept(1024)
def _class_meaning(classes: str, *, former: bool) -> tuple[str, bool]:
    """The region that a class attribute stands for, and whether it is for some screens only."""
    names = classes.split()
    regions = {**REGIONS, **FORMER_REGIONS} if former else REGIONS
    region = next((regions[name] for name in names if name in regions), "")
    if BREADCRUMBS.search(classes):
        region = "skip"
    return region, any(OTHER_SCREEN.search(name) for name in names)


def anchors(parts: list[str], links: list[_Link]) -> tuple[Anchor, ...]:
    """The links of a block with their text and what is printed before and after them."""
    found = []
    for number, link in enumerate(links):
        end = len(parts) if link.end < 0 else link.end
        next_start = links[number + 1].start if number + 1 < len(links) else len(parts)
        before = "".join(parts[links[number - 1].end if number else 0 : link.start])
        text = "".join(parts[link.start : end])
        found.append(Anchor(link.href, tidy(text), tidy(before), tidy("".join(parts[end:next_start]))))
    return tuple(found)
