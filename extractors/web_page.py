"""An HTML page to a `Page`: recognise the template, find the head, leave the article's blocks."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.blocks import Block, Found
from extractors.dates import first_date
from extractors.head import categories, category, is_crumb, joint_with, release_day
from extractors.markup import Reader
from extractors.metadata import iso_day, machine_days, machine_sections, machine_titles
from extractors.once import once
from extractors.page import Page
from extractors.release import Unreadable
from extractors.site import BREADCRUMBS, LISTING_MARK, TEMPLATES, UNSEEN_TAGS, Template
from extractors.text import fold, is_japanese, japanese_share, unspaced, visible
from extractors.vocabulary import is_label

_HEAD_BLOCKS = 12
"""How far below the title a day, a category or a joint release is still looked for."""
_HEAD_CHARS = 120
_ENGLISH_SHARE = 0.1


def read_web_page(html: str, url: str) -> Page | Unreadable:
    """The page's head and article, or why it is none."""
    tree = LexborHTMLParser(html)
    if tree.css_first(LISTING_MARK) and not tree.css_first(TEMPLATES[0].mark):
        return Unreadable("listing", "an index or month page", "a release page")
    template = next((item for item in TEMPLATES if tree.css_first(item.mark)), None)
    if template is None:
        return Unreadable(
            "unknown-template", _outline(tree), "a heading: " + "; ".join(item.mark for item in TEMPLATES)
        )
    titles = list(machine_titles(tree)) if template.name == "semantic" else []
    machine = list(machine_days(tree))
    sections = machine_sections(tree) if template.name == "semantic" else []
    reader = Reader(former=template.name in {"former", "old-english"})
    blocks = once(reader.read(_article(tree, template)))
    return _Head(url, template.name, blocks, titles, machine, reader.times, sections).page(_html_lang(tree))


def _article(tree: LexborHTMLParser, template: Template) -> str:
    for node in tree.css(f"{UNSEEN_TAGS},{BREADCRUMBS}"):
        node.decompose()
    if template.name == "semantic":
        _drop_asides(tree)
    roots = (_with_title(tree, selector) for selector in template.roots)
    root = next((node for node in roots if node), None) or tree.body
    return visible(root.html or "") if root else ""


def _drop_asides(tree: LexborHTMLParser) -> None:
    """A site we do not know puts other news beside the article; a contact there is the article's."""
    for node in tree.css("aside"):
        if not any(word in node.text() for word in ("連絡先", "問合せ", "添付資料", "Contact")):
            node.decompose()


def _with_title(tree: LexborHTMLParser, selector: str) -> LexborNode | None:
    nodes = tree.css(selector)[:50]
    wanted = ("h1,.p-press-release-material__heading", "h2", "*")
    return next((node for heading in wanted for node in nodes if node.css_first(heading)), None)


def _html_lang(tree: LexborHTMLParser) -> str:
    node = tree.css_first("html")
    return ((node.attributes.get("lang") if node else None) or "")[:2].lower()


def _outline(tree: LexborHTMLParser) -> str:
    title = tree.css_first("title")
    tags = [name for name in ("main", "article", "h2", "p", "table") if tree.css_first(name)]
    return f"title {(title.text() if title else '')[:80]!r} with {', '.join(tags) or 'no'} elements"


