import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from web import Limits
from web.sql import worker
from web.sql.ask import ask

REFUSED = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "FROM '/etc/*.csv'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('https://example.invalid/x.parquet')",
    "SELECT * FROM read_json('s3://bucket/x.json')",
    "SELECT * FROM read_ndjson_objects('/proc/self/environ')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM parquet_metadata('/tmp/x.parquet')",
    "SELECT * FROM sqlite_scan('/tmp/x.sqlite', 't')",
    "COPY releases TO '/tmp/moej-out.csv'",
    "COPY (SELECT 1) TO '/tmp/moej-out.parquet'",
    "COPY releases FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/moej-out'",
    "IMPORT DATABASE '/tmp/moej-out'",
    "ATTACH '/tmp/moej-other.duckdb' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH archive",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "INSTALL '/tmp/evil.duckdb_extension'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET memory_limit",
    "SET GLOBAL threads = 64",
    "PRAGMA enable_profiling",
    "PRAGMA threads = 64",
    "CALL pragma_version()",
    "CREATE TABLE x (i INTEGER)",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE SECRET s (TYPE s3)",
    "DROP TABLE release_versions",
    "DELETE FROM release_versions",
    "UPDATE release_versions SET title = 'x'",
    "INSERT INTO meta VALUES ('a', 'b')",
    "BEGIN",
    "CHECKPOINT",
    "VACUUM",
    "PREPARE p AS SELECT 1",
    "SET VARIABLE x = (SELECT 1)",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY (SELECT 1) TO '/tmp/moej-out.csv'",
    "SELECT query('COPY (SELECT 1) TO ''/tmp/moej-out.csv''')",
    "FROM query('DELETE FROM archive.meta')",
    "SELECT * FROM query_table('/etc/passwd')",
    "SELECT getenv('HOME')",
    "",
    "-- nothing",
    "x\x00y",
)
BOUNDED = (
    "SELECT count(*) FROM range(1000000000000)",
    "SELECT count(*) FROM releases a, releases b, releases c, releases d, releases e, releases f",
    "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r",
    "SELECT len(list_reduce(range(50000000), lambda a, b: a + b)::VARCHAR || repeat('x', 10))",
    "SELECT len(repeat('x', 4000000000))",
    "SELECT sum(len(repeat(title, 10000000))) FROM releases",
    "SELECT list(i) FROM range(2000000000) t(i)",
    "SELECT i, count(*) FROM range(5000000000) t(i) GROUP BY i",
    "SELECT i FROM range(3000000000) t(i) ORDER BY hash(i)",
    "SELECT list_transform(range(100000000), lambda x: list_transform(range(1000), lambda y: x * y))",
)


@pytest.fixture(scope="module")
def archive(data: object) -> str:
    """The file that is asked."""
    return f"{data}/archive.duckdb"


def test_a_query_is_answered(client: httpx.Client) -> None:
    """One SELECT gives columns and rows, on the page and as JSON."""
    query = (
        "SELECT lang, count(*) AS n, max(published_on) AS newest FROM releases GROUP BY lang ORDER BY lang"
    )
    found = client.get("/sql.json", params={"query": query}).json()
    assert found["columns"] == ["lang", "n", "newest"]
    assert found["rows"] == [["en", 1, "2025-04-04"], ["ja", 64, "2025-07-01"]]
    assert "<td>2025-04-04</td>" in client.get("/sql", params={"query": query}).text


def test_a_long_query_in_japanese_is_answered(client: httpx.Client) -> None:
    """A query of the full length in kanji goes into a body, as a form or as JSON; an address has no room."""
    by_address = client.get("/sql.json", params={"query": f"SELECT '{'環' * 1_900}'"})
    query = f"SELECT '{'環' * 7_900}' AS kanji"
    by_form = client.post("/sql.json", data={"query": query})
    by_json = client.post("/sql.json", json={"query": query})
    assert (by_address.status_code, by_form.status_code) == (414, 200)
    assert by_form.json() == by_json.json()
    assert by_form.json()["rows"] == [["環" * 7_900]]
    page = client.post("/sql", data={"query": query}).text
    assert f"<td>{'環' * 7_900}</td>" in page
    assert "Permanent link" not in page


