"""What stands where: lists, release pages, files, redirects."""

import httpx
import pypdfium2
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pressroom import PressRoom


def texts(html: str, selector: str) -> list[str]:
    """The text of each node that the selector finds."""
    return [node.text(strip=True) for node in LexborHTMLParser(html).css(selector)]


def attributes(nodes: list[LexborNode], name: str) -> list[str]:
    """One attribute of each node."""
    return [node.attributes[name] or "" for node in nodes]


def test_index_prints_days_in_the_ministry_s_form(client: httpx.Client) -> None:
    """Each block of the index is headed by a zero-padded date with 発表, newest first."""
    headings = texts(client.get("/press/").text, "span.p-press-release-list__heading")

    assert headings[:2] == ["2026年06月02日発表", "2026年06月01日発表"]
    assert headings == sorted(headings, reverse=True)


def test_index_of_the_first_days_shows_the_month_before(client: httpx.Client, room: PressRoom) -> None:
    """In the first week the index reaches back over the month before; after it, no longer."""
    early = client.get("/press/").text
    room.now = room.now.replace(day=30)
    late = client.get("/press/").text

    assert "/press/press_04455.html" in early
    assert "/press/press_04455.html" not in late
    assert "/press/press_05011.html" in late


def test_index_and_folder_are_one_page(client: httpx.Client) -> None:
    """`/press/` and `/press/index.html` give the same bytes and the same ETag; `/press` leads there."""
    folder, index, bare = (client.get(path) for path in ("/press/", "/press/index.html", "/press"))

    assert index.content == folder.content
    assert index.headers["etag"] == folder.headers["etag"]
    assert (bare.status_code, bare.headers["location"]) == (301, "/press/")


def test_items_have_no_tag_one_or_several(client: httpx.Client) -> None:
    """The lists of the packaged months hold items with none, one and two tags."""
    pages = [client.get(f"/press/{month}.html").text for month in ("202505", "202605")]
    items = [item for page in pages for item in LexborHTMLParser(page).css("li.c-news-link__item")]

    assert {len(item.css("span.p-news-link__tag.c-tag")) for item in items} == {0, 1, 2}


def test_an_item_may_stand_twice(client: httpx.Client) -> None:
    """A release that the data lists twice has two equal lines."""
    links = LexborHTMLParser(client.get("/press/202605.html").text).css("a.c-news-link__link")

    assert attributes(links, "href").count("/press/press_04560.html") == 2


@pytest.mark.parametrize(
    ("month", "href"),
    [("202506", "/content/000313977.pdf"), ("202604", "https://www.example.org/eco-week/2026/")],
)
def test_items_lead_to_files_and_other_hosts(client: httpx.Client, month: str, href: str) -> None:
    """A list item may lead straight to a PDF or to another host."""
    links = LexborHTMLParser(client.get(f"/press/{month}.html").text).css("a.c-news-link__link")

    assert href in attributes(links, "href")


def test_month_table_links_months_that_have_a_page(client: httpx.Client) -> None:
    """Months with releases are links with year and month in aria-label; the others are bare."""
    page = LexborHTMLParser(client.get("/press/").text)
    links = page.css("table.c-table-month__table a.c-table-month__col__link")
    bare = [item.text() for item in page.css("table.c-table-month__table li") if not item.css("a")]

    assert attributes(links, "aria-label")[:2] == ["2026年1月", "2026年2月"]
    assert attributes(links, "href")[0] == "/press/202601.html"
    assert links[0].text() == "1月"
    assert "7月" in bare


def test_every_linked_month_has_a_page_and_no_other(client: httpx.Client) -> None:
    """Month pages exist for linked months; a month without releases is 404."""
    links = LexborHTMLParser(client.get("/press/").text).css("a.c-table-month__col__link")

    assert {client.get(href).status_code for href in attributes(links, "href")} == {200}
    assert client.get("/press/202607.html").status_code == 404
    assert client.get("/press/200001.html").status_code == 404


def test_category_page_holds_only_its_category(client: httpx.Client) -> None:
    """Every item of a category page has the tag of the category."""
    page = LexborHTMLParser(client.get("/press/recycle/index.html").text)
    items = page.css("li.c-news-link__item")

    assert len(items) == 2
    assert all(item.css("span.c-tag--recycle") for item in items)
    assert client.get("/press/astrology/index.html").status_code == 404


