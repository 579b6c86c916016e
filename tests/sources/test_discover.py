"""Finding pages by two routes that check each other, without asking more than the day needs."""

from datetime import date

import pytest

from extractors.errors import Skip, Stop
from extractors.release import Listed, Listing
from sources.discover import discover, merge, months_back, walk
from sources.urls import Site

HOME = "https://www.env.go.jp"
INDEX, EN_INDEX = f"{HOME}/press/", f"{HOME}/en/press/"
JUNE, MAY, APRIL = (f"{HOME}/press/2026{month}.html" for month in ("06", "05", "04"))
TODAY = date(2026, 6, 12)


def item(number: int, day: date | None) -> Listed:
    """One line of a list."""
    return Listed(f"{HOME}/press/press_{number:05d}.html", f"第{number}報", day)


def listing(url: str, *items: Listed, months: tuple[str, ...] = (), says_empty: bool = False) -> Listing:
    """One list."""
    return Listing(url, "en" if "/en/" in url else "ja", items, months, says_empty)


class Lists:
    """The lists of a site, and which of them were asked for."""

    def __init__(self, *listings: Listing) -> None:
        self.by_url = {each.url: each for each in listings}
        self.asked: list[str] = []

    def __call__(self, url: str) -> Listing:
        """One list; `Skip` as the collector does when there is none."""
        self.asked.append(url)
        if url not in self.by_url:
            raise Skip(f"{url} answered 404 (gone)")
        return self.by_url[url]


MONTHS = (JUNE, MAY, APRIL)
NEW, OLD = item(5, date(2026, 6, 11)), item(4, date(2026, 5, 20))


def test_a_quiet_day_asks_the_index_and_the_current_month() -> None:
    """Where the index reaches back beyond the newest release known, older months are left alone."""
    ask = Lists(listing(INDEX, NEW, OLD, months=MONTHS), listing(JUNE, NEW))
    found = discover(ask, site=Site(), newest={"ja": date(2026, 6, 10)}, today=TODAY)
    assert ask.asked == [INDEX, JUNE, EN_INDEX]
    assert found.pages == (NEW.url, OLD.url)
    assert found.notes == (
        f"no English index: the index {EN_INDEX} cannot be used: {EN_INDEX} answered 404 (gone)",
    )


def test_months_fill_the_gap_after_a_long_pause() -> None:
    """Where the index does not reach back, every month since the newest release known is asked."""
    between = item(3, date(2026, 5, 2))
    ask = Lists(
        listing(INDEX, NEW, months=MONTHS), listing(JUNE, NEW), listing(MAY, OLD, between), listing(APRIL)
    )
    found = discover(ask, site=Site(), newest={"ja": date(2026, 4, 20)}, today=TODAY)
    assert ask.asked == [INDEX, JUNE, MAY, APRIL, EN_INDEX]
    assert found.pages == (NEW.url, OLD.url, between.url)


def test_the_day_where_the_index_ends_is_not_trusted() -> None:
    """The last day on the index may be cut in the middle: it counts only if an older day follows."""
    ask = Lists(listing(INDEX, NEW, months=MONTHS), listing(JUNE, NEW), listing(MAY, OLD))
    discover(ask, site=Site(), newest={"ja": date(2026, 6, 11)}, today=TODAY)
    assert ask.asked == [INDEX, JUNE, EN_INDEX]
    ask = Lists(listing(INDEX, OLD, months=MONTHS), listing(JUNE), listing(MAY, OLD))
    discover(ask, site=Site(), newest={"ja": OLD.published_on or TODAY}, today=TODAY)
    assert ask.asked == [INDEX, JUNE, MAY, EN_INDEX]


def test_an_empty_archive_begins_with_the_lists_of_today() -> None:
    """History is the backfill's work."""
    ask = Lists(listing(INDEX, OLD, months=MONTHS), listing(JUNE))
    discover(ask, site=Site(), newest={}, today=TODAY)
    assert ask.asked == [INDEX, JUNE, EN_INDEX]


def test_on_the_first_of_a_month_the_newest_linked_month_is_the_ledger() -> None:
    """The new month's page may not exist yet."""
    ask = Lists(listing(INDEX, OLD, months=(MAY, APRIL)), listing(MAY, OLD))
    discover(ask, site=Site(), newest={}, today=date(2026, 6, 1))
    assert ask.asked == [INDEX, MAY, EN_INDEX]


