"""The English template until 2022: `#main .well h1` and `p.date`."""

from html import escape

from pressroom.markup import boxes, inline
from pressroom.records import Record
from pressroom.templates import frame
from pressroom.templates.current import day
from pressroom.templates.frame import Look


def page(record: Record, look: Look) -> str:
    """The whole page in the old English template."""
    lead = "\n".join(f"<p>{inline(line)}</p>" for line in record.lead)
    text = "\n".join(f'<div class="text">\n{box}\n</div>' for box in boxes(record.body))
    files = "".join(
        f'<li><a href="{escape(one.href)}">{escape(one.text, quote=False)}</a></li>'
        for one in record.attachments
    )
    main = f"""<div id="main">
<div class="well">
<h1>{escape(record.title, quote=False)}</h1>
<p class="date">{day(record)}</p>
{lead}
{text}
<ul>{files}</ul>
</div>
</div>"""
    return frame.page(record.title, main, lang="en", look=look, path=record.path)
