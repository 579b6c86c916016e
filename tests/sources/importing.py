"""What other programs saved, and one import of it after the other."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources import Held, Imported, Log, import_paths
from tests.sources.faults import page
from tests.sources.kit import BEGIN, MINISTRY, PAGE, counting, held, note

Import = Callable[..., Imported]
WAYBACK = "2024-02-05T03:04:05Z"


def importer(log: Log) -> Import:
    """One import after the other, each a run of its own, an hour apart."""
    count = [0]

    def imported(*paths: Path, url: str | None = None, at: datetime | None = None) -> Imported:
        count[0] += 1
        now = BEGIN + timedelta(hours=count[0])
        return import_paths(
            paths,
            log=log,
            note=note(MINISTRY, f"import-{count[0]}", "import", now),
            clock=lambda: now,
            new_id=counting(count[0] << 40),
            url=url,
            at=at,
        )

    return imported


def warc(path: Path, records: Iterable[dict[str, object]], *, gzipped: bool = True) -> Path:
    """A WARC file as another program would write it: version 1.0, SHA-1, whole seconds."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=gzipped)
        for record in records:
            given: dict[str, object] = {
                "kind": "response",
                "url": PAGE,
                "date": WAYBACK,
                "body": page(),
                "head": {},
            } | record
            head = None
            if given["kind"] in {"response", "revisit"}:
                fields = {"Content-Type": "text/html"} | dict(given["head"])  # type: ignore[call-overload]
                head = StatusAndHeaders(
                    str(given.get("status", "200 OK")), list(fields.items()), protocol="HTTP/1.1"
                )
            extra = {"WARC-Date": str(given["date"])} | dict(given.get("extra", {}))  # type: ignore[call-overload]
            body = given["body"]
            assert isinstance(body, bytes)
            writer.write_record(
                writer.create_warc_record(
                    str(given["url"]),
                    str(given["kind"]),
                    payload=BytesIO(body),
                    length=len(body),
                    http_headers=head,
                    warc_content_type=str(given.get("type", "")),
                    warc_headers_dict=extra,
                )
            )
    return path


def one(log: Log) -> Held:
    """The only capture of the log."""
    (only,) = held(log)
    return only
