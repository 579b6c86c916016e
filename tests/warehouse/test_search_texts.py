"""What a search does with texts alone: folding, snippets, and values of a query that are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.errors import Usage
from extractors.jcm import KINDS
from warehouse import search
from warehouse.search import snippets
from warehouse.search.folding import fold_line, fold_lines
from warehouse.search.query import parse


@given(
    st.lists(st.sampled_from([*"Ａaß㈱ﾌﾟがか\u3099 \u3000\t各国İﬁᄒ\u1161\u11ab", "  "]), max_size=8).map(
        "".join
    )
)
def test_the_short_way_of_folding_is_the_long_one(text: str) -> None:
    """Where a text is folded as a whole, each character is what it becomes alone, in its place."""
    folded, origin = snippets._folded_with_origin(text)
    quick = snippets._as_it_is(text)
    assert quick is None or (quick[0], list(quick[1])) == (folded, origin)
    assert quick is not None or not text.isascii() or "  " in text or "\t" in text


@given(
    st.lists(st.sampled_from([*"Ａaか\u3099\u0301ﾞ㈱ \u3000\t\f\r各", "\n", "  "]), max_size=12).map("".join)
)
def test_lines_folded_together_are_lines_folded_alone(text: str) -> None:
    """No mark joins a letter of the line before, and blanks at the ends of each line are gone."""
    assert fold_lines(text) == [fold_line(line) for line in text.split("\n")]


def test_a_half_width_mark_is_marked_with_its_letter() -> None:
    """ﾌﾟ is two characters as printed and one when folded: both are marked."""
    assert search.highlight("古いﾌﾟﾗｽﾁｯｸ類", ["プラスチック"]) == (
        ("plain", "古い"),
        ("hit", "ﾌﾟﾗｽﾁｯｸ"),
        ("plain", "類"),
    )


def test_a_long_line_is_cut_around_the_hit() -> None:
    """A snippet says with … where the line goes on at both ends, and joins to a piece of the line."""
    line = "あ" * 200 + "クレジット" + "い" * 200
    cut = search.snippet(line, ["クレジット"])
    assert cut[0] == cut[-1] == ("plain", "…")
    assert ("hit", "クレジット") in cut
    assert "".join(text for _, text in cut[1:-1]) in line


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40), terms=st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_highlighting_never_changes_the_text(text: str, terms: list[str]) -> None:
    """Whatever the text and the terms, the segments joined are the text."""
    assert "".join(part for _, part in search.highlight(text, terms)) == text


def test_a_date_that_is_none_is_refused() -> None:
    """A filter with an impossible date says what would be right."""
    with pytest.raises(Usage, match="write from:2025"):
        parse("from:2025-02-30")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kind:nonsense", "kind:nonsense is no kind .*there are partnership, joint_committee, credits, "),
        ("公募 -kind:creditz", "kind:creditz is no kind"),
        ("country:Thailand", "country:thailand is no code of two letters .*write country:MN"),
        ("country:タイ", "country:タイ is no code"),
        ('lang:"日本語"', "lang:日本語 is no language .*write lang:ja or lang:en"),
    ],
)
def test_a_value_that_no_release_can_have_is_refused(typed: str, said: str) -> None:
    """What would be right is said: an empty answer would look as if the archive held nothing such."""
    with pytest.raises(Usage, match=said):
        parse(typed)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_asked_for(kind: str) -> None:
    """In any case and width, like all that is typed."""
    typed = f"KIND:{kind.upper()} country：ＴＨ Lang:EN category:何か"
    assert [one.value for one in parse(typed).filters] == [kind, "th", "en", "何か"]
