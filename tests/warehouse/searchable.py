"""The releases of `search_releases.toml`, and what a query must find among them."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.warehouse.rows import release
from warehouse.search.folding import fold_line
from warehouse.search.query import Filter, Query, Term

_GIVEN = tomllib.loads((Path(__file__).parent / "search_releases.toml").read_text(encoding="utf-8"))[
    "release"
]
RELEASES: tuple[dict[str, Any], ...] = tuple(release(one.pop("id"), **one) for one in _GIVEN)

ATTACHMENT_TEXT = (
    "20250520-press_17",
    "https://www.env.go.jp/content/000000001.pdf",
    "モンゴルの風力発電\n方法論ＭＮ００１",
)

TEXT_PARTS = [*"二国間 クレジット JCM ｊｃｍ 取り 組み の は 発行 - （ 第4回 ﾌﾟﾗ ■ a".split(), " ", "　"]  # noqa: SIM905


def lines(row: dict[str, Any]) -> Iterator[str]:
    """Every searchable line of a release as printed, title first."""
    yield row["title"]
    yield from row["body"].split("\n")
    for fact in row["facts"]:
        yield f"{fact['label']}：{fact['value']}"
    for attachment in row["attachments"]:
        yield attachment["title"]
    for contact in row["contacts"]:
        yield contact["organisation"]
        yield from (f"{phone['label']}：{phone['number']}" for phone in contact["phones"])
        yield from (f"{one['role']}：{one['name']}（内線{one['extension']}）" for one in contact["people"])
        yield from contact["emails"]
    if row["release_id"] == ATTACHMENT_TEXT[0]:
        yield from ATTACHMENT_TEXT[2].split("\n")


def expected(query: Query, rows: Iterable[dict[str, Any]] = RELEASES) -> set[str]:
    """Ids of the releases that a query finds, by looking into every line."""
    return {row["release_id"] for row in rows if query and _matches(query, row)}


def _matches(query: Query, row: dict[str, Any]) -> bool:
    return (
        all(any(_holds(row, term) for term in clause) for clause in query.clauses)
        and not any(_holds(row, term) for term in query.without)
        and all(_passes(row, one) != one.negative for one in query.filters)
    )


def _holds(row: dict[str, Any], term: Term) -> bool:
    looked_at = [row["title"]] if term.in_title else lines(row)
    return any(one in fold_line(line) for line in looked_at for one in term.spellings)


def _passes(row: dict[str, Any], one: Filter) -> bool:
    day = row["published_on"].isoformat()
    verdicts: dict[str, bool] = {
        "kind": row["jcm_kind"] == one.value,
        "country": one.value.upper() in {*row["countries"], *row["jcm_countries"]},
        "lang": row["lang"] == one.value,
        "category": one.value in {fold_line(name) for name in row["categories"]},
        "from": day >= one.value,
        "to": day <= one.value,
    }
    return verdicts[one.field]
