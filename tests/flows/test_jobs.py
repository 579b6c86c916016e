"""The daily job, with plain steps, against the press room: what an archive must be after each kind of day."""

import gzip
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.errors import Stop
from flows import jobs, steps
from flows.jobs import Done, Steps
from flows.report import report_of
from flows.settings import Settings
from pressroom import JST, PressRoom, packaged
from sources import Log
from tests.flows.doomed import killed
from warehouse import digest, open_archive

DAY = date(2026, 6, 2)
NEXT_DAY = date(2026, 6, 3)


def evening(day: date) -> datetime:
    """When the daily run happens."""
    return datetime.combine(day, time(18, 30), JST)


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """The press room on its first evening."""
    with PressRoom(now=evening(DAY)) as room:
        yield room


@pytest.fixture
def on(room: PressRoom, tmp_path: Path) -> Callable[[date], Settings]:
    """Settings of a run on a day; the room's clock moves with them."""

    def settings(day: date) -> Settings:
        room.now = evening(day)
        return Settings(data=tmp_path / "data", site=room.url, pause=0, now=evening(day), workers=1)

    return settings


def run(settings: Settings) -> Done:
    """One daily run with plain steps."""
    return jobs.daily(settings, Steps())


def rows(settings: Settings, query: str, *parameters: object) -> list[tuple[object, ...]]:
    """The answer of the published archive."""
    with open_archive(settings.archive) as archive:
        return archive.sql(query, parameters).fetchall()


def versions(settings: Settings) -> int:
    """How many versions the archive holds."""
    return int(str(rows(settings, "SELECT count(*) FROM release_versions")[0][0]))


def test_every_listed_release_is_loaded(on: Callable[[date], Settings]) -> None:
    """After a first run the releases are exactly the press pages that the lists name."""
    settings = on(DAY)
    run(settings)
    listed = rows(settings, "SELECT DISTINCT page FROM listings WHERE family = 'release' ORDER BY page")
    assert len(listed) >= 10
    assert rows(settings, "SELECT url FROM releases ORDER BY url") == listed


def test_the_ledger_adds_up(on: Callable[[date], Settings]) -> None:
    """Every page of the ledger has one end, and the ends sum to what was listed."""
    settings = on(DAY)
    done = run(settings)
    counts = report_of(settings.archive, done.run_id).counts()
    ends = (
        "created",
        "changed",
        "withdrawn",
        "restored",
        "unchanged",
        "quarantined",
        "failed",
        "not_fetched",
    )
    assert counts["listed"] > 0
    assert counts["listed"] == sum(counts[end] for end in ends)


def test_the_same_day_again_changes_nothing_and_asks_conditionally(
    on: Callable[[date], Settings], room: PressRoom
) -> None:
    """A second run makes no version, and every page it asks for answers 304."""
    settings = on(DAY)
    run(settings)
    before, asked = versions(settings), len(room.requests)
    run(settings)
    again = room.requests[asked:]
    assert versions(settings) == before
    assert again
    assert {seen.status for seen in again} == {304}


def test_a_revised_page_is_one_new_version(on: Callable[[date], Settings], room: PressRoom) -> None:
    """An edited sentence gives one version more, of kind changed, and the old text stays reachable."""
    run(on(DAY))
    room.revise("press_04455", ("二分の一", "三分の一"))
    settings = on(NEXT_DAY)
    before = versions(settings)
    run(settings)
    query = (
        "SELECT version, change FROM release_versions WHERE release_id = '20260515-press_04455' ORDER BY 1"
    )
    assert rows(settings, query) == [(1, "created"), (2, "changed")]
    old = rows(
        settings,
        "SELECT contains(body, '二分の一') FROM releases_as_of(?) WHERE release_id = '20260515-press_04455'",
        evening(DAY),
    )
    assert old == [(True,)]
    assert versions(settings) >= before + 1


def test_changed_markup_is_no_new_version(on: Callable[[date], Settings], room: PressRoom) -> None:
    """A page whose markup changed but not its content is fetched and gives no version."""
    settings = on(DAY)
    run(settings)
    before = versions(settings)
    room.cosmetic("press_04455")
    done = run(settings)
    assert versions(settings) == before
    query = "SELECT verdict, outcome FROM ledger WHERE run_id = ? AND page LIKE '%press_04455.html'"
    assert rows(settings, query, done.run_id) == [("good", "unchanged")]


def test_another_release_at_a_known_address_is_a_new_release(
    on: Callable[[date], Settings], room: PressRoom
) -> None:
    """Title, date and content differ: a second release at the same URL, and the first one is still there."""
    settings = on(DAY)
    run(settings)
    other = next(record for record in packaged() if record.path.endswith("press_05028.html"))
    room.replace("press_05011", replace(other, path="/press/press_05011.html"))
    settings = on(date(2026, 6, 5))
    run(settings)
    found = rows(settings, "SELECT release_id, withdrawn_at FROM releases WHERE url LIKE '%press_05011.html'")
    assert len(found) == 2
    assert {withdrawn for _, withdrawn in found} == {None}


