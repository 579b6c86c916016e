"""The article's parts: free text, attachments, related pages, contact."""

import re
from dataclasses import dataclass, field

from extractors.blocks import Block
from extractors.head import is_boilerplate
from extractors.kept import kept
from extractors.site import SECTION_ENDS, SECTIONS
from extractors.text import fold, unspaced

_DECORATION = re.compile(r"^[\s■□◆◇●○【<＜\[(〔《▼▽▪・*#]+|[\s】>＞\])〕》::]+$")
_LONGEST_HEADING = 40
_HEADING_TAIL = " 】>])〕》:"
_CONTACT_LINE = re.compile(r"(?:For\s+)?(?:Contacts?|Inquir(?:y|ies))\s*:\s*(?=\S)", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Parts:
    """The blocks of each part in page order; `text` and `attachments` together are the body."""

    text: list[Block] = field(default_factory=list)
    attachments: list[Block] = field(default_factory=list)
    related: list[Block] = field(default_factory=list)
    contact: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)


def heading_words(text: str) -> str:
    """A heading for matching: folded, without bullets, brackets, colon and letter-spacing."""
    return _words(fold(text))


def _words(folded: str) -> str:
    return unspaced(_DECORATION.sub("", folded))


def section_of(block: Block) -> str | None:
    """The part that a heading or a line that is only a known heading opens; None for other blocks."""
    if len(block.text) > _LONGEST_HEADING or block.cell is not None:
        return None
    if block.folded.rstrip(_HEADING_TAIL)[-1:].lower() not in SECTION_ENDS:
        return None
    return _section_named(block.folded)


@kept(4096)
def _section_named(folded: str) -> str | None:
    # Kept: several readers ask for the section of a line, and the headings of one page stand on the next.
    words = _words(folded)
    return next((name for name, pattern in SECTIONS.items() if pattern.fullmatch(words)), None)


def parts(blocks: list[Block]) -> Parts:
    """Sorts the blocks; a part ends at the next heading that is not deeper than its own."""
    found = Parts()
    current, level = "text", 0
    for block in blocks:
        if is_boilerplate(block):
            continue
        opened = section_of(block)
        if current == "contact" and opened == "contact" and not block.level:
            # 担当 inside a contact is a role, not a heading.
            opened = None
        if opened:
            current, level = opened, block.level
        elif block.text[0] in "CcFfIi" and (inline := _CONTACT_LINE.match(block.folded)):
            current, level = "contact", 0
            block = Block(block.kind, block.text[inline.end() :])  # noqa: PLW2901 - its label is no office
        elif (block.level and (not level or block.level <= level)) or (
            block.text[:1] in "■□◆" and current != "text"
        ):
            current, level = "text", block.level
        if block.region == "contact":
            found.contact.append(block)
            continue
        getattr(found, current).append(block)
        if current in {"text", "attachments"}:
            found.body.append(block)
    return found


def without(blocks: list[Block], taken: list[Block]) -> list[Block]:
    """The blocks that are not among `taken`, in order."""
    gone = {id(block) for block in taken}
    return [block for block in blocks if id(block) not in gone]
