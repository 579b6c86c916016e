"""What a response is worth, by status, headers and body alone: only a `good` one is ever read.

The same bytes give the same verdict in a rebuild years later; so everything here is pure.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from extractors.decoding import without_utf_16

GOOD: Final = "good"
UNCHANGED: Final = "unchanged"
GONE: Final = "gone"
REDIRECT: Final = "redirect"
BLOCKED: Final = "blocked"
MAINTENANCE: Final = "maintenance"
TRUNCATED: Final = "truncated"
ERROR: Final = "error"

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
BLOCKS: Final = frozenset({401, 403, 407, 429, 451})
BY_STATUS: Final = {404: GONE, 410: GONE, 503: MAINTENANCE, 204: TRUNCATED, 206: TRUNCATED}

# Classes that only the site's own press pages carry: with them a page is what it says it is, whatever its
# title (the Ministry does announce the maintenance of its systems).
OWN_MARKS: Final = (b"p-press-release", b"c-news-link", b"p-news-link", b"c-component__")
CLOSING: Final = re.compile(rb"</html\s*>", re.IGNORECASE)
NOT_TEXT: Final = re.compile(
    r"<(script|style|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL
)
CHARSET: Final = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
# A page of a few words that says one of these is no release. A long one is left to the extractor.
SHORT: Final = 3_000
SOFT: Final = (
    (
        BLOCKED,
        re.compile(
            r"captcha|just a moment|attention required|access denied|request (?:was )?blocked|"
            r"are you (?:a )?human|ロボットではありません|アクセスが?(?:拒否|制限)|"
            r"(?:ログイン|サインイン)(?:して|が必要|画面)|"
            r"(?:please )?(?:log|sign) ?in to ",
            re.IGNORECASE,
        ),
    ),
    (
        MAINTENANCE,
        re.compile(
            r"メンテナンス(?:中|のため|作業|を実施)|サービスを?(?:一時)?(?:停止|休止)|アクセスが(?:集中|込み合|混み合)|"
            r"ただいま.{0,20}(?:停止|休止|ご利用(?:できません|いただけません))|"
            r"(?:under|for|scheduled) maintenance|(?:temporarily|service) unavailable|be right back",
            re.IGNORECASE,
        ),
    ),
    (
        ERROR,
        re.compile(
            r"(?:ページ|ファイル)(?:が|は)(?:見つかりません|存在しません|みつかりません)|お探しの(?:ページ|ファイル)|"
            r"(?:page|file) (?:was |could )?not (?:be )?found|"
            r"404 not found|internal server error|bad gateway",
            re.IGNORECASE,
        ),
    ),
)
PASSWORD: Final = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)


def verdict(status: int, headers: Mapping[str, str], body: bytes, truncated: str | None) -> str:
    """The worth of one response.

    `headers` by lower-case name, `body` without its content encoding, `truncated` the reason why the body
    is known to be incomplete, or None. A page that merely looks like 404 is `error`, not `gone`: a wrong
    withdrawal would be told to readers. A 304 that we did not ask for is `error` too; the one we asked for
    is a revisit, and a revisit is `unchanged` by what it is.
    """
    if status in REDIRECTS:
        return REDIRECT if headers.get("location") else ERROR
    if truncated is not None:
        return TRUNCATED
    if status == HTTPStatus.OK:
        return _body_verdict(headers, body)
    if status in BLOCKS:
        return BLOCKED
    return BY_STATUS.get(status, ERROR)


def _body_verdict(headers: Mapping[str, str], body: bytes) -> str:
    if not body or body.isspace():
        return TRUNCATED
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/pdf" and not body[:1024].lstrip().startswith(b"%PDF"):
        return ERROR
    body = without_utf_16(body, headers.get("content-type"))
    if not is_html(media_type, body):
        return GOOD
    tail = body[-4096:]
    # Asked first as nearly all write it: a search in any case takes as long as unpacking the page.
    if b"</html>" not in tail and not CLOSING.search(tail):
        return TRUNCATED
    return GOOD if any(mark in body for mark in OWN_MARKS) else _soft_verdict(body)


def is_html(media_type: str, body: bytes) -> bool:
    """Whether a body is to be judged as a page: by its media type, or by its first bytes without one."""
    if media_type:
        return media_type in {"text/html", "application/xhtml+xml"}
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def _soft_verdict(body: bytes) -> str:
    """Pages that come with status 200 and are none: maintenance, captcha, login, not found."""
    page = _text(body)
    words = " ".join(NOT_TEXT.sub(" ", page).split())
    if len(words) > SHORT:
        return GOOD
    if PASSWORD.search(page):
        return BLOCKED
    return next(
        (name for name, pattern in SOFT if pattern.search(words) or pattern.search(_head(page))), GOOD
    )


def _head(page: str) -> str:
    """The names of scripts and frames: a captcha page may show no word at all."""
    return " ".join(re.findall(r"<(?:script|iframe|form|div)\b[^>]*(?:src|action|class|id)\s*=[^>]*", page))[
        :20_000
    ]


def _text(body: bytes) -> str:
    named = CHARSET.search(body[:2048])
    if named and named[1].lower().startswith(b"utf-16"):
        # What a page can say of itself is not true of UTF-16, and this reads nonsense out of any bytes.
        named = None
    for charset in ([named[1].decode("ascii")] if named else []) + ["utf-8", "cp932", "euc_jp"]:
        try:
            return body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")
