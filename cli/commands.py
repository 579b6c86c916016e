"""Which commands there are and where each lives; a module is imported when its command is called.

An analyst's question must not wait for the HTTP client, the flows or anything else it does not use.
"""

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS: Final[dict[str, str]] = {
    "demo": "cli.demo:demo",
    "run": "cli.run:run",
    "backfill": "cli.backfill:backfill",
    "recheck": "cli.recheck:recheck",
    "import": "cli.raw:import_",
    "rebuild": "cli.raw:rebuild",
    "verify": "cli.raw:verify",
    "show": "cli.archive:show",
    "history": "cli.archive:history",
    "diff": "cli.differences:diff",
    "sql": "cli.archive:sql",
    "search": "cli.search:app",
    "digest": "cli.archive:digest",
    "export": "cli.export:export",
    "alerts": "cli.alerts:app",
    "status": "cli.status:status",
    "runs": "cli.runs:runs",
    "schedule": "cli.schedule:schedule",
    "serve": "cli.serve:serve",
    "chart": "cli.chart:chart",
}
"""Name of the command, then module and function (or typer application), in the order of the help."""


class LazyGroup(TyperGroup):
    """The commands of `COMMANDS`, each made of its function when it is first asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the library's signature
        """Names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the library's signature
        """The command of that name; None, which the library reports as wrong usage, if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        if isinstance(found, typer.Typer):
            group = get_command(found)
            group.name = cmd_name  # Else the help of `moej` lists what it does under no name.
            return group
        alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
        alone.command(cmd_name)(found)
        return get_command(alone)
