"""Credits in a table: one row a project, the amount issued beside Japan's share of it."""

import re
from collections.abc import Iterator

_HEAD = re.compile(
    r"クレジットの?(?:発行)?量|発行量|(?:amount|number|volume)\s{1,3}of\s{1,3}credits"
    r"|credits?\s{1,3}(?:to be )?issued",
    re.IGNORECASE,
)
_SHARED = re.compile("日本|政府|獲得|GoJ|Japan", re.IGNORECASE)
_FIGURE = re.compile(r"(\d[\d,]*)\s{0,2}(?:t-?CO2\w*|トン|tons?)?")
_FIGURES = re.compile(rf"{_FIGURE.pattern}(?:\s+{_FIGURE.pattern})*")
_TOTAL = re.compile(r"^\W{0,9}(?:合\s?計|総\s?計|計|total)\W{0,9}", re.IGNORECASE)
_ENDS = re.compile("連絡先|添付資料|お?問合?い?合わせ|About the|Contact")
_HEAD_LINES = 6
_MOST_LINES = 200


def _figures(text: str) -> list[float]:
    """The numbers of a row; of a row written with bars only the cells that are numbers and nothing else."""
    cells = [cell.strip() for cell in text.split("|")]
    return [
        float(figure[1].replace(",", ""))
        for cell in cells
        if _FIGURES.fullmatch(cell)
        for figure in _FIGURE.finditer(cell)
    ]


def _rows(lines: list[str]) -> Iterator[tuple[bool, float]]:
    total = False
    for line in lines[:_MOST_LINES]:
        if _ENDS.search(line):
            return
        total = total or bool(_TOTAL.match(line))
        for figure in _figures(_TOTAL.sub("", line.strip(" |\t"))):
            yield total, figure


def issued_in_tables(body: str) -> float | None:
    """The sum of the column of credits issued, or its total where the table has one; None without a table."""
    head = _HEAD.search(body)
    if head is None:
        return None
    lines = body[head.end() :].split("\n")
    shared = bool(_SHARED.search(" ".join(lines[:_HEAD_LINES])))
    figures = list(_rows(lines))
    totals = [value for total, value in figures if total]
    issued = totals[:1] or [value for _, value in figures][:: 2 if shared else 1]
    return sum(issued) or None
