"""The real text that this project was begun with reads as agreed; skipped where it is not at hand."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors import Phone, Release, read

_SEED = Path(__file__).parents[3] / "shared" / "seeds" / "000_4f9ca7c49c47b972.txt"
pytestmark = pytest.mark.skipif(not _SEED.exists(), reason="the seed text lies beside the project, not in it")


@pytest.fixture(scope="module", name="release")
def _release() -> Release:
    url = "https://www.env.go.jp/press/press_00177.html"
    found = read(
        _SEED.read_bytes(), url=url, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), media_type="text/plain"
    )
    assert isinstance(found, Release)
    return found


def test_head(release: Release) -> None:
    """Title, day and category are those of the page."""
    assert release.title == "ドイツボンでJCMグローバルパートナーシップ第5回会合を開催しました"
    assert (release.published_on, release.categories) == (date(2025, 6, 30), ("地球環境",))


def test_lead_is_three_numbered_sentences(release: Release) -> None:
    """The lead is the three sentences as printed, each a line."""
    printed = _SEED.read_text(encoding="utf-8").splitlines()
    assert (release.lead or "").splitlines() == [
        line for line in printed if line[:3] in {"1. ", "2. ", "3. "}
    ]


def test_event(release: Release) -> None:
    """Day, hours and place come from the lines 日時 and 場所."""
    assert (release.event_starts_on, release.event_ends_on) == (date(2025, 6, 18), date(2025, 6, 18))
    assert (release.event_hours, release.event_place) == ("09:00-12:00", "ドイツ連邦共和国・ボン")


def test_contact(release: Release) -> None:
    """One contact with two telephones and five people with their roles."""
    (contact,) = release.contacts
    assert contact.phones == (Phone("代表", "03-3581-3351"), Phone("直通", "03-5521-8246"))
    assert [person.role for person in contact.people] == [
        "室長",
        "室長補佐",
        "国際炭素市場調整官",
        "主査",
        "担当",
    ]


@pytest.mark.parametrize(
    "line",
    ["[2]JCM実施加速のための制度整備", "場所:ドイツ連邦共和国・ボン", "Opening session", "- Opening Remark"],
)
def test_repeated_runs_stand_once(release: Release, line: str) -> None:
    """What the file prints twice stands once in the body."""
    assert release.body.splitlines().count(line) == 1


def test_every_other_line_is_kept(release: Release) -> None:
    """No line of the article is lost by taking repetitions out."""
    printed = _SEED.read_text(encoding="utf-8").split("連絡先")[0].splitlines()[4:]
    assert set(release.body.splitlines()) == {line for line in printed if line.strip()}
