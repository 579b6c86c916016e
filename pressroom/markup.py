r"""The small markup of the data files, and its HTML: one line is one block.

    ## heading     ### smaller      - item         | cell | cell |      |! head | head |
    ---  a new box      >>> summary / <<<  an accordion        a line ending in \ goes on after a break

Inside a line, `[text](address)` is a link and `==text==` the red type of a correction. All else is text.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby

_INLINE = re.compile(r"\[(?P<text>[^\]\[]+)\]\((?P<href>[^)\s]+)\)|==(?P<red>[^=]+)==")
_HEADING = re.compile(r"(?P<level>#{2,4}) (?P<text>.+)")


def inline(text: str) -> str:
    """One line of text as HTML, everything escaped but our own links and red type."""
    parts: list[str] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.extend((escape(text[end : match.start()], quote=False), _span(match)))
        end = match.end()
    return "".join((*parts, escape(text[end:], quote=False)))


def _span(match: re.Match[str]) -> str:
    if match["red"]:
        return f'<span style="color: #ff0000;">{escape(match["red"], quote=False)}</span>'
    return f'<a href="{escape(match["href"])}">{escape(match["text"], quote=False)}</a>'


def boxes(body: str) -> tuple[str, ...]:
    """The HTML of each box of a body, in order; a body without `---` is one box."""
    texts = re.split(r"^---$", body, flags=re.MULTILINE)
    return tuple("\n".join(_blocks(_lines(text))) for text in texts if text.strip())


def _lines(text: str) -> list[str]:
    joined = text.replace("\\\n", "\0")
    return [line.strip() for line in joined.split("\n") if line.strip()]


def _blocks(lines: list[str]) -> Iterator[str]:
    for kind, group in groupby(lines, key=_kind):
        yield from _WRITERS[kind](list(group))


def _kind(line: str) -> str:
    if line.startswith("- "):
        return "item"
    if line.startswith("|"):
        return "row"
    if line.startswith((">>> ", "<<<")):
        return "fold"
    return "heading" if _HEADING.match(line) else "paragraph"


def _items(lines: list[str]) -> Iterator[str]:
    yield "<ul>\n" + "\n".join(f"<li>{_broken(line[2:])}</li>" for line in lines) + "\n</ul>"


def _rows(lines: list[str]) -> Iterator[str]:
    yield '<table border="1">\n<tbody>\n' + "\n".join(_row(line) for line in lines) + "\n</tbody>\n</table>"


def _row(line: str) -> str:
    tag = "th" if line.startswith("|!") else "td"
    cells = line.removeprefix("|!").strip("|").split("|")
    return "<tr>" + "".join(f"<{tag}>{_broken(cell.strip())}</{tag}>" for cell in cells) + "</tr>"


def _folds(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield (
            f'<details class="c-accordion"><summary class="c-accordion__head">{inline(line[4:])}</summary>'
            '<div class="c-accordion__body">'
            if line.startswith(">>> ")
            else "</div></details>"
        )


def _headings(lines: list[str]) -> Iterator[str]:
    for line in lines:
        marks, text = line.split(" ", 1)
        yield f"<h{len(marks)}>{inline(text)}</h{len(marks)}>"


def _paragraphs(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield f"<p>{_broken(line)}</p>"


def _broken(text: str) -> str:
    return "<br>\n".join(inline(part.strip()) for part in text.split("\0"))


_WRITERS: dict[str, Callable[[list[str]], Iterator[str]]] = {
    "item": _items,
    "row": _rows,
    "fold": _folds,
    "heading": _headings,
    "paragraph": _paragraphs,
}
