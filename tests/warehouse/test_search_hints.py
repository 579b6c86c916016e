"""A query that names a field or category there is not is answered, with a hint at what it may have meant."""

from collections.abc import Iterator
from datetime import timedelta

import duckdb
import pytest

from tests.warehouse.backends import Backend
from tests.warehouse.rows import FIRST, empty_archive, history, insert, release
from warehouse import search
from warehouse.search.query import FIELDS

LATER = FIRST + timedelta(days=2)


@pytest.fixture(scope="module")
def archive(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two categories now; a third that a release had until a day later."""
    with empty_archive(backend) as con:
        old = release("20250101-press_1", title="気候", body="TEL：03", categories=("総合政策",))
        new = old | {"categories": ("地球環境",)}
        ids = ("20250102-press_2", "20250103-press_3")
        others = (release(one, title="湖", categories=("水・土壌",)) for one in ids)
        search.update(con, insert(con, [*history(old, new), *others]))
        yield con


@pytest.mark.parametrize(
    ("typed", "given", "instead"),
    [
        ("titel:気候", "titel:", "title:気候"),
        ("水 -Titel：気候 公募", "Titel:", "水 -title:気候 公募"),
        ('contry:"MN" OR 湖', "contry:", 'country:"MN" OR 湖'),
        ("xyz:湖", "xyz:", None),
        ("category:水", "category:水", 'category:"水・土壌"'),
        ("湖 -category:地球環镜", "category:地球環镜", '湖 -category:"地球環境"'),
        ("category:農業", "category:農業", None),
        ("category:農業：", "category:農業:", None),
    ],
)
def test_a_slip_is_told(
    archive: duckdb.DuckDBPyConnection, typed: str, given: str, instead: str | None
) -> None:
    """What was given, and the query with the closest name in its place, if one is close."""
    (hint,) = search.hints(archive, typed, found=False)
    assert (hint.given, hint.instead) == (given, instead)
    known = [f"{one}:" for one in FIELDS] if hint.is_field else ["水・土壌", "地球環境"]
    assert list(hint.known) == known
    assert str(hint).startswith(given)
    assert known[-1] in str(hint)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "気候 title:湖 from:2025",
        'category:"水・土壌"',
        "-category:水･土壌",
        '"titel:気候"',
        "https://www.env.go.jp/press/",
        "日時:6月",
        "12:00",
        "category:",
    ],
)
def test_what_is_right_or_in_quotes_is_no_slip(archive: duckdb.DuckDBPyConnection, typed: str) -> None:
    """Known names in any width, phrases, addresses and labels in Japanese get no hint."""
    assert search.hints(archive, typed, found=False) == ()


def test_what_stands_in_a_text_is_no_slip(archive: duckdb.DuckDBPyConnection) -> None:
    """TEL:03 is found as a word and like no field; what is like one is told nevertheless."""
    assert search.search(archive, "TEL:03")
    assert search.hints(archive, "TEL:03", found=True) == ()
    assert len(search.hints(archive, "titel:03", found=True)) == 1


def test_a_category_of_a_past_moment_is_known_then(archive: duckdb.DuckDBPyConnection) -> None:
    """What no release has any more is a category at the moment when one had it, and the other way round."""
    assert search.hints(archive, "category:総合政策", found=False, at=FIRST) == ()
    (gone,) = search.hints(archive, "category:総合政策", found=False, at=LATER)
    (early,) = search.hints(archive, "category:地球環境", found=False, at=FIRST)
    assert (set(gone.known), set(early.known)) == ({"水・土壌", "地球環境"}, {"水・土壌", "総合政策"})
