"""Drafts printed as pages: HTML in every template, and the bytes of each encoding."""

import json
from collections.abc import Callable
from html import escape
from random import Random

from tests.accuracy import dates
from tests.accuracy.blocks import Block
from tests.accuracy.draft import Draft, File
from tests.accuracy.people import Block as Contact

_RELATED = """<h2>関連情報</h2><h3>過去の報道発表資料</h3>
<ul><li><a href="/press/press_00021.html">令和4年8月3日 環境月間の結果について</a></li>
<li><a href="https://www.example.org/topics/">特設の案内ページ</a></li></ul>"""
SLUGS = {"地球環境": "earth", "水・土壌": "water-soil", "自然環境": "nature"}


def text(value: str) -> str:
    """Escaped text."""
    return escape(value, quote=False)


def html_of(block: Block) -> str:
    """A block as HTML."""
    if block.kind == "items":
        return "<ul>" + "".join(f"<li>{text(row[0])}</li>" for row in block.rows) + "</ul>"
    if block.kind == "definitions":
        return "<dl>" + "".join(f"<dt>{text(a)}</dt><dd>{text(b)}</dd>" for a, b in block.rows) + "</dl>"
    if block.kind == "broken":
        return "<p>" + "<br>".join(text(row[0]) for row in block.rows) + "</p>"
    if block.kind == "table":
        tag = "th" if len(block.rows) % 2 else "td"
        cells = (
            f"<{tag}>{text(row[0])}</{tag}>" + "".join(f"<td>{text(cell)}</td>" for cell in row[1:])
            for row in block.rows
        )
        return "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</tbody></table>"
    return f"<p>{text(block.text)}</p>"


def contact_html(contact: Contact) -> str:
    """A contact block in its form."""
    organisation = text(contact.organisation)
    rows = [(text(label), text(value)) for label, value in contact.rows]
    if contact.form == "pairs":
        return f"<p>{organisation}</p><ul>" + "".join(f"<li>{a}</li><li>{b}</li>" for a, b in rows) + "</ul>"
    if contact.form == "table":
        cells = "".join(f"<tr><th>{a}</th><td>{b}</td></tr>" for a, b in rows)
        return f"<p>{organisation}</p><table>{cells}</table>"
    if contact.form == "definitions":
        return f"<p>{organisation}</p><dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in rows) + "</dl>"
    return f"<p>{organisation}<br>\n" + "<br>\n".join(text(line) for line in contact_lines(contact)) + "</p>"


def contact_lines(contact: Contact) -> list[str]:
    """The rows of a contact block, one line each."""
    lines = [f"{label}{_between(contact, label, value)}{value}" for label, value in contact.rows]
    if contact.form == "oneline":
        phones = len(contact.phones)
        return ["　".join(lines[:phones]), *lines[phones:]]
    return lines


def _between(contact: Contact, label: str, value: str) -> str:
    if label == "E-mail":
        return "："
    if contact.form == "glued":
        return "" if value[0].isdigit() else "："
    return contact.separator


def _anchors(draft: Draft) -> list[str]:
    return [_anchor(file) for file in draft.files]


def _anchor(file: File) -> str:
    if file.outside:
        label = file.printed.removeprefix(file.title)
        return f'<a href="{file.shown}">{text(file.title)}</a>{text(label)}'
    return f'<a href="{file.shown}">{text(file.printed)}</a>'


def _links(draft: Draft) -> str:
    return "<ul>" + "".join(f"<li>{link}</li>" for link in _anchors(draft)) + "</ul>"


def _numbered(draft: Draft) -> list[str]:
    if len(draft.lead) == 1:
        return list(draft.lead)
    return [f"{number}. {line}" for number, line in enumerate(draft.lead, 1)]


def _joint(draft: Draft, randomness: Random) -> str:
    marks = randomness.choice(("＜{}同時発表＞", "〈{}同時発表〉", "＜{}同時発表＞"))
    return marks.format("、".join(draft.joint)) if draft.joint else ""


