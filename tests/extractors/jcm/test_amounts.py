"""Counts and amounts: what is stated of now, not of before, of elsewhere or of the future."""

import pytest

from extractors.jcm import Jcm, judge
from extractors.jcm._numbers import number


def judged(title: str, text: str, rest: str = "", lang: str = "ja") -> Jcm:
    """A release of these words."""
    return judge(title=title, lead=text, body=f"{text}\n{rest}", facts=(), lang=lang)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("JCMパートナー国30か国のうち18か国が参加しました。", 30),
        ("31か国から24か国が参加しました。", 31),
        ("24か国のパートナー国のうち16か国が出席しました。", 24),
        ("同国は４か国目の署名国です。", 4),
        ("アフリカで５か国目、全体では30か国目のパートナー国です。", 30),
        ("本制度の署名国としては６番目となります。", 6),
        ("現在、アジア等の国々（24ヶ国）がパートナー国です。", 24),
        ("我が国は、これまで27ケ国との間でJCMを構築しています。", 27),
        ("15ヵ国との間で制度に関する文書に署名しています。", 15),
        ("パートナー国数は、２９カ国となりました。", 29),
        ("パートナー国は、モンゴル、バングラデシュ、ケニア、タイ及びフィリピンの17か国です。", 17),
        ("パートナー国（16か国）の代表者が出席しました。", 16),
        ("Tunisia becomes the nineteenth JCM partner country.", 19),
        ("Kazakhstan is the 28th Partner Country.", 28),
        ("Currently, there are 17 partner countries including Mongolia.", 17),
        ("The mechanism has twenty-nine partner countries.", 29),
        ("18 out of the 30 partner countries attended.", 30),
        ("JCMを構築している国から15か国の代表が出席しました。", None),
        ("途上国５か国において温室効果ガスの削減を行い、クレジットの獲得を目指します。", None),
        ("対面11か国、オンライン７か国", None),
        ("アフリカでは３か国目です。", None),
    ],
)
def test_partner_count(text: str, count: int | None) -> None:
    """The total stated, in every spelling, also as the ordinal of a new partner; not those who came."""
    assert judged("JCMについて", text).partner_count == count


@pytest.mark.parametrize(
    ("text", "projects"),
    [
        ("採択案件として19件を選定しました。これまでに採択した案件は194件となりました。", 19),
        ("37件の応募があり、その中から８か国・18件を選定しました。", 18),
        ("応募のあった40件から15件を選定しました。", 15),
        ("応募20件のうち６件を採択しました。", 6),
        ("調査５件、17件、３件、合計25件を採択しました。", 25),
        ("今回採択したのは、タイ３件、ベトナム２件の合計５件です。", 5),
        ("累計で194件を採択しています。", None),
        ("公募には42件の応募がありました。", None),
        ("The Ministry selected nineteen projects; 194 projects have been supported.", 19),
        ("Eleven projects were selected from 23 applications.", 11),
        ("So far, 258 projects have been selected.", None),
    ],
)
def test_projects(text: str, projects: int | None) -> None:
    """Projects chosen now, not applications and not the running total."""
    assert judged("JCM設備補助事業の採択について Selected projects", text).projects == projects


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [
        (
            "発行が決定されたクレジットは合計で9,206トンであり、日本政府としてその内6,442トンを獲得しました。",
            9206.0,
        ),
        (
            "タイは合計300トン（日本政府150トン）、ケニアは合計1,500トンのクレジットの発行が決定されました。",
            1800.0,
        ),
        ("約1,920万トンのクレジットが発行されました。", 19_200_000.0),
        ("１万2,000t-CO2のクレジットが発行されました。", 12_000.0),
        ("クレジット650tCO2を発行しました。2030年度までに累積１億トン程度を目指します。", 650.0),
        ("クレジットを発行しました。累積削減量は約15万トンと見込まれます。", None),
        ("Credits of 499 tCO2eq were issued, of which Japan will acquire 251 tons of credits.", 499.0),
        ("The Government of Japan will acquire 251 tons of credits.", None),
    ],
)
def test_tonnes(text: str, tonnes: float | None) -> None:
    """All credits issued now, several issuances summed; not Japan's share, targets or expectations."""
    assert judged("JCMクレジットの発行について", text).tonnes == tonnes


@pytest.mark.parametrize(
    "table",
    [
        "クレジット発行量（tCO2） | うち日本政府分\n熱供給 | 118 | 82\n発電 | 9,088 | 6,360",
        "クレジット発行量（tCO2）\nうち日本政府分\n熱供給\n118\n82\n発電\n9,088\n6,360\n連絡先\n03-3581-3351",
        "発行量（tCO2）\nうち日本政府分\n熱供給\n118\n82\n発電\n9,088\n6,360\n合計\n9,206\n6,442",
        "Notified amount\n\nof credits\n\nto be issued\n\nGoJ\n\nHeat\n118 82\nPower\n9,088 6,360",
    ],
    ids=["bars", "cell a line", "with a total", "two figures a line"],
)
def test_tonnes_in_a_table(table: str) -> None:
    """Where only a table says it, the column of credits issued is summed, and Japan's column is not."""
    assert judged("JCMクレジットの発行について", "標記について決定しました。", table).tonnes == 9206.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17", 17),
        ("十七", 17),
        ("二十", 20),
        ("三十一", 31),
        ("九", 9),
        ("seventeen", 17),
        ("31st", 31),
        ("Thirty-First", 31),
    ],
)
def test_number_words(text: str, value: int) -> None:
    """Figures, kanji and English words and ordinals."""
    assert number(text) == value
