"""`moej import`: pages that somebody saved become part of the log, with the time and address they carry."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from extractors.errors import Skip, Usage
from sources.archives import ARCHIVE_NAMES, is_archive, read_archive
from sources.captures import Known, RunNote
from sources.failpoints import failpoint
from sources.holdings import Holdings
from sources.locks import Clock
from sources.log import MAX_BYTES, Log
from sources.payload import digest_of
from sources.saved import Saved
from sources.saved_files import PAGE_NAMES, read_page
from sources.urls import Site, family
from sources.warcfile import SAME_DIGEST, Fields, referring
from sources.writer import LogWriter, NewId

Progress = Callable[[int, int], None]
ZONES = timedelta(hours=14)
"""What a time without its zone may be wrong by. A capture from the future would be the newest for ever."""
KINDS = "WARC, WACZ, HAR, WET, HTML or text"
WRITTEN, HELD, FOREIGN, OTHER, UNNAMED, UNUSABLE = (
    "written",
    "held",
    "foreign",
    "other",
    "unnamed",
    "unusable",
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in counts by word, and `problems` in words for the person.

    `written` pages are new in the log, `held` ones were there already; `foreign` lie on another host and
    are refused; `other` are own but neither press page nor file; `unnamed` have no address; `unusable`
    are broken.
    """

    counts: Mapping[str, int]
    problems: tuple[str, ...]

    @property
    def written(self) -> int:
        """Pages that are new in the log."""
        return self.counts.get(WRITTEN, 0)


def import_paths(  # noqa: PLR0913 - what an import is given; the command fills it from its options
    paths: Iterable[Path],
    *,
    log: Log,
    note: RunNote,
    clock: Clock,
    new_id: NewId,
    url: str | None = None,
    at: datetime | None = None,
    progress: Progress | None = None,
    max_bytes: int = MAX_BYTES,
) -> Imported:
    """Copy saved pages into the log; nothing is asked of the site.

    `url` names the page of a single file that does not say it itself; `at` the time of files without one
    (else they count as taken now). What the log holds is left out: the same page, time and digest, or for
    undated files the newest capture of the page with the same bytes. `Usage` for what cannot be imported
    at all, before anything is written.
    """
    site = Site(note.site)
    files = _files(paths)
    _check(files, url, site)
    log.recover()
    holdings = Holdings(site)
    holdings.fill(log)
    counts: Counter[str] = Counter()
    problems: list[str] = []
    with log.writer(note, clock=clock, new_id=new_id, max_bytes=max_bytes) as writer:
        desk = _Desk(site, holdings, writer, clock, url, at)
        for number, (path, _) in enumerate(files, start=1):
            for saved in read_file(path):
                outcome, detail = desk.take(saved)
                counts[outcome] += 1
                problems += [detail] if detail else []
            if progress is not None:
                progress(number, len(files))
    return Imported(dict(counts), tuple(problems))


def read_file(path: Path) -> Iterator[Saved | Skip]:
    """The pages in a file of any kind; one that may not be read is a `Skip`: the others of a folder go on."""
    try:
        if is_archive(path):
            yield from read_archive(path)
        else:
            yield read_page(path)
    except OSError as error:
        yield Skip(f"{path.name} cannot be read: {error.strerror or error}")


@dataclass(slots=True)
class _Desk:
    """Takes one saved page after the other and decides what becomes of it."""

    site: Site
    holdings: Holdings
    writer: LogWriter
    clock: Clock
    url: str | None
    at: datetime | None

    def take(self, saved: Saved | Skip) -> tuple[str, str]:
        """What became of one saved page, and a line for the person where that needs one."""
        if isinstance(saved, Skip):
            return UNUSABLE, str(saved)
        url = self.url or saved.url
        if url is None:
            return UNNAMED, f"{saved.origin} does not say which page it is; import it alone with --url"
        if not self.site.owns(url):
            return FOREIGN, ""
        page = self.site.canonical(url)
        if self.url is None and family(page) == "other":
            return OTHER, ""
        return self._write(saved, url, page)

    def _write(self, saved: Saved, url: str, page: str) -> tuple[str, str]:
        referred = self.holdings.referred(saved) if saved.kind == "revisit" else None
        if saved.kind == "revisit" and referred is None:
            return UNUSABLE, f"{saved.origin}: a revisit of {url} whose payload is in no archive given so far"
        digest = referred.digest if referred else digest_of(saved.body)
        stated = saved.at or self.at
        if stated is not None and stated > self.clock() + ZONES:
            return (
                UNUSABLE,
                f"{saved.origin}: {url} is dated {stated:%Y-%m-%d %H:%M} UTC, which is still to come",
            )
        if self.holdings.holds(page, stated, digest):
            return HELD, ""
        held = self.writer.saved(
            saved.kind,
            url=_plain(url),
            at=stated or self.clock(),
            body=b"" if referred else saved.body,
            head=saved.head,
            media_type=saved.media_type,
            extra=_extra(saved, referred),
        )
        capture = held.capture
        known = Known(page, digest, capture.capture_id, capture.url, capture.fetched_at, capture.fetched_at)
        self.holdings.add(known, whole=referred is None, digest_there=saved.digest_there)
        failpoint("import-record")
        return WRITTEN, ""


def _extra(saved: Saved, referred: Known | None) -> Fields:
    """What else the record says: why it is cut, what it refers to, and the record it was copied from."""
    fields: Fields = referring(referred, SAME_DIGEST) if referred else []
    if saved.truncated:
        fields.append(("WARC-Truncated", saved.truncated))
    if saved.record_id:
        fields.append(("WARC-Moej-Copied-From", saved.record_id))
    return fields


def _files(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """The files to read, folders opened in the order of names; True for those that were named themselves."""
    files: list[tuple[Path, bool]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            files += [
                (each, False) for each in inside if each.name.lower().endswith(ARCHIVE_NAMES + PAGE_NAMES)
            ]
        elif path.exists():
            files.append((path, True))
        else:
            raise Usage(f"{path} does not exist; give {KINDS} files, or folders of them")
    if not files:
        raise Usage(f"nothing to import: found no {KINDS} file in what was given")
    return files


def _check(files: list[tuple[Path, bool]], url: str | None, site: Site) -> None:
    """Refuse at once what can only go wrong later."""
    if url is not None:
        if not site.owns(url):
            raise Usage(f"--url {url} is not an address of the Ministry; only its own pages are archived")
        if len(files) != 1 or is_archive(files[0][0]):
            raise Usage(
                f"--url names the page of one saved HTML or text file; found {len(files)} files or an archive"
            )
        return
    for path, named in files:
        if not named or is_archive(path):
            continue
        found = read_page(path)
        if isinstance(found, Saved) and found.url is None:
            raise Usage(f"{path} does not say which page it is; give its address with --url")


def _plain(url: str) -> str:
    """An address as a WARC field can hold it: one line, no blanks."""
    return "".join(url.split())
