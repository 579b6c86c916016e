"""The command as its users meet it: where options may stand, what exit codes mean, what is imported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.commands import COMMANDS
from cli.main import hoist
from tests.cli.conftest import PAGE, URL, moej


@pytest.mark.parametrize(
    ("given", "hoisted"),
    [
        (["run", "--site", "http://127.0.0.1:1"], ["--site", "http://127.0.0.1:1", "run"]),
        (["--data", "D", "status", "--json"], ["--data", "D", "--json", "status"]),
        (["status", "--data=D"], ["--data=D", "status"]),
        (["sql", "--", "--json"], ["sql", "--", "--json"]),
        (["status", "--data"], ["--data", "status"]),
    ],
)
def test_shared_options_stand_before_or_after_the_command(given: list[str], hoisted: list[str]) -> None:
    """Options that work everywhere are moved to the front; behind a bare -- nothing is touched."""
    assert hoist(given) == hoisted


def test_an_import_is_shown_with_its_fields(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was imported comes back as JSON under its page name."""
    capsys.readouterr()
    assert moej("--data", str(data), "show", "press_09001", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["release_id"] == "20260203-press_09001"
    assert shown["title"] == "湖沼の水質調査の結果について"


def test_an_edited_import_is_a_second_version(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same page with one sentence edited is version 2, of kind changed."""
    saved = tmp_path / "page.html"
    saved.write_text(
        PAGE.format(title="湖沼の水質調査の結果について", text="結果を改めました。"), encoding="utf-8"
    )
    assert moej("--data", str(data), "import", str(saved), "--url", URL) == 0
    capsys.readouterr()
    assert moej("--data", str(data), "history", "press_09001", "--json") == 0
    history = json.loads(capsys.readouterr().out)
    assert [(one["version"], one["change"]) for one in history] == [(1, "created"), (2, "changed")]


def test_sql_answers_as_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows come as objects with the column names."""
    capsys.readouterr()
    assert moej("sql", "SELECT release_id, version FROM releases", "--data", str(data), "--json") == 0
    assert json.loads(capsys.readouterr().out) == [{"release_id": "20260203-press_09001", "version": 1}]


def test_every_statement_of_a_query_is_answered(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two statements in one argument are two answers, in their order; PIVOT, two inside DuckDB, is one."""
    query = "SELECT 'first' AS a; PIVOT (SELECT 'second' AS b, version AS v FROM releases) ON v USING max(b);"
    capsys.readouterr()
    assert moej("--data", str(data), "sql", query, "--json") == 0
    shown = capsys.readouterr().out
    assert json.JSONDecoder().raw_decode(shown)[0] == [{"a": "first"}]
    assert json.loads(shown[shown.index("]") + 1 :]) == [{"1": "second"}]


def test_a_row_too_wide_for_the_screen_is_shown_below_itself(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every column of a release has a line with its value; lines of a text are set in, and none is lost."""
    capsys.readouterr()
    assert moej("--data", str(data), "sql", "SELECT * REPLACE ('one\ntwo' AS body) FROM releases") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "release_id         20260203-press_09001" in lines
    at = lines.index("body               one")
    assert lines[at + 1] == "                   two"
    assert lines[0] == "── 1"


def test_a_wide_answer_without_rows_names_its_columns(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What came back is nothing, and of what."""
    capsys.readouterr()
    assert moej("--data", str(data), "sql", "FROM ledger LIMIT 0") == 0
    assert capsys.readouterr().out.startswith("no row; columns: run_id, page, title, listed_on")


def test_records_in_a_table_are_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A structure reads as its column's type says, not in Python's spelling."""
    capsys.readouterr()
    assert moej("--data", str(data), "sql", "SELECT {'a': NULL, 'b': '水'} AS s, [{'c': 1}] AS l") == 0
    shown = capsys.readouterr().out
    assert '{"a": null, "b": "水"}' in shown
    assert '{"c": 1}' in shown


def test_a_mistake_in_a_later_statement_answers_none(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A text that does not parse is refused before any of it runs."""
    capsys.readouterr()
    assert moej("--data", str(data), "sql", "SELECT 1; SELEC 2") == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("query", ["", "  ", ";", "/* nothing asked */"])
def test_a_query_without_a_statement_is_wrong_usage(
    data: Path, query: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing asked is said, with what would be a question."""
    assert moej("--data", str(data), "sql", query) == 2
    assert "expected SQL" in capsys.readouterr().err


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command stands at the begin of a line of the help, groups of commands too."""
    assert moej("--help") == 0
    listed = {line.strip("│ ").partition(" ")[0] for line in capsys.readouterr().out.splitlines()}
    assert set(COMMANDS) <= listed


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "nothing_like_it"], 2),
        (["sql", "SELECT FROM WHERE"], 2),
        (["sql", "DROP TABLE release_versions"], 2),
        (["history"], 2),
        (["no-such-command"], 2),
        (["status", "--pause", "-1"], 2),
        (["status", "--site", "ftp://example.org"], 2),
    ],
)
def test_wrong_usage_is_exit_2(data: Path, arguments: list[str], code: int) -> None:
    """What the caller got wrong ends with 2."""
    assert moej("--data", str(data), *arguments) == code


def test_a_search_ends_in_time(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What would read every text of a large archive is given up, with what to ask instead."""
    capsys.readouterr()
    assert moej("--data", str(data), "search", "水質", "--seconds", "0") == 1
    assert "add a rarer word" in capsys.readouterr().err
    assert moej("--data", str(data), "search", "水質") == 0


def test_a_minus_is_typed_as_it_is_read(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-word` needs no `--` before it, and is no option of the shell's."""
    capsys.readouterr()
    assert moej("--data", str(data), "search", "-水質", "--json") == 0
    assert "水質" not in capsys.readouterr().out
    assert moej("--data", str(data), "search", "水質", "-title:水質", "-高木", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert moej("--data", str(data), "search", "-h") == 0
    assert "--limit" in capsys.readouterr().out


def test_a_slip_in_a_search_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A field or category there is not gets a line on stderr and costs nothing: exit 0, nothing found."""
    for typed, meant in (("titel:水質", "did you mean title:水質"), ("category:水", "there are none")):
        capsys.readouterr()
        assert moej("--data", str(data), "search", typed, "--json") == 0
        said = capsys.readouterr()
        assert (json.loads(said.out), said.err.count("\n")) == ([], 1)
        assert meant in said.err


def test_a_search_says_that_there_is_more(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first hits are not taken for all; where they are all, nothing is said."""
    saved = tmp_path / "other.html"
    saved.write_text(PAGE.format(title="河川の水質", text="別の結果です。"), encoding="utf-8")
    other = URL.replace("09001", "09002")
    assert moej("--data", str(data), "import", str(saved), "--url", other) == 0
    said = []
    for limit in ("1", "2"):
        capsys.readouterr()
        assert moej("--data", str(data), "search", "水質", "--limit", limit, "--json") == 0
        shown = capsys.readouterr()
        said.append((len(json.loads(shown.out)), "--limit" in shown.err))
    assert said == [(1, True), (2, False)]


def test_a_day_means_the_same_to_every_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--as-of` a day is its end in Japan: search and show give what was replaced the morning after."""
    here = ("--data", str(tmp_path / "data"))
    saved = tmp_path / "page.html"
    for text, at in (
        ("良好でした。", "2026-02-03T23:00+09:00"),
        ("再調査中です。", "2026-02-04T08:00+09:00"),
    ):
        saved.write_text(PAGE.format(title="湖沼の水質調査の結果について", text=text), encoding="utf-8")
        assert moej(*here, "import", str(saved), "--url", URL, "--at", at) == 0
    found = []
    for command in (["search", "良好"], ["search", "再調査"], ["show", "press_09001"]):
        capsys.readouterr()
        assert moej(*here, *command, "--as-of", "2026-02-03", "--json") == 0
        found.append(json.loads(capsys.readouterr().out))
    assert ([one["version"] for one in found[0]], found[1], found[2]["version"]) == ([1], [], 1)
    assert moej(*here, "search", "水質", "--as-of", "yesterday") == 2
    assert "--as-of: found 'yesterday', expected 2025-07-01" in capsys.readouterr().err


def test_no_archive_is_one_line_and_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing archive is said in one line on stderr, with what makes one."""
    assert moej("--data", str(tmp_path), "status") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "moej run" in captured.err


def test_an_unreadable_import_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page that is no release is quarantined with its reason, and the command says so with 3."""
    saved = tmp_path / "page.html"
    saved.write_text("<html><body><p>Nothing to see here at all.</p></body></html>", encoding="utf-8")
    data = tmp_path / "data"
    assert moej("--data", str(data), "import", str(saved), "--url", URL) == 3
    assert "quarantined" in capsys.readouterr().err
    assert moej("--data", str(data), "sql", "SELECT reason FROM quarantine", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["reason"]


def test_a_broken_log_is_named_by_verify(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A flipped byte in a sealed file is found: exit 1, with the file's name."""
    path = next((data / "warc").rglob("*.warc.gz"))
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    capsys.readouterr()
    assert moej("--data", str(data), "verify") == 1
    assert path.name in capsys.readouterr().out


def test_a_sound_log_verifies(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing wrong: exit 0 and no findings."""
    capsys.readouterr()
    assert moej("--data", str(data), "verify", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_raw_archive_is_verified_without_the_database(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A database that does not open is one finding; what it is to be made of again is checked too."""
    (data / "archive.duckdb").write_bytes(b"noise")
    next((data / "warc").rglob("*.warc.gz")).chmod(0o644)
    capsys.readouterr()
    assert moej("--data", str(data), "verify", "--json") == 1
    found = [(one["file"], one["problem"]) for one in json.loads(capsys.readouterr().out)]
    assert (found[0], found[1][1]) == (("the archive", "does not open"), "writable")


def test_no_command_of_an_analyst_imports_prefect() -> None:
    """Prefect costs seconds: loading every command, even those that run flows, does not import it."""
    modules = {place.partition(":")[0] for place in COMMANDS.values()}
    code = f"import sys, cli.main, {', '.join(sorted(modules))}; sys.exit('prefect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_control_characters_of_a_page_never_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An escape sequence in a title is printed without its escape."""
    saved = tmp_path / "page.txt"
    saved.write_text(
        "報道発表資料\n2026年02月03日\n水質\x1b[31mの調査\u202eについて\n1. 会合を開きました。\n", "utf-8"
    )
    assert moej("--data", str(tmp_path / "data"), "import", str(saved), "--url", URL) == 0
    assert moej("--data", str(tmp_path / "data"), "show", "press_09001") == 0
    shown = capsys.readouterr().out
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown
