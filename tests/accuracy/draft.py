"""One announcement before it is printed: its blocks, and what a careful reader takes from them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.accuracy import dates, english, people, tales, temptations
from tests.accuracy.blocks import Block, Paper, facts_on, note_on, period_on, section_on
from tests.accuracy.tale import Tale
from tests.accuracy.words import (
    CATEGORIES,
    HOME_PLACES,
    HOME_PLACES_EN,
    MINISTRIES,
    OTHERS,
    PARTNERS,
    TECHNOLOGIES,
    Country,
)

_TAILS = ("", "", "", "", "（お知らせ）", "（第3報）", "（更新）")
_SIZES = (
    ("[PDF {n} KB]", "{n} KB"),
    ("［PDF {n}KB］", "{n}KB"),
    ("（PDF：{n}.1MB）", "{n}.1MB"),
    ("（PDF：{n}KB）", "{n}KB"),
    ("[PDF {n}.4 MB]", "{n}.4 MB"),
)


@dataclass(frozen=True, slots=True)
class File:
    """An attachment: title and size as they should be read, the text as printed, its address.

    `shown` is the address as the page writes it; `outside` says that the size stands behind the link.
    """

    title: str
    size: str
    printed: str
    href: str
    shown: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement with its truth; printers add nothing to it."""

    lang: str
    tale: Tale
    published: date
    title: str
    categories: tuple[str, ...]
    joint: tuple[str, ...]
    lead: tuple[str, ...]
    blocks: tuple[Block, ...]
    facts: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    when: dates.When | None
    place: str | None
    corrections: tuple[tuple[date, str], ...]
    contacts: tuple[people.Block, ...]
    files: tuple[File, ...]
    countries: tuple[str, ...]
    figures: dict[str, object] = field(default_factory=dict)


def draft(randomness: Random, *, lang: str, published: date) -> Draft:
    """A random announcement of `published`."""
    subjects, others = (
        (english.SUBJECTS, english.NOT_SUBJECTS)
        if lang == "en"
        else (tales.SUBJECTS, temptations.NOT_SUBJECTS)
    )
    tale = _subject(subjects, randomness) if randomness.random() < 0.55 else randomness.choice(others)
    words = _Words(tale, published, randomness)
    title = words.filled(tale.title)
    if lang == "ja" and not title.endswith("）"):
        title += randomness.choice(_TAILS)
    lead = tuple(words.filled(line) for line in tale.lead)
    paper = Paper(randomness, lang)
    when, place = _gathering(tale, words, published, randomness, lang)
    _written(paper, tale, words, when, place)
    if lang == "ja":
        _distracted(paper, tale, published, randomness)
    corrections = _corrected(paper, published, randomness) if lang == "ja" else ()
    return Draft(
        lang=lang,
        tale=tale,
        published=published,
        title=title,
        categories=_categories(tale, published, randomness, lang),
        joint=tuple(randomness.sample(MINISTRIES, randomness.randint(1, 3)))
        if lang == "ja" and randomness.random() < 0.2
        else (),
        lead=lead,
        blocks=tuple(paper.blocks),
        facts=tuple(paper.facts),
        headings=tuple(paper.headings),
        when=when,
        place=place,
        corrections=corrections,
        contacts=_contacts(published, randomness) if lang == "ja" else (),
        files=_files(published, randomness, lang),
        countries=tuple(sorted(words.named)),
        figures=words.figures(tale),
    )


def _subject(subjects: tuple[Tale, ...], randomness: Random) -> Tale:
    kind = randomness.choice(sorted({str(tale.kind) for tale in subjects}))
    return randomness.choice([tale for tale in subjects if tale.kind == kind])


class _Words:
    """The gaps of a tale, filled, with the countries that were really named."""

    def __init__(self, tale: Tale, published: date, randomness: Random) -> None:
        self.host = randomness.choice(PARTNERS)
        self.other = randomness.choice(OTHERS)
        self.tonnes = randomness.randint(2, 90) * 214
        self.partners = randomness.randint(5, 34)
        self.projects = randomness.randint(2, 29)
        others = [country for country in PARTNERS if country is not self.host]
        self.guests = (self.host, *randomness.sample(others, randomness.randint(2, 5)))
        self.named: set[str] = set(temptations.NAMED.get(tale.title, ()))
        self.parties: set[str] = set()
        self._gaps: dict[str, str] = {
            "n": str(randomness.randint(4, 18)),
            "p": str(self.projects),
            "t": f"{self.tonnes:,}",
            "h": f"{self.tonnes // 2:,}",
            "k": str(self.partners),
            "y": str(published.year) if tale.category.isascii() else _fiscal(published),
            "tech": randomness.choice(TECHNOLOGIES),
        }

    def filled(self, text: str) -> str:
        """The text with its gaps filled; remembers which countries it named."""
        for gap, country, name in (
            ("{long}", self.host, self.host.long),
            ("{short}", self.host, self.host.short),
            ("{land}", self.host, self.host.english),
            ("{other}", self.other, self.other.long),
        ):
            if gap in text:
                self.named.add(country.iso)
                self.parties |= {country.iso} - {self.other.iso}
                text = text.replace(gap, name)
        return text.format(**self._gaps)

    def attending(self, tale: Tale) -> str:
        """The attending countries of a meeting as one value; nothing for other tales."""
        if tale.kind != "meeting" or tale.category.isascii():
            return ""
        self.named |= {guest.iso for guest in self.guests}
        self.parties |= {guest.iso for guest in self.guests}
        return "、".join(
            (*(guest.long for guest in self.guests), "日本国（環境省）", "国連工業開発機関（UNIDO）")
        )

    def figures(self, tale: Tale) -> dict[str, object]:
        """The figures of the scheme that the tale states."""
        if tale.role != "subject":
            return {}
        text = " ".join((tale.title, *tale.lead, *tale.text))
        figures: dict[str, object] = {}
        # Whether a country in a handbook's example hosts anything, JCM.md leaves open.
        if tale.kind != "guidance":
            figures["jcm_countries"] = tuple(sorted(self.parties))
        if tale.kind == "credits":
            figures["jcm_tonnes"] = float(self.tonnes)
        if "{k}" in text:
            figures["jcm_partner_count"] = self.partners
        if tale.kind == "selection":
            figures["jcm_projects"] = self.projects
        return figures


