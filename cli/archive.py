"""For analysts, read-only: `show`, `history`, `sql`, `digest`. Nothing here writes or imports Prefect."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, Final

import typer
from duckdb import DuckDBPyConnection
from rich.text import Text

from cli import printing
from cli.context import Context, out
from cli.moment import AsOf
from cli.paging import paged
from cli.printing import record, safe, table
from cli.prompt import answer_all, stoppable
from extractors.errors import Usage
from warehouse import Reader, open_archive

ReleaseId = Annotated[str, typer.Argument(help="An id, the beginning of one, a page name or an address.")]
LONG: Final = ("body", "body_markdown")
NAMES: Final = """
SELECT DISTINCT name FROM (
    SELECT unnest([table_name, column_name]) AS name FROM duckdb_columns() WHERE NOT internal
    UNION ALL SELECT function_name || '(' FROM duckdb_functions() WHERE NOT internal
    UNION ALL SELECT upper(keyword_name) FROM duckdb_keywords() WHERE keyword_category = 'reserved'
) ORDER BY name
"""
SEEN: Final = "SELECT fetched_at, media_type, charset FROM captures WHERE capture_id = ?"


def show(
    ctx: typer.Context,
    release_id: ReleaseId,
    *,
    version: Annotated[int | None, typer.Option(help="This version instead of the current one.")] = None,
    as_of: AsOf = None,
    explain: Annotated[
        bool, typer.Option(help="For every field the rule and the text it came from.")
    ] = False,
) -> None:
    """Show one release: its fields, then its text."""
    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        if version is not None:
            release = archive.version(release_id, version)
        else:
            release = archive.release(release_id, at=as_of)
        if explain:
            origins(context, archive, release)
            return
    if context.as_json:
        context.emit(release)
        return
    with paged() as console:
        record(console, {name: short(value) for name, value in release.items() if name not in LONG})
        console.print()
        console.print(Text(safe(release["body"])))


def origins(context: Context, archive: Reader, release: dict[str, Any]) -> None:
    """Read the version's own bytes again and say where each field came from."""
    import extractors
    from sources import Log

    capture_id = archive.read_from(release["release_id"], release["version"])
    seen = archive.rows(SEEN, [capture_id])[0]
    payload = Log(context.settings.log, url=context.settings.raw_url).payload(*archive.place(capture_id))
    found = extractors.explain(
        payload,
        url=release["url"],
        fetched_at=seen["fetched_at"],
        media_type=seen["media_type"],
        charset=seen["charset"],
    )
    rows = [(one.field, one.rule, one.text) for one in found]
    if context.as_json:
        context.emit([{"field": field, "rule": rule, "text": text} for field, rule, text in rows])
    else:
        with paged() as console:
            console.print(table(["field", "rule", "text"], rows))


def history(
    ctx: typer.Context,
    release_id: ReleaseId,
) -> None:
    """List the versions of a release: when we saw each, and why it exists."""
    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        versions = archive.history(release_id)
        replaced = archive.replaced(versions[0]["release_id"])
    if context.as_json:
        context.emit([one | {"replaced": replaced.get(one["version"])} for one in versions])
        return
    columns = ["version", "change", "valid_from", "valid_to", "title"]
    shown = [one | {"title": one["title"] + sizes(replaced.get(one["version"]))} for one in versions]
    rows = [[short(version[name]) for name in columns] for version in shown]
    with paged() as console:
        console.print(table(columns, rows, title=versions[0]["release_id"]))


def sizes(replaced: dict[str, Any] | None) -> str:
    """A line on the file that began a version: its name, its size before and since; blank if none did."""
    if replaced is None:
        return ""
    before, after = (
        "?" if replaced[name] is None else f"{replaced[name]:,}" for name in ("bytes_before", "bytes_after")
    )
    return f"\nfile replaced: {replaced['url'].rpartition('/')[2]}, {before} → {after} bytes"


def sql(
    ctx: typer.Context,
    query: Annotated[
        str | None,
        typer.Argument(
            help="Any SQL that reads; tables and views: docs/data-dictionary.md. Without it, a prompt."
        ),
    ] = None,
) -> None:
    """Ask the archive in SQL: one query, or many at a prompt or from a pipe."""
    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        if query is None:
            answer_all(partial(answer, context, archive), archive.db.interrupt, partial(names, archive))
        elif not stoppable(partial(answer, context, archive, query), archive.db.interrupt):
            raise Usage(f"found no statement in {query!r}; expected SQL, such as: FROM jcm_announcements")


def names(archive: Reader) -> list[str]:
    """What a query may name: tables, columns, our functions, and the words of SQL."""
    return [row["name"] for row in archive.rows(NAMES)]


def answer(context: Context, archive: Reader, query: str) -> int:
    """Print what each statement of a query gives; how many there were."""
    statements = archive.statements(query)
    for statement in statements:
        result = archive.sql(statement)
        # PIVOT brings a statement of DuckDB's own with it, without a text: nobody asked what that gives.
        if statement.query:
            answered(context, result)
    return len(statements)


def answered(context: Context, result: DuckDBPyConnection) -> None:
    """Print the rows of one statement."""
    columns = [column[0] for column in result.description or ()]
    rows = result.fetchall()
    if context.as_json:
        context.emit([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        with paged() as console:
            printing.answer(console, columns, [[short(value) for value in row] for row in rows])


def digest(ctx: typer.Context) -> None:
    """Print one value over all versions, duplicates, quarantine and ledger: equal archives, equal value."""
    from warehouse import digest as digest_of

    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        value = digest_of(archive.db)
    if context.as_json:
        context.emit({"digest": value})
    else:
        out().print(value)


def short(value: object) -> object:
    """Times to the second and spans in words: microseconds help nobody at a terminal."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    return str(value).removesuffix(", 0:00:00") if isinstance(value, timedelta) else value
