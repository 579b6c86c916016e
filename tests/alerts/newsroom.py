"""A small newsroom for the tests of alerts: runs are noted down and loaded into a real archive file by plain SQL.

The list of runs plays the part of the raw archive: loading takes what the archive does not hold, and a rebuild takes
all of it, with the same function. Alerts are raised in the same draft, as in the real load.
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

from alerts import Enqueued, Rules, enqueue, load_rules, remember
from warehouse.archive import Archive
from warehouse.loaded import Change
from warehouse.state import mirror

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


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
    """An archive in a folder, the runs it is made of, and the rules in force."""

    folder: Path
    rules: Rules = field(default_factory=lambda: rules_for())
    runs: list[Run] = field(default_factory=list)
    duplicates: list[tuple[str, str, str]] = field(default_factory=list)
    extractor: str = "1"

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
        with Archive(self.archive, lock_wait=5).draft(empty=anew) as draft:
            changes = self._write(draft.db)
            memory = remember(draft.origin, self.state)
            when = at or self.runs[-1].at + HOUR
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
        return [self._write_page(db, run, at, one) for at, one in enumerate(run.pages)]

    @staticmethod
    def _write_page(db: duckdb.DuckDBPyConnection, run: Run, at: int, one: Page) -> Change:
        capture, seen = f"{run.run_id}-capture-{at}", run.at + timedelta(seconds=3 * at)
        before = db.execute(
            "SELECT coalesce(max(version), 0), coalesce(min(first_seen_at), ?) FROM release_versions WHERE release_id = ?",
            [seen, one.release_id],
        ).fetchone()
        version = (before[0] if before else 0) + 1
        db.execute(
            "UPDATE release_versions SET valid_to = ? WHERE release_id = ? AND valid_to IS NULL",
            [seen, one.release_id],
        )
        values = {name: getattr(one, name) for name in Page.__dataclass_fields__} | {
            "url": one.url,
            "body_markdown": one.body,
            "version": version,
            "versions": version,
            "first_seen_at": before[1] if before else seen,
            "changed_at": seen if version > 1 else None,
            "withdrawn_at": seen if one.change == "withdrawn" else None,
            "content_hash": f"{one.release_id} {version}",
            "extractor_version": "1",
            "capture_id": capture,
            "valid_from": seen,
        }
        listed = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
        marks = ", ".join(f"${name}" for name in listed)
        db.execute(f"INSERT INTO release_versions ({', '.join(listed)}) VALUES ({marks})", listed)  # noqa: S608
        db.execute("UPDATE release_versions SET versions = ? WHERE release_id = ?", [version, one.release_id])
        db.execute(
            "INSERT INTO captures (capture_id, url, page, fetched_at, status, verdict, family, warc_file, run_id, "
            "release_id, version, change, outcome) VALUES (?, ?, ?, ?, 200, 'good', 'release', ?, ?, ?, ?, ?, 'loaded')",
            [capture, one.url, one.url, seen, run.file, run.run_id, one.release_id, version, one.change],
        )
        return Change(one.release_id, version, one.change, capture, run.run_id, run.kind, is_newest=True)


@dataclass(slots=True)
class Receiver:
    """A web server on loopback that keeps what it is sent and answers as it is told: a status, or a status and headers."""

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
