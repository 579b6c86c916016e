"""The template since about 2022-03, Japanese and English: `div.p-press-release-material` inside `main`."""

from html import escape

from pressroom.markup import boxes, inline
from pressroom.records import Anchor, Record
from pressroom.templates import contacts, frame
from pressroom.templates.frame import Look
from pressroom.templates.tags import tag

_ADOBE = {
    "ja": "PDF形式のファイルをご覧いただくには、閲覧ソフトが必要です。配布元から入手してください。",
    "en": "A viewer is needed to open files in PDF.",
}
_WORDS = {
    "ja": {"head": "報道発表資料", "files": "添付資料", "contact": "連絡先", "links": "関連情報"},
    "en": {
        "head": "Press Release",
        "files": "Attachments",
        "contact": "Contact",
        "links": "Related Information",
    },
}


def page(record: Record, look: Look) -> str:
    """The whole page; `record.shape` says how the text is boxed."""
    return frame.page(
        record.title,
        _main(record, look),
        lang=record.lang,
        look=look,
        path=record.path,
        description=record.lead[0] if record.lead else "",
    )


def day(record: Record) -> str:
    """2026年06月04日, or June 04, 2026."""
    return f"{record.day:%B %d, %Y}" if record.lang == "en" else f"{record.day:%Y年%m月%d日}"


def _main(record: Record, look: Look) -> str:
    heading = "h2" if look.coat % 2 else "h1"
    parts = [_head(record, heading), *_lead(record), *_texts(record, look), *_tail(record)]
    article = "\n".join(parts)
    wrap = ('<div class="c-component__inner"><div>', "</div></div>") if look.coat else ("", "")
    return f"""<main class="l-main" id="main">
<div class="c-breadcrumb">
<ol><li><a href="/">TOP</a></li><li><a href="/press/">{_WORDS[record.lang]["head"]}</a></li></ol>
</div>
<div class="c-component">{wrap[0]}
{article}
{wrap[1]}</div>
</main>"""


def _head(record: Record, heading: str) -> str:
    words = _WORDS[record.lang]
    tags = "".join(f'<li class="p-news-link__item">{tag(name)}</li>' for name in record.categories)
    listed = f'<ul class="p-press-release-material__tags">{tags}</ul>\n' if tags else ""
    button = (
        '<p class="p-press-release-material__print"><button type="button">この記事を印刷</button></p>\n'
        if record.lang == "ja"
        else ""
    )
    joint = f'\n<p class="p-press-release-material__joint">{_text(record.joint)}</p>' if record.joint else ""
    return f"""<div class="p-press-release-material">
<p class="p-press-release-material__label">{words["head"]}</p>
{button}<span class="p-press-release-material__date">{day(record)}</span>
{listed}<{heading} class="p-press-release-material__heading">{_text(record.title)}</{heading}>{joint}
</div>"""


def _lead(record: Record) -> list[str]:
    if not record.lead:
        return []
    return [
        f'<div class="c-component__bg-area">\n<div class="wysiwyg">\n{_sentences(record)}\n</div>\n</div>'
    ]


def _sentences(record: Record) -> str:
    if record.lead_form == "list":
        return "<ol>\n" + "\n".join(f"<li>{inline(line)}</li>" for line in record.lead) + "\n</ol>"
    numbered = [f"{number}. {inline(line)}" for number, line in enumerate(record.lead, 1)]
    if record.lead_form == "breaks":
        return "<p>" + "<br>\n".join(numbered) + "</p>"
    lines = numbered if len(record.lead) > 1 else [inline(record.lead[0])]
    return "\n".join(f"<p>{line}</p>" for line in lines)


def _texts(record: Record, look: Look) -> list[str]:
    notes = "\n".join(f"<p>{inline(note)}</p>" for note in record.notes)
    texts = [*([notes] if notes else []), *boxes(record.body)]
    return [_boxed(text, record.shape, look) for text in texts]


def _boxed(text: str, shape: str, look: Look) -> str:
    style = f' data-coat="{look.coat}"' if look.coat else ""
    box = f'<div class="wysiwyg"{style}>\n{text}\n</div>'
    if shape == "nested":
        return f'<div class="c-component"><div class="c-component__body"><div>{box}</div></div></div>'
    if shape == "copied":
        return f'{box}\n<div class="u-sp-only" style="display: none" aria-hidden="true">\n{text}\n</div>'
    return box


def _tail(record: Record) -> list[str]:
    words = _WORDS[record.lang]
    parts = []
    if record.attachments:
        parts.append(_section(words["files"], _links(record.attachments)))
    if record.contacts:
        parts.append(_section(words["contact"], "\n".join(contacts.block(one) for one in record.contacts)))
    if record.links:
        parts.append(_section(words["links"], _links(record.links)))
    if record.attachments:
        parts.append(f'<p class="c-note">{_ADOBE[record.lang]}</p>')
    return parts


def _section(heading: str, content: str) -> str:
    return f'<div class="wysiwyg">\n<h2>{heading}</h2>\n{content}\n</div>'


def _links(anchors: tuple[Anchor, ...]) -> str:
    return (
        "<ul>\n"
        + "\n".join(f'<li><a href="{escape(one.href)}">{_text(one.text)}</a></li>' for one in anchors)
        + "\n</ul>"
    )


def _text(text: str) -> str:
    return escape(text, quote=False)
