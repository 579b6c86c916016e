"""Which addresses are the Ministry's, and which of them are one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import Usage
from sources.urls import MINISTRY, Site, family, language, month_of, page_name

PAGE = f"{MINISTRY}/press/press_00177.html"
MIRROR = Site("http://127.0.0.1:8800")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://www.env.go.jp/press/press_00177.html", PAGE),
        ("https://env.go.jp/press/press_00177.html", PAGE),
        ("HTTPS://WWW.ENV.GO.JP.:443/press/press_00177.html", PAGE),
        ("https://www.env.go.jp/press/press_00177.html#top", PAGE),
        ("https://www.env.go.jp/press/press_00177.html?utm_source=mail&fbclid=x", PAGE),
        ("https://www.env.go.jp/press/press_00177.html?v=2", PAGE),
        ("https://www.env.go.jp//press/./x/../press_00177.html", PAGE),
        ("https://www.env.go.jp/press/press%5F00177.html", PAGE),
        ("/press/press_00177.html", PAGE),
        ("press_00177.html", PAGE),
        ("https://www.env.go.jp/press/press_00177-print.html", PAGE),
        ("https://www.env.go.jp/press/110539-print.html", f"{MINISTRY}/press/110539.html"),
        ("http://www.env.go.jp/press/press.php?serial=9876", f"{MINISTRY}/press/9876.html"),
        ("http://www.env.go.jp/en/headline/headline.php?serial=2500", f"{MINISTRY}/en/headline/2500.html"),
        ("https://www.env.go.jp/press/index.html", f"{MINISTRY}/press/"),
        ("https://www.env.go.jp/press", f"{MINISTRY}/press/"),
        ("https://www.env.go.jp/press/recycle/index.html", f"{MINISTRY}/press/recycle/"),
        ("https://www.env.go.jp/content/別紙 1.pdf", f"{MINISTRY}/content/%E5%88%A5%E7%B4%99%201.pdf"),
        ("https://www.env.go.jp/content/%e5%88%a5.pdf", f"{MINISTRY}/content/%E5%88%A5.pdf"),
        ("https://www.env.go.jp/cgi-bin/a?b=1", f"{MINISTRY}/cgi-bin/a?b=1"),
        ("https://www.example.org/a?b=1&utm_id=2#c", "https://www.example.org/a?b=1"),
        ("mailto:jcm@env.go.jp", "mailto:jcm@env.go.jp"),
    ],
)
def test_every_spelling_of_an_address_has_one_canonical_form(url: str, canonical: str) -> None:
    """Scheme, www, index.html, serial numbers, print twins, fragments and tracking name one page."""
    assert Site().canonical(url, base=f"{MINISTRY}/press/") == canonical


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/press/", "listing"),
        ("/press/202605.html", "listing"),
        ("/press/recycle/", "listing"),
        ("/en/press/", "listing"),
        ("/en/press/202605.html", "listing"),
        ("/en/headline/", "listing"),
        ("/press/114.html", "release"),
        ("/press/110746.html", "release"),
        ("/press/202613.html", "release"),
        ("/press/110746_00001.html", "release"),
        ("/press/press_05099.html", "release"),
        ("/en/headline/2500.html", "release"),
        ("/en/press/press_03994.html", "release"),
        ("/en/press_03994.html", "release"),
        ("/press/files/jp/12345.pdf", "file"),
        ("/content/000123456.pdf", "file"),
        ("/content/000123456.XLSX", "file"),
        ("/robots.txt", "robots"),
        ("/earth/jcm/index2.html", "other"),
    ],
)
def test_the_family_of_an_own_address(url: str, kind: str) -> None:
    """A month page is never a release, although it looks like one."""
    assert family(MINISTRY + url) == kind


def test_a_foreign_address_is_of_no_family() -> None:
    """A press page of another host is nothing to us."""
    assert family("https://www.example.org/press/press_00177.html") == "other"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/press/press_00177.html", "press_00177"),
        ("/press/110539.html", "110539"),
        ("/en/press/press_03994.html", "en-press_03994"),
        ("/en/press_03994.html", "en-press_03994"),
        ("/en/headline/2500.html", "en-2500"),
    ],
)
def test_the_page_name_is_the_one_of_the_release_id(url: str, name: str) -> None:
    """English pages carry their language; both English folders give one name."""
    assert page_name(MINISTRY + url) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://www.env.go.jp@example.org/press/",
        "https://user:secret@www.env.go.jp/press/",
        "https://www.env.go.jp\\@example.org/",
        "https://www.env.go.jp.example.org/",
        "https://evil-env.go.jp/",
        "https://www.env.go.jp:8443/press/",
        "https://www.env.go.jp:99999/",
        "ftp://www.env.go.jp/press/",
        "javascript:alert(1)",
        "//127.0.0.1/",
        "http://127.0.0.1:8801/press/",
        "https://127.0.0.1:8800/press/",
        "http://[::1/",
    ],
)
def test_look_alikes_are_not_own(url: str) -> None:
    """Only the two hosts and exactly the mirror's origin are ours, whatever an address pretends."""
    assert not MIRROR.owns(url)


