"""The rules as data: `rules.toml` read, checked and made ready."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from extractors.errors import Usage

PLACES = ("title", "first", "lead", "body")
_FRAGMENT = re.compile("«([a-z]+)»")
_ROLE_KEYS = {"id", "why", "role", *PLACES, *(f"unless_{place}" for place in PLACES)}
_KIND_KEYS = {"id", "why", "kind", "says", "unless", "where"}


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Decides `role` where every pattern of `says` matches in its place and none of `unless` does."""

    id: str
    why: str
    role: str
    says: tuple[tuple[str, re.Pattern[str]], ...]
    unless: tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class KindRule:
    """Decides `kind` where `says` matches, and `unless` does not, in one of the places of `where`."""

    id: str
    why: str
    kind: str
    says: re.Pattern[str]
    unless: re.Pattern[str] | None
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules in the order in which they are tried, and the pattern of every name of the JCM."""

    jcm: re.Pattern[str]
    roles: tuple[RoleRule, ...]
    kinds: tuple[KindRule, ...]


def _checked(rule: Mapping[str, Any], allowed: set[str]) -> Mapping[str, Any]:
    unknown = set(rule) - allowed
    if unknown or not rule.get("why"):
        raise Usage(
            f"rule {rule.get('id')}: found keys {sorted(unknown)}, expected a why and {sorted(allowed)}"
        )
    return rule


def parse(text: str) -> Rules:
    """Rules from the text of a rule file; refuses a key nobody reads and a rule without reason (`Usage`)."""
    data = tomllib.loads(text)
    fragments: dict[str, str] = data["fragments"]

    def fragment(match: re.Match[str]) -> str:
        if match[1] not in fragments:
            raise Usage(f"rules: found the fragment {match[0]}, expected one of {sorted(fragments)}")
        return whole(fragments[match[1]])

    def whole(source: str) -> str:
        return _FRAGMENT.sub(fragment, source)

    def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
        return re.compile(whole(source), flags)

    def places(rule: Mapping[str, Any], prefix: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((place, pattern(rule[prefix + place])) for place in PLACES if prefix + place in rule)

    return Rules(
        jcm=pattern("«jcm»"),
        roles=tuple(
            RoleRule(rule["id"], rule["why"], rule["role"], places(rule, ""), places(rule, "unless_"))
            for rule in (_checked(rule, _ROLE_KEYS) for rule in data["role"])
        ),
        kinds=tuple(
            KindRule(
                id=rule["id"],
                why=rule["why"],
                kind=rule["kind"],
                says=pattern(rule["says"], re.IGNORECASE),
                unless=pattern(rule["unless"], re.IGNORECASE) if "unless" in rule else None,
                where=tuple(rule["where"]),
            )
            for rule in (_checked(rule, _KIND_KEYS) for rule in data["kind"])
        ),
    )


@cache
def rules() -> Rules:
    """The rules of this package."""
    return parse(resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
