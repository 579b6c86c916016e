"""The JSON form of every page as types: the OpenAPI document is made from them."""

from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

OPEN = ConfigDict(extra="allow")
CLOSED = ConfigDict(extra="forbid")


class Source(TypedDict):
    """Whose material it is, under which terms, and who edited it."""

    credit: str
    licence: str
    edited: str


@with_config(CLOSED)
class Listed(TypedDict):
    """A release in a list: no texts."""

    release_id: str
    url: str
    lang: str
    title: str
    published_on: date
    categories: list[str] | None
    joint_with: list[str] | None
    countries: list[str] | None
    jcm_role: str
    jcm_kind: str | None
    jcm_countries: list[str] | None
    jcm_projects: int | None
    jcm_tonnes: float | None
    version: int
    versions: int
    first_seen_at: datetime
    changed_at: datetime | None
    withdrawn_at: datetime | None


class Answer(TypedDict):
    """What every answer holds: the moment it shows (null is now) and the source."""

    as_of: datetime | None
    source: Source


@with_config(CLOSED)
class Releases(Answer):
    """A list of releases; `next` is the address of the rest."""

    count: int | None
    next: str | None
    releases: list[Listed]


@with_config(CLOSED)
class Hit(TypedDict):
    """A release that was found; `snippet` is the line that holds most of the terms, cut."""

    release_id: str
    version: int
    published_on: date
    lang: str
    title: str
    url: str
    snippet: str


class Year(TypedDict):
    """How many releases of a year match."""

    year: int
    releases: int


@with_config(CLOSED)
class Hint(TypedDict):
    """A field or category that is not `known`; `instead` is the whole query as it may have been meant."""

    given: str
    known: list[str]
    instead: str | None


@with_config(CLOSED)
class Found(Answer):
    """What a search found; `years` and `count` are null unless `years=yes` asks for them."""

    query: str
    count: int | None
    next: str | None
    years: list[Year] | None
    hits: list[Hit]
    hints: list[Hint]


@with_config(OPEN)
class Full(Listed):
    """A release with all columns of `releases`: see the data dictionary."""

    lead: str | None
    body: str | None
    body_markdown: str | None
    facts: list[dict[str, Any]] | None
    contacts: list[dict[str, Any]] | None
    attachments: list[dict[str, Any]] | None
    links: list[dict[str, Any]] | None
    corrections: list[dict[str, Any]] | None


class Version(TypedDict):
    """One version: why it exists and from when to when it held."""

    version: int
    change: str
    valid_from: datetime
    valid_to: datetime | None
    title: str
    capture_id: str
    content_hash: str | None


class Related(TypedDict):
    """A release or an address that belongs with this one; `release_id` is null where it is an address."""

    other_id: str
    kind: str
    similarity: float | None
    release_id: str | None
    title: str | None
    published_on: date | None
    lang: str | None


@with_config(CLOSED)
class OneRelease(Answer):
    """One version of a release and what belongs with it."""

    release: Full
    history: list[Version]
    related: list[Related]
    captures: list[dict[str, Any]]


class Piece(TypedDict):
    """Some text and what became of it: same, removed or added."""

    op: str
    text: str


class FieldDiff(TypedDict):
    """One field that differs, as pieces in reading order."""

    field: str
    pieces: list[Piece]


@with_config(CLOSED)
class Diff(Answer):
    """Two versions compared, field by field."""

    release_id: str
    old: int
    new: int
    fields: list[FieldDiff]


@with_config(CLOSED)
class OneCapture(Answer):
    """One response of the site; `raw` is the address of its bytes, null where there are none."""

    capture: dict[str, Any]
    raw: str | None


class Partner(TypedDict):
    """A partner country."""

    country: str
    signed_on: date
    announcements: int
    latest_on: date | None
    latest_id: str | None
    tonnes: float


class CountryYear(TypedDict):
    """Announcements that name a country in a year."""

    country: str
    year: int
    announcements: int


class Credit(TypedDict):
    """Credits a release decided or issued; `country` is null where it does so for several."""

    release_id: str
    title: str
    published_on: date
    year: int
    country: str | None
    tonnes: float


class CreditYear(TypedDict):
    """Credits of a country in a year, summed; `release_id` is null where several releases make the sum."""

    country: str | None
    year: int
    releases: int
    tonnes: float
    release_id: str | None


@with_config(CLOSED)
class Jcm(Answer):
    """The JCM page."""

    announcements: list[Listed]
    partners: list[Partner]
    by_country_and_year: list[CountryYear]
    credits: list[Credit]
    credits_by_country_and_year: list[CreditYear]
    charts: dict[str, Any]


@with_config(CLOSED)
class Rows(Answer):
    """Rows of a table of the archive: see the data dictionary."""

    next: str | None
    rows: list[dict[str, Any]]


@with_config(CLOSED)
class Run(Answer):
    """One run and how each page it met ended."""

    run: dict[str, Any]
    ledger: list[dict[str, Any]]


@with_config(CLOSED)
class Health(Answer):
    """The archive in figures and what happened last."""

    figures: dict[str, Any]
    runs: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    alerts: list[dict[str, Any]]


@with_config(CLOSED)
class About(Answer):
    """What this room is."""

    about: str
    openapi: str


@with_config(CLOSED)
class Sql(TypedDict):
    """The answer to a query; `cut` says that there were more rows."""

    columns: list[str]
    rows: list[list[Any]]
    cut: bool
    source: Source


@with_config(CLOSED)
class Problem(TypedDict):
    """What was wrong."""

    status: int
    error: str
