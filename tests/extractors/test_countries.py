"""Countries named as countries, and the many words that only look like one."""

import csv
import time
import unicodedata
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

import extractors.countries
from extractors.countries import mentions, named_countries
from extractors.jcm import PARTNERS

NAMES = Path(extractors.countries.__file__).parent / "names.csv"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
# CLDR writes these with a remark in brackets or a sign that no release uses; our names for them differ.
OWN_JA = {"CD", "CG", "MM", "PS", "VC", "VA", "US", "KN"}
OWN_EN = {"CD", "CG", "MM"}


def rows() -> list[dict[str, str]]:
    """The table of names."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("インドネシア共和国とタイ王国", ("ID", "TH")),
        ("ドイツ連邦共和国・ボンにおいて", ("DE",)),
        ("パプアニューギニア独立国、赤道ギニア、ギニア", ("GN", "GQ", "PG")),
        ("ニジェールとナイジェリア", ("NE", "NG")),
        ("コンゴ民主共和国", ("CD",)),
        ("コンゴ共和国", ("CG",)),
        ("南スーダン", ("SS",)),
        ("ドミニカ共和国", ("DO",)),
        ("アラブ首長国連邦（ＵＡＥ）", ("AE",)),
        ("米国、英国、中国、韓国及び豪州", ("AU", "CN", "GB", "KR", "US")),
        ("大韓民国、中華人民共和国、朝鮮民主主義人民共和国", ("CN", "KP", "KR")),
        ("日越合同委員会", ("VN",)),
        ("日・タイ間の制度", ("TH",)),
        ("日中韓三カ国環境大臣会合", ("CN", "KR")),
        ("日印首脳会談", ("IN",)),
        ("米国産の大豆", ("US",)),
        ("中国国家発展改革委員会", ("CN",)),
        ("中国内モンゴル自治区", ("CN",)),
        ("ﾀｲ王国", ("TH",)),
        ("バングラディシュ", ("BD",)),
        ("マリ・セネガル・ガーナの３か国", ("GH", "ML", "SN")),
        ("場所：米国ワシントンDC", ("US",)),
        ("ヨルダン・アンマン及びマリ・バマコ", ("JO", "ML")),
        ("ジョージア・トビリシ", ("GE",)),
        ("中国内陸部の黄砂、中国土壌学会、大統領インドネシア訪問", ("CN", "ID")),
        ("ジョージア、モルドバ", ("GE", "MD")),
    ],
)
def test_japanese_names(text: str, codes: tuple[str, ...]) -> None:
    """Long forms, short forms, pairs with Japan, old spellings and half-width letters."""
    assert named_countries(text, "ja") == codes


@pytest.mark.parametrize(
    "text",
    [
        *(
            "インド洋のまぐろ",
            "自由で開かれたインド太平洋",
            "インドクジャク",
            "タイミング",
            "タイトルとタイプ",
        ),
        *("アルタイ山脈", "チリ紙", "マリンスポーツ", "アルゼンチンアリ", "タイワンハブ", "アメリカザリガニ"),
        *("中国四国地方環境事務所", "近畿、中国、四国", "中国電力株式会社", "中国自然歩道", "開催中国際会議"),
        *(
            "ラテンアメリカ",
            "南アメリカ大陸",
            "米領サモア",
            "北アイルランド",
            "内モンゴル自治区",
            "玄米国産",
            "欧米国際",
        ),
        *(
            "日中の気温",
            "日英同時通訳",
            "日比谷公園",
            "毎日印刷",
            "ドイツ語",
            "フランス人",
            "メキシコ湾",
            "パナマ運河",
        ),
        *(
            "マリ・キュリー",
            "ジョージア工科大学",
            "シンガポール国立大学",
            "ヨルダン川西岸",
            "トルコ石",
            "朝鮮半島",
        ),
        *(
            "ボン",
            "バンコクとハノイ",
            "日本国政府",
            "ペルーサ",
            "南北朝鮮",
            "西インド諸島",
            "会期中国土交通省は",
        ),
    ],
)
def test_japanese_words_that_are_not_countries(text: str) -> None:
    """Seas, regions, species, languages, people, institutes, companies, cities, and names inside words."""
    assert named_countries(text, "ja") == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Georgia and Moldova", ("GE", "MD")),
        ("Viet Nam, Lao PDR and the Kyrgyz Republic", ("KG", "LA", "VN")),
        ("Papua New Guinea and Equatorial Guinea", ("GQ", "PG")),
        ("the Democratic Republic of the Congo", ("CD",)),
        ("the Republic of Korea", ("KR",)),
        ("the Democratic People's Republic of Korea", ("KP",)),
        ("Côte d’Ivoire", ("CI",)),
        ("a Japan-Mongolia committee", ("MN",)),
        ("the US and the UK", ("GB", "US")),
        ("Türkiye", ("TR",)),
        ("Guinea-Bissau", ("GW",)),
        ("Nigeria", ("NG",)),
    ],
)
def test_english_names(text: str, codes: tuple[str, ...]) -> None:
    """The names of the Ministry's English pages."""
    assert named_countries(text, "en") == codes


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Georgia Tech",
            "Georgia Institute of Technology",
            "Atlanta, Georgia",
            "a cold turkey",
            "guinea pigs",
            "Guinea Grass",
            "Guinea fowl",
        ),
        *(
            "US$ 5 million",
            "US-EPA",
            "South China Sea",
            "New Mexico",
            "the Gulf of Thailand",
            "the Jordan River",
        ),
        *(
            "Michael Jordan",
            "Mr. Chad Smith",
            "Indiana",
            "the Indian Ocean",
            "Northern Ireland",
            "chile peppers",
        ),
        *("American Samoa", "the Niger River", "Japan", "Bonn and Bangkok"),
    ],
)
def test_english_words_that_are_not_countries(text: str) -> None:
    """People, institutes, seas, rivers, states of a country and common words."""
    assert named_countries(text, "en") == ()


