"""What the pages share: the frame of an answer and the addresses they give."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from web import formats
from web.asked import Asked

SHOWN = 25
TABLE_ROWS = 10_000
BIG = frozenset({"csv", "parquet"})


def frame(asked: Asked) -> dict[str, Any]:
    """The part of `data` that every answer has."""
    return {"as_of": asked.as_of, "source": formats.CREDIT}


def limit(asked: Asked) -> int:
    """How many rows to give: what was asked for, or what suits the format."""
    return int(asked.values.get("limit") or (TABLE_ROWS if asked.kind in BIG else SHOWN))


def address(path: str, asked: Asked, *, more: Mapping[str, Any] | None = None, cursor: bool = False) -> str:
    """The address of this question: its values in order of name, so that equal questions have one address."""
    given = {name: value for name, value in asked.values.items() if cursor or name != "cursor"}
    given |= dict(more or {})
    words = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in given.items()
    }
    query = urlencode(sorted(words.items()))
    return f"{path}?{query}" if query else path


def following(path: str, asked: Asked, cursor: str | None) -> str | None:
    """The address of the rest of a list in the format asked for."""
    if cursor is None:
        return None
    suffix = "" if asked.kind == "html" else f".{asked.kind}"
    return address(path + suffix, asked, more={"cursor": cursor}, cursor=True)
