"""The print form `/press/N-print.html` of an old page: the text without the site around it."""

from html import escape

from pressroom.records import Record
from pressroom.templates.former import content, era


def page(record: Record) -> str:
    """The whole print page."""
    title = escape(record.title, quote=False)
    return f"""<!DOCTYPE html>
<html lang="ja">
<head><meta charset="utf-8"><title>{title}</title><meta name="robots" content="noindex"></head>
<body onload="window.print()">
<div id="main">
<p class="date">{era(record.day)}</p>
<h1>{title}</h1>
{content(record)}
</div>
</body>
</html>
"""
