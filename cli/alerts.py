"""`moej alerts`: look through the outbox, try a rule, deliver, send again, mute."""

import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

import typer
from rich.text import Text

import alerts
from cli import exits
from cli.context import Context, err, out
from cli.printing import safe, table
from extractors.errors import Usage
from flows.settings import Settings
from warehouse import open_archive

app = typer.Typer(
    help="Tell people: list, test, preview, deliver, retry, mute.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

NAMED: Final = {"dead": "given up", "held": "held back", "waiting": "waiting to be sent"}
"""What the options of `list` ask for, in words."""
_DAY: Final = "%Y-%m-%d"


def rules_of(settings: Settings) -> alerts.Rules:
    """The rules and channels of moej.toml."""
    return alerts.load_rules(settings.rules, settings.channels, settings.alerts)


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    dead: Annotated[bool, typer.Option("--dead", help="Only those given up.")] = False,
    held: Annotated[bool, typer.Option("--held", help="Only those held back, with the reason.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those still to be sent.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
) -> None:
    """Show what was raised and what became of it on each channel, newest first."""
    context: Context = ctx.obj
    wanted = {"dead": dead, "held": held, "waiting": waiting}
    asked = {name for name, given in wanted.items() if given}
    found = alerts.listing(
        context.settings.state, wanted=lambda one: not asked or _sort(one) in asked, limit=limit
    )
    if context.as_json:
        context.emit([asdict(one) for one in found])
        return
    for one in found:
        out().print(Text(lines(one)))
    if not found:
        out().print(
            f"no alert is {' or '.join(NAMED[one] for one in sorted(asked))}" if asked else "no alert yet"
        )


def lines(one: alerts.Entry) -> str:
    """An alert on one channel in two lines: what became of it, and what it is about."""
    became = f"{one.outcome} ({one.detail})" if one.detail else one.outcome
    head = (
        one.alert_id[:8],
        one.raised_at[:16],
        one.rule,
        one.change,
        f"→ {one.channel or 'nobody'}: {became}",
    )
    return f"{'  '.join(head)}\n  {safe(one.release_id)}  {safe(one.title)}"


def _sort(one: alerts.Entry) -> str:
    """Which of the options an entry falls under."""
    if one.outcome.startswith("held"):
        return "held"
    return "waiting" if one.outcome in {"waiting", "to be sent"} else one.outcome


@app.command()
def test(
    ctx: typer.Context, rule: Annotated[str, typer.Argument(help="Name of a rule in moej.toml.")]
) -> None:
    """Send one message, marked as a test, to each channel of a rule."""
    context: Context = ctx.obj
    settings, rules = context.settings, rules_of(context.settings)
    # Without an archive nothing is delivered: the test would stay in line and go out with the first news.
    open_archive(settings.archive).close()
    new_id = alerts.Means().new_id
    channels = alerts.send_test(settings.state, rules, rule, now=settings.clock(), new_id=new_id)
    err().print(f"one test message to {', '.join(channels)}", markup=False)
    deliver(ctx)


@app.command()
def preview(
    ctx: typer.Context,
    *,
    rule: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=[_DAY], help="Only from this day on.")] = None,
) -> None:
    """Show what the rules would have told over the archive's history; nothing is sent."""
    context: Context = ctx.obj
    rules = rules_of(context.settings)
    asked = rules.rules if rule is None else (rules.rule(rule),)
    day: date | None = since.date() if since else None
    found = alerts.preview(context.settings.archive, asked, since=day)
    if context.as_json:
        context.emit([asdict(one) for one in found])
        return
    rows = [(one.day, one.rule, one.change, one.release_id, one.held, one.title) for one in found]
    out().print(table(("day", "rule", "change", "release", "held", "title"), rows))
    out().print(f"messages that would have been sent: {sum(one.held is None for one in found)}")


