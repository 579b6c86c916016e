"""Search finds what `contains` finds, ranks titles and rare words first, and keeps up with the versions."""

import json
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse import searchable
from tests.warehouse.backends import Backend, current
from tests.warehouse.rows import empty_archive, insert, release
from warehouse import search
from warehouse.search import grams
from warehouse.search.query import parse

QUERIES = tomllib.loads((Path(__file__).parent / "search_queries.toml").read_text(encoding="utf-8"))["query"]


def found(con: duckdb.DuckDBPyConnection, typed: str, most: int = 100) -> list[str]:
    """Ids in the order of the Python search."""
    return [hit.release_id for hit in search.search(con, typed, most)]


def found_by_macro(con: duckdb.DuckDBPyConnection, typed: str) -> list[str]:
    """Ids in the order of the macro, as any client would ask it."""
    return [row[0] for row in con.execute("SELECT release_id FROM search_releases(?)", [typed]).fetchall()]


def read_from(plan: dict[str, Any], table: str) -> int:
    """How many rows the scans of a table gave, in a plan that was run."""
    mine = plan.get("extra_info", {}).get("Table", "").split(".")[-1] == table
    below = sum(read_from(child, table) for child in plan["children"])
    return below + (plan["operator_cardinality"] if mine else 0)


def fill(con: duckdb.DuckDBPyConnection, *rows: dict[str, Any]) -> None:
    """Write releases and index them."""
    search.update(con, insert(con, rows))


@pytest.fixture(scope="module", params=["words", "grams"])
def archive(backend: Backend, request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    """The two dozen releases, indexed; once with grams that were gathered after the first twelve."""
    with empty_archive(backend) as con:
        con.execute("INSERT INTO attachment_texts VALUES (?, ?, ?)", searchable.ATTACHMENT_TEXT)
        fill(con, *searchable.RELEASES[:12])
        if request.param == "grams":
            grams.gather(con, frequent=1)
        fill(con, *searchable.RELEASES[12:])
        yield con


@pytest.fixture
def fresh(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """An archive without rows."""
    with empty_archive(backend) as con:
        yield con


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["typed"])
def test_a_labelled_query_finds_what_contains_finds(
    archive: duckdb.DuckDBPyConnection, query: dict[str, Any]
) -> None:
    """Python, SQL and a look into every line give the labels."""
    typed = query["typed"]
    labelled = set(query["finds"])
    rows = found(archive, typed)
    assert {row.rsplit("_", 1)[1] for row in rows} == labelled
    assert set(rows) == searchable.expected(parse(typed))
    assert found_by_macro(archive, typed) == rows


@pytest.fixture(scope="module", params=["words", "grams"])
def jumble(
    backend: Backend, request: pytest.FixtureRequest
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]]]:
    """Seventy releases whose texts are drawn from the parts, so that any two stand side by side."""
    draw = random.Random(4)  # noqa: S311 - the same texts each time
    texts = ["".join(draw.choices(searchable.TEXT_PARTS, k=draw.randint(0, 6))) for _ in range(70)]
    rows = [
        release(f"202501{1 + number % 30:02}-press_{number}", title=text[:4] or "x", body=text)
        for number, text in enumerate(texts)
    ]
    with empty_archive(backend) as con:
        fill(con, *rows[:40])
        if request.param == "grams":
            grams.gather(con, frequent=20)
        fill(con, *rows[40:])
        yield con, rows


def assert_exact(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], typed: str) -> None:
    """Index, macro and a look into every line agree."""
    in_python = found(con, typed)
    assert set(in_python) == searchable.expected(parse(typed), rows)
    assert found_by_macro(con, typed) == in_python


@pytest.mark.file_only("thirty random queries take long on a lake, where the macro answers one below")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.lists(
        st.sampled_from([*searchable.TEXT_PARTS, '"', " OR ", "title:", " -"]), min_size=1, max_size=6
    ).map("".join)
)
def test_any_query_finds_what_contains_finds(
    jumble: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]], typed: str
) -> None:
    """Whatever is typed, index, macro and a look into every line agree."""
    assert_exact(*jumble, typed)


