"""ETag, Last-Modified, 304, gzip, HEAD: what a polite client relies on."""

import gzip

import httpx
import pytest

from pressroom import DEMO_LATER_DAY, PressRoom

PAGE = "/press/press_04455.html"


@pytest.mark.parametrize("path", ["/press/", "/press/202605.html", PAGE, "/press/1204.html"])
@pytest.mark.parametrize("header", ["if-none-match", "if-modified-since"])
def test_unchanged_page_is_304(client: httpx.Client, path: str, header: str) -> None:
    """A client that has the page is told so, by either validator, and gets no body."""
    first = client.get(path)
    known = first.headers["etag" if header == "if-none-match" else "last-modified"]
    again = client.get(path, headers={header: known})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("header", ["if-none-match", "if-modified-since"])
def test_changed_page_is_sent(room: PressRoom, client: httpx.Client, header: str) -> None:
    """A revision makes both validators fail, even within the second in which the page came."""
    first = client.get(PAGE)
    state = room.state(PAGE)
    assert state is not None
    room.now = state.modified
    room.revise(PAGE, ("96億円", "97億円"))
    known = first.headers["etag" if header == "if-none-match" else "last-modified"]
    again = client.get(PAGE, headers={header: known})

    assert again.status_code == 200
    assert "97億円" in again.text


def test_validators_move_only_with_the_bytes(room: PressRoom, client: httpx.Client) -> None:
    """Over the demo's days every page with the same bytes keeps both validators, and no other does."""
    paths = [*room.paths(), "/press/202605.html", "/press/202603.html", "/en/press/"]
    before = {path: client.get(path) for path in paths}
    room.now = DEMO_LATER_DAY
    after = {path: client.get(path) for path in paths}

    for name in ("etag", "last-modified"):
        moved = {path for path in paths if before[path].headers[name] != after[path].headers[name]}
        assert moved == {PAGE}


def test_validators_can_be_switched_off(room: PressRoom, client: httpx.Client) -> None:
    """Without validators a page has neither header and is always sent whole."""
    known = client.get(PAGE).headers["etag"]
    room.validators(on=False)
    answer = client.get(PAGE, headers={"if-none-match": known})

    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers


@pytest.mark.parametrize("value", ["no date", "Thu, 04 Jun 2026 05:00:00 -0000", ""])
def test_unreadable_date_is_no_condition(client: httpx.Client, value: str) -> None:
    """A date that says nothing certain gets the page, not an error."""
    assert client.get(PAGE, headers={"if-modified-since": value}).status_code == 200


def test_gzip_only_when_accepted(client: httpx.Client) -> None:
    """A client that accepts gzip gets it, with its own ETag; one that does not gets plain bytes."""
    packed = client.get(PAGE, headers={"accept-encoding": "gzip"})
    plain = client.get(PAGE, headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.headers["etag"] != plain.headers["etag"]


def test_gzip_bytes_are_the_same_every_time(client: httpx.Client) -> None:
    """Two answers with the same page are the same bytes on the wire, without a time in them."""
    raw = []
    for _ in range(2):
        with client.stream("GET", PAGE, headers={"accept-encoding": "gzip"}) as answer:
            raw.append(b"".join(answer.iter_raw()))

    assert raw[0] == raw[1]
    assert raw[0][4:8] == b"\0\0\0\0"
    assert gzip.decompress(raw[0]).startswith(b"<!DOCTYPE html>")


def test_head_has_the_headers_without_the_body(client: httpx.Client) -> None:
    """HEAD gives the headers of GET and no body."""
    whole, head = client.get(PAGE), client.head(PAGE)

    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.headers["etag"] == whole.headers["etag"]


def test_the_site_takes_nothing(client: httpx.Client) -> None:
    """Any other method is refused."""
    assert client.post(PAGE, content=b"x").status_code == 405


def test_date_header_is_the_room_s_clock(room: PressRoom, client: httpx.Client) -> None:
    """The Date header follows the room, so that no page is younger than its answer."""
    assert client.get(PAGE).headers["date"] == "Tue, 02 Jun 2026 14:59:59 GMT"
    room.now = DEMO_LATER_DAY
    assert client.get(PAGE).headers["date"] == "Thu, 04 Jun 2026 14:59:59 GMT"
