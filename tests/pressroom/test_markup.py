"""The small markup of the data files."""

import pytest

from pressroom.markup import boxes, inline


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一行", "<p>一行</p>"),
        ("## 見出し", "<h2>見出し</h2>"),
        ("#### 小見出し", "<h4>小見出し</h4>"),
        ("- 甲\n- 乙", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>"),
        ("甲\\\n乙", "<p>甲<br>\n乙</p>"),
        ("<script>&", "<p>&lt;script&gt;&amp;</p>"),
        (
            "|! 甲 | 乙 |\n| 1 | 2 |",
            (
                '<table border="1">\n<tbody>\n<tr><th>甲</th><th>乙</th></tr>\n<tr><td>1</td><td>2</td></tr>'
                "\n</tbody>\n</table>"
            ),
        ),
    ],
)
def test_each_kind_of_line(text: str, html: str) -> None:
    """A line of each kind becomes its element, escaped."""
    assert boxes(text) == (html,)


def test_rule_begins_a_new_box() -> None:
    """Three hyphens end a box; an empty box is none."""
    assert boxes("甲\n---\n\n---\n乙") == ("<p>甲</p>", "<p>乙</p>")


def test_accordion_wraps_what_stands_in_it() -> None:
    """An accordion has its summary and holds the lines up to its end."""
    (html,) = boxes(">>> 開く\n中身\n<<<")

    assert html.startswith('<details class="c-accordion"><summary class="c-accordion__head">開く</summary>')
    assert html.endswith("<p>中身</p>\n</div></details>")


def test_links_and_red_type() -> None:
    """A link is escaped on both sides; red type is a span."""
    assert inline('[甲&](https://example.org/?a=1&b="2")') == (
        '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">甲&amp;</a>'
    )
    assert inline("旧 ==新==") == '旧 <span style="color: #ff0000;">新</span>'
