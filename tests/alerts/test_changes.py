"""What kind of change an edit is."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.changes import COMPARED, different, kinds, word

PHONE = {
    "organisation": "地球環境局",
    "phones": [{"label": "直通", "number": "03-5521-8246"}],
    "people": [],
    "emails": [],
}
PDF = {
    "title": "別紙1",
    "url": "https://www.env.go.jp/content/1.pdf",
    "media_type": "application/pdf",
    "size_label": "9KB",
}
BASE: dict[str, Any] = {
    "title": "第4回会合の開催について",
    "published_on": "2026-06-01",
    "categories": ["地球環境"],
    "joint_with": [],
    "body": "会合を開催します。\n日時 6月17日\n連絡先\n地球環境局 直通 03-5521-8246\n別紙1",
    "contacts": [PHONE],
    "attachments": [PDF],
    "links": [],
    "corrections": [],
}


def kind(change: str = "changed", *, ignore: tuple[str, ...] = (), **fields: Any) -> set[str]:
    """The kinds of change that these new values make."""
    return set(kinds(change, {**BASE, **fields}, BASE, ignore=ignore))


def test_another_title_or_date_or_a_new_note_is_a_correction() -> None:
    """`corrected` is a new note of correction, or another title or date."""
    assert kind(title="第5回会合の開催について") == {"changed", "corrected"}
    assert kind(published_on="2026-06-02") == {"changed", "corrected"}
    assert kind(corrections=[{"corrected_on": None, "note": "※訂正しました"}]) == {"changed", "corrected"}


def test_an_edit_of_the_text_is_a_change_and_no_correction() -> None:
    """Another sentence without a note is only `changed`."""
    assert kind(body=BASE["body"] + "\n延期します。") == {"changed"}


def test_a_replaced_attachment_is_its_own_change() -> None:
    """Nothing but attachments, also where the text repeats their titles, is `attachment`."""
    new = {**PDF, "title": "別紙1改", "url": "https://www.env.go.jp/content/2.pdf"}
    assert kind(attachments=[new]) == {"changed", "attachment"}
    assert kind(attachments=[new], body=BASE["body"].replace("別紙1", "別紙1改")) == {"changed", "attachment"}


def test_contacts_alone_can_be_ignored() -> None:
    """A new telephone number is no news for a rule that ignores contacts, even where the text repeats it."""
    new = {**PHONE, "phones": [{"label": "直通", "number": "03-0000-0000"}]}
    body = BASE["body"].replace("03-5521-8246", "03-0000-0000")
    assert different(BASE, {**BASE, "contacts": [new], "body": body}) == {"contacts"}
    assert kind(contacts=[new], body=body, ignore=("contacts",)) == set()
    assert kind(contacts=[new], body=body + "\n延期します。", ignore=("contacts",)) == {"changed"}


def test_width_and_white_space_and_order_are_no_change() -> None:
    """What only typesetting moved is not different."""
    new = {**BASE, "title": "第４回　会合の開催について", "categories": list(BASE["categories"])}
    assert different(BASE, new) == set()


def test_the_most_telling_word_is_chosen() -> None:
    """Of several kinds the message names the one that says most."""
    assert word({"changed", "corrected"}) == "corrected"
    assert word({"changed", "attachment"}) == "attachment"


@given(st.sets(st.sampled_from(COMPARED)))
def test_a_change_is_seen_exactly_where_it_is(fields: set[str]) -> None:
    """Whatever columns differ, those and no others are found different."""
    other = {"title": "別", "published_on": "2027-01-01", "body": "別の本文。"}
    new = {
        name: other.get(name, [{"title": "x", "note": "x"}]) if name in fields else BASE[name]
        for name in BASE
    }
    assert different(BASE, new) == fields
