"""What was read against what is true, field by field; width, white space and bullets do not count."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors import Release, Unreadable, read
from tests.accuracy.corpus import SITE, Page

_SIZE = re.compile(r"[\[(]PDF[^\])]*[\])]$")
_NUMBERED = re.compile(r"^\d+[.．、]\s*", re.MULTILINE)
SKIPPED = object()
"""A field that this form of page does not show, or shows in no way SITE.md describes."""

THRESHOLDS = {
    "title": 0.98,
    "published_on": 0.98,
    "categories": 0.98,
    "lead": 0.98,
    "corrections": 0.98,
    "joint_with": 0.98,
    "attachments": 0.98,
    "contacts": 0.95,
    "facts": 0.95,
    "event": 0.95,
    "countries": 0.95,
    "jcm_role": 0.97,
    "jcm_kind": 0.90,
}


@dataclass(frozen=True, slots=True)
class Miss:
    """One field of one page that came out otherwise."""

    page: Page
    field: str
    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Score:
    """All pages: how many had each field, how many were right, and every miss."""

    asked: Counter[str]
    right: Counter[str]
    misses: tuple[Miss, ...]

    def share(self, field: str) -> float:
        """The share of pages on which the field was right; 1 where none had it."""
        return self.right[field] / self.asked[field] if self.asked[field] else 1.0


def flat(text: object) -> str:
    """Text without width and white space, for comparison only."""
    return (
        "".join(unicodedata.normalize("NFKC", str(text or "")).split()).replace("~", "～").replace("〜", "～")
    )


def score(pages: Iterable[Page]) -> Score:
    """Reads every page and compares."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    misses: list[Miss] = []
    for page in pages:
        got = read(
            page.payload,
            url=page.url,
            fetched_at=page.fetched_at,
            media_type=page.media_type,
            charset=page.charset,
        )
        for name, (expected, found) in _fields(page, got).items():
            asked[name] += 1
            if expected == found:
                right[name] += 1
            else:
                misses.append(Miss(page, name, expected, found))
    return Score(asked, right, tuple(misses))


def _fields(page: Page, got: Release | Unreadable) -> dict[str, tuple[object, object]]:
    truth = {name: make(page) for name, make in _TRUTH.items()}
    wanted = {name: value for name, value in truth.items() if value is not SKIPPED}
    if isinstance(got, Unreadable):
        return {name: (value, f"unreadable: {got.reason}: {got.detail}") for name, value in wanted.items()}
    return {name: (value, _found(name, page, got)) for name, value in wanted.items()}


def _found(name: str, page: Page, got: Release) -> object:
    if name == "facts":
        return _facts_found(page, got)
    if name == "body":
        body = flat(got.body)
        return tuple(paragraph for paragraph in _once(page) if body.count(paragraph) == 1)
    return _GOT[name](got)


def _facts_found(page: Page, got: Release) -> object:
    """The facts read; a heading of the page with its prose is a label with its value as well, and no miss."""
    headings = {flat(heading) for heading in page.draft.headings}
    facts = [(flat(fact.label), flat(fact.value)) for fact in got.facts if flat(fact.label) not in headings]
    return tuple(facts)


def _attachment(title: str, url: str, size: str | None) -> tuple[str, str, str]:
    return (_SIZE.sub("", flat(title)), url, flat(size))


def _lead(text: str | None) -> str:
    return flat(_NUMBERED.sub("", unicodedata.normalize("NFKC", text or "")))


def _lead_true(page: Page) -> object:
    # Only the grey box of the current template, or its numbers, tell a lead from the first sentences.
    boxed = page.form in {"current", "english"}
    if not boxed and len(page.draft.lead) == 1:
        return SKIPPED
    return _lead("\n".join(page.draft.lead))


def _event_true(page: Page) -> object:
    when = page.draft.when
    if when is None:
        return (None, None, "", "")
    return (when.starts, when.ends, flat(when.hours), flat(page.draft.place))


def _event_got(got: Release) -> object:
    ends = got.event_ends_on or got.event_starts_on
    return (got.event_starts_on, ends, flat(got.event_hours), flat(got.event_place))


def _contacts_true(page: Page) -> object:
    return tuple(
        (
            flat(one.organisation),
            tuple((label, number) for label, number in one.phones),
            tuple((person.role, flat(person.name), person.extension or "") for person in one.people),
            one.emails,
        )
        for one in page.draft.contacts
    )


def _contacts_got(got: Release) -> object:
    return tuple(
        (
            flat(one.organisation),
            tuple((flat(phone.label), flat(phone.number)) for phone in one.phones),
            tuple((flat(person.role), flat(person.name), flat(person.extension)) for person in one.people),
            one.emails,
        )
        for one in got.contacts
    )


def _once(page: Page) -> tuple[str, ...]:
    return tuple(
        flat(block.text) for block in page.draft.blocks if block.kind == "paragraph" and len(block.text) > 20
    )


_UNTAGGED = {"former", "old-english", "text-bare"}
_TRUTH: dict[str, Callable[[Page], object]] = {
    "title": lambda page: flat(page.draft.title),
    "published_on": lambda page: page.draft.published,
    "lang": lambda page: page.draft.lang,
    "categories": lambda page: () if page.form in _UNTAGGED else page.draft.categories,
    "joint_with": lambda page: page.draft.joint,
    "lead": _lead_true,
    "corrections": lambda page: tuple((day, flat(note)) for day, note in page.draft.corrections),
    "attachments": lambda page: (
        SKIPPED
        if page.form.startswith("text")
        else tuple(_attachment(file.title, SITE + file.href, file.size) for file in page.draft.files)
    ),
    "contacts": _contacts_true,
    "facts": lambda page: tuple((flat(label), flat(value)) for label, value in page.draft.facts),
    "event": _event_true,
    "countries": lambda page: page.draft.countries,
    "jcm_role": lambda page: page.draft.tale.role,
    "jcm_kind": lambda page: page.draft.tale.kind,
    "body": _once,
    "jcm_countries": lambda page: page.draft.figures.get("jcm_countries", SKIPPED),
    "jcm_tonnes": lambda page: page.draft.figures.get("jcm_tonnes", SKIPPED),
    "jcm_partner_count": lambda page: page.draft.figures.get("jcm_partner_count", SKIPPED),
    "jcm_projects": lambda page: page.draft.figures.get("jcm_projects", SKIPPED),
}
_GOT: dict[str, Callable[[Release], object]] = {
    "title": lambda got: flat(got.title),
    "published_on": lambda got: got.published_on,
    "lang": lambda got: got.lang,
    "categories": lambda got: got.categories,
    "joint_with": lambda got: got.joint_with,
    "lead": lambda got: _lead(got.lead),
    "corrections": lambda got: tuple((one.corrected_on, flat(one.note)) for one in got.corrections),
    "attachments": lambda got: tuple(
        _attachment(one.title, one.url, one.size_label) for one in got.attachments
    ),
    "contacts": _contacts_got,
    "event": _event_got,
    "countries": lambda got: got.countries,
    "jcm_role": lambda got: got.jcm_role,
    "jcm_kind": lambda got: got.jcm_kind,
    "jcm_countries": lambda got: got.jcm_countries,
    "jcm_tonnes": lambda got: got.jcm_tonnes,
    "jcm_partner_count": lambda got: got.jcm_partner_count,
    "jcm_projects": lambda got: got.jcm_projects,
}


def by_form(result: Score) -> dict[str, Counter[str]]:
    """How many misses each form of page has, by field."""
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for miss in result.misses:
        table[miss.page.form][miss.field] += 1
    return dict(table)
