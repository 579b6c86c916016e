"""The real release beside the project, imported as a user would: what one row of the archive must say."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.raw import bring_in
from flows.settings import Settings
from warehouse import open_archive

URL = "https://www.env.go.jp/press/press_00177.html"
FIRST = datetime(2025, 7, 1, tzinfo=UTC)
LATER = datetime(2025, 7, 2, tzinfo=UTC)


def settings(data: Path, now: datetime) -> Settings:
    """Settings of an import at a time."""
    return Settings(data=data, now=now, workers=1)


@pytest.fixture(scope="module")
def data(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the seed."""
    data = tmp_path_factory.mktemp("data")
    bring_in(settings(data, FIRST), (seed,), url=URL)
    return data


@pytest.fixture(scope="module")
def release(data: Path) -> dict[str, Any]:
    """The seed's row."""
    with open_archive(data / "archive.duckdb") as archive:
        return archive.release("press_00177")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("release_id", "20250630-press_00177"),
        ("url", URL),
        ("lang", "ja"),
        ("title", "ドイツボンでJCMグローバルパートナーシップ第5回会合を開催しました"),
        ("published_on", date(2025, 6, 30)),
        ("categories", ["地球環境"]),
        ("event_starts_on", date(2025, 6, 18)),
        ("event_ends_on", date(2025, 6, 18)),
        ("event_hours", "09:00-12:00"),
        ("event_place", "ドイツ連邦共和国・ボン"),
        ("jcm_partner_count", 30),
        ("jcm_role", "subject"),
        ("jcm_kind", "meeting"),
        ("versions", 1),
    ],
)
def test_the_seed_is_read_whole(release: dict[str, Any], column: str, value: object) -> None:
    """Each field of the real release has the value that a person reads in it."""
    assert release[column] == value


def test_the_seed_s_partners_are_those_that_came(release: dict[str, Any]) -> None:
    """Eighteen partner countries took part; Germany was the seat and is no partner."""
    assert len(release["jcm_countries"]) == 18
    assert "DE" in release["countries"]
    assert "DE" not in release["jcm_countries"]


def test_the_seed_s_lead_has_three_numbered_sentences(release: dict[str, Any]) -> None:
    """The grey box is the three numbered paragraphs and nothing else."""
    assert [line[:2] for line in release["lead"].splitlines()] == ["1.", "2.", "3."]


def test_the_seed_s_contact_has_its_phones_and_people(release: dict[str, Any]) -> None:
    """One contact, two telephone numbers, five people with their roles."""
    (contact,) = release["contacts"]
    assert [phone["label"] for phone in contact["phones"]] == ["代表", "直通"]
    roles = [person["role"] for person in contact["people"]]
    assert roles == ["室長", "室長補佐", "国際炭素市場調整官", "主査", "担当"]


@pytest.mark.parametrize(
    "once", ["[2]JCM実施加速のための制度整備", "場所:ドイツ連邦共和国・ボン", "Opening session"]
)
def test_what_the_saved_text_prints_twice_stands_once(release: dict[str, Any], once: str) -> None:
    """Runs of paragraphs that the saved text repeats are in the body once."""
    assert release["body"].count(once) == 1


def test_the_same_import_again_is_unchanged(data: Path, seed: Path) -> None:
    """Importing the same file once more adds no version."""
    done = bring_in(settings(data, LATER), (seed,), url=URL)
    assert done.imported.written == 0
    with open_archive(data / "archive.duckdb") as archive:
        assert len(archive.history("press_00177")) == 1


def test_an_edited_sentence_is_version_two(seed: Path, tmp_path: Path) -> None:
    """One sentence edited: version 2, changed, and the day before still says the old text."""
    data, edited = tmp_path / "data", tmp_path / "edited.txt"
    bring_in(settings(data, FIRST), (seed,), url=URL)
    edited.write_text(seed.read_text("utf-8").replace("Group photo", "Family photo"), encoding="utf-8")
    bring_in(settings(data, LATER), (edited,), url=URL)
    with open_archive(data / "archive.duckdb") as archive:
        assert [version["change"] for version in archive.history("press_00177")] == ["created", "changed"]
        assert "Group photo" in archive.release("press_00177", at=FIRST)["body"]
        assert "Family photo" in archive.release("press_00177", at=LATER)["body"]
