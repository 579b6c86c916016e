"""`moej demo`: the whole real pipeline against the press room in a box, then what the archive now answers."""

import shutil
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from cli.archive import short
from cli.context import Context, out
from cli.differences import files_between, text_of
from cli.printing import table
from cli.run import run_daily, show
from extractors.errors import Usage
from flows.report import RunReport
from flows.settings import Settings
from pressroom import DEMO_DAY_ONE, DEMO_LATER_DAY, JST, PressRoom
from warehouse import Reader, open_archive
from warehouse.differences import differences

EVENING: Final = time(18, 30)
MARK: Final = "moej-demo"
BY_KIND: Final = """\
SELECT jcm_kind, count(*) AS announcements, sum(jcm_projects) AS projects, sum(jcm_tonnes) AS tonnes
FROM jcm_announcements GROUP BY jcm_kind ORDER BY announcements DESC, jcm_kind"""
CORRECTED: Final = """\
SELECT n.release_id, n.valid_from - o.valid_from AS stood, n.corrections[1].note AS note
FROM release_versions n JOIN release_versions o
  ON o.release_id = n.release_id AND o.version = n.version - 1
WHERE n.change = 'changed' ORDER BY n.valid_from"""
KNOWN_THEN: Final = """\
SELECT published_on, jcm_role, title FROM releases_as_of('{day_one}')
WHERE jcm_role <> 'none' ORDER BY published_on DESC"""
QUESTIONS: Final = (
    ("Which JCM announcements are there, by kind, and what do they amount to?", BY_KIND),
    ("What did the Ministry correct, and how long did the first version stand?", CORRECTED),
    ("What did we know on the evening of the first day?", KNOWN_THEN),
)


def demo(ctx: typer.Context) -> None:
    """Play two days of a fictional Ministry on this machine, and show what the archive then answers."""
    context: Context = ctx.obj
    if context.settings.warehouse is not None:
        raise Usage("a demo's releases are made up and belong in no lake: unset MOEJ_WAREHOUSE for it")
    folder = context.settings.data / "demo"
    clear(folder)
    console = out()
    with PressRoom(now=DEMO_DAY_ONE) as room:
        first = day(console, room, folder, DEMO_DAY_ONE, "Day one: a first run on an empty archive")
        room.now = DEMO_LATER_DAY
        later = day(
            console, room, folder, DEMO_LATER_DAY, "Two days later: something new, something corrected"
        )
    with open_archive(folder / "archive.duckdb") as archive:
        corrected(console, archive, later)
        ask(console, archive, evening(DEMO_DAY_ONE))
    console.print(
        f"\nThe archive is {folder / 'archive.duckdb'}; look into it with, for example:", style="bold"
    )
    for news in (*later.news, *first.news)[:1]:
        console.print(f"  {program()} --data {folder} show {news.release_id}")
    console.print(f'  {program()} --data {folder} search "二国間クレジット制度"')
    console.print(f"  {program()} --data {folder} serve")


def program() -> str:
    """How to call us again: by name where the shell finds that, else as we were called."""
    return "moej" if shutil.which("moej") else sys.argv[0]


def clear(folder: Path) -> None:
    """Begin clean; `Usage` where the folder holds something that no demo has put there."""
    if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise Usage(f"{folder} holds something that is not a demo's: move it away, or give another --data")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("This folder is made anew by every `moej demo`.\n", encoding="utf-8")


def day(console: Console, room: PressRoom, folder: Path, today: date, title: str) -> RunReport:
    """One daily run, at the hour of the schedule, as `moej run` does it."""
    console.print(Rule(Text(f"{title} ({today})"), align="left"))
    settings = Settings(data=folder, site=room.url, pause=0, now=evening(today), contact="demo@example.org")
    report = run_daily(settings)
    show(console, report)
    return report


def evening(day: date) -> datetime:
    """The hour of the daily run in Tokyo."""
    return datetime.combine(day, EVENING, JST)


def corrected(console: Console, archive: Reader, report: RunReport) -> None:
    """The versions of what was corrected, as a diff."""
    for news in report.news:
        if news.change not in {"changed", "attachment"}:
            continue
        old, new = archive.history(news.release_id)[-2:]
        console.print(Rule(Text(f"What changed in {news.release_id}"), align="left"))
        columns = ["version", "change", "valid_from", "valid_to"]
        console.print(table(columns, [[short(one[name]) for name in columns] for one in (old, new)]))
        console.print(text_of(differences(old, new, files_between(archive, old, new))))


def ask(console: Console, archive: Reader, day_one: datetime) -> None:
    """Three questions as an analyst would ask them, and what the archive says."""
    for question, query in QUESTIONS:
        asked = query.format(day_one=day_one.isoformat())
        console.print(Rule(Text(question), align="left"))
        console.print(Text(asked, style="dim"))
        result = archive.sql(asked)
        columns = [column[0] for column in result.description or ()]
        console.print(table(columns, [[short(cell) for cell in row] for row in result.fetchall()]))
