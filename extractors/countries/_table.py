"""The names of countries as data, made ready: one pattern for each word that gives a name away."""

import csv
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_KATAKANA = "[ァ-ヺー]+"
_TRIGGER = re.compile(f"{_KATAKANA}|[A-Za-zÀ-ÖØ-öø-ÿ]+|[一-龠々]+")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one country: `text` as written after NFKC, `japanese` or Latin."""

    iso: str
    text: str
    japanese: bool

    @property
    def trigger(self) -> str:
        """The word of it that stands in a text as a whole: its longest run of katakana, or its first word."""
        words: list[str] = _TRIGGER.findall(self.text)
        kana = [word for word in words if re.fullmatch(_KATAKANA, word)]
        return max(kana, key=len) if kana else words[0]


@dataclass(frozen=True, slots=True)
class Context:
    """What must not stand before or after a name, else it does not name the country."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None

    def shuts_out(self, text: str, start: int, end: int) -> bool:
        """Whether the letters around `start`..`end` say that it is something else."""
        return bool(
            (self.before and self.before.match(text, start)) or (self.after and self.after.match(text, end))
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Names by trigger (longest first), contexts by name; `people` are given names unless beside `cities`.

    `kanji` are the triggers without a border in a text, `pairs` finds 日越 … and `letters` explains it.
    """

    names: dict[str, tuple[Name, ...]]
    kanji: tuple[str, ...]
    contexts: dict[str, tuple[Context, ...]]
    people: frozenset[str]
    cities: frozenset[str]
    pairs: re.Pattern[str]
    before_pair: re.Pattern[str]
    letters: dict[str, str]
    known: frozenset[str]


def _read(file: str) -> str:
    return resources.files(__package__).joinpath(file).read_text(encoding="utf-8")


def names() -> Iterable[Name]:
    """Every name of `names.csv`; long forms are there only where the short one is not a part of them."""
    for row in csv.DictReader(_read("names.csv").splitlines()):
        for text in row["ja"].split("|"):
            yield Name(row["iso"], text, japanese=not text.isascii())
        for text in row["en"].split("|"):
            yield Name(row["iso"], text, japanese=False)


def _context(rules: list[dict[str, str]]) -> Context:
    sides = {
        side: "|".join(rule[side] for rule in rules if side in rule) or None for side in ("before", "after")
    }
    return Context(*(re.compile(pattern) if pattern else None for pattern in sides.values()))


def _contexts(data: dict[str, Any]) -> dict[str, tuple[Context, ...]]:
    japanese = _context(data["japanese"])
    of_names = {name: _context([rule]) for rule in data["name"] for name in rule["names"]}
    return {
        name.text: ((japanese,) if name.japanese else ())
        + ((of_names[name.text],) if name.text in of_names else ())
        for name in names()
    }


def _by_trigger() -> dict[str, tuple[Name, ...]]:
    groups: dict[str, list[Name]] = defaultdict(list)
    for name in sorted(names(), key=lambda one: -len(one.text)):
        groups[name.trigger].append(name)
    return {trigger: tuple(group) for trigger, group in groups.items()}


def _pairs(data: dict[str, Any]) -> re.Pattern[str]:
    one = f"[{''.join(data['kanji'])}]"
    return re.compile(rf"日・?(?:({one}{{2,3}})(?!語|同時)|({one})(?={data['follows']}))")


@cache
def table() -> Table:
    """The table, built once from the files beside this module."""
    contexts = tomllib.loads(_read("contexts.toml"))
    pairs = tomllib.loads(_read("pairs.toml"))
    by_trigger = _by_trigger()
    return Table(
        names=by_trigger,
        kanji=tuple(word for word in by_trigger if re.match("[一-龠]", word)),
        contexts=_contexts(contexts),
        people=frozenset(contexts["people"]["names"]),
        cities=frozenset(contexts["people"]["cities"]),
        pairs=_pairs(pairs),
        before_pair=re.compile(pairs["not_before"]),
        letters=pairs["kanji"],
        known=frozenset(name.text for name in names()),
    )
