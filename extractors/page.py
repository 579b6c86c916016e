"""A page taken apart: head fields found, and the article's blocks, before the fields of the text are read."""

from dataclasses import dataclass
from datetime import date

from extractors.blocks import Block, Found


@dataclass(slots=True, eq=False)
class Page:
    """What every template gives, in one form; the readers of the fields do not know which one it was."""

    url: str
    template: str
    lang: str
    title: Found
    published_on: date
    dated: Found
    categories: tuple[Found, ...]
    joint_with: tuple[Found, ...]
    blocks: list[Block]
