"""What the log holds already, as an import asks: the same page, time and digest is not written twice."""

from dataclasses import dataclass, field
from datetime import datetime

from sources.captures import Known
from sources.log import Log
from sources.saved import Saved
from sources.urls import Site


@dataclass(slots=True)
class Holdings:
    """What the log holds already, by page: each capture's time and digest, and the newest of them."""

    site: Site
    _held: dict[tuple[str, datetime, str], Known] = field(default_factory=dict)
    _newest: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    _at: dict[tuple[str, datetime], Known] = field(default_factory=dict)
    _there: dict[str, Known] = field(default_factory=dict)

    def fill(self, log: Log) -> None:
        """Read the indexes of the log."""
        for line in log.index():
            page = self.site.canonical(line.url)
            self.add(
                Known(page, line.digest, line.record_id, line.url, line.at, line.at),
                whole=line.kind != "revisit",
            )

    def add(self, known: Known, *, whole: bool, digest_there: str = "") -> None:
        """Remember one capture; `whole` if it holds its payload itself."""
        self._held[known.page, known.fetched_at, known.digest] = known
        newest = self._newest.get(known.page)
        if newest is None or newest[0] <= known.fetched_at:
            self._newest[known.page] = (known.fetched_at, known.digest)
        if whole:
            self._at[known.page, known.fetched_at] = known
            if digest_there:
                self._there[digest_there] = known

    def holds(self, page: str, at: datetime | None, digest: str) -> bool:
        """Whether a dated capture is here, or an undated one is what the newest capture of its page says."""
        if at is not None:
            return (page, at, digest) in self._held
        newest = self._newest.get(page)
        return newest is not None and newest[1] == digest

    def referred(self, saved: Saved) -> Known | None:
        """The capture with the payload that a revisit stands for."""
        if saved.refers is None:
            return None
        page, at = self.site.canonical(saved.refers.url), saved.refers.at
        found = self._at.get((page, at)) if at is not None else None
        return found or self._there.get(saved.refers.digest)