class _Head:
    """Splits the blocks of one page into head and article."""

    def __init__(
        self,
        url: str,
        template: str,
        blocks: list[Block],
        titles: list[tuple[str, str]],
        machine: list[tuple[date, str, str]],
        times: list[tuple[str, str, int]],
        sections: list[str],
    ) -> None:
        self._url = url
        self._template = template
        self._blocks = blocks
        self._titles = titles
        self._machine = machine
        self._times = times
        self._sections = sections
        self._days: list[Found] = []
        self._tags: list[Found] = []
        self._joint: list[Found] = []

    def page(self, html_lang: str) -> Page | Unreadable:
        at = self._title_index()
        title = self._title(at)
        if title is None:
            found = self._blocks[0].text[:80] if self._blocks else "no text"
            return Unreadable("no-title", found, "a title in h1, h2 or og:title")
        for block in self._blocks[: max(at, 0)]:
            self._take(block, above=True)
        article = list(self._below(self._blocks[at + 1 :], title.value))
        published = self._published()
        if published is None:
            return Unreadable(
                "no-date", f"title {title.value[:80]!r}", "the day of the release beside its title"
            )
        on, dated = published
        lang = language(self._url, html_lang, title.value, article)
        template = "english" if lang == "en" and self._template == "current" else self._template
        tags = self._tags or [Found(name, "article:section", name) for name in self._sections]
        return Page(self._url, template, lang, title, on, dated, tuple(tags), tuple(self._joint), article)

    def _title_index(self) -> int:
        wanted = [fold(text).replace(" ", "") for text, _ in self._titles]
        rules = (
            lambda block: block.region == "title" and not block.copy,
            lambda block: block.region == "title",
            lambda block: bool(wanted) and block.level > 0 and fold(block.text).replace(" ", "") in wanted,
            lambda block: block.level == 1 and not is_crumb(block.text),
            lambda block: bool(wanted) and fold(block.text).replace(" ", "") in wanted,
            lambda block: 0 < block.level <= 2 and not is_crumb(block.text) and not self._titles,  # noqa: PLR2004
        )
        for rule in rules:
            at = next((index for index, block in enumerate(self._blocks) if rule(block)), -1)
            if at >= 0:
                return at
        return -1

    def _title(self, at: int) -> Found | None:
        if at >= 0:
            block = self._blocks[at]
            rule = (
                ".p-press-release-material__heading"
                if block.region == "title"
                else f"h{block.level}"
                if block.level
                else "text of og:title"
            )
            return Found(block.text, rule, block.text)
        return next((Found(text, rule, text) for text, rule in self._titles if not is_crumb(text)), None)

    def _take(self, block: Block, *, above: bool) -> bool:
        """Whether the block belongs to the head, and was noted as such."""
        text = block.text
        if block.region == "date" or release_day(text):
            self._days.append(
                Found(text, ".date" if block.region == "date" else "line with nothing but a day", text)
            )
        elif block.region == "tag":
            self._tag(category(text), "p-news-link__tag")
        elif len(text) < _HEAD_CHARS and (names := categories(text)):
            for name in names:
                self._tag(name, "known category")
        elif names := joint_with(text):
            self._joint.extend(Found(name, "line with 同時発表", text) for name in names)
        else:
            return is_crumb(text) or above
        return True

    def _tag(self, name: str, rule: str) -> None:
        if name and all(tag.value != name for tag in self._tags):
            self._tags.append(Found(name, rule, name))

    def _below(self, blocks: list[Block], title: str) -> Iterator[Block]:
        in_head = _HEAD_BLOCKS
        for block in blocks:
            if in_head:
                in_head -= 1
                if block.text == title or self._take(block, above=False):
                    continue
                # Notes of a correction may stand between the title and the rest of the head, a subtitle too;
                # but a day below a label is the day of an event.
                in_head = in_head if block.text[:1] in "※（(＊*" else min(in_head, 3)
                long = len(block.text) > _HEAD_CHARS
                if (
                    block.region == "lead"
                    or block.level
                    or block.cell
                    or long
                    or is_label(fold(unspaced(block.text)))
                ):
                    in_head = 0
            elif block.region in {"tag", "date"}:
                continue
            yield block

    def _published(self) -> tuple[date, Found] | None:
        for dated in self._days:
            day = first_date(fold(dated.text))
            if day:
                return day.on, dated
        for value, prop, _ in self._times:
            if prop == "datePublished" and (on := iso_day(value)):
                return on, Found(value, "time[itemprop=datePublished]", value)
        for on, rule, text in self._machine:
            return on, Found(text, rule, text)
        return self._beside_title()

    def _beside_title(self) -> tuple[date, Found] | None:
        """The first `<time>` in the head, for a line that says more than its day."""
        at = self._title_index()
        for value, _, place in self._times:
            on = iso_day(value)
            if (
                on
                and place <= at + 2
                and not (0 < place <= len(self._blocks) and is_label(fold(self._blocks[place - 1].text)))
            ):
                return on, Found(value, "time[datetime] beside the title", value)
        return None


def language(url: str, html_lang: str, title: str, blocks: list[Block]) -> str:
    """`ja` or `en`: by the title's script, else by address and attribute, else by the text."""
    if is_japanese(title):
        return "ja"
    if urlsplit(url).path.startswith("/en/") or html_lang == "en":
        return "en"
    return "ja" if japanese_share("".join(block.text for block in blocks[:40])) > _ENGLISH_SHARE else "en"
