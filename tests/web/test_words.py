import re
from pathlib import Path

import httpx
import pytest

from extractors.jcm import KINDS, PARTNERS
from warehouse.differences import TEXTS, VALUES
from warehouse.differences.entries import ENTRIES
from web.charts import coordinates
from web.pages import health
from web.words import LANGUAGES, catalogue, choose, country, say

ROOT = Path(__file__).resolve().parents[2] / "web"


def put_together() -> set[str]:
    """Names of strings that the code puts together from parts."""
    columns = {
        *health.CAPTURE_COLUMNS,
        *health.RUN_COLUMNS,
        *health.QUARANTINE_COLUMNS,
        *health.ALERT_COLUMNS,
        *health.LEDGER_COLUMNS,
    }
    unnamed = {"alert_id", "capture_id", "release_id", "listed_on", "version"}
    return (
        {f"kind_{one}" for one in KINDS}
        | {f"field_{one}" for one in (*TEXTS, *VALUES, *ENTRIES)}
        | {f"col_{one}" for one in columns - unnamed}
    )


def test_every_string_stands_in_both_languages() -> None:
    """No string lacks a language, and both take the same values."""
    for name, texts in catalogue().items():
        assert set(texts) == set(LANGUAGES), name
        ja, en = (set(re.findall(r"{(\w+)}", texts[lang])) for lang in LANGUAGES)
        assert ja == en, name


def test_pages_ask_only_for_strings_there_are() -> None:
    """Every name in a template is in the catalogue."""
    asked = {
        name
        for one in (ROOT / "templates").glob("*.html")
        for name in re.findall(r"\bt\('(\w+)'[,)]", one.read_text(encoding="utf-8"))
    }
    assert len(asked) > 60
    assert (asked | put_together()) - set(catalogue()) == set()


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "lang"),
    [
        ("en", "ja", "ja", "en"),
        (None, "en", "ja", "en"),
        (None, None, "en-GB,en;q=0.9,ja;q=0.8", "en"),
        (None, None, "fr, ja;q=0.5, en;q=0.4", "ja"),
        (None, None, "", "ja"),
        ("xx", "yy", "en;q=0, de", "ja"),
        (None, None, "en;q=abc", "ja"),
    ],
)
def test_the_language_is_what_was_asked_for_last(
    asked: str | None, kept: str | None, accepted: str, lang: str
) -> None:
    """The address beats the cookie, the cookie the browser, the browser the setting."""
    assert choose(asked, kept, accepted, "ja") == lang


def test_a_chosen_language_stays(address: str) -> None:
    """After one request with `ui` the pages that follow are in that language."""
    with httpx.Client(base_url=address, headers={"accept-language": "ja"}) as visitor:
        assert '<html lang="ja">' in visitor.get("/").text
        assert '<html lang="en">' in visitor.get("/jcm?ui=en").text
        assert "Newest releases" in visitor.get("/").text


def test_countries_have_the_names_the_ministry_uses() -> None:
    """Partner countries in the Ministry's short form, others as CLDR has them, unknown codes as they are."""
    assert (country("ja", "MM"), country("en", "MM"), country("ja", "FR")) == (
        "ミャンマー",
        "Myanmar",
        "フランス",
    )
    assert country("en", "X1") == "X1"
    assert say("en", "more", count=3) == "Next 3"


def test_every_partner_has_a_place_on_the_map() -> None:
    """A country that joins needs coordinates, or the map would silently leave it out."""
    assert {one.iso for one in PARTNERS} == set(coordinates())