def test_a_rebuild_gives_the_same_archive(on: Callable[[date], Settings], room: PressRoom) -> None:
    """From the log alone, after the database was deleted, come the same versions, duplicates and ledger."""
    run(on(DAY))
    room.revise("press_04455", ("二分の一", "三分の一"))
    settings = on(NEXT_DAY)
    run(settings)
    grown = digest_of(settings)
    (settings.data / "archive.duckdb").unlink()
    steps.rebuild(settings)
    assert digest_of(settings) == grown


def digest_of(settings: Settings) -> str:
    """The one value over the archive's contents."""
    with open_archive(settings.archive) as archive:
        return digest(archive.db)


def test_every_version_leads_to_its_bytes(on: Callable[[date], Settings]) -> None:
    """The capture of a version names a place in the log whose payload is the page it was read from."""
    settings = on(DAY)
    run(settings)
    log = Log(settings.log)
    with open_archive(settings.archive) as archive:
        for capture_id, title in archive.sql("SELECT capture_id, title FROM release_versions").fetchall():
            assert title in log.payload(*archive.place(capture_id)).decode("utf-8")


def test_other_programs_read_the_log(on: Callable[[date], Settings]) -> None:
    """Sealed files are whole gzip streams, and warcio finds every digest right."""
    settings = on(DAY)
    run(settings)
    files = sorted(settings.log.rglob("*.warc.gz"))
    assert files
    for path in files:
        with gzip.open(path) as whole:
            assert whole.read(16).startswith(b"WARC/1.1")
            while whole.read(1 << 20):
                pass
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                record.content_stream().read()


def test_a_reader_keeps_its_state_and_never_blocks_a_run(
    on: Callable[[date], Settings], room: PressRoom
) -> None:
    """A process that holds the file open sees the old state to the end; a new reader sees the new one."""
    settings = on(DAY)
    run(settings)
    holder = (
        "import duckdb, sys\n"
        "con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "ask = lambda: print(con.sql('SELECT count(*) FROM release_versions').fetchone()[0], flush=True)\n"
        "ask(); sys.stdin.readline(); ask()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(settings.archive)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        before = int(reader.stdout.readline())
        room.revise("press_04455", ("二分の一", "三分の一"))
        run(settings)
        after, _ = reader.communicate("\n")
    assert (before, int(after)) == (before, before)
    assert versions(settings) == before + 1


def diseased(room: PressRoom, disease: str) -> None:
    """Give the index one of the diseases that must end a run."""
    if disease == "unreachable":
        room.close()
    else:
        room.fault("/press/", disease, times=10)


@pytest.mark.parametrize("disease", ["unreachable", "empty", "unknown-markup"])
def test_a_site_without_a_usable_index_stops_the_run(
    on: Callable[[date], Settings], room: PressRoom, disease: str
) -> None:
    """The run ends with one line, and the archive is the same file, byte for byte."""
    settings = on(DAY)
    run(settings)
    before = (settings.data / "archive.duckdb").read_bytes()
    diseased(room, disease)
    with pytest.raises(Stop) as stopped:
        run(settings)
    assert "\n" not in str(stopped.value)
    assert (settings.data / "archive.duckdb").read_bytes() == before


SAID = "SELECT release_id, version, change, valid_from, content_hash FROM release_versions ORDER BY ALL"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """The versions after a first day on which nothing was killed."""
    with PressRoom(now=evening(DAY)) as room:
        data = tmp_path_factory.mktemp("whole") / "data"
        settings = Settings(data=data, site=room.url, pause=0, now=evening(DAY), workers=1)
        run(settings)
        return rows(settings, SAID)


@pytest.mark.parametrize(
    "point", ["page-fetched:3", "append-write:12", "warehouse.placed:1", "warehouse.synced:1"]
)
def test_a_killed_run_is_healed_by_the_next(
    on: Callable[[date], Settings], whole: list[tuple[object, ...]], point: str
) -> None:
    """After kill -9 in the middle and one more run, the archive says what it says without the kill."""
    settings = on(DAY)
    assert killed(point, jobs.daily, settings, Steps()) == -signal.SIGKILL
    run(settings)
    assert rows(settings, SAID) == whole


def test_nothing_whole_on_disk_is_fetched_twice_after_a_kill(
    on: Callable[[date], Settings], room: PressRoom
) -> None:
    """The run after a killed one asks for each page that the killed one brought home not at all."""
    settings = on(DAY)
    assert killed("page-fetched:9", jobs.daily, settings, Steps()) == -signal.SIGKILL
    first = {seen.path for seen in room.requests if "press_" in seen.path}
    asked = len(room.requests)
    run(settings)
    second = {seen.path for seen in room.requests[asked:] if "press_" in seen.path}
    assert first
    assert second
    assert first & second == set()


def test_duckdb_opens_the_published_file_alone(on: Callable[[date], Settings]) -> None:
    """There is no WAL beside the archive, and a plain connection reads it."""
    settings = on(DAY)
    run(settings)
    assert [path.name for path in settings.data.glob("archive.duckdb*")] == ["archive.duckdb"]
    with duckdb.connect(str(settings.archive), read_only=True) as db:
        assert db.execute("SELECT count(*) > 0 FROM jcm_announcements").fetchone() == (True,)