def _fiscal(day: date) -> str:
    year = day.year - (day.month < 4)
    if year >= 2019:
        return f"令和{'元' if year == 2019 else year - 2018}"
    return f"平成{year - 1988}"


def _gathering(
    tale: Tale, words: _Words, published: date, randomness: Random, lang: str
) -> tuple[dates.When | None, str | None]:
    if not tale.gathering:
        return None, None
    if randomness.random() < 0.4:
        return dates.when(published, randomness, lang=lang), _abroad(words, randomness, lang)
    home = HOME_PLACES_EN if lang == "en" else HOME_PLACES
    return dates.when(published, randomness, lang=lang), randomness.choice(home)


def _abroad(words: _Words, randomness: Random, lang: str) -> str:
    seat: Country = randomness.choice(OTHERS)
    words.named.add(seat.iso)
    return f"{seat.english_city}, {seat.english}" if lang == "en" else f"{seat.long}・{seat.city}"


def _written(paper: Paper, tale: Tale, words: _Words, when: dates.When | None, place: str | None) -> None:
    if when and place:
        facts_on(paper, when.text, place, words.attending(tale))
    for line in tale.text:
        section_on(paper, words.filled(line))
    note_on(paper)


def _distracted(paper: Paper, tale: Tale, published: date, randomness: Random) -> None:
    """Dates that are neither the page's nor an event's."""
    if randomness.random() < 0.2:
        text = "この取組は平成26年(2014年)6月に始まり、2017年度(平成29年度)に見直しました。"
        paper.blocks.append(Block("paragraph", text))
    if not tale.gathering and randomness.random() < 0.3:
        ends = published + timedelta(days=randomness.randint(14, 40))
        paper.blocks.append(Block("heading", paper.marked("手続")))
        paper.headings.append("手続")
        period_on(
            paper,
            f"{dates.era(published)}（{dates.week(published)}）～{dates.era(ends)}（{dates.week(ends)}）",
        )


def _corrected(paper: Paper, published: date, randomness: Random) -> tuple[tuple[date, str], ...]:
    if randomness.random() > 0.25:
        return ()
    day = published + timedelta(days=randomness.randint(1, 4))
    forms = (
        f"※{dates.era(day)}({dates.week(day)}) 別紙の一部（赤字箇所）を訂正いたしました。",
        f"※数値の誤りを修正しました。（{dates.era(day)}）",
        f"※{dates.plain(day)}　本文の表記に誤りがあったため、訂正しました。",
        f"（{day.month}/{day.day} 18:00 最下部に資料を掲載しました。）",
        f"※{dates.plain(day)}に表を差し替えました。",
    )
    note = randomness.choice(forms)
    place = randomness.choice((0, len(paper.blocks)))
    paper.blocks.insert(place, Block("note", note))
    return ((day, note),)


def _categories(tale: Tale, published: date, randomness: Random, lang: str) -> tuple[str, ...]:
    if published.year < 2001 or randomness.random() < 0.05:
        return ()
    more = [name for name in CATEGORIES if name != tale.category]
    if lang == "ja" and randomness.random() < 0.15:
        return (tale.category, randomness.choice(more))
    return (tale.category,)


def _contacts(published: date, randomness: Random) -> tuple[people.Block, ...]:
    agency = published < date(2001, 1, 6)
    count = randomness.choice((1, 1, 1, 2))
    blocks = [people.block(randomness, agency=agency) for _ in range(count)]
    return tuple({block.organisation: block for block in blocks}.values())


def _files(published: date, randomness: Random, lang: str) -> tuple[File, ...]:
    names = (
        ("Outline", "Programme") if lang == "en" else ("別紙1 概要", "別紙2　参考資料", "別添 一覧", "チラシ")
    )
    chosen = randomness.sample(names, randomness.choice((0, 0, 1, 2)))
    folder = "/content/000{}.pdf" if published >= date(2022, 3, 15) else "/press/files/jp/{}.pdf"
    return tuple(_file(name, folder, randomness) for name in chosen)


def _file(name: str, folder: str, randomness: Random) -> File:
    form, size = randomness.choice(_SIZES)
    number = str(randomness.randint(2, 980))
    href = folder.format(randomness.randint(100000, 399999))
    blank = "" if form.startswith("（") else " "
    shown = (
        randomness.choice(("", "", "", "https://www.env.go.jp", "http://www.env.go.jp", "//www.env.go.jp"))
        + href
    )
    outside = randomness.random() < 0.15
    return File(name, size.format(n=number), f"{name}{blank}{form.format(n=number)}", href, shown, outside)
