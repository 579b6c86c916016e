"""Results longer than the screen go through the pager, as with `git`; short ones and pipes do not."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.pager import Pager, SystemPager

from cli.context import out


class IfLong(Pager):
    """Hands a text to `pager` if it is taller than the screen, and prints it otherwise."""

    def __init__(self, height: int, pager: Pager) -> None:
        self._height = height
        self._pager = pager

    def show(self, content: str) -> None:
        """Show the text."""
        if content.count("\n") < self._height:
            sys.stdout.write(content)
        else:
            self._pager.show(content)


@contextmanager
def paged() -> Iterator[Console]:
    """The console for results that may be longer than a screen. PAGER names the pager; `cat` is none."""
    console = out()
    if not sys.stdout.isatty() or os.environ.get("PAGER") in {"", "cat"}:
        yield console
        return
    # Without R less shows colours as codes, and in the C locale kanji as hexadecimal.
    os.environ.setdefault("LESS", "R")
    os.environ.setdefault("LESSCHARSET", "utf-8")
    with console.pager(IfLong(console.height, SystemPager()), styles=True):
        yield console
