"""Saved plain text of a page to a `Page`: with or without its head, with runs printed twice."""

import re

from extractors.blocks import Block, Cell, Found
from extractors.dates import first_date
from extractors.head import (
    categories,
    category,
    is_boilerplate,
    is_crumb,
    is_heading_mark,
    joint_with,
    release_day,
)
from extractors.once import once
from extractors.page import Page
from extractors.release import Unreadable
from extractors.site import SECTIONS
from extractors.text import fold, tidy, visible
from extractors.vocabulary import is_label
from extractors.web_head import language

_NUMBERED = re.compile(r"\s*(?:\(?\d{1,2}[.)．、]|\[\d{1,2}\]|[①-⑳])\s*\S")
_LABELLED = re.compile(r"[^\s:。]{1,14}:\s*\S")
_RULE = re.compile(r"[|\s:+=-]*-{2,}[|\s:+=-]*")
_BULLET = re.compile(r"[-*•]\s+(?=\S)")
_MENU_LINES = 500
_LONGEST_HEAD_LINE = 200
_LONGEST_TITLE_TAG = 12
_ISSUED = re.compile(r"(?:発表|公表|掲載)日?")


def read_saved_text(text: str, url: str) -> Page | Unreadable:
    """The page that a text was saved from, or what it lacks: a day or a title is never guessed."""
    blocks = once(_from_crumb(list(_blocks(visible(text)))))
    head, rest = _split(blocks)
    crumb = max((index for index, block in enumerate(head) if block.folded in _CRUMBS), default=-1)
    day_at = next(
        (index for index, block in enumerate(head) if index > crumb and release_day(block.text)), None
    )
    dated = head[day_at] if day_at is not None else _issued(blocks)
    if dated is None:
        return Unreadable(
            "no-date", blocks[0].text[:80] if blocks else "no text", "a line with the day of the release"
        )
    day = first_date(fold(dated.text))
    title, tags, joint, left = _head_lines(head, crumb, day_at)
    if day is None or title is None:
        return Unreadable("no-title", blocks[0].text[:80], "a title beside the day of the release")
    lang = language(url, "", title.value, rest)
    name = "saved-text" if crumb >= 0 else "saved-text-without-header"
    article = [block for block in (*left, *rest) if block is not dated and not is_boilerplate(block)]
    return Page(
        url,
        name,
        lang,
        title,
        day.on,
        Found(dated.text, "line with nothing but a day", dated.text),
        tags,
        joint,
        article,
    )


_CRUMBS = frozenset(
    ("報道発表資料", "報道発表", "プレスリリース", "Press Release", "Press Releases", "News Release")
)


def _blocks(text: str) -> list[Block]:
    found: list[Block] = []
    row = 0
    for line in text.splitlines():
        printed = tidy(line)
        if not printed or _RULE.fullmatch(printed):
            continue
        if "|" in printed and (printed.startswith("|") or " | " in printed):
            row += 1
            cells = [tidy(cell) for cell in printed.strip("|").split("|")]
            found.extend(
                Block("cell", cell, cell=Cell(1, row, at, head=False))
                for at, cell in enumerate(cells)
                if cell
            )
            continue
        bullet = _BULLET.match(printed)
        marker = "- " if bullet else ""
        found.append(
            Block("item" if bullet else "para", printed[bullet.end() :] if bullet else printed, marker)
        )
    return found


def _from_crumb(blocks: list[Block]) -> list[Block]:
    """Without the site's own lines above 報道発表資料, where the day of the release follows that at once."""
    for index, block in enumerate(blocks[:_MENU_LINES]):
        if block.folded in _CRUMBS and any(
            release_day(below.text) for below in blocks[index + 1 : index + 4]
        ):
            return blocks[index:]
    return blocks


def _split(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The head, and everything from the first line that can only be text."""
    for index, block in enumerate(blocks):
        if _is_text(block):
            return blocks[:index], blocks[index:]
    return blocks, []


def _is_text(block: Block) -> bool:
    line = block.marker + block.folded
    if release_day(block.text) or is_crumb(block.text) or joint_with(block.text):
        return False
    return bool(
        len(line) > _LONGEST_HEAD_LINE
        or line.endswith(("。", ". ", ".)"))
        or (line.endswith(".") and len(line) > _LONGEST_TITLE_TAG)
        or line[:1] in "■□◆●※"
        or _NUMBERED.match(line)
        or _NUMBERED.match(block.text)
        or is_label(block.text)
        or (_LABELLED.match(line) and not block.marker)
        or any(pattern.fullmatch(line) for pattern in SECTIONS.values())
    )


def _issued(blocks: list[Block]) -> Block | None:
    """A line further down that says itself that it is the day of the release."""
    return next((block for block in blocks if release_day(block.text) and _ISSUED.search(block.text)), None)


def _head_lines(
    head: list[Block], crumb: int, day_at: int | None
) -> tuple[Found | None, tuple[Found, ...], tuple[Found, ...], list[Block]]:
    tags: list[Found] = []
    joint: list[Found] = []
    below: list[Block] = []
    above: list[Block] = []
    for index, block in enumerate(head):
        if is_crumb(block.text) or index < crumb or index == day_at:
            continue
        if names := joint_with(block.text):
            joint.extend(Found(name, "line with 同時発表", block.text) for name in names)
        elif (names := categories(block.text)) and not (below and is_heading_mark(block)):
            tags.extend(Found(name, "known category", block.text) for name in names)
        elif day_at is not None and index < day_at:
            above.append(block)
        else:
            below.append(block)
    while below and _looks_like_tag(below[0]):
        tag = below.pop(0)
        tags.append(Found(category(tag.text), "bullet above the title", tag.line))
    if below:
        title = below.pop(0)
    elif above:
        title = above.pop()
    else:
        return None, tuple(tags), tuple(joint), []
    left = [block for block in below if block.text != title.text]
    return Found(title.text, "line beside the day", title.text), tuple(tags), tuple(joint), left


def _looks_like_tag(block: Block) -> bool:
    return bool(block.marker or block.text[:1] in "・･") and len(block.text) <= _LONGEST_TITLE_TAG * 3
