"""Copies, siblings and translations are told apart, and the rows do not depend on the order of loads."""

import random
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.backends import Backend
from tests.warehouse.pairs import Pair, pairs, rows_of
from tests.warehouse.rows import empty_archive, insert, release
from warehouse import duplicates
from warehouse.duplicates import signature
from warehouse.duplicates.profile import mask
from warehouse.duplicates.signature import BANDS, ROWS
from warehouse.duplicates.translation import anchors

Rows = list[tuple[str, str, str, float]]


def rows(con: duckdb.DuckDBPyConnection) -> Rows:
    """All rows of `duplicates`, in order."""
    return con.execute(
        "SELECT release_id, other_id, kind, similarity FROM duplicates ORDER BY ALL"
    ).fetchall()


@pytest.fixture(scope="module")
def labelled() -> list[Pair]:
    """The labelled set."""
    return pairs()


@pytest.fixture(scope="module")
def found(backend: Backend, labelled: list[Pair]) -> Iterator[dict[frozenset[str], str]]:
    """What the archive says of every pair of the labelled set, loaded at once."""
    with empty_archive(backend) as con:
        duplicates.update(con, insert(con, rows_of(labelled)))
        yield {frozenset(row[:2]): row[2] for row in rows(con)}


def said(found: dict[frozenset[str], str], pair: Pair) -> str | None:
    """What was found for a pair."""
    return found.get(frozenset((pair.one["release_id"], pair.other["release_id"])))


def test_of_300_labelled_pairs_at_most_three_are_wrong(
    labelled: list[Pair], found: dict[frozenset[str], str]
) -> None:
    """At most one in a hundred pairs is called something else than its label."""
    wrong = [(pair.case, said(found, pair)) for pair in labelled if said(found, pair) != pair.label]
    assert len(labelled) == 300
    assert len(wrong) <= 3, wrong


def test_a_sibling_is_never_called_a_copy(labelled: list[Pair], found: dict[frozenset[str], str]) -> None:
    """No sibling of the labelled set is called a copy: an announcement would pass for old news."""
    assert [pair.case for pair in labelled if pair.label == "sibling" and said(found, pair) == "copy"] == []


def test_no_copy_is_found_beyond_the_labelled_ones(
    labelled: list[Pair], found: dict[frozenset[str], str]
) -> None:
    """Among releases of different pairs only word for word the same text is a copy."""
    own = {frozenset((pair.one["release_id"], pair.other["release_id"])) for pair in labelled}
    texts = {row["release_id"]: (row["title"], row["body"]) for row in rows_of(labelled)}
    others = [pair for pair, kind in found.items() if kind == "copy" and pair not in own]
    assert [sorted(pair) for pair in others if len({texts[one] for one in pair}) > 1] == []


@pytest.mark.usefixtures("backend")
def test_each_pair_stands_once_with_the_later_first(labelled: list[Pair]) -> None:
    """A pair is one row, whichever of the two was loaded first; `release_id` is the later."""
    pair = labelled[0]
    for given_rows in ([pair.one, pair.other], [pair.other, pair.one]):
        with empty_archive() as con:
            for row in given_rows:
                duplicates.update(con, insert(con, [row]))
            assert rows(con) == [(pair.other["release_id"], pair.one["release_id"], "copy", 1.0)]


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_rows_do_not_depend_on_the_order_of_loads(labelled: list[Pair], seed: int) -> None:
    """Loads in any order, with releases that come and go, give the rows of one load of what is left."""
    _load_in_an_order(labelled, seed)


