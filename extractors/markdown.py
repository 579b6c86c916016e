"""The text as Markdown: headings, lists, tables, absolute links; nothing in the text can become markup."""

import re
from collections.abc import Iterator

from extractors.attachments import absolute
from extractors.blocks import Anchor, Block
from extractors.facts import table_rows

_SIGNS = re.compile(r"[\\`*_\[\]<>|]")
_LINE_START = re.compile(r"^(#{1,6}(?=\s)|[+-](?=\s)|>|={3,}$|-{3,}$)")
_MOST_LINKS = 500
_STARTS = frozenset("#+->=")
_ADDRESS_SIGNS = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"})


def markdown(blocks: list[Block], url: str) -> str:
    """The blocks in Markdown, a blank line between them, items of one list together."""
    parts: list[str] = []
    tight = False
    for piece, is_item in _pieces(blocks, url):
        parts.append(("\n" if tight and is_item else "\n\n") + piece)
        tight = is_item
    return "".join(parts).strip()


def _pieces(blocks: list[Block], url: str) -> Iterator[tuple[str, bool]]:
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if block.cell is None:
            yield _line(block, url), block.kind == "item"
            index += 1
            continue
        table = block.cell.table
        end = index
        while end < len(blocks) and (cell := blocks[end].cell) is not None and cell.table == table:
            end += 1
        yield _table(blocks[index:end]), False
        index = end


def _line(block: Block, url: str) -> str:
    # Looking for each link in what is left costs the square of their number; no paragraph has hundreds.
    text = _linked(block, url) if 0 < len(block.anchors) <= _MOST_LINKS else escape(block.text)
    if block.level:
        return "#" * max(2, block.level) + " " + text
    if text[:1] in _STARTS:
        text = _LINE_START.sub(r"\\\1", text)
    return block.marker + text


def _table(blocks: list[Block]) -> str:
    rows = [[escape(text) for text, _ in row] for row in table_rows(blocks)]
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def escape(text: str) -> str:
    """The text with every sign that Markdown would read as markup made plain."""
    return _SIGNS.sub(_escaped, text)


def _escaped(sign: re.Match[str]) -> str:
    return "\\" + sign[0]


def _linked(block: Block, url: str) -> str:
    """The block with its links in place; a link whose text cannot be found again stands behind the text."""
    shown, rest = "", block.text
    for anchor in block.anchors:
        before, hit, after = rest.partition(anchor.text) if anchor.text else (rest, "", "")
        link = _link(anchor, url)
        if not hit:
            continue
        shown += escape(before) + link
        rest = after
    return shown + escape(rest)


def _link(anchor: Anchor, url: str) -> str:
    address = absolute(anchor.href, url)
    text = escape(anchor.text)
    return f"[{text}]({address.translate(_ADDRESS_SIGNS)})" if address else text
