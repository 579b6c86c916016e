"""The list pages: which releases an index, a month or a category shows at a moment."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.records import JST
from pressroom.templates import listing
from pressroom.templates.frame import Look
from pressroom.templates.listing import Item, ListPage
from pressroom.templates.tags import SLUGS
from pressroom.timeline import State, Timeline

_FIRST_DAYS = 7
_INDEX_LEAST = 3
_CATEGORY_MOST = 50
_MONTH = re.compile(r"(?P<folder>/press|/en/press)/(?P<month>(?:19|20)\d{4})\.html")
_FOLDER = re.compile(r"(?P<folder>/press|/en/press)/(?:(?P<slug>[a-z-]+)/)?(?:index\.html)?")
_NO_ITEMS = {
    "ja": "現在、掲載している報道発表資料はありません。",
    "en": "There are no press releases at present.",
}
_EPOCH = datetime(1997, 1, 1, tzinfo=JST)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A list page and the moment its bytes last changed."""

    body: bytes
    modified: datetime


class Lists:
    """The list pages of both languages."""

    def __init__(self, timeline: Timeline, look: Look) -> None:
        self._timeline = timeline
        self._look = look

    def page(self, path: str, now: datetime) -> Rendered | None:
        """The list at `path`; nothing where none stands (a month without releases, an unknown category)."""
        if match := _MONTH.fullmatch(path):
            return self._month(path, _lang(match["folder"]), match["month"], now)
        match = _FOLDER.fullmatch(path)
        if match is None:
            return None
        if match["slug"]:
            return self._category(path, _lang(match["folder"]), match["slug"], now)
        return self._index(f"{match['folder']}/", _lang(match["folder"]), now)

    def empty_index(self, *, says_so: bool, lang: str = "ja") -> bytes:
        """The index with nothing in it, and a sentence that says so or not."""
        text = _NO_ITEMS[lang] if says_so else ""
        return listing.page(ListPage("/press/", "報道発表資料", (), frozenset(), lang, text), self._look)

    def _month(self, path: str, lang: str, month: str, now: datetime) -> Rendered | None:
        states = self._timeline.month(lang, month, now)
        title = (
            f"{month[:4]}年{int(month[4:])}月の報道発表資料" if lang == "ja" else "Press Releases by month"
        )
        return self._rendered(path, lang, title, states, now) if states else None

    def _index(self, path: str, lang: str, now: datetime) -> Rendered:
        this_month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        week_over = this_month + timedelta(days=_FIRST_DAYS)
        oldest = f"{now:%Y%m}" if now >= week_over else f"{this_month - timedelta(days=1):%Y%m}"
        states: list[State] = []
        months = self._timeline.months(lang, now)
        while months and (months[-1] >= oldest or len(states) < _INDEX_LEAST):
            states = self._timeline.month(lang, months.pop(), now) + states
        # The month before leaves the list by the calendar alone, without any release changing.
        floor = week_over if months and now >= week_over else _EPOCH
        return self._rendered(path, lang, _title(lang), states, now, floor=floor)

    def _category(self, path: str, lang: str, slug: str, now: datetime) -> Rendered | None:
        names = {name for name, own in SLUGS.items() if own == slug}
        if not names:
            return None
        states: list[State] = []
        for month in reversed(self._timeline.months(lang, now)):
            found = [
                one for one in self._timeline.month(lang, month, now) if names & set(one.record.categories)
            ]
            states = found + states
            if len(states) >= _CATEGORY_MOST:
                break
        return self._rendered(path, lang, _title(lang), states, now)

    def _rendered(  # noqa: PLR0913 -- the parts of one page; an object for them would be used once
        self,
        path: str,
        lang: str,
        title: str,
        states: list[State],
        now: datetime,
        *,
        floor: datetime = _EPOCH,
    ) -> Rendered:
        shown = [state for state in reversed(states) if state.listed]
        items = [_item(state) for state in shown for _ in range(1 + state.record.listed_twice)]
        months = self._timeline.months(lang, now)
        page = ListPage(path, title, items, frozenset(months), lang, _NO_ITEMS[lang])
        newest = self._timeline.month(lang, months[-1], now)[0].record.published_at if months else _EPOCH
        modified = max((floor, newest, *(state.relisted for state in states)))
        return Rendered(listing.page(page, self._look), modified)


def _item(state: State) -> Item:
    record = state.record
    return Item(record.day, record.elsewhere or record.path, record.title, record.categories)


def _lang(folder: str) -> str:
    return "en" if folder.startswith("/en/") else "ja"


def _title(lang: str) -> str:
    return "報道発表資料" if lang == "ja" else "Press Releases"