def test_a_month_page_that_is_missing_is_noted() -> None:
    """The index alone still counts; the report says that the ledger was not there."""
    found = discover(Lists(listing(INDEX, NEW)), site=Site(), newest={}, today=TODAY)
    assert found.pages == (NEW.url,)
    assert found.notes[0] == f"no month page 2026-06 (ja): {JUNE} answered 404 (gone)"


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (Lists(), "answered 404"),
        (Lists(listing(INDEX, months=MONTHS)), "lists no release and does not say that there is none"),
    ],
)
def test_no_index_stops_the_run(lists: Lists, words: str) -> None:
    """A missing or an empty index is an error with one clear line, not a day without news."""
    with pytest.raises(Stop, match=words):
        discover(lists, site=Site(), newest={}, today=TODAY)


def test_a_site_that_asks_us_to_stop_is_heard_at_the_english_index_too() -> None:
    """Only the lack of a list is noted; a reason to end the run ends it."""

    def ask(url: str) -> Listing:
        if url == EN_INDEX:
            raise Stop("the site asks to stay away for 86400 s")
        return listing(url, NEW)

    with pytest.raises(Stop, match="stay away"):
        discover(ask, site=Site(), newest={}, today=TODAY)


def test_an_index_that_says_it_is_empty_is_believed() -> None:
    """Zero is a fact when the site says so itself."""
    found = discover(Lists(listing(INDEX, says_empty=True)), site=Site(), newest={}, today=TODAY)
    assert found.pages == ()


def test_the_english_index_is_a_second_site_of_its_own() -> None:
    """Its months are asked like the Japanese ones, by its own newest release."""
    english = Listed(f"{HOME}/en/press/press_00009.html", "News", date(2026, 6, 9))
    en_june = f"{EN_INDEX}202606.html"
    ask = Lists(
        listing(INDEX, NEW, months=MONTHS),
        listing(JUNE, NEW),
        listing(EN_INDEX, english, months=(en_june,)),
        listing(en_june, english),
    )
    found = discover(ask, site=Site(), newest={"ja": date(2026, 6, 12)}, today=TODAY)
    assert ask.asked == [INDEX, JUNE, EN_INDEX, en_june]
    assert found.pages == (NEW.url, english.url)


def test_what_only_one_route_knows_is_found_and_noted() -> None:
    """A page on one list alone is fetched all the same, and the difference is told."""
    only_index, only_month = item(7, date(2026, 6, 10)), item(8, date(2026, 6, 9))
    ask = Lists(
        listing(INDEX, NEW, only_index, OLD, months=MONTHS),
        listing(JUNE, NEW, only_month),
    )
    found = discover(ask, site=Site(), newest={}, today=TODAY)
    assert set(found.pages) == {NEW.url, only_index.url, OLD.url, only_month.url}
    assert found.notes[1:] == (
        f"{only_index.url} (2026-06-10) is not on {JUNE}",
        f"{only_month.url} (2026-06-09) is not on {INDEX}",
    )


def test_one_page_under_several_names_is_found_once() -> None:
    """Spellings of one address on one or several lists are one page, with all its routes."""
    twin = Listed("http://env.go.jp/press/press_00005.html#a", "第5報", None)
    (found,) = merge([listing(INDEX, twin, NEW), listing(JUNE, NEW)], site=Site())
    assert (found.page, found.routes, found.listed) == (NEW.url, (INDEX, JUNE), NEW)


def test_files_and_other_hosts_are_kept_as_facts() -> None:
    """A line that is no press page of the site is recorded and not fetched."""
    odd = [
        Listed(f"{HOME}/content/000001.pdf", "PDF", TODAY),
        Listed("https://www.meti.go.jp/press/1.html", "METI", TODAY),
        Listed(f"{HOME}/earth/jcm/", "JCM", TODAY),
        Listed("javascript:void(0)", "?", TODAY),
        Listed(f"{HOME}/press/202605.html", "5月", TODAY),
    ]
    found = discover(Lists(listing(INDEX, NEW, *odd)), site=Site(), newest={}, today=TODAY)
    assert found.pages == (NEW.url,)
    assert [each.listed for each in found.kept] == odd


def test_a_backfill_walks_newest_first_and_notes_months_without_a_page() -> None:
    """Each month is a unit of its own."""
    ask = Lists(listing(JUNE, NEW), listing(APRIL))
    steps = list(walk(ask, months_back((2026, 4), (2026, 6))))
    assert [month for month, _ in steps] == [(2026, 6), (2026, 5), (2026, 4)]
    assert steps[1][1] == f"{MAY} answered 404 (gone)"
    assert isinstance(steps[0][1], Listing)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ((2025, 11), (2026, 2), ((2026, 2), (2026, 1), (2025, 12), (2025, 11))),
        ((2026, 2), (2026, 2), ((2026, 2),)),
        ((2026, 3), (2026, 2), ()),
    ],
)
def test_months_are_counted_over_the_year(
    first: tuple[int, int], last: tuple[int, int], months: tuple[tuple[int, int], ...]
) -> None:
    """From the last month back to the first, both included."""
    assert months_back(first, last) == months
