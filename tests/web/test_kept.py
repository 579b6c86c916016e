import itertools
import shutil
import threading
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tests.web import shelf
from tests.web.conftest import running
from web import Limits, Room
from web.asked import Asked
from web.bounded import Desk
from web.contents import contents
from web.kept import Answer, Kept, pack
from web.query.listing import is_kept, releases
from web.ready import Ready
from web.snapshot import Readers, Stamp

NEW = "20250702-press_00777"


def test_what_the_browser_holds_is_not_sent_again(client: httpx.Client) -> None:
    """The same question with the tag of the answer gives 304 and no body."""
    first = client.get("/releases")
    again = client.get("/releases", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/feeds/jcm.atom", "/openapi.json", f"/captures/{shelf.RAW}/raw"])
def test_what_is_no_page_is_not_sent_again_either(client: httpx.Client, path: str) -> None:
    """Feeds, which readers ask for all day, the document and raw bytes are named by their own digest."""
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_tags_differ_by_question_language_and_form(client: httpx.Client) -> None:
    """No two different answers have one tag."""
    answers = [
        client.get("/releases"),
        client.get("/releases.json"),
        client.get("/releases?lang=ja"),
        client.get("/releases", headers={"accept-language": "ja"}),
        client.get("/jcm"),
    ]
    assert len({one.headers["etag"] for one in answers}) == len(answers)


@pytest.fixture
def own(data: Path, tmp_path: Path) -> Path:
    """An archive that the test may replace."""
    shutil.copyfile(data / "archive.duckdb", tmp_path / "archive.duckdb")
    return tmp_path


def test_a_replaced_archive_is_read_at_once(own: Path) -> None:
    """After a load the next request shows the new release, and the old tag no longer holds."""
    with running(Room(own)) as address, httpx.Client(base_url=address) as client:
        old = client.get("/releases.json")
        shelf.grow(own, shelf.row(NEW, title="新しいお知らせ"))
        new = client.get("/releases.json", headers={"if-none-match": old.headers["etag"]})
    assert new.status_code == 200
    assert (new.json()["releases"][0]["release_id"], new.json()["count"]) == (NEW, old.json()["count"] + 1)


def test_equal_files_have_equal_tags(own: Path, tmp_path: Path) -> None:
    """The tag comes from the bytes of the file: a copy has the same, another file another."""
    copy, other = tmp_path / "copy", tmp_path / "other"
    for folder in (copy, other):
        folder.mkdir()
        shutil.copyfile(own / "archive.duckdb", folder / "archive.duckdb")
    shelf.grow(other, shelf.row(NEW, title="新しいお知らせ"))
    tags = []
    for folder in (own, copy, other):
        readers = Readers(folder / "archive.duckdb", Limits())
        tags.append(readers.digest(readers.stamp()))
    assert tags[0] == tags[1] != tags[2]
    assert len(tags[0]) == 64


def test_no_request_waits_for_the_digest(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages come while the file is still being read for it, and a tag given before it was known holds on."""
    read, real = threading.Event(), Readers.digest

    def late(self: Readers, stamp: Stamp) -> str:
        assert read.wait(30)
        return real(self, stamp)

    monkeypatch.setattr(Readers, "digest", late)
    with running(Room(own)) as address, httpx.Client(base_url=address) as client:
        first = client.get("/releases.json").headers["etag"]
        read.set()
        asks = (client.get("/releases.json", headers={"if-none-match": first}) for _ in range(5_000))
        statuses, tags = [], [first]
        while tags[-1] == first:
            answer = next(asks)
            statuses.append(answer.status_code)
            tags.append(answer.headers["etag"])
        assert client.get("/releases.json", headers={"if-none-match": tags[-1]}).status_code == 304
    assert set(statuses) == {304}


def test_a_new_archive_is_read_before_anybody_asks(own: Path) -> None:
    """What the first page, the figures and searches need is there for each archive that is put in place."""
    room = Room(own)
    readers = Readers(room.archive, room.limits)
    ready = Ready(room, readers)
    seen = []
    for number in range(2):
        if number:
            shelf.grow(own, shelf.row(NEW))
        ready.look()
        with readers.borrow() as (snapshot, _):
            held = snapshot.memo.held
            seen.append(held["figures"]["releases"])
            assert len(held["contents"].rows) == seen[-1]
            assert "index" in held
            assert len(readers.names(snapshot.stamp)[0]) == 64
    readers.close()
    assert seen == [65, 66]


@pytest.mark.parametrize("values", [{}, {"kind": "credits"}, {"partner": "MN", "year": 2025}, {"lang": "en"}])
def test_a_list_is_the_same_before_it_is_kept_in_memory(own: Path, values: dict[str, Any]) -> None:
    """Who comes right after a load is answered from the file, with the same rows, count and cursor."""
    room = Room(own)
    readers = Readers(room.archive, room.limits)
    with readers.borrow() as (snapshot, db):
        asked = Asked(room, Desk(db, 60), {}, values, "ja", snapshot.memo, "")
        before, was_kept = releases(asked, limit=4), is_kept(asked)
        contents(asked)
        assert (releases(asked, limit=4), is_kept(asked), was_kept) == (before, True, False)
    readers.close()


def test_no_request_fails_while_the_archive_is_replaced(own: Path) -> None:
    """Requests that never stop all succeed while loads replace the file under them."""
    stop, answers = threading.Event(), list[tuple[int, int]]()

    def ask(address: str) -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            for number in itertools.count():
                answer = client.get(f"/releases.json?limit={number % 900 + 1}")
                answers.append((answer.status_code, answer.json().get("count", -1)))
                if stop.is_set():
                    return

    with running(Room(own)) as address:
        threads = [threading.Thread(target=ask, args=(address,)) for _ in range(3)]
        for one in threads:
            one.start()
        for day in range(2, 7):
            shelf.grow(own, shelf.row(f"2025070{day}-press_00800"))
        stop.set()
        for one in threads:
            one.join(30)
        last = httpx.get(f"{address}/releases.json").json()["count"]
    assert {status for status, _ in answers} == {200}
    assert {count for _, count in answers} <= {65, 66, 67, 68, 69, 70}
    assert last == 70


def test_the_old_file_is_let_go_when_its_last_reader_leaves(own: Path) -> None:
    """A reader keeps its state to the end; then the old file is closed."""
    readers = Readers(own / "archive.duckdb", Limits())
    with readers.borrow() as (old, db):
        shelf.grow(own, shelf.row(NEW))
        with readers.borrow() as (new, other):
            counts = [one.execute("SELECT count(*) FROM releases").fetchone() for one in (db, other)]
        assert counts == [(65,), (66,)]
        assert (old.retired, new.retired, old.borrowed) == (True, False, 1)
    assert old.borrowed == 0
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        old.base.execute("SELECT 1")
    readers.close()


def test_the_memory_for_answers_is_bounded() -> None:
    """The answers used longest ago make room; one too large is not kept at all."""
    kept = Kept(1_000)
    for number in range(20):
        kept.put(str(number), Answer(b"x" * 100, {"content-type": "text/html"}))
    kept.put("large", Answer(b"x" * 900, {"content-type": "text/html"}))
    assert [key for key in map(str, range(20)) if kept.get(key)] == [str(n) for n in range(10, 20)]
    assert kept.get("large") is None


def test_large_answers_travel_compressed(client: httpx.Client) -> None:
    """A list is compressed for who can read that, and the same for who cannot."""
    packed = client.get("/releases.json", headers={"accept-encoding": "gzip"})
    plain = client.get("/releases.json", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert pack(Answer(b"short", {"content-type": "text/html"})).packed == b""
