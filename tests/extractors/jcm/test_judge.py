"""The judgement of single releases, and what holds for any text."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.jcm import PARTNER_CODES, PARTNERS, Jcm, judge

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
ROLES = {"subject", "mention", "none"}


def judged(title: str, lead: str = "", rest: str = "", lang: str = "ja") -> Jcm:
    """A release of these words."""
    return judge(title=title, lead=lead, body=f"{lead}\n{rest}", facts=(), lang=lang)


def test_seed_is_a_meeting_with_eighteen_partners() -> None:
    """The saved page: subject, meeting, the eighteen that came, of thirty; not Germany, where it was held."""
    saved = sorted(SEEDS.glob("*.txt"))
    if not saved:
        pytest.skip("the saved page is not beside this project")
    lines = saved[0].read_text(encoding="utf-8").split("\n")
    found = judge(
        title=lines[3],
        lead="\n".join(lines[4:7]),
        body="\n".join(lines[4:]),
        facts=(),
        lang="ja",
    )
    assert (found.role, found.kind, found.partner_count) == ("subject", "meeting", 30)
    assert len(found.countries) == 18
    assert set(found.countries) <= PARTNER_CODES
    assert found.evidence[0] == "title: JCM"


def test_nothing_of_the_jcm_is_none() -> None:
    """A page without a word of it has no evidence either."""
    assert judged("ヒアリの確認について", "名古屋港で確認されました。") == Jcm(role="none")


def test_evidence_says_where_the_phrase_stood() -> None:
    """A mention names the place and the phrase, so that a reader can check it."""
    found = judged(
        "環境白書の閣議決定について", "本日決定されました。", "二国間クレジット制度を紹介しています。"
    )
    assert (found.role, found.kind) == ("mention", None)
    assert "body: 二国間クレジット" in found.evidence


@pytest.mark.parametrize(
    "name",
    [
        *(
            "JCM",
            "ＪＣＭ",
            "二国間クレジット制度",
            "２国間クレジット制度",
            "二国間オフセット・クレジット制度",
        ),
        *("二国間ｸﾚｼﾞｯﾄ制度", "BOCM", "国際協力排出削減量", "JFJCM"),
        *("Joint Crediting Mechanism", "Bilateral Offset Credit Mechanism"),
    ],
)
def test_every_name_of_the_jcm_in_a_title_is_a_subject(name: str) -> None:
    """Full width, half width, the old name, the legal name and the English ones."""
    assert judged(f"{name}について", "お知らせします。").role == "subject"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Ｊ－クレジット",
            "J-VER",
            "CDM",
            "JCMA",
            "AJCM",
            "菌株JCM 20315",
            "JCM10833株",
            "二国間渡り鳥等保護条約",
        ),
        *("jcm-info@example.jp", "クレジットカード", "二国間会談"),
    ],
)
def test_other_names_are_not_the_jcm(name: str) -> None:
    """Other credits, strains of microbes, an association and an address are not the JCM."""
    assert judged(f"{name}について", "お知らせします。").role == "none"


def test_only_subjects_carry_fields() -> None:
    """A release that mentions the JCM in passing gives no countries, counts or kind."""
    found = judged(
        "第５回日本・ベトナム環境政策対話の結果",
        "JCMパートナー国29か国",
        "JCMの案件18件を採択し、500トンのクレジットを発行",
    )
    assert found == Jcm(role="mention", evidence=found.evidence)


def test_wide_and_narrow_letters_are_judged_alike() -> None:
    """ＪＣＭ and JCM, １９件 and 19件 give the same judgement, evidence included."""
    narrow = ("JCM設備補助事業の採択", "42件の応募から19件を選定(タイ, 2025)。", "JCM partner countries: 30")
    title, lead, rest = (text.translate(WIDE) for text in narrow)
    assert judged(title, lead, rest) == judged(*narrow)


def test_rerun_gives_the_same() -> None:
    """The judgement depends on nothing but the text."""
    words = ("日・タイ間のJCMに関する第6回合同委員会", "方法論を採択しました。")
    assert judged(*words) == judged(*words)


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(max_size=40),
    lead=st.text(max_size=120),
    name=st.sampled_from(["", "JCM", "ＪＣＭ", "二国間クレジット制度", "Joint Crediting Mechanism"]),
    lang=st.sampled_from(["ja", "en"]),
)
def test_any_text_is_judged(title: str, lead: str, name: str, lang: str) -> None:
    """Whatever the letters, there is a judgement, and a kind exactly where there is a subject."""
    found = judged(title + name, lead, lead + name, lang)
    assert found.role in ROLES
    assert (found.kind is not None) == (found.role == "subject")
    assert bool(found.evidence) == (found.role != "none")


@pytest.mark.parametrize("filling", ["1", "\n", "日・タイ、", "。1件"])
def test_a_page_of_anything_is_judged_in_time(filling: str) -> None:
    """No repeated sign makes a search slow: what is read of a huge page costs seconds at the very most."""
    body = filling * (1_000_000 // len(filling))
    began = time.process_time()
    judge(title="JCMクレジットの発行", lead=body, body=body, facts=(), lang="ja")
    assert time.process_time() - began < 5


def test_partners_stand_in_order_of_signing() -> None:
    """The table is data: thirty-one countries, each once, by the day of signing."""
    days = [partner.signed for partner in PARTNERS]
    assert days == sorted(days)
    assert len(PARTNER_CODES) == len(PARTNERS) == 31
    assert (PARTNERS[0].iso, PARTNERS[-1].iso) == ("MN", "IN")
