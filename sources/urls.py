"""The Ministry's addresses: which are its own, which name one page, and what kind of page.

Everything here follows the URL families of the site as they are known. The canonical form of every own
address is `https://www.env.go.jp/…`, wherever the site was reached.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult

from extractors.errors import Usage
from sources.normalise import split

MINISTRY: Final = "https://www.env.go.jp"
MINISTRY_HOSTS: Final = frozenset({"www.env.go.jp", "env.go.jp"})

MONTH: Final = re.compile(
    r"/(?:en/)?(?:press|headline)/(?P<year>199[7-9]|20\d\d)(?P<month>0[1-9]|1[0-2])\.html"
)
LISTING: Final = re.compile(r"/(?:en/)?press/(?:[a-z][a-z0-9_-]*/)?|/en/headline/")
RELEASE: Final = re.compile(
    r"/press/(?:\d+|\d+_\d+|press_\d+)\.html|/en/headline/\d+\.html|/en/(?:press/)?press_\d+\.html"
)
FILE: Final = re.compile(
    r"\.(?:pdf|xlsx?|xlsm|docx?|pptx?|zip|lzh|csv|txt|rtf|jtd|jpe?g|png|gif)$", re.IGNORECASE
)
SERIAL: Final = re.compile(r"/(?P<folder>press|en/headline|en/press)/\w+\.php")
SERIAL_NUMBER: Final = re.compile(r"(?:^|&)serial=(\d+)(?:&|$)")
PRINT: Final = re.compile(r"-print(?=\.html$)")
INDEX: Final = re.compile(r"(?<=/)index\.html?$")
FOLDER: Final = re.compile(r"/(?:en|press|en/press|en/headline|press/[a-z][a-z0-9_-]*)")
# Static files: a query behind one of these names the same bytes.
STATIC: Final = frozenset({"release", "listing", "robots", "file"})


@dataclass(frozen=True, slots=True)
class Site:
    """Where the Ministry's site is reached: the real host, or a mirror or rehearsal named by its origin.

    `base` is an origin such as `http://127.0.0.1:8800`; `Usage` if it is anything else. Addresses of the
    Ministry and of that origin are own addresses; all others are foreign.
    """

    base: str = MINISTRY

    def __post_init__(self) -> None:
        parts = split(self.base)
        if parts is None or parts.path != "/" or parts.query:
            raise Usage(
                f"--site must be an origin such as {MINISTRY} or http://127.0.0.1:8800; found {self.base!r}"
            )
        own = MINISTRY if parts.netloc in MINISTRY_HOSTS else f"{parts.scheme}://{parts.netloc}"
        object.__setattr__(self, "base", own)

    @property
    def is_ministry(self) -> bool:
        """Whether requests go to the real host, where the floor of the pause holds."""
        return self.base == MINISTRY

    def owns(self, url: str) -> bool:
        """Whether an absolute address lies on the Ministry's hosts or on exactly the mirror's origin."""
        parts = split(url)
        return parts is not None and self._is_own(parts)

    def canonical(self, url: str, *, base: str | None = None) -> str:
        """The one spelling of an address; own addresses become the Ministry's https ones.

        `base` is the address of the page that holds the link. An address that is not http(s) comes back
        as it is: it names nothing that could be asked.
        """
        # So nearly all of the log is spelled already, and to take an address apart costs ten times as much.
        if url.startswith(MINISTRY) and url.isascii() and RELEASE.fullmatch(url, len(MINISTRY)):
            return url
        parts = split(url, base=base)
        if parts is None:
            return url.strip()
        if not self._is_own(parts):
            return parts.geturl()
        path, query = _own_path(parts.path, parts.query)
        page = MINISTRY + path
        return page if not query or family(page) in STATIC else f"{page}?{query}"

    def fetchable(self, canonical: str) -> str:
        """The address to ask for an own page: the same path at the place where the site is reached."""
        parts = split(canonical)
        if parts is None or not self._is_own(parts):
            raise Usage(f"{canonical} is not an address of {self.base}; only own pages are fetched")
        return self.base + parts.path + (f"?{parts.query}" if parts.query else "")

    def _is_own(self, parts: SplitResult) -> bool:
        return parts.netloc in MINISTRY_HOSTS or f"{parts.scheme}://{parts.netloc}" == self.base


def _own_path(path: str, query: str) -> tuple[str, str]:
    """Path and query of an own page in their one spelling: no index.html, no print twin, no serial."""
    script = SERIAL.fullmatch(path)
    number = SERIAL_NUMBER.search(query)
    if script and number:
        return f"/{script['folder']}/{number[1]}.html", ""
    path = INDEX.sub("", PRINT.sub("", path))
    return (f"{path}/" if FOLDER.fullmatch(path) else path), query


def family(canonical: str) -> str:
    """What kind of address a canonical URL is: `release`, `listing`, `robots`, `file` or `other`.

    Foreign addresses are `other`. A month page `/press/202605.html` looks like `/press/N.html`
    and is a listing.
    """
    # Not taken apart: what a page links to may be no address at all, and every capture asks.
    if not canonical.startswith(f"{MINISTRY}/"):
        return "other"
    path = _path(canonical)
    if path == "/robots.txt":
        return "robots"
    if MONTH.fullmatch(path) or LISTING.fullmatch(path):
        return "listing"
    if RELEASE.fullmatch(path):
        return "release"
    return "file" if FILE.search(path) else "other"


def language(canonical: str) -> str:
    """`en` for pages under /en/, `ja` for all others."""
    return _language(_path(canonical))


def page_name(canonical: str) -> str:
    """The name of a page in a release id: `press_00177`, `110539`, `en-press_03994`.

    Both folders in which English releases live give the same name.
    """
    path = _path(canonical)
    stem = path.rstrip("/").rpartition("/")[2].rsplit(".", 1)[0] or "index"
    return f"en-{stem}" if _language(path) == "en" else stem


def _language(path: str) -> str:
    return "en" if path == "/en" or path.startswith("/en/") else "ja"


def _path(canonical: str) -> str:
    """The path of a canonical address: much faster than to parse it, and every capture asks."""
    place = canonical.find("/", canonical.find("//") + 2)
    return canonical[place:].partition("?")[0].partition("#")[0] if place >= 0 else ""


def index_page(lang: str) -> str:
    """The canonical address of the press index in a language (`ja` or `en`)."""
    return f"{MINISTRY}/en/press/" if lang == "en" else f"{MINISTRY}/press/"


def month_page(lang: str, year: int, month: int) -> str:
    """The canonical address of one month's page."""
    return f"{index_page(lang)}{year:04d}{month:02d}.html"


def month_of(canonical: str) -> tuple[int, int] | None:
    """Year and month of a month page; None for every other address."""
    found = MONTH.fullmatch(_path(canonical))
    return (int(found["year"]), int(found["month"])) if found else None


def robots_page() -> str:
    """The canonical address of robots.txt."""
    return f"{MINISTRY}/robots.txt"
