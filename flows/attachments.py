"""The files that releases link to, on the Ministry's own hosts: asked in the run that finds them.

A page with new bytes has all its files asked, conditionally where the archive holds them; a page that
answered as before only those that were never had. Their text is read at the load, in `warehouse.attachments`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import extractors
from extractors.release import Release
from sources import Capture, Failure, Log, Site, family
from sources.breaker import Breaker
from sources.collect import Collector, Progress
from sources.verdict import GOOD
from warehouse import Reader

TOO_BIG: Final = "too-big"

# What answered for good: asking again every day for a file that is gone, or over the cap, finds nothing new.
_HAD: Final = """
SELECT DISTINCT page FROM captures
WHERE family = 'file' AND (verdict IN ('good', 'unchanged', 'gone') OR truncated = 'length')
"""
_LINKED: Final = """
SELECT url AS page, [a.url for a in attachments] AS files
FROM releases
"""


@dataclass(frozen=True, slots=True)
class Files:
    """What the archive knows of files: which each page links to, and which have been had."""

    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    had: frozenset[str] = frozenset()

    def owed(self, pages: Iterable[str]) -> tuple[str, ...]:
        """Files of these pages that were never had, once each."""
        files = (file for page in pages for file in self.linked.get(page, ()))
        return tuple(dict.fromkeys(file for file in files if file not in self.had))

    def a_page(self) -> float:
        """How many files a page has, on the average of this archive."""
        return sum(map(len, self.linked.values())) / len(self.linked) if self.linked else 0.0


def files_of(archive: Reader) -> Files:
    """The files the archive knows of; addresses of other hosts and of pages are left out."""
    linked = {row["page"]: own_files(row["files"]) for row in archive.rows(_LINKED)}
    return Files(linked, frozenset(row["page"] for row in archive.rows(_HAD)))


def own_files(urls: Iterable[str], site: Site | None = None) -> tuple[str, ...]:
    """The canonical addresses among these that are files on the Ministry's hosts, in order, once each."""
    site = site or Site()
    pages = dict.fromkeys(site.canonical(url) for url in urls)
    return tuple(page for page in pages if family(page) == "file")


def linked_from(capture: Capture, log: Log, site: Site) -> tuple[str, ...]:
    """The files that a page just fetched links to; none where it cannot be read: then it is quarantined."""
    payload = log.payload(capture.warc_file, capture.warc_offset)
    found = extractors.read(
        payload,
        url=capture.page,
        fetched_at=capture.fetched_at,
        media_type=capture.media_type,
        charset=capture.charset,
    )
    return own_files((one.url for one in found.attachments), site) if isinstance(found, Release) else ()


class Gatherer(Collector):
    """A collector that brings each page's files after the page.

    `files` is what the archive knows of them; with None pages come alone. `again` asks for all files of a
    page, had or not. One over the size cap is noted as a failure too, since its record in the log is cut.
    With `breaker` pages that fail in a row are counted over several runs.
    """

    def __init__(
        self,
        *given: Any,
        files: Files | None,
        again: bool = False,
        breaker: Breaker | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self._files, self._again = files, again
        if breaker is not None:
            self._breaker = breaker

    def pages(self, pages: Iterable[str], progress: Progress | None = None) -> Iterator[Capture | Failure]:
        """Ask pages one after the other, each with its files; `progress` counts pages."""
        wanted = list(dict.fromkeys(pages))
        for number, page in enumerate(wanted, start=1):
            for answer in super().pages([page]):
                yield answer
                yield from self._bring(self._due(page, answer))
            if page in self._fresh and self._files is not None:
                yield from self._bring(self._files.owed([page]))
            if progress is not None:
                progress(number, len(wanted))

    def outcomes(self) -> tuple[Capture | Failure, ...]:
        """What every page asked in this run came to, lists and robots.txt included."""
        return tuple(self._answers.values())

    def _due(self, page: str, answer: Capture | Failure) -> Collection[str]:
        """The files to ask after a page answered; the payload is read before the next record can move it."""
        if self._files is None or not isinstance(answer, Capture):
            return ()
        if answer.verdict == GOOD and answer.family == "release":
            return linked_from(answer, self._log, self.site)
        return self._files.linked.get(page, ()) if self._again else self._files.owed([page])

    def _bring(self, files: Iterable[str]) -> Iterator[Capture | Failure]:
        for file in files:
            asked = file in self._answers
            answer = self.page(file)
            yield answer
            if not asked and isinstance(answer, Capture) and answer.truncated == "length":
                limit = self._manners.limit("file")
                yield self._writer.failure(
                    file, TOO_BIG, f"{file} is longer than the {limit:,} bytes that a file may have; not kept"
                )
