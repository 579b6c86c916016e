"""A lake whose tables lie in a bucket: what a folder's lake says, and no key anywhere it could be read.

The store is moto's, on loopback; where keys are what a test is about it checks
signatures, as a real one does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import botocore.session  # type: ignore[import-untyped]  # ships no types
import httpx
import psycopg
import pytest

from extractors.errors import Stop, Usage
from tests.cli.conftest import moej
from tests.warehouse.test_lake import log, told
from tests.warehouse.world import load
from warehouse import Archive, Lake, digest, open_archive
from warehouse.follow import FOLLOWERS
from warehouse.stores.lake_archive import LakeArchive
from warehouse.stores.objects import Way

SECRET = "topsecretkey"  # noqa: S105 - the false key of a false S3
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a store with an empty bucket `bucket`."""
    # A third of a second of imports, for whoever runs these tests alone.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = client_of("s3", address)
    client.create_bucket(Bucket="bucket")
    client.close()
    yield address
    server.stop()


def client_of(service: str, address: str) -> Any:
    """Somebody who may set up the store."""
    anybody = {"aws_access_key_id": "any", "aws_secret_access_key": "any", "region_name": "us-east-1"}
    return botocore.session.Session().create_client(service, endpoint_url=address, **anybody)


@pytest.fixture(autouse=True)
def keys(s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The way and the keys are in the environment, and nothing of this machine's own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "moej")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture(scope="module")
def lake(postgres: str) -> Lake:
    """A database of this module's own, and a folder in the bucket.

    Both names are new: a worker that takes over some of these tests from another makes a lake twice.
    """
    name = f"bucket_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    reached = postgres.replace("dbname=postgres", f"dbname={name}")
    return Lake(reached, f"s3://bucket/{name}", chosen=True)


@pytest.fixture
def full(lake: Lake, tmp_path: Path) -> Lake:
    """The lake with something in it, also where the first test of this module runs in another process."""
    if not lake.exists():
        with LakeArchive(lake, tmp_path / "first.sqlite").draft() as draft:
            load(draft, log(1))
    return lake


@pytest.fixture
def named(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read the lake; where its tables lie they are not told."""
    monkeypatch.setenv("MOEJ_WAREHOUSE", f"ducklake:postgres:{lake.conninfo}")


@pytest.fixture
def strict(s3: str, full: Lake) -> Iterator[None]:
    """The store, in which there is a lake, checks who asks; nobody has keys."""
    assert full.exists()
    checked_after(s3, "0")
    yield
    checked_after(s3, "inf")


def checked_after(address: str, requests: str) -> None:
    """Let the store check requests from then on."""
    httpx.post(
        f"{address}/moto-api/reset-auth", headers={"Content-Type": "text/plain"}, content=requests
    ).raise_for_status()


@pytest.fixture
def rights(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys in the environment are those of somebody who has rights to all buckets."""
    client = client_of("iam", s3)
    client.create_user(UserName="moej")
    client.put_user_policy(UserName="moej", PolicyName="all", PolicyDocument=json.dumps(POLICY))
    made = client.create_access_key(UserName="moej")["AccessKey"]
    client.close()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", made["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", made["SecretAccessKey"])


def test_a_lake_in_a_bucket_says_what_a_file_says(lake: Lake, tmp_path: Path) -> None:
    """Two loads and a rebuild give the file's digest, history and search; a reader keeps its state."""
    store = LakeArchive(lake, tmp_path / "state.sqlite")
    whole = log(2)
    whole.limit = 1
    with store.draft() as draft:
        load(draft, whole, follow=FOLLOWERS)
    with open_archive(lake) as before:
        whole.limit = None
        with store.draft() as draft:
            load(draft, whole, follow=FOLLOWERS)
        assert before.rows("SELECT count(*) AS n FROM releases") == [{"n": 2}]
    with Archive(tmp_path / "archive.duckdb").draft() as draft:
        load(draft, whole, follow=FOLLOWERS)
    wanted = told(tmp_path / "archive.duckdb")
    assert told(lake) == wanted
    with store.draft(empty=True) as draft:
        load(draft, whole, follow=FOLLOWERS)
    with open_archive(lake) as archive:
        assert digest(archive.db) == wanted
        assert [row["body"] for row in archive.history("20260105-press_00001")][-1] == "本文 1"
        found = archive.rows("SELECT release_id FROM search_releases('本文')")
        assert "20260105-press_00001" in {row["release_id"] for row in found}


@pytest.mark.usefixtures("named", "rights", "strict")
def test_another_process_reads_it_and_its_lists_show_no_key(
    lake: Lake, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its requests are signed, its digest is the same, and the keys are good for the lake's folder alone."""
    command = [sys.executable, "-c", "from cli.main import run; run()", "digest"]
    there = subprocess.run(command, check=True, capture_output=True, text=True)
    assert there.stdout.split()[-1] == told(lake)
    assert moej("sql", "FROM duckdb_secrets()", "--json") == 0
    shown = json.loads(capfd.readouterr().out)
    assert [row["scope"] for row in shown if row["type"] == "s3"] == [[f"{lake.data}/"]]
    with lake.connected() as db:
        kept = db.execute("SELECT key, value FROM moej.ducklake_metadata").fetchall()
    assert ("data_path", f"{lake.data}/") in kept
    assert os.environ["AWS_SECRET_ACCESS_KEY"] not in str([shown, kept])


@pytest.mark.usefixtures("named", "strict")
@pytest.mark.parametrize("command", [["status"], ["sql", "FROM releases"]], ids=["status", "sql"])
def test_wrong_keys_are_one_line(command: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """It says that the store refuses the keys, and shows neither."""
    assert moej(*command) == 1
    said = capfd.readouterr().err
    assert said.startswith("moej: ")
    assert len(said.splitlines()) == 1
    assert "the store refuses the keys it was given" in said
    assert SECRET not in said


@pytest.mark.usefixtures("strict")
def test_a_load_with_wrong_keys_keeps_nothing(lake: Lake, tmp_path: Path) -> None:
    """The state before stays the newest."""
    before = lake.snapshot()
    refused = pytest.raises(Stop, match="the store refuses the keys it was given")
    with refused as stopped, LakeArchive(lake, tmp_path / "state.sqlite").draft() as draft:
        load(draft, log(3))
    assert SECRET not in str(stopped.value)
    assert lake.snapshot() == before


def test_a_bucket_that_is_not_there_makes_no_lake(lake: Lake, tmp_path: Path) -> None:
    """A slip in its name must not stay in the catalogue for ever."""
    slip = replace(lake, data="s3://bukcet/lake", schema="slip")
    store = LakeArchive(slip, tmp_path / "state.sqlite")
    with pytest.raises(Stop, match="there is no such bucket; make it first") as stopped, store.draft():
        pytest.fail("there is no bucket to write to")
    assert SECRET not in str(stopped.value)
    assert slip.said().data is None


def test_no_keys_at_all_are_asked_for(full: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variables."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(Stop, match="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        open_archive(full)


def test_a_place_holds_no_keys(lake: Lake) -> None:
    """The catalogue shows the place to everybody, so keys in it are refused and not quoted."""
    for place in (f"s3://moej:{SECRET}@bucket/lake", f"s3://bucket/lake?s3_secret_access_key={SECRET}"):
        with pytest.raises(Usage, match="keys come by the environment") as refused:
            replace(lake, data=place)
        assert SECRET not in str(refused.value)
    for place in ("gs://bucket/lake", "s3://", "s3://bucket//lake"):
        with pytest.raises(Usage, match=r"expected a folder .* or s3://bucket/folder"):
            replace(lake, data=place)


def test_the_way_is_the_one_aws_programs_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A store of one's own by path, Amazon by host name; what `~/.aws/config` says goes before either."""
    own = Way.found()
    assert (own.tls, own.style, own.region, own.token) == (False, "path", "eu-west-1", None)
    assert f"http://{own.endpoint}" == os.environ["AWS_ENDPOINT_URL"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://s3.example.org:9000")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "passing")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "own.pem"))
    (tmp_path / "none").write_text("[default]\ns3 =\n  addressing_style = virtual\n")
    told_so = Way.found()
    assert (told_so.endpoint, told_so.tls, told_so.style) == ("s3.example.org:9000", True, "vhost")
    assert (told_so.token, told_so.authorities) == ("passing", str(tmp_path / "own.pem"))
    assert SECRET not in repr(told_so)
    (tmp_path / "none").unlink()
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    amazon = Way.found()
    assert (amazon.endpoint, amazon.tls, amazon.style) == ("s3.eu-west-1.amazonaws.com", True, "vhost")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"moej:{SECRET}")
    with pytest.raises(Stop, match="AWS_ENDPOINT_URL is no address") as refused:
        Way.found()
    assert SECRET not in str(refused.value)
