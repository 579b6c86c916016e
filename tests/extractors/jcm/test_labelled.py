"""The labelled set: what was written for the rules, and a third that was set apart before there were any.

Measured by the field: role (precision and recall of `subject`), kind, partner countries, counts, and the
countries named. Whatever is missed is printed, so that a failing run says which release and what was found.
"""

import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extractors.countries import named_countries
from extractors.jcm import Jcm, judge
from extractors.jcm._judge import kind, role
from extractors.jcm._page import page
from extractors.jcm._rules import rules
from extractors.release import Fact

FOLDER = Path(__file__).parent / "labelled"
DEVELOPMENT = ("subjects", "tempting", "edges")
HELD_OUT = ("held_out_subjects", "held_out_tempting")
KINDS = {
    *("partnership", "joint_committee", "credits", "selection", "call", "study"),
    *("meeting", "event", "governance", "consultation", "guidance", "fund"),
}
SMALLEST_SET = 210
LEAST_OF_A_KIND = 6
FIELDS = ("role", "kind", "jcm", "count", "projects", "tonnes", "countries")


@dataclass(frozen=True, slots=True)
class Case:
    """One fictional release and what a reader of the field's rules would say of it."""

    id: str
    lang: str
    on: date
    title: str
    lead: str
    body: str
    facts: tuple[Fact, ...]
    expected: dict[str, Any]

    def judged(self) -> Jcm:
        """What the product says of it; of its label nothing is handed on."""
        return judge(
            title=self.title,
            lead=self.lead,
            body=self.body,
            facts=self.facts,
            lang=self.lang,
        )


def _case(raw: dict[str, Any]) -> Case:
    lead, rest = raw["lead"].strip(), raw["rest"].strip()
    return Case(
        id=raw["id"],
        lang=raw.get("lang", "ja"),
        on=raw["on"],
        title=raw["title"],
        lead=lead,
        body=f"{lead}\n{rest}",
        facts=tuple(Fact(label, value) for label, value in raw.get("facts", [])),
        expected={
            "role": raw["role"],
            "kind": raw.get("kind"),
            "jcm": tuple(raw.get("jcm", [])),
            "count": raw.get("count"),
            "projects": raw.get("projects"),
            "tonnes": raw.get("tonnes"),
            "countries": tuple(raw.get("countries", [])),
        },
    )


@cache
def cases(files: tuple[str, ...]) -> tuple[Case, ...]:
    """All cases of the named files, in their order."""
    texts = ((FOLDER / f"{file}.toml").read_text(encoding="utf-8") for file in files)
    return tuple(_case(raw) for text in texts for raw in tomllib.loads(text)["release"])


@cache
def judged(case_id: str, files: tuple[str, ...]) -> dict[str, Any]:
    """What the product says of a case, field by field."""
    case = next(one for one in cases(files) if one.id == case_id)
    found = case.judged()
    return {
        "role": found.role,
        "kind": found.kind,
        "jcm": found.countries,
        "count": found.partner_count,
        "projects": found.projects,
        "tonnes": found.tonnes,
        "countries": named_countries(f"{case.title}\n{case.body}", case.lang),
        "evidence": found.evidence,
    }


def misses(files: tuple[str, ...]) -> list[str]:
    """One line for every field of every case that came out differently."""
    return [
        f"{case.id} {field}: found {found[field]!r}, expected {case.expected[field]!r} ({found['evidence']})"
        for case in cases(files)
        for found in [judged(case.id, files)]
        for field in FIELDS
        if found[field] != case.expected[field]
    ]


def subjects(files: tuple[str, ...]) -> tuple[float, float]:
    """Precision and recall of `subject`."""
    pairs = Counter(
        (case.expected["role"] == "subject", judged(case.id, files)["role"] == "subject")
        for case in cases(files)
    )
    right = pairs[True, True]
    return right / (right + pairs[False, True]), right / (right + pairs[True, False])


def share(files: tuple[str, ...], field: str) -> float:
    """The share of cases with this field right; kind only among the subjects."""
    asked = [case for case in cases(files) if field != "kind" or case.expected["role"] == "subject"]
    right = [case for case in asked if judged(case.id, files)[field] == case.expected[field]]
    return len(right) / len(asked)


both_sets = pytest.mark.parametrize("files", [DEVELOPMENT, HELD_OUT], ids=["development", "held-out"])


def test_set_is_large_and_half_of_it_tempts() -> None:
    """There are at least 210 releases, about half of them no subject, and a third is set apart."""
    everything = cases(DEVELOPMENT + HELD_OUT)
    tempting = [case for case in everything if case.expected["role"] != "subject"]
    assert len(everything) >= SMALLEST_SET
    assert 0.45 <= len(tempting) / len(everything) <= 0.55
    assert 0.28 <= len(cases(HELD_OUT)) / len(everything) <= 0.4
    assert len({case.id for case in everything}) == len(everything)


def test_every_kind_is_labelled_often_enough() -> None:
    """Every kind of the field occurs at least six times, and no other word is used as a kind."""
    kinds = Counter(case.expected["kind"] for case in cases(DEVELOPMENT + HELD_OUT))
    del kinds[None]
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= LEAST_OF_A_KIND


@both_sets
def test_subjects_are_found_and_nothing_else(files: tuple[str, ...]) -> None:
    """Precision and recall of `subject` are at least 0.98 each."""
    precision, recall = subjects(files)
    assert precision >= 0.98, misses(files)
    assert recall >= 0.98, misses(files)


@both_sets
@pytest.mark.parametrize(
    ("field", "least"),
    [
        *(("role", 0.98), ("kind", 0.95), ("jcm", 0.95), ("countries", 0.97)),
        *(("count", 0.95), ("projects", 0.95), ("tonnes", 0.97)),
    ],
)
def test_fields_are_right(files: tuple[str, ...], field: str, least: float) -> None:
    """Each field is right on the share of releases that the archive promises."""
    assert share(files, field) >= least, [line for line in misses(files) if f" {field}:" in line]


@both_sets
def test_every_miss_is_printed(files: tuple[str, ...]) -> None:
    """A run with -rP shows every figure and every miss; on what was written for the rules there is none."""
    lines = misses(files)
    figures = {field: f"{share(files, field):.3f}" for field in FIELDS}
    for line in (f"precision, recall {subjects(files)}; right {figures}", *lines):
        print(line)  # noqa: T201 - a miss nobody sees is a miss nobody mends
    assert files != DEVELOPMENT or lines == []


def test_every_rule_decides_some_labelled_release() -> None:
    """No rule stands without a release that needs it: each decides at least one case of the set."""
    deciding = set()
    for case in cases(DEVELOPMENT):
        seen = page(case.title, case.lead, case.body, case.facts, case.lang)
        verdict = role(seen, rules())
        announced = kind(seen, rules()) if verdict and verdict.value == "subject" else None
        deciding |= {("role", verdict.rule)} if verdict else set()
        deciding |= {("kind", announced.rule)} if announced else set()
    known = {("role", rule.id) for rule in rules().roles} | {("kind", rule.id) for rule in rules().kinds}
    assert known - deciding == set()
