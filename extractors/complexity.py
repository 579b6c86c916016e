"""Refuses pages whose parsing would not end in reasonable time: no release is built like that."""

import re

from extractors.release import Unreadable
from extractors.site import MAX_BLOCKS, MAX_BYTES, MAX_DEPTH

_FEW_TAGS = 4_000
"""Below this number of `<` no page can be slow, whatever it nests; most are never looked at further."""
_TAG = re.compile(rb"<(/?)([A-Za-z][^\s/>]{0,30})")
_FLAT = frozenset(
    b"p li td th tr tbody thead tfoot dt dd option optgroup br img hr input meta link col area wbr source"
    b" base embed param track rt rp html body head".split()
)
"""Elements that close each other or hold nothing: many of them make no depth."""
_LONG_TAG = re.compile(rb"<[A-Za-z][^>]{50000}")
_LONG = 200_000
_MOST_OPTIONS = 5_000
_MOST_WORK = 40_000_000
_MOST_ATTRIBUTES = 5_000


def too_much(payload: bytes, *, plain: bool) -> Unreadable | None:
    """Why the payload is not read at all, or None.

    Lexbor's time grows with depth × elements and with the square of attributes and options, as the HTML
    standard has it; these are counted before.
    """
    if len(payload) > MAX_BYTES:
        return Unreadable("too-large", f"{len(payload)} bytes", f"at most {MAX_BYTES}")
    if plain:
        return too_many(payload.count(b"\n"))
    for match in _LONG_TAG.finditer(payload) if len(payload) > _LONG else ():
        end = payload.find(b">", match.start())
        if len(payload[match.start() : end].split(None, _MOST_ATTRIBUTES)) > _MOST_ATTRIBUTES:
            return Unreadable("too-complex", "an element with thousands of attributes", "a page of text")
    if payload.count(b"<") < _FEW_TAGS:
        return None
    return _too_deep(payload)


def too_many(blocks: int) -> Unreadable | None:
    """Why a page of so many paragraphs or lines is not read, or None."""
    if blocks <= MAX_BLOCKS:
        return None
    return Unreadable("too-large", f"{blocks} paragraphs", f"at most {MAX_BLOCKS}")


def _too_deep(payload: bytes) -> Unreadable | None:
    depth = deepest = tags = options = 0
    for slash, name in _TAG.findall(payload):
        tags += 1
        kind = name.lower()
        options += kind == b"option"
        if kind in _FLAT:
            continue
        depth = max(0, depth - 1) if slash else depth + 1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or deepest * tags > _MOST_WORK or options > _MOST_OPTIONS:
        found = f"{tags} tags, {deepest} deep, {options} options"
        return Unreadable("too-complex", found, f"at most {MAX_DEPTH} deep, {_MOST_OPTIONS} options")
    return None
