"""Addresses as text: one spelling for what RFC 3986 says is one address, whoever owns it."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

TRACKING: Final = re.compile(
    r"(utm_\w+|fbclid|gclid|yclid|msclkid|twclid|mc_[ce]id|_gl|_ga|igshid)", re.IGNORECASE
)
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# What may stand in a path or query as it is (RFC 3986 pchar); everything else is percent-encoded UTF-8.
SAFE: Final = "/:@!$&'()*+,;=-._~"
PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
BAD_AUTHORITY: Final = re.compile(r"[\s\\@<>\"^`{|}\x00-\x1f\x7f]")


@lru_cache(maxsize=4096)
def split(url: str, *, base: str | None = None) -> SplitResult | None:
    """The parts of an http(s) address, made absolute against `base`; None for anything else.

    An authority with user data, a backslash, blanks or an impossible port counts as anything else: programs
    disagree about which host such an address means, and that disagreement is how requests get misled.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or BAD_AUTHORITY.search(parts.netloc):
        return None
    host = parts.hostname.rstrip(".")
    if not host:
        return None
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in {None, DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"
    return SplitResult(parts.scheme, netloc, clean_path(parts.path), clean_query(parts.query), "")


def clean_path(path: str) -> str:
    """A path without dot segments and doubled slashes, percent-encoding in one spelling."""
    kept: list[str] = []
    segments = re.sub(r"/{2,}", "/", escape(path) or "/").split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept) if len(kept) > 1 else "/"


def clean_query(query: str) -> str:
    """A query without the parameters that only follow people around; the rest in its order."""
    pairs = [pair for pair in query.split("&") if pair and not TRACKING.fullmatch(pair.partition("=")[0])]
    return escape("&".join(pairs), safe=SAFE + "?")


def escape(text: str, *, safe: str = SAFE) -> str:
    """Percent-encode what must be, decode what need not be; the same again changes nothing."""
    whole = PERCENT.sub("%25", quote(text, safe=safe + "%", errors="replace"))
    return ESCAPE.sub(_one_escape, whole)


def _one_escape(match: re.Match[str]) -> str:
    byte = unquote_to_bytes(match[0])[0]
    return chr(byte) if byte in UNRESERVED else f"%{byte:02X}"
