"""The text of attached files: PDFs by pypdfium2; what cannot be read is noted, never fatal."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
from pypdfium2 import PdfiumError

MAX_PAGES: Final = 2_000
MAX_CHARACTERS: Final = 5_000_000
PASSWORD: Final = "password"  # noqa: S105 - a word in the library's error message


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What a file says: its text, pages parted by a form feed, and the number of its pages.

    `note` is None for a file read whole; otherwise why there is no text, or less of it: `encrypted`,
    `broken`, `no-text` (pages that were only scanned), `cut` (longer than we read), `not-read` (a kind of
    file we do not read).
    """

    text: str
    pages: int
    note: str | None = None


def read_document(payload: bytes, media_type: str | None = None) -> DocumentText:
    """The text of a file by its bytes; `media_type` is only looked at when the bytes do not say."""
    if not payload[:1024].lstrip().startswith(b"%PDF"):
        return DocumentText("", 0, "broken" if media_type == "application/pdf" else "not-read")
    try:
        with closing(pypdfium2.PdfDocument(payload)) as document:
            return _read(document)
    except PdfiumError as error:
        return DocumentText("", 0, "encrypted" if PASSWORD in str(error).lower() else "broken")


def _read(document: Any) -> DocumentText:
    count = len(document)
    texts: list[str] = []
    size = 0
    for text in _texts(document, min(count, MAX_PAGES)):
        texts.append(text[: MAX_CHARACTERS - size])
        size += len(text)
        if size >= MAX_CHARACTERS:
            break
    if not any(text.strip() for text in texts):
        return DocumentText("", count, "no-text" if count else "broken")
    return DocumentText(
        "\f".join(texts), count, "cut" if len(texts) < count or size > MAX_CHARACTERS else None
    )


def _texts(document: Any, count: int) -> Iterator[str]:
    """The text of each page with plain line ends; a page that cannot be loaded has none."""
    for number in range(count):
        try:
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                # Characters of the library's own use (hyphens it joined, marks it could not map) are no text.
                found = text.get_text_range().replace("\r\n", "\n")
                yield found.replace("\ufffe", "").replace("\uffff", "").replace("\0", "")
        except PdfiumError:
            yield ""
