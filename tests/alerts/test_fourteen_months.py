"""Fourteen months of the press room, day by day: exactly these messages and no other.

Every evening what stands on the site is read, loaded and told. The pages come from the press room without
its server and are read by the real extractor; what changed is the content hash's word.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from alerts import Means, Rules, deliver
from extractors import Release, read
from pressroom import JST, Record, packaged
from pressroom.site import Site
from pressroom.timeline import Timeline
from sources.urls import page_name
from tests.alerts.newsroom import Newsroom, Page, Receiver, rules_for
from warehouse.content import content_hash
from warehouse.migrate import migrate

GOLDEN = Path(__file__).parent / "golden" / "fourteen-months.txt"
MINISTRY = "https://www.env.go.jp"
FIRST = datetime(2025, 5, 1, 18, 30, tzinfo=JST)
LAST = datetime(2026, 6, 30, 18, 30, tzinfo=JST)
DAYS = (LAST - FIRST).days + 1
EDITS = {"name": "edits", "where": "true", "on": ["corrected", "changed", "withdrawn", "restored"]}


@dataclass(frozen=True, slots=True)
class Printed(Page):
    """A page of the press room, whose address need not follow from its id."""

    address: str = ""

    @property
    def url(self) -> str:
        """Its address at the Ministry."""
        return self.address


@dataclass(slots=True)
class Reader:
    """Looks at every address once a day and says what became of it since."""

    timeline: Timeline = field(default_factory=lambda: Timeline(packaged()))
    seen: dict[str, object] = field(default_factory=dict)
    held: dict[str, tuple[str, Printed]] = field(default_factory=dict)

    def day(self, now: datetime) -> Iterator[Page]:
        """The versions that this day makes."""
        for path in sorted({record.path for record in packaged() if record.path}):
            state = self.timeline.at_path(path, now)
            # As a site that answers 304: what did not move is not read again.
            if state is not None and self.seen.get(path) != (stamp := (state.modified, state.status)):
                self.seen[path] = stamp
                yield from self._version(path, now)

    def _version(self, path: str, now: datetime) -> Iterator[Page]:
        answer = Site(self.timeline).page(path, now)
        before = self.held.get(path)
        if answer.status != 200:
            if before is not None:
                self.held[path] = ("", before[1])
                yield before[1].edited("withdrawn")
            return
        release = read(answer.body, url=MINISTRY + path, fetched_at=now)
        assert isinstance(release, Release), release
        made, text = printed(release), content_hash(release)
        self.held[path] = (text, made)
        if before is None or before[1].release_id != made.release_id:
            yield made
        elif before[0] != text:
            yield made.edited("changed" if before[0] else "restored")


def printed(release: Release) -> Printed:
    """What alerts look at in a release that was read."""
    read_fields = asdict(release)
    known = {one.name: read_fields[one.name] for one in fields(Page) if one.name in read_fields}
    return Printed(identity(release.published_on, release.url), address=release.url, **known)


def identity(day: date, url: str) -> str:
    """The release's id: the day it prints and the name of its page."""
    return f"{day:%Y%m%d}-{page_name(url)}"


def translations() -> list[tuple[str, str, str]]:
    """The pairs that the data files mark, as the warehouse notes them."""
    ids = {record.path: identity(record.day, MINISTRY + record.path) for record in packaged() if record.path}
    return [
        (ids[record.path], ids[str(record.expect["translation_of"])], "translation")
        for record in packaged()
        if "translation_of" in record.expect
    ]


def rules() -> Rules:
    """The default rule, and one for whoever wants to hear of every edit and every page that went away."""
    default, edits = rules_for(), rules_for(EDITS)
    return replace(default, rules=(*default.rules, *edits.rules))


@dataclass(slots=True)
class Year:
    """The archive, its reader, and the messages with the evening each came on."""

    room: Newsroom
    receiver: Receiver
    reader: Reader = field(default_factory=Reader)
    told: list[tuple[date, dict[str, Any]]] = field(default_factory=list)

    def live(self) -> None:
        """All days, one after the other."""
        days = iter([FIRST + timedelta(days=day) for day in range(DAYS)])
        while now := self._until_news(days):
            self._tell(now)

    def _until_news(self, days: Iterator[datetime]) -> datetime | None:
        """Load day after day, as far as there is something to tell; None once there is no day left.

        The last day is told as well: a delivery that nothing called for must send nothing.
        """
        now = None
        with duckdb.connect(self.room.archive) as db:
            db.execute("SET TimeZone = 'UTC'")
            # What is asked here is tiny: sharing it among threads takes longer than doing it.
            db.execute("SET threads = 1")
            migrate(db)
            self.room.db = db
            # One transaction for a silent stretch: a commit a day is most of the time this takes.
            db.execute("BEGIN")
            for now in days:
                if self.room.daily(*self.reader.day(now), at=now.astimezone(UTC)).raised:
                    break
            db.execute("COMMIT")
        return now

    def _tell(self, now: datetime) -> None:
        environ = {"MOEJ_CHANNEL_HOOK": self.receiver.url, "MOEJ_CHANNEL_HOOK_KEY": "k"}
        means = Means(environ=environ, random=lambda: 0.5)
        after = now.astimezone(UTC) + timedelta(hours=1)
        deliver(self.room.archive, self.room.state, self.room.rules, clock=lambda: after, means=means)
        new = self.receiver.got[len(self.told) :]
        self.told += [(now.date(), json.loads(body)) for _, body in new]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The fourteen months, lived once."""
    with Receiver().listening() as receiver:
        room = Newsroom(tmp_path_factory.mktemp("year"), rules(), duplicates=translations())
        lived = Year(room, receiver)
        lived.live()
        yield lived


def in_words(year: Year) -> str:
    """Every message as it was read, under the day it came and what it answers."""
    parts = [
        f"======== {day} {told['type']} (in reply to: {told['in_reply_to'] or '-'})\n{told['text']}"
        for day, told in year.told
    ]
    return "\n".join(parts)


def test_fourteen_months_give_exactly_the_approved_messages(year: Year) -> None:
    """The messages of 426 evenings equal the golden file; a missing one is written and has to be read."""
    text = in_words(year)
    if not GOLDEN.exists():
        GOLDEN.write_text(text, encoding="utf-8")
        pytest.fail("written now: read it, then run again")
    assert text == GOLDEN.read_text(encoding="utf-8")


def announced(record: Record) -> bool:
    """Whether a careful reader would call it news about the JCM, out while we looked but not at first."""
    return FIRST < record.published_at <= LAST and record.expect.get("role") == "subject"


def test_each_announcement_is_told_once_and_nothing_else(year: Year) -> None:
    """What the data files label as about the JCM is told once, on its first evening, and nothing else is."""
    told = [
        (day, release)
        for day, message in year.told
        for one in message["releases"]
        if one["change"] == "created" and "jcm" in one["rules"]
        for release in (one["release_id"], *(other["release_id"] for other in one["also"]))
    ]
    due = [
        (evening(record.published_at), identity(record.day, MINISTRY + record.path))
        for record in packaged()
        if announced(record)
    ]
    assert sorted(told) == sorted(due)


def evening(out: datetime) -> date:
    """The first evening on which what came out then is seen."""
    return out.date() + timedelta(days=out.timetz() > FIRST.timetz())


def test_no_message_came_twice(year: Year) -> None:
    """Every request to the reader's server had a key of its own, and every evening was looked at."""
    assert len(set(year.receiver.keys)) == len(year.receiver.keys) > 0
    assert len(year.room.runs) == DAYS
