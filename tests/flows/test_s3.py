"""The raw archive on S3, from a run to a rebuild elsewhere: the same archive as from a folder."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import httpx
import pytest

from extractors.errors import Stop
from flows import jobs, steps
from flows.jobs import Steps
from flows.settings import Settings, load_settings
from sources import Log, Place
from sources.remote import Remote
from tests.cli.conftest import moej
from tests.flows.seasons import playing, releases, settings_of
from tests.sources.kit import BEGIN, MINISTRY, counting, note
from tests.web.conftest import running
from warehouse import digest, open_archive
from web.room import Room

SECRET = "topsecretkey"  # noqa: S105 - the false key of a false S3

PLACES = "SELECT capture_id, warc_file, warc_offset, warc_length FROM captures"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A URL in a bucket of an S3 on loopback; its address and keys are in the environment alone."""
    # Half a second of imports, for whoever runs these tests alone; below again.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "moej")
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        fs = fsspec.filesystem("s3")
        # All of moto's servers in a process have one store: a bucket of a name given before would be there,
        # as where a worker takes over some of these tests from another and begins this module twice.
        bucket = f"warcs-{uuid4().hex}"
        fs.mkdir(bucket)
        yield f"s3://{bucket}/raw"
        fs.clear_instance_cache()
    server.stop()


def digest_of(settings: Settings) -> str:
    """The one value over an archive's contents."""
    with open_archive(settings.archive) as archive:
        return digest(archive.db)


def test_a_run_against_s3_is_rebuilt_alike_anywhere(
    s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs seal to S3; it verifies; another machine, and a folder with the same files, rebuild alike."""
    with playing(releases(5, days=5, files=True)) as room:
        here = settings_of(room, tmp_path / "here", raw=s3)
        jobs.daily(here, Steps())
        jobs.daily(here, Steps())
    assert list(here.log.rglob("*.warc.gz*")) == []
    with open_archive(here.archive) as archive:
        places = archive.sql(
            "SELECT capture_id, warc_file, warc_offset, warc_length FROM captures"
        ).fetchall()
    assert len(places) > 10
    assert list(steps.log_of(here).verify([Place(*row) for row in places])) == []
    there = here.model_copy(update={"data": tmp_path / "there"})
    steps.rebuild(there)
    folder = here.model_copy(update={"data": tmp_path / "folder", "raw": None})
    fsspec.filesystem("s3").get(s3, str(folder.log), recursive=True)
    steps.rebuild(folder)
    assert digest_of(there) == digest_of(folder) == digest_of(here)
    shown_from(s3, there, monkeypatch)


def shown_from(s3: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command and the reading room of the other machine show bytes that lie on S3."""
    with open_archive(settings.archive) as archive:
        release = archive.rows("SELECT release_id, capture_id FROM releases LIMIT 1")[0]
    monkeypatch.setenv("MOEJ_RAW", s3)
    assert moej("--data", str(settings.data), "show", release["release_id"], "--explain", "--json") == 0
    with running(Room(settings.data, raw_url=s3)) as address:
        answer = httpx.get(f"{address}/captures/{release['capture_id']}/raw")
    assert answer.content.startswith(b"<!DOCTYPE html>")


def test_a_bucket_that_is_not_there_is_no_empty_archive(s3: str, tmp_path: Path) -> None:
    """A slip in the name must not rebuild the archive from nothing, and names no key."""
    settings = Settings(data=tmp_path, raw=s3.replace("warcs", "wracs"))
    with pytest.raises(Stop, match=r"there is no wracs-\w+; make it first, or mend MOEJ_RAW") as stopped:
        steps.rebuild(settings)
    assert SECRET not in str(stopped.value)
    assert not settings.archive.exists()


def test_s3_itself_gives_a_number_only_once(s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two machines that both saw an empty manifest: the second one's piece is refused, and written as 2."""
    with monkeypatch.context() as patched:
        patched.setattr(Remote, "sealed", lambda _self: ())
        for name in ("one", "two"):
            log = Log(tmp_path / name, url=f"{s3}/numbers")
            log.writer(note(MINISTRY, name), clock=lambda: BEGIN, new_id=counting()).close()
    files = Log(tmp_path / "three", url=f"{s3}/numbers").sealed()
    assert [(file.sequence, file.name) for file in files] == [
        (1, "2026/06/000001-daily-one.warc.gz"),
        (2, "2026/06/000001-daily-two.warc.gz"),
    ]


def test_an_s3_out_of_reach_is_one_line(s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address and the kind of the error are said, keys are not."""
    import s3fs  # type: ignore[import-untyped]  # ships no types

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    fsspec.filesystem("s3").clear_instance_cache()
    with pytest.raises(Stop, match=f"raw archive at {s3} cannot be reached") as stopped:
        Log(tmp_path, url=s3).sealed()
    fsspec.filesystem("s3").clear_instance_cache()
    assert SECRET not in str(stopped.value)


def test_the_raw_archive_is_where_the_settings_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder by its path, any other place by its URL, beside the archive by default."""
    assert load_settings(data=tmp_path).log == tmp_path / "warc"
    monkeypatch.setenv("MOEJ_RAW", "/srv/raw")
    assert load_settings(data=tmp_path).log == Path("/srv/raw")
    assert load_settings(data=tmp_path).raw_url is None
    monkeypatch.setenv("MOEJ_RAW", "s3://bucket/raw")
    assert load_settings(data=tmp_path).raw_url == "s3://bucket/raw"
    assert load_settings(data=tmp_path).log == tmp_path / "warc"