@app.command()
def deliver(
    ctx: typer.Context,
    *,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="On a lake: deliver from this machine from now on.")
    ] = False,
) -> None:
    """Send what waits and is due; what fails is tried again by later calls."""
    context: Context = ctx.obj
    settings = context.settings
    if take_over:
        new_id = alerts.Means().new_id
        alerts.take_over(settings.archive, settings.state, now=settings.clock(), new_id=new_id)
    done = alerts.deliver(settings.archive, settings.state, rules_of(settings), clock=settings.clock)
    if context.as_json:
        context.emit(
            {
                "channels": {name: asdict(one) for name, one in done.channels.items()},
                "problems": done.problems,
            }
        )
    else:
        rows = [
            (name, one.sent, one.failed, one.dead, one.waiting) for name, one in sorted(done.channels.items())
        ]
        out().print(
            table(("channel", "sent", "failed", "given up", "waiting"), rows) if rows else "no channel"
        )
    for problem in done.problems:
        err().print(problem, markup=False)
    if done.failed or done.problems:
        raise typer.Exit(exits.FAILED)


@app.command()
def retry(
    ctx: typer.Context,
    given: Annotated[
        str, typer.Argument(metavar="ID", help="An alert, a message (their first 6 letters do) or a release.")
    ],
) -> None:
    """Put what failed, was given up or was held back in line once more; `deliver` sends it."""
    context: Context = ctx.obj
    count = alerts.retry(context.settings.state, given)
    tell(context, {"in_line": count}, f"{count} in line again; `moej alerts deliver` sends them")


@app.command()
def mute(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="rule:NAME, channel:NAME, release:ID or alert:ID.")],
    *,
    days: Annotated[
        float | None, typer.Option(min=0, help="For so many days; for good if not given.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Hear of it again.")] = False,
) -> None:
    """Keep back what is raised about a rule, a channel or a release; it is not sent later either."""
    context: Context = ctx.obj
    settings = context.settings
    if off:
        known = alerts.unmute(settings.state, subject)
        said = f"{subject} is heard again" if known else f"{subject} was not muted"
        tell(context, {"subject": subject, "muted": False, "was_muted": known}, said)
        return
    subject = meant(settings, subject)
    now = settings.clock()
    lasting = timedelta(days=days) if days is not None else None
    alerts.mute(settings.state, subject, now=now, lasting=lasting)
    until = (now + lasting).astimezone(UTC) if lasting is not None else None
    words = f"until {until:%Y-%m-%d %H:%M} UTC" if until else "for good"
    tell(context, {"subject": subject, "muted": True, "until": until}, f"{subject} is muted {words}")


def tell(context: Context, done: dict[str, Any], words: str) -> None:
    """What was done, as values to a program and in words to a person."""
    if context.as_json:
        context.emit(done)
    else:
        out().print(words, markup=False)


def meant(settings: Settings, subject: str) -> str:
    """The subject with its id written out; `Usage` if it names nothing that is there.

    A mute matches whole names: a slip of the pen, or the eight letters that `list` shows of an id, would keep
    nothing back and say nothing.
    """
    kind, _, name = subject.partition(":")
    if kind == "rule":
        rules_of(settings).rule(name)
    elif kind == "channel" and name not in settings.channels:
        raise Usage(f"no channel {name!r} in moej.toml; there are: {', '.join(settings.channels) or 'none'}")
    elif kind == "release":
        with open_archive(settings.archive) as archive:
            return f"release:{archive.resolve(name)}"
    elif kind == "alert":
        return f"alert:{_alert(settings, name)}"
    return subject


def _alert(settings: Settings, begun: str) -> str:
    """The one alert whose id begins so."""
    every = alerts.listing(
        settings.state, wanted=lambda one: one.alert_id.startswith(begun), limit=sys.maxsize
    )
    found = {one.alert_id for one in every} if begun else set()
    if len(found) != 1:
        several = "no alert" if not found else f"{len(found)} alerts"
        raise Usage(f"{begun!r} is the beginning of {several}; `moej alerts list` shows the ids")
    return found.pop()
