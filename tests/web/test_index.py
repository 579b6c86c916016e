"""The index in memory finds what the one in the file finds, in the same order and with the same lines."""

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse import searchable
from tests.warehouse.rows import empty_archive, insert, release
from warehouse import search
from web.asked import Asked
from web.bounded import Desk
from web.index import Texts
from web.lines import DOCS, Lines
from web.memo import Memo
from web.query.finding import hits
from web.room import Room

QUERIES = tomllib.loads(
    (Path(__file__).parents[1] / "warehouse" / "search_queries.toml").read_text(encoding="utf-8")
)["query"]
PARTS = [*searchable.TEXT_PARTS, "2026年6月", "令和8年"]


def asked(con: duckdb.DuckDBPyConnection) -> Asked:
    """A request to this archive, the first to it."""
    return Asked(Room(Path()), Desk(con, 60), {}, {}, "ja", Memo(), "")


@pytest.fixture(scope="module")
def archive() -> Iterator[Asked]:
    """Jumbled texts and labelled ones; some changed and some gone, so that words name what is no more."""
    draw = random.Random(11)  # noqa: S311 - the same texts each time
    texts = ["".join(draw.choices(PARTS, k=draw.randint(0, 9))) for _ in range(150)]
    rows = [
        release(f"202501{1 + number % 30:02}-press_{number}", title=text[:5] or "x", body=text)
        for number, text in enumerate(texts)
    ]
    with empty_archive() as con:
        con.execute("INSERT INTO attachment_texts VALUES (?, ?, ?)", searchable.ATTACHMENT_TEXT)
        search.update(con, insert(con, [*rows, *searchable.RELEASES]))
        con.execute("UPDATE release_versions SET body = 'JCM の発行\n取り組み' WHERE release_id LIKE '%_1_'")
        con.execute("DELETE FROM release_versions WHERE release_id LIKE '%_2_'")
        search.update(con, [row["release_id"] for row in rows if row["release_id"][-2] in "12"])
        yield asked(con)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.one_of(
        st.sampled_from([query["typed"] for query in QUERIES]),
        st.lists(
            st.sampled_from([*PARTS, '"', " OR ", "title:", " -", "lang:ja "]),
            min_size=1,
            max_size=6,
        ).map("".join),
    ),
    limit=st.sampled_from([1, 3, 26, 300]),
    skip=st.sampled_from([0, 2]),
)
def test_memory_and_file_give_the_same(archive: Asked, typed: str, limit: int, skip: int) -> None:
    """Whatever is typed, the hits, their order and the pieces shown are those of the search in SQL."""
    in_memory = hits(archive, typed, limit=limit, skip=skip)
    assert in_memory == search.search(archive.desk.db, typed, limit, skip=skip)


def test_a_large_archive_is_asked_in_sql(archive: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """From so many documents on nothing is kept in memory, and the same is found."""
    monkeypatch.setattr("web.index.LARGE", 10)
    large = asked(archive.desk.db)
    assert hits(large, "JCM 発行", limit=26, skip=0) == hits(archive, "JCM 発行", limit=26, skip=0)
    assert large.memo.held == {"index": None}


def test_an_archive_without_releases_finds_nothing() -> None:
    """An index of nothing is no error."""
    with empty_archive() as con:
        assert hits(asked(con), "クレジット", limit=26, skip=0) == ()


@given(st.lists(st.text("ab. ", max_size=6), max_size=20), st.text("ab. ", min_size=1, max_size=3))
def test_texts_hold_what_each_of_them_holds(texts: list[str], part: str) -> None:
    """Joined to one string the texts hold a part exactly where each does, never across two of them."""
    found = Texts.of(texts).holding(part).tolist()
    assert found == [place for place, text in enumerate(texts) if part in text]


def test_lines_make_room_for_each_other(archive: Asked) -> None:
    """A block is read once while there is room, and again once another took its room; both give the same."""
    read: list[int] = []

    def table(sql: str, bound: dict[str, int]) -> pa.Table:
        read.append(bound["first"])
        return archive.desk.table(sql, bound)

    roomy, narrow = Lines(10**9), Lines(1)
    for _ in range(2):
        whole = roomy.best([3, 5, DOCS + 1], ["jcm"], table)
    assert read == [0, DOCS]
    for _ in range(2):
        assert narrow.best([3, 5, DOCS + 1], ["jcm"], table) == whole
    assert read == [0, DOCS, 0, DOCS, 0, DOCS]
