"""kill -9 at every commit point of a run, a backfill, an import and a recovery: the next one heals it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources import Log
from tests.sources import faults
from tests.sources.doomed import Doomed
from tests.sources.faults import FaultServer, Healthy
from tests.sources.kit import MINISTRY, held, listing_page, open_files

PAGES = [f"/press/press_{number:05d}.html" for number in range(1, 6)]
APPENDS = [
    f"{point}:{count}" for point in ("append-write", "append-sync", "append-done") for count in (1, 2, 5, 8)
]
SEALS = [
    f"{point}:{count}"
    for point in (
        "part-created",
        "seal-begin",
        "seal-rename",
        "seal-manifest",
        "manifest-sync",
        "manifest-written",
        "seal-index",
        "index-rename",
    )
    for count in ((1, 2) if point.startswith(("seal", "manifest")) else (1,))
]
RUN_POINTS = [*APPENDS, *SEALS, *(f"page-fetched:{count}" for count in (1, 5))]
IMPORT_POINTS = [*APPENDS[::3], *SEALS[::2], *(f"import-record:{count}" for count in (1, 5))]
RECOVER_POINTS = ["recover-cut:1", "seal-begin:1", "seal-rename:1", "seal-manifest:1", "manifest-sync:1"]


@pytest.fixture(scope="module")
def doomed() -> Iterator[Doomed]:
    """The process that is killed again and again."""
    with Doomed() as process:
        yield process


@pytest.fixture(scope="module")
def site() -> Iterator[FaultServer]:
    """Five releases, which two month pages list."""
    with FaultServer() as running:
        for path in PAGES:
            running.pages[path] = Healthy(faults.page(path, "本文" * 200), f'"{path}"')
        for month, paths in (("202606", PAGES[:3]), ("202605", PAGES[3:])):
            body = listing_page(*((f"{month[:4]}-{month[4:]}-01", path) for path in paths))
            running.pages[f"/press/{month}.html"] = Healthy(body, f'"{month}"')
        yield running


@pytest.fixture
def server(site: FaultServer) -> FaultServer:
    """The site, of which nothing was asked yet."""
    site.requests.clear()
    return site


def content(log: Log) -> dict[str, tuple[str, bytes | None]]:
    """What an archive made from this log would hold: the newest good capture of each page."""
    return {
        each.capture.page: (each.capture.digest, each.payload)
        for each in held(log)
        if each.capture.verdict == "good"
    }


def sound(log: Log) -> None:
    """The log verifies, nothing is left open, and every number was given once."""
    assert list(log.verify()) == []
    assert open_files(log.root) == []


@pytest.fixture(scope="module")
def whole(
    doomed: Doomed, site: FaultServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[str, bytes | None]]:
    """The same run without a kill."""
    log = Log(tmp_path_factory.mktemp("whole"))
    pages = json.dumps([MINISTRY + path for path in PAGES])
    assert doomed.do(job="run", root=str(log.root), site=site.url, pages=pages) == 0
    return content(log)


@pytest.mark.parametrize("point", RUN_POINTS)
def test_a_killed_run_is_healed_by_the_next(
    doomed: Doomed,
    server: FaultServer,
    tmp_path: Path,
    whole: dict[str, tuple[str, bytes | None]],
    point: str,
) -> None:
    """The log then holds what a run without a kill brings; what was on disk whole is not fetched twice."""
    log = Log(tmp_path / "warc")
    said = {
        "job": "run",
        "root": str(log.root),
        "site": server.url,
        "pages": json.dumps([MINISTRY + p for p in PAGES]),
    }
    assert doomed.do(point, **said) == -9
    log.recover()
    on_disk = {page.removeprefix(MINISTRY) for page in content(log)}
    before = Counter(request.path for request in server.requests)
    assert doomed.do(**said) == 0
    assert content(log) == whole
    after = Counter(request.path for request in server.requests) - before
    assert on_disk & set(PAGES) & set(after) == set()
    sound(log)


@pytest.mark.parametrize("point", ["append-write:5", "append-done:7", "page-fetched:4", "seal-rename:2"])
def test_a_killed_backfill_is_healed_by_the_next(
    doomed: Doomed,
    server: FaultServer,
    tmp_path: Path,
    whole: dict[str, tuple[str, bytes | None]],
    point: str,
) -> None:
    """A backfill goes on where it was killed."""
    log = Log(tmp_path / "warc")
    said = {"job": "backfill", "root": str(log.root), "site": server.url}
    assert doomed.do(point, **said) == -9
    assert doomed.do(**said) == 0
    assert {page: found for page, found in content(log).items() if "press_" in page} == {
        page: found for page, found in whole.items() if "press_" in page
    }
    assert max(Counter(request.path for request in server.requests if "press_" in request.path).values()) <= 2
    sound(log)


@pytest.mark.parametrize("point", IMPORT_POINTS)
def test_a_killed_import_is_healed_by_the_next(doomed: Doomed, tmp_path: Path, point: str) -> None:
    """The same import again writes what is missing and nothing twice."""
    folder = tmp_path / "saved"
    folder.mkdir()
    for path in PAGES:
        link = f"<link rel='canonical' href='{MINISTRY}{path}'></head>".encode()
        (folder / Path(path).name).write_bytes(faults.page(path, "本文" * 200).replace(b"</head>", link))
    log = Log(tmp_path / "warc")
    said = {"job": "import", "root": str(log.root), "folder": str(folder)}
    assert doomed.do(point, **said) == -9
    assert doomed.do(**said) == 0
    assert sorted(each.capture.page for each in held(log)) == [MINISTRY + path for path in PAGES]
    sound(log)


@pytest.mark.parametrize("point", RECOVER_POINTS)
def test_a_killed_recovery_is_healed_by_the_next(
    doomed: Doomed,
    server: FaultServer,
    tmp_path: Path,
    whole: dict[str, tuple[str, bytes | None]],
    point: str,
) -> None:
    """A recovery may itself be killed and is then finished by the next."""
    log = Log(tmp_path / "warc")
    said = {
        "job": "run",
        "root": str(log.root),
        "site": server.url,
        "pages": json.dumps([MINISTRY + p for p in PAGES]),
    }
    assert doomed.do("append-sync:4", **said) == -9
    assert doomed.do(point, **said) == -9
    assert doomed.do(**said) == 0
    assert content(log) == whole
    assert max(Counter(request.path for request in server.requests).values()) <= 2
    sound(log)
