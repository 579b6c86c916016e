"""The releases and versions of one page, from everything that was ever seen there. Pure.

Input are the observations of all addresses that share a page name, in any order of arrival; output is what
would have come out had they arrived in the order of their time. So late captures, replays and rebuilds
agree.

    read      the page showed a release
    gone      the page answered 404 or 410
    replaced  a file that pages link to came with other bytes than before

Twice gone, a day apart or more (`CONFIRM_GONE`) and nothing read in between, makes `withdrawn`, from the
second on. Whatever is read after that makes `restored`. A page that shows an older release continues it; a
release whose page was taken over by another one is not withdrawn, since nobody withdrew it. A file that was
replaced makes `attachment` of every release that links to it and is not withdrawn; what the page says stays
as it was.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from extractors.errors import Skip
from warehouse.identity import Face, bar, may_differ

# A daily job may start some minutes earlier than yesterday's: that is a day apart all the same.
CONFIRM_GONE: Final = timedelta(hours=23)

Likeness = Callable[[str, str], float]
"""How alike the texts of two readings are, by their reading ids, from 0 to 1."""


class Unread(Skip):
    """A text that has to be compared is not at hand: the page is left until it is."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One capture that says something of the page. `arrival` orders captures as the archive learnt them.

    `links` are the addresses of the files that the page links to.
    """

    capture_id: str
    page: str
    fetched_at: datetime
    arrival: tuple[int, int]
    content_hash: str | None = None
    face: Face | None = None
    links: frozenset[str] = frozenset()

    @property
    def gone(self) -> bool:
        """Whether the page was not there."""
        return self.content_hash is None


@dataclass(frozen=True, slots=True)
class Replaced:
    """A capture of the file `url` that brought other bytes than the one before it."""

    capture_id: str
    url: str
    fetched_at: datetime
    arrival: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Version:
    """One version; every field but `valid_to` and `versions` stays what it was when the version began.

    What it says is the reading `reading_id` of `page`; `capture_id` is the capture that began it.
    """

    number: int
    change: str
    capture_id: str
    reading_id: str
    page: str
    content_hash: str
    valid_from: datetime
    first_seen_at: datetime
    changed_at: datetime | None
    withdrawn_at: datetime | None
    valid_to: datetime | None = None
    versions: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One release and its versions, oldest first."""

    release_id: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a capture came to: the release, the version that held after it, the change it caused.

    `withdrawn` says whether the release counted as withdrawn after it.
    """

    release_id: str
    version: int
    change: str | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """All releases of a page name, and a mark for each observation that concerns one."""

    lines: tuple[Line, ...]
    marks: dict[str, Mark]


@dataclass(slots=True)
class _Release:
    """A release while its observations are being played."""

    versions: list[Version] = field(default_factory=list)
    first: Observation | None = None
    last: Observation | None = None
    gone_since: datetime | None = None
    hashes: set[str] = field(default_factory=set)

    @property
    def withdrawn(self) -> bool:
        return self.versions[-1].change == "withdrawn"


def timeline(
    page_name: str,
    observations: Iterable[Observation],
    *,
    likeness: Likeness,
    replaced: Iterable[Replaced] = (),
) -> Timeline:
    """Play the observations in order of time and give what they come to.

    `replaced` may speak of any file; only those that a release links to at that time concern it.
    """
    releases: list[_Release] = []
    shown: dict[str, _Release] = {}
    played: list[tuple[_Release, Callable[[str], Mark], str]] = []
    events: list[Observation | Replaced] = [*observations, *replaced]
    for seen in sorted(events, key=lambda one: (one.fetched_at, one.arrival)):
        if isinstance(seen, Replaced):
            _replace(releases, seen)
            continue
        found = _play(releases, shown, seen, likeness=likeness)
        if found is None:
            continue
        release, change = found
        mark = partial(Mark, version=len(release.versions), change=change, withdrawn=release.withdrawn)
        played.append((release, mark, seen.capture_id))
    names = _names(page_name, releases)
    return Timeline(
        lines=tuple(Line(names[id(one)], _closed(one.versions)) for one in releases),
        marks={capture: mark(names[id(release)]) for release, mark, capture in played},
    )


def _play(
    releases: list[_Release], shown: dict[str, _Release], seen: Observation, *, likeness: Likeness
) -> tuple[_Release, str | None] | None:
    """The release that an observation of the page concerns, if any, and the change it makes of it."""
    if seen.gone:
        known = shown.get(seen.page)
        return None if known is None else (known, _miss(known, seen))
    release = _find(releases, seen, likeness=likeness)
    shown[seen.page] = release
    return release, _take(release, seen)


def _replace(releases: Iterable[_Release], seen: Replaced) -> None:
    """Begin a version, with the text it had, of every release that links to the file now."""
    for release in releases:
        if release.last is None or seen.url not in release.last.links or release.withdrawn:
            continue
        before = release.versions[-1]
        release.versions.append(
            replace(
                before,
                number=before.number + 1,
                change="attachment",
                capture_id=seen.capture_id,
                valid_from=seen.fetched_at,
                changed_at=seen.fetched_at,
            )
        )


def _find(releases: list[_Release], seen: Observation, *, likeness: Likeness) -> _Release:
    """The release that is shown, most recently seen first; a new one if it is none of them."""
    recent = sorted(releases, key=_last_seen, reverse=True)
    for release in recent:
        if seen.content_hash in release.hashes:
            return release
    for release in recent:
        if _same(_face(release.last), _face(seen), likeness=likeness):
            return release
    fresh = _Release()
    releases.append(fresh)
    return fresh


def _same(known: Face, shown: Face, *, likeness: Likeness) -> bool:
    if not may_differ(known, shown):
        return True
    return likeness(known.reading_id, shown.reading_id) >= bar(known.published_on, shown.published_on)


def _face(seen: Observation | None) -> Face:
    if seen is None or seen.face is None:
        raise ValueError("an observation that was read has title and date")
    return seen.face


def _last_seen(release: _Release) -> tuple[datetime, tuple[int, int]]:
    last = release.last
    if last is None:
        raise ValueError("a release begins with an observation")
    return (last.fetched_at, last.arrival)


def _take(release: _Release, seen: Observation) -> str | None:
    """Note that the release was read; the change this is, if any."""
    release.gone_since = None
    release.last = seen
    if release.first is None or seen.arrival < release.first.arrival:
        release.first = seen
    content = seen.content_hash or ""
    release.hashes.add(content)
    change = _change(release, content)
    if change is not None:
        _append(release, seen, source=seen, change=change)
    return change


def _change(release: _Release, content: str) -> str | None:
    if not release.versions:
        return "created"
    if release.withdrawn:
        return "restored"
    return "changed" if release.versions[-1].content_hash != content else None


def _miss(release: _Release, seen: Observation) -> str | None:
    """Note that the page was gone; `withdrawn` if that confirms an earlier miss."""
    if release.gone_since is None:
        release.gone_since = seen.fetched_at
    if release.withdrawn or seen.fetched_at - release.gone_since < CONFIRM_GONE:
        return None
    _append(release, seen, source=release.last or seen, change="withdrawn")
    return "withdrawn"


def _append(release: _Release, seen: Observation, *, source: Observation, change: str) -> None:
    """Begin a version with `seen`; what it says is what `source` read."""
    before = release.versions[-1] if release.versions else None
    content = source.content_hash or ""
    edited = before is not None and before.content_hash != content
    release.versions.append(
        Version(
            number=len(release.versions) + 1,
            change=change,
            capture_id=seen.capture_id,
            reading_id=_face(source).reading_id,
            page=source.page,
            content_hash=content,
            valid_from=seen.fetched_at,
            first_seen_at=before.first_seen_at if before else seen.fetched_at,
            changed_at=seen.fetched_at if edited else before.changed_at if before else None,
            withdrawn_at=seen.fetched_at if change == "withdrawn" else None,
        )
    )


def _closed(versions: Sequence[Version]) -> tuple[Version, ...]:
    """Each version ends where the next begins."""
    if len(versions) == 1:
        return (versions[0],)
    ends = [*(version.valid_from for version in versions[1:]), None]
    return tuple(
        replace(version, valid_to=end, versions=len(versions))
        for version, end in zip(versions, ends, strict=True)
    )


def _names(page_name: str, releases: Sequence[_Release]) -> dict[int, str]:
    """Names from what arrived first, which no later arrival can change; a second of one day gets `-2`."""
    names: dict[int, str] = {}
    used: dict[date, int] = {}
    for release in sorted(releases, key=_arrival):
        day = _face(release.first).published_on
        used[day] = used.get(day, 0) + 1
        tail = f"-{used[day]}" if used[day] > 1 else ""
        names[id(release)] = f"{day:%Y%m%d}-{page_name}{tail}"
    return names


def _arrival(release: _Release) -> tuple[int, int]:
    if release.first is None:
        raise ValueError("a release begins with an observation")
    return release.first.arrival
