"""`feeds/jcm.atom` and `feeds/all.atom`: what is new, for feed readers.

The files are a pure function of the archive: same archive, same bytes, and a file is replaced only if it
differs. An entry's id is made of the release's id and stays; its `updated` is when the release's current
version was first seen, so it moves when the Ministry changes the page and at no other time.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import duckdb
from feedgen.feed import FeedGenerator

from alerts.messages.clean import address, one_line
from alerts.messages.notices import first_sentences
from alerts.messages.views import countries, words
from extractors.site import JAPAN
from sources.failpoints import failpoint
from warehouse.stores.archive import attach
from warehouse.stores.draft import Place

ENTRIES: Final = 100
CREDIT: Final = (
    "出典：環境省ホームページ（https://www.env.go.jp/press/）公共データ利用規約（PDL1.0）; extracted by moej"
)
AUTHOR: Final = "環境省 (Ministry of the Environment, Japan)"
_FEEDS: Final = {
    "jcm": ("JCM announcements of Japan's Ministry of the Environment", "jcm_role = 'subject'"),
    "all": ("Press releases of Japan's Ministry of the Environment", "true"),
}
_ENTRIES: Final = """
SELECT release_id, url, lang, title, published_on, coalesce(nullif(lead, ''), body) AS lead, categories,
       jcm_kind, jcm_countries, valid_from, first_seen_at, withdrawn_at
FROM release_versions WHERE valid_to IS NULL AND {where}
ORDER BY first_seen_at DESC, published_on DESC, release_id DESC LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as bytes, and when anything in it last changed; None if it is empty."""

    name: str
    content: bytes
    updated: datetime | None


def write_feeds(archive: Place, folder: Path, *, base: str | None = None) -> tuple[str, ...]:
    """Bring the feeds up to date with the archive; the names of the files that changed.

    `base` is the address of the folder where it is served, for the feeds' links to themselves.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with attach(archive) as db:
        made = [feed(db, name, base=base) for name in _FEEDS]
    return tuple(f"{one.name}.atom" for one in made if _put(folder / f"{one.name}.atom", one.content))


def feed(db: duckdb.DuckDBPyConnection, name: str, *, base: str | None = None, limit: int = ENTRIES) -> Feed:
    """The feed `jcm` or `all` of an open archive."""
    title, where = _FEEDS[name]
    cursor = db.execute(_ENTRIES.format(where=where, limit=limit))
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    updated = max((row["valid_from"] for row in rows), default=None)
    made = FeedGenerator()
    made.id(_id(f"feed/{name}"))
    made.title(title)
    made.author(name=AUTHOR)
    made.rights(CREDIT)
    made.generator("moej")
    # Never the time of writing: a feed that moves without news wakes every reader for nothing.
    made.updated(updated or datetime(1970, 1, 1, tzinfo=JAPAN))
    if base:
        made.link(href=f"{base.rstrip('/')}/{name}.atom", rel="self", type="application/atom+xml")
    made.link(href="https://www.env.go.jp/press/", rel="alternate", type="text/html")
    for row in rows:
        _entry(made, row)
    return Feed(name, made.atom_str(pretty=True), updated)


def _id(path: str) -> str:
    return uuid5(NAMESPACE_URL, f"https://www.env.go.jp/press/#moej/{path}").urn


def _entry(made: Any, row: dict[str, Any]) -> None:
    entry = made.add_entry(order="append")
    entry.id(_id(f"release/{row['release_id']}"))
    frame = words(row["lang"] if row["lang"] in {"ja", "en"} else "ja")
    gone = f"[{frame['change']['withdrawn']}] " if row["withdrawn_at"] else ""
    entry.title(one_line(f"{gone}{row['title']}"))
    entry.updated(row["valid_from"])
    entry.published(_published(row["published_on"]))
    entry.link(href=address(row["url"]), rel="alternate", type="text/html", hreflang=row["lang"])
    entry.summary(one_line(_summary(row, frame)) or one_line(row["title"]))
    entry.rights(CREDIT)
    for term in _terms(row, frame):
        entry.category(term=term)


def _published(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def _summary(row: dict[str, Any], frame: Any) -> str:
    told = first_sentences(row["lead"] or "")
    kind = frame["kinds"].get(row["jcm_kind"], "") if row["jcm_kind"] else ""
    where = countries(row["jcm_countries"] or (), frame["lang"])
    return " · ".join(filter(None, (kind, where, told)))


def _terms(row: dict[str, Any], frame: Any) -> Sequence[str]:
    terms = [one_line(one) for one in row["categories"] or ()]
    return [
        *filter(None, terms),
        *([frame["kinds"][row["jcm_kind"]]] if row["jcm_kind"] in frame["kinds"] else []),
    ]


def _put(path: Path, content: bytes) -> bool:
    """Replace a file whole if its content differs; a reader never sees half of it."""
    if path.exists() and path.read_bytes() == content:
        return False
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    failpoint("alerts.feed_written")
    fresh.replace(path)
    return True
