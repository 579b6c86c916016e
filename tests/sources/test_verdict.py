"""What a response is worth, by status, headers and body alone."""

import pytest

from sources.verdict import verdict
from tests.sources.faults import page

HTML = {"content-type": "text/html; charset=UTF-8"}


def shell(title: str, text: str) -> bytes:
    """A page without the marks of the press room."""
    return f"<html><head><title>{title}</title></head><body>{text}</body></html>".encode()


@pytest.mark.parametrize(
    ("status", "headers", "truncated", "word"),
    [
        (200, HTML, None, "good"),
        (200, HTML, "disconnect", "truncated"),
        (404, HTML, None, "gone"),
        (410, HTML, None, "gone"),
        (404, HTML, "time", "truncated"),
        (301, {"location": "/x"}, None, "redirect"),
        (301, {"location": "/x"}, "disconnect", "redirect"),
        (302, {}, None, "error"),
        (304, {}, None, "error"),
        (401, HTML, None, "blocked"),
        (403, HTML, None, "blocked"),
        (429, HTML, None, "blocked"),
        (500, HTML, None, "error"),
        (502, HTML, None, "error"),
        (503, HTML, None, "maintenance"),
        (204, HTML, None, "truncated"),
        (206, HTML, None, "truncated"),
        (400, HTML, None, "error"),
        (0, {}, None, "error"),
    ],
)
def test_the_status_decides_first(
    status: int, headers: dict[str, str], truncated: str | None, word: str
) -> None:
    """Only a whole 200 is looked into; half an answer never withdraws a page."""
    assert verdict(status, headers, page(), truncated) == word


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "truncated"),
        (b" \r\n ", "truncated"),
        (page().removesuffix(b"</html>"), "truncated"),
        (page().replace(b"</html>", b"</HTML >\n<!-- server 3 -->\n"), "good"),
        (page("システムメンテナンスのため停止します", "ただいまサービスを停止しています"), "good"),
        (shell("メンテナンス中", "ご迷惑をおかけします"), "maintenance"),
        (shell("", "ただいまアクセスが集中しております"), "maintenance"),
        (shell("Service Unavailable", "We will be right back."), "maintenance"),
        (shell("Just a moment...", "<div id='cf-chl'></div>"), "blocked"),
        (shell("", "<iframe src='https://example.org/recaptcha/api'></iframe>"), "blocked"),
        (shell("Access Denied", "Reference #18"), "blocked"),
        (shell("", "<form action='/login'><input type=password></form>"), "blocked"),
        (shell("ページが見つかりません", "トップページへ"), "error"),
        (shell("404 Not Found", "nginx"), "error"),
        (shell("平成12年版環境白書", "について公表しました。" * 20), "good"),
        (shell("長い文書", "本文。" * 2000 + "ページが見つかりません"), "good"),
    ],
)
def test_a_page_with_status_200_may_be_none(body: bytes, word: str) -> None:
    """Maintenance, captcha, login and not-found pages are short, and lack the marks of a press page."""
    assert verdict(200, HTML, body, None) == word


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc_jp"])
def test_soft_errors_are_seen_in_every_japanese_encoding(charset: str) -> None:
    """Old error pages are not in UTF-8, and do not always say so."""
    body = shell("ページが見つかりません", "お探しのページはありません").decode().encode(charset)
    assert verdict(200, HTML, body, None) == "error"


@pytest.mark.parametrize(
    ("title", "end", "word"),
    [("湿原", "</html>", "good"), ("メンテナンス中", "</html>", "maintenance"), ("湿原", "", "truncated")],
)
@pytest.mark.parametrize("mark", [b"", b"\xfe\xff"])
def test_a_page_in_utf_16_is_judged_by_what_it_says(mark: bytes, title: str, end: str, word: str) -> None:
    """Its end and its words are found, though no byte of them stands beside the next."""
    text = f'<html><meta charset="utf-16"><title>{title}</title>{end}'
    body = mark + text.encode("utf-16-be")
    assert verdict(200, {"content-type": "text/html; charset=utf-16"}, body, None) == word


@pytest.mark.parametrize(
    ("media_type", "body", "word"),
    [
        ("application/pdf", b"%PDF-1.7 ...", "good"),
        ("application/pdf", b"\r\n%PDF-1.4", "good"),
        ("application/pdf", b"<html>", "error"),
        ("text/plain", b"User-agent: *", "good"),
        ("text/plain; charset=utf-8", "報道発表資料".encode(), "good"),
        ("", b"<!DOCTYPE html><p>cut", "truncated"),
        ("", b"just words", "good"),
        ("", b"", "truncated"),
        ("text/plain", b" \r\n", "truncated"),
        ("application/pdf", b"", "truncated"),
    ],
)
def test_other_media_types(media_type: str, body: bytes, word: str) -> None:
    """Text and PDF are judged as such; a page without a media type is judged by its first bytes."""
    assert verdict(200, {"content-type": media_type} if media_type else {}, body, None) == word
