"""The process that runs one query: the task as JSON on stdin, the answer as JSON on stdout.

It limits itself before it looks at the query, so that what DuckDB does not stop the system does: processor
time, memory, bytes written to any file, open files. The caller ends it at the time limit.
"""

import json
import resource
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import duckdb

from web.closed import connect

ALLOWED: Final = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})


def limit(seconds: int, megabytes: int) -> None:
    """Take from this process what a query has no use for."""
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        # Where the system set a lower one it stands: only root may raise it, and all others would end here.
        hard = resource.getrlimit(what)[1]
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (lower, lower))


def run(task: dict[str, Any]) -> dict[str, Any]:
    """The rows of the query, or `error` with what is wrong with it."""
    try:
        db = connect(task["path"], memory=f"{task['megabytes'] // 3}MB", threads=1)
        statements = db.extract_statements(task["query"])
        if len(statements) != 1 or statements[0].type not in ALLOWED:
            return {"error": "one SELECT statement is answered here, and nothing else"}
        return _answer(db.execute(statements[0]), task["rows"], task["bytes"])
    except (duckdb.Error, MemoryError, RecursionError, ValueError, OverflowError) as error:
        return {"error": " ".join(str(error).split())[:500] or type(error).__name__}


def _answer(result: duckdb.DuckDBPyConnection, most: int, most_bytes: int) -> dict[str, Any]:
    """Rows until there are enough of them, or enough bytes."""
    columns = [column[0] for column in result.description or ()]
    rows: list[list[Any]] = []
    size = 0
    while len(rows) <= most and (batch := result.fetchmany(100)):
        for row in batch:
            plain = [_plain(value) for value in row]
            size += len(json.dumps(plain))
            if size > most_bytes:
                return {"columns": columns, "rows": rows[:most], "cut": True}
            rows.append(plain)
    return {"columns": columns, "rows": rows[:most], "cut": len(rows) > most}


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one for each kind of value
    """A value as JSON has it; what JSON lacks as text."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) < 2**53 else str(value)
        case float():
            return value if value == value and abs(value) != float("inf") else str(value)  # noqa: PLR0124 - NaN
        case Decimal():
            return str(value)
        case list() | tuple():
            return [_plain(one) for one in value]
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
        case _:
            return value.isoformat() if hasattr(value, "isoformat") else str(value)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the task, limit ourselves, answer."""
    del arguments
    task = json.load(sys.stdin)
    limit(task["seconds"], task["megabytes"])
    answer = run(task)
    # The worker may not write to files; standard output is a pipe.
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, allow_nan=False))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
