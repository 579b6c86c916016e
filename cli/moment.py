"""The option `--as-of`: the archive as it was, meant alike by every command and by the reading room."""

from datetime import datetime
from typing import Annotated, Final

import typer

from web.asking import Moment

_READ: Final = Moment("--as-of", "").read

AsOf = Annotated[
    datetime | None,
    typer.Option(
        parser=_READ,
        metavar="WHEN",
        help="As it was then: a day (2025-07-01, its end in Japan) or a time; without an offset, Japan's.",
    ),
]
