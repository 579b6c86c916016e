"""What changed between two versions, in words a reader of Japanese would cut."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from random import Random

import pytest
from diff_match_patch import diff_match_patch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.rows import empty_archive, history, insert, release
from warehouse.differences import Segment, diff, differences, excerpt
from warehouse.differences import segments as segments_module
from warehouse.differences.anchors import anchors
from warehouse.differences.segments import words

LINES = st.lists(st.sampled_from("一二三四五六七"), max_size=30)
TEXT = st.text(alphabet="令和7年6月 18日に、二国間クレジット\nJCMa😀", max_size=60)


def sides(segments: Sequence[Segment]) -> tuple[str, str]:
    """The text before and the text after."""
    return (
        "".join(text for kind, text in segments if kind != "inserted"),
        "".join(text for kind, text in segments if kind != "deleted"),
    )


@settings(max_examples=150, deadline=None)
@given(before=TEXT, after=TEXT)
def test_both_texts_can_be_read_from_the_segments(before: str, after: str) -> None:
    """Without what was inserted the segments are the text before, without what was deleted the text after."""
    segments = diff(before, after)
    assert sides(segments) == (before, after)
    assert all(one[0] != other[0] and one[1] for one, other in pairwise(segments))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "第4回会合を6月18日に開催します。",
            "第5回会合を6月19日に開催します。",
            (
                *(("equal", "第"), ("deleted", "4"), ("inserted", "5"), ("equal", "回会合を6月")),
                *(("deleted", "18"), ("inserted", "19"), ("equal", "日に開催します。")),
            ),
        ),
        (
            "クレジットを発行しました。",
            "クレジットを公表しました。",
            (("equal", "クレジットを"), ("deleted", "発行"), ("inserted", "公表"), ("equal", "しました。")),
        ),
        (
            "251 tons were issued.",
            "251 credits were issued.",
            (("equal", "251 "), ("deleted", "tons"), ("inserted", "credits"), ("equal", " were issued.")),
        ),
        ("一行\n二行", "一行\n挿入\n二行", (("equal", "一行\n"), ("inserted", "挿入\n"), ("equal", "二行"))),
    ],
)  # fmt: skip
def test_a_diff_breaks_where_a_reader_would(before: str, after: str, expected: tuple[Segment, ...]) -> None:
    """Whole numbers and words are exchanged, never halves of them; a new line is one insertion."""
    assert diff(before, after) == expected


def test_a_very_long_line_is_cut_all_the_same() -> None:
    """A line longer than the word cutter takes is cut in parts, and nothing is lost."""
    line = "二国間クレジット制度" * 3_000
    assert "".join(words(line)) == line
    assert sides(diff(line, line + "です")) == (line, line + "です")


def test_a_text_written_anew_is_compared_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """20,000 lines of which none stayed are one change, found without comparing each with each."""
    compared = []
    main = diff_match_patch.diff_main

    def counted(self: object, old: str, new: str, **options: object) -> object:
        compared.append(len(old) * len(new))
        return main(self, old, new, **options)

    monkeypatch.setattr(diff_match_patch, "diff_main", counted)
    old, new = ("".join(f"{word}{number}\n" for number in range(20_000)) for word in ("表", "図"))
    assert diff("題\n" + old, "題\n" + new) == (("equal", "題\n"), ("deleted", old), ("inserted", new))
    assert compared == [4]


def test_a_text_in_another_order_is_compared_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 8,000 lines in another order no more pairs are compared than half a second allows."""
    compared = []
    main = diff_match_patch.diff_main

    def counted(self: object, old: str, new: str, *rest: object, **options: object) -> object:
        # The tool calls itself for parts, which it was not asked for.
        compared.append(0 if rest else len(old) * len(new))
        return main(self, old, new, *rest, **options)

    monkeypatch.setattr(diff_match_patch, "diff_main", counted)
    lines = [f"{number}号\n" for number in range(8_000)]
    shuffled = Random(1).sample(lines, 8_000)  # noqa: S311 - the same order each time, not secret
    old, new = "".join(lines), "".join(shuffled)
    segments = diff(old, new)
    assert sides(segments) == (old, new)
    assert sum(compared) <= segments_module._PAIRS
    # 8,000 in disorder still have 170 or so in order.
    assert sum(text.count("\n") for kind, text in segments if kind == "equal") > 150


@settings(max_examples=150, deadline=None)
@given(before=LINES, after=LINES)
def test_anchors_keep_their_order_and_their_line(before: list[str], after: list[str]) -> None:
    """Lines that belong to each other are the same line, and none stands before one found earlier."""
    found = anchors(before, after)
    assert [before[old] for old, _ in found] == [after[new] for _, new in found]
    assert all(one < other and left < right for (one, left), (other, right) in pairwise(found))


