"""The lead: the grey box, or the numbered sentences a page without one begins with."""

import re

from extractors.blocks import Block, Found
from extractors.sections import section_of

_NUMBER = re.compile(r"\s*(\d{1,2})[.)、](?!\d)\s*(?=\S)")
_SENTENCE_END = ("。", ".", "。)", ".)", "。」")
_SENTENCE_LENGTH = 60
_GAP = 2
"""Lines without a number (notes) that may stand between two numbered sentences."""


def lead(blocks: list[Block]) -> tuple[Found | None, list[Block]]:
    """The lead as printed, a sentence a line, and its blocks; None where the page has none.

    Without a grey box only sentences that the page numbers itself from 1 on are a lead: an unnumbered first
    paragraph cannot be told from the text.
    """
    boxed = _boxed(blocks)
    chosen, rule = (
        (boxed, ".c-component__bg-area") if boxed else (_numbered(blocks), "numbered sentences at the top")
    )
    if not chosen:
        return None, []
    text = "\n".join(block.line for block in chosen)
    return Found(text, rule, text), chosen


def _boxed(blocks: list[Block]) -> list[Block]:
    start = next((index for index, block in enumerate(blocks) if block.region == "lead"), -1)
    if start < 0:
        return []
    end = start
    while end < len(blocks) and blocks[end].region == "lead":
        end += 1
    box = blocks[start:end]
    return [] if any(section_of(block) for block in box) else box


def _numbered(blocks: list[Block]) -> list[Block]:
    found: list[Block] = []
    between: list[Block] = []
    for block in blocks:
        match = _NUMBER.match(block.marker + block.folded)
        if match and int(match[1]) == _count(found) + 1 and _is_sentence(block):
            found += [*between, block]
            between = []
        elif not found and block.text[:1] in "※（(＊*":
            # A note of a correction may stand above the lead.
            continue
        elif block.level or section_of(block) or len(between) == _GAP or not found:
            break
        else:
            between.append(block)
    return found


def _count(found: list[Block]) -> int:
    return sum(1 for block in found if _NUMBER.match(block.marker + block.folded))


def _is_sentence(block: Block) -> bool:
    return not block.level and (len(block.text) >= _SENTENCE_LENGTH or block.folded.endswith(_SENTENCE_END))
