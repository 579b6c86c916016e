"""`moej status`: is the archive healthy."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from alerts import health, standing
from cli.archive import short
from cli.context import Context, out
from cli.printing import record, safe, table
from cli.runs import HEADS, line
from extractors.errors import Stop, Usage
from flows.owed import named, still
from flows.settings import Settings
from warehouse import open_archive

SECONDS: Final = 60


def ahead(settings: Settings) -> dict[str, Any]:
    """What the recheck policy costs a day, and what a backfill that was begun still owes."""
    from cli.backfill import plain_owed
    from cli.forecast import pause_in_force
    from flows import backfill, collecting
    from flows.recheck import cost_of

    memory = collecting.recollect(settings)
    cost = asdict(cost_of(settings, memory))
    minutes = cost["requests_a_day"] * pause_in_force(settings) / SECONDS
    recheck = cost | {"rest_every": settings.recheck.rest_every, "minutes_a_day": minutes}
    span = backfill.begun(settings)
    if span is None:
        return {"recheck": recheck, "backfill_owed": None}
    owed = backfill.owed(settings, span)
    said = {"reached": named(span.first), "said": still(owed, settings.clock()), **plain_owed(owed)}
    return {"recheck": recheck, "backfill_owed": said}


def status(
    ctx: typer.Context,
    *,
    max_age: Annotated[
        str | None, typer.Option(help="Exit 1 if the last good daily run is older than this: 26h, 90m, 2d.")
    ] = None,
) -> None:
    """Say whether the archive is healthy: its size, last runs, ledger, quarantine, pending alerts."""
    context: Context = ctx.obj
    if max_age is not None:
        dead_man(context.settings, max_age)
    found = figures(context.settings)
    if context.as_json:
        context.emit(found)
    else:
        show(out(), found)


def figures(settings: Settings) -> dict[str, Any]:
    """All that is said of the archive, by name."""
    with open_archive(settings.archive) as archive:
        found = archive.status()
    alerts = standing(settings.archive, settings.state)
    return found | ahead(settings) | {"alerts": asdict(alerts)}


def show(console: Console, found: dict[str, Any]) -> None:
    """The figures, for a person."""
    found = dict(found)
    lists: dict[str, list[dict[str, Any]]] = {name: found.pop(name) for name in ("runs", "in_quarantine")}
    alerts = found.pop("alerts")
    recheck, owed = found.pop("recheck"), found.pop("backfill_owed")
    record(console, {name: short(value) for name, value in found.items()})
    console.print(
        f"recheck: {recheck['daily']} pages daily, {recheck['weekly']} weekly, {recheck['rest']} every "
        f"{recheck['rest_every']} days: about {recheck['requests_a_day']:.0f} requests a day, "
        f"{recheck['minutes_a_day']:.0f} minutes"
    )
    if owed is not None:
        console.print(f"backfill, back to {owed['reached']} so far: {owed['said']}")
    console.print(
        f"alerts: {sum(alerts['waiting'].values()) + alerts['unsorted']} waiting, "
        f"{sum(alerts['dead'].values())} given up"
    )
    console.print(table(HEADS, map(line, lists["runs"])))
    for one in lists["in_quarantine"]:
        console.print(Text(f"quarantine: {one['url']}: {safe(one['reason'])} ({safe(one['detail'])})"))


def dead_man(settings: Settings, max_age: str) -> None:
    """`Stop`, for whatever watches over the archive, if no daily run has ended well for so long."""
    found = health(settings.archive, span(max_age), settings.clock())
    if not found.ok:
        raise Stop(f"{found.reason}; look at `moej status` and the schedule")


def span(text: str) -> timedelta:
    """A length of time from `26h`, `90m` or `2d`; `Usage` for anything else."""
    units = {"m": "minutes", "h": "hours", "d": "days"}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isdigit():
        raise Usage(f"--max-age: found {text!r}, expected a number and m, h or d, such as 26h")
    return timedelta(**{units[unit]: int(number)})
