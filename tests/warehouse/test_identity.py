from datetime import date

import pytest

from warehouse.identity import FAR_BAR, NEAR_BAR, Face, bar, likeness, may_differ

MEETING = (
    "二国間クレジット制度(JCM)に関する第{n}回合同委員会を{month}月{day}日に{place}で開催しました。"
    "会合では{count}件のプロジェクトの登録が決定され、ガイドラインの改定について議論が行われました。"
    "環境省は引き続き、パートナー国とともに世界の脱炭素化に貢献してまいります。"
)
FOURTH = MEETING.format(n=4, month=6, day=18, place="バンコク", count=3)
FIFTH = MEETING.format(n=5, month=2, day=13, place="東京", count=2)


def same(one: tuple[str, date, str], other: tuple[str, date, str]) -> bool:
    """The whole rule, on title, date and text."""
    known, shown = Face(one[0], one[1], "a"), Face(other[0], other[1], "b")
    return not may_differ(known, shown) or likeness(one[2], other[2]) >= bar(
        known.published_on, shown.published_on
    )


@pytest.mark.parametrize(
    ("case", "one", "other", "is_same"),
    [
        (
            "the next meeting of a series took the page",
            ("第4回合同委員会の開催", date(2025, 6, 20), FOURTH),
            ("第5回合同委員会の開催", date(2026, 2, 13), FIFTH),
            False,
        ),
        (
            "something else took the page after the counter restarted",
            ("土壌汚染対策法の施行", date(2022, 9, 13), "法の施行状況を取りまとめた。" * 5),
            ("第5回合同委員会の開催", date(2025, 8, 29), FIFTH),
            False,
        ),
        (
            "title and date corrected within days, a sentence added",
            ("第4回合同委員会の開催", date(2025, 6, 20), FOURTH),
            ("第4回合同委員会の開催結果", date(2025, 6, 23), FOURTH + "資料を掲載しました。"),
            True,
        ),
        (
            "a mistyped year and a word of the title put right, the text untouched",
            ("第4回合同委員会の開催", date(2024, 6, 20), FOURTH),
            ("第4回合同委員会の開催について", date(2025, 6, 20), FOURTH),
            True,
        ),
        (
            "the text rewritten, the title kept",
            ("第4回合同委員会の開催", date(2025, 6, 20), FOURTH),
            ("第4回合同委員会の開催", date(2025, 6, 20), "延期します。"),
            True,
        ),
        (
            "the date corrected and the text rewritten, the title kept but for width",
            ("第4回合同委員会の開催", date(2025, 6, 20), FOURTH),
            ("第４回合同委員会の 開催", date(2025, 9, 20), "延期します。"),
            True,
        ),
        (
            "another matter of the next day took the page",
            ("第4回合同委員会の開催", date(2025, 6, 20), FOURTH),
            ("ツキノワグマの出没状況", date(2025, 6, 21), "今年度の出没状況をお知らせします。" * 3),
            False,
        ),
        (
            "pages without text, another title and date",
            ("第4回合同委員会の開催", date(2025, 6, 20), ""),
            ("第5回合同委員会の開催", date(2025, 6, 25), ""),
            False,
        ),
    ],
)
def test_the_rule_of_identity(
    case: str, one: tuple[str, date, str], other: tuple[str, date, str], *, is_same: bool
) -> None:
    """Another title, another date and another text at a known page is another release; less is an edit."""
    assert same(one, other) is is_same, case


def test_siblings_lie_between_the_two_bars() -> None:
    """A series' text differs so little that only the distance of the dates tells a sibling from an edit."""
    assert NEAR_BAR < likeness(FOURTH, FOURTH + "資料を掲載しました。") < 1
    assert likeness(FOURTH, FIFTH) < FAR_BAR


def test_likeness_is_symmetric_and_bounded() -> None:
    """The same text is 1, nothing in common is 0, and the order does not matter."""
    assert likeness(FOURTH, FOURTH) == 1
    assert likeness(FOURTH, "abcdefgh") == 0
    assert likeness("短い", "短い") == 1
    assert likeness(FOURTH, FIFTH) == likeness(FIFTH, FOURTH)
