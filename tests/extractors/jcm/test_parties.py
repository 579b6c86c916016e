"""The partner countries of an announcement: parties, hosts and those present; not seats and comparisons."""

import pytest

from extractors.jcm import judge
from extractors.release import Fact

BOILERPLATE = (
    "現在、モンゴル、バングラデシュ、エチオピア、ケニア、モルディブ、ベトナム、ラオス、インドネシア、コスタリカ、"
    "パラオ、カンボジア、メキシコ、サウジアラビア、チリ、ミャンマー、タイ、フィリピンの17か国とJCMを構築しています。"
)


def parties(title: str, text: str, rest: str = "", facts: tuple[Fact, ...] = (), lang: str = "ja") -> str:
    """The partner countries of a release of these words, in one line."""
    body = f"{text}\n{rest}\n{BOILERPLATE}"
    found = judge(title=title, lead=text, body=body, facts=facts, lang=lang)
    return " ".join(found.countries)


@pytest.mark.parametrize(
    ("title", "text", "rest", "codes"),
    [
        ("日・ケニア間のJCMのクレジット発行", "ナイロビで決まりました。", "", "KE"),
        ("JCM協力覚書の署名", "コロンボにおいて、スリランカとの覚書に署名しました。", "", "LK"),
        ("インドとのJCM構築の覚書に署名", "インドは中国、米国に次ぐ排出国です。", "", "IN"),
        ("フィジー共和国とのJCM構築の覚書に署名", "署名しました。", "", "FJ"),
        ("JCM設備補助事業の採択", "５件を採択しました。", "ベトナム　冷凍機\nチリ　発電", "CL VN"),
        (
            "JCM設備補助事業の採択",
            "ベトナム、チリ、タイ及びケニアの４か国で５件を採択しました。",
            "",
            "CL KE TH VN",
        ),
        ("JCM設備補助事業の公募", "公募します。", "対象国：インド、ブラジル、マレーシア", ""),
        (
            "第５回JCMパートナー国会合",
            "ドイツ・ボンで開催しました。",
            "出席者：\nモンゴル国　大臣\nケニア共和国　長官\n■ 概要",
            "KE MN",
        ),
        (
            "第６回JCMパートナー国会合",
            "COP24（ポーランド・カトヴィツェ）で開催しました。",
            "参加国：タイ王国、トルコ共和国",
            "TH",
        ),
        ("JCMセミナー", "タイで開催しました。", "次回はキルギスで開催します。", "TH"),
        ("JCM日本基金によるカンボジアの事業の支援", "承認されました。", "場所：ADB本部（フィリピン）", "KH"),
        (
            "JCM国際フォーラムの開催",
            "成果を広く伝えるフォーラムを開催します。",
            "タイ王国の政府関係者が基調講演を行います。\nケニアの事業を紹介します。",
            "TH",
        ),
        (
            "JCM日本基金への追加の拠出",
            "追加して拠出します。",
            "基金は、チリ共和国での電動バスの導入を支えます。",
            "CL",
        ),
        (
            "JCM合同委員会の結果",
            "ケニアとの委員会が規則を採択しました。\n・場 所:ブラジル・サンパウロ",
            "",
            "KE",
        ),
        ("民間JCMのガイダンスの公表", "公表します。", "インドネシアの事例を載せています。", ""),
    ],
)
def test_parties(title: str, text: str, rest: str, codes: str) -> None:
    """Signatories, hosts and attendants, whatever list of all partners the page ends with."""
    assert parties(title, text, rest) == codes


@pytest.mark.parametrize("value", ["大韓民国・釜山", "タイ王国・バンコク"])
def test_seat_below_its_label_is_no_party(value: str) -> None:
    """The value of 場所 is a seat also where it stands in a line of its own, with or without a lead."""
    facts = (Fact("場所", value),)
    text = f"ウクライナの企業にJCMの使い方を紹介します。\n場所\n{value}"
    assert parties("JCMワークショップの開催", text, facts=facts) == "UA"
    assert parties("ウクライナとのJCMワークショップの開催", "開催します。", text, facts=facts) == "UA"


@pytest.mark.parametrize("label", ["参加する国", "参加した国等", "出席国"])
def test_attendants_below_any_of_their_labels(label: str) -> None:
    """Those present are the partners of a meeting, under whichever label they stand."""
    facts = (Fact(label, "ケニア共和国、タイ王国"),)
    text = f"ドイツ・ボンで開催しました。\n{label}\nケニア共和国、タイ王国\nベトナムの事業を紹介しました。"
    assert parties("第５回JCMパートナー国会合", text, facts=facts) == "KE TH"


def test_attending_countries_from_a_labelled_value() -> None:
    """A two-column table gives the list as a fact; observers that are no partners are left out."""
    facts = (
        Fact("参加国等", "ジョージア、モルドバ共和国、トルコ共和国（オブザーバー）、日本国"),
        Fact("場所", "ジョージア"),
    )
    assert parties("JCMグローバルパートナーシップ会合", "開催しました。", facts=facts) == "GE MD"


@pytest.mark.parametrize(
    ("title", "text", "codes"),
    [
        ("JCM Partner Countries Meeting", "It was held in Lima, Peru. Participants: Chile, Kenya", "CL KE"),
        ("JCM credits issued", "The committee of Kenya and Japan met in Nairobi.", "KE"),
        (
            "Projects selected for the JCM",
            "Five projects in Kenya, Tunisia and Viet Nam were selected.",
            "KE TN VN",
        ),
    ],
)
def test_english_parties(title: str, text: str, codes: str) -> None:
    """Hosts stand behind `in` as seats do; what was held there tells them apart."""
    assert parties(title, text.replace(". P", ".\nP"), lang="en") == codes
