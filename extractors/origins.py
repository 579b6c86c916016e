"""Where each field of a record came from: the selector or rule that gave it, and the text it was read in."""

from collections.abc import Iterator

from extractors.blocks import Found, Origin
from extractors.facts import facts
from extractors.lead import lead
from extractors.page import Page
from extractors.release import Release
from extractors.sections import Parts, parts, without
from extractors.vocabulary import EVENT_DAY, EVENT_HOURS, EVENT_PLACE

_SHOWN = 200


def origins(page: Page, release: Release) -> tuple[Origin, ...]:
    """One entry a value, in the order of the fields; fields the page did not fill have none.

    A field that is read again here is read by the same functions, so the two cannot differ.
    """
    part = parts(page.blocks)
    top, lead_blocks = lead(part.text)
    told = list(facts(without(part.text, lead_blocks)))
    found = [
        Origin("template", "marks of the page", release.template),
        Origin("lang", "script of the title, address, attribute lang", release.lang),
        _origin("title", page.title),
        _origin("published_on", page.dated),
        *(_origin("categories", tag) for tag in page.categories),
        *(_origin("joint_with", name) for name in page.joint_with),
        *([_origin("lead", top)] if top else []),
        Origin("body", "blocks of the article, each once", _cut(release.body)),
        *(_origin("facts", origin) for _, origin in told),
        *_event(release),
        *_below(release, part),
        *_judged(release),
    ]
    return tuple(found)


def _origin(field: str, found: Found) -> Origin:
    return Origin(field, found.rule, _cut(found.text))


def _cut(text: str) -> str:
    """The beginning of a text, with … where it goes on."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _event(release: Release) -> Iterator[Origin]:
    if release.event_starts_on is None:
        return
    labels = (
        (EVENT_DAY, "event_starts_on, event_ends_on, event_hours", "first day under a label of a gathering"),
        (EVENT_HOURS, "event_hours", "hours under a label of their own"),
        (EVENT_PLACE, "event_place", "place under a label"),
    )
    for pattern, field, rule in labels:
        fact = next((fact for fact in release.facts if pattern.fullmatch(fact.label)), None)
        if fact:
            yield Origin(field, rule, _cut(f"{fact.label}: {fact.value}"))


def _below(release: Release, part: Parts) -> Iterator[Origin]:
    if release.contacts:
        text = " / ".join(block.text for block in part.contact)
        yield Origin("contacts", "part under 連絡先", _cut(text))
    for file in release.attachments:
        yield Origin("attachments", "link to a file", f"{file.title} → {file.url}")
    for link in release.links:
        yield Origin("links", "link to a page", f"{link.title} → {link.url}")
    for correction in release.corrections:
        yield Origin("corrections", "note that says what was mended", _cut(correction.note))


def _judged(release: Release) -> Iterator[Origin]:
    if release.countries:
        yield Origin("countries", "names of countries in title and body", ", ".join(release.countries))
    for evidence in release.jcm_evidence:
        yield Origin("jcm_role, jcm_kind", "phrase of the JCM rules", evidence)
    if release.jcm_countries:
        yield Origin("jcm_countries", "partners named", ", ".join(release.jcm_countries))
