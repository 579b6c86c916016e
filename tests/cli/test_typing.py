"""What a person types at a terminal, key by key: the tabulator at `moej sql` and in the shell."""

import os
import pty
import re
import select
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cli.test_paging import MOEJ, SCRIPT, clean

PATIENCE = 60.0


class Typist:
    """Types on a terminal and reads what stands there."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._seen = ""

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._terminal, keys.encode())

    def wait(self, shown: str) -> str:
        """What came on the screen up to this pattern, without colours."""
        while (found := re.search(shown, self._seen)) is None:
            assert select.select([self._terminal], [], [], PATIENCE)[0], (shown, self._seen)
            read = os.read(self._terminal, 65_536).decode()
            self._seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\x07", "", read)
        before, self._seen = self._seen[: found.end()], self._seen[found.end() :]
        return before


@contextmanager
def typing(program: Sequence[str], **environment: str) -> Iterator[Typist]:
    """A program at a terminal that is wide enough not to break a line; it must end by itself."""
    ours, theirs = pty.openpty()
    subprocess.run(["stty", "rows", "50", "cols", "300"], stdin=theirs, check=True)
    with subprocess.Popen(
        program, stdin=theirs, stdout=theirs, stderr=theirs, env=clean() | environment, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            yield Typist(ours)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            os.close(ours)


def test_the_tabulator_completes_at_the_prompt(data: Path) -> None:
    """One beginning is completed, of several all are shown, and the statement that results is answered."""
    with typing([*MOEJ, "--data", str(data), "sql"], INPUTRC="/dev/null") as hand:
        hand.wait("moej> ")
        hand.type("SELECT count(*) AS many, max(r.jcm_par\t")
        hand.wait(r"r\.jcm_partner_count")
        hand.type(") FROM release\t\t")
        offered = hand.wait("releases_as_of")
        assert "release_versions" in offered
        hand.type("s r WHERE release_i\t IS NOT NULL;\n")
        hand.wait(r"(?s)┃ many.*│ +1 │.*moej> ")
        hand.type("\x04")


def test_bash_completes_what_is_typed(data: Path) -> None:
    """In a real bash with our script: a command, its option, and a folder."""
    shell = ["bash", "--noprofile", "--norc", "-i"]
    path = f"{Path(SCRIPT).parent}:{os.environ['PATH']}"
    with typing(shell, PATH=path, PS1="$ ", INPUTRC="/dev/null", HISTFILE="/dev/null") as hand:
        hand.type(
            'bind "set enable-bracketed-paste off"; eval "$(moej --show-completion bash)"; echo re""ady\n'
        )
        hand.wait("ready")
        lines = []
        for typed in ("moej sea\t--li\t", f"moej --data {data.parent}/da\t"):
            hand.type(f"{typed}\x01echo went: \n")
            lines.append(hand.wait(r"\nwent: [^\n]*\n").rpartition("went: ")[2].strip())
        hand.type("exit\n")
    assert lines == ["moej search --limit", f"moej --data {data.parent}/data/"]
