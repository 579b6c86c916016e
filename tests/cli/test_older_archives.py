import gzip
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import moej
from tests.warehouse.keep import FOLDER
from warehouse.migrate import migrations

KEPT = sorted(FOLDER.glob("*.duckdb.gz"))
RELEASE = "20260105-press_00001"
COMMANDS = (
    f"show {RELEASE}",
    f"show {RELEASE} --version 1",
    f"show {RELEASE} --as-of 2026-01-05",
    f"history {RELEASE}",
    f"--json history {RELEASE}",
    f"diff {RELEASE} 1 2",
    "search 会合",
    "search '\"第1回\" OR 会合'",
    "search 会合 --as-of 2026-01-05",
    "sql 'FROM releases'",
    "sql 'FROM runs'",
    "sql 'FROM attachment_changes'",
    "status",
    "--json status",
    "runs",
    "--json runs",
    "digest",
    "alerts list",
    "alerts preview",
    "alerts deliver",
    "export {folder}/out",
    "chart jcm --out {folder}/jcm.json",
)


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name[:4])
def test_an_archive_of_every_earlier_version_is_read_or_refused_in_one_line(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a load has brought it up to date a question is answered, or the mend is said; no traceback."""
    (tmp_path / "archive.duckdb").write_bytes(gzip.decompress(kept.read_bytes()))
    number = int(kept.name[:4])
    for command in COMMANDS:
        code = moej("--data", str(tmp_path), *shlex.split(command.format(folder=tmp_path)))
        said = capsys.readouterr()
        assert (code, said.err) == (0, "") or (
            number < migrations()[-1].number
            and said.err.count("\n") == 1
            and f"step {number}" in said.err
            and "moej run" in said.err
        ), (command, said.err)
