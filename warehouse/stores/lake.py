"""The archive on DuckLake: tables as Parquet files where all machines reach them, catalogue in PostgreSQL.

    MOEJ_WAREHOUSE=ducklake:postgres:dbname=moej host=db.example.org
    MOEJ_WAREHOUSE_DATA=/srv/share/moej, or s3://bucket/moej

A password is better kept in `~/.pgpass`. Where one is given it goes to DuckDB as a secret: what stands in an
ATTACH is shown to everybody who asks for the list of databases, and in errors.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from extractors.errors import Stop, Usage
from warehouse.stores import catalogue
from warehouse.stores.objects import EXTENSION, Way, is_object_store, reason, refuse_unusable
from warehouse.tables import literal

if TYPE_CHECKING:
    from psycopg import Connection

PREFIX: Final = "ducklake:postgres:"
SCHEMA: Final = "moej"
"""Schema of the catalogue's tables; the rest of the database is free for others."""
ALIAS: Final = "archive"
_EXTENSIONS: Final = ("postgres_scanner", "ducklake")


@dataclass(frozen=True, slots=True)
class Lake:
    """How a lake is reached: `conninfo` leads to the catalogue, `data` is where the Parquet files lie.

    `data` is needed by the first load; later the catalogue knows it. `chosen` says that a person named it:
    then the catalogue must agree.
    """

    conninfo: str = field(repr=False)
    data: str
    chosen: bool = False
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        catalogue.parameters(self.conninfo)
        refuse_unusable(self.data)

    def __str__(self) -> str:
        """In words for messages: neither user nor password."""
        known = catalogue.parameters(self.conninfo)
        where = known.get("host") or known.get("hostaddr") or "this machine"
        return f"the lake {known.get('dbname', '')} on {where}"

    def exists(self) -> bool:
        """Whether anything was ever loaded into it; `Stop` if its catalogue cannot be reached."""
        return self.snapshot() is not None

    def snapshot(self) -> int | None:
        """Number of the newest published state; None before the first load."""
        return self.said().published

    def said(self) -> catalogue.Said:
        """What the catalogue says of it."""
        with self.connected() as db:
            return catalogue.said(db, self.schema)

    def claim(self, duty: str, machine: str, *, take_over: bool = False) -> catalogue.Duty | None:
        """Do what one machine alone may do for the lake; None if it falls to this one, else whose it is.

        The first to claim it has it, until another takes it over.
        """
        with self.connected() as db:
            holder = catalogue.claim(db, self.schema, duty, machine, take_over=take_over)
        return None if holder.machine == machine else holder

    def connected(self) -> "AbstractContextManager[Connection]":
        """A connection to the catalogue's PostgreSQL."""
        return catalogue.connected(self.conninfo, what=str(self))

    def attach(self, *, config: Mapping[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        """A connection that reads the lake as it is now, and that state to the end; times in UTC.

        `config` are settings of DuckDB.
        """
        said = self.said()
        if said.published is None:
            raise Stop(f"no archive in {self}; `moej run` or `moej import` makes one")
        db = self.open(said, config=config)
        try:
            self.attach_to(db, ALIAS, f"READ_ONLY, SNAPSHOT_VERSION {said.published}")
            db.execute(f"USE {ALIAS}")
        except BaseException:
            db.close()
            raise
        return db

    def open(
        self, said: catalogue.Said | None = None, *, config: Mapping[str, Any] | None = None
    ) -> duckdb.DuckDBPyConnection:
        """A connection with the extensions, password and keys, and nothing attached yet.

        `said` is what the catalogue says, where that was asked already.
        """
        spill = str(Path(tempfile.gettempdir()) / f"moej-{os.getpid()}")
        # Extensions come as packages: no code is loaded from the network while the program runs.
        db = duckdb.connect(
            config={"temp_directory": spill, "autoinstall_known_extensions": False, **(config or {})}
        )
        try:
            # A file of a lake never changes, so where in it things lie need be read once only.
            db.execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
            self._equip(db, self.said() if said is None else said)
        except BaseException:
            db.close()
            raise
        return db

    def _equip(self, db: duckdb.DuckDBPyConnection, said: catalogue.Said) -> None:
        for name in _EXTENSIONS:
            _load(db, name)
        password = catalogue.parameters(self.conninfo).get("password")
        if password:
            db.execute(f"CREATE SECRET (TYPE postgres, PASSWORD {literal(password)})")
        data = self._lies_in(said)
        if is_object_store(data):
            _load(db, EXTENSION)
            way = Way.found()
            try:
                for statement in way.statements(f"{data.rstrip('/')}/"):
                    db.execute(statement)
            except duckdb.Error:
                # DuckDB quotes the statement, and with it the keys.
                raise Stop("DuckDB does not take the way to the lake's bucket; look at AWS_* here") from None

    def _lies_in(self, said: catalogue.Said) -> str:
        """Where the files lie; `Usage` where a person says otherwise than the catalogue."""
        if said.data is None:
            return self.data
        if self.chosen and self.data.rstrip("/") != said.data.rstrip("/"):
            raise Usage(
                f"MOEJ_WAREHOUSE_DATA is {self.data}, but the tables of {self} lie in {said.data}; "
                "leave it out"
            )
        return said.data

    def attach_to(self, db: duckdb.DuckDBPyConnection, alias: str, *options: str) -> None:
        """Attach the lake to a connection, with these options of DuckLake; `Stop` in one line if it fails."""
        place = literal(f"ducklake:postgres:{catalogue.without_password(self.conninfo)}")
        named = [f"DATA_PATH {literal(self.data)}"] if self.chosen else []
        # Nothing is inlined: PostgreSQL knows no lists of records, and would keep them as text.
        own = [f"METADATA_SCHEMA {literal(self.schema)}", "DATA_INLINING_ROW_LIMIT 0", *named]
        with self.clean():
            db.execute(f"ATTACH {place} AS {alias} ({', '.join([*own, *options])})")

    def make_in(self, db: duckdb.DuckDBPyConnection, said: catalogue.Said) -> list[str]:
        """Options for an ATTACH that may have to make the lake: where its files are to lie.

        `Stop` where files of another lake lie there: each would take the other's for left over.
        """
        if said.data is not None:
            return []
        with self.clean():
            row = db.execute("SELECT file FROM glob(?) LIMIT 1", [f"{self.data}/**/*.parquet"]).fetchone()
        if row is not None:
            raise Stop(
                f"{self} is new, but {self.data} holds Parquet files, such as {row[0]}; give it a folder of "
                "its own in MOEJ_WAREHOUSE_DATA"
            )
        return [] if self.chosen else [f"DATA_PATH {literal(self.data)}"]

    @contextmanager
    def clean(self) -> Iterator[None]:
        """What DuckDB complains of, as a `Stop` in one line without the password."""
        try:
            yield
        except duckdb.Error as error:
            raise Stop(f"cannot open {self}: {self.explained(error)}") from None

    def explained(self, error: duckdb.Error) -> str:
        """What DuckDB complains of in one line, without the password."""
        text = str(error)
        if isinstance(error, duckdb.HTTPException):
            text = reason(int(error.status_code), text)
        password = catalogue.parameters(self.conninfo).get("password")
        line = " ".join(text.split())
        return line.replace(password, "***") if password else line


def lake_of(setting: str, *, data: str, chosen: bool) -> Lake:
    """The lake that MOEJ_WAREHOUSE names; `Usage`, which quotes no password, if it names none."""
    if not setting.startswith(PREFIX):
        raise Usage(
            f"MOEJ_WAREHOUSE: expected {PREFIX} and how PostgreSQL is reached, such as "
            f"{PREFIX}dbname=moej host=db.example.org; leave it out for a file"
        )
    return Lake(setting.removeprefix(PREFIX), data, chosen)


def _load(db: duckdb.DuckDBPyConnection, name: str) -> None:
    try:
        from duckdb_extensions import import_extension

        import_extension(name, con=db)
    except ImportError as error:
        raise Stop(f"a lake needs DuckDB's extension {name} as a package; {catalogue.WANTED}") from error
