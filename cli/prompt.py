"""`moej sql` without a query: statements up to their semicolon, from a person or from a pipe."""

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from sqlite3 import complete_statement
from typing import Any, Final, TypeVar

from rich.text import Text

from cli.context import err
from cli.printing import safe
from extractors.errors import Usage

Found = TypeVar("Found")
READY: Final = "moej> "
MORE: Final = "  ...> "
HELLO: Final = "Statements end with a semicolon; .tables lists what there is; .quit or Ctrl-D leaves."
LEAVE: Final = frozenset({".quit", ".exit", "quit", "exit"})


def answer_all(
    show: Callable[[str], object], interrupt: Callable[[], None], names: Callable[[], Sequence[str]] = list
) -> None:
    """Hand every statement on standard input to `show`, which `interrupt` makes fail from another thread.

    `names` are what the tabulator key completes.

    At a terminal a wrong statement is said and the next one read. From a pipe it raises `Usage`: a script
    must not go on as if it had been answered.
    """
    if not sys.stdin.isatty():
        for statement in statements(lambda _: input()):
            stoppable(partial(show, statement), interrupt)
        return
    with suppress(ImportError):  # Arrow keys and history of this session; nothing is written to disk.
        prepare(importlib.import_module("readline"), names())
    err().print(HELLO)
    converse(statements(input), show, interrupt)


def prepare(readline: Any, names: Sequence[str]) -> None:
    """Let the tabulator key complete these names; written as they are, found in any case."""
    matches: list[str] = []

    def complete(begun: str, place: int) -> str | None:
        if place == 0:
            matches[:] = completions(begun, names)
        return matches[place] if place < len(matches) else None

    readline.set_completer_delims(" \t\n,;()[]=<>+-*/|'\"")
    readline.set_completer(complete)
    # The library of macOS spells it otherwise.
    on_mac = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if on_mac else "tab: complete")


def completions(begun: str, names: Sequence[str]) -> list[str]:
    """The names that begin so; behind a dot the dotted part stays as it was typed."""
    table, dot, rest = begun.rpartition(".")
    return [table + dot + name for name in names if name.lower().startswith(rest.lower())]


def converse(asked: Iterator[str], show: Callable[[str], object], interrupt: Callable[[], None]) -> None:
    """Show each answer, and each mistake where it was made; Ctrl-C stops the statement, not the session."""
    for statement in asked:
        try:
            stoppable(partial(show, statement), interrupt)
        except Usage as error:
            err().print(Text(safe(error), style="red"))
        except KeyboardInterrupt:
            err().print("stopped")


def stoppable(work: Callable[[], Found], interrupt: Callable[[], None]) -> Found:
    """What the work gives; Ctrl-C ends it by `interrupt` before it is passed on."""
    # In the main thread a long query would keep Python from ever seeing Ctrl-C.
    with ThreadPoolExecutor(max_workers=1) as hand:
        answered = hand.submit(work)
        try:
            return answered.result()
        except KeyboardInterrupt:
            interrupt()
            answered.exception()
            raise


def statements(read: Callable[[str], str]) -> Iterator[str]:
    """The statements that lines make up; `read` is told the prompt and raises `EOFError` after the last line.

    Ctrl-C drops what stands there half-typed; with nothing there it leaves.
    """
    pending = ""
    while True:
        try:
            line = read(MORE if pending else READY)
        except EOFError:
            break
        except KeyboardInterrupt:
            if not pending:
                raise
            pending = ""
            err().print()  # The next prompt stands on a line of its own.
            continue
        if not pending and line.strip() in LEAVE:
            return
        if not pending and line.strip() == ".tables":
            line = "SHOW TABLES;"
        pending = (pending + line + "\n").lstrip()
        # Also knows that a semicolon in quotes or in a comment ends nothing.
        if complete_statement(pending):
            yield pending
            pending = ""
    if pending:
        yield pending
