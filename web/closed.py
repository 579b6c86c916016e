"""A database connection closed to everything but one file; all that the SQL worker needs to start."""

import duckdb


def connect(path: str, *, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A connection that can read the archive at `path` and nothing else of this machine, and stays so."""
    db = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        }
    )
    try:
        db.execute("SET TimeZone = 'UTC'")
        # Not duckdb.connect(path): while a request reads the old file, that gives the old file again.
        db.execute("ATTACH '{}' AS archive (READ_ONLY)".format(path.replace("'", "''")))
        db.execute("SET enable_external_access = false")
        db.execute("SET lock_configuration = true")
        db.execute("USE archive")
    except BaseException:
        db.close()
        raise
    return db
