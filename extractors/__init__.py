"""Bytes or text in, records out. Pure: no network, no clock, no disk, nothing of our other rooms.

read(payload, …)          one release page       → Release | Unreadable
read_listing(payload, …)  index or month page    → Listing | Unreadable
explain(payload, …)       where each field of a release came from
"""

from extractors.blocks import Origin
from extractors.errors import MoejError, Skip, Stop, Transient, Usage
from extractors.listing import read_listing
from extractors.reading import explain, read
from extractors.release import (
    Attachment,
    Contact,
    Correction,
    Fact,
    Link,
    Listed,
    Listing,
    Person,
    Phone,
    Release,
    Unreadable,
)

EXTRACTOR_VERSION = "2"
"""Bumped on purpose when records change; an archive made with another version reads its history again."""

__all__ = [
    "EXTRACTOR_VERSION",
    "Attachment",
    "Contact",
    "Correction",
    "Fact",
    "Link",
    "Listed",
    "Listing",
    "MoejError",
    "Origin",
    "Person",
    "Phone",
    "Release",
    "Skip",
    "Stop",
    "Transient",
    "Unreadable",
    "Usage",
    "explain",
    "read",
    "read_listing",
]
