"""Archives that somebody made of pages (WARC, ARC, WACZ, HAR), record by record."""

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from extractors.errors import Skip
from sources.exchange import KEPT_ENCODING
from sources.gzipped import Unpacked
from sources.har import read_har
from sources.payload import dechunk
from sources.records import END, BadRecord, count_in, parse_date, parse_head
from sources.saved import LONGEST, Referred, Saved

ARCHIVE_NAMES: Final = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wet", ".wet.gz", ".wacz", ".har")
DIGESTS: Final = frozenset({"sha1", "sha256", "sha512", "md5"})
GZIP_MAGIC: Final = b"\x1f\x8b"
# A revisit may leave out its HTTP head; ours always have one.
BARE_HEAD: Final = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED: Final = re.compile(rb"^transfer-encoding(?=[ \t]*:)", re.IGNORECASE | re.MULTILINE)


def is_archive(path: Path) -> bool:
    """Whether a file is an archive of pages (WARC, ARC, WACZ, HAR): by its name, or by its first bytes."""
    if path.name.lower().endswith(ARCHIVE_NAMES):
        return True
    with path.open("rb") as stream:
        return stream.read(5) == b"WARC/"


def read_archive(path: Path) -> Iterator[Saved | Skip]:
    """The pages in an archive; a `Skip` in place of each record that cannot be used, and why."""
    match path.suffix.lower():
        case ".har":
            for found in read_har(path):
                yield found if isinstance(found, Skip) else _answered(path.name, *found)
        case ".wacz":
            yield from _unzipped(path)
        case _:
            with path.open("rb") as stream:
                yield from _records(stream, path.name)


def _answered(origin: str, url: str, at: datetime, head: bytes, body: bytes) -> Saved:
    return Saved("response", origin, body, url=url, at=at, head=head)


def _unzipped(path: Path) -> Iterator[Saved | Skip]:
    """The WARC files that a WACZ packs together with their index."""
    try:
        with ZipFile(path) as packed:
            for name in sorted(packed.namelist()):
                if name.startswith("archive/") and name.endswith((".warc", ".warc.gz")):
                    with packed.open(name) as stream:
                        yield from _records(stream, f"{path.name}:{name}")
    except (BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        yield Skip(f"{path.name} cannot be read to its end: {error}")


def _records(packed: IO[bytes], origin: str) -> Iterator[Saved | Skip]:
    stream = _unpacked(packed)
    records = ArchiveIterator(stream, no_record_parse=True, arc2warc=True)
    while True:
        try:
            record = next(records, None)
            if record is None:
                break
            saved = _from_record(record, origin)
        except KeyError as error:
            saved = Skip(f"{origin}: a record has no {error.args[0]}")
        except BadRecord as error:
            saved = Skip(f"{origin}: {error}")
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            yield Skip(f"{origin} cannot be read to its end: {' '.join(str(error).split())}")
            return
        if saved is not None:
            yield saved
    if isinstance(stream, Unpacked) and stream.problem:
        yield Skip(f"{origin} cannot be read to its end: {stream.problem}")


def _unpacked(stream: IO[bytes]) -> IO[bytes] | Unpacked:
    """By us, not by warcio: that passes over wrong checksums, and refuses an archive packed as one member."""
    packed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    stream.seek(0)
    return Unpacked(stream) if packed else stream


def _from_record(record: Any, origin: str) -> Saved | Skip | None:
    kind = record.rec_type
    if kind not in {"response", "revisit", "resource", "conversion"}:
        return None
    fields = {name.lower(): value for name, value in record.rec_headers.headers}
    block = record.raw_stream.read(LONGEST + 1)
    url, promised = fields["warc-target-uri"].strip("<>"), count_in(fields["content-length"])
    if promised is None:
        raise BadRecord(f"the record of {url} does not say how long it is")
    if len(block) > LONGEST:
        return Skip(
            f"{origin}: the record of {url} is longer than the {LONGEST:,} bytes that a page may have"
        )
    if len(block) < promised:
        return Skip(f"{origin}: the record of {url} is cut off ({len(block)} of {promised} bytes)")
    if not _is_as_stated(block, fields.get("warc-block-digest", "")):
        return Skip(f"{origin}: the record of {url} is damaged: its bytes are not those of its digest")
    common: dict[str, Any] = {
        "kind": kind,
        "origin": origin,
        "url": url,
        "at": parse_date(fields["warc-date"]),
        "truncated": fields.get("warc-truncated"),
        "record_id": fields.get("warc-record-id", ""),
        "digest_there": fields.get("warc-payload-digest", ""),
    }
    if kind in {"resource", "conversion"}:
        return Saved(body=block, media_type=fields.get("content-type"), **common)
    head, body = http_parts(block) if block or kind != "revisit" else (BARE_HEAD, b"")
    return Saved(body=body, head=head, refers=_referred(fields) if kind == "revisit" else None, **common)


def _is_as_stated(block: bytes, stated: str) -> bool:
    """Whether a block has the digest that its record states, hex or base32; unknown ones say nothing."""
    algorithm, _, value = stated.strip().partition(":")
    if algorithm.lower() not in DIGESTS:
        return True
    found = hashlib.new(algorithm.lower(), block, usedforsecurity=False).digest()
    # Some write base32 without the signs that fill it up.
    return value.lower().rstrip("=") in {found.hex(), b32encode(found).decode().lower().rstrip("=")}


def http_parts(block: bytes) -> tuple[bytes, bytes]:
    """Head and body of an archived HTTP message in the form our own log has: body without chunks."""
    head, found, body = block.partition(END)
    if not found:
        head, found, body = block.partition(b"\n\n")
        head = b"\r\n".join(head.replace(b"\r\n", b"\n").split(b"\n"))
    parsed = parse_head(head)
    if not found or not parsed.status:
        raise BadRecord(f"no HTTP answer in the record (it begins with {block[:20]!r})")
    if "chunked" in (parsed.get("transfer-encoding") or "").lower():
        head, body = CHUNKED.sub(KEPT_ENCODING, head), dechunk(body)
    return head + END, body


def _referred(fields: dict[str, str]) -> Referred:
    date = fields.get("warc-refers-to-date")
    return Referred(
        url=fields.get("warc-refers-to-target-uri", fields["warc-target-uri"]).strip("<>"),
        at=parse_date(date) if date else None,
        digest=fields.get("warc-payload-digest", ""),
    )
