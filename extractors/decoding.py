"""Bytes to text, whatever the page declares: UTF-8, Shift_JIS, EUC-JP with right, wrong, no declaration.

UTF-16 is read where a mark in front or the response says so: a page cannot say it of itself.
"""

import codecs
import re
from contextlib import suppress

from extractors.site import MAX_BYTES

_SAMPLE = 65_536
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_ESCAPE = b"\x1b"
_ESCAPES = (b"\x1b$B", b"\x1b$@")
_JAPANESE_CODECS = ("cp932", "euc_jp", "euc_jis_2004", "utf-8")
_ALIASES = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "eucjp": "euc_jp",
    "cp51932": "euc_jp",
}
_GOOD = re.compile(r"[ぁ-んァ-ヶー一-鿿、。「」（）・々　]")
_BAD = re.compile("[\ufffd\uff61-\uff9f\ue000-\uf8ff\x80-\x9f]")
"""Half-width kana and private characters are what Shift_JIS makes of other encodings' bytes."""


def decode(payload: bytes, declared: str | None = None) -> str:
    """The text of a page; bytes that fit no encoding become U+FFFD.

    UTF-8 that decodes without error is UTF-8 whatever is declared: Japanese text in another encoding is
    never valid UTF-8 by chance. Else the declared encoding and the Japanese ones compete by how much
    ordinary Japanese they give.
    """
    for bom, name in _BOMS:
        if payload.startswith(bom):
            return payload[len(bom) :].decode(name, "replace")
    if wide := _utf_16(payload, declared):
        return payload.decode(wide, "replace")
    if _is_escaped(payload):
        return payload.decode("iso2022_jp_2", "replace")
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload.decode(_best(payload, declared), "replace")


def as_utf8(payload: bytes, declared: str | None = None) -> bytes:
    """The page in UTF-8 without a mark in front: its own bytes where they are that, as those of most are."""
    marked = payload.startswith(tuple(bom for bom, _ in _BOMS)) or _utf_16(payload, declared)
    if not marked and not _is_escaped(payload):
        with suppress(UnicodeDecodeError):
            payload.decode("utf-8")
            return payload
    return decode(payload, declared).encode("utf-8", "ignore")


def without_utf_16(payload: bytes, declared: str | None = None) -> bytes:
    """A page of UTF-16 in UTF-8, so that its tags can be found among the bytes; every other as it is.

    So is one that is too large to be read, for it would become larger still.
    """
    wide = payload.startswith(_WIDE_BOMS) or _utf_16(payload, declared)
    return as_utf8(payload, declared) if wide and len(payload) <= MAX_BYTES else payload


def _utf_16(payload: bytes, declared: str | None) -> str | None:
    """The order of the bytes of a page declared as UTF-16 that has no mark; None where that is not true.

    Tags, blanks and line ends have a zero byte, before or after the letter; no other encoding has any.
    """
    if declared is None or "utf-16" not in declared.lower():
        return None
    before, after = (payload[start:_SAMPLE:2].count(0) for start in (0, 1))
    return None if before == after else "utf-16-be" if before > after else "utf-16-le"


def _is_escaped(payload: bytes) -> bool:
    # One byte is found ten times as fast as two, and hardly any page has it.
    return payload.find(_ESCAPE, 0, _SAMPLE) >= 0 and any(escape in payload[:_SAMPLE] for escape in _ESCAPES)


def _best(payload: bytes, declared: str | None) -> str:
    sample = payload[:_SAMPLE]
    named = _DECLARED.search(sample)
    claims = (declared, named[1].decode("ascii", "replace") if named else None)
    candidates = [known for claim in claims if claim and (known := _codec(claim))]
    best = max((*candidates, *_JAPANESE_CODECS), key=lambda name: _score(sample, name))
    if _score(sample, best) > 0:
        return best
    # A page in English has too few signs of Japanese to be told by: there a declaration that fits is right.
    # Western text only where none does: it decodes anything, and mojibake would enter as text.
    return next((name for name in candidates if _fits(payload, name)), "cp1252")


def _fits(payload: bytes, name: str) -> bool:
    try:
        return _BAD.search(payload.decode(name)) is None
    except UnicodeDecodeError:
        return False


def _codec(claim: str) -> str | None:
    name = claim.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    return name if name in _JAPANESE_CODECS else None


def _score(sample: bytes, name: str) -> int:
    text = sample.decode(name, "replace")
    return len(_GOOD.findall(text)) - 5 * len(_BAD.findall(text))
