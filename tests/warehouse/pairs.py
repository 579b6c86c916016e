"""Three hundred pairs of releases with what they are to each other, made from `pairs_templates.toml`."""

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.warehouse.rows import release

TEXTS = tomllib.loads((Path(__file__).parent / "pairs_templates.toml").read_text(encoding="utf-8"))
TOPICS = (
    "海洋ごみ",
    "化学物質",
    "再生可能エネルギー",
    "生物多様性",
    "騒音",
    "浄化槽",
    "カーボンプライシング",
)
PLACES = ("阿寒摩周", "日光", "中部山岳", "瀬戸内海", "阿蘇くじゅう", "西表石垣", "大雪山")
COUNTRIES = (
    ("MN", "モンゴル", "Mongolia", "ウランバートル", "Ulaanbaatar"),
    ("VN", "ベトナム", "Viet Nam", "ハノイ", "Hanoi"),
    ("KE", "ケニア", "Kenya", "ナイロビ", "Nairobi"),
    ("TH", "タイ", "Thailand", "バンコク", "Bangkok"),
    ("CL", "チリ", "Chile", "サンティアゴ", "Santiago"),
    ("PH", "フィリピン", "the Philippines", "マニラ", "Manila"),
)
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
Slots = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows and the label; None for releases that have nothing to do with each other."""

    label: str | None
    case: str
    one: dict[str, Any]
    other: dict[str, Any]


def pairs() -> list[Pair]:
    """The labelled set: 75 copies, 95 siblings, 50 translations, 80 unrelated, a month apart each."""
    draw = random.Random(300)  # noqa: S311 - the same pairs each time
    made: list[Pair] = []
    for case, label, count, make in CASES:
        for _ in range(count):
            day = date(2000, 1, 10) + timedelta(days=30 * len(made))
            one, other = make(draw, day)
            made.append(Pair(label, case, _row(len(made), 1, day, one), _row(len(made), 2, day, other)))
    return made


def _row(number: int, half: int, day: date, fields: Slots) -> dict[str, Any]:
    later = fields.pop("later", 0) if half == 2 else 0
    lang = fields.get("lang", "ja")
    name = f"{'en-' if lang == 'en' else ''}press_{number:03}{half}"
    return release(f"{day + timedelta(days=later):%Y%m%d}-{name}", **fields)


def _slots(draw: random.Random, day: date) -> Slots:
    held = day + timedelta(days=draw.randint(10, 28))
    code, country, english, city, city_english = draw.choice(COUNTRIES)
    return {
        "code": code, "country": country, "english": english, "city": city, "city_english": city_english,
        "year": held.year, "month": held.month, "day": held.day, "month_name": MONTHS[held.month - 1],
        "weekday": "月火水木金土日"[held.weekday()], "next": held.month % 12 + 1, "before": held.day // 2 + 1,
        "n": draw.randint(4, 19), "topic": draw.choice(TOPICS), "place": draw.choice(PLACES),
        "hour": draw.randint(9, 14), "until": draw.randint(15, 18), "room": draw.randint(1, 9),
        "seats": draw.randint(20, 98), "sites": draw.randint(100, 900), "methods": draw.randint(2, 9),
        "projects": draw.randint(10, 60), "tonnes": f"{draw.randint(2, 98)},{draw.randint(100, 999)}",
        "share": draw.randint(60, 99), "tenth": draw.randint(0, 9), "over": draw.randint(2, 40),
        "cop": draw.randint(20, 35),
    }  # fmt: skip


def _japanese(text: Slots, slots: Slots) -> Slots:
    body = "\n".join([text["body"].format(**slots).strip(), TEXTS["boilerplate"]["contact"]])
    named = (slots["code"],) if "{country}" in text["body"] else ()
    return {"title": text["title"].format(**slots), "body": body, "countries": named}


def _same(draw: random.Random, day: date) -> Slots:
    return _japanese(draw.choice(TEXTS["series"]), _slots(draw, day))


def posted_twice(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """The same text under two numbers."""
    text = _same(draw, day)
    return text, dict(text, later=draw.randint(0, 3))


def other_widths(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """The same text in other widths, with other blanks and a tail of the title."""
    text = _same(draw, day)
    wide = str.maketrans("0123456789()", "０１２３４５６７８９（）")
    other = dict(text, body=text["body"].translate(wide).replace("■ ", "■　"), later=1)
    return text, other | {"title": text["title"].translate(wide) + "（お知らせ）"}


def mended_number(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """Issued again with one number put right and a note that says so."""
    text = _same(draw, day)
    last = text["body"].splitlines()
    at = next(place for place, line in enumerate(last) if place > 1 and any(c.isdigit() for c in line))
    number = next(c for c in reversed(last[at]) if c.isdigit())
    cut = last[at].rindex(number)
    last[at] = last[at][:cut] + str((int(number) + 3) % 10) + last[at][cut + 1 :]
    note = f"※{day.month}月{day.day + 2}日に本文の数値の誤りを訂正しました。"
    return text, dict(text, body="\n".join([note, *last]), later=2)


def mended_word(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """Issued again with a slip of the pen put right."""
    text = _same(draw, day)
    slips = (("予定です", "予定でございます"), ("お知らせ", "おしらせ"), ("及び", "および"), ("関係", "関連"))
    body = text["body"]
    right, wrong = next((r, w) for r, w in slips if r in body)
    return dict(text, body=body.replace(right, wrong, 1)), dict(text, later=1)


def other_people(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """Posted again after the head of the division changed: only the contact block differs."""
    text = _same(draw, day)
    return text, dict(
        text, body=text["body"].replace("山川 太郎（内線6200）", "谷口 三郎（内線6210）"), later=3
    )


def next_of_series(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """The next of a series: another number, day and figures, the same topic and place."""
    text = draw.choice(TEXTS["series"])
    first, second = _slots(draw, day), _slots(draw, day + timedelta(days=40))
    kept = {
        key: first[key] for key in ("topic", "place", "code", "country", "english", "city", "city_english")
    }
    return _japanese(text, first), dict(_japanese(text, second | kept | {"n": first["n"] + 1}), later=5)


def only_the_number(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """Two of a series that differ in the ordinal alone."""
    text, slots = draw.choice([one for one in TEXTS["series"] if "{n}" in one["title"]]), _slots(draw, day)
    return _japanese(text, slots), dict(_japanese(text, slots | {"n": slots["n"] + 1}), later=1)


def only_the_day(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """The same title again, for a gathering on another day."""
    text, slots = TEXTS["series"][draw.choice((0, 1, 4))], _slots(draw, day)
    moved = slots | {"month": slots["month"] % 12 + 1, "day": slots["day"] % 28 + 1}
    return _japanese(text, slots), dict(_japanese(text, moved), later=4)


def only_the_country(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """The same news of the same day about another country, figures and all."""
    text, slots = TEXTS["series"][1], _slots(draw, day)
    other = next(one for one in COUNTRIES if one[0] != slots["code"])
    names = dict(zip(("code", "country", "english", "city", "city_english"), other, strict=True))
    return _japanese(text, slots), _japanese(text, slots | names)


def corrected_sibling(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """The next of a series, and one of the two was corrected: still no copy."""
    one, other = next_of_series(draw, day)
    return one, dict(other, body="※誤りを訂正しました。\n" + other["body"])


def in_english(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """The announcement in Japanese and in English, on one day or a few days apart."""
    text, slots = draw.choice(TEXTS["bilingual"]), _slots(draw, day)
    japanese, english = (
        {
            "title": text[f"{lang}_title"].format(**slots),
            "body": text[f"{lang}_body"].format(**slots).strip(),
            "lang": lang,
            "countries": (slots["code"],),
        }
        for lang in ("ja", "en")
    )
    return japanese, dict(english, later=draw.choice((0, 0, 0, 1, 3)))


def other_language_other_news(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """A Japanese and an English release of one day about different things."""
    one, _ = in_english(draw, day)
    text = draw.choice([t for t in TEXTS["bilingual"] if t["ja_title"][:6] != one["title"][:6]])
    slots = _slots(draw, day)
    body = text["en_body"].format(**slots).strip()
    return one, {
        "title": text["en_title"].format(**slots),
        "body": body,
        "lang": "en",
        "countries": (slots["code"],),
    }


def shared_boilerplate(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """Two topics of one day with the same long instructions and the same contact."""
    texts = draw.sample(TEXTS["single"], 2)
    slots = _slots(draw, day)
    tail = "\n".join(["", TEXTS["boilerplate"]["comment"], TEXTS["boilerplate"]["contact"]])
    return tuple(  # type: ignore[return-value]  # two of them
        {"title": text["title"], "body": text["body"].format(**slots).strip() + tail} for text in texts
    )


def other_series(draw: random.Random, day: date) -> tuple[Slots, Slots]:
    """Releases of two series about one topic."""
    texts = draw.sample(TEXTS["series"], 2)
    slots = _slots(draw, day)
    return _japanese(texts[0], slots), dict(_japanese(texts[1], slots), later=1)


Make = Callable[[random.Random, date], tuple[Slots, Slots]]
CASES: tuple[tuple[str, str | None, int, Make], ...] = (
    ("posted twice", "copy", 20, posted_twice),
    ("other widths", "copy", 15, other_widths),
    ("mended number", "copy", 15, mended_number),
    ("mended word", "copy", 15, mended_word),
    ("other people", "copy", 10, other_people),
    ("next of series", "sibling", 40, next_of_series),
    ("only the number", "sibling", 15, only_the_number),
    ("only the day", "sibling", 15, only_the_day),
    ("only the country", "sibling", 10, only_the_country),
    ("corrected sibling", "sibling", 15, corrected_sibling),
    ("in English", "translation", 50, in_english),
    ("other language, other news", None, 20, other_language_other_news),
    ("shared boilerplate", None, 35, shared_boilerplate),
    ("other series", None, 25, other_series),
)


def rows_of(made: list[Pair]) -> Iterator[dict[str, Any]]:
    """Both rows of every pair."""
    for pair in made:
        yield pair.one
        yield pair.other
