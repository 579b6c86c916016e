"""Label and value pairs: `日時：…`, a label or heading above its value, a two-column table, a `dl`."""

import re
from collections.abc import Iterator

from extractors.attachments import ends_with_size, is_size
from extractors.blocks import Block, Found
from extractors.dates import days
from extractors.hours import hours
from extractors.kept import kept
from extractors.release import Fact
from extractors.sections import heading_words, section_of
from extractors.text import fold, unspaced
from extractors.vocabulary import (
    EVENT_DAY,
    FACT_LABEL,
    LABEL_BULLET,
    LABEL_ENDS,
    NEVER_BARE,
    NO_LABEL,
    NUMBER_SIGN,
)

_BRACKETED = re.compile(
    r"\s*((?:[【＜<〔]|[(（\[［]\d{1,2}[)）\]］]\s*"
    r"|\d{1,2}[.．]\s*)[^】＞>〕:：]{1,20}[】＞>〕])\s*[:：]?\s*(\S.*)",
    re.DOTALL,
)
_SPACED = re.compile(
    r"((?:[■□◆◇●○・]\s*"
    r"|[(（]?[\d０-９]{1,2}[)）.．　 ]\s*)?[^\s:：。、A-Za-z]{1,10}"
    r"(?:[ 　][^\s:：。、\d０-９](?=[ 　]))*)[ 　]+([^\s:：][^。]*)$"
)
_COLON = re.compile(r"[::]")
_LONGEST_LABEL = 24
_LONGEST_VALUE = 4_000
_LONGEST_HEADED_VALUE = 400
_HOURS_LINE = 40
_SENTENCE = 40
"""From this length on a full sentence below a label is the text of a section, not a value."""
_LOWER_WORD = re.compile(r"\b[a-z]{4,}\b")
_LABEL_TAIL = " :)]】>〕》"
_ENGLISH_LABEL = re.compile(r"[A-Z][A-Za-z /&()-]{1,29}")
_JAPANESE_LABEL = re.compile(
    r"(?!.*(?:ました|します|です|である|ください|とおり|次の|以下|[はをがも]$))[一-鿿々ぁ-んァ-ヶー・/()A-Z]{1,16}"
)


def facts(blocks: list[Block]) -> Iterator[tuple[Fact, Found]]:
    """The facts in page order, each with the rule that found it."""
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if block.cell is not None:
            end = _table_end(blocks, index)
            for fact in _table_facts(blocks[index:end]):
                yield fact, Found(fact.value, "two-column table", fact.value)
            index = end
            continue
        if block.kind == "dt" and index + 1 < len(blocks) and blocks[index + 1].kind == "dd":
            pair = _pair(block.text, _values(blocks, index + 1, "dd"), "definition list", anywhere=True)
        elif (split := _inline(block)) is not None:
            pair = _pair(split[0], split[1], "label and colon", anywhere=True)
        elif _is_label_line(block):
            pair = _pair(block.text, _below(blocks, index + 1), "label above its value", anywhere=False)
        else:
            pair = None
        if pair:
            yield pair
        index += 1


@kept(1024)
def label(text: str) -> str:
    """A label without bullet, number, brackets, colon and letter-spacing.

    Kept, because most pages have the same labels.
    """
    return unspaced(heading_words(LABEL_BULLET.sub("", fold(NUMBER_SIGN.sub("", text)), count=1)))


def _pair(name: str, value: str, rule: str, *, anywhere: bool) -> tuple[Fact, Found] | None:
    name = label(name)
    if (
        not value
        or not name
        or is_size(value)
        or len(name) > _LONGEST_LABEL
        or (not anywhere and not FACT_LABEL.fullmatch(name))
    ):
        return None
    value = value[:_LONGEST_VALUE]
    return Fact(name, value), Found(value, rule, f"{name}: {value}")


