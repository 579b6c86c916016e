"""Whole pages of a fictional release: each template of the site, and saved text of it."""

import json
from collections.abc import Callable
from html import escape
from random import Random
from typing import NamedTuple

from extractors.dates import wareki
from tests.extractors.fictional import forms
from tests.extractors.fictional.release import Fictional

_HINT = "PDF形式のファイルをご覧いただくためには、Adobe Readerが必要です。"


class Printed(NamedTuple):
    """A page as it would come, and which of the truth's fields this form cannot carry."""

    text: str
    media_type: str
    lacks: frozenset[str] = frozenset()


def _page(head: str, body: str, lang: str = "ja") -> str:
    menu = "<ul><li><a href='/'>ホーム</a></li><li><a href='/press/'>報道発表資料</a></li></ul>"
    nav = f"<header><nav>{menu}</nav></header>"
    footer = "<footer><p>法人番号1000012110001</p><address>環境省</address></footer>"
    top = f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">{head}</head>'
    return f"{top}<body>{nav}{body}{footer}</body></html>"


def _lead(release: Fictional, rng: Random) -> str:
    if rng.random() < 0.5:
        return "<ol>" + "".join(f"<li>{text}</li>" for text in release.lead) + "</ol>"
    return forms.paragraphs(forms.numbered(release.lead, rng), rng)


def _sections(release: Fictional, rng: Random, level: str) -> str:
    mark = rng.choice(("■ {}", "{}", "●{}", "【{}】", "１．{}"))
    parts = []
    for heading, texts in release.sections:
        parts.append(f"<{level}>{mark.format(heading)}</{level}>" + forms.paragraphs(list(texts), rng))
    if release.facts:
        parts.insert(rng.randrange(len(parts) + 1), forms.pairs(release.facts, rng))
    if release.correction:
        parts.insert(rng.choice((0, len(parts))), f"<p>{escape(release.correction)}</p>")
    return "\n".join(parts)


def _contacts(release: Fictional, rng: Random) -> str:
    return "".join(forms.contact(contact, rng) for contact in release.contacts)


def _below(release: Fictional, rng: Random, box: str, level: str) -> str:
    parts = []
    if release.files:
        parts.append(f"<div class='{box}'><{level}>添付資料</{level}>{forms.files(release, rng)}</div>")
    if release.contacts:
        parts.append(f"<div class='{box}'><{level}>連絡先</{level}>{_contacts(release, rng)}</div>")
    if release.links:
        items = "".join(f"<li><a href='{url}'>{title}</a></li>" for title, url in release.links)
        parts.append(f"<div class='{box}'><{level}>関連情報</{level}><ul>{items}</ul></div>")
    return "".join(parts)


def current(release: Fictional, rng: Random) -> Printed:
    """The current template; sometimes with nested boxes, an accordion, or a hidden copy for telephones."""
    tags = "".join(
        f"<li><span class='p-news-link__tag c-tag'>{name}</span></li>" for name in release.categories
    )
    heading = rng.choice(("h1", "h2"))
    joint = f"<p>{escape(forms.joint_line(release.joint_with, rng))}</p>" if release.joint_with else ""
    lead = _lead(release, rng) if release.lead else ""
    text = _sections(release, rng, rng.choice(("h2", "h3", "p")))
    if rng.random() < 0.3:
        text = f"<div><div class='inner'><div>{text}</div></div></div>"
    elif rng.random() < 0.3:
        text = f"<details><summary>詳細</summary><div>{text}</div></details>"
    elif rng.random() < 0.4:
        text = f"<div class='u-pc-only'>{text}</div><div class='u-sp-only' style='display:none'>{text}</div>"
    body = f"""<main><div class="c-component">
<div class="p-press-release-material">
<p class="p-press-release-material__print"><a href="#">この記事を印刷</a></p>
<p class="p-press-release-material__date">{release.published_on:%Y年%m月%d日}</p><ul>{tags}</ul>
<{heading} class="p-press-release-material__heading">{escape(release.title)}</{heading}></div>{joint}
<div class="c-component__bg-area"><div class="wysiwyg">{lead}</div></div>
<div class="wysiwyg">{text}</div>{_below(release, rng, "wysiwyg", "h2")}<p>{_HINT}</p></div></main>"""
    return Printed(
        _page(f"<title>{escape(release.title)} | 報道発表資料 | 環境省</title>", body), "text/html"
    )


def former(release: Fictional, rng: Random) -> Printed:
    """The template until about 2021."""
    joint = f"<p>{escape(forms.joint_line(release.joint_with, rng))}</p>" if release.joint_with else ""
    lead = _lead(release, rng) if release.lead else ""
    files = f"<h2>添付資料</h2>{forms.files(release, rng)}" if release.files else ""
    links = "".join(f"<h2>関連情報</h2><p><a href='{url}'>{title}</a></p>" for title, url in release.links)
    body = f"""<div id="main"><p class="date">{wareki(release.published_on)}</p>
<h1>{escape(release.title)}</h1>{joint}
<div>{lead}</div><div>{_sections(release, rng, "h2")}</div>{files}
<div class="contact"><h2>連絡先</h2>{_contacts(release, rng)}</div>{links}<p>{_HINT}</p></div>"""
    return Printed(
        _page(f"<title>環境省_{escape(release.title)}</title>", body), "text/html", frozenset(("categories",))
    )


