import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.release import Attachment, Contact, Link, Person, Phone, Release
from warehouse.content import content_hash, plain

RELEASE = Release(
    url="https://www.env.go.jp/press/press_00001.html",
    lang="ja",
    title="第5回会合（お知らせ）",
    published_on=date(2026, 1, 5),
    categories=("地球環境", "水・土壌"),
    body="1. 会合を開催した。\n場所:東京",
    contacts=(Contact("環境省 国際室", (Phone("代表", "03-3581-3351"), Phone("直通", "03-5521-8246"))),),
    attachments=(
        Attachment("別紙1", "https://www.env.go.jp/a.pdf"),
        Attachment("別紙2", "https://www.env.go.jp/b.pdf"),
    ),
    links=(Link("関連", "https://www.env.go.jp/c.html"),),
)


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("日　時：６月", "日時:6月"),
        ("Opening  session\n", "Opening session"),
        ("ＪＣＭ の 会合", "JCMの会合"),
        ("会合を\n開催した", "会合を開催した"),
        ("東京 Tokyo", "東京Tokyo"),
    ],
)
def test_width_and_white_space_are_no_content(printed: str, same: str) -> None:
    """Typesetting differs, the text is one."""
    assert plain(printed) == plain(same)


def test_a_blank_between_latin_words_is_content() -> None:
    """`a b` and `ab` are two texts."""
    assert plain("a b") != plain("ab")


@pytest.mark.parametrize(
    "edited",
    [
        replace(RELEASE, title="第５回会合(お知らせ)"),
        replace(RELEASE, body="１．会合を開催した。 場所：東京"),
        replace(RELEASE, categories=("水・土壌", "地球環境")),
        replace(RELEASE, attachments=RELEASE.attachments[::-1]),
        replace(RELEASE, contacts=(replace(RELEASE.contacts[0], phones=RELEASE.contacts[0].phones[::-1]),)),
        replace(
            RELEASE, jcm_role="subject", jcm_kind="meeting", countries=("TH",), body_markdown="*x*", lead="1."
        ),
        replace(RELEASE, template="former", dropped_links=3, url="https://www.env.go.jp/press/1.html"),
    ],
)
def test_typesetting_order_and_derived_fields_make_no_version(edited: Release) -> None:
    """What the Ministry did not write does not change the hash."""
    assert content_hash(edited) == content_hash(RELEASE)


@pytest.mark.parametrize(
    "edited",
    [
        replace(RELEASE, title="第6回会合（お知らせ）"),
        replace(RELEASE, published_on=date(2026, 1, 6)),
        replace(RELEASE, body="場所:東京\n1. 会合を開催した。"),
        replace(RELEASE, categories=("地球環境",)),
        replace(RELEASE, joint_with=("外務省",)),
        replace(RELEASE, attachments=RELEASE.attachments[:1]),
        replace(RELEASE, links=()),
        replace(RELEASE, contacts=(replace(RELEASE.contacts[0], people=(Person("室長", "環境 太郎"),)),)),
        replace(RELEASE, contacts=(replace(RELEASE.contacts[0], emails=("a@env.go.jp",)),)),
    ],
)
def test_everything_the_ministry_wrote_counts(edited: Release) -> None:
    """A title, a date, the order of the text, a person: each is an edit."""
    assert content_hash(edited) != content_hash(RELEASE)


@given(st.text(st.sampled_from("aB1 \t\n\u00a0\u3000日時、ｶﾞﾊﾟか\u3099①㈱Ａ（\u200b\x1c\u0301e")))
def test_plain_text_is_what_two_patterns_over_nfkc_would_give(text: str) -> None:
    """The slow way to say it: normalise, drop blanks beside Japanese, make one of the others."""
    folded = unicodedata.normalize("NFKC", text)
    near = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
    closed = re.sub(rf"(?<={near})\s+|\s+(?={near})", "", folded)
    assert plain(text) == re.sub(r"\s+", " ", closed).strip()
