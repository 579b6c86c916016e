"""What is shown of a release that was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from duckdb import DuckDBPyConnection

from warehouse.search.query import Query
from warehouse.search.snippets import Segment, highlight, snippet
from warehouse.search.spans import over

SHOWN: Final = "s.release_id, s.version, s.published_on, s.lang, s.title, s.url"


@dataclass(frozen=True, slots=True)
class Hit:
    """A release that was found; the last two are segments `("hit" | "plain", text)`, not escaped."""

    release_id: str
    version: int
    published_on: date
    lang: str
    title: str
    url: str
    title_parts: tuple[Segment, ...]
    snippet: tuple[Segment, ...]


def hits_of(
    con: DuckDBPyConnection, found: Sequence[tuple[Any, ...]], query: Query, *, lake: bool
) -> tuple[Hit, ...]:
    """The hits of rows of the index: number of the document, then the columns `SHOWN`."""
    terms = query.marked
    lines = _best_lines(con, [doc for doc, *_ in found], terms, lake=lake)
    return tuple(
        Hit(*shown, highlight(shown[4], terms), snippet(lines.get(doc, ""), terms))  # type: ignore[call-arg]
        for doc, *shown in found
    )


def _best_lines(con: DuckDBPyConnection, docs: list[int], terms: list[str], *, lake: bool) -> dict[int, str]:
    """For each document the line of its text that holds most of the terms: the earliest of equals."""
    held = (
        " + ".join(f"CAST(contains(text, ${place}) AS INTEGER)" for place in range(1, len(terms) + 1)) or "0"
    )
    best = f"arg_max(coalesce(shown, text), ({held}) * 10000000000 - rowid) FILTER (NOT in_title)"
    select = f"SELECT doc, {best} FROM search_texts"  # noqa: S608 - texts are bound
    sql = over(select, docs, group="GROUP BY doc", lake=lake)
    rows = con.execute(sql, terms).fetchall()
    return {doc: line for doc, line in rows if line}
