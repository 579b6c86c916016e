"""The commands on a lake: each says what it says of a file with the same raw archive."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from flows import jobs
from flows.jobs import Steps
from flows.settings import Settings
from pressroom import JST, PressRoom
from tests.cli.conftest import PAGE, URL, moej
from tests.sources.importing import warc
from warehouse import open_archive

EVENING = datetime.combine(date(2026, 6, 2), time(18, 30), JST)
NOW = (EVENING + timedelta(days=2)).isoformat()
Both = Callable[..., tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Twins:
    """A data folder with a file, one with the same raw archive whose tables are on a lake, and the lake."""

    file: Path
    lake: Path
    warehouse: str
    release_id: str
    edited: str


def in_database(postgres: str, name: str) -> str:
    """A MOEJ_WAREHOUSE in a database of its own, which is made.

    Its name is new: a worker that takes over some of these tests from another makes it twice.
    """
    name = f"{name}_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    return f"ducklake:postgres:{postgres.replace('dbname=postgres', f'dbname={name}')}"


@pytest.fixture(scope="module")
def twins(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """Two days of runs with a release edited between them, loaded into a file, and rebuilt into a lake."""
    folder = tmp_path_factory.mktemp("twins")
    with PressRoom(now=EVENING) as room:
        for day in range(2):
            room.now = EVENING + timedelta(days=day)
            jobs.daily(
                Settings(data=folder / "file", site=room.url, pause=0, now=room.now, workers=1), Steps()
            )
            if not day:
                room.revise("press_04455", ("二分の一", "三分の一"))
    shutil.copytree(folder / "file", folder / "lake", ignore=shutil.ignore_patterns("archive.duckdb"))
    warehouse = in_database(postgres, "of_commands")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOEJ_WAREHOUSE", warehouse)
        assert moej("--data", str(folder / "lake"), "rebuild") == 0
    with open_archive(folder / "file" / "archive.duckdb") as archive:
        some = archive.rows("SELECT release_id FROM releases WHERE versions = 1 LIMIT 1")[0]["release_id"]
        edited = archive.resolve("press_04455")
    return Twins(folder / "file", folder / "lake", warehouse, some, edited)


@pytest.fixture
def both(twins: Twins, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Both:
    """What a command prints of the file and of the lake."""

    def answer(*arguments: str) -> tuple[str, str]:
        said = []
        for data, warehouse in ((twins.file, None), (twins.lake, twins.warehouse)):
            if warehouse:
                monkeypatch.setenv("MOEJ_WAREHOUSE", warehouse)
            capsys.readouterr()
            assert moej("--data", str(data), "--now", NOW, *arguments) == 0
            said.append(capsys.readouterr().out)
        return said[0], said[1]

    return answer


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "環境", "--json"],
        ["search", "環境", "--as-of", "2026-06-02", "--json"],
        ["show", "RELEASE"],
        ["show", "RELEASE", "--explain", "--json"],
        ["history", "EDITED", "--json"],
        ["diff", "EDITED"],
        ["sql", "FROM releases ORDER BY release_id", "--json"],
        [
            "sql",
            "SELECT title FROM releases_as_of(TIMESTAMPTZ '2026-06-02 23:00:00+09') ORDER BY ALL",
        ],
        ["sql", "SELECT * FROM ledger ORDER BY ALL", "--json"],
        ["sql", "SELECT release_id FROM search_releases('環境 -協定') ORDER BY ALL"],
        ["runs"],
        ["runs", "--json"],
        ["digest"],
        ["verify", "--json"],
        ["alerts", "list", "--json"],
    ],
    ids=lambda words: " ".join(words[:2]) + (" …" if words[2:] else ""),
)
def test_a_command_says_of_a_lake_what_it_says_of_a_file(
    arguments: list[str], twins: Twins, both: Both
) -> None:
    """Word for word."""
    named = {"RELEASE": twins.release_id, "EDITED": twins.edited}
    of_file, of_lake = both(*(named.get(word, word) for word in arguments))
    assert of_file.strip()
    assert of_lake == of_file


def test_the_status_of_a_lake(both: Both) -> None:
    """All but the size, which is that of the live Parquet files."""
    of_file, of_lake = (json.loads(said) for said in both("status", "--json"))
    assert of_lake.pop("bytes") > 0
    of_file.pop("bytes")
    assert of_lake == of_file
    assert of_lake["releases"] > 1


def test_an_export_of_a_lake_is_that_of_a_file(
    tmp_path: Path, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same lines in every file, in whatever order."""
    for data, warehouse in ((twins.file, None), (twins.lake, twins.warehouse)):
        if warehouse:
            monkeypatch.setenv("MOEJ_WAREHOUSE", warehouse)
        to = str(tmp_path / data.name)
        assert moej("--data", str(data), "--now", NOW, "export", to, "--format", "csv") == 0
    written = {path.relative_to(tmp_path / "file"): path for path in (tmp_path / "file").rglob("*.*")}
    assert len(written) > 3
    for name, path in written.items():
        of_lake = (tmp_path / "lake" / name).read_text()
        assert sorted(of_lake.splitlines()) == sorted(path.read_text().splitlines()), name


