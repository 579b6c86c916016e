"""Every disease of the site through the whole job: reported, harmless, healed by the next good run.

One archive for all: each page has a disease of its own in one run. What the client and the log make of each
is tested in `sources`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import stamina

from flows import collecting, jobs, steps
from flows.jobs import Steps
from flows.recheck import recheck
from flows.report import RunReport
from flows.settings import Settings
from pressroom.templates.frame import Look
from pressroom.templates.listing import Item, ListPage, page
from sources import Finding, Log
from sources.manners import Manners
from tests.sources import faults
from tests.sources.faults import Disease, FaultServer, Healthy, Says
from warehouse import digest, open_archive

FIRST = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
SITE = "https://www.env.go.jp"
VERSIONS = "SELECT * FROM release_versions ORDER BY release_id, version"
CHANGES = "SELECT url, change FROM release_versions ORDER BY url, version"
OUTCOMES = "SELECT page, outcome, reason FROM ledger WHERE run_id = ?"

# For each disease how it comes about, and what the run says of the page: outcome and reason.
DISEASES: dict[str, tuple[Callable[[FaultServer], Disease], str, str]] = {
    "drop": (lambda _: faults.Drop(), "failed", "disconnect"),
    "reset": (lambda _: faults.Reset(), "failed", "disconnect"),
    "truncate": (lambda _: faults.Truncate(), "quarantined", "truncated"),
    "broken chunk": (lambda _: faults.BrokenChunk(), "quarantined", "truncated"),
    "slow drip": (lambda server: faults.SlowDrip(server.stopped), "quarantined", "truncated"),
    "wrong length": (lambda _: faults.WrongLength(), "quarantined", "truncated"),
    "bad gzip": (lambda _: faults.BadGzip(), "quarantined", "truncated"),
    "gzip bomb": (lambda _: faults.GzipBomb(), "quarantined", "truncated"),
    "3 GB announced": (lambda _: faults.Announced(), "quarantined", "truncated"),
    "endless": (lambda _: faults.Endless(), "quarantined", "truncated"),
    "redirect loop": (lambda _: faults.RedirectLoop(), "failed", "loop"),
    "redirect to a private address": (
        lambda _: faults.Redirect("http://10.0.0.1/press/"),
        "not fetched",
        "elsewhere",
    ),
    "redirect to another host": (
        lambda _: faults.Redirect("https://www.example.org/"),
        "not fetched",
        "elsewhere",
    ),
    "soft 404": (lambda _: faults.SOFT_404, "failed", "HTTP 200"),
    "maintenance": (lambda _: faults.MAINTENANCE, "quarantined", "maintenance"),
    "captcha": (lambda _: faults.CAPTCHA, "quarantined", "blocked"),
    "login": (lambda _: faults.LOGIN, "quarantined", "blocked"),
    "empty": (lambda _: faults.EMPTY, "quarantined", "truncated"),
    "500": (lambda _: faults.ERROR, "failed", "HTTP 500"),
    "503 with Retry-After": (
        lambda _: Says(faults.http("503 Service Unavailable", b"busy", retry_after="0")),
        "quarantined",
        "maintenance",
    ),
}
# What may be odd about an answer that is well: the run has nothing to report, and no version comes of it.
ODDITIES: dict[str, Callable[[bytes], Disease]] = {
    "flapping ETag": faults.FlappingEtag,
    "validators switched off": faults.NoValidators,
    "wrong charset": faults.WrongCharset,
}
NAMES = (*DISEASES, *ODDITIES)


def path_of(number: int) -> str:
    """The address of a page; each fourth one stays healthy, or the circuit breaker would end the run."""
    return f"/press/press_{number:05d}.html"


SICK = {name: path_of(number + number // 3) for number, name in enumerate(NAMES)}
PATHS = [path_of(number) for number in range(len(NAMES) * 4 // 3 + 1)]


def body_of(path: str, text: str = "本文") -> bytes:
    """What stands at an address."""
    return faults.page(f"{path}の発表", text)


def index() -> bytes:
    """The index page that names all of them."""
    items = [Item(FIRST.date(), path, f"{path}の発表") for path in PATHS]
    return page(ListPage("/press/", "報道発表一覧", items, frozenset({"202606"})), Look(0))


@dataclass(frozen=True, slots=True)
class Story:
    """What the archive said after a day on which all was well, after a sick day, and after a good one.

    `grown` is its digest as it grew load by load, `rebuilt` as a rebuild makes it.
    `reported` is what the run of the sick day says of each page: its outcome and the reason.
    """

    before: list[tuple[object, ...]]
    after: list[tuple[object, ...]]
    reported: dict[str, tuple[str, str]]
    sick: RunReport
    good: RunReport
    changes: dict[str, list[str]]
    findings: list[Finding]
    grown: str
    rebuilt: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three days of one archive."""
    folder = tmp_path_factory.mktemp("faults") / "data"

    def on(day: int) -> Settings:
        now = FIRST + timedelta(days=day)
        return Settings(data=folder, site=server.url, pause=0, now=now, workers=1)

    def ask(day: int) -> RunReport:
        report = recheck(on(day), days=90).report
        assert report is not None
        return report

    with FaultServer() as server, stamina.set_testing(True, attempts=3):
        lists = Says(faults.http(body=index()))
        server.pages |= {"/press/": lists, "/press/202606.html": lists, "/en/press/": faults.GONE}
        server.pages |= {path: Healthy(body_of(path)) for path in PATHS}
        jobs.daily(on(0), Steps())
        before = asked(on(0), VERSIONS)
        server.pages |= {SICK[name]: make(server) for name, (make, _, _) in DISEASES.items()}
        server.pages |= {SICK[name]: make(body_of(SICK[name])) for name, make in ODDITIES.items()}
        with pytest.MonkeyPatch.context() as patch:
            # A request may take three minutes, and a drip takes as long as it may.
            patch.setattr(collecting, "Manners", partial(Manners, total=1.5))
            sick = ask(1)
        after = asked(on(1), VERSIONS)
        server.pages |= {path: Healthy(body_of(path, "訂正した本文"), etag='"two"') for path in PATHS}
        good = ask(2)
    changes: dict[str, list[str]] = {}
    for url, change in asked(on(2), CHANGES):
        changes.setdefault(str(url), []).append(str(change))
    reported = {
        str(page): (str(outcome), str(reason))
        for page, outcome, reason in asked(on(2), OUTCOMES, sick.run_id)
    }
    grown = told(on(2))
    steps.rebuild(on(2))
    findings = list(Log(on(2).log).verify())
    return Story(before, after, reported, sick, good, changes, findings, grown, told(on(2)))


