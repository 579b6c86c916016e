"""The command `moej`: the hand on the switch. Results go to stdout, progress and logs to stderr."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from cli import exits
from cli.commands import LazyGroup
from cli.context import Context
from cli.failures import in_words, is_ctrl_c
from extractors.errors import MoejError, Usage
from flows.settings import load_settings

app = typer.Typer(
    name="moej",
    cls=LazyGroup,
    help="The archive of the press releases of Japan's Ministry of the Environment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="--data, --site, --json and the other options above work before and after the command.",
)

GLOBAL_VALUES: Final = frozenset({"--data", "--site", "--pause", "--contact", "--lang", "--now"})
GLOBAL_FLAGS: Final = frozenset({"--json"})


@app.callback()
def options(  # noqa: PLR0913 - the options that work everywhere
    ctx: typer.Context,
    *,
    data: Annotated[Path | None, typer.Option(help="Folder of the archive [MOEJ_DATA, ./data].")] = None,
    site: Annotated[str | None, typer.Option(help="Where the site is reached [MOEJ_SITE].")] = None,
    pause: Annotated[float | None, typer.Option(help="Seconds between two requests [MOEJ_PAUSE, 3].")] = None,
    contact: Annotated[str | None, typer.Option(help="Who answers for the requests [MOEJ_CONTACT].")] = None,
    lang: Annotated[
        str | None, typer.Option(help="Language of charts and the reading room, ja or en [MOEJ_LANG].")
    ] = None,
    now: Annotated[str | None, typer.Option(help="ISO time instead of the clock [MOEJ_NOW].")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Results as JSON on stdout.")] = False,
) -> None:
    """Take the options that every command shares."""
    settings = load_settings(data=data, site=site, pause=pause, contact=contact, lang=lang, now=now)
    ctx.obj = Context(settings=settings, as_json=as_json)


def hoist(arguments: Sequence[str]) -> list[str]:
    """Move the shared options to the front, so that `moej run --site URL` is `moej --site URL run`.

    Nothing behind a bare `--` is touched: there it is the user's own text.
    """
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in GLOBAL_FLAGS or ("=" in word and word.partition("=")[0] in GLOBAL_VALUES):
            front.append(word)
        elif word in GLOBAL_VALUES:
            front += [word, *([value] if (value := next(words, None)) is not None else [])]
        else:
            rest.append(word)
    return front + rest


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code."""
    try:
        app(args=hoist(sys.argv[1:] if arguments is None else arguments))
    except Usage as error:
        complain(error)
        sys.exit(exits.USAGE)
    except MoejError as error:
        complain(error)
        sys.exit(exits.FAILED)
    except BrokenPipeError:
        # `moej sql … | head` closes the pipe early; that is no failure of ours. Without this the
        # interpreter complains again when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if is_ctrl_c(error):
            sys.exit(exits.STOPPED + signal.SIGINT)
        said = in_words(error)
        if said is None:
            raise
        complain(said)
        sys.exit(exits.FAILED)


def complain(error: MoejError | str) -> None:
    """One line on stderr: what, where, what to do."""
    print("moej:", " ".join(str(error).split()), file=sys.stderr)  # noqa: T201 - the command's own voice