def test_english_index_has_english_dates_and_months(client: httpx.Client) -> None:
    """The English lists have the same markup with dates such as May 26, 2026."""
    page = client.get("/en/press/").text

    assert "May 26, 2026" in texts(page, "span.p-press-release-list__heading")
    assert client.get("/en/press/202605.html").status_code == 200


def test_release_page_has_the_current_markup(client: httpx.Client) -> None:
    """Date, title, tag, grey box and contact stand in the classes of the current template."""
    html = client.get("/press/press_04455.html").text
    main = "main div.c-component "

    assert texts(html, main + ".p-press-release-material__date") == ["2026年05月15日"]
    assert texts(html, main + ".p-news-link__tag") == ["地球環境"]
    assert len(texts(html, main + ".p-press-release-material__heading")) == 1
    assert texts(html, main + ".c-component__bg-area p")[0].startswith("1. 令和8年度")
    assert "連絡先" in texts(html, main + ".wysiwyg h2")


def test_former_template_has_the_era_and_its_own_classes(client: httpx.Client) -> None:
    """A page of the former template prints 令和3年9月27日 in `.date` under `#main`."""
    html = client.get("/press/109871.html").text

    assert texts(html, "#main .date") == ["令和3年9月27日"]
    assert len(texts(html, "#main h1")) == 1
    assert len(texts(html, "#main .contact")) == 1
    assert texts(html, ".p-press-release-material") == []


def test_old_english_template_has_the_well(client: httpx.Client) -> None:
    """An old English page has its title in `#main .well h1` and its date in `p.date`."""
    html = client.get("/en/headline/2574.html").text

    assert len(texts(html, "#main .well h1")) == 1
    assert texts(html, "p.date") == ["September 29, 2021"]


def test_old_addresses_lead_to_the_page(client: httpx.Client) -> None:
    """`press.php?serial=N` redirects to `/press/N.html`; the print form has the same title."""
    moved = client.get("/press/press.php?serial=1204")
    title = texts(client.get("/press/1204.html").text, "h1")

    assert (moved.status_code, moved.headers["location"]) == (301, "/press/1204.html")
    assert texts(client.get("/press/1204-print.html").text, "h1") == title
    assert client.get("/press/press.php?serial=999").status_code == 404


def test_alias_gives_the_same_bytes(client: httpx.Client) -> None:
    """An English release under both of its addresses is one page."""
    assert client.get("/en/press_00188.html").content == client.get("/en/press/press_00188.html").content


def test_attachments_are_valid_files(client: httpx.Client) -> None:
    """An attachment is a PDF that opens and names its own address."""
    answer = client.get("/content/000329140.pdf")
    document = pypdfium2.PdfDocument(answer.content)
    page = document[0]
    reader = page.get_textpage()

    assert answer.headers["content-type"] == "application/pdf"
    assert reader.get_text_range() == "Attachment /content/000329140.pdf"
    for part in (reader, page, document):
        part.close()


def test_robots_as_the_ministry_has_it(client: httpx.Client) -> None:
    """robots.txt forbids /cgi-bin to everybody and nothing else."""
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /cgi-bin\n"


def test_unknown_address_gives_the_site_s_404(client: httpx.Client) -> None:
    """An address without a page is 404 with an HTML page of the site."""
    answer = client.get("/press/press_99999.html")

    assert answer.status_code == 404
    assert "l-header" in answer.text


def test_every_list_item_of_ours_can_be_read(room: PressRoom, client: httpx.Client) -> None:
    """Whatever a month page lists on this site is there, while nothing is withdrawn."""
    months = attributes(
        LexborHTMLParser(client.get("/press/").text).css("a.c-table-month__col__link"), "href"
    )
    pages = [LexborHTMLParser(client.get(month).text) for month in months]
    hrefs = {href for page in pages for href in attributes(page.css("a.c-news-link__link"), "href")}
    own = {href for href in hrefs if href.startswith("/")}

    assert len(own) > 30
    assert {href: client.get(href).status_code for href in own} == dict.fromkeys(own, 200)
    assert own - set(room.paths()) == {"/content/000313977.pdf"}