def test_a_chart_is_drawn_of_a_lake(tmp_path: Path, twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same specification as of a file."""
    drawn = []
    for data, warehouse in ((twins.file, None), (twins.lake, twins.warehouse)):
        if warehouse:
            monkeypatch.setenv("MOEJ_WAREHOUSE", warehouse)
        to = tmp_path / f"{data.name}.json"
        assert moej("--data", str(data), "--now", NOW, "chart", "jcm", "--out", str(to)) == 0
        drawn.append(json.loads(to.read_text()))
    assert drawn[0] == drawn[1]


def test_saved_pages_are_imported_into_a_lake(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """HTML, the same page edited, WARC, a page that is none; a file of the raw archive says the same."""
    data = ("--data", str(tmp_path / "data"))
    monkeypatch.setenv("MOEJ_WAREHOUSE", in_database(postgres, "of_imports"))
    for text in ("結果は良好でした。", "結果を改めました。"):
        (tmp_path / "page.html").write_text(PAGE.format(title="湖沼の水質調査の結果について", text=text))
        assert moej(*data, "import", str(tmp_path / "page.html"), "--url", URL) == 0
    page = PAGE.format(title="川の水質調査の結果について", text="結果は良好でした。").encode()
    record: dict[str, object] = {
        "url": URL.replace("09001", "09002"),
        "body": page,
        "date": "2026-02-05T03:04:05Z",
    }
    saved = warc(tmp_path / "a.warc.gz", [record])
    assert moej(*data, "import", str(saved)) == 0
    (tmp_path / "none.html").write_text("<html><body><p>Nothing to see here at all.</p></body></html>")
    assert moej(*data, "import", str(tmp_path / "none.html"), "--url", URL.replace("09001", "09003")) == 3
    assert not (tmp_path / "data" / "archive.duckdb").exists()
    capsys.readouterr()
    assert moej(*data, "history", "press_09001", "--json") == 0
    assert [one["change"] for one in json.loads(capsys.readouterr().out)] == ["created", "changed"]
    assert moej(*data, "search", "川の水質", "--json") == 0
    assert [one["release_id"] for one in json.loads(capsys.readouterr().out)] == ["20260203-press_09002"]
    assert moej(*data, "sql", "SELECT count(*) AS n FROM quarantine", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [{"n": 1}]
    assert moej(*data, "digest") == 0
    of_lake = capsys.readouterr().out
    monkeypatch.delenv("MOEJ_WAREHOUSE")
    assert moej(*data, "rebuild") == 0
    capsys.readouterr()
    assert moej(*data, "digest") == 0
    assert capsys.readouterr().out == of_lake
