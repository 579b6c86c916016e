"""Credits in a table: one row a project, the amount issued beside Japan's share of it."""

import re
from collections.abc import Iterator

_HEAD = re.compile(
    r"クレジット(?:の)?(?:発行)?量|発行量|(?:amount|number|volume) *\n* *of *\n* *credits|credits? *\n* *(?:to be )?issued",
    re.IGNORECASE,
)
_SHARED = re.compile("日本|政府|獲得|GoJ|Japan", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?:\d[\d,]*(?:\s*(?:t-?CO2\w*|トン|tons?))?)(?:[\s|]+\d[\d,]*(?:\s*(?:t-?CO2\w*|トン|tons?))?)*"
)
_TOTAL = re.compile(r"^\W*(?:合\s*計|総\s*計|計|total)\W*", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d,]*")
_MOST_LINES = 200


def _rows(lines: list[str]) -> Iterator[tuple[bool, list[float]]]:
    total = False
    for line in lines[:_MOST_LINES]:
        total = bool(_TOTAL.match(line)) or (total and not line.strip(" |"))
        cells = _TOTAL.sub("", line.strip(" |")) if total else line.strip(" |")
        tail = cells.rpartition("|")[2] if "|" in cells and not _NUMBERS.fullmatch(cells) else cells
        if "|" in cells and not _NUMBERS.fullmatch(cells):
            kept = [cell.strip() for cell in cells.split("|")]
            numeric = [cell for cell in kept if _NUMBERS.fullmatch(cell)]
            tail = " ".join(numeric)
        if tail and _NUMBERS.fullmatch(tail.strip()):
            yield (
                total,
                [float(figure.replace(",", "")) for figure in _FIGURE.findall(re.sub(r"CO2\w*", "", tail))],
            )


def issued_in_tables(body: str) -> float | None:
    """The sum of the column of credits issued, or its total where the table gives one; None without a table."""
    head = _HEAD.search(body)
    if head is None:
        return None
    lines = body[head.end() :].split("\n")
    shared = bool(_SHARED.search(" ".join(lines[:6])))
    figures = [(total, value) for total, values in _rows(lines) for value in values]
    totals = [value for total, value in figures if total]
    values = totals[:1] or [value for _, value in figures][:: 2 if shared else 1]
    return sum(values) or None
