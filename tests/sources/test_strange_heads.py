"""Heads that no server should write: they are archived, and whatever is archived can be read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import Failure, Log
from sources.gzipped import Member
from sources.reader import entry_of, media_of
from sources.records import count_in, format_date, parse, parse_date
from sources.urls import family, month_of
from sources.warcfile import base_fields, pack
from tests.sources.faults import FaultServer, NoValidators, Redirect, Says, http, page
from tests.sources.importing import Import, one, warc
from tests.sources.kit import BEGIN, PAGE, PATH, fetch, held, note

STRANGE = {
    "Content-Type": "text/html; charset*=a; charset*0*=b",
    "Content-Length": "\xb2",
    "ETag": '"\xe9"',
    "Last-Modified": "\x01",
    "Location": "http://[",
}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A site that answers strangely."""
    with FaultServer() as running:
        yield running


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_field_of_another_archive_harms_no_reading(
    log: Log, run: Import, tmp_path: Path, name: str
) -> None:
    """What comes in with it is read back as it came: one such record must not keep out all others."""
    run(warc(tmp_path / "a.warc", [{"head": {name: STRANGE[name]}}], gzipped=False))
    assert (one(log).payload, one(log).capture.verdict) == (page(), "good")


@pytest.mark.parametrize("status", ["99999999999 OK", "2" * 5000, "099 OK", "-1 OK"])
def test_a_status_that_is_none_is_no_answer(log: Log, run: Import, tmp_path: Path, status: str) -> None:
    """Such a record is unusable, and those after it come in."""
    assert run(warc(tmp_path / "a.warc", [{"status": status}, {}])).counts == {"unusable": 1, "written": 1}
    assert len(held(log)) == 1


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00", "20240205"])
def test_a_time_that_no_clock_shows_is_unusable(log: Log, run: Import, tmp_path: Path, date: str) -> None:
    """The record is named, and those after it come in."""
    imported = run(warc(tmp_path / "a.warc", [{"date": date}, {}]))
    assert imported.counts.get("written", 0) == 2 - imported.counts.get("unusable", 0)
    assert {"unusable", "written"} >= imported.counts.keys()
    assert len(held(log)) == imported.written


def test_the_first_years_have_four_digits() -> None:
    """A time is read back as it was written, whatever the year."""
    early = parse_date("0999-01-01T00:00:00Z")
    assert format_date(early) == "0999-01-01T00:00:00.000000Z"
    assert parse_date(format_date(early)) == early


def test_validators_that_no_request_can_carry_are_left_out(server: FaultServer, log: Log) -> None:
    """A page with such a validator is asked plainly, and not lost for ever."""
    odd = http(body=page(), etag='"ODD"').replace(b"ODD", b"\xe9")
    server.pages[PATH] = Says(odd)
    for run_id in ("one", "two"):
        fetch(log, server.url, PAGE, run_id=run_id)
    assert [each.capture.verdict for each in held(log) if each.capture.page == PAGE] == ["good", "unchanged"]
    assert "if-none-match" not in server.asked(PATH)[1].headers


def test_a_304_that_nobody_asked_for_is_an_error(server: FaultServer, log: Log) -> None:
    """Without a validator no condition is sent, and then "not modified" says nothing of the page we have."""
    server.pages[PATH] = NoValidators()
    fetch(log, server.url, PAGE, run_id="one")
    server.pages[PATH] = Says(http("304 Not Modified", content_length=""))
    fetch(log, server.url, PAGE, run_id="two")
    assert [each.capture.verdict for each in held(log) if each.capture.page == PAGE] == ["good", "error"]


def test_a_redirect_to_no_address_leads_nowhere(server: FaultServer, log: Log) -> None:
    """It is one page that was not had, and no end of the run."""
    server.pages[PATH] = Redirect("http://[")
    (result,) = fetch(log, server.url, PAGE)
    assert isinstance(result, Failure)
    assert result.reason == "elsewhere"


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=40))
def test_any_head_can_be_read_back(line: bytes, field: bytes, body: bytes) -> None:
    """Whatever stands in the log as an answer is a capture: no bytes of a stranger end a load."""
    head = (
        b"HTTP/1.1 200 " + line + b"\r\nContent-Type: " + field + b"\r\nContent-Length:" + field + b"\r\n\r\n"
    )
    packed = pack("response", base_fields("one", BEGIN, url=PAGE), head=head, body=body)
    content = b"WARC/1.1\r\n" + b"".join(
        f"{name}: {value}\r\n".encode() for name, value in packed.fields.items()
    )
    record = parse(Member(0, 1, content + b"\r\n" + packed.block + b"\r\n\r\n"))
    assert entry_of(record, note("https://www.env.go.jp"), warc_file="x") is not None


@given(st.text(max_size=60))
def test_any_content_type_says_something_or_nothing(said: str) -> None:
    """A charset is looked for in whatever stands there."""
    media_type, _ = media_of(said)
    assert media_type is None or "/" in media_type


@pytest.mark.parametrize(("text", "count"), [("20", 20), ("\xb2", None), ("-1", None), ("9" * 5000, None)])
def test_a_count_is_plain_digits(text: str, count: int | None) -> None:
    """What Python calls a digit is not always one of a number."""
    assert count_in(text) == count


@pytest.mark.parametrize("link", ["http://[", "//[::1/x.pdf", "http://a\u2100b/press/", "", "#"])
def test_a_link_that_is_no_address_is_of_no_family(link: str) -> None:
    """A page may link to anything."""
    assert (family(link), month_of(link)) == ("other", None)