@pytest.mark.parametrize(
    "typed",
    ["".join(searchable.TEXT_PARTS[:2]), f"{searchable.TEXT_PARTS[0]} OR {searchable.TEXT_PARTS[-1]}"],
)
def test_a_query_finds_what_contains_finds(
    jumble: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]], typed: str
) -> None:
    """The same for two queries, on either back end."""
    assert_exact(*jumble, typed)


def test_the_title_goes_before_the_body(archive: duckdb.DuckDBPyConnection) -> None:
    """Releases that name the word in the title come first, newest first within both groups."""
    rows = found(archive, "クレジット")
    titled = [row for row in searchable.RELEASES if "クレジット" in row["title"]]
    newest = sorted((row["release_id"] for row in titled), reverse=True)
    assert rows[: len(newest)] == newest


def test_the_rare_word_goes_before_the_common_one(fresh: duckdb.DuckDBPyConnection) -> None:
    """Where each title holds one of the words, the one with the rarer word comes first."""
    common = [release(f"2025020{day}-press_{day}", title="環境の日", body="登録簿") for day in range(1, 6)]
    rare = release("20250101-press_9", title="登録簿の話", body="環境")
    fill(fresh, *common, rare)
    assert found(fresh, "環境 登録簿")[0] == rare["release_id"]


def test_among_alternatives_the_rare_word_goes_first(fresh: duckdb.DuckDBPyConnection) -> None:
    """With OR and no hit in a title, the rare word comes before the common one in newer releases."""
    common = [release(f"2025020{day}-press_{day}", title="題", body="環境") for day in range(1, 6)]
    rare = release("20250101-press_9", title="題", body="登録簿")
    fill(fresh, *common, rare)
    assert found(fresh, "環境 OR 登録簿")[0] == rare["release_id"]


def test_a_phrase_is_found_beyond_the_first_fifty_that_may_hold_it(fresh: duckdb.DuckDBPyConnection) -> None:
    """The statement looks on where the head of the ranking has the words of a phrase, but not the phrase."""
    days = [f"2025{1 + number // 28:02}{1 + number % 28:02}" for number in range(60)]
    apart = [release(f"{day}-press_{day}", body="発行の手続について") for day in days]
    fill(fresh, *apart, release("20240101-press_99", body="発行について"))
    sql = "SELECT release_id FROM search_releases('発行について', most := 20)"
    assert fresh.execute(sql).fetchall() == [("20240101-press_99",)]


@pytest.fixture(scope="module")
def many() -> Iterator[duckdb.DuckDBPyConnection]:
    """Some hundred releases with the same few words, so that what is looked at first is never all."""
    draw = random.Random(6)  # noqa: S311 - the same texts each time
    with empty_archive() as con:
        texts = [
            "".join(draw.choices(["取り", "取る", "組む", "組み", "\n", "発行", "の"], k=5))
            for _ in range(300)
        ]
        fill(
            con,
            *(
                release(f"202501{1 + number % 30:02}-press_{number}", title=text[:4] or "x", body=text)
                for number, text in enumerate(texts)
            ),
        )
        yield con


@pytest.mark.file_only("random queries take long on a lake")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.sampled_from(["取り組", "取る組", "発行の", "発行", "組みの", "title:取る", "の"]),
        min_size=2,
        max_size=4,
        unique=True,
    ),
    rest=st.sampled_from(["", " 組む", " -取る", " 取り OR 取る", " from:2025-01-10"]),
    most=st.sampled_from([1, 20, 60]),
)
def test_the_first_of_many_alternatives_are_the_first_of_all(
    many: duckdb.DuckDBPyConnection, words: list[str], rest: str, most: int
) -> None:
    """Though no more texts are read than need be, the first hits are those that all hits begin with."""
    typed = " OR ".join(words) + rest
    sql = f"SELECT release_id FROM search_releases(?, most := {most})"  # noqa: S608 - a number of ours
    first = [row[0] for row in many.execute(sql, [typed]).fetchall()]
    assert first == found_by_macro(many, typed)[:most]