@pytest.mark.usefixtures("backend")
def test_nor_do_they_depend_on_how_many_days_are_looked_through_at_a_time(
    labelled: list[Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Translations whose days lie on two sides of a border are found all the same, and once."""
    translated = [pair for pair in labelled if pair.label == "translation"][:12]
    found = []
    for window in (1_000, 1):
        monkeypatch.setattr(import_module("warehouse.duplicates.update"), "WINDOW", window)
        with empty_archive() as con:
            duplicates.update(con, insert(con, rows_of(translated)))
            found.append(rows(con))
    assert found[0] == found[1]
    assert "translation" in {kind for _, _, kind, _ in found[0]}


def test_nor_do_they_on_a_lake(labelled: list[Pair]) -> None:
    """One order on either back end: a lake takes its time."""
    _load_in_an_order(labelled[:60], 4)


def _load_in_an_order(labelled: list[Pair], seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - an order, not a secret
    every = list(rows_of(draw.sample(labelled, 15)))
    draw.shuffle(every)
    gone = {row["release_id"] for row in every[:6]}
    with empty_archive() as step_by_step, empty_archive() as at_once:
        for start in range(0, len(every), 10):
            duplicates.update(step_by_step, insert(step_by_step, every[start : start + 10]))
        _forget(step_by_step, sorted(gone))
        duplicates.update(at_once, insert(at_once, [row for row in every if row["release_id"] not in gone]))
        assert rows(step_by_step) == rows(at_once)


def _forget(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> None:
    con.execute("DELETE FROM release_versions WHERE release_id IN (SELECT unnest(?))", [list(ids)])
    duplicates.update(con, ids)


@pytest.mark.usefixtures("backend")
def test_a_correction_can_part_a_pair() -> None:
    """When one of two copies is rewritten, the row goes with the next update."""
    text = "\n".join(f"これは同じ文章の第{number}段落です。" for number in range(20))
    with empty_archive() as con:
        two = [release(f"2025010{day}-press_{day}", title="同じ題", body=text) for day in (1, 2)]
        duplicates.update(con, insert(con, two))
        assert [row[2] for row in rows(con)] == ["copy"]
        con.execute(
            "UPDATE release_versions SET body = '別の話', title = '別の題' WHERE release_id LIKE '%_2'"
        )
        duplicates.update(con, ["20250102-press_2"])
        assert rows(con) == []


@pytest.mark.usefixtures("backend")
def test_a_long_series_is_linked_from_one_to_the_next(labelled: list[Pair]) -> None:
    """Of forty in a series each is paired with the ones just before it, not with every other."""
    first = next(pair.one for pair in labelled if pair.case == "next of series")
    title, body = first["title"], first["body"]
    series: list[dict[str, Any]] = [
        release(
            f"20250{1 + n // 28}{1 + n % 28:02}-press_{n}",
            title=f"{title}第{n}回",
            body=body,
        )
        for n in range(40)
    ]
    with empty_archive() as con:
        ids = insert(con, series)
        duplicates.update(con, ids)
        linked = {(row[0], row[1]) for row in rows(con)}
    assert all(pair in linked for pair in zip(ids[1:], ids, strict=False))
    assert len(linked) <= 3 * len(ids)


@pytest.mark.usefixtures("backend")
def test_a_link_to_the_other_language_is_enough() -> None:
    """Two texts without a number in common are translations if one links to the other."""
    japanese = release("20250101-press_1", title="題", body="本文")
    english = release(
        "20250102-en-press_2",
        lang="en",
        title="Title",
        links=({"title": "Japanese", "url": japanese["url"]},),
    )
    with empty_archive() as con:
        duplicates.update(con, insert(con, [japanese, english]))
        assert rows(con) == [("20250102-en-press_2", "20250101-press_1", "translation", 1.0)]


def test_both_languages_give_the_same_anchors() -> None:
    """A day, a number and a name are one anchor, however a language writes them."""
    japanese = release("20250101-press_1", title="JCM", body="６月１８日に9,206トン")
    english = release("20250101-en-press_2", title="The JCM", body="9,206 tons on June 18th")
    assert set(anchors(japanese)) == set(anchors(english)) == {"d:0618", "n:9206", "l:jcm"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第4回(月)", "第10回(火)"),
        ("第五回会合", "第4回会合"),
        ("1,234トン", "5トン"),
        ("2025年6月1日", "2024年12月31日"),
    ],
)
def test_a_template_is_the_same_whatever_its_numbers(one: str, other: str) -> None:
    """Numbers, kanji ordinals and weekdays are masked alike."""
    assert mask(one) == mask(other)


def test_signatures_are_drawn_as_datasketch_draws_them() -> None:
    """Old signatures are compared with today's: what they are made with must never change."""
    # A second of imports, for this test alone.
    from datasketch import MinHash

    drawn = MinHash(num_perm=BANDS * ROWS, seed=1, scheme="affine64").permutations
    assert np.array_equal(signature._permutations(), drawn)
