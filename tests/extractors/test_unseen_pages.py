"""Measured on pages nobody wrote by hand: every template and form by the dice, against what was invented."""

import re
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from extractors import Release, read
from extractors.text import fold
from tests.extractors.fictional import TEMPLATES, Fictional, Printed, invent

_FETCHED_AT = datetime(2027, 6, 1, tzinfo=UTC)
_PAGES = 40
_STRICT = 0.98
_GOOD = 0.95
_AIMS = {
    "title": _STRICT,
    "day": _STRICT,
    "categories": _STRICT,
    "lead": _STRICT,
    "corrections": _STRICT,
    "joint": _STRICT,
    "files": _STRICT,
    "contacts": _GOOD,
    "facts": _GOOD,
    "event": _GOOD,
    "countries": _GOOD,
    "once": _STRICT,
}


def _plain(text: str | None) -> str:
    return fold(text or "").replace(" ", "")


def _sentences(lead: str | None) -> list[str]:
    return [re.sub(r"^\d+[.)]?", "", _plain(line)) for line in (lead or "").splitlines()]


def _right(found: Release, truth: Fictional) -> dict[str, bool]:
    notes = [(note.corrected_on, note.note) for note in found.corrections]
    paragraphs = [text for _, texts in truth.sections for text in texts]
    wanted = Counter((*paragraphs, *truth.lead))
    event = (found.event_starts_on, found.event_ends_on, found.event_hours, _plain(found.event_place))
    return {
        "title": found.title == truth.title,
        "day": found.published_on == truth.published_on,
        "categories": found.categories == truth.categories,
        "lead": _sentences(found.lead) == [_plain(text) for text in truth.lead],
        "corrections": notes == ([(truth.corrected_on, truth.correction)] if truth.correction else []),
        "joint": found.joint_with == truth.joint_with,
        "files": [(a.title, a.url, a.size_label) for a in found.attachments]
        == [(file.title, file.url, file.size) for file in truth.files],
        "contacts": found.contacts == truth.contacts,
        "facts": [(fact.label, _plain(fact.value)) for fact in found.facts]
        == [(fact.label, _plain(fact.value)) for fact in truth.facts],
        "event": event == (truth.starts_on, truth.ends_on, truth.hours, _plain(truth.place)),
        "countries": found.countries == truth.countries,
        "once": all(found.body.count(text) == wanted[text] for text in paragraphs),
    }


def _print(name: str, seed: int) -> tuple[Fictional, Printed]:
    rng = Random(f"unseen-{name}-{seed}")  # noqa: S311 - a seed makes a page, nothing is secret
    truth = invent(rng, "en" if "english" in name else "ja")
    return truth, TEMPLATES[name](truth, rng)


@pytest.mark.parametrize("name", TEMPLATES)
def test_unseen_pages_are_read_as_invented(name: str) -> None:
    """Each field of each template is right on at least the share of pages that was promised."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for seed in range(_PAGES):
        truth, page = _print(name, seed)
        url = f"https://www.env.go.jp/{'en/' if 'english' in name else ''}press/press_01234.html"
        found = read(page.text.encode(), url=url, fetched_at=_FETCHED_AT, media_type=page.media_type)
        assert isinstance(found, Release), f"seed {seed}: {found}"
        assert found.template == name
        for field, is_right in _right(found, truth).items():
            if field not in page.lacks:
                total[field] += 1
                right[field] += is_right
    missed = {
        field: right[field] / total[field] for field in total if right[field] < _AIMS[field] * total[field]
    }
    assert missed == {}


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
@pytest.mark.parametrize("declared", [None, "utf-8", "shift_jis", "euc-jp", "iso-8859-1"])
def test_encoding_does_not_change_the_record(codec: str, declared: str | None) -> None:
    """A page in Shift_JIS or EUC-JP gives the same title and lead, rightly, wrongly or not declared."""
    truth, page = _print("current", 3)
    payload = page.text.replace('<meta charset="utf-8">', "").replace("～", "〜").encode(codec, "ignore")
    url = "https://www.env.go.jp/press/press_01234.html"
    found = read(payload, url=url, fetched_at=_FETCHED_AT, media_type="text/html", charset=declared)
    assert isinstance(found, Release)
    assert (found.title, found.published_on) == (truth.title, truth.published_on)
    assert found.contacts[0].organisation == truth.contacts[0].organisation
