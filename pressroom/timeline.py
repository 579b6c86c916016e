"""What stands on the site at a moment: records and events folded up to the clock, nothing remembered.

The state is a pure function of (records, events, now), so moving the clock alone plays a story, and
moving it back un-plays it.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pressroom.records import Event, Record, revised

OK, NOT_FOUND = 200, 404
_SECOND = timedelta(seconds=1)
_Key = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class State:
    """One release at a moment: its text by then, its coat of markup, and whether it is still there.

    `modified` is when its page last changed, `relisted` when the lists last had to.
    """

    record: Record
    modified: datetime
    relisted: datetime
    coat: int = 0
    status: int = OK
    listed: bool = True

    def after(self, event: Event) -> "State":
        """The state once `event` has happened; `modified` always moves, by a second at least."""
        # Two events in one second would share a Last-Modified, and a client that asks by date alone
        # would be told 304 for bytes it does not have.
        changed = self._changed(event)
        moved = max(event.at, self.modified + _SECOND)
        same_line = (changed.record.title, changed.listed) == (self.record.title, self.listed)
        return replace(changed, modified=moved, relisted=self.relisted if same_line else moved)

    def _changed(self, event: Event) -> "State":
        if event.kind == "revise":
            return replace(self, record=revised(self.record, event.replace, event.note))
        if event.kind == "cosmetic":
            return replace(self, coat=self.coat + 1)
        if event.kind == "withdraw":
            return replace(self, status=event.status, listed=event.listed)
        if event.kind == "restore":
            return replace(self, status=OK, listed=True)
        raise ValueError(
            f"event {event.kind!r} of {self.record.path}; known: revise, cosmetic, withdraw, restore"
        )


class Timeline:
    """All records with their events, answering for any moment.

    Two records of one path are one URL used twice: the later takes it over on its day.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self._by_path: defaultdict[str, list[Record]] = defaultdict(list)
        self._by_month: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
        self._files: dict[str, datetime] = {}
        self._added: defaultdict[_Key, list[Event]] = defaultdict(list)
        self.end: datetime | None = None
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """One more release; its own `published_at` says when it appears."""
        for path in (record.path, *record.aliases) if record.path else ():
            insort(self._by_path[path], record, key=_published)
        insort(self._by_month[record.lang, record.month], record, key=_published)
        for href in (*(one.href for one in record.attachments), record.elsewhere):
            self._files[href] = min(self._files.get(href, record.published_at), record.published_at)
        last = max((record.published_at, *(event.at for event in record.story)))
        self.end = max(self.end or last, last)

    def happen(self, record: Record, event: Event) -> None:
        """An event that somebody makes now, beside those of the data."""
        insort(self._added[_key(record)], event, key=_at)

    def state_of(self, record: Record, now: datetime) -> State:
        """The release as it is at `now`."""
        state = State(record, record.published_at, record.published_at)
        for event in sorted((*record.story, *self._added.get(_key(record), ())), key=_at):
            if event.at <= now:
                state = state.after(event)
        return state

    def at_path(self, path: str, now: datetime) -> State | None:
        """The release that holds the address at `now`; nothing if none has appeared there yet."""
        records = self._by_path.get(path, [])
        count = bisect_right(records, now, key=_published)
        return self.state_of(records[count - 1], now) if count else None

    def month(self, lang: str, month: str, now: datetime) -> list[State]:
        """The releases of one month (`202606`) that are out by `now`, oldest first, withdrawn ones too."""
        records = self._by_month.get((lang, month), [])
        return [
            self.state_of(record, now) for record in records[: bisect_right(records, now, key=_published)]
        ]

    def months(self, lang: str, now: datetime) -> list[str]:
        """The months with at least one release out by `now`, oldest first."""
        groups = self._by_month.items()
        return sorted(
            month for (tongue, month), group in groups if tongue == lang and _published(group[0]) <= now
        )

    def file_since(self, path: str) -> datetime | None:
        """When the attachment at `path` came; nothing if no release has it."""
        return self._files.get(path)

    def paths(self) -> list[str]:
        """Every address of a release, aliases included."""
        return sorted(self._by_path)


def _published(record: Record) -> datetime:
    return record.published_at


def _at(event: Event) -> datetime:
    return event.at


def _key(record: Record) -> _Key:
    return (record.path or record.elsewhere, record.published_at)
