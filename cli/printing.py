"""How records look on a terminal. Everything from pages is printed as text, never as rich's markup."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

CONTROL: Final = dict.fromkeys({*range(32), *range(127, 160)} - {ord("\n"), ord("\t")})
BIDI: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))

ROOM: Final = 16
"""Letters that a column needs to be read across and not downwards."""
ANY_WIDTH: Final = 1_000_000


def safe(value: object) -> str:
    """Text that cannot move the cursor, ring the bell or turn the line around on whoever reads it."""
    return str(value).translate(CONTROL | BIDI)


def cell(value: object) -> Text:
    """A value as a table cell."""
    if value is None:
        return Text("–", style="dim")
    if isinstance(value, list | tuple):
        return Text(", ".join(safe(plainly(one)) for one in value))
    return Text(safe(plainly(value)))


def plainly(value: object) -> object:
    """A record as JSON, as a reader of the column's type expects it; all else as it is."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else value


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> Table:
    """A table of values; numbers to the right."""
    rows = list(rows)
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for place, name in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[place], int | float) for row in rows)
        drawn.add_column(Text(safe(name)), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*map(cell, row))
    return drawn


def answer(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows as a table, or one below the other where the screen is too narrow for so many columns.

    A table pressed into it would show some letters of each value, or none at all.
    """
    drawn = table(columns, rows)
    natural = Measurement.get(console, console.options.update(max_width=ANY_WIDTH), drawn).maximum
    if natural <= console.width or len(columns) * ROOM <= console.width:
        console.print(drawn)
        return
    widest = max(map(len, columns))
    for number, row in enumerate(rows, 1):
        console.print(Text(f"── {number}", style="dim"))
        for name, value in zip(columns, row, strict=True):
            # Lines of a text stand to the right of the names: none can pass for a field.
            lines = Text(f"\n{'':<{widest}}  ").join(cell(value).split("\n", allow_blank=True))
            console.print(Text.assemble((f"{safe(name):<{widest}}  ", "bold"), lines))
    if not rows:
        console.print(Text(f"no row; columns: {safe(', '.join(columns))}"))


def record(console: Console, fields: Mapping[str, Any]) -> None:
    """A record, one field a line, empty ones left out."""
    for name, value in fields.items():
        if value is None or value == []:
            continue
        console.print(Text.assemble((f"{name:<20}", "bold"), field_text(value)))


def field_text(value: object) -> str:
    """A field's value in words; lists of records one line each."""
    if not isinstance(value, list):
        return safe(value)
    if all(not isinstance(one, dict | list) for one in value):
        return ", ".join(safe(one) for one in value)
    return "".join(f"\n    {' · '.join(parts(one))}" for one in value)


def parts(value: object) -> list[str]:
    """The non-empty leaves of a nested value, in order."""
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in parts(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in parts(one)]
    return [] if value in (None, "") else [safe(value)]