def test_every_partner_is_known_by_every_name() -> None:
    """Long, short and English names of the JCM's partners give their code."""
    for partner in PARTNERS:
        short = [name for name in partner.short if name != "日越"]
        for name in (partner.name, *short):
            assert named_countries(f"{name}において", "ja") == (partner.iso,)
        assert named_countries(f"in {partner.english}.", "en") == (partner.iso,)


def test_table_holds_the_names_of_cldr() -> None:
    """Each country's name in CLDR is found in a sentence, but for those that CLDR writes with a remark."""
    japanese, english = Locale("ja").territories, Locale("en").territories
    for row in rows():
        iso = row["iso"]
        if iso not in OWN_JA:
            assert named_countries(f"、{japanese[iso]}、", "ja") == (iso,), japanese[iso]
        if iso not in OWN_EN:
            assert iso in named_countries(f"in {english[iso]}.", "en"), english[iso]


def test_every_name_of_the_table_is_found() -> None:
    """No name is shut out by a rule made for another one."""
    for row in rows():
        for name in row["ja"].split("|"):
            assert named_countries(f"、{name}、", "ja") == (row["iso"],), name
        for name in row["en"].split("|"):
            assert named_countries(f"the {name}, and", "en") == (row["iso"],), name


def test_each_place_is_told() -> None:
    """Mentions stand in the order of the text and cover the name."""
    text = "タイ王国とインドネシア"
    assert [(one.iso, text[one.start : one.end]) for one in mentions(text, "ja")] == [
        ("TH", "タイ"),
        ("ID", "インドネシア"),
    ]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), name=st.sampled_from(["タイ", "UAE", "Viet Nam", "米国"]))
def test_width_does_not_matter(text: str, name: str) -> None:
    """Any text names the same countries when its letters are wide, decomposed or folded."""
    mixed = f"{text} {name} {text}"
    folded = named_countries(unicodedata.normalize("NFKC", mixed), "ja")
    assert named_countries(mixed, "ja") == folded
    assert named_countries(unicodedata.normalize("NFKC", mixed).translate(WIDE), "ja") == folded


@pytest.mark.parametrize("filling", ["マリ・", "Georgia ", "中国"])
def test_a_page_of_anything_is_searched_in_time(filling: str) -> None:
    """The search is linear: two hundred thousand letters cost less than two seconds on a slow machine."""
    text = filling * (200_000 // len(filling))
    began = time.process_time()
    named_countries(text, "ja")
    assert time.process_time() - began < 2
