"""Commands on a terminal: the pager, colour, completion."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import PAGE, URL, moej
from tests.cli.forked import on_a_terminal

RELEASE = "20260203-press_09001"
SCRIPT = str(Path(sys.executable).parent / "moej")
MOEJ = [sys.executable, "-c", "from cli.main import run; run()"]


def shown_of(*arguments: str, rows: int = 24, **environment: str) -> str:
    """What the command shows on a terminal with so many rows."""
    return on_a_terminal(arguments, rows=rows, environment=clean() | environment)


def clean() -> dict[str, str]:
    """Our environment without what would decide how things look."""
    left_out = {"NO_COLOR", "PAGER", "LESS", "COLUMNS", "LINES", "FORCE_COLOR"}
    return {name: value for name, value in os.environ.items() if name not in left_out} | {"TERM": "xterm"}


@pytest.mark.parametrize(
    ("rows", "pager", "paged"), [(5, "sed s/^/P:/", True), (200, "sed s/^/P:/", False), (5, "cat", False)]
)
def test_only_what_is_longer_than_the_screen_goes_to_the_pager(
    data: Path,
    rows: int,
    pager: str,
    paged: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """A release that fits on the screen is printed; a longer one is handed to PAGER, unless that is cat."""
    shown = shown_of("--data", str(data), "show", RELEASE, rows=rows, PAGER=pager)
    assert RELEASE in shown
    assert ("P:" in shown) == paged


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_diff_has_colour_only_where_it_is_wanted(
    data: Path,
    tmp_path: Path,
    environment: dict[str, str],
    coloured: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """Red and green on a terminal, never with NO_COLOR or on a dumb one; the brackets are always there."""
    saved = tmp_path / "page.html"
    saved.write_text(
        PAGE.format(title="湖沼の水質調査の結果について", text="結果を改めました。"), encoding="utf-8"
    )
    assert moej("--data", str(data), "import", str(saved), "--url", URL) == 0
    shown = shown_of("--data", str(data), "diff", RELEASE, rows=200, **environment)
    assert "{+" in shown
    # 31 and 32 are red and green; bold and the like are no colours.
    assert bool(re.search(r"\x1b\[[0-9;]*3[12]m", shown)) == coloured


def test_no_line_is_wider_than_the_screen(data: Path) -> None:
    """A kanji takes two places: tables with Japanese still fit, and their borders stand in line."""
    shown = shown_of("--data", str(data), "history", RELEASE, rows=200)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown.splitlines()]
    rows = [line for line in lines if line.startswith("│")]
    assert rows
    assert {cell_len(line) for line in rows} == {cell_len(next(one for one in lines if one.startswith("┏")))}
    assert max(map(cell_len, lines)) <= 80


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("moej se", {"search", "serve"}), ("moej search --li", {"--limit"}), ("moej alerts te", {"test"})],
)
def test_the_shell_completes(typed: str, offered: set[str]) -> None:
    """Commands, their options and the commands below them complete in a shell."""
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")), "_MOEJ_COMPLETE": "complete_bash"}
    done = subprocess.run([SCRIPT], capture_output=True, text=True, check=True, env=clean() | words)
    assert set(done.stdout.split()) == offered


def test_the_script_for_the_shell_can_be_shown() -> None:
    """`--show-completion` prints what the shell that asks is to read."""
    # The second command keeps bash from giving its place to the first: who asks is told by its name.
    asked = f"{shlex.quote(str(SCRIPT))} --show-completion && true"
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True, env=clean())
    assert "_MOEJ_COMPLETE=complete_bash" in done.stdout
