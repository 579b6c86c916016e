"""Contacts in every form of the pages."""

import pytest

from extractors import Contact, Person, Phone
from extractors.blocks import Block
from extractors.contacts import contacts

_MAIN = Phone("代表", "03-3581-3351")
_OFFICE = "環境省地球環境局国際連携課"


def _read(*lines: str) -> tuple[Contact, ...]:
    return contacts([Block("para", line) for line in lines])


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("代表", "03-3581-3351"), id="bullets in pairs"),
        pytest.param(("代表:03-3581-3351",), id="colon"),
        pytest.param(("代表：０３－３５８１－３３５１",), id="full width"),
        pytest.param(("代表03-3581-3351",), id="glued"),
        pytest.param(("代　表　03-3581-3351",), id="letter-spaced"),
        pytest.param(("（代表）03-3581-3351",), id="label in brackets"),
        pytest.param(("電話：03-3581-3351（代表）",), id="label behind"),
        pytest.param(("代表：03(3581)3351",), id="bracketed exchange"),
        pytest.param(("代表：03-3581-3351（内線6772）",), id="extension of nobody"),
    ],
)
def test_telephone(lines: tuple[str, ...]) -> None:
    """A telephone and its label are read from each form, with hyphens and half-width digits."""
    assert _read(_OFFICE, *lines) == (Contact(_OFFICE, (_MAIN,)),)


@pytest.mark.parametrize(
    ("lines", "person"),
    [
        (("室長", "飯野 暁"), Person("室長", "飯野 暁")),
        (("室　　長", "飯野　暁（内線6772）"), Person("室長", "飯野 暁", "6772")),
        (("室　　長　飯野　暁（内6772）",), Person("室長", "飯野 暁", "6772")),
        (("室長：飯野 暁（6772）",), Person("室長", "飯野 暁", "6772")),
        (("室長飯野 暁",), Person("室長", "飯野 暁")),
        (("課長補佐（総括）　森　要　内線：6440",), Person("課長補佐(総括)", "森 要", "6440")),
        (("国際炭素市場調整官 宇賀 まい子",), Person("国際炭素市場調整官", "宇賀 まい子")),
        (("参 事 官 水谷 好洋",), Person("参事官", "水谷 好洋")),
        (("担当", "長谷部"), Person("担当", "長谷部")),
        (("担当：服部",), Person("担当", "服部")),
        (("Director: Taro Yamada",), Person("Director", "Taro Yamada")),
    ],
)
def test_person(lines: tuple[str, ...], person: Person) -> None:
    """Role, name and extension are read from each form; a surname that ends like an office is a name."""
    assert _read(_OFFICE, "代表:03-3581-3351", *lines) == (Contact(_OFFICE, (_MAIN,), (person,)),)


def test_two_people_of_one_role() -> None:
    """Names in a row have the role in front of them each."""
    (contact,) = _read(_OFFICE, "担当：鈴木、田中")
    assert contact.people == (Person("担当", "鈴木"), Person("担当", "田中"))


def test_several_people_in_a_line() -> None:
    """A line may hold a role, a name, and the next role."""
    (contact,) = _read(_OFFICE, "課長　山田 太郎 (内線6773) 担当 冨安 健一郎 (内線6722)")
    assert contact.people == (Person("課長", "山田 太郎", "6773"), Person("担当", "冨安 健一郎", "6722"))


def test_two_blocks() -> None:
    """An organisation below telephones opens a contact of its own."""
    found = _read(_OFFICE, "代表:03-3581-3351", "国土交通省都市局公園緑地・景観課", "電話:03-5253-8111")
    assert [contact.organisation for contact in found] == [_OFFICE, "国土交通省都市局公園緑地・景観課"]
    assert [len(contact.phones) for contact in found] == [1, 1]


def test_remark_above_an_office_is_not_the_office() -> None:
    """A line in brackets says what the contact is for."""
    (contact,) = _read("（制度全般について）", _OFFICE, "代表:03-3581-3351")
    assert contact.organisation == _OFFICE


@pytest.mark.parametrize("line", ["E-mail: jcm@env.go.jp", "メール：jcm［at］env.go.jp", "jcm@env.go.jp"])
def test_mail(line: str) -> None:
    """Mail addresses are read, those hidden from robots too."""
    (contact,) = _read(_OFFICE, line)
    assert contact.emails == ("jcm@env.go.jp",)


def test_office_with_a_role_in_its_line() -> None:
    """The office ends where a role begins, and 担当参事官室 is no role."""
    office = "環境省地球環境局国際脱炭素移行推進・環境インフラ担当参事官室"
    (contact,) = _read(f"{office} 参事官 水谷 好洋（内線6841）")
    assert contact == Contact(office, (), (Person("参事官", "水谷 好洋", "6841"),))
