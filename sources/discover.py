"""Which pages there are: the index and the month pages, two routes that check each other.

Nothing here asks the site itself; `ask` does, and gives a listing or raises `Skip` where there is none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from extractors.errors import Skip, Stop, Unreachable
from extractors.release import Listed, Listing
from sources.outcomes import NoAnswer
from sources.urls import Site, family, index_page, month_of, month_page

Ask = Callable[[str], Listing]
Month = tuple[int, int]
LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Found:
    """One page that a listing names: its canonical address, what the list says, and which lists name it."""

    page: str
    listed: Listed
    routes: tuple[str, ...]

    @property
    def fetched(self) -> bool:
        """Whether it is a press page of the site; all else is kept as a fact and not asked."""
        return family(self.page) == "release"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a round over the lists found: pages once each, in the order of the lists; notes for the report."""

    listings: tuple[Listing, ...]
    found: tuple[Found, ...]
    notes: tuple[str, ...]

    @property
    def pages(self) -> tuple[str, ...]:
        """The press pages that are listed."""
        return tuple(each.page for each in self.found if each.fetched)

    @property
    def kept(self) -> tuple[Found, ...]:
        """Listed items that are no press page of the site: files, other hosts, odd addresses."""
        return tuple(each for each in self.found if not each.fetched)


def discover(ask: Ask, *, site: Site, newest: Mapping[str, date], today: date) -> Discovery:
    """Ask the lists of the day.

    `newest` is the newest date of publication that the archive knows, by language; `today` the day in
    Japan. The index and the current month are always asked; older months where the index does not reach
    back beyond the newest release known. `Stop` if the Japanese index cannot be had, cannot be read or is
    empty, `Unreachable` where nothing answered; the English one is only noted, for its form is not known for
    sure.
    """
    listings: list[Listing] = []
    notes: list[str] = []
    for lang in LANGUAGES:
        try:
            index = _index(ask, lang)
        except Skip as error:
            if lang == "ja":
                raise (Unreachable if _is_unanswered(error) else Stop)(str(error)) from error
            notes.append(f"no English index: {error}")
            continue
        listings.append(index)
        listings += _months(ask, index, newest=newest.get(lang), today=today, notes=notes)
    found = merge(listings, site=site)
    return Discovery(tuple(listings), found, (*notes, *disagreements(found, listings)))


def walk(ask: Ask, months: Iterable[Month], *, lang: str = "ja") -> Iterator[tuple[Month, Listing | str]]:
    """The month pages of a backfill, one at a time, each safe to stop after.

    A month without a page gives the reason instead of a listing.
    """
    for month in months:
        try:
            yield month, ask(month_page(lang, *month))
        except Skip as error:
            yield month, str(error)


def months_back(first: Month, last: Month) -> tuple[Month, ...]:
    """The months from `last` back to `first`, both included, newest first."""
    count = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    ordinals = (last[0] * 12 + last[1] - 1 - back for back in range(max(0, count)))
    return tuple((ordinal // 12, ordinal % 12 + 1) for ordinal in ordinals)


def merge(listings: Iterable[Listing], *, site: Site) -> tuple[Found, ...]:
    """The items of several lists, once each, with all lists that name them."""
    found: dict[str, Found] = {}
    for listing in listings:
        for item in listing.items:
            page = site.canonical(item.url, base=listing.url)
            before = found.get(page)
            if before is None:
                found[page] = Found(page, item, (listing.url,))
            elif listing.url not in before.routes:
                found[page] = Found(page, _fuller(before.listed, item), (*before.routes, listing.url))
    return tuple(found.values())


def disagreements(found: Iterable[Found], listings: Iterable[Listing]) -> Iterator[str]:
    """Pages that only one route knows, though the other covers their day."""
    by_url = {listing.url: listing for listing in listings}
    indexes = {url for url in by_url if month_of(url) is None}
    reach = {url: _oldest(by_url[url]) for url in indexes}
    for each in found:
        day = each.listed.published_on
        if day is None or not each.fetched:
            continue
        for index in sorted(indexes):
            month = month_page("en" if index == index_page("en") else "ja", day.year, day.month)
            covered = month in by_url and (oldest := reach[index]) is not None and day > oldest
            if covered and len({index, month} & set(each.routes)) == 1:
                missing = index if index not in each.routes else month
                yield f"{each.page} ({day}) is not on {missing}"


def _is_unanswered(error: BaseException | None) -> bool:
    """Whether it comes of a request that nobody answered."""
    return error is not None and (isinstance(error, NoAnswer) or _is_unanswered(error.__cause__))


def _index(ask: Ask, lang: str) -> Listing:
    url = index_page(lang)
    try:
        listing = ask(url)
    except Skip as error:
        raise Skip(f"the index {url} cannot be used: {error}") from error
    if not listing.items and not listing.says_empty:
        raise Skip(
            f"the index {url} lists no release and does not say that there is none; found 0 items, "
            "expected at least one: look at the page before anything else is fetched"
        )
    return listing


def _months(
    ask: Ask, index: Listing, *, newest: date | None, today: date, notes: list[str]
) -> Iterator[Listing]:
    linked = [month for url in index.months if (month := month_of(url)) is not None]
    for month in _due_months(index, linked, newest=newest, today=today):
        try:
            yield ask(month_page(index.lang, *month))
        except Skip as error:
            notes.append(f"no month page {month[0]}-{month[1]:02d} ({index.lang}): {error}")


def _due_months(
    index: Listing, linked: list[Month], *, newest: date | None, today: date
) -> tuple[Month, ...]:
    """The current month, and those back to the newest release known if the index does not reach so far."""
    current = (today.year, today.month)
    if linked and current not in linked:
        # On the first of a month its page may not exist yet: the newest one linked is the ledger then.
        current = max(month for month in linked)
    oldest = _oldest(index)
    if newest is None or (oldest is not None and oldest < newest):
        return (current,)
    back = months_back(min((newest.year, newest.month), current), current)
    years = {year for year, _ in linked}
    return tuple(month for month in back if month == current or month in linked or month[0] not in years)


def _oldest(listing: Listing) -> date | None:
    return min((item.published_on for item in listing.items if item.published_on is not None), default=None)


def _fuller(first: Listed, second: Listed) -> Listed:
    return first if first.published_on is not None or second.published_on is None else second