def test_a_short_query_has_an_address(client: httpx.Client) -> None:
    """What the form gives can be linked to, and the link gives the same."""
    page = client.post("/sql", data={"query": "SELECT 6 * 7 AS n"}).text
    assert 'href="/sql?query=SELECT+6+%2A+7+AS+n"' in page
    assert client.get("/sql?query=SELECT+6+%2A+7+AS+n").text == page


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"query=SELECT 1", "text/plain", "expected application"),
        (b"query=SELECT 1", "multipart/form-data; boundary=x", "expected application"),
        (b"query=%ff", "application/x-www-form-urlencoded", "not what it says"),
        (b"\xff\xfe", "application/json", "not what it says"),
        (b"[" * 70_000, "application/json", "not what it says"),
        (b'["SELECT 1"]', "application/json", "expected a JSON object"),
        (b'{"query": 1}', "application/json", "expected a JSON object"),
        (b'{"query": "\\ud800"}', "application/json", "not a text"),
        (b"query=" + b"x" * 8_001, "application/x-www-form-urlencoded", "at most 8000"),
        (b"query=" + b"x" * 90_000, "application/x-www-form-urlencoded", "longer than"),
        (b"&".join([b"a=1"] * 50), "application/x-www-form-urlencoded", "not what it says"),
        (b"query=DELETE FROM release_versions", "application/x-www-form-urlencoded", "one SELECT"),
        (b"query=COPY releases TO '/tmp/moej-out.csv'", "application/x-www-form-urlencoded", "one SELECT"),
    ],
    ids=range(13),
)
def test_a_body_that_is_no_query_is_refused(
    client: httpx.Client, content: bytes, kind: str, said: str
) -> None:
    """Whatever is posted, it is answered as a query within the limits or refused with the reason."""
    answer = client.post("/sql.json", content=content, headers={"content-type": kind})
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_rows_are_cut(archive: str) -> None:
    """More rows than are given are cut, and said so."""
    found = ask(archive, "SELECT * FROM range(100000000)", Limits(sql_rows=10))
    assert (len(found["rows"]), found["cut"]) == (10, True)


def test_large_values_are_cut(archive: str) -> None:
    """Few rows of great size are cut as well."""
    found = ask(archive, "SELECT repeat('x', 100000) FROM range(1000)", Limits(sql_answer_bytes=1_000_000))
    assert (len(found["rows"]), found["cut"]) == (9, True)


def test_every_kind_of_value_has_a_json_form(archive: str) -> None:
    """NaN, large numbers, intervals, blobs and maps come through as JSON has them."""
    query = (
        "SELECT 'NaN'::DOUBLE, 2::HUGEINT ** 100, INTERVAL 1 DAY, 'a'::BLOB, MAP {'k': 1}, "
        "1.5::DECIMAL(4,2), {'a': [1, NULL]}, now() IS NOT NULL, TIMESTAMPTZ '2025-01-01 00:00:00+00'"
    )
    (row,) = ask(archive, query, Limits())["rows"]
    assert row[0] == "nan"
    assert row[4:8] == [{"k": 1}, "1.50", {"a": [1, None]}, True]


@pytest.mark.parametrize("query", REFUSED, ids=range(len(REFUSED)))
def test_hostile_sql_is_refused(archive: str, query: str) -> None:
    """What is no SELECT, or reaches for a file, the network or a setting, gives an error and nothing else."""
    task = {"path": archive, "query": query, "megabytes": 900, "rows": 10, "bytes": 100_000}
    answer = worker.run(task)
    assert list(answer) == ["error"]
    assert not list(Path("/tmp").glob("moej-o*"))  # noqa: S108 - where the queries wanted to write


@pytest.mark.parametrize("query", [REFUSED[0], REFUSED[12], "SELECT x FROM nowhere", ""])
def test_a_refusal_is_a_bad_request(client: httpx.Client, query: str) -> None:
    """A visitor is told what is wrong, with the status of a bad request."""
    answer = client.get("/sql.json", params={"query": query})
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)


@pytest.mark.parametrize("query", BOUNDED, ids=range(len(BOUNDED)))
def test_greedy_sql_is_bounded(archive: str, query: str) -> None:
    """What would take for ever or fill the memory is ended within the limits."""
    with pytest.raises(Exception, match=r"stopped|[Mm]emory|[Ll]imit|exceed|too large|[Oo]ut of"):
        ask(archive, query, Limits(sql_seconds=0.4, sql_megabytes=900))


@pytest.mark.parametrize(("name", "most"), [("RLIMIT_AS", 450_000 << 10), ("RLIMIT_CPU", 5)])
def test_a_lower_limit_of_the_system_holds(archive: str, name: str, most: int) -> None:
    """Under a limit lower than ours a query is answered within it; it is not raised."""
    task = {"path": archive, "query": "SELECT 42", "seconds": 9, "megabytes": 900, "rows": 9, "bytes": 99}
    named = f"""
import resource
from web.sql import worker
resource.setrlimit(resource.{name}, ({most}, {most}))
worker.main()
print("", *resource.getrlimit(resource.{name}))
"""
    done = subprocess.run(
        [sys.executable, "-c", named], input=json.dumps(task), capture_output=True, text=True, check=True
    )
    answer, *limits = done.stdout.rsplit(maxsplit=2)
    assert (json.loads(answer)["rows"], limits) == ([[42]], [str(most), str(most)])


def test_the_room_lives_on_after_greedy_sql(client: httpx.Client) -> None:
    """A query that is ended takes nothing with it."""
    assert client.get("/sql.json", params={"query": BOUNDED[0]}).status_code == 503
    assert client.get("/releases.json?limit=3").status_code == 200


def test_the_worker_brings_only_what_it_needs() -> None:
    """Every query starts a process: what it imports is waited for, so the rest of the program stays out."""
    named = (
        "import sys, web.sql.worker; print(*(one for one in ('warehouse', 'pyarrow') if one in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", named], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
