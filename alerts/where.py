"""The `where` of a rule: one yes-or-no expression over the columns of `releases`, checked before it is used.

The text goes into a query of ours, inside the load. So it is parsed by DuckDB itself and the tree is walked:
nothing that reaches outside the row (subqueries, files, the clock, settings) gets through, whatever the text
looks like.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import duckdb

from extractors.errors import Usage
from warehouse.migrate import migrate

_LITERAL: Final = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_SHOWN: Final = 120
_LOOSE: Final = re.compile(r";|--|/\*")
_FORBIDDEN: Final = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "PARAMETER": "a parameter",
    "STAR": "a star",
    "DEFAULT": "DEFAULT",
    "POSITIONAL_REFERENCE": "a column by its position",
}
# Scalar and steady by DuckDB's own word, and yet they look beyond the row.
_OUTWARD: Final = frozenset({"current_setting", "getvariable", "getenv", "json_execute_serialized_sql"})
_MACROS: Final = re.compile(
    r"list_|array_|map_|split_part$|nullif$|date_add$|days_in_month$|fdiv$|fmod$|round"
)
_PARTS_THAT_MUST_BE_EMPTY: Final = (
    "where_clause", "group_expressions", "group_sets", "having", "sample", "qualify", "modifiers",
)  # fmt: skip


@lru_cache(maxsize=1)
def _schema() -> duckdb.DuckDBPyConnection:
    """An archive of one blank row in memory, closed to the outside.

    Made once, since migrating takes 0.1 s.
    """
    con = duckdb.connect(config={"autoload_known_extensions": False, "autoinstall_known_extensions": False})
    migrate(con)
    # Without a row DuckDB would never come to see that published_on > 'x' cannot be computed.
    con.execute("INSERT INTO release_versions (release_id) VALUES (NULL)")
    con.execute("SET enable_external_access = false")
    return con


def columns() -> tuple[str, ...]:
    """The columns of `releases`, in order."""
    return tuple(str(row[0]) for row in _schema().cursor().execute("DESCRIBE releases").fetchall())


def check_where(where: str, *, rule: str) -> None:
    """Nothing, if `where` is a yes-or-no expression over the columns of `releases`.

    `Usage` with the reason if not.
    """
    wrong = _wrong(where)
    if wrong is not None:
        raise Usage(
            f"rule {rule!r}: where = {_shown(where)}: {wrong}; "
            "expected one condition over the columns of releases, such as jcm_role = 'subject'"
        )


def _shown(where: str) -> str:
    line = " ".join(where.split())
    return repr(line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…")


def _wrong(where: str) -> str | None:
    if not where.strip():
        return "found nothing"
    loose = _LOOSE.search(_LITERAL.sub("''", where))
    if loose is not None:
        return f"found {loose[0]!r}, which a single condition has no use for"
    con = _schema().cursor()
    parsed = con.execute("SELECT json_serialize_sql(?::VARCHAR)", [f"SELECT (\n{where}\n)"]).fetchone()
    tree: dict[str, Any] = json.loads(parsed[0]) if parsed else {"error": True}
    if tree.get("error"):
        return _first_line(str(tree.get("error_message")))
    return _shape(tree["statements"]) or _contents(con, tree["statements"][0]["node"]) or _meaning(con, where)


def _shape(statements: list[dict[str, Any]]) -> str | None:
    """What is wrong with the statement around the expression.

    A closing bracket in the text can open a FROM of its own.
    """
    node = statements[0]["node"]
    plain = (
        len(statements) == 1
        and node["type"] == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not node["cte_map"]["map"]
        and not any(node.get(part) for part in _PARTS_THAT_MUST_BE_EMPTY)
    )
    return None if plain else "found more than one expression"


def _contents(con: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> str | None:
    for part in _walk(node["select_list"]):
        kind = str(part.get("class"))
        if kind in _FORBIDDEN:
            return f"found {_FORBIDDEN[kind]}"
        if kind == "FUNCTION" and not _harmless(con, str(part["function_name"])):
            return f"found {part['function_name']}(), which is not a plain function of its arguments"
        if kind == "COLUMN_REF" and len(part["column_names"]) == 1:
            name = str(part["column_names"][0])
            if name not in columns() and _is_function(con, name) and not _harmless(con, name):
                return f"found {name}, which changes from day to day; a rule must say the same tomorrow"
    return None


def _walk(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _walk(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _walk(value)


def _is_function(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    row = con.execute(
        "SELECT count(*) FROM duckdb_functions() WHERE function_name = ?", [name.lower()]
    ).fetchone()
    return row is not None and row[0] > 0


def _harmless(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether every function of that name is scalar and gives the same for the same arguments, always."""
    found = con.execute(
        "SELECT DISTINCT function_type, stability, internal FROM duckdb_functions() WHERE function_name = ?",
        [name.lower()],
    ).fetchall()
    if not found or name.lower() in _OUTWARD:
        return False
    return all(
        (kind == "scalar" and stability == "CONSISTENT")
        or (kind == "macro" and (not internal or _MACROS.match(name.lower()) is not None))
        for kind, stability, internal in found
    )


def _meaning(con: duckdb.DuckDBPyConnection, where: str) -> str | None:
    """What DuckDB says when it binds the names and types."""
    try:
        described = con.execute(f"DESCRIBE SELECT (\n{where}\n) FROM releases").fetchone()  # noqa: S608 - as below
        con.execute(f"SELECT count(*) FROM releases WHERE (\n{where}\n)").fetchone()  # noqa: S608 - checked above
    except duckdb.Error as error:
        return _first_line(str(error))
    given = described[1] if described else "nothing"
    return None if given == "BOOLEAN" else f"it gives {given}, not true or false"


def _first_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("LINE ", "^"))]
    return " ".join(kept[:2]) or "it could not be understood"
