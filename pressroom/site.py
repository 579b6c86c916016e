"""Which page stands at an address at a moment: the site without the network."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from pressroom import pdf, templates
from pressroom.lists import Lists
from pressroom.templates import notices
from pressroom.templates.frame import Look
from pressroom.timeline import NOT_FOUND, OK, Timeline

HTML = "text/html; charset=UTF-8"
ROBOTS = b"User-agent: *\nDisallow: /cgi-bin\n"
_MOVED = 301
_PRINT = re.compile(r"(?P<page>/press/\d+)-print\.html")


@dataclass(frozen=True, slots=True)
class Page:
    """What an address holds: status, bytes, their type, when they last changed, where they moved to."""

    status: int
    body: bytes
    media_type: str = HTML
    modified: datetime | None = None
    location: str = ""


class Site:
    """The Ministry's press room as a function of (address, moment)."""

    def __init__(self, timeline: Timeline, *, weight: int = 0) -> None:
        self._timeline = timeline
        self._weight = weight
        self._lists = Lists(timeline, Look(weight))

    def page(self, target: str, now: datetime) -> Page:
        """The answer to a request target (path and query) at `now`; always a page, 404 at the worst."""
        address = urlsplit(target)
        finders: tuple[Callable[[str, datetime], Page | None], ...] = (
            _fixed,
            self._release,
            self._list,
            self._printed,
            self._file,
        )
        if address.path == "/press/press.php":
            return self._by_serial(address.query, now)
        found = (find(address.path, now) for find in finders)
        return next((page for page in found if page), Page(NOT_FOUND, notices.not_found()))

    def _release(self, path: str, now: datetime) -> Page | None:
        state = self._timeline.at_path(path, now)
        if state is None:
            return None
        if state.status != OK:
            return Page(state.status, notices.not_found() if state.status == NOT_FOUND else notices.gone())
        body = templates.release_page(state.record, Look(self._weight, state.coat))
        return Page(OK, body, modified=state.modified)

    def _list(self, path: str, now: datetime) -> Page | None:
        found = self._lists.page(path, now)
        return Page(OK, found.body, modified=found.modified) if found else None

    def _printed(self, path: str, now: datetime) -> Page | None:
        match = _PRINT.fullmatch(path)
        state = self._timeline.at_path(f"{match['page']}.html", now) if match else None
        if state is None or state.status != OK:
            return None
        return Page(OK, templates.print_page(state.record), modified=state.modified)

    def _file(self, path: str, now: datetime) -> Page | None:
        since = self._timeline.file_since(path)
        if since is None or since > now:
            return None
        return Page(OK, pdf.document(path), "application/pdf", since)

    def _by_serial(self, query: str, now: datetime) -> Page:
        serial = parse_qs(query).get("serial", [""])[0]
        path = f"/press/{serial}.html"
        if self._timeline.at_path(path, now) is None:
            return Page(NOT_FOUND, notices.not_found())
        return Page(_MOVED, b"", location=path)


def _fixed(path: str, now: datetime) -> Page | None:
    del now
    if path == "/robots.txt":
        return Page(OK, ROBOTS, "text/plain")
    if path in {"/press", "/en/press"}:
        return Page(_MOVED, b"", location=f"{path}/")
    return Page(OK, notices.home()) if path in {"/", "/index.html"} else None
