"""`moej demo`: what a first-time user sees, by the real pipeline; Prefect's part is tested with the flows."""

from pathlib import Path

import pytest

from flows.report import RunReport
from flows.settings import Settings
from flows.unattended import job
from tests.cli.conftest import moej


@pytest.fixture
def without_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """The daily run as `moej schedule` does it: the same steps, without the seconds of Prefect's server."""

    def run(settings: Settings) -> RunReport:
        report = job("daily")(settings, lambda _: None)
        assert report is not None
        return report

    monkeypatch.setattr("cli.demo.run_daily", run)


@pytest.mark.usefixtures("without_prefect")
def test_the_demo_shows_what_the_archive_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two days, the correction with its words, the three questions, and commands that find what they name."""
    assert moej("--data", str(tmp_path), "demo") == 0
    shown = capsys.readouterr().out
    assert "[-6月30-]{+7月7+}" in shown
    assert "8725.0" in shown
    named = [line.split() for line in shown.splitlines() if " --data " in line]
    assert [words[3] for words in named] == ["show", "search", "serve"]
    assert moej(*named[0][1:]) == 0
    assert moej(*(word.strip('"') for word in named[1][1:])) == 0
    assert "二国間クレジット制度" in capsys.readouterr().out


def test_the_demo_takes_nothing_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of its name that holds something else is refused and left as it is."""
    mine = tmp_path / "demo" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    assert moej("--data", str(tmp_path), "demo") == 2
    assert "move it away" in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == "mine"