def _inline(block: Block) -> tuple[str, str] | None:
    """Label and value of `日　時：…`; None for prose, notes, hours and addresses with a colon in them."""
    text = block.text
    may_be_split = len(text) <= _LONGEST_HEADED_VALUE and (
        " " in text[:_LONGEST_LABEL] or "　" in text[:_LONGEST_LABEL] or not text[0].isalpha()
    )
    bracketed = (_BRACKETED.match(text) or _SPACED.match(text)) if may_be_split else None
    if bracketed and FACT_LABEL.fullmatch(label(bracketed[1])):
        return bracketed[1], bracketed[2]
    head = block.folded[: _LONGEST_LABEL + 12]
    colon = _COLON.search(head)
    if colon is None or not block.text[colon.end() :].strip():
        return None
    # Folding may lengthen what stands before the colon, so it is looked for again in what is printed.
    printed = next((at for at, letter in enumerate(block.text) if letter in ":："), -1)
    name = label(block.text[:printed])
    known = FACT_LABEL.fullmatch(name)
    shaped = _JAPANESE_LABEL.fullmatch(name) or (known and _ENGLISH_LABEL.fullmatch(name))
    if not (known or (shaped and not ends_with_size(block.text))) or NO_LABEL.search(name):
        return None
    return block.text[:printed], block.text[printed + 1 :].strip(" \u3000")


def _is_label_line(block: Block) -> bool:
    # The whole label is dear to find, and most short lines end like none of them.
    if (
        len(block.text) > _LONGEST_LABEL + 6
        or block.folded.rstrip(_LABEL_TAIL)[-1:].lower() not in LABEL_ENDS
    ):
        return False
    name = label(block.text)
    return name not in NEVER_BARE and FACT_LABEL.fullmatch(name) is not None


def _below(blocks: list[Block], start: int) -> str:
    """The value under a label: the next block, or all items of the list that follows."""
    if start >= len(blocks):
        return ""
    first = blocks[start]
    if first.level or first.cell or section_of(first) or _is_label_line(first) or _inline(first):
        return ""
    if first.kind == "item" and first.marker and not _is_english_sentence(first.text):
        return _values(blocks, start, "item")
    prose = first.text.endswith(("。", ".")) and len(first.text) > _SENTENCE
    if prose or _is_english_sentence(first.text) or len(first.text) > _LONGEST_HEADED_VALUE:
        return ""
    return first.text + _hours_below(blocks, start)


def _is_english_sentence(text: str) -> bool:
    """Below a heading such as Programme it is the text of a section, however short; names are capitals."""
    if not (text.endswith(".") and text.isascii() and text[0].isupper()):
        return False
    return len(_LOWER_WORD.findall(text)) > 1 and not any(letter.isdigit() for letter in text)


def _hours_below(blocks: list[Block], start: int) -> str:
    """The hours of a day that stand in a line of their own below it."""
    if start + 1 >= len(blocks) or not EVENT_DAY.fullmatch(label(blocks[start - 1].text)):
        return ""
    below = blocks[start + 1]
    if below.level or below.cell or len(below.text) > _HOURS_LINE:
        return ""
    line = below.folded
    only_hours = hours(line) and not any(days(line)) and not hours(blocks[start].folded)
    return f" {below.text}" if only_hours else ""


def _values(blocks: list[Block], start: int, kind: str) -> str:
    end = start
    while end < len(blocks) and blocks[end].kind == kind:
        end += 1
    return "\n".join(block.text for block in blocks[start:end])


def _table_end(blocks: list[Block], start: int) -> int:
    first = blocks[start].cell
    end = start
    while (
        end < len(blocks)
        and (cell := blocks[end].cell) is not None
        and first is not None
        and cell.table == first.table
    ):
        end += 1
    return end


def _table_facts(blocks: list[Block]) -> Iterator[Fact]:
    rows = table_rows(blocks)
    pairs = [row for row in rows if len(row) == 2]  # noqa: PLR2004
    if not pairs or len(pairs) * 2 < len(rows):
        return
    heads = [row[0][1] and not row[1][1] for row in pairs]
    names = [label(row[0][0]) for row in pairs]
    if not any(heads) and not any(FACT_LABEL.fullmatch(name) for name in names):
        return
    for (_, (value, value_is_head)), name in zip(pairs, names, strict=True):
        if (
            not value_is_head
            and name
            and value
            and len(name) <= _LONGEST_LABEL
            and name not in {"項目", "区分"}
        ):
            yield Fact(name, value)


def table_rows(blocks: list[Block]) -> list[list[tuple[str, bool]]]:
    """The rows of one table's blocks: each cell's text in one line, and whether it is a head cell."""
    rows: dict[int, dict[int, tuple[list[str], bool]]] = {}
    for block in blocks:
        if block.cell is not None:
            cells = rows.setdefault(block.cell.row, {})
            cells.setdefault(block.cell.column, ([], block.cell.head))[0].append(block.text)
    return [[(" ".join(texts), head) for texts, head in cells.values()] for cells in rows.values()]
