"""The names of countries as data, made ready: one pattern for each word that gives a name away."""

import csv
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

KATAKANA = r"[ァ-ヺー]"
LATIN = r"[A-Za-zÀ-ÖØ-öø-ÿ]"
_TRIGGER = re.compile(rf"{KATAKANA}+|{LATIN}+|[一-龠々]+")


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
        kana = [word for word in words if re.fullmatch(f"{KATAKANA}+", word)]
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
    """Names by trigger, contexts by name; `people` are given names too unless beside one of `cities`.

    `pairs` finds 日越 …, whose letters `kanji` explains.

    `tokens` finds every word of a text that could be a trigger.
    """

    tokens: re.Pattern[str]
    names: dict[str, tuple[Name, ...]]
    contexts: dict[str, tuple[Context, ...]]
    people: frozenset[str]
    cities: frozenset[str]
    pairs: re.Pattern[str]
    kanji: dict[str, str]
    iso: dict[str, str]
    _patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def pattern(self, trigger: str) -> re.Pattern[str]:
        """Every name with that trigger, the longest first; made when first asked for, as most never are."""
        if trigger not in self._patterns:
            longest = sorted(self.names[trigger], key=lambda name: -len(name.text))
            self._patterns[trigger] = re.compile("|".join(_bordered(name.text) for name in longest))
        return self._patterns[trigger]


def _read(file: str) -> str:
    return resources.files(__package__).joinpath(file).read_text(encoding="utf-8")


def names() -> Iterable[Name]:
    """Every name of `names.csv`; long forms are there only where the short one is not a part of them."""
    for row in csv.DictReader(_read("names.csv").splitlines()):
        for text in row["ja"].split("|"):
            yield Name(row["iso"], text, japanese=not text.isascii())
        for text in row["en"].split("|"):
            yield Name(row["iso"], text, japanese=False)


def _border(letter: str) -> str | None:
    """What must not stand beside this end of a name; kanji run on without a border (米国ワシントンDC)."""
    return next((kind for kind in (KATAKANA, LATIN) if re.match(kind, letter)), None)


def _bordered(name: str) -> str:
    left, right = _border(name[0]), _border(name[-1])
    return (f"(?<!{left})" if left else "") + re.escape(name) + (f"(?!{right})" if right else "")


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
    for name in names():
        groups[name.trigger].append(name)
    return {trigger: tuple(group) for trigger, group in groups.items()}


def _tokens(triggers: Iterable[str]) -> re.Pattern[str]:
    kanji = sorted((word for word in triggers if re.match("[一-龠]", word)), key=len, reverse=True)
    return re.compile(rf"{KATAKANA}{{2,}}|{'|'.join(kanji)}|[A-ZÀ-Þ]{LATIN}*")


def _pairs(data: dict[str, Any]) -> re.Pattern[str]:
    one = f"[{''.join(data['kanji'])}]"
    return re.compile(
        rf"(?<!{data['not_before']})日・?(?:({one}{{2,3}})(?!語|同時)|({one})(?={data['follows']}))"
    )


@cache
def table() -> Table:
    """The table, built once from the files beside this module."""
    contexts = tomllib.loads(_read("contexts.toml"))
    pairs = tomllib.loads(_read("pairs.toml"))
    by_trigger = _by_trigger()
    return Table(
        tokens=_tokens(by_trigger),
        names=by_trigger,
        contexts=_contexts(contexts),
        people=frozenset(contexts["people"]["names"]),
        cities=frozenset(contexts["people"]["cities"]),
        pairs=_pairs(pairs),
        kanji=pairs["kanji"],
        iso={name.text: name.iso for name in names()},
    )
