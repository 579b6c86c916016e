"""The pages of the press room in HTML, one module per template of the site."""

from collections.abc import Callable

from pressroom.records import Record
from pressroom.templates import current, former, old_english, printed
from pressroom.templates.frame import Look

Template = Callable[[Record, Look], str]

BY_NAME: dict[str, Template] = {
    "current": current.page,
    "english": current.page,
    "former": former.page,
    "old-english": old_english.page,
}


def release_page(record: Record, look: Look) -> bytes:
    """The release in its template, UTF-8."""
    return BY_NAME[record.template](record, look).encode()


def print_page(record: Record) -> bytes:
    """The print form of an old release, UTF-8."""
    return printed.page(record).encode()
