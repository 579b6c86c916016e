"""`moej import`: copy saved pages into the log, then load. Nothing is asked of the site, so no Prefect."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.collecting import SOFTWARE
from flows.report import RunReport, report_of
from flows.settings import Settings
from flows.steps import load, log_of, new_id
from sources import RunNote, Site
from sources.imports import Imported, import_paths
from warehouse.load import Progress, Say, silent


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of the files of an import, and what the load made of them (None: nothing was new)."""

    imported: Imported
    report: RunReport | None

    @property
    def troubles(self) -> tuple[str, ...]:
        """What did not end well, in lines for a person."""
        pages = self.report.troubles if self.report else ()
        return (*self.imported.problems, *(f"{one.outcome}: {one.page}: {one.reason}" for one in pages))


def bring_in(  # noqa: PLR0913 - what the command was given
    settings: Settings,
    paths: tuple[Path, ...],
    *,
    url: str | None = None,
    at: datetime | None = None,
    progress: Progress | None = None,
    say: Say = silent,
) -> BroughtIn:
    """Copy these files into the log and load them; files the log holds already are left out."""
    note = RunNote(new_id(), "import", Site(settings.site).base, settings.clock(), SOFTWARE)
    imported = import_paths(
        paths,
        log=log_of(settings),
        note=note,
        clock=settings.clock,
        new_id=new_id,
        url=url,
        at=at,
        progress=progress,
    )
    load(settings, say=say)
    report = report_of(settings.archive, note.run_id) if imported.written else None
    return BroughtIn(imported, report)
