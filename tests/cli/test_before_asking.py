"""What is wrong is said before the site is asked, and what is left does not look like a failure."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.owed import Owed, Unit, still
from tests.cli.conftest import moej

MAY = Unit((2026, 5), lists=("https://www.env.go.jp/press/202605.html",))
JUNE = Unit((2026, 6), lists=("https://www.env.go.jp/press/202606.html",))
TODAY = datetime(2026, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["backfill"],
        ["recheck"],
        ["rebuild"],
        ["schedule"],
        ["import", ".", "--url", "https://www.env.go.jp/press/1.html"],
    ],
)
def test_a_wrong_channel_is_said_before_anything_is_done(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The load needs the rules, but by then the site would have been asked for all pages for nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "moej.toml").write_text('[channels.file]\nkind = "file"\n', encoding="utf-8")
    assert moej("--data", "data", "--site", "http://127.0.0.1:9", *command) == 2
    assert capsys.readouterr().err.startswith("moej: moej.toml, channel 'file': kind = 'file'; expected")
    assert not (tmp_path / "data").exists()


def test_the_month_that_goes_on_is_not_owed_like_others() -> None:
    """Its lists stay open until it is over, however often one calls; those of a month that is over do not."""
    assert still(Owed((JUNE,), 14, lists=1, pages=0, files=0, guessed=0), TODAY).startswith(
        "nothing else is owed until 2026-06 is over"
    )
    assert still(Owed((JUNE, MAY), 14, lists=2, pages=0, files=0, guessed=0), TODAY).startswith(
        "still owed: 2 of 14 months, newest 2026-06"
    )
    assert still(Owed((JUNE,), 14, lists=1, pages=1, files=0, guessed=0), TODAY).startswith("still owed")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[chanels.x]\nurl = "https://example.org/s3cret"\n',
            "'chanels' is no setting; did you mean 'channels'?",
        ),
        ("[recheck]\ndaily = 3\n", "'recheck.daily' is no setting; there are: daily_within, rest_every"),
        ("zzz = 3\n", "'zzz' is no setting; there are: accept_drift, alerts, attachments"),
    ],
)
def test_a_slip_in_the_file_names_what_was_meant(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest name of a setting, or all of them; never the value, which may be a secret."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "moej.toml").write_text(text, encoding="utf-8")
    assert moej("status") == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"moej: moej.toml: {said}")
    assert "s3cret" not in shown
