"""One page to one record: decode, take apart, read each field, check that it can be true."""

import re
from datetime import datetime

from extractors.attachments import linked
from extractors.blocks import Origin
from extractors.complexity import too_much
from extractors.contacts import contacts
from extractors.contract import implausible
from extractors.corrections import corrections
from extractors.countries import named_countries
from extractors.decoding import as_utf8, decode, without_utf_16
from extractors.events import event
from extractors.facts import facts
from extractors.jcm import judge
from extractors.lead import lead
from extractors.markdown import markdown
from extractors.origins import origins
from extractors.page import Page
from extractors.release import Release, Unreadable
from extractors.saved_text import read_saved_text
from extractors.sections import parts, without
from extractors.site import JUDGED_CHARS
from extractors.text import fold
from extractors.web_page import read_web_page

_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|main|article|div|section|meta|title|h[1-6]|p|table|ul|span|br|a)\b",
    re.IGNORECASE,
)
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_SNIFFED = 65_536


def read(
    payload: bytes,
    *,
    url: str,
    fetched_at: datetime,
    media_type: str | None = None,
    charset: str | None = None,
) -> Release | Unreadable:
    """The record of one release page or saved text, or the reason why there is none.

    Args:
        payload: the body of the response, in any encoding, HTML or plain text.
        url: the canonical https address; links are made absolute against it.
        fetched_at: when the page was had, aware; no release is from after it.
        media_type: of the response, without parameters; `text/plain` is saved text.
        charset: as declared by the response; used only where the bytes leave a doubt.

    `body` is the whole text of the article, each block once, one block a line (a table one cell a line),
    the lead and the attachments' list included; title, day, categories, the line of a joint release,
    contacts, and the lists of related pages are fields of their own and not in it.
    """
    page = _page(payload, url, media_type, charset)
    if isinstance(page, Unreadable):
        return page
    release = _assemble(page)
    return implausible(release, fetched_at) or release


def explain(
    payload: bytes,
    *,
    url: str,
    fetched_at: datetime,
    media_type: str | None = None,
    charset: str | None = None,
) -> tuple[Origin, ...]:
    """For every field of the record the selector or rule that gave it and the text it came from, in order.

    For an unreadable page one entry `unreadable` with the reason.
    """
    page = _page(payload, url, media_type, charset)
    if isinstance(page, Unreadable):
        return (Origin("unreadable", page.reason, page.detail),)
    release = _assemble(page)
    refusal = implausible(release, fetched_at)
    refused = (Origin("unreadable", refusal.reason, refusal.detail),) if refusal else ()
    return (*refused, *origins(page, release))


def _page(payload: bytes, url: str, media_type: str | None, charset: str | None) -> Page | Unreadable:
    if not payload or payload.isspace():
        return Unreadable("empty", f"{len(payload)} bytes without text", "a page")
    if payload.startswith(_BINARY):
        return Unreadable("not-text", f"bytes beginning {payload[:8]!r}", "HTML or plain text")
    payload = without_utf_16(payload, charset)
    plain = media_type == "text/plain" or not _MARKUP.search(payload[:_SNIFFED])
    if refusal := too_much(payload, plain=plain):
        return refusal
    if plain:
        return read_saved_text(decode(payload, charset), url)
    return read_web_page(as_utf8(payload, charset), url)


def _assemble(page: Page) -> Release:
    part = parts(page.blocks)
    top, lead_blocks = lead(part.text)
    pairs = tuple(fact for fact, _ in facts(without(part.text, lead_blocks)))
    files = linked([*part.body, *part.contact, *part.related], page.url)
    body = "\n".join(block.line for block in part.body)
    folded = "\n".join([block.marker + block.folded for block in part.body])[:JUDGED_CHARS]
    gathering = event(pairs, page.published_on)
    top_text = top.value if top else None
    jcm = judge(
        title=fold(page.title.value),
        lead=fold(top_text) if top_text else None,
        body=folded,
        facts=pairs,
        lang=page.lang,
    )
    return Release(
        url=page.url,
        lang=page.lang,
        title=page.title.value,
        published_on=page.published_on,
        categories=tuple(tag.value for tag in page.categories),
        joint_with=tuple(dict.fromkeys(name.value for name in page.joint_with)),
        lead=top_text,
        body=body,
        body_markdown=markdown(part.body, page.url),
        facts=pairs,
        event_starts_on=gathering.starts_on,
        event_ends_on=gathering.ends_on,
        event_hours=gathering.hours,
        event_place=gathering.place,
        contacts=contacts(part.contact),
        attachments=files.attachments,
        links=files.links,
        corrections=corrections(part.body, page.published_on),
        countries=named_countries(f"{fold(page.title.value)}\n{folded}", page.lang),
        jcm_role=jcm.role,
        jcm_kind=jcm.kind,
        jcm_evidence=jcm.evidence,
        jcm_countries=jcm.countries,
        jcm_partner_count=jcm.partner_count,
        jcm_projects=jcm.projects,
        jcm_tonnes=jcm.tonnes,
        template=page.template,
        dropped_links=files.dropped,
    )