def _shell(draft: Draft, main: str, head: str = "") -> str:
    name = "Ministry of the Environment" if draft.lang == "en" else "環境省"
    title = f"<title>{text(draft.title)} | {name}</title>"
    return (
        f'<!DOCTYPE html>\n<html lang="{draft.lang}"><head>@@charset@@{title}{head}'
        f'</head><body><header><a href="/">{name}</a><nav><ul><li><a href="/policy/">'
        f"{'Policies' if draft.lang == 'en' else '政策'}</a></li></ul></nav></header>\n{main}\n"
        f'<footer><a href="/sitemap.html">{"Site map" if draft.lang == "en" else "サイトマップ"}</a>'
        f"<small>{name}</small></footer></body></html>"
    )


def current(draft: Draft, randomness: Random) -> str:
    """The current template, in one of its boxings."""
    box = randomness.choice((_plain, _plain, _nested, _folded, _copied))
    tags = "".join(
        f'<span class="p-news-link__tag c-tag c-tag--{SLUGS.get(name, "x")}">{text(name)}</span>'
        for name in draft.categories
    )
    heading = randomness.choice(("h1", "h1", "h2"))
    english = draft.lang == "en"
    day = dates.english(draft.published) if english else f"{draft.published:%Y年%m月%d日}"
    joint = _joint(draft, randomness)
    head = (
        f'<div class="p-press-release-material"><p>{"Press Release" if english else "報道発表資料"}</p>'
        f"{'' if english else '<p><button>この記事を印刷</button></p>'}"
        f'<p class="p-press-release-material__date">{day}</p>{tags}'
        f'<{heading} class="p-press-release-material__heading">{text(draft.title)}</{heading}>'
        f"{f'<p>{text(joint)}</p>' if joint else ''}</div>"
    )
    parts = [
        head,
        box(_lead_html(draft, randomness), "c-component__bg-area"),
        box("\n".join(map(html_of, draft.blocks)), "wysiwyg"),
        *_tail(draft, '<div class="wysiwyg">{}</div>', randomness),
    ]
    return _shell(draft, '<main><div class="c-component">' + "\n".join(parts) + "</div></main>")


def _lead_html(draft: Draft, randomness: Random) -> str:
    lines = _numbered(draft)
    form = randomness.choice(("paragraphs", "breaks", "list")) if len(lines) > 1 else "paragraphs"
    if form == "list":
        return "<ol>" + "".join(f"<li>{text(line)}</li>" for line in draft.lead) + "</ol>"
    if form == "breaks":
        return "<p>" + "<br>\n".join(map(text, lines)) + "</p>"
    return "\n".join(f"<p>{text(line)}</p>" for line in lines)


def _plain(content: str, name: str) -> str:
    return f'<div class="{name}">{content}</div>'


def _nested(content: str, name: str) -> str:
    inner = f'<div class="{name}"><div class="inner"><div>{content}</div></div></div>'
    return f'<div class="c-component"><div>{inner}</div></div>'


def _folded(content: str, name: str) -> str:
    if name != "wysiwyg":
        return _plain(content, name)
    inner = f'<div class="{name}">{content}</div>'
    return f'<details class="c-accordion" open><summary>詳細</summary>{inner}</details>'


def _copied(content: str, name: str) -> str:
    copy = f'<div class="u-sp" style="display:none" aria-hidden="true">{content}</div>'
    return f'<div class="{name}">{content}{copy}</div>'


def _tail(draft: Draft, box: str, randomness: Random) -> list[str]:
    english = draft.lang == "en"
    parts = []
    if draft.files and randomness.random() < 0.2:
        parts.append(box.format("".join(f"<p>{link}</p>" for link in _anchors(draft))))
    elif draft.files:
        parts.append(box.format(f"<h2>{'Attachments' if english else '添付資料'}</h2>{_links(draft)}"))
    if draft.contacts:
        parts.append(box.format("<h2>連絡先</h2>" + "\n".join(map(contact_html, draft.contacts))))
    if not english and randomness.random() < 0.25:
        parts.append(box.format(_RELATED))
    if draft.files and not english:
        parts.append("<p>PDF形式のファイルを閲覧するには、ソフトウェアが必要です。</p>")
    return parts


def former(draft: Draft, randomness: Random) -> str:
    """The template until about 2021."""
    joint = _joint(draft, randomness)
    lead = "".join(f"<p>{text(line)}</p>" for line in _numbered(draft))
    contact = "".join(map(contact_html, draft.contacts))
    files = f"<h2>添付資料</h2>{_links(draft)}" if draft.files else ""
    main = (
        f'<div id="main"><p class="date">{dates.era(draft.published)}</p><h1>{text(draft.title)}</h1>'
        f"{f'<p>{text(joint)}</p>' if joint else ''}<div>{lead}</div>"
        + "\n".join(map(html_of, draft.blocks))
        + f'{files}<div class="contact"><h2>連絡先</h2>{contact}</div></div>'
    )
    return _shell(draft, main)


