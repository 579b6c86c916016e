"""Bytes or text in, records out. Pure: no network, no clock, no disk, nothing of our other rooms.

    read(payload, …)          one release page       → Release | Unreadable
    read_listing(payload, …)  index or month page    → Listing | Unreadable
    explain(payload, …)       where each field of a release came from
"""

from extractors.errors import MoejError, Skip, Stop, Transient, Usage
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

__all__ = [
    "Attachment",
    "Contact",
    "Correction",
    "Fact",
    "Link",
    "Listed",
    "Listing",
    "MoejError",
    "Person",
    "Phone",
    "Release",
    "Skip",
    "Stop",
    "Transient",
    "Unreadable",
    "Usage",
]
