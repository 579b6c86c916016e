"""A small newsroom for the tests of alerts.

Runs are noted down and loaded into a real archive file by plain SQL.

The list of runs plays the part of the raw archive: loading takes what the archive does not hold, and a
rebuild takes all of it, with the same function. Alerts are raised in the same draft, as in the real load.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from alerts import Enqueued, Rules, enqueue, load_rules, remember
from warehouse import columns
from warehouse.loaded import Change
from warehouse.state import mirror
from warehouse.stores.archive import Archive
from warehouse.tables import insert

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OPERATOR = """
[alerts]
operator = "ops"
[channels.ops]
kind = "webhook"
url_env = "MOEJ_CHANNEL_OPS"
secret_env = "MOEJ_CHANNEL_OPS_SECRET"
"""
"""Settings that tell the operator by a webhook; a `Receiver` is one."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a run read on one page, as far as alerts look at it."""

    release_id: str
    title: str = "日・インド間のJCM合同委員会の開催について"
    change: str = "created"
    lang: str = "ja"
    published_on: date = date(2026, 6, 1)
    lead: str | None = "1. 環境省は、JCMの合同委員会を開催しました。 2. 次回は秋に開催します。"
    body: str = "環境省は、JCMの合同委員会を開催しました。次回は秋に開催します。"
    jcm_role: str = "subject"
    jcm_kind: str | None = "joint_committee"
    jcm_countries: Sequence[str] = ("IN",)
    jcm_evidence: Sequence[str] = ("title: JCM合同委員会",)
    jcm_tonnes: float | None = None
    jcm_projects: int | None = None
    jcm_partner_count: int | None = None
    categories: Sequence[str] = ("地球環境",)
    joint_with: Sequence[str] = ()
    contacts: Sequence[Mapping[str, Any]] = ()
    attachments: Sequence[Mapping[str, Any]] = ()
    links: Sequence[Mapping[str, Any]] = ()
    corrections: Sequence[Mapping[str, Any]] = ()

    @property
    def url(self) -> str:
        """The Ministry's address of the page."""
        return f"https://www.env.go.jp/press/{self.release_id[9:]}.html"

    def edited(self, change: str = "changed", **fields: Any) -> "Page":
        """The same release, later."""
        return replace(self, change=change, **fields)


@dataclass(frozen=True, slots=True)
class Run:
    """One run and what it read; `status` None for one that was killed."""

    number: int
    kind: str
    at: datetime
    pages: tuple[Page, ...]
    status: str | None = "done"

    @property
    def run_id(self) -> str:
        """The run's name."""
        return f"run-{self.number}"

    @property
    def file(self) -> str:
        """Its file of the raw archive."""
        return f"2026/06/{self.number:06d}-{self.kind}-{self.run_id}.warc.gz"


def page(number: int = 1, **fields: Any) -> Page:
    """A page about the JCM by its number."""
    return Page(f"20260601-press_{number:05d}", **fields)


def rules_for(
    *tables: Mapping[str, Any], channels: Mapping[str, Mapping[str, Any]] | None = None, **options: Any
) -> Rules:
    """Rules as `moej.toml` would hold them."""
    return load_rules(list(tables), channels or {"hook": HOOK}, options)


HOOK = {"kind": "webhook", "url_env": "MOEJ_CHANNEL_HOOK", "secret_env": "MOEJ_CHANNEL_HOOK_KEY"}


