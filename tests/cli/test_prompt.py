"""`moej sql` without a query: what is typed or piped, statement by statement."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.archive import names
from cli.prompt import MORE, READY, completions, converse, statements, stoppable
from extractors.errors import Usage
from tests.cli.conftest import moej
from warehouse import open_archive


def typed(*lines: str | type[BaseException]) -> Callable[[str], str]:
    """Somebody at the keyboard; a class among the lines is a key like Ctrl-C."""
    left: Iterator[str | type[BaseException]] = iter(lines)

    def read(_: str) -> str:
        match next(left, EOFError):
            case str(line):
                return line
            case key:
                raise key

    return read


def piped(data: Path, text: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    """The exit code of `moej sql` with this text on its standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return moej("--data", str(data), "sql", *options)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("SELECT 1;", "SELECT 2;"), ["SELECT 1;\n", "SELECT 2;\n"]),
        (("SELECT", "  1", ";"), ["SELECT\n  1\n;\n"]),
        (("SELECT ';", "';"), ["SELECT ';\n';\n"]),
        (("SELECT 1 -- one;", ";"), ["SELECT 1 -- one;\n;\n"]),
        (("", "  ", "SELECT 1;", ""), ["SELECT 1;\n"]),
        (("SELECT 1",), ["SELECT 1\n"]),
        ((".tables",), ["SHOW TABLES;\n"]),
        (("SELECT 1;", ".quit", "SELECT 2;"), ["SELECT 1;\n"]),
        (("SELECT", KeyboardInterrupt, "SELECT 2;"), ["SELECT 2;\n"]),
    ],
)
def test_lines_make_statements(lines: tuple[str | type[BaseException], ...], found: list[str]) -> None:
    """A statement ends at its own semicolon, wherever the lines break."""
    assert list(statements(typed(*lines))) == found


def test_ctrl_c_with_nothing_typed_leaves() -> None:
    """Whoever wants out gets out."""
    with pytest.raises(KeyboardInterrupt):
        list(statements(typed("SELECT 1;", KeyboardInterrupt)))


def test_the_prompt_says_whether_a_statement_is_open() -> None:
    """The second line of a statement has a prompt of its own."""
    prompts = []
    lines = typed("SELECT", "1;")

    def read(prompt: str) -> str:
        prompts.append(prompt)
        return lines(prompt)

    list(statements(read))
    assert prompts == [READY, MORE, READY]


def test_a_mistake_at_the_terminal_is_said_and_the_next_statement_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong statement, or one stopped by Ctrl-C, does not end the session."""
    shown, stopped = [], []

    def show(statement: str) -> None:
        if statement == "slow":
            raise KeyboardInterrupt
        if statement == "wrong":
            raise Usage("no such table \x1b[2Jnowhere")
        shown.append(statement)

    converse(iter(["wrong", "slow", "right"]), show, lambda: stopped.append("slow"))
    said = capsys.readouterr().err
    assert (shown, stopped) == (["right"], ["slow"])
    assert "no such table [2Jnowhere" in said
    assert "stopped" in said


def test_ctrl_c_stops_a_query_and_is_passed_on() -> None:
    """Outside a session too the query ends first: the archive is closed behind it, and the caller is told."""
    stopped = []

    def slow() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stoppable(slow, lambda: stopped.append("slow"))
    assert stopped == ["slow"]
    assert stoppable(lambda: 7, lambda: None) == 7


def test_piped_statements_are_answered_in_turn(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two statements over three lines give two answers, and no prompt stands among them."""
    capsys.readouterr()
    text = "SELECT release_id\nFROM releases;\nSELECT 40 + 2 AS n"
    assert piped(data, text, monkeypatch, "--json") == 0
    printed = capsys.readouterr().out
    first, end = json.JSONDecoder().raw_decode(printed)
    assert first == [{"release_id": "20260203-press_09001"}]
    assert json.loads(printed[end:]) == [{"n": 42}]


def test_a_script_stops_at_its_first_mistake(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a pipe a wrong statement is wrong usage, and what follows it is not asked."""
    capsys.readouterr()
    assert piped(data, "SELECT 11;\nSELECT * FROM nowhere;\nSELECT 22;\n", monkeypatch) == 2
    said = capsys.readouterr()
    assert "11" in said.out
    assert "22" not in said.out
    assert "nowhere" in said.err


def test_the_prompt_writes_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The archive is open for reading only here too."""
    assert piped(data, "CREATE TABLE mine (n INTEGER);", monkeypatch) == 2
    assert "read-only" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("begun", "found"),
    [
        ("rel", ["release_id", "releases", "releases_as_of("]),
        ("RELEASES", ["releases", "releases_as_of("]),
        ("r.release_", ["r.release_id"]),
        ("sele", ["SELECT"]),
        ("nothing", []),
    ],
)
def test_the_tabulator_completes_what_may_be_named(begun: str, found: list[str]) -> None:
    """Tables, columns, functions and words of SQL by their beginning, in any case, behind a dot as well."""
    assert completions(begun, ["SELECT", "release_id", "releases", "releases_as_of("]) == found


def test_the_names_are_those_of_the_archive(data: Path) -> None:
    """What the archive holds today can be completed, without a list of ours that falls behind."""
    with open_archive(data / "archive.duckdb") as archive:
        found = names(archive)
    assert {"releases", "jcm_countries", "releases_as_of(", "search_releases(", "SELECT"} <= set(found)
    assert found == sorted(set(found))
