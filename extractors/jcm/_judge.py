"""The small engine: rules from top to bottom, and the phrases that decided."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.jcm._page import Page
from extractors.jcm._rules import KindRule, RoleRule, Rules

_NAMES = {"first": "first sentence"}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule decided, by which rule, and the phrases in their places."""

    value: str
    rule: str
    evidence: tuple[str, ...]


def _evidence(place: str, phrase: str) -> str:
    return f"{_NAMES.get(place, place)}: {' '.join(phrase.split())[:_LONGEST]}"


def _matches(rule: RoleRule, page: Page) -> tuple[tuple[str, re.Match[str]], ...] | None:
    found = []
    for place, pattern in rule.says:
        match = pattern.search(page.place(place))
        if match is None:
            return None
        found.append((place, match))
    if any(pattern.search(page.place(place)) for place, pattern in rule.unless):
        return None
    return tuple(found)


def role(page: Page, rules: Rules) -> Verdict | None:
    """Subject or mention, by the first rule that holds; None where the JCM is not named at all."""
    for rule in rules.roles:
        if found := _matches(rule, page):
            return Verdict(rule.role, rule.id, tuple(_evidence(place, match[0]) for place, match in found))
    return None


def _deciding(page: Page, rules: Rules) -> Iterator[tuple[str, KindRule, re.Match[str]]]:
    for place in ("title", "first", "lead", "body"):
        text = page.place(place)
        for rule in rules.kinds:
            if place not in rule.where or (rule.unless and rule.unless.search(text)):
                continue
            if match := rule.says.search(text):
                yield place, rule, match


def kind(page: Page, rules: Rules) -> Verdict | None:
    """The kind of a subject: the title decides, then the first sentence, then the rest."""
    for place, rule, match in _deciding(page, rules):
        return Verdict(rule.kind, rule.id, (_evidence(place, match[0]),) if match[0] else ())
    return None
