"""The template until about 2021: `#main h1`, `.date` in the Japanese era, `.contact`."""

from datetime import date
from html import escape

from pressroom.markup import boxes, inline
from pressroom.records import Record
from pressroom.templates import contacts, frame
from pressroom.templates.frame import Look

_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def era(day: date) -> str:
    """令和3年9月27日; the first year of an era is 元年."""
    begin, name = next((begin, name) for begin, name in _ERAS if day >= begin)
    year = day.year - begin.year + 1
    return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def page(record: Record, look: Look) -> str:
    """The whole page in the former template."""
    return frame.page(record.title, _main(record), lang="ja", look=look, path=record.path)


def _main(record: Record) -> str:
    tags = "".join(f'<span class="category">{escape(name, quote=False)}</span>' for name in record.categories)
    joint = f'<p class="joint">{escape(record.joint, quote=False)}</p>\n' if record.joint else ""
    return f"""<div id="main">
<p class="print"><a href="{record.path.removesuffix(".html")}-print.html">この記事を印刷</a></p>
<p class="date">{era(record.day)}</p>
{tags}
<h1>{escape(record.title, quote=False)}</h1>
{joint}{content(record)}
</div>"""


def content(record: Record) -> str:
    """Summary, text, attachments and contact: what the print form shows as well."""
    parts = []
    if record.lead:
        parts.append(
            '<div class="outline">\n'
            + "\n".join(f"<p>{inline(line)}</p>" for line in _numbered(record))
            + "\n</div>"
        )
    parts += [f"<p>{inline(note)}</p>" for note in record.notes]
    parts += [f'<div class="text">\n{box}\n</div>' for box in boxes(record.body)]
    if record.attachments:
        parts.append(
            "<h2>添付資料</h2>\n<ul>"
            + "".join(_file(one.href, one.text) for one in record.attachments)
            + "</ul>"
        )
    if record.contacts:
        parts.append(
            '<div class="contact">\n<h2>連絡先</h2>\n'
            + "\n".join(contacts.block(one) for one in record.contacts)
            + "\n</div>"
        )
    return "\n".join(parts)


def _numbered(record: Record) -> list[str]:
    if len(record.lead) == 1:
        return list(record.lead)
    return [f"{number}. {line}" for number, line in enumerate(record.lead, 1)]


def _file(href: str, text: str) -> str:
    return f'<li><a href="{escape(href)}">{escape(text, quote=False)}</a></li>'