def test_a_mirror_speaks_canonical_addresses() -> None:
    """A page found on a mirror has the Ministry's address, and is asked at the mirror."""
    canonical = MIRROR.canonical("http://127.0.0.1:8800/press/press_00177.html")
    assert canonical == PAGE
    assert MIRROR.fetchable(canonical) == "http://127.0.0.1:8800/press/press_00177.html"
    assert MIRROR.owns(PAGE)
    assert not MIRROR.is_ministry


@pytest.mark.parametrize("base", ["http://env.go.jp", "https://www.env.go.jp/", "HTTP://www.env.go.jp:80"])
def test_the_real_host_is_known_by_every_spelling(base: str) -> None:
    """The floor of the pause cannot be dodged by spelling the host another way."""
    assert Site(base).is_ministry


@pytest.mark.parametrize(
    "base", ["", "www.env.go.jp", "ftp://www.env.go.jp", "https://www.env.go.jp/press/", "http://"]
)
def test_a_site_that_is_no_origin_is_refused(base: str) -> None:
    """A wrong --site is told at once, with what would be right."""
    with pytest.raises(Usage, match="must be an origin"):
        Site(base)


def test_a_foreign_address_cannot_be_asked() -> None:
    """The map from pages to addresses has no entry for other hosts."""
    with pytest.raises(Usage, match="not an address of"):
        Site().fetchable("https://www.example.org/press/")


def test_month_and_language_of_a_page() -> None:
    """The month and language stand in the address alone."""
    assert month_of(f"{MINISTRY}/press/202605.html") == (2026, 5)
    assert month_of(PAGE) is None
    assert language(f"{MINISTRY}/en/press/") == "en"
    assert language(PAGE) == "ja"


ADDRESSES = st.one_of(
    st.text(max_size=40),
    st.builds(
        "{}://{}{}{}".format,
        st.sampled_from(["http", "https", "HTTPS"]),
        st.sampled_from(["www.env.go.jp", "env.go.jp", "ENV.GO.JP:80", "127.0.0.1:8800", "example.org"]),
        st.text(st.sampled_from(list("/./..%2Fあ ?&=#-index.htmlpress1")), max_size=30).map("/{}".format),
        st.sampled_from(["", "index.html", "-print.html", "?serial=1", "#a"]),
    ),
)


@given(ADDRESSES)
def test_canonical_is_its_own_canonical_form(url: str) -> None:
    """Canonicalising twice changes nothing, and never makes a foreign address an own one."""
    once = MIRROR.canonical(url)
    assert MIRROR.canonical(once) == once
    assert MIRROR.owns(once) == MIRROR.owns(url)


@given(ADDRESSES)
def test_what_is_asked_leads_back_to_the_page(url: str) -> None:
    """The address asked for a page canonicalises to that page again."""
    page = MIRROR.canonical(url)
    if MIRROR.owns(page):
        assert MIRROR.canonical(MIRROR.fetchable(page)) == page
