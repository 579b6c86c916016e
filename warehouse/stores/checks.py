"""What must be true of every archive before anybody sees it."""

from typing import Final

from duckdb import DuckDBPyConnection

from extractors.errors import Stop

_CHECKS: Final = (
    ("a migration is recorded", "SELECT count(*) > 0 FROM migrations"),
    (
        "each release has one current version",
        "SELECT count(*) = count(DISTINCT release_id) FROM release_versions WHERE valid_to IS NULL",
    ),
    (
        "no interval ends before it begins",
        "SELECT count(*) = 0 FROM release_versions WHERE valid_to < valid_from",
    ),
    (
        "every version leads to a capture",
        "SELECT count(*) = 0 FROM release_versions v ANTI JOIN captures c ON c.capture_id = v.capture_id",
    ),
)


def refuse_untrue(db: DuckDBPyConnection) -> None:
    """Ask what must be true; `Stop` with the first thing that is not."""
    for truth, query in _CHECKS:
        row = db.execute(query).fetchone()
        if row is None or row[0] is not True:
            raise Stop(
                f"the new archive failed a check ({truth}): the old one is untouched; please report it"
            )
