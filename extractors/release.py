"""What a reading gives: one frozen `Release`, or `Unreadable` with the reason.

Field names are the columns of `releases` in the contract, so that the warehouse writes what was read
without a mapping between the two.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    """A label of the page and its value: 日時 → 2025年6月18日 …; no bullet, colon or blanks in the label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number and what the page calls it: 代表, 直通; an empty label where it has none."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to ask: role without letter-spacing, name as printed, extension in digits."""

    role: str
    name: str
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One block of 連絡先; a page may have several."""

    organisation: str
    phones: tuple[Phone, ...] = ()
    people: tuple[Person, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file linked from the release: absolute https URL, `application/pdf`, `628 KB` as printed."""

    title: str
    url: str
    media_type: str | None = None
    size_label: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A related release or page, absolute URL."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A note that the Ministry corrected the page, with the day it gives, if it gives one."""

    corrected_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Release:
    """What one page said: every column of `releases` that comes from the page.

    Text is as printed (width and punctuation untouched), one block a line. Lists are tuples in page
    order, country codes (ISO 3166 alpha-2) sorted. `template` names the form of page that was
    recognised; `dropped_links` counts links that were not http(s) and were left out.
    """

    url: str
    lang: str
    title: str
    published_on: date
    categories: tuple[str, ...] = ()
    joint_with: tuple[str, ...] = ()
    lead: str | None = None
    body: str = ""
    body_markdown: str = ""
    facts: tuple[Fact, ...] = ()
    event_starts_on: date | None = None
    event_ends_on: date | None = None
    event_hours: str | None = None
    event_place: str | None = None
    contacts: tuple[Contact, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    links: tuple[Link, ...] = ()
    corrections: tuple[Correction, ...] = ()
    countries: tuple[str, ...] = ()
    jcm_role: str = "none"
    jcm_kind: str | None = None
    jcm_evidence: tuple[str, ...] = ()
    jcm_countries: tuple[str, ...] = ()
    jcm_partner_count: int | None = None
    jcm_projects: int | None = None
    jcm_tonnes: float | None = None
    template: str = field(default="", kw_only=True)
    dropped_links: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A page that gives no whole record: `reason` is one of a small set of words, for counting.

    `found` and `expected` are for the person who looks into the quarantine.
    """

    reason: str
    found: str = ""
    expected: str = ""

    @property
    def detail(self) -> str:
        """Found and expected in one line."""
        return f"found {self.found or 'nothing'}; expected {self.expected or 'a press release'}"


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of an index or month page: what the list says of a release, before anybody opened it."""

    url: str
    title: str
    published_on: date | None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """An index or month page: its items once each, in page order, and the month pages it links to."""

    url: str
    lang: str
    items: tuple[Listed, ...]
    months: tuple[str, ...] = ()
    says_empty: bool = False
