"""Is the archive healthy: figures, runs, ledger, quarantine, alerts; and what this room is."""

from typing import Any

from web.asked import Asked, Page
from web.pages.common import address, following, frame, limit
from web.query import health as query
from web.query import release

RUN_COLUMNS = (
    "run_id",
    "kind",
    "status",
    "started_at",
    "finished_at",
    "listed",
    "fetched",
    "created",
    "changed",
    "withdrawn",
    "unchanged",
    "quarantined",
    "failed",
    "alerts",
    "error",
)
QUARANTINE_COLUMNS = ("capture_id", "url", "seen_at", "reason", "detail", "resolved_at")
ALERT_COLUMNS = ("alert_id", "rule", "release_id", "title", "change", "raised_at", "channels", "delivery")
CAPTURE_COLUMNS = (
    "capture_id",
    "fetched_at",
    "status",
    "verdict",
    "outcome",
    "change",
    "version",
    "media_type",
    "bytes",
    "url",
    "digest",
)
LEDGER_COLUMNS = (
    "page",
    "title",
    "listed_on",
    "outcome",
    "reason",
    "release_id",
    "version",
    "change",
    "alerts",
)


def health(asked: Asked) -> Page:
    """The figures and the latest of everything."""
    found = {"runs": query.runs(asked, limit=10)[0]}
    found |= {name: query.listed(asked, name, limit=10)[0] for name in ("quarantine", "alerts")}
    return Page(
        template="health.html",
        data=frame(asked) | {"figures": query.figures(asked)} | found,
        canonical=address("/health", asked),
        view={
            "run_columns": RUN_COLUMNS,
            "quarantine_columns": QUARANTINE_COLUMNS,
            "alert_columns": ALERT_COLUMNS,
        },
    )


def runs(asked: Asked) -> Page:
    """Runs, newest first."""
    return _list(asked, "runs", RUN_COLUMNS, query.runs(asked, limit=limit(asked)))


def quarantine(asked: Asked) -> Page:
    """What could not be read."""
    found = query.listed(asked, "quarantine", limit=limit(asked))
    return _list(asked, "quarantine", QUARANTINE_COLUMNS, found)


def alerts(asked: Asked) -> Page:
    """Alerts and how their delivery stands."""
    return _list(asked, "alerts", ALERT_COLUMNS, query.listed(asked, "alerts", limit=limit(asked)))


def captures(asked: Asked) -> Page:
    """The responses that showed one release or spoke about it, newest first."""
    release_id = asked.path["release_id"]
    release.version(asked, release_id)
    found = query.listed(asked, "captures", limit=limit(asked), id=release_id)
    return _list(asked, "captures", CAPTURE_COLUMNS, found, f"/releases/{release_id}/captures")


def _list(
    asked: Asked,
    name: str,
    columns: tuple[str, ...],
    found: tuple[list[dict[str, Any]], str | None],
    path: str | None = None,
) -> Page:
    rows, cursor = found
    path = path or f"/{name}"
    following_page = following(path, asked, cursor)
    return Page(
        template="rows.html",
        data=frame(asked) | {"next": following_page, "rows": rows},
        canonical=address(path, asked, cursor=True),
        view={"title": f"{name}_title", "columns": columns},
        table=rows,
        columns=columns,
        next=following_page,
    )


def run(asked: Asked) -> Page:
    """One run and its ledger."""
    found, ledger = query.run(asked, asked.path["run_id"])
    return Page(
        template="run.html",
        data=frame(asked) | {"run": found, "ledger": ledger},
        canonical=f"/runs/{found['run_id']}",
        view={"columns": LEDGER_COLUMNS, "run_columns": RUN_COLUMNS},
        table=ledger,
        columns=LEDGER_COLUMNS,
    )


def about(asked: Asked) -> Page:
    """What this room is, its terms, and how to ask it from a program."""
    return Page(
        template="about.html",
        data=frame(asked)
        | {"about": "https://www.env.go.jp/press/", "openapi": f"{asked.base}/openapi.json"},
        canonical=address("/about", asked),
    )
