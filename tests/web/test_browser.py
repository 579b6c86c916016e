"""What a person does, in a real browser; pictures of it are left in build/screenshots."""

import importlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web import shelf
from web import Limits, Room

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "screenshots"
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOOKED_AT = (
    "/",
    "/releases?jcm=subject&withdrawn=no",
    "/search?q=JCM&years=yes",
    f"/releases/{shelf.THREE}",
    f"/releases/{shelf.HOSTILE}",
    f"/releases/{shelf.THREE}/diff/1..2",
    f"/releases/{shelf.THREE}/diff/1..2?view=inline",
    f"/captures/{shelf.RAW}",
    f"/releases/{shelf.THREE}/captures",
    "/jcm",
    "/health",
    "/runs/run-1",
    "/alerts",
    "/about",
    "/sql?query=SELECT+1",
    "/nothing",
)
WIDE, NARROW, A4 = 1200, 360, 720
Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """One browser for the tests of this module, with a profile of its own that is thrown away."""
    try:
        playwright = importlib.import_module("playwright.sync_api")
    except ModuleNotFoundError:
        if os.environ.get("MOEJ_REQUIRE_BROWSER") == "1":
            raise
        pytest.skip("the package playwright is not installed here")
    with playwright.sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield one
        one.close()


@contextmanager
def window(
    browser: Any, address: str, *, width: int, ignored: str = "404 (Not Found)", **how: Any
) -> Iterator[Any]:
    """A window of its own for the block; what the browser complains of in it fails the test.

    The status of an error page, `ignored`, is no complaint of the page's.
    """
    complaints = list[str]()
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", base_url=address, **how
    )
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    try:
        yield page
    finally:
        context.close()
    assert [one for one in complaints if ignored not in one] == []


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Opener]:
    """Opens a page in a window of its own."""
    with ExitStack() as windows:

        def opened(path: str, *, width: int = WIDE, **how: Any) -> Any:
            page = windows.enter_context(window(browser, address, width=width, **how))
            page.goto(path)
            return page

        yield opened


def picture(page: Any, name: str) -> None:
    """Keep what the page looks like."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def drawn(page: Any) -> None:
    """Wait for all four charts."""
    page.locator("[data-drawn=yes]").nth(3).wait_for()


def test_search_as_you_type_and_open(visit: Opener) -> None:
    """Typing is enough: hits appear marked, the address follows, and a hit opens the release."""
    page = visit("/search")
    page.locator("#q").press_sequentially("クレジットの発行")
    page.locator("#results mark").first.wait_for()
    page.wait_for_url(re.compile("q="))
    page.locator("#years table").wait_for()
    page.get_by_role("link", name="モンゴルにおけるJCMクレジットの発行について").click()
    page.wait_for_url(f"**/releases/{shelf.CREDITS}")
    assert "9,206" in page.locator("aside").inner_text()


def test_a_search_that_takes_too_long_says_so_where_it_was_typed(
    browser: Any, data: Path, open_room: Callable[[Room], AbstractContextManager[str]]
) -> None:
    """In place of the results stands what to do, and the next search can be typed at once."""
    with (
        open_room(Room(data, limits=Limits(seconds=0.0))) as address,
        window(browser, address, width=WIDE, ignored="503 (Service Unavailable)") as page,
    ):
        page.goto("/search")
        page.locator("#q").press_sequentially("JCM")
        page.locator("#results").get_by_text("add a rarer word").wait_for()
        assert page.locator("#q").input_value() == "JCM"


def test_compare_two_versions(visit: Opener) -> None:
    """From a release to its diff, side by side and inline."""
    page = visit(f"/releases/{shelf.THREE}")
    page.get_by_role("link", name="Compare with version 1").click()
    assert page.locator("td del").first.inner_text() == "24"
    page.get_by_role("link", name="Inline").click()
    assert page.locator(".inline ins").first.inner_text() == "25"


def test_filter_the_jcm_by_country_and_follow_a_mark(visit: Opener) -> None:
    """The charts are drawn, the filter narrows them, and a mark leads to its release."""
    page = visit("/jcm")
    drawn(page)
    page.get_by_label("Partner country").select_option("MN")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/jcm?partner=MN*")
    drawn(page)
    assert page.locator("#timeline .mark-symbol path").count() == 5
    page.locator("#timeline .mark-symbol path").first.click()
    page.wait_for_url("**/releases/2*")


def test_a_field_of_the_table_of_years_leads_to_its_releases(visit: Opener) -> None:
    """The figure of a country and a year opens the announcements it counts."""
    page = visit("/jcm")
    drawn(page)
    page.locator("#heat .mark-text text").first.click()
    page.wait_for_url(re.compile(r"partner=[A-Z]{2}&year=\d{4}"))
    assert page.locator("ol.list li").count() >= 1


def test_subscribe_to_the_feed(visit: Opener) -> None:
    """The feed is named in the head of the page and linked at its foot."""
    page = visit("/jcm")
    named = page.locator('link[type="application/atom+xml"]').nth(1).get_attribute("href")
    linked = (
        page.get_by_role("contentinfo").get_by_role("link", name="JCM announcements").get_attribute("href")
    )
    answer = page.request.get(linked)
    assert (named, answer.status) == (linked, 200)
    assert answer.headers["content-type"].startswith("application/atom+xml")


def test_switch_the_language(visit: Opener) -> None:
    """One click, and this page and the next are in Japanese."""
    page = visit("/jcm?partner=MN")
    page.get_by_role("link", name="日本語").click()
    assert page.locator("html").get_attribute("lang") == "ja"
    assert "モンゴル" in page.locator("h1").inner_text()
    page.get_by_role("link", name="新着", exact=True).click()
    assert page.locator("h1").inner_text() == "新着の報道発表"


def test_everything_but_the_charts_works_without_scripts(visit: Opener) -> None:
    """Search, filters, diff and the tables of the JCM page need no JavaScript."""
    page = visit("/", java_script_enabled=False)
    page.get_by_label("Search for").fill("JCM")
    page.get_by_role("button", name="Search").click()
    assert page.locator("mark").count() > 0
    page.goto("/")
    page.locator("summary").click()
    page.get_by_label("JCM kind").select_option("credits")
    page.get_by_role("button", name="Apply").click()
    assert page.locator("ol.list li").count() == 4
    page.goto("/jcm")
    assert page.locator("#map tbody tr").count() == 31
    assert "The chart needs JavaScript" in page.locator("#map").inner_text()
    picture(page, "without-scripts")


@pytest.fixture(scope="module")
def looked(browser: Any, address: str) -> list[tuple[str, list[Any], int]]:
    """Every page looked at once: its address, what axe-core finds there, how wide it is on a telephone."""
    found = []
    with window(browser, address, width=WIDE) as page:
        for path in LOOKED_AT:
            page.goto(path)
            if path == "/jcm":
                drawn(page)
            picture(page, f"light-{named(path)}")
            violations = axe(page)
            page.set_viewport_size({"width": NARROW, "height": 800})
            found.append((path, violations, page.evaluate("document.documentElement.scrollWidth")))
            page.set_viewport_size({"width": WIDE, "height": 800})
    return found


def axe(page: Any) -> list[Any]:
    """What axe-core with all its rules finds on a page."""
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in result["violations"]]


def named(path: str) -> str:
    """The address of a page as part of a file's name."""
    return re.sub("[^a-z0-9]+", "-", path).strip("-") or "first"


