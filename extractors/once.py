"""Each block once: what nesting, hidden copies and saved text repeat is removed as runs of paragraphs.

A program that prints the text of every box prints the text of a box in a box twice: the copy follows the
original at once, and ends where it ends. A hidden copy repeats everything, further away. A sentence that the
Ministry itself wrote in two sections stands alone among other sentences, and stays.
"""

import re

from extractors.blocks import Block
from extractors.vocabulary import is_label

_TANDEM_CHARS = 12
"""A run right behind its original is a copy from this length on; shorter are equal cells of a table."""
_FAR_CHARS = 80
"""Two or more paragraphs in a row that all stood before are a copy from this length on."""
_FAR_LINE = 15
"""Lines under this length do not count towards it: 定員:100名 stands under every venue."""
_MOST_BLOCKS = 5_000
"""Beyond this no page of the Ministry goes, and looking for copies costs the square of their number."""
_LABEL = re.compile(r"^[^\s。:]{1,14}:")
_PLACES_TRIED = 6
_MOST_COPIES = 50
_MOSTLY = 0.6
"""A hidden container is a copy if this share of its letters stands elsewhere."""


def once(blocks: list[Block]) -> list[Block]:
    """The blocks without copies of themselves, in order."""
    if len(blocks) > _MOST_BLOCKS:
        return blocks
    seen = _without_hidden_copies(blocks) if any(block.copy for block in blocks) else blocks
    keys = [_key(block) for block in seen]
    if len(set(keys)) == len(keys):
        return seen
    return [seen[index] for index in _kept(keys, [block.cell is not None for block in seen])]


def _key(block: Block) -> str:
    return block.folded.replace(" ", "")


def _without_hidden_copies(blocks: list[Block]) -> list[Block]:
    """A hidden container goes only where its text stands elsewhere: an accordion's own text is hidden too.

    From the last container to the first, so that of two copies for two kinds of screen the first stays.
    """
    keys = [_key(block) for block in blocks]
    dropped: set[int] = set()
    for copy in sorted({block.copy for block in blocks if block.copy}, reverse=True)[:_MOST_COPIES]:
        inside = [index for index, block in enumerate(blocks) if block.copy == copy]
        elsewhere = {
            keys[index] for index, block in enumerate(blocks) if block.copy != copy and index not in dropped
        }
        text = "\n".join(elsewhere)
        found = [
            index
            for index in inside
            if keys[index] in elsewhere or (len(keys[index]) > _FAR_LINE and keys[index] in text)
        ]
        told = sum(len(keys[index]) for index in inside)
        if sum(len(keys[index]) for index in found) >= _MOSTLY * told:
            dropped.update(found)
    return [block for index, block in enumerate(blocks) if index not in dropped]


def _kept(keys: list[str], cells: list[bool]) -> list[int]:
    kept: list[int] = []
    places: dict[str, list[int]] = {}
    index = 0
    while index < len(keys):
        length = _copy_length(keys, cells, index, kept, places)
        if length:
            index += length
            continue
        places.setdefault(keys[index], []).append(len(kept))
        kept.append(index)
        index += 1
    return kept


def _copy_length(
    keys: list[str], cells: list[bool], index: int, kept: list[int], places: dict[str, list[int]]
) -> int:
    """How many blocks from `index` on are a copy of what was kept; 0 where they are new."""
    before = places.get(keys[index])
    if not before:
        return 0
    for place in reversed(before[-_PLACES_TRIED:]):
        length = len(kept) - place
        tail = [keys[at] for at in kept[place:]]
        if keys[index : index + length] == tail and _is_tandem(tail, cells[index : index + length]):
            return length
    return _far_copy_length(keys, cells, index, places)


def _is_tandem(run: list[str], cells: list[bool]) -> bool:
    # Rows of a table may be equal: among them only a long run is a copy. Text with rows is none by chance.
    if all(cells):
        return sum(map(len, run)) >= _FAR_CHARS
    return sum(map(len, run)) >= _TANDEM_CHARS or bool(_LABEL.match(run[0])) or is_label(run[0])


def _far_copy_length(keys: list[str], cells: list[bool], index: int, places: dict[str, list[int]]) -> int:
    end = index
    while end < len(keys) and keys[end] in places:
        end += 1
    run = [key for key, cell in zip(keys[index:end], cells[index:end], strict=True) if not cell]
    told = sum(len(key) for key in run if len(key) >= _FAR_LINE and not _LABEL.match(key))
    return end - index if len(run) > 1 and told >= _FAR_CHARS else 0
