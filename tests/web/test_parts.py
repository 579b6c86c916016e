from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import Usage
from web import paging
from web.asking import Choice, Country, Day, Number, Text, read
from web.compare import Piece, fields
from web.markdown import after

LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\n")),
    max_size=8,
)


@given(LINES, LINES)
def test_a_diff_holds_both_versions_whole(before: list[str], after: list[str]) -> None:
    """The left side is the old text and the right side the new, letter for letter."""
    old, new = "\n".join(before), "\n".join(after)
    for found in fields({"body": old}, {"body": new}):
        for side, text in (("old", old), ("new", new)):
            lines = [
                "".join(piece.text for piece in line) for row in found.rows if (line := getattr(row, side))
            ]
            assert lines == [line for line in text.split("\n") if line]
        inline = "".join(piece.text for row in found.rows for piece in row.merged if piece.op != "added")
        assert inline == old.replace("\n", "")


def test_a_new_paragraph_leaves_the_others_alike() -> None:
    """Lines that moved down are the same lines; far from the change they are counted, not shown."""
    old = "\n".join(f"第{number}段落です。" for number in range(20))
    (found,) = fields({"body": old}, {"body": "はじめに\n" + old})
    assert found.shown[0].new == (Piece("added", "はじめに"),)
    assert [row.alike for row in found.shown] == [0, 0, 0, 18]


def test_entries_of_a_list_stand_side_by_side() -> None:
    """Of a list only the entries that went and came are shown; None and an empty list are alike."""
    day, place = {"label": "日時", "value": "6月"}, {"label": "場所", "value": "東京"}
    (found,) = fields({"facts": [day, place]}, {"facts": [place, day | {"value": "7月"}]})
    assert [(row.old, row.new) for row in found.rows] == [
        ((Piece("removed", "日時：6月"),), (Piece("added", "日時：7月"),))
    ]
    assert fields({"facts": None}, {"facts": []}) == ()


@pytest.mark.parametrize(
    ("text", "lead", "rest"),
    [
        ("1. 公募します。\n\n2. 期間は６月です。\n\n■ 対象", "1. 公募します。\n2. 期間は6月です。", "■ 対象"),
        ("1. 公募します。\n2. 期間は6月です。\n\n■ 対象", "1. 公募します。\n2. 期間は6月です。", "■ 対象"),
        ("公募します。\n\n■ 対象", "別の文です。", "公募します。\n\n■ 対象"),
        ("公募します。\n\n■ 対象", "公募し", "公募します。\n\n■ 対象"),
        ("公募します。\n\n■ 対象", None, "公募します。\n\n■ 対象"),
        ("公募します。", "公募します。", "公募します。"),
    ],
)
def test_a_lead_is_not_shown_twice(text: str, lead: str | None, rest: str) -> None:
    """The text goes on after the lead where it begins with exactly that, and is whole otherwise."""
    assert after(text, lead) == rest


@given(st.tuples(st.text(), st.integers(0, 2**31 - 1)))
def test_a_cursor_gives_its_key_back(key: tuple[str, int]) -> None:
    """Any key survives the way through an address."""
    assert paging.decode(paging.encode(key), (str, int)) == key


@given(st.text())
def test_no_text_breaks_a_cursor(text: str) -> None:
    """What is no cursor is a usage error, whatever it is."""
    try:
        found = paging.decode(text, (str, str))
    except Usage:
        return
    assert [type(part) for part in found] == [str, str]


@given(st.dictionaries(st.sampled_from(["q", "day", "n", "kind", "country"]), st.text(), max_size=5))
def test_no_text_breaks_a_question(values: dict[str, str]) -> None:
    """Every value is read or refused with a message that names it."""
    parameters = (
        Text("q", ""),
        Day("day", ""),
        Number("n", "", 1, 9),
        Choice("kind", "", ("a", "b")),
        Country("country", ""),
    )
    try:
        named = set(read(values, parameters))
    except Usage as error:
        named = {str(error).partition(":")[0]}
    assert named <= values.keys()


@pytest.mark.parametrize("given_", ["2025-02-30", "2025-1-1", "20250101", "2025-01-01T00:00", "٢٠٢٥-٠١-٠١"])
def test_only_days_are_days(given_: str) -> None:
    """Other spellings are refused rather than guessed at."""
    with pytest.raises(Usage, match="expected a day"):
        Day("from", "").read(given_)
    assert Day("from", "").read("2025-01-31") == date(2025, 1, 31)