def test_nothing_is_wider_than_a_small_telephone(looked: list[tuple[str, list[Any], int]]) -> None:
    """At 360 px no page scrolls sideways."""
    assert [path for path, _, wide in looked if wide > NARROW] == []


def test_axe_finds_nothing(looked: list[tuple[str, list[Any], int]]) -> None:
    """axe-core with all its rules finds no violation on any page."""
    assert [(path, violations) for path, violations, _ in looked if violations] == []


@pytest.mark.parametrize("how", ["dark", "narrow"])
def test_axe_finds_nothing_in_the_dark_or_on_a_telephone(visit: Opener, how: str) -> None:
    """The same where colours or places are others; there a page opened at 360 px does not scroll either."""
    width, scheme = (NARROW, "light") if how == "narrow" else (WIDE, "dark")
    page = visit("/about", width=width, color_scheme=scheme)
    found, wide = [], []
    for path in ("/search?q=JCM", f"/releases/{shelf.THREE}/diff/1..2", "/jcm"):
        page.goto(path)
        if path == "/jcm":
            drawn(page)
        picture(page, f"{how}-{named(path)}")
        found += [(path, violation) for violation in axe(page)]
        wide.append(page.evaluate("document.documentElement.scrollWidth"))
    assert found == []
    assert max(wide) <= width


def test_the_keyboard_reaches_everything(visit: Opener) -> None:
    """The first tab stop skips to the content, and search works without a mouse."""
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("JCM")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=JCM*")


def test_a_hostile_page_stays_text(visit: Opener) -> None:
    """A release full of markup changes nothing, asks nobody and runs nothing."""
    asked: list[str] = []
    page = visit("/about")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/releases/{shelf.HOSTILE}")
    assert "owned" in page.title()
    assert page.title().startswith("=HYPERLINK")
    assert page.locator("img, iframe").count() == 0
    assert not [url for url in asked if "evil" in url]


def test_print_leaves_out_what_paper_cannot_do(visit: Opener) -> None:
    """On paper there is the text with its source, and no navigation."""
    page = visit(f"/releases/{shelf.THREE}")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").is_visible()
    assert page.get_by_role("contentinfo").is_visible()
    picture(page, "print")


def test_on_paper_each_chart_stands_with_its_table(visit: Opener) -> None:
    """The tables that are folded on the screen are printed, and no chart is wider than the page."""
    page = visit("/jcm")
    drawn(page)
    tables = page.locator("figure table")
    assert not tables.first.is_visible()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    assert [one.is_visible() for one in tables.all()] == [True] * 5
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    picture(page, "print-jcm")
