"""What every command is handed: the settings of this call and how to print."""

import json
import sys
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """Settings and the form of output that was asked for."""

    settings: Settings
    as_json: bool = False

    def for_a_load(self) -> Settings:
        """The settings, for a command that loads: `Usage` if a rule or a channel in moej.toml is wrong.

        The load itself would say so too, but only after the site was asked for all of it.
        """
        from flows.steps import rules_of

        rules_of(self.settings)
        return self.settings

    def emit(self, value: object) -> None:
        """One JSON document on stdout, whatever the terminal is."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n")


def plain(value: object) -> Any:
    """What JSON has no word for: dates and times in ISO, records as objects, sets sorted."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Path():
            return str(value)
        case set() | frozenset():
            return sorted(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


def out() -> Console:
    """The console for results; rich drops colour and control codes when stdout is no terminal."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """The console for progress and logs."""
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())