def told(settings: Settings) -> str:
    """The digest of the archive."""
    with open_archive(settings.archive) as archive:
        return digest(archive.db)


def asked(settings: Settings, query: str, *parameters: object) -> list[tuple[object, ...]]:
    """The answer of the archive."""
    with open_archive(settings.archive) as archive:
        return archive.sql(query, parameters).fetchall()


@pytest.mark.parametrize("name", NAMES)
def test_the_run_says_what_became_of_a_sick_page(story: Story, name: str) -> None:
    """Its ledger has one end for the page, with the reason; an oddity is no news at all."""
    outcome = DISEASES[name][1:] if name in DISEASES else ("unchanged", "None")
    assert story.reported[SITE + SICK[name]] == outcome


def test_the_report_names_the_pages_that_did_not_end_well(story: Story) -> None:
    """Every sick page but those that lead elsewhere, which are counted as not fetched; no healthy one."""
    named = {trouble.page for trouble in story.sick.troubles}
    elsewhere = {SITE + SICK[name] for name in DISEASES if DISEASES[name][1] == "not fetched"}
    assert named == {SITE + SICK[name] for name in DISEASES} - elsewhere
    assert story.sick.counts()["not_fetched"] == len(elsewhere)
    assert story.sick.counts()["unchanged"] == len(PATHS) - len(DISEASES)


def test_the_archive_is_unharmed(story: Story) -> None:
    """After the sick day every version is what it was, in every column, and the raw archive is sound."""
    assert story.after == story.before
    assert len(story.before) == len(PATHS)
    assert story.findings == []


@pytest.mark.parametrize("name", NAMES)
def test_the_next_good_run_heals(story: Story, name: str) -> None:
    """A good answer counts again: what was corrected meanwhile is one version more, nothing was withdrawn."""
    assert story.good.is_clean
    assert story.changes[SITE + SICK[name]] == ["created", "changed"]


def test_a_rebuild_makes_the_same_of_it(story: Story) -> None:
    """Sick answers are in the raw archive too: read all at once they come to what they came to day by day."""
    assert story.rebuilt == story.grown
