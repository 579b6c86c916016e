"""The packaged releases: enough, varied, well-formed, fictional."""

from collections import Counter
from dataclasses import fields

import pytest

from pressroom import Record, packaged
from pressroom.library import DataError, parse
from pressroom.timeline import Timeline

KINDS = {
    "partnership", "joint_committee", "credits", "selection", "call", "study", "meeting", "event",
    "governance", "consultation", "guidance", "fund",
}  # fmt: skip


def test_enough_releases_over_enough_months() -> None:
    """At least 36 releases over at least 14 months in a row up to 2026-07, in both languages."""
    recent = [record for record in packaged() if record.published_at.year >= 2025]

    assert len(recent) >= 36
    assert len({record.month for record in recent}) == 15
    assert {record.lang for record in recent} == {"ja", "en"}


def test_every_kind_of_announcement_and_every_role() -> None:
    """Every kind of JCM announcement occurs, and mentions and tempting negatives beside them."""
    roles = Counter(record.expect["role"] for record in packaged())

    assert {record.expect["kind"] for record in packaged() if "kind" in record.expect} == KINDS
    assert roles["subject"] >= 20
    assert roles["mention"] >= 5
    assert roles["none"] >= 15


def test_kind_only_for_subjects() -> None:
    """Only a subject has a kind."""
    assert all(("kind" in record.expect) == (record.expect["role"] == "subject") for record in packaged())


def test_every_template_shape_and_contact_form_occurs() -> None:
    """The data show every template, box shape, lead form and contact form that the room can print."""
    records = packaged()

    assert {record.template for record in records} == {"current", "english", "former", "old-english"}
    assert {record.shape for record in records} >= {"plain", "nested", "copied", "accordion"}
    assert {contact.form for record in records for contact in record.contacts} == {
        "pairs", "lines", "glued", "list", "table",
    }  # fmt: skip


def test_translations_and_siblings_name_existing_pages() -> None:
    """What is said to be a translation or a sibling is, of a page on the site and of the right day."""
    by_path = {record.path: record for record in packaged()}
    pairs = [
        (record, by_path[str(record.expect[key])])
        for record in packaged()
        for key in ("translation_of", "sibling_of")
        if key in record.expect
    ]

    assert len(pairs) >= 5
    for one, other in pairs:
        assert (one.lang != other.lang) == ("translation_of" in one.expect)


def test_every_scripted_event_can_happen() -> None:
    """Every revision in the data finds its text: folding the whole story raises nothing."""
    timeline = Timeline(packaged())
    assert timeline.end is not None
    states = [timeline.at_path(path, timeline.end) for path in timeline.paths()]

    assert all(states)


def test_telephones_lead_nowhere() -> None:
    """No telephone number of the data belongs to anybody."""
    numbers = [number for record in packaged() for contact in record.contacts for _, number in contact.phones]

    assert numbers
    assert all(number.startswith(("03-0000-", "０３－００００－")) for number in numbers)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("colour = 'red'", "unknown keys"),
        ("at = '2026-01-01'", "expected a day and an hour"),
        ("at = 2026-01-01", "expected a day and an hour"),
    ],
)
def test_bad_data_is_refused_by_name(line: str, message: str) -> None:
    """A key nobody reads, or a time that is none, is an error that names the release."""
    at = "" if line.startswith("at") else "at = 2026-01-01T10:00:00\n"
    with pytest.raises(DataError, match=f"/press/press_1.html.*{message}"):
        list(parse(f"[[release]]\npath = '/press/press_1.html'\ntitle = 'x'\n{at}{line}\n"))


def test_records_are_frozen_and_slotted() -> None:
    """A record cannot be changed in place."""
    record = packaged()[0]

    assert not hasattr(record, "__dict__")
    assert "expect" in {field.name for field in fields(Record)}
    with pytest.raises(AttributeError):
        record.title = "x"  # type: ignore[misc]
