"""What a run did, as a value: taken from the archive's own `runs` and `ledger`, shown by whoever wants to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from extractors.errors import Usage
from warehouse import Place, open_archive

STAGES: Final = (
    "listed",
    "fetched",
    "archived",
    "read",
    "created",
    "changed",
    "withdrawn",
    "restored",
    "files_replaced",
)
SHOWN: Final = 200
"""Changes, and pages not well, that the Markdown names: a day has fewer, a first run thousands."""
ENDS: Final = ("unchanged", "quarantined", "failed", "not_fetched")

# The ledger has a line for each page; a file that was replaced begins a version without one.
_NEWS: Final = """
SELECT v.release_id, v.version, v.change, v.title, v.url, v.jcm_role
FROM release_versions v SEMI JOIN (
    SELECT release_id, version FROM ledger WHERE run_id = $run AND change IS NOT NULL
    UNION
    SELECT f.release_id, f.version FROM (
        SELECT release_id, version, capture_id FROM release_versions WHERE change = 'attachment'
    ) f JOIN captures c ON c.capture_id = f.capture_id WHERE c.run_id = $run
) n ON n.release_id = v.release_id AND n.version = v.version
ORDER BY v.published_on, v.release_id, v.version
"""
_TROUBLES: Final = """
SELECT page, outcome, coalesce(reason, '') AS reason FROM ledger
WHERE run_id = ? AND outcome IN ('quarantined', 'failed') ORDER BY outcome, page
"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page that did not end well, and why."""

    page: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class News:
    """A version this run caused."""

    release_id: str
    version: int
    change: str
    title: str
    url: str
    jcm_role: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run: its row of `runs`, the versions it caused, and the pages that did not end well."""

    run: dict[str, Any]
    news: tuple[News, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @property
    def run_id(self) -> str:
        """Identifier of the run."""
        return str(self.run["run_id"])

    @property
    def is_clean(self) -> bool:
        """Whether every page that was asked for was had and read."""
        return not self.troubles

    def counts(self) -> dict[str, int]:
        """The ledger's stages and ends in order, for a table."""
        return {name: int(self.run.get(name) or 0) for name in (*STAGES, *ENDS)}

    @property
    def seconds(self) -> float | None:
        """How long the run took; None for one that did not end by itself."""
        begun, ended = self.run.get("started_at"), self.run.get("finished_at")
        return (ended - begun).total_seconds() if begun and ended else None

    def cost(self) -> str:
        """What the run cost the site, and how long it took."""
        took = "not ended" if self.seconds is None else f"{self.seconds:.0f} s"
        return f"{self.run['requests']} requests, {self.run['bytes_received']:,} bytes, {took}"

    def line(self) -> str:
        """The ledger and the cost in one line, without the zeros."""
        counts = (f"{count} {name.replace('_', ' ')}" for name, count in self.counts().items() if count)
        return ", ".join((*counts, self.cost()))

    def as_dict(self) -> dict[str, Any]:
        """The whole report as plain values."""
        return asdict(self)

    def markdown(self) -> str:
        """The report as Markdown; text from pages is escaped, since it is data and not markup."""
        lines = [f"## Run {self.run_id}", "", self.cost(), "", "| stage | pages |", "|---|---:|"]
        lines += [f"| {name.replace('_', ' ')} | {count} |" for name, count in self.counts().items()]
        if self.news:
            lines += ["", "### Changes", ""]
            lines += [f"- {one.change}: {escape(one.title)} (<{one.url}>)" for one in self.news[:SHOWN]]
            lines += more(self.news)
        if self.troubles:
            lines += ["", "### Not well", ""]
            lines += [f"- {one.outcome}: <{one.page}>: {escape(one.reason)}" for one in self.troubles[:SHOWN]]
            lines += more(self.troubles)
        return "\n".join(lines)


def more(found: Sequence[object]) -> list[str]:
    """The line that says how many are not named; none where all are."""
    left = len(found) - SHOWN
    return [f"- and {left:,} more, which the archive's ledger has"] if left > 0 else []


def escape(text: str) -> str:
    """Markdown's own signs made literal: a title must not become a link or a picture."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|~&" else sign for sign in " ".join(text.split()))


def report_of(archive: Place, run_id: str) -> RunReport:
    """The report of one run, from the archive that holds it; `Usage` if it does not."""
    with open_archive(archive) as reader:
        runs = reader.rows("SELECT * EXCLUDE (fill_shares) FROM runs WHERE run_id = ?", [run_id])
        if not runs:
            raise Usage(f"no run {run_id!r} in {archive}; `moej status` lists the last ones")
        return RunReport(
            run=runs[0],
            news=tuple(News(**row) for row in reader.rows(_NEWS, {"run": run_id})),
            troubles=tuple(Trouble(**row) for row in reader.rows(_TROUBLES, [run_id])),
        )