@dataclass(slots=True)
class Newsroom:
    """An archive in a folder, the runs it is made of, and the rules in force.

    With `db`, loads go into that database and are not published: enough for what a load decides.
    """

    folder: Path
    rules: Rules = field(default_factory=rules_for)
    runs: list[Run] = field(default_factory=list)
    duplicates: list[tuple[str, str, str]] = field(default_factory=list)
    extractor: str = "1"
    db: duckdb.DuckDBPyConnection | None = None

    @property
    def archive(self) -> Path:
        """The published archive."""
        return self.folder / "archive.duckdb"

    @property
    def state(self) -> Path:
        """The ledger."""
        return self.folder / "state.sqlite"

    def run(
        self, *pages: Page, kind: str = "run", at: datetime | None = None, status: str | None = "done"
    ) -> Run:
        """Note a run; it is not loaded yet."""
        when = at or START + len(self.runs) * DAY
        made = Run(len(self.runs) + 1, kind, when, pages, status)
        self.runs.append(made)
        return made

    def load(self, *, anew: bool = False, at: datetime | None = None) -> Enqueued:
        """Load what is noted and not loaded, or everything `anew`, with its alerts."""
        when = at or self.runs[-1].at + HOUR
        if self.db is not None:
            return enqueue(self.db, self.rules, self._write(self.db), at=when)
        with Archive(self.archive, lock_wait=5).draft(empty=anew) as draft:
            changes = self._write(draft.db)
            memory = remember(draft.origin, self.state)
            return enqueue(draft.db, self.rules, changes, at=when, memory=memory)

    def daily(self, *pages: Page, **how: Any) -> Enqueued:
        """A run and its load."""
        self.run(*pages, **how)
        return self.load()

    def reads_better(self, better: Page) -> None:
        """Another extractor that reads a page's release as `better` in every run that saw it."""
        self.extractor = str(int(self.extractor) + 1)
        self.runs = [
            replace(
                run, pages=tuple(better if one.release_id == better.release_id else one for one in run.pages)
            )
            for run in self.runs
        ]

    def show_deliveries(self) -> None:
        """What the next load does: the ledger's attempts become a table of the archive."""
        with Archive(self.archive, lock_wait=5).draft() as draft:
            mirror(draft.db, self.state)

    def _write(self, db: duckdb.DuckDBPyConnection) -> list[Change]:
        known = {row[0] for row in db.execute("SELECT name FROM warc_files").fetchall()}
        db.execute("DELETE FROM meta")
        db.execute("INSERT INTO meta VALUES ('extractor_version', ?)", [self.extractor])
        changes = [
            change for run in self.runs if run.file not in known for change in self._write_run(db, run)
        ]
        db.execute("DELETE FROM duplicates")
        for one in self.duplicates:
            db.execute("INSERT INTO duplicates VALUES (?, ?, ?, 1.0)", list(one))
        return changes

    def _write_run(self, db: duckdb.DuckDBPyConnection, run: Run) -> list[Change]:
        ended = run.at + timedelta(minutes=5) if run.status else None
        db.execute("INSERT INTO warc_files VALUES (?, ?, 'x', 1)", [run.file, run.number])
        db.execute(
            "INSERT INTO run_notes VALUES (?, ?, 'https://www.env.go.jp', 'moej 0', ?, ?, ?, NULL, 1, 1)",
            [run.run_id, run.kind, run.at, ended, run.status],
        )
        known = {
            row[0]: (row[1], row[2])
            for row in db.execute(
                "SELECT release_id, max(version), min(first_seen_at) FROM release_versions GROUP BY ALL"
            ).fetchall()
        }
        versions = [_version(run, at, one, known) for at, one in enumerate(run.pages)]
        if versions:
            insert(db, "release_versions", versions, VERSIONS)
            insert(db, "captures", [_capture(run, row) for row in versions], CAPTURES)
            db.execute(_TIDY, [[row["release_id"] for row in versions]])
        return [
            Change(
                release_id=row["release_id"],
                version=row["version"],
                change=row["change"],
                capture_id=row["capture_id"],
                run_id=run.run_id,
                run_kind=run.kind,
                is_newest=True,
            )
            for row in versions
        ]


VERSIONS = pa.schema(
    {"release_id": pa.string(), "extractor_version": pa.string(), **columns.READ, **columns.PLACED}
)
CAPTURES = pa.schema(
    {
        **{name: columns.CAPTURES.field(name).type for name in columns.CAPTURES.names},
        **{name: pa.string() for name in ("release_id", "change", "outcome")},
        "version": pa.int32(),
    }
)
_TIDY = """
UPDATE release_versions v SET valid_to = n.next, versions = n.many FROM (
    SELECT release_id, version, lead(valid_from) OVER (PARTITION BY release_id ORDER BY version) AS next,
           count(*) OVER (PARTITION BY release_id) AS many
    FROM release_versions WHERE release_id IN (SELECT unnest(?))
) n WHERE v.release_id = n.release_id AND v.version = n.version
"""


def _version(run: Run, at: int, one: Page, known: dict[str, tuple[int, datetime]]) -> dict[str, Any]:
    """A row of `release_versions`."""
    seen = run.at + timedelta(seconds=3 * at)
    number, first = known.get(one.release_id, (0, seen))
    known[one.release_id] = (number + 1, first)
    read = {name: getattr(one, name) for name in Page.__dataclass_fields__}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in read.items()} | {
        "url": one.url,
        "body_markdown": one.body,
        "version": number + 1,
        "versions": number + 1,
        "first_seen_at": first,
        "changed_at": seen if number else None,
        "withdrawn_at": seen if one.change == "withdrawn" else None,
        "content_hash": f"{one.release_id} {number + 1}",
        "extractor_version": "1",
        "capture_id": f"{run.run_id}-capture-{at}",
        "valid_from": seen,
    }


def _capture(run: Run, row: dict[str, Any]) -> dict[str, Any]:
    """A row of `captures` for a version."""
    same = {name: row[name] for name in ("capture_id", "url", "release_id", "version", "change")}
    return same | {
        "page": row["url"],
        "fetched_at": row["valid_from"],
        "status": 200,
        "verdict": "good",
        "family": "release",
        "warc_file": run.file,
        "sequence": run.number,
        "run_id": run.run_id,
        "outcome": "loaded",
    }


@dataclass(slots=True)
class Receiver:
    """A web server on loopback that keeps what it is sent and answers as it is told.

    A status, or a status and headers.
    """

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hang: threading.Event | None = None
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def keys(self) -> list[str]:
        """The idempotency keys in the order they came."""
        return [headers["idempotency-key"] for headers, _ in self.got]

    @contextmanager
    def listening(self) -> Iterator["Receiver"]:
        """Serve while the block runs."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
                if receiver.hang is not None:
                    receiver.hang.wait(20)
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                self.send_response(status)
                for key, value in {**headers, "Content-Length": "0"}.items():
                    self.send_header(key, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_address[1]
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            if self.hang is not None:
                self.hang.set()
            server.shutdown()
            server.server_close()
            thread.join()
