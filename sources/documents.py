"""The text of attached files: PDFs by pypdfium2; what cannot be read is noted, never fatal.

This file is also the program of the process that reads them (`sources.confined`): PDFium cannot be
interrupted, and a file of some tens of kB can ask it for gigabytes and minutes. It is started by its path
and imports nothing of ours, so that a start costs the PDF library alone.
"""

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from typing import Any, BinaryIO, Final, TextIO

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
    file we do not read), `too-heavy` (it asked for more time or memory than a file may have).
    """

    text: str
    pages: int
    note: str | None = None


TOO_HEAVY: Final = DocumentText("", 0, "too-heavy")


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


def _limit(megabytes: int) -> None:
    """Take from this process what reading has no use for; no file of a stranger may write one."""
    for what, most in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        # Where the system set a lower one it stands: only root may raise it, and all others would end here.
        hard = resource.getrlimit(what)[1]
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (lower, lower))


def _allow(seconds: int) -> bool:
    """Let the next file have so much processor time, past which the system ends this process.

    False if the system's own limit leaves it less.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    # A second before the hard limit, at which it would be killed as by anybody, for no fault of a file.
    left = most if hard == resource.RLIM_INFINITY else max(1, min(most, hard - 1))
    resource.setrlimit(resource.RLIMIT_CPU, (left, hard))
    return left == most


def _serve(files: BinaryIO, answers: TextIO, seconds: int) -> None:
    """Read file after file, each a line of JSON (`bytes`, `media_type`) and its bytes; a line for each."""
    for number, head in enumerate(files):
        # What the files before it took is no fault of this one: a fresh process has more for it.
        if not _allow(seconds) and number:
            return
        given = json.loads(head)
        answers.write(_answer(files.read(given["bytes"]), given["media_type"]))
        # At once: the next file may be the one this process dies of.
        answers.flush()


def _answer(payload: bytes, media_type: str | None) -> str:
    """What a file says as a line of JSON, whatever the library makes of it."""
    try:
        found = read_document(payload, media_type)
        return json.dumps(astuple(found)) + "\n"
    except MemoryError:
        found = TOO_HEAVY
    except Exception:  # noqa: BLE001 - a file that breaks the reader must not keep out all others
        found = DocumentText("", 0, "broken")
    return json.dumps(astuple(found)) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Limit this process to `seconds` a file and `megabytes`, and read what comes in."""
    seconds, megabytes = (int(one) for one in arguments)
    _limit(megabytes)
    _serve(sys.stdin.buffer, sys.stdout, seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
