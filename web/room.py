"""What a reading room is set up with: where the archive lies, what is open, how much may be asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractors.errors import Usage
from warehouse import Lake, Place

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]", "testserver")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost in seconds, memory, threads, rows and bytes."""

    seconds: float = 8.0
    memory: str = "1GB"
    threads: int = 1
    at_once: int = 4
    sql_seconds: float = 5.0
    sql_rows: int = 1_000
    sql_megabytes: int = 1_500
    sql_answer_bytes: int = 8_000_000
    raw_bytes: int = 20_000_000
    cached_bytes: int = 48_000_000
    block_bytes: int = 160_000_000
    line_bytes: int = 160_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """The set-up of one reading room. `hosts` are the names it answers to besides loopback.

    `public_url` stands in canonical links where the room is behind another server; without it the address
    that was asked stands there. `sql` opens the page for SQL. `raw` is where the raw archive lies, if not in
    the folder of the archive; with `raw_url` behind that URL.
    """

    data: Path
    lake: Lake | None = None
    lang: str = "ja"
    sql: bool = False
    hosts: tuple[str, ...] = ()
    public_url: str | None = None
    limits: Limits = Limits()
    raw: Path | None = None
    raw_url: str | None = None

    def __post_init__(self) -> None:
        # Whoever may ask a lake in SQL may ask all of its PostgreSQL, which is more than the archive.
        if self.lake is not None and self.sql:
            raise Usage("the page for SQL is for an archive in a file; on a lake use `moej sql`")

    @property
    def archive(self) -> Place:
        """Where the archive is: the file everybody opens, or the lake the room was given."""
        return self.lake or self.data / "archive.duckdb"

    @property
    def log(self) -> Path:
        """The folder of the raw archive."""
        return self.raw or self.data / "warc"

    @property
    def feeds(self) -> Path:
        """The folder of the Atom feeds."""
        return self.data / "feeds"

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Names a request may be addressed to, so that no page elsewhere reaches us by a name of its own."""
        return LOOPBACK + self.hosts
