"""Files and pages a release links to: absolute addresses, titles without the size printed beside them."""

import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from extractors.blocks import Anchor, Block
from extractors.head import is_boilerplate
from extractors.kept import kept
from extractors.release import Attachment, Link
from extractors.site import FILE_TYPES, HOST, MINISTRY
from extractors.text import fold, narrow, tidy, visible

_SIZE = re.compile(
    r"(\d[\d,]*(?:\.\d+)?\s*(?:[KMG]i?B|[KMG]バイト|キロバイト|メガバイト|バイト|bytes?))", re.IGNORECASE
)
_BRACKET = re.compile(
    r"\s*[\[(【<](?=\s*[A-Za-z\d])\s*(?:(?:PDF|Word|Excel|ZIP|CSV|PowerPoint|DOCX?|XLSX?|PPTX?|TXT"
    r"|JPE?G)(?:ファイル|形式|版)?\s*[/::・,、-]?\s*)?"
    r"(?:\d[\d,]*(?:\.\d+)?\s*(?:[KMG]i?B|[KMG]バイト|キロバイト|メガバイト|バイト|bytes?))?\s*[\])】>]",
    re.IGNORECASE,
)
_LONGEST_SIZE = 60
_CLOSING = frozenset("])】>")
_FORMAT = re.compile(r"\b(PDF|Word|Excel|ZIP|CSV|PowerPoint)\b", re.IGNORECASE)
_FORMATS = {"pdf": "pdf", "word": "docx", "excel": "xlsx", "zip": "zip", "csv": "csv", "powerpoint": "pptx"}
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"(?:/[\w-]+(?:\.[\w-]+)*+)++/?", re.ASCII)
"""Most links of the site are this: absolute as soon as the host stands before them."""
_READER = re.compile(r"^https?://(?:[\w-]+\.)?adobe\.com/", re.IGNORECASE)
_TEXTLESS = frozenset(("mailto", "tel"))
_MOST_LINKS = 5_000


class Linked(NamedTuple):
    """Attachments and links once each, in page order, and how many links were not http(s)."""

    attachments: tuple[Attachment, ...]
    links: tuple[Link, ...]
    dropped: int


def linked(blocks: list[Block], url: str) -> Linked:
    """What the blocks link to; addresses are made absolute against the page at the Ministry's host."""
    attachments: dict[str, Attachment] = {}
    links: dict[str, Link] = {}
    dropped = 0
    pairs = [(block, anchor) for block in blocks for anchor in block.anchors]
    for block, anchor in pairs[:_MOST_LINKS]:
        address = absolute(anchor.href, url)
        if address is None:
            dropped += not _is_harmless(anchor.href)
        elif (
            is_boilerplate(Block("para", anchor.text))
            or _READER.match(address)
            or address.split("#")[0] == url
        ):
            continue
        elif kind := _file_kind(address, anchor):
            attachments.setdefault(address, _attachment(anchor, block, address, kind))
        else:
            links.setdefault(address, Link(_shown(anchor, block) or address, address))
    return Linked(tuple(attachments.values()), tuple(links.values()), dropped)


def ends_with_size(text: str) -> bool:
    """Whether a line ends with the bracket of a file's format and size: such a line names a file."""
    flat = fold(text[-_LONGEST_SIZE:]).rstrip()
    if flat[-1:] not in _CLOSING:
        return False
    return any(
        found.end() == len(flat) and _SIZE.search(found[0]) is not None for found in _BRACKET.finditer(flat)
    )


def is_size(text: str) -> bool:
    """Whether a text is nothing but the bracket of a file's format and size."""
    return len(text) <= _LONGEST_SIZE and ends_with_size(text) and not _without_size(text)


@kept(1024)
def absolute(href: str, url: str) -> str | None:
    """The absolute http(s) address of a link, or None for any other kind and for broken ones.

    The Ministry's own are https and with www however they are written, as every address in a record is.
    Kept, because the Markdown asks for every link once more.
    """
    if _PLAIN_PATH.fullmatch(href) and url.startswith(HOST + "/"):
        return HOST + href
    target = visible(href).strip()
    # The browser drops these inside an address, so `java\\nscript:` is a script there and must be one here.
    target = re.sub(r"[\t\r\n]", "", target)
    if not target:
        return None
    try:
        address = urlsplit(urljoin(url if urlsplit(url).netloc else HOST, target))
        if address.scheme not in {"http", "https"} or not address.hostname:
            return None
    except ValueError:
        return None
    if address.netloc.lower() in MINISTRY:
        address = urlsplit(HOST)._replace(path=address.path, query=address.query, fragment=address.fragment)
    return quote(address.geturl(), safe="%/:?#[]@!$&'()*+,;=~-._")


def _is_harmless(href: str) -> bool:
    """Mail and telephone links are read as contacts, and empty ones lead nowhere: nothing was dropped."""
    scheme = _SCHEME.match(href)
    return not href.strip() or (scheme is not None and scheme[1].lower() in _TEXTLESS)


def _file_kind(address: str, anchor: Anchor) -> str | None:
    path = urlsplit(address).path.lower()
    ending = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    if ending in FILE_TYPES:
        return ending
    label = _BRACKET.search(fold(anchor.text)) or _BRACKET.match(fold(anchor.after))
    named = _FORMAT.search(label[0]) if label and _SIZE.search(label[0]) else None
    return _FORMATS[named[1].lower()] if named else None


def _attachment(anchor: Anchor, block: Block, address: str, kind: str) -> Attachment:
    size = _SIZE.search(fold(anchor.text)) or _SIZE.search(fold(anchor.after[:40]))
    title = _shown(anchor, block) or address.rpartition("/")[2]
    return Attachment(title, address, FILE_TYPES[kind], size[1] if size else None)


def _shown(anchor: Anchor, block: Block) -> str:
    """The link's text without the bracket of format and size; where that is all, what stands before it."""
    return _without_size(anchor.text) or _without_size(anchor.before) or _without_size(block.text)


def _without_size(text: str) -> str:
    flat = narrow(text)
    found = _BRACKET.search(flat)
    return tidy(text[: found.start()] + text[found.end() :]) if found else tidy(text)
