"""A search at a past moment finds what the search of that day would have found."""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.errors import Usage
from tests.warehouse import searchable
from tests.warehouse.backends import Backend
from tests.warehouse.rows import FIRST, empty_archive, history, insert, release
from warehouse import search
from warehouse.search import search_at, years_at
from warehouse.search.query import parse

QUERIES = tomllib.loads((Path(__file__).parent / "search_queries.toml").read_text(encoding="utf-8"))["query"]
LATER = FIRST + timedelta(days=2)
URL = "https://www.env.go.jp/content/000000001.pdf"


def fill(con: duckdb.DuckDBPyConnection, *rows: dict[str, Any]) -> None:
    """Write versions and index the current ones."""
    search.update(con, insert(con, rows))


@pytest.fixture(scope="module")
def archive(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """The two dozen releases; every other one was emptied a day later, and one more came."""
    with empty_archive(backend) as con:
        con.execute("INSERT INTO attachment_texts VALUES (?, ?, ?)", searchable.ATTACHMENT_TEXT)
        emptied: dict[str, Any] = {
            "title": "題",
            "body": "",
            "facts": (),
            "contacts": (),
            "attachments": (),
            "categories": (),
        }
        emptied |= {"countries": (), "jcm_countries": (), "jcm_kind": None, "lang": "en"}
        for place, row in enumerate(searchable.RELEASES):
            changes = place % 2 and row["release_id"] != searchable.ATTACHMENT_TEXT[0]
            fill(con, *(history(row, row | emptied) if changes else [row]))
        fill(con, release("20250630-press_99", title="JCM 環境の", body="発行", valid_from=LATER))
        yield con


@pytest.fixture
def fresh(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """An archive without rows."""
    with empty_archive(backend) as con:
        yield con


@pytest.mark.file_only("a lake answers some of the same queries below, each in half a second")
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["typed"])
def test_a_query_finds_what_was_there_then(archive: duckdb.DuckDBPyConnection, query: dict[str, Any]) -> None:
    """Words, phrases, -minus, OR, title: and every filter mean at a past moment what they mean today."""
    hits = search_at(archive, query["typed"], FIRST, 100)
    assert {hit.release_id.rsplit("_", 1)[1] for hit in hits} == set(query["finds"])
    assert {hit.version for hit in hits} <= {1}


@pytest.mark.parametrize("typed", ["JCM", "の", "title:環境", "-公募", "lang:en", "発行 OR 題"])
def test_the_last_moment_is_now(archive: duckdb.DuckDBPyConnection, typed: str) -> None:
    """After the last change all is found as without a moment; alternatives may stand in another order."""
    then, now = search_at(archive, typed, LATER, 100), search.search(archive, typed, 100)
    assert len(now) > 1
    assert set(then) == set(now)
    assert then == now or parse(typed).has_choice


def test_pages_of_a_past_moment_join(archive: duckdb.DuckDBPyConnection) -> None:
    """`skip` goes on where the page before ended, whether releases changed since or not."""
    every = search_at(archive, "の", FIRST, 100)
    assert sum((search_at(archive, "の", FIRST, 5, skip=skip) for skip in (0, 5, 10, 15)), ()) == every[:20]


def test_titles_go_first_whether_replaced_or_not(fresh: duckdb.DuckDBPyConnection) -> None:
    """A title that was changed since ranks where it ranked then."""
    old = release("20250102-press_2", title="登録簿", body="旧")
    fill(fresh, *history(old, old | {"title": "題"}))
    fill(fresh, release("20250103-press_3", body="登録簿"), release("20250101-press_1", title="登録簿"))
    found = [hit.release_id for hit in search_at(fresh, "登録簿", FIRST)]
    assert found == ["20250102-press_2", "20250101-press_1", "20250103-press_3"]


def test_a_hit_shows_the_words_of_then(fresh: duckdb.DuckDBPyConnection) -> None:
    """Title and line are those of the version that held, as printed, with what was found marked."""
    old = release("20250101-press_1", title="ＪＣＭの公募", body="はじめに\n数値は４２トン")
    fill(fresh, *history(old, old | {"title": "公募", "body": "数値は24トン"}))
    (hit,) = search_at(fresh, "jcm 42トン", FIRST)
    assert hit.title_parts == (("hit", "ＪＣＭ"), ("plain", "の公募"))
    assert hit.snippet == (("plain", "数値は"), ("hit", "４２トン"))
    assert search_at(fresh, "24トン", FIRST) == ()


def test_a_file_is_searched_as_it_was(fresh: duckdb.DuckDBPyConnection) -> None:
    """A version is found by the file behind its link then, not by the one that took its place."""
    attachments = [{"title": "一覧", "url": f"{URL}?old=1", "media_type": None, "size_label": None}]
    row = release("20250101-press_1", attachments=attachments)
    fill(fresh, *history(row, row | {"change": "attachment"}))
    for number, text in enumerate(["発行量 9206トン", "発行量 9260トン"]):
        fresh.execute(
            "INSERT INTO captures (page, family, verdict, digest, fetched_at, sequence, warc_offset) "
            "VALUES (?, 'file', 'good', ?, ?, ?, 0)",
            [URL, f"sha256:{number}", FIRST + timedelta(days=number), number],
        )
        fresh.execute(
            "INSERT INTO documents (digest, pages, text) VALUES (?, 1, ?)", [f"sha256:{number}", text]
        )
    assert [hit.version for hit in search_at(fresh, "9206トン", FIRST)] == [1]
    assert search_at(fresh, "9260トン", FIRST) == ()


def test_the_years_of_a_past_moment_are_counted(archive: duckdb.DuckDBPyConnection) -> None:
    """Every release that is found then counts in its year."""
    hits = search_at(archive, "の", FIRST, 100)
    assert years_at(archive, "の", FIRST) == {2025: len(hits)}


def test_nothing_typed_finds_nothing_then(archive: duckdb.DuckDBPyConnection) -> None:
    """As today; and a value that no release can have is refused as today."""
    assert search_at(archive, ' "" ', FIRST) == ()
    with pytest.raises(Usage, match="no kind"):
        search_at(archive, "kind:nonsense", FIRST)
