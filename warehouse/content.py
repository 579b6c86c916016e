"""The content of a release: what the Ministry wrote, without how it was typeset.

Two readings with one `content_hash` are one version. Derived fields (`jcm_*`, `countries`, `event_*`,
`facts`, `lead`, Markdown) stay out: a better extractor would otherwise make versions that the Ministry
never made.
"""

import hashlib
import json
import re
from typing import Final

from extractors.release import Contact, Release
from extractors.text import fold

_HASH_BYTES: Final = 16
_JSON: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_JAPANESE: Final = "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_LAYOUT: Final = re.compile(f" (?:(?<={_JAPANESE} )|(?={_JAPANESE}))")
"""A blank beside one of these is layout, since Japanese is written without: 日　時 = 日時."""


def plain(text: str | None) -> str:
    """Text without differences of width and white space: NFKC, one blank between Latin words, else none."""
    if not text:
        return ""
    joined = " ".join(fold(text).split())
    return _LAYOUT.sub("", joined) if " " in joined else joined


def _people(contact: Contact) -> list[list[str]]:
    return sorted([plain(one.role), plain(one.name), plain(one.extension)] for one in contact.people)


def _contact(contact: Contact) -> list[object]:
    return [
        plain(contact.organisation),
        sorted([plain(phone.label), plain(phone.number)] for phone in contact.phones),
        _people(contact),
        sorted(plain(email) for email in contact.emails),
    ]


def normalised(release: Release) -> dict[str, object]:
    """The record that is hashed: lists whose order says nothing are sorted, the text keeps its order."""
    return {
        "title": plain(release.title),
        "published_on": release.published_on.isoformat(),
        "categories": sorted({plain(name) for name in release.categories}),
        "joint_with": sorted({plain(name) for name in release.joint_with}),
        "body": plain(release.body),
        "attachments": sorted(
            [plain(one.title), one.url, plain(one.size_label)] for one in release.attachments
        ),
        "links": sorted([plain(one.title), one.url] for one in release.links),
        "contacts": sorted((_contact(one) for one in release.contacts), key=str),
        "corrections": sorted([str(one.corrected_on or ""), plain(one.note)] for one in release.corrections),
    }


def content_hash(release: Release) -> str:
    """128 bits in hexadecimal over the normalised record; equal exactly where the content is."""
    text = _JSON.encode(normalised(release))
    return hashlib.blake2b(text.encode(), digest_size=_HASH_BYTES).hexdigest()
