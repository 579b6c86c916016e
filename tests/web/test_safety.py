import html
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.web import shelf
from tests.web.conftest import running
from tests.web.test_pages import PAGES
from web import Limits, Room, raw
from web.markdown import render, safe_url

HOSTILE_PAGES = (
    "/releases",
    f"/releases/{shelf.HOSTILE}",
    "/search?q=onerror",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/releases?category=%3Cscript%3Ealert(1)%3C/script%3E",
    "/quarantine",
    "/captures/broken-1",
    "/nothing/%3Cscript%3Ealert(1)%3C/script%3E",
    "/releases?from=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/timegate/%3Cscript%3Ealert(1)%3C/script%3E",
)
OURS = re.compile(r"/static/[a-z/.-]+\.js\?v=[0-9a-f]{12}")


@pytest.mark.parametrize("path", HOSTILE_PAGES)
def test_nothing_of_a_page_becomes_markup(client: httpx.Client, path: str) -> None:
    """The only scripts are ours, no element has a handler or style, no link runs anything."""
    tree = LexborHTMLParser(client.get(path).text)
    for node in tree.css("*"):
        names = node.attributes.keys()
        assert not [name for name in names if name.startswith("on") or name == "style"], node.html
        if node.tag == "script":
            assert OURS.fullmatch(node.attributes["src"] or "")
            assert not node.text(strip=True)
        for name in ("href", "src", "action"):
            target = node.attributes.get(name) or ""
            assert not target or target.startswith(("/", "#", "http://", "https://")), target
    assert not tree.css("img, iframe, object, embed, style, base")


@pytest.mark.parametrize(
    "path", [*PAGES[:3], "/nothing", "/static/style.css", "/openapi.json", "/feeds/all.atom"]
)
def test_every_answer_carries_the_headers(client: httpx.Client, path: str) -> None:
    """A strict policy without inline scripts or styles, and the other headers, on every kind of answer."""
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_a_raw_capture_is_a_download_of_plain_text(client: httpx.Client) -> None:
    """The bytes come as they were, but no browser shows them as a page of ours."""
    answer = client.get(f"/captures/{shelf.RAW}/raw")
    assert answer.content == shelf.RAW_PAGE
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_of_a_capture_shows_its_source_as_text(client: httpx.Client) -> None:
    """What came is read on the page as text, markup and all, and none of it becomes markup."""
    page = client.get(f"/captures/{shelf.RAW}").text
    assert html.escape(shelf.RAW_PAGE.decode(), quote=True).replace("&#x27;", "&#39;") in page
    assert shelf.SCRIPT not in page
    assert "<pre" not in client.get("/captures/broken-1").text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-16"])
def test_the_source_is_read_as_the_extractor_reads_it(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """Old pages declare no encoding, and would be shown as question marks."""
    text = "<html><body>海を渡る船の排出量を調べました。</body></html>"
    monkeypatch.setattr(raw, "_held", lambda *_: text.encode(encoding))
    asked: Any = SimpleNamespace(room=SimpleNamespace(raw_url=None))
    assert raw.source(asked, {"media_type": "text/html", "charset": None}) == text


def test_a_capture_without_bytes_has_no_download(client: httpx.Client) -> None:
    """What left no bytes in the log is not found."""
    assert client.get("/captures/broken-1/raw").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/releases", "/sql", "/feeds/all.atom", f"/captures/{shelf.RAW}/raw"])
def test_there_is_no_way_to_write(client: httpx.Client, method: str, path: str) -> None:
    """Only questions are answered, and only SQL takes one as a body, which must be a question."""
    asked = (method, path) == ("POST", "/sql")
    assert client.request(method, path, content=b"x").status_code == (400 if asked else 405)


@pytest.mark.parametrize("host", ["evil.invalid", "evil.invalid:80", "127.0.0.1.evil.invalid", ""])
def test_other_host_names_are_refused(client: httpx.Client, host: str) -> None:
    """A page elsewhere that points its own name here reads nothing."""
    answer = client.get("/releases", headers={"host": host})
    assert answer.status_code == 400
    assert "環境省" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2f..%2fpyproject.toml",
        "/feeds/..%2fstate.atom",
        "/static//etc/passwd",
    ],
)
def test_no_path_leads_out(client: httpx.Client, path: str) -> None:
    """Files are served by name from a table, not by path."""
    assert client.get(path).status_code == 404


def test_an_address_may_not_be_endless(client: httpx.Client) -> None:
    """A query string beyond all use is refused before anybody reads it."""
    assert client.get("/search?q=" + "a" * 20_000).status_code == 414


def test_a_question_ends_in_time(data: Path) -> None:
    """A question that takes too long is stopped, said so, and the next one is answered."""
    with running(Room(data, limits=Limits(seconds=0.0))) as address:
        slow = httpx.get(f"{address}/jcm.json")
        assert (slow.status_code, slow.headers["retry-after"]) == (503, "5")
        assert "longer than" in slow.json()["error"]
    with running(Room(data)) as address:
        assert httpx.get(f"{address}/jcm.json").status_code == 200


def test_sql_is_shut_unless_it_is_opened(data: Path) -> None:
    """Without the option there is no page for SQL and nothing leads to it."""
    with running(Room(data)) as address:
        assert httpx.get(f"{address}/sql?query=SELECT+1").status_code == 404
        assert "/sql" not in httpx.get(f"{address}/").text
        assert "/sql.json" not in httpx.get(f"{address}/openapi.json").json()["paths"]


def test_without_an_archive_the_room_says_so(data: Path, tmp_path: Path) -> None:
    """An empty folder gives a page that tells what to do, and the room finds the archive once it is there."""
    with running(Room(tmp_path / "data", lang="en")) as address:
        missing = httpx.get(f"{address}/", headers={"accept-language": "en"})
        assert missing.status_code == 503
        assert "moej run" in missing.text
        (tmp_path / "data").mkdir()
        shutil.copyfile(data / "archive.duckdb", tmp_path / "data" / "archive.duckdb")
        assert httpx.get(f"{address}/").status_code == 200


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://www.env.go.jp/x", True),
        ("http://example.invalid/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.invalid/", False),
        ("https:evil", False),
        ("http://[", False),
        (None, False),
    ],
)
def test_links_lead_only_to_the_web(url: str | None, good: bool) -> None:  # noqa: FBT001 - a table of cases
    """Only http and https with a host become links."""
    assert (safe_url(url) is not None) == good


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,1)",
        "![x](https://evil.invalid/x.png)",
        "<https://ok.invalid>",
        "[x](https://ok.invalid 'title\" onclick=\"alert(1)')",
        "`<script>`",
        "| a |\n|:-:|\n| <img src=x> |",
        "&lt;script&gt;",
        "[x]: javascript:alert(1)\n\n[x]",
        "# " * 50,
        "> " * 500 + "x",
    ],
)
def test_markdown_makes_only_harmless_elements(text: str) -> None:
    """Whatever the text, only structure and links to the web come out."""
    tree = LexborHTMLParser(f"<main>{render(text)}</main>")
    for node in tree.css("main *"):
        assert node.tag in {
            *("p", "a", "h3", "ul", "ol", "li", "em", "strong", "code", "br", "hr", "blockquote"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }
        assert set(node.attributes) <= {"href", "rel", "title", "start"}
        assert (node.attributes.get("href") or "https:").startswith(("https:", "http:"))
