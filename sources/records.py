"""WARC records as this program reads them back: headers, HTTP head and body, without copies of the rest.

The reader is ours because every start of a load scans thousands of records, and because a scan must say
where each record lies and must not pass over a damaged one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sources.gzipped import Member

END: Final = b"\r\n\r\n"
STATUS: Final = re.compile(rb"[1-9]\d\d")
COUNT: Final = re.compile(r"[0-9]{1,18}")


class BadRecord(Exception):
    """A member that is no WARC record."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of an HTTP message: status 0 for a request; names in lower case, first value wins."""

    status: int
    line: str
    fields: dict[str, str]

    def get(self, name: str) -> str | None:
        """The value of a field by its lower-case name."""
        return self.fields.get(name)


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record at its place; `fields` by lower-case name, `block` as it stands in the file."""

    fields: dict[str, str]
    block: bytes
    offset: int
    length: int

    @property
    def kind(self) -> str:
        """WARC-Type."""
        return self.fields.get("warc-type", "")

    @property
    def record_id(self) -> str:
        """The UUID of WARC-Record-ID."""
        return bare_id(self.fields.get("warc-record-id", ""))

    @property
    def date(self) -> datetime:
        """WARC-Date in UTC, with its fraction of a second."""
        return parse_date(self.fields["warc-date"])

    @property
    def url(self) -> str:
        """WARC-Target-URI, empty where the record has none."""
        return self.fields.get("warc-target-uri", "")

    def http(self) -> tuple[Head, bytes]:
        """Head and body of the HTTP message in the block."""
        head, found, body = self.block.partition(END)
        if not found:
            raise BadRecord(f"record at byte {self.offset} holds no whole HTTP head")
        return parse_head(head), body


def parse(member: Member) -> Record:
    """The record in a gzip member; `BadRecord` if the member does not hold exactly one."""
    head, found, rest = member.content.partition(END)
    line, _, fields = head.partition(b"\r\n")
    if not found or not line.startswith(b"WARC/"):
        raise BadRecord(f"no WARC record at byte {member.offset}: it begins with {head[:20]!r}")
    named = dict(_fields(fields.decode("utf-8", "replace")))
    if named.get("content-length") != str(len(rest) - len(END)) or not rest.endswith(END):
        raise BadRecord(f"record at byte {member.offset} is not as long as its Content-Length says")
    return Record(named, rest[: -len(END)], member.offset, member.length)


def parse_head(head: bytes) -> Head:
    """Status and fields of an HTTP head; bytes beyond ASCII are taken as Latin-1, as HTTP has it."""
    line, _, fields = head.partition(b"\r\n")
    words = line.split(None, 2)
    is_answer = line.startswith(b"HTTP/") and len(words) > 1 and STATUS.fullmatch(words[1]) is not None
    status = int(words[1]) if is_answer else 0
    named: dict[str, str] = {}
    for name, value in _fields(fields.decode("latin-1")):
        named.setdefault(name, value)
    return Head(status, line.decode("latin-1"), named)


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name.rstrip().lower(), value.strip()


def count_in(text: str | None) -> int | None:
    """The number of bytes or seconds that a field states; None for what is none, as `²`, or no computer's."""
    return int(text) if text and COUNT.fullmatch(text) else None


def parse_date(text: str) -> datetime:
    """A WARC date as an aware time in UTC; `BadRecord` if it is none."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadRecord(f"WARC-Date {text!r} is no time") from None


def format_date(moment: datetime) -> str:
    """A time as WARC 1.1 writes it, always with microseconds, so that equal times are equal text."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def bare_id(record_id: str) -> str:
    """`<urn:uuid:X>` → `X`."""
    return record_id.strip("<>").removeprefix("urn:uuid:")


def urn(identifier: str) -> str:
    """`X` → `<urn:uuid:X>`."""
    return f"<urn:uuid:{identifier}>"
