"""A CDXJ index beside each sealed file, for replay programs and for our own look-ups by address or digest.

    <surt> <timestamp, 14 digits> {"url": …, "mime": …, "status": …, "digest": …, "length": …, "offset": …,
                                   "filename": …, "date": …, "id": …}

It says nothing that the WARC file does not say, and is made again when it is missing.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from extractors.errors import Stop
from sources.failpoints import failpoint
from sources.gzipped import members, opened
from sources.jsontext import compact
from sources.normalise import DEFAULT_PORTS, clean_path
from sources.reader import PLAIN, media_of
from sources.records import BadRecord, Record, format_date, parse, parse_date
from sources.seal import flush_file

KINDS = frozenset({"response", "revisit"}) | PLAIN
WWW: Final = re.compile(r"^www\d*\.")
OFFSET: Final = re.compile(r'"offset": ?"(\d+)"')
# What replay programs leave as it is in a key; a blank is not among it, because blanks part the columns.
UNESCAPED: Final = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"


@dataclass(frozen=True, slots=True)
class Indexed:
    """One line of an index: which capture lies where."""

    url: str
    at: datetime
    digest: str
    kind: str
    record_id: str
    warc_file: str
    offset: int
    length: int


def ensure(root: Path, name: str) -> Path:
    """The index of a sealed file, written now if it is missing."""
    target = index_path(root, name)
    if not target.exists():
        partial = target.with_suffix(".cdxj.partial")
        partial.write_text(made(root / name), encoding="utf-8")
        flush_file(partial)
        failpoint("index-rename")
        partial.replace(target)
    return target


def made(path: Path) -> str:
    """The index of a WARC file."""
    return "".join(sorted(_lines(path)))


def index_path(root: Path, name: str) -> Path:
    """Where the index of a sealed file lies."""
    return root / (name.removesuffix(".warc.gz") + ".cdxj")


def read(index: Path, name: str) -> Iterator[Indexed]:
    """The captures of a sealed file by its index, in the order in which they lie there."""
    try:
        lines = index.read_text(encoding="utf-8").splitlines()
        found = [_indexed(json.loads(line.split(" ", 2)[2]), name) for line in lines]
    except (ValueError, KeyError, IndexError, TypeError, BadRecord):
        raise Stop(f"the index {index} cannot be read; remove it, and the next run makes it again") from None
    yield from sorted(found, key=lambda each: each.offset)


def _indexed(said: dict[str, Any], name: str) -> Indexed:
    return Indexed(
        url=said["url"],
        at=parse_date(said["date"]),
        digest=said["digest"],
        kind=said["kind"],
        record_id=said["id"],
        warc_file=name,
        offset=int(said["offset"]),
        length=int(said["length"]),
    )


def offsets(index: Path) -> list[int]:
    """Where the captures of a sealed file lie, by its index, in order."""
    return sorted(int(found) for found in OFFSET.findall(index.read_text(encoding="utf-8", errors="replace")))


def surt(url: str) -> str:
    """The key under which replay programs look an address up: `jp,go,env)/press`.

    The host is turned round without its `www.`, the last slash falls away, parameters stand in order,
    escapes have one spelling, all is in lower case. Session ids stay: the Ministry's addresses have none.
    """
    parts = urlsplit(url)
    host = ",".join(reversed(WWW.sub("", (parts.hostname or "").rstrip("."), count=1).split(".")))
    port = "" if parts.port in {None, DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    path = _spelt(clean_path(parts.path)).rstrip("/") or "/"
    pairs = sorted(_spelt(parts.query).split("&"), key=lambda pair: pair.split("=", 1))
    return f"{host}{port}){path}" + (f"?{'&'.join(pairs)}" if parts.query else "")


def _spelt(text: str) -> str:
    """A part of an address with every escape undone, then done once."""
    raw = text.encode("utf-8", "replace")
    while (plain := unquote_to_bytes(raw)) != raw:
        raw = plain
    return quote_from_bytes(raw, safe=UNESCAPED).lower()


def _lines(path: Path) -> Iterator[str]:
    with opened(path) as data:
        for member in members(data):
            if (found := line(parse(member), path.name)) is not None:
                yield found


def line(record: Record, filename: str) -> str | None:
    """The line on a record, with its end; None for a record that is no capture."""
    if record.kind not in KINDS:
        return None
    status, content_type = 200, record.fields.get("content-type")
    if record.kind not in PLAIN:
        head, _ = record.http()
        status, content_type = head.status, head.get("content-type")
    mime = "warc/revisit" if record.kind == "revisit" else media_of(content_type)[0] or "unk"
    said = {
        "url": record.url,
        "mime": mime,
        "status": str(status),
        "digest": record.fields.get("warc-payload-digest", ""),
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": filename,
        "kind": record.kind,
        "date": format_date(record.date),
        "id": record.record_id,
    }
    return f"{surt(record.url)} {record.date:%Y%m%d%H%M%S} {compact(said).decode('utf-8')}\n"
