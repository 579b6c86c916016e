"""What the press room plays from: a `Record` is one invented release, an `Event` what befalls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
LAST_MOMENT = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to ask; the role as printed, letter-spacing included."""

    role: str
    name: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One block of 連絡先; `form` names the way it is printed: pairs, lines, glued, list, table."""

    organisation: str
    phones: tuple[tuple[str, str], ...] = ()
    people: tuple[Person, ...] = ()
    emails: tuple[str, ...] = ()
    form: str = "pairs"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link as printed: an attachment with its size label, or a related page."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Event:
    """What happens to a page at a moment.

    `kind` is one of `revise` (`replace` holds pairs of old and new text, `note` the correction note),
    `cosmetic` (another markup, the same content), `withdraw` (answered with `status`; `listed` says
    whether the lists still show it) and `restore`.
    """

    at: datetime
    kind: str
    replace: tuple[tuple[str, str], ...] = ()
    note: str = ""
    status: int = 404
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One release: where it stands, when it appears (Japan's clock), and what it says.

    `body` and the texts use the small markup of `pressroom.markup`. `elsewhere` makes a list item that
    leads to a file or another host and has no page here. `expect` is what a careful reader would say
    of the release (role, kind, tonnes …), for tests; no page shows it.
    """

    path: str
    title: str
    published_at: datetime
    lang: str = "ja"
    template: str = "current"
    shape: str = "plain"
    categories: tuple[str, ...] = ()
    joint: str = ""
    lead: tuple[str, ...] = ()
    lead_form: str = "paragraphs"
    body: str = ""
    notes: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    attachments: tuple[Anchor, ...] = ()
    links: tuple[Anchor, ...] = ()
    aliases: tuple[str, ...] = ()
    listed_twice: bool = False
    elsewhere: str = ""
    story: tuple[Event, ...] = ()
    expect: Mapping[str, object] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The date the page prints."""
        return self.published_at.date()

    @property
    def month(self) -> str:
        """The month page it is listed on: `202606`."""
        return f"{self.published_at:%Y%m}"


class NotOnPageError(ValueError):
    """A revision names text that the page does not have; it would silently change nothing."""


def moment(value: date | datetime) -> datetime:
    """Japan's time: a bare date means the end of that day, so that all its releases are out."""
    if not isinstance(value, datetime):
        return datetime.combine(value, LAST_MOMENT, JST)
    return value.replace(tzinfo=JST) if value.tzinfo is None else value.astimezone(JST)


def revised(record: Record, pairs: tuple[tuple[str, str], ...], note: str) -> Record:
    """The record with each old text replaced wherever it stands, and the correction note added.

    Raises `NotOnPageError` when an old text stands nowhere.
    """
    for old, new in pairs:
        record = _replaced(record, old, new)
    return replace(record, notes=(*record.notes, note)) if note else record


def _replaced(record: Record, old: str, new: str) -> Record:
    changed = replace(
        record,
        title=record.title.replace(old, new),
        joint=record.joint.replace(old, new),
        lead=tuple(line.replace(old, new) for line in record.lead),
        body=record.body.replace(old, new),
        contacts=tuple(_contact_replaced(contact, old, new) for contact in record.contacts),
        attachments=tuple(replace(one, text=one.text.replace(old, new)) for one in record.attachments),
        links=tuple(replace(one, text=one.text.replace(old, new)) for one in record.links),
    )
    if changed == record:
        raise NotOnPageError(
            f"{record.path} has no text {old!r} to replace; take it from the record's own text"
        )
    return changed


def _contact_replaced(contact: Contact, old: str, new: str) -> Contact:
    return replace(
        contact,
        organisation=contact.organisation.replace(old, new),
        phones=tuple((label, number.replace(old, new)) for label, number in contact.phones),
        people=tuple(replace(person, name=person.name.replace(old, new)) for person in contact.people),
    )
