"""Text of a page made safe for each form. Whatever a title holds, it stays text; pure.

Everything begins with `inert`: control characters, and characters that turn the direction of writing so that
an address reads as another one, have no business in a message.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

_UNWANTED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKDOWN: Final = re.compile(
    r"([\\`*_{}\[\]()<>#|~&$^@])|^[-+=](?=.)|(?<=^\d)[.)]|:(?=//)|(?<=www)\.", re.IGNORECASE
)
_WHITE: Final = re.compile(r"\s+")
_SLACK_MARKS: Final = re.compile(r"(`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9]))")
_SAFE_IN_URL: Final = "/:?=&%#;,+$~-._"
_BREAK: Final = "\u200b"


def inert(text: str) -> str:
    """Text without control and format characters; lines end in a plain line feed."""
    lines = re.sub(r"\r\n|[\r\u0085\u2028\u2029]", "\n", text)
    return "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in _UNWANTED)


def flat(text: str) -> str:
    """Text on one line, each run of white space one blank; no form shows a value on more than one line."""
    return _WHITE.sub(" ", inert(_WHITE.sub(" ", text)))


def one_line(text: str) -> str:
    """Text for a header or a heading: one line, nothing around it."""
    return flat(text).strip()


def html(text: object) -> Markup:
    """For HTML."""
    return escape(flat(str(text)))


def markdown(text: object) -> str:
    """For Markdown: what could mean something is escaped, also where a bare address or number would be more.

    Behind @ stands a break as well, since some services call people by name before they read Markdown.
    """
    return _MARKDOWN.sub(r"\\\g<0>", flat(str(text))).replace("@", f"@{_BREAK}")


def slack(text: object) -> str:
    """For Slack's mrkdwn.

    `<`, `>` and `&` are all that can call or link; marks of bold and the like are broken up.
    """
    safe = flat(str(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SLACK_MARKS.sub(rf"{_BREAK}\1{_BREAK}", safe)


def address(url: str) -> str:
    """A link's address, percent-encoded so that it ends where it ends in every form.

    Empty if it is not http(s).
    """
    text = inert(url).strip()
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    return quote(text, safe=_SAFE_IN_URL)