def test_alternatives_read_few_texts(fresh: duckdb.DuckDBPyConnection) -> None:
    """Where the first documents hold all that they may hold, no other text is looked into."""
    lines = 60_000
    fresh.execute(
        "INSERT INTO search_documents (doc, release_id, published_on, folded_title) "
        "SELECT i, 'release ' || i, DATE '2025-01-01' + CAST(i // 100 AS INTEGER), '題' FROM range(?) t(i)",
        [lines],
    )
    fresh.execute(
        "INSERT INTO search_texts SELECT i, FALSE, 'お知らせ環境', NULL FROM range(?) t(i)", [lines]
    )
    for word in (" 知 ", " らせ ", " 環境 "):
        fresh.execute(
            "INSERT INTO search_words SELECT $1, FALSE, $2, list(i) FROM range($2) t(i)", [word, lines]
        )
    sql = "SELECT release_id FROM search_releases('お知らせ OR 環境', most := 20)"
    plan = json.loads(fresh.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").fetchall()[0][1])
    assert read_from(plan, "search_texts") < lines / 4


def test_grams_answer_for_the_words_they_stand_in(fresh: duckdb.DuckDBPyConnection) -> None:
    """A gram as frequent as what is asked for gives the documents, those added later included."""
    fill(fresh, release("20250101-press_1", body="二国間クレジット"))
    grams.gather(fresh, frequent=1)
    fill(fresh, release("20250102-press_2", body="クレジット"))
    fresh.execute("UPDATE search_words SET docs = []")
    assert found_by_macro(fresh, "クレジット") == ["20250102-press_2", "20250101-press_1"]
    assert found_by_macro(fresh, "二国間クレジット") == ["20250101-press_1"]


def test_an_archive_without_grams_gathers_them_once(
    fresh: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next load after the migration looks for them, the one after that does not."""
    fill(fresh, *searchable.RELEASES[:12])
    monkeypatch.setattr(grams, "GATHER_FROM", 1)
    assert grams.due(fresh)
    fill(fresh, searchable.RELEASES[12])
    assert not grams.due(fresh)


def test_a_large_archive_is_asked_by_the_statement(
    archive: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Python leaves the ranking to the statement, the hits are the same, page by page."""
    typed = [query["typed"] for query in QUERIES[::6]]
    small = [search.search(archive, one, 3, skip=2) for one in typed]
    monkeypatch.setattr(search, "LARGE", 0)
    assert [search.search(archive, one, 3, skip=2) for one in typed] == small


def test_a_word_is_found_without_reading_the_texts(fresh: duckdb.DuckDBPyConnection) -> None:
    """In a large archive the statement looks texts up for documents, not documents for all texts."""
    lines = 60_000
    fresh.execute(
        "INSERT INTO search_documents (doc, release_id, published_on, folded_title) "
        "SELECT i, 'release ' || i, DATE '2025-01-01', '題' FROM range(?) t(i)",
        [lines],
    )
    fresh.execute("INSERT INTO search_texts SELECT i, FALSE, '環境', NULL FROM range(?) t(i)", [lines])
    fresh.execute("INSERT INTO search_words VALUES (' 環境 ', FALSE, 1, [7])")
    sql = "EXPLAIN (ANALYZE, FORMAT JSON) SELECT release_id FROM search_releases('環境', most := 20)"
    plan = json.loads(fresh.execute(sql).fetchall()[0][1])
    assert found_by_macro(fresh, "環境") == ["release 7"]
    assert read_from(plan, "search_texts") < lines / 4


def test_a_page_of_results_continues_the_one_before(archive: duckdb.DuckDBPyConnection) -> None:
    """`skip` gives the places after those already shown."""
    every = found(archive, "の")
    parts = [search.search(archive, "の", 7, skip=skip) for skip in (0, 7, 14)]
    assert [hit.release_id for part in parts for hit in part] == every[:21]


def test_a_correction_is_found_and_what_it_replaced_is_not(fresh: duckdb.DuckDBPyConnection) -> None:
    """After a new version only its own words find the release."""
    fill(fresh, release("20250101-press_1", body="数値は42トン"))
    fresh.execute("UPDATE release_versions SET body = '数値は24トン'")
    search.update(fresh, ["20250101-press_1"])
    assert found(fresh, "42トン") == []
    assert found(fresh, "24トン") == ["20250101-press_1"]
    assert found_by_macro(fresh, "数値") == ["20250101-press_1"]


def test_an_alternative_of_a_replaced_text_finds_nothing(
    fresh: duckdb.DuckDBPyConnection,
) -> None:
    """The other alternative is found all the same."""
    fill(fresh, release("20250101-press_1", title="題", body="登録簿"))
    fill(fresh, release("20250102-press_2", title="題", body="環境"))
    fresh.execute("UPDATE release_versions SET body = '別の話' WHERE release_id = '20250101-press_1'")
    search.update(fresh, ["20250101-press_1"])
    assert found(fresh, "登録簿 OR 環境") == found_by_macro(fresh, "登録簿 OR 環境") == ["20250102-press_2"]


def test_a_release_that_is_gone_is_not_found(fresh: duckdb.DuckDBPyConnection) -> None:
    """A release without a current version is taken out, and a later one cannot inherit its words."""
    fill(fresh, release("20250101-press_1", body="二国間"))
    fresh.execute("DELETE FROM release_versions")
    search.update(fresh, ["20250101-press_1"])
    fill(fresh, release("20250102-press_2", body="別の話"))
    assert found(fresh, "二国間") == found_by_macro(fresh, "二国間") == []


def test_an_update_touches_no_other_release(archive: duckdb.DuckDBPyConnection) -> None:
    """Indexing one release again leaves the rows of every other as they are."""
    one = searchable.RELEASES[3]["release_id"]
    others = "SELECT * FROM search_documents WHERE release_id <> ? ORDER BY doc"
    before = archive.execute(others, [one]).fetchall()
    search.update(archive, [one])
    assert archive.execute(others, [one]).fetchall() == before


def test_merging_changes_no_answer(fresh: duckdb.DuckDBPyConnection) -> None:
    """After the word rows were merged every query finds the same, and each word stands in one row."""
    for start in range(0, 24, 8):
        fill(fresh, *searchable.RELEASES[start : start + 8])
    some = QUERIES[:: 4 if current().name == "file" else 12]
    before = [found(fresh, query["typed"]) for query in some]
    search.merge(fresh)
    assert [found(fresh, query["typed"]) for query in some] == before
    twice = "SELECT word, in_title FROM search_words GROUP BY ALL HAVING count(*) > 1"
    assert fresh.execute(twice).fetchall() == []


def test_another_unicode_folds_everything_again(fresh: duckdb.DuckDBPyConnection) -> None:
    """An index folded by another Unicode is made anew as a whole."""
    fill(fresh, release("20250101-press_1", body="二国間"), release("20250102-press_2", body="二国間"))
    fresh.execute("UPDATE search_state SET unicode = '1.0'")
    fresh.execute("UPDATE search_texts SET text = 'old folding'")
    search.update(fresh, ["20250101-press_1"])
    assert found(fresh, "二国間の") == []
    assert len(found(fresh, "国")) == 2
    assert fresh.execute("SELECT count(*) FROM search_texts WHERE text = 'old folding'").fetchall() == [(0,)]


def test_the_snippet_shows_the_words_as_printed(archive: duckdb.DuckDBPyConnection) -> None:
    """The hit is marked in the text as printed, though width and case differ from what was typed."""
    (hit,) = search.search(archive, "jcm 公募 設備")
    assert ("hit", "ＪＣＭ設備") in hit.snippet
    assert "".join(text for _, text in hit.title_parts) == hit.title


def test_nothing_typed_finds_nothing(archive: duckdb.DuckDBPyConnection) -> None:
    """Blanks and quotes alone are no query."""
    assert found(archive, ' "" ') == found_by_macro(archive, ' "" ') == []
