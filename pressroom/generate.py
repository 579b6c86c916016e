"""Any number of invented releases over 1997–2026, in all URL families, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from pressroom import templates
from pressroom.records import JST, Anchor, Contact, Person, Record
from pressroom.templates.frame import SITE, Look
from pressroom.vocabulary import (
    COUNTRIES,
    ENGLISH_THEMES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    OFFICES,
    PLACES,
    THEMES,
    Theme,
)

FIRST_DAY = date(1997, 6, 2)
LAST_DAY = date(2026, 6, 30)
_AGENCY_ENDS = date(2001, 1, 6)
_CATEGORIES_BEGIN = date(2001, 1, 6)
_FORMER_ENDS = date(2021, 1, 1)
_UNDERSCORED = date(2022, 3, 15)
_NAMED = date(2022, 7, 1)
_RESTART = date(2025, 6, 1)
_ENGLISH_SHARE = 0.08
_FORMER_SHARE = 0.15
_SHAPES = ("plain", "plain", "plain", "nested", "copied")
_FORMS = ("pairs", "lines", "glued", "list", "table")


@dataclass(frozen=True, slots=True)
class Generated:
    """`count` releases from a `seed`; iterate it for records as often as you like."""

    count: int
    seed: int = 0

    def __iter__(self) -> Iterator[Record]:
        randomness = Random(self.seed)  # noqa: S311 -- variety for tests, no secret
        span = (LAST_DAY - FIRST_DAY).days
        for index in range(self.count):
            day = FIRST_DAY + timedelta(days=span * index // max(1, self.count - 1))
            yield _record(index, day, randomness)

    def __len__(self) -> int:
        return self.count

    def pages(self, *, weight: int = 0) -> Iterator[tuple[str, bytes]]:
        """Each release as (canonical address, HTML in UTF-8), with `weight` more bytes of menu."""
        look = Look(weight)
        return ((SITE + record.path, templates.release_page(record, look)) for record in self)


def generate(count: int, seed: int = 0) -> Generated:
    """`count` invented releases, evenly over 1997-06 … 2026-06, equal for equal arguments."""
    return Generated(count, seed)


def _record(index: int, day: date, randomness: Random) -> Record:
    english = randomness.random() < _ENGLISH_SHARE
    theme = randomness.choice(ENGLISH_THEMES if english else THEMES)
    words = _words(day, randomness, english=english)
    former = day < _FORMER_ENDS and randomness.random() < _FORMER_SHARE
    office = next((office for category, office in OFFICES if category == theme.category), OFFICES[0][1])
    template = ("old-english" if former else "english") if english else ("former" if former else "current")
    return Record(
        path=_english_path(index, day) if english else _path(index, day),
        title=theme.title.format(**words),
        published_at=datetime.combine(day, time(randomness.randint(9, 18)), JST),
        lang="en" if english else "ja",
        template=template,
        shape=randomness.choice(_SHAPES),
        categories=(theme.category,) if day >= _CATEGORIES_BEGIN else (),
        lead=tuple(line.format(**words) for line in theme.lead),
        body=_body(theme, words, randomness, english=english),
        contacts=() if english else (_contact(_renamed(office, day), randomness),),
        attachments=_attachments(index, day, randomness),
        expect={"role": theme.role, **({"kind": theme.kind} if theme.kind else {})},
    )


def _words(day: date, randomness: Random, *, english: bool) -> dict[str, str]:
    country = randomness.choice(COUNTRIES)
    return {
        "n": str(randomness.randint(2, 48)),
        "year": str(day.year),
        "place": randomness.choice(PLACES),
        "country": country[2] if english else country[0],
    }


def _path(index: int, day: date) -> str:
    if day >= _NAMED:
        # The counter restarted; even and odd keep the two series apart, each release has its own page.
        return f"/press/press_{index * 2 + (day >= _RESTART):05}.html"
    if day >= _UNDERSCORED:
        return f"/press/{111000 + index // 100:06}_{index % 100:05}.html"
    return f"/press/{114 + index}.html"


def _english_path(index: int, day: date) -> str:
    if day >= _RESTART:
        return f"/en/press_{index:05}.html"
    return f"/en/press/press_{index:05}.html" if day >= _NAMED else f"/en/headline/{index + 10}.html"


def _renamed(office: str, day: date) -> str:
    return office.replace("環境省", "環境庁", 1) if day < _AGENCY_ENDS else office


def _body(theme: Theme, words: dict[str, str], randomness: Random, *, english: bool) -> str:
    text = theme.text.format(**words)
    if english:
        return f"## Outline\n{text}\nReference number {randomness.randint(1000, 9999)}."
    meeting = f"■ 開催場所\n{words['place']}" if "開催" in theme.title else ""
    return f"■ 概要\n{text}\n{meeting}\n---\n■ 参考\n整理番号は{randomness.randint(1000, 9999)}番です。"


def _contact(office: str, randomness: Random) -> Contact:
    people = tuple(
        Person(
            role,
            f"{randomness.choice(FAMILY_NAMES)} {randomness.choice(GIVEN_NAMES)}",
            str(randomness.randint(6000, 6999)),
        )
        for role in ("課長", "課長補佐", "担当")
    )
    direct = f"03-0000-{randomness.randint(1000, 9999)}"
    return Contact(
        office, (("代表", "03-0000-0100"), ("直通", direct)), people, form=randomness.choice(_FORMS)
    )


def _attachments(index: int, day: date, randomness: Random) -> tuple[Anchor, ...]:
    folder = "/content/000{:06}.pdf" if day >= _UNDERSCORED else "/press/files/jp/{}.pdf"
    return tuple(
        Anchor(f"別紙{number} [PDF {randomness.randint(80, 900)} KB]", folder.format(index * 3 + number))
        for number in range(1, randomness.randint(1, 3))
    )
