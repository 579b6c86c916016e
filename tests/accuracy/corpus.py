"""The corpus: pages from a seed, each with its bytes, its declared type and what should be read from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from tests.accuracy.draft import Draft, draft
from tests.accuracy.pages import PRINTERS

SITE = "https://www.env.go.jp"
_FORMS = (
    ("current", 34),
    ("former", 12),
    ("english", 12),
    ("old-english", 6),
    ("redesigned", 12),
    ("redesigned-english", 3),
    ("text", 13),
    ("text-bare", 8),
)
# codec of the bytes, charset in <meta>, charset of the header
_ENCODINGS = (
    ("utf-8", "utf-8", "utf-8"),
    ("utf-8", "utf-8", None),
    ("utf-8", None, None),
    ("utf-8", "shift_jis", None),
    ("utf-8", None, "iso-8859-1"),
    ("cp932", "Shift_JIS", None),
    ("cp932", None, None),
    ("cp932", "utf-8", None),
    ("cp932", None, "Shift_JIS"),
    ("euc_jp", "EUC-JP", None),
    ("euc_jp", None, None),
    ("euc_jp", None, "utf-8"),
)

_CODECS = {"Shift_JIS": "cp932", "EUC-JP": "euc_jp"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page to read: the arguments of `extractors.read`, its form, and the draft that tells the truth."""

    number: int
    form: str
    encoding: str
    payload: bytes
    url: str
    fetched_at: datetime
    media_type: str
    charset: str | None
    draft: Draft


def pages(count: int = 300, seed: int = 20261123) -> Iterator[Page]:
    """`count` pages, the same for the same seed; each page depends on its own number alone."""
    for number in range(count):
        yield _page(number, Random(f"{seed}-{number}"))  # noqa: S311 -- variety, no secret


def _page(number: int, randomness: Random) -> Page:
    form = randomness.choices([name for name, _ in _FORMS], [weight for _, weight in _FORMS])[0]
    english = "english" in form
    told = draft(randomness, lang="en" if english else "ja", published=_published(form, randomness))
    printed = PRINTERS[form](told, randomness)
    payload, declared, charset = _encoded(printed, form, randomness)
    return Page(
        number,
        form,
        declared,
        payload,
        SITE + _path(number, form, told.published),
        datetime.combine(told.published + timedelta(days=randomness.randint(5, 400)), time(3), UTC),
        "text/plain" if form.startswith("text") else "text/html",
        charset,
        told,
    )


def _published(form: str, randomness: Random) -> date:
    first, last = {
        "former": (date(1999, 2, 1), date(2021, 12, 20)),
        "old-english": (date(2013, 2, 1), date(2022, 6, 20)),
        "english": (date(2022, 7, 2), date(2026, 6, 20)),
    }.get(form, (date(2013, 2, 1), date(2026, 6, 20)))
    return first + timedelta(days=randomness.randrange((last - first).days))


def _encoded(printed: str, form: str, randomness: Random) -> tuple[bytes, str, str | None]:
    odd = randomness.random() < 0.25
    codec, meta, charset = randomness.choice(_ENCODINGS if odd else _ENCODINGS[:2])
    # A page in English has too few signs of its own to be told by them: its declaration is right.
    if "english" in form and codec not in {"utf-8", _CODECS.get(meta or charset or "")}:
        return _encoded(printed, form, randomness)
    if form.startswith("text"):
        codec, meta, charset = (codec, None, charset) if odd else ("utf-8", None, None)
    page = printed.replace("@@charset@@", f'<meta charset="{meta}">' if meta else "")
    try:
        return page.encode(codec), f"{codec}, declared {meta or charset or 'nowhere'}", charset
    except UnicodeEncodeError:
        return _encoded(printed, form, randomness)


def _path(number: int, form: str, published: date) -> str:
    if form == "old-english":
        return f"/en/headline/{1000 + number}.html"
    if "english" in form:
        return (
            f"/en/press_{number:05}.html" if published.year >= 2025 else f"/en/press/press_{number:05}.html"
        )
    if published < date(2022, 3, 15):
        return f"/press/{20000 + number}.html"
    return f"/press/press_{number:05}.html"