def test_edits_of_a_long_table_are_found_where_they_are() -> None:
    """In a table of thousands of like cells, too long to compare as it is, each edit is one exchange."""
    cells = [f"{number % 7}\n" if number % 5 else f"{number}行\n" for number in range(4_000)]
    edited = [*cells[:1_000], "新\n", *cells[1_001:3_000], *cells[3_001:]]
    assert [one for one in diff("".join(cells), "".join(edited)) if one[0] != "equal"] == [
        ("deleted", "1000行"),
        ("inserted", "新"),
        ("deleted", "3000行\n"),
    ]


def test_texts_are_cut_for_several_at_the_same_time() -> None:
    """Two channels whose messages show what changed, made in two threads, both get their words."""
    text = "補助の総額は、三か年度で九十八億円を予定しています。" * 100
    with ThreadPoolExecutor(max_workers=4) as hands:
        cuts = list(hands.map(words, [text] * 40))
    assert {tuple(cut) for cut in cuts} == {tuple(words(text))}


def test_an_excerpt_keeps_the_changes_and_shortens_the_rest() -> None:
    """Equal text is cut to what stands next to a change, and … says so."""
    segments = diff("前" * 100 + "4月" + "後" * 100, "前" * 100 + "5月" + "後" * 100)
    assert excerpt(segments, around=3) == (
        ("equal", "…前前前"),
        ("deleted", "4"),
        ("inserted", "5"),
        ("equal", "月後後…"),
    )


def test_facts_are_compared_as_a_set() -> None:
    """A fact that only moved is no change; one with a new value is removed and added."""
    held = {"label": "日時", "value": "6月18日"}
    moved = {"label": "日時", "value": "6月19日"}
    place = {"label": "場所", "value": "東京"}
    old = release("20250101-press_1", facts=(held, place))
    assert differences(old, old | {"facts": (place, held)}) == ()
    (change,) = differences(old, old | {"facts": (place, moved)})
    assert (change.field, change.removed, change.added) == ("facts", ("日時：6月18日",), ("日時：6月19日",))
    assert sides(change.segments) == ("日時：6月18日\n", "日時：6月19日\n")


def test_a_new_head_of_division_is_one_line() -> None:
    """Of a contact block only the person who changed is shown, with the organisation."""

    def block(name: str) -> dict[str, object]:
        people = [
            {"role": "課長", "name": name, "extension": "6200"},
            {"role": "係長", "name": "森", "extension": None},
        ]
        return {"organisation": "国際課", "phones": [], "people": people, "emails": []}

    old = release("20250101-press_1", contacts=(block("山川"),))
    (change,) = differences(old, old | {"contacts": (block("谷口"),)})
    assert change.removed == ("国際課 / 課長：山川（内線6200）",)
    assert change.added == ("国際課 / 課長：谷口（内線6200）",)


def test_changes_come_in_the_order_of_the_columns() -> None:
    """Title, text, attachments and figures that changed together are told in the order of the table."""
    old = release("20250101-press_1", title="題", body="本文")
    attachment = {
        "title": "別紙",
        "url": "https://www.env.go.jp/a.pdf",
        "media_type": None,
        "size_label": "9 KB",
    }
    new = old | {"title": "新しい題", "body": "別の文", "attachments": (attachment,), "jcm_tonnes": 251.0}
    changes = differences(old, new)
    assert [change.field for change in changes] == ["title", "body", "attachments", "jcm_tonnes"]
    assert changes[2].added == ("別紙 [9 KB] <https://www.env.go.jp/a.pdf>",)
    assert (changes[3].before, changes[3].after) == (None, "251.0")


@pytest.mark.usefixtures("backend")
def test_sql_names_the_fields_that_python_names() -> None:
    """`release_changes` has a row for each field of each version that differs from the version before."""
    first = release("20250101-press_1", title="題", body="4月1日")
    versions = history(first, first | {"body": "4月2日"}, first | {"title": "題二", "jcm_tonnes": 5.0})
    with empty_archive() as con:
        insert(con, [*versions, release("20250102-press_2")])
        rows = con.execute(
            'SELECT version, field, before, "after" FROM release_changes ORDER BY version, field'
        ).fetchall()
    assert rows == [
        (2, "body", "4月1日", "4月2日"),
        (3, "body", "4月2日", "4月1日"),
        (3, "jcm_tonnes", None, "5.0"),
        (3, "title", "題", "題二"),
    ]
    for older, newer in pairwise(versions):
        fields = {row[1] for row in rows if row[0] == newer["version"]}
        assert {change.field for change in differences(older, newer)} == fields
