"""A site that quietly changes its markup: the load is refused, nothing is lost, and a person can overrule."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from extractors.errors import Stop
from flows import steps
from flows.settings import Settings
from sources import Log, RunNote
from warehouse import open_archive

FIRST = datetime(2026, 2, 4, 9, 30, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
CONTACT = """<div class="wysiwyg"><h2>連絡先</h2><p>環境省水・大気環境局</p>
<ul><li>代表</li><li>03-0000-0100</li></ul></div>"""
PAGE = """<!DOCTYPE html><html lang="ja"><head><title>調査</title></head><body><main><div class="c-component">
<div class="p-press-release-material"><span class="p-press-release-material__date">2026年02月03日</span>
<h1 class="p-press-release-material__heading">第{number}回水質調査の結果について</h1></div>
<div class="c-component__bg-area"><div class="wysiwyg"><p>1. {number}か所の湖を調べました。</p></div></div>
{contact}</div></main></body></html>"""


def run(settings: Settings, numbers: range, *, contact: str) -> None:
    """One run in the log with pages of these numbers."""
    at, ids = settings.clock(), (f"{settings.clock():%d}-{number}" for number in count())
    note = RunNote(f"run-{at:%d}", "run", "https://www.env.go.jp", at, "moej/test")
    with Log(settings.log).writer(note, clock=settings.clock, new_id=lambda: next(ids)) as writer:
        for number in numbers:
            page = PAGE.format(number=number, contact=contact).encode()
            url = f"https://www.env.go.jp/press/press_{number:05d}.html"
            writer.saved("response", url=url, at=at, body=page, head=HEAD)


@pytest.fixture
def drifted(tmp_path: Path) -> Settings:
    """An archive of yesterday's pages with contacts, and today's run, whose pages have none, in the log."""
    yesterday = Settings(data=tmp_path, now=FIRST, workers=1)
    run(yesterday, range(1, 9), contact=CONTACT)
    steps.load(yesterday)
    today = Settings(data=tmp_path, now=LATER, workers=1)
    run(today, range(11, 19), contact="")
    return today


def test_a_collapse_of_the_shares_stops_before_anything_is_loaded(drifted: Settings) -> None:
    """The load ends with one line that names the field, and the archive is the same file."""
    before = (drifted.data / "archive.duckdb").read_bytes()
    with pytest.raises(Stop, match="contacts on 0% of 8 pages"):
        steps.load(drifted)
    assert (drifted.data / "archive.duckdb").read_bytes() == before


def test_a_person_may_say_that_the_pages_are_right(drifted: Settings) -> None:
    """With the switch set the same pages are loaded: they were in the raw archive all the time."""
    steps.load(drifted.model_copy(update={"accept_drift": True}))
    with open_archive(drifted.archive) as archive:
        assert archive.sql("SELECT count(*) FROM releases").fetchall() == [(16,)]


def test_the_shares_of_a_run_are_kept_with_it(drifted: Settings) -> None:
    """`runs` says for each form of page which share of its pages filled each field."""
    with open_archive(drifted.archive) as archive:
        (kept,) = archive.rows("SELECT fill_shares FROM runs")
    assert kept["fill_shares"]["current"]["contacts"] == 1.0
