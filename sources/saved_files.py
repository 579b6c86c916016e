"""Pages that somebody saved as files, one a file: HTML, which may say where it is from, text and PDF."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from extractors.decoding import without_utf_16
from extractors.errors import Skip
from sources.saved import LONGEST, Saved
from sources.verdict import is_html

PAGE_NAMES: Final = (".html", ".htm", ".txt")
HEAD_BYTES: Final = 1 << 16
SAVED_FROM: Final = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.IGNORECASE)
SINGLE_FILE: Final = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^(\n]+)", re.IGNORECASE
)
REWRITTEN: Final = re.compile(rb"<!--\s*(?:FILE ARCHIVED ON |End Wayback Rewrite JS Include)")
FROM_WAYBACK: Final = (
    "was saved from the Wayback Machine, which rewrites the links of a page: each would count as changed; "
    "save it again with id_ behind the time (web.archive.org/web/20260201000000id_/https://…), which gives "
    "the page as it was, and import that with --url and --at"
)
LINK: Final = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
REL_CANONICAL: Final = re.compile(rb"\brel\s*=\s*[\"']?canonical\b", re.IGNORECASE)
HREF: Final = re.compile(rb"\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def read_page(path: Path) -> Saved | Skip:
    """A page saved as HTML, text or PDF; HTML may carry its address and time in itself."""
    with path.open("rb") as stream:
        body = stream.read(LONGEST + 1)
    if len(body) > LONGEST:
        return Skip(f"{path.name} is longer than the {LONGEST:,} bytes that a page may have")
    if body.startswith(b"%PDF"):
        return Saved("resource", path.name, body, media_type="application/pdf")
    page = without_utf_16(body)
    if is_html("", page) or path.suffix.lower() in {".html", ".htm"}:
        url, at = stated(page)
        if REWRITTEN.search(page) or (url or "").partition("//")[2].startswith("web.archive.org/"):
            return Skip(f"{path.name} {FROM_WAYBACK}")
        return Saved("resource", path.name, body, url=url, at=at, media_type="text/html")
    return Saved("resource", path.name, body, media_type=_text_type(body))


def stated(html: bytes) -> tuple[str | None, datetime | None]:
    """Address and time that a page states: SingleFile's or the browser's comment, or `rel=canonical`."""
    head = html[:HEAD_BYTES]
    if found := SINGLE_FILE.search(head):
        return _text(found[1]), _single_file_date(_text(found[2]))
    if found := SAVED_FROM.search(head):
        return _text(found[1]), None
    for link in LINK.findall(head):
        if REL_CANONICAL.search(link) and (href := HREF.search(link)):
            return _text(href[1]), None
    return None, None


def _text_type(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "text/plain"
    return "text/plain; charset=utf-8"


def _single_file_date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%a %b %d %Y %H:%M:%S GMT%z").astimezone(UTC)
    except ValueError:
        return None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("&amp;", "&")
