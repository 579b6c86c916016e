"""Pages that show one thing only, or repeat it: settled at once, to the same marks as by the timeline."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import duckdb
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.conftest import Memory, new_archive
from tests.warehouse.model import CONTENTS, address, payload
from tests.warehouse.world import SITE, START, File, MemoryLog, Run, page, text
from warehouse import load as loading
from warehouse.memory import Relieve
from warehouse.places import Plan, Texts, plan

DAY = timedelta(days=1)
PAGES = 40
SHOWN = ["again"] * 8 + ["same bytes"] * 3 + [*CONTENTS, "gone", "gone", "junk", "blocked", ""]
MARKS = "SELECT * FROM captures ORDER BY ALL"
VERSIONS = "SELECT * FROM release_versions ORDER BY ALL"


def begin_none(db: DuckDBPyConnection, _relieve: Relieve, *, extractor_version: str) -> list[str]:
    """Leave all pages to the timeline."""
    assert extractor_version
    rows = db.execute("SELECT DISTINCT page_name FROM affected ORDER BY ALL").fetchall()
    return [name for (name,) in rows]


def played(memory: Memory, seed: int, *, in_order: bool) -> None:
    """Six runs in which most pages show what they showed, now and then at another page of their name."""
    chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    last = ["A0"] * (PAGES + 1)
    for step in range(6):
        one = Run(memory.log)
        for number in range(1, PAGES + 1):
            _respond(one, number, chance, last, START + _hours(chance, step, in_order=in_order))
            if chance.randrange(8) == 0:
                one.get(address(number, "own"), chance.choice([b"x", b"y"]), at=START + 41 * step * DAY / 24)
        one.seal()


def _hours(chance: Random, step: int, *, in_order: bool) -> timedelta:
    return timedelta(hours=41 * step + chance.randrange(20 if in_order else 100))


def _respond(one: Run, number: int, chance: Random, last: list[str], at: datetime) -> None:
    what = chance.choice(SHOWN) if one.number > 1 else chance.choice(list(CONTENTS))
    url = page(number) if chance.randrange(6) else f"{SITE}/press/press_{number:05d}.html?lang=ja"
    if what == "again":
        one.same(url, payload(last[number], number), at=at)
    elif what == "gone":
        one.gone(url, at=at)
    elif what in {"junk", "blocked"}:
        one.get(url, b"<html>", verdict="good" if what == "junk" else what, at=at)
    elif what:
        last[number] = what if what in CONTENTS else last[number]
        one.get(url, payload(last[number], number), at=at)


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    """An empty archive for all examples."""
    return new_archive()


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), in_order=st.booleans(), files=st.sampled_from([1, 2, 6]))
def test_settled_at_once_or_by_the_timeline_it_is_the_same(
    database: duckdb.DuckDBPyConnection, seed: int, files: int, *, in_order: bool
) -> None:
    """Every column of every capture and version, load by load or all at once, in order and out of order."""
    memory = Memory(database)
    memory.clear()
    played(memory, seed, in_order=in_order)
    said = []
    for at_once in (True, False):
        memory.forget()
        with pytest.MonkeyPatch.context() as patch:
            if not at_once:
                patch.setattr(loading, "settle", lambda *_: None)
                patch.setattr(loading, "begin", begin_none)
            for limit in range(files, len(memory.log.files) + 1, files):
                memory.log.limit = limit
                memory.load()
        said.append((memory.ask(MARKS), memory.ask(VERSIONS)))
    assert said[0] == said[1]


def test_a_repeat_from_before_a_file_was_replaced_belongs_to_the_version_then(memory: Memory) -> None:
    """The page was seen on day 3, loaded after the file of day 5: its version is the first."""
    one = Run(memory.log)
    one.get(page(), payload("A0", 1))
    one.get(address(1, "own"), b"first")
    one.seal()
    memory.load()
    one = Run(memory.log, at=START + 5 * DAY)
    one.get(address(1, "own"), b"second")
    one.seal()
    memory.load()
    one = Run(memory.log, at=START + 3 * DAY, kind="import")
    one.same(page(), payload("A0", 1))
    one.seal()
    memory.load()
    query = "SELECT version, outcome FROM captures WHERE family = 'release' ORDER BY fetched_at"
    assert memory.ask(query) == [(1, "loaded"), (1, "unchanged")]


def test_a_day_without_news_asks_the_timeline_nothing(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pages are new or repeat, so none is played; one that does not is played alone."""
    asked: list[list[str]] = []

    def noted(db: DuckDBPyConnection, names: Sequence[str], *, texts: Texts) -> Plan:
        asked.append(list(names))
        return plan(db, names, texts=texts)

    for day in range(3):
        one = Run(memory.log, at=START + day * DAY)
        for number in range(1, 5):
            body = text(body="改めた。" if (day, number) == (2, 3) else "本文である。")
            one.same(page(number), body) if day == 1 else one.get(page(number), body)
        one.seal()
        with monkeypatch.context() as patch:
            patch.setattr(loading, "plan", noted)
            memory.load()
    assert asked == [["press_00003"]]
    assert memory.ask("SELECT outcome, count(*) FROM captures GROUP BY ALL ORDER BY ALL") == [
        ("loaded", 5),
        ("unchanged", 7),
    ]


def test_the_same_at_another_address_of_its_page_becomes_an_alias(memory: Memory) -> None:
    """It repeats the content, but not the address, so it is left to the timeline and to the aliases."""
    other = f"{page()}?lang=ja"
    for day, url in enumerate((page(), other)):
        one = Run(memory.log, at=START + day * DAY)
        one.get(url, text())
        one.seal()
        memory.load()
    assert memory.ask("SELECT other_id FROM duplicates WHERE kind = 'alias'") == [(other,)]


def test_pages_that_show_something_else_are_compared_at_once(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the texts of seven pages the raw archive is looked through as often as for that of one."""
    listed: list[int] = []
    sealed = MemoryLog.sealed

    def noted(log: MemoryLog) -> tuple[File, ...]:
        listed[-1] += 1
        return sealed(log)

    monkeypatch.setattr(MemoryLog, "sealed", noted)
    for pages in (1, 7):
        memory.clear()
        for day, content in enumerate(("A0", "B0")):
            one = Run(memory.log, at=START + day * DAY)
            for number in range(pages):
                one.get(page(number), payload(content, number))
            one.seal()
            listed.append(0)
            memory.load()
        assert memory.ask("SELECT count(*) FROM releases") == [(2 * pages,)]
    assert listed[0] < listed[1] == listed[3]


def test_a_known_page_that_was_saved_before_is_no_new_page(memory: Memory) -> None:
    """All that was ever seen of it is one content, but its release is known: that begins earlier now."""
    for at in (START + DAY, START):
        one = Run(memory.log, at=at, kind="import")
        one.get(page(), text())
        one.seal()
        memory.load()
    assert memory.ask("SELECT version, valid_from FROM release_versions") == [(1, START)]
