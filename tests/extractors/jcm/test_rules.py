"""The rule file itself: readable, reasoned, and refused where it is not."""

import pytest

from extractors.errors import Usage
from extractors.jcm import KINDS
from extractors.jcm._rules import PLACES, parse, rules

ONE_RULE = """
[fragments]
jcm = 'JCM'
[[role]]
id = "named"
why = "it says so"
role = "subject"
title = '«jcm»'
[[kind]]
id = "event"
why = "a seminar"
kind = "event"
says = 'seminar'
where = ["title"]
"""


def test_the_rules_give_the_known_kinds() -> None:
    """A kind that only the rules know could not be asked for, one that only the list knows never be found."""
    assert {rule.kind for rule in rules().kinds} == set(KINDS)


def test_every_rule_says_why_it_exists() -> None:
    """Each rule carries a reason of its own, long enough to be one."""
    reasons = [rule.why for rule in rules().roles] + [rule.why for rule in rules().kinds]
    assert min(len(reason) for reason in reasons) >= len("the same")


def test_rules_are_named_once() -> None:
    """An id names one rule, so that evidence and misses point at one place."""
    ids = [rule.id for rule in rules().roles] + [rule.id for rule in rules().kinds]
    assert len(set(ids)) == len(ids)


def test_rules_speak_only_of_known_places() -> None:
    """A rule looks at the title, the first sentence, the lead or the body, and at one of them at least."""
    for rule in rules().roles:
        assert {place for place, _ in rule.says} <= set(PLACES)
        assert rule.says
    for kind in rules().kinds:
        assert set(kind.where) <= set(PLACES)
        assert kind.where


def test_fragments_are_put_in() -> None:
    """A name in «» stands for its fragment."""
    assert parse(ONE_RULE).roles[0].says[0][1].search("the JCM")


@pytest.mark.parametrize(
    ("old", "new"),
    [('why = "it says so"\n', ""), ("title =", "headline ="), ("says =", "says_not ="), ("«jcm»", "«cdm»")],
    ids=["no reason", "unknown place", "unknown key", "unknown fragment"],
)
def test_a_broken_rule_file_is_refused(old: str, new: str) -> None:
    """A rule without reason, or with a word nobody reads, stops the program instead of being skipped."""
    with pytest.raises(Usage):
        parse(ONE_RULE.replace(old, new))
