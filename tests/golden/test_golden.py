"""Every golden page reads as its record says; a page without a record gets one and fails until reviewed."""

import json
import re
import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors import read
from extractors.decoding import decode

_HERE = Path(__file__).parent
_PAGES = sorted((_HERE / "pages").iterdir())
_FETCHED_AT = datetime(2027, 6, 1, tzinfo=UTC)


def _url(page: Path) -> str:
    folder = "en/press" if "english" in page.name else "press"
    return f"https://www.env.go.jp/{folder}/press_00001.html"


def _record(page: Path) -> str:
    media_type = "text/plain" if page.suffix == ".txt" else "text/html"
    found = read(page.read_bytes(), url=_url(page), fetched_at=_FETCHED_AT, media_type=media_type)
    record = {"is": type(found).__name__} | asdict(found)
    return json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_page_reads_as_its_record_says(page: Path) -> None:
    """The whole record of a golden page is the one that was reviewed."""
    expected = _HERE / "records" / f"{page.name}.json"
    got = _record(page)
    if not expected.exists():
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(got, encoding="utf-8")
        pytest.fail(f"{expected.name} did not exist and was written: review it, then commit it")
    assert json.loads(got) == json.loads(expected.read_text(encoding="utf-8"))


def test_every_form_has_a_golden_page() -> None:
    """No form that the site is known to use is without a golden page."""
    forms = tomllib.loads((_HERE / "forms.toml").read_text(encoding="utf-8"))
    texts = [decode(page.read_bytes()) for page in _PAGES]
    missing = [
        name
        for name, pattern in forms["forms"].items()
        if not any(re.search(pattern, text) for text in texts)
    ]
    names = {page.name for page in _PAGES}
    missing += [form for form, name in forms["pages"].items() if name not in names]
    assert missing == []


def test_there_are_sixty_golden_pages() -> None:
    """At least sixty pages stand in the collection, and no record without its page."""
    records = {path.name.removesuffix(".json") for path in (_HERE / "records").iterdir()}
    assert len(_PAGES) >= 60
    assert records <= {page.name for page in _PAGES}
