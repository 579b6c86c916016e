"""`moej import` as a whole: killed anywhere it ends as without; what comes late is history and no news."""

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import steps
from flows.raw import bring_in
from flows.settings import Settings
from tests.flows.doomed import killed
from tests.sources import faults
from tests.sources.importing import warc
from warehouse import open_archive

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
SITE = "https://www.env.go.jp"
URLS = [f"{SITE}/press/press_{number:05d}.html" for number in range(1, 5)]
SAID = "SELECT release_id, version, change, valid_from, content_hash FROM release_versions ORDER BY ALL"


def settings(data: Path) -> Settings:
    """Settings of an import."""
    return Settings(data=data, now=NOW, workers=1)


def answer(url: str, day: int, text: str = "本文") -> dict[str, object]:
    """One record of another program's archive."""
    return {
        "url": url,
        "date": f"2026-06-{day:02d}T03:04:05Z",
        "body": faults.page(f"{url[-10:-5]}回の発表", text),
    }


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    """The answer of the archive."""
    with open_archive(data / "archive.duckdb") as archive:
        return archive.sql(query).fetchall()


@pytest.mark.parametrize(
    "point", ["import-record:3", "seal-rename:1", "warehouse.placed:1", "warehouse.synced:1"]
)
def test_a_killed_import_is_healed_by_the_next(tmp_path: Path, point: str) -> None:
    """After kill -9 and the same import again, the archive says what it says without the kill."""
    file = warc(tmp_path / "a.warc.gz", [answer(url, day) for day, url in enumerate(URLS, start=2)])
    bring_in(settings(tmp_path / "whole"), (file,))
    data = tmp_path / "data"
    assert killed(point, bring_in, settings(data), (file,)) == -signal.SIGKILL
    bring_in(settings(data), (file,))
    assert rows(data, SAID) == rows(tmp_path / "whole", SAID)
    assert rows(data, "SELECT count(*) FROM captures") == [(len(URLS),)]


def test_what_arrives_late_is_put_in_its_place(tmp_path: Path) -> None:
    """Captures older than what is known become versions before it, in any order and in a rebuild."""
    one, other = tmp_path / "one", tmp_path / "other"
    newer = warc(tmp_path / "b.warc.gz", [answer(URLS[0], 20, "新しい本文")])
    older = warc(tmp_path / "a.warc.gz", [answer(URLS[0], 5, "古い本文"), answer(URLS[0], 9, "途中の本文")])
    for file in (newer, older):
        bring_in(settings(one), (file,))
    for file in (older, newer):
        bring_in(settings(other), (file,))
    said = "SELECT version, change, body, valid_from FROM release_versions ORDER BY version"
    assert [row[2] for row in rows(one, said)] == ["古い本文", "途中の本文", "新しい本文"]
    assert rows(one, SAID) == rows(other, SAID)
    before = rows(one, "FROM release_versions ORDER BY version")
    steps.rebuild(settings(one))
    assert rows(one, "FROM release_versions ORDER BY version") == before


def test_an_import_tells_nobody(tmp_path: Path) -> None:
    """What somebody saved is no news, neither the newest of it nor what is put in before that."""
    rule = {"name": "all", "where": "true", "on": ["created", "changed"]}
    given = settings(tmp_path / "data").model_copy(update={"rules": [rule]})
    bring_in(given, (warc(tmp_path / "b.warc.gz", [answer(URLS[0], 20, "新しい本文")]),))
    bring_in(given, (warc(tmp_path / "a.warc.gz", [answer(URLS[0], 5, "古い本文")]),))
    assert rows(given.data, "SELECT count(*) FROM release_versions") == [(2,)]
    assert set(rows(given.data, "SELECT held FROM alerts")) == {("import",)}
