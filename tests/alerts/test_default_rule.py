"""The default rule over the labelled releases: how often it speaks rightly, how often it is rightly silent.

Each release is read from its text, loaded, and judged by the condition in SQL, in the draft and with the
decisions of a real load: what is counted are rows of the outbox that will be sent.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest

from alerts import load_rules
from tests.alerts.newsroom import Newsroom, Page, page
from tests.extractors.jcm.test_labelled import DEVELOPMENT, HELD_OUT, Case, cases
from warehouse.migrate import migrate


@dataclass(frozen=True, slots=True)
class Told:
    """Which releases the default rule announced, of those that were loaded."""

    announced: frozenset[str]
    loaded: frozenset[str]


def as_loaded(case: Case) -> Page:
    """The release as the extractor reads it; of its label nothing is handed on."""
    found = case.judged()
    return Page(
        case.id,
        title=case.title,
        lang=case.lang,
        published_on=case.on,
        lead=case.lead,
        body=case.body,
        jcm_role=found.role,
        jcm_kind=found.kind,
        jcm_countries=found.countries,
        jcm_evidence=found.evidence,
        jcm_tonnes=found.tonnes,
        jcm_projects=found.projects,
        jcm_partner_count=found.partner_count,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One day on which all labelled releases are new, after a first run."""
    everything = cases(DEVELOPMENT + HELD_OUT)
    with duckdb.connect() as db:
        migrate(db)
        room = Newsroom(tmp_path_factory.mktemp("labelled"), load_rules([], {}, {}), db=db)
        room.daily(page(1))
        found = room.daily(*map(as_loaded, everything))
        yield Told(
            frozenset(one.release_id for one in found.raised),
            frozenset(row[0] for row in db.execute("SELECT release_id FROM release_versions").fetchall()),
        )


@pytest.mark.parametrize("files", [DEVELOPMENT, HELD_OUT], ids=["development", "held-out"])
def test_the_default_rule_is_precise_and_complete(told: Told, files: tuple[str, ...]) -> None:
    """Of its messages at least 98 % are about a JCM announcement, and of those it tells at least 98 %."""
    pairs = Counter((case.expected["role"] == "subject", case.id in told.announced) for case in cases(files))
    right, noise, missed = pairs[True, True], pairs[False, True], pairs[True, False]
    wrong = [
        f"{case.id}: {'told' if case.id in told.announced else 'silent'}, label {case.expected['role']}"
        for case in cases(files)
        if (case.expected["role"] == "subject") != (case.id in told.announced)
    ]
    print(f"precision {right / (right + noise):.3f}, recall {right / (right + missed):.3f}", *wrong)  # noqa: T201 - with -rP the figure for the note
    assert right / (right + noise) >= 0.98, wrong
    assert right / (right + missed) >= 0.98, wrong


def test_every_labelled_release_was_put_to_the_rule(told: Told) -> None:
    """Silence counts only for a release that the archive holds, and nothing unlabelled was told of."""
    labelled = {case.id for case in cases(DEVELOPMENT + HELD_OUT)}
    assert told.loaded == labelled | {page(1).release_id}
    assert told.announced <= labelled
