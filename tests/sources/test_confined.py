"""Attached files are read by a process of its own, which may die of one of them."""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from extractors.errors import Stop
from sources import documents
from sources.confined import Limits, read_documents
from sources.documents import TOO_HEAVY, DocumentText
from tests.sources.test_documents import assembled, pdf

GOOD = DocumentText("JCM", 1)


def heavy(words: int) -> bytes:
    """A small file whose one page holds so many words that the library works on it for long."""
    stream = zlib.compress(b"BT /F1 9 Tf " + b"(AAAAAAAAAA) Tj " * words + b"ET")
    fonts = b"/Resources << /Font << /F1 3 0 R >> >>"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 5 0 R %s >>" % fonts,
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    )


@pytest.mark.parametrize(
    "limits", [Limits(megabytes=150), Limits(seconds=0, megabytes=4_096)], ids=["memory", "time"]
)
def test_a_file_that_takes_too_much_is_noted_and_the_others_are_read(limits: Limits) -> None:
    """The file of some kB that asks for gigabytes or minutes costs its own text, not a load."""
    files = [(pdf("JCM"), None), (heavy(500_000), "application/pdf"), (b"PK", None), (pdf("JCM"), None)]
    assert len(files[1][0]) < 20_000
    assert read_documents(files, limits) == [GOOD, TOO_HEAVY, DocumentText("", 0, "not-read"), GOOD]


READ = """
import json, sys
from dataclasses import astuple
from sources.confined import Limits, read_documents
files = [(open(path, "rb").read(), "application/pdf") for path in sys.argv[1:]]
print(json.dumps([astuple(one) for one in read_documents(files, Limits(seconds=9, megabytes=4_096))]))
"""


@pytest.mark.parametrize("lower", ["ulimit -v 153600", "ulimit -t 3"], ids=["memory", "time"])
def test_a_lower_limit_of_the_system_holds(lower: str, tmp_path: Path) -> None:
    """Under a limit lower than ours files are read within it; it is not raised, and a load does not stop."""
    for name, file in (("first", pdf("JCM")), ("heavy", heavy(500_000)), ("last", pdf("JCM"))):
        (tmp_path / name).write_bytes(file)
    done = subprocess.run(
        ["sh", "-c", f'{lower} && exec "$0" "$@"', sys.executable, "-c", READ, "first", "heavy", "last"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert [DocumentText(*one) for one in json.loads(done.stdout)] == [GOOD, TOO_HEAVY, GOOD]


def test_a_reader_that_ends_for_another_cause_stops_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that cannot start says nothing about a file: no file may be noted for it."""
    ill = tmp_path / "ill.py"
    ill.write_text("raise SystemExit('no library here')")
    monkeypatch.setattr(documents, "__file__", str(ill))
    with pytest.raises(Stop, match=r"no library here.*load again"):
        read_documents([(pdf("JCM"), None)])


def test_an_answer_that_was_torn_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that dies while it answers has read nothing of that file."""
    torn = tmp_path / "torn.py"
    torn.write_text("import os\nprint('[\"JC', end='', flush=True)\nos.abort()\n")
    monkeypatch.setattr(documents, "__file__", str(torn))
    assert read_documents([(pdf("JCM"), None)]) == [TOO_HEAVY]
