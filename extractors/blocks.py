"""What a page is before it is a record: a flat list of blocks in reading order, with the links they hold."""

from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.text import fold


class Cell(NamedTuple):
    """Where in a table a block stands; `head` for a `th`."""

    table: int
    row: int
    column: int
    head: bool


@dataclass(slots=True, eq=False)
class Anchor:
    """A link as it stands in its block: its address as written, its text, and what is printed around it."""

    href: str
    text: str
    before: str
    after: str


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, heading, list item, table cell or line.

    `text` is as printed, without the list marker the browser adds; `marker` is that marker (`- `, `1. `).
    `region` names the part of a known template it stands in, empty elsewhere. `copy` numbers the container
    that is hidden or meant for another screen, 0 outside. `level` is 1–6 for headings, 0 else. `folded` is
    the text folded for matching: nearly every reader asks for it.
    """

    kind: str
    text: str
    marker: str = ""
    level: int = 0
    region: str = ""
    copy: int = 0
    cell: Cell | None = None
    anchors: tuple[Anchor, ...] = ()
    folded: str = field(init=False)

    def __post_init__(self) -> None:
        self.folded = fold(self.text)

    @property
    def line(self) -> str:
        """The block as one line of text, with its marker."""
        return self.marker + self.text


class Found(NamedTuple):
    """A value with the selector or rule that gave it and the text it came from."""

    value: str
    rule: str
    text: str


class Origin(NamedTuple):
    """Where one field of a release came from, for `moej show ID --explain`."""

    field: str
    rule: str
    text: str