def old_english(draft: Draft, randomness: Random) -> str:
    """The English template until 2022."""
    del randomness
    body = "\n".join(f"<p>{text(line)}</p>" for line in draft.lead) + "\n".join(map(html_of, draft.blocks))
    main = (
        f'<div id="main"><div class="well"><h1>{text(draft.title)}</h1>'
        f'<p class="date">{dates.english(draft.published)}</p>{body}{_links(draft)}</div></div>'
    )
    return _shell(draft, main)


def redesigned(draft: Draft, randomness: Random) -> str:
    """A site nobody has seen: semantic elements and metadata, no known class."""
    joint = _joint(draft, randomness)
    day = dates.plain(draft.published) if draft.lang == "ja" else dates.english(draft.published)
    tags = "".join(
        f'<li><a rel="tag" href="/topics/{index}">{text(name)}</a></li>'
        for index, name in enumerate(draft.categories)
    )
    lead = "".join(f"<p>{text(line)}</p>" for line in _numbered(draft))
    main = (
        f"<main><article><header>{f'<ul>{tags}</ul>' if tags else ''}"
        f'<h1>{text(draft.title)}</h1><p><time datetime="{draft.published}">{day}</time></p></header>'
        f"{f'<p>{text(joint)}</p>' if joint else ''}<section>{lead}</section><section>"
        + "\n".join(map(html_of, draft.blocks))
        + "</section>"
        + "".join(_tail(draft, "<section>{}</section>", randomness))
        + "</article></main>"
    )
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": draft.title,
        "datePublished": str(draft.published),
    }
    sections = "".join(
        f'<meta property="article:section" content="{escape(name)}">' for name in draft.categories
    )
    head = (
        f'<meta property="og:title" content="{escape(draft.title)}">'
        f'<meta property="article:published_time" content="{draft.published}T14:00:00+09:00">{sections}'
        f'<script type="application/ld+json">{json.dumps(facts, ensure_ascii=False)}</script>'
    )
    return _shell(draft, main, head)


def saved_text(draft: Draft, randomness: Random, *, header: bool) -> str:
    """The page as somebody saved it: one block a line, runs of paragraphs perhaps twice."""
    joint = _joint(draft, randomness)
    lines = ["報道発表資料", "この記事を印刷"] if header else []
    lines.append(f"{draft.published:%Y年%m月%d日}")
    bullet = randomness.choice(("- ", "・"))
    lines += [f"{bullet}{name}" for name in draft.categories] if header else []
    lines += [draft.title, *([joint] if joint else []), *_numbered(draft)]
    bar = randomness.random() < 0.5
    body = [line for block in draft.blocks for line in text_of(block, bar=bar)]
    lines += body
    if randomness.random() < 0.4 and len(body) > 4:
        lines += body[2:]
    if draft.files:
        lines += ["添付資料", *(f"- {file.printed}" for file in draft.files)]
    lines += ["", "連絡先"]
    for contact in draft.contacts:
        lines.append(contact.organisation)
        if contact.form in {"pairs", "table", "definitions"}:
            lines += [f"- {part}" for row in contact.rows for part in row]
        else:
            lines += contact_lines(contact)
    return "\n".join(lines)


def text_of(block: Block, *, bar: bool) -> list[str]:
    """A block as lines of saved text; tables with bars or one cell a line."""
    if block.kind == "items":
        return [f"- {row[0]}" for row in block.rows]
    if block.kind == "broken":
        return [row[0] for row in block.rows]
    if block.kind in {"table", "definitions"}:
        return (
            [" | ".join(row) for row in block.rows] if bar else [cell for row in block.rows for cell in row]
        )
    return [block.text]


PRINTERS: dict[str, Callable[[Draft, Random], str]] = {
    "current": current,
    "former": former,
    "english": current,
    "old-english": old_english,
    "redesigned": redesigned,
    "redesigned-english": redesigned,
    "text": lambda draft, randomness: saved_text(draft, randomness, header=True),
    "text-bare": lambda draft, randomness: saved_text(draft, randomness, header=False),
}