def redesigned(release: Fictional, rng: Random) -> Printed:
    """A site nobody has seen: semantic elements and metadata, no class we know."""
    on = release.published_on
    day = f'<time datetime="{on}">{on.year}年{on.month}月{on.day}日</time>'
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": release.title,
        "datePublished": f"{release.published_on}T14:00:00+09:00",
        "articleSection": list(release.categories),
    }
    title = escape(release.title)
    head = f"<title>{title} | 環境省</title><meta property='og:title' content=\"{title}\">"
    head += rng.choice(
        ("", f"<script type='application/ld+json'>{json.dumps(data, ensure_ascii=False)}</script>")
    )
    tags = "".join(f"<li>{name}</li>" for name in release.categories)
    joint = f"<p>{escape(forms.joint_line(release.joint_with, rng))}</p>" if release.joint_with else ""
    lead = f"<section>{_lead(release, rng)}</section>" if release.lead else ""
    body = f"""<main><article><header><p>報道発表資料</p>{day}<ul>{tags}</ul><h1>{title}</h1>{joint}</header>
{lead}<section>{_sections(release, rng, "h2")}</section>{_below(release, rng, "x", "h2")}</article>
<aside><h2>新着情報</h2><p><a href="/x">別の発表</a></p></aside></main>"""
    return Printed(_page(head, body), "text/html")


def english(release: Fictional, rng: Random) -> Printed:
    """The current template in English."""
    tags = "".join(f"<span class='p-news-link__tag'>{name}</span>" for name in release.categories)
    body = f"""<main><div class="c-component"><p>Press Release</p><div class="p-press-release-material">
<p class="p-press-release-material__date">{release.published_on:%B %d, %Y}</p><p>{tags}</p>
<h1 class="p-press-release-material__heading">{release.title}</h1></div>
<div class="wysiwyg">{_sections(release, rng, "h2")}</div>
<div class="wysiwyg"><h2>Attachments</h2>{forms.files(release, rng)}</div></div></main>"""
    return Printed(
        _page(f"<title>{release.title} | Ministry of the Environment</title>", body, "en"), "text/html"
    )


def old_english(release: Fictional, rng: Random) -> Printed:
    """The English template until 2022."""
    on = release.published_on
    body = f"""<div id="main"><div class="well"><p class="date">{on:%B} {on.day}, {on.year}</p>
<h1>{release.title}</h1>{_sections(release, rng, "h3")}
<h3>Attachments</h3>{forms.files(release, rng)}</div></div>"""
    return Printed(
        _page(f"<title>{release.title}</title>", body, "en"), "text/html", frozenset(("categories",))
    )


def _text_lines(release: Fictional, rng: Random) -> list[str]:
    lines = [forms.joint_line(release.joint_with, rng)] if release.joint_with else []
    lines += forms.numbered(release.lead, rng)
    for heading, texts in release.sections:
        lines += [f"■ {heading}", *texts]
    if release.facts:
        lines += ["■ 概要", *forms.pair_lines(release.facts, rng)]
        if rng.random() < 0.3:
            lines += lines[-2:] if len(release.facts) > 1 else []
    if release.correction:
        lines.append(release.correction)
    if release.files:
        lines += ["添付資料", *(f"- {file.title} [PDF {file.size}]" for file in release.files)]
    if release.contacts:
        lines += ["", "連絡先"]
        form = rng.randrange(2)
        for contact in release.contacts:
            office, *rest = forms.contact_pairs(contact, rng) if form else forms.contact_lines(contact, rng)
            lines += [office, *(f"- {line}" if form else line for line in rest)]
    return lines


_TEXT_LACKS = frozenset(("files", "links"))


def saved_text(release: Fictional, rng: Random) -> Printed:
    """Text saved from a page, with its head."""
    bullet = rng.choice(("- ", "・"))
    head = [
        "報道発表資料",
        *(["この記事を印刷"] if rng.random() < 0.5 else []),
        f"{release.published_on:%Y年%m月%d日}",
    ]
    lines = [
        *head,
        *(bullet + name for name in release.categories),
        release.title,
        *_text_lines(release, rng),
    ]
    return Printed("\n".join(lines) + "\n", "text/plain", _TEXT_LACKS)


def saved_text_bare(release: Fictional, rng: Random) -> Printed:
    """Text saved without the site's head: a title, a day, the text."""
    day = rng.choice(
        (
            f"{release.published_on:%Y年%m月%d日}",
            wareki(release.published_on),
            f"{release.published_on:%Y年%m月%d日}発表",
        )
    )
    head = [release.title, day] if rng.random() < 0.5 else [day, release.title]
    return Printed("\n".join([*head, *_text_lines(release, rng)]), "text/plain", _TEXT_LACKS | {"categories"})


TEMPLATES: dict[str, Callable[[Fictional, Random], Printed]] = {
    "current": current,
    "former": former,
    "semantic": redesigned,
    "english": english,
    "old-english": old_english,
    "saved-text": saved_text,
    "saved-text-without-header": saved_text_bare,
}
