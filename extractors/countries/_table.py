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
class Table:
    """`patterns` by trigger, `iso` by name, `people` = names that are given names as well, `pairs` = 日越 ….

    `tokens` finds every word of a text that could be a trigger.
    """

    tokens: re.Pattern[str]
    patterns: dict[str, re.Pattern[str]]
    iso: dict[str, str]
    people: frozenset[str]
    pairs: re.Pattern[str]
    kanji: dict[str, str]


def _read(file: str) -> str:
    return resources.files(__package__).joinpath(file).read_text(encoding="utf-8")


def names() -> Iterable[Name]:
    """Every name of `names.csv`; long forms are there only where the short one is not a part of them."""
    for row in csv.DictReader(_read("names.csv").splitlines()):
        for text in row["ja"].split("|"):
            yield Name(row["iso"], text, japanese=not text.isascii())
        for text in row["en"].split("|"):
            yield Name(row["iso"], text, japanese=False)


def _contexts(contexts: dict[str, Any], name: Name) -> tuple[list[str], list[str]]:
    rules = [rule for rule in contexts["name"] if name.text in rule["names"]]
    if name.japanese:
        rules += contexts["japanese"]
    return (
        [rule["before"] for rule in rules if "before" in rule],
        [rule["after"] for rule in rules if "after" in rule],
    )


def _edge(letter: str) -> str | None:
    """What must not stand beside this end of a name; kanji run on without a border (米国ワシントンDC)."""
    return next((kind for kind in (KATAKANA, LATIN) if re.match(kind, letter)), None)


def _pattern(name: Name, contexts: dict[str, Any]) -> str:
    before, after = _contexts(contexts, name)
    left, right = (_edge(letter) for letter in (name.text[0], name.text[-1]))
    refused = "".join(f"(?!{pattern})" for pattern in before)
    ends = (f"(?!{right})" if right else "") + "".join(f"(?!{pattern})" for pattern in after)
    starts = f"(?<!{left})" if left else ""
    return f"{starts}{refused}{re.escape(name.text)}{ends}"


def _by_trigger(contexts: dict[str, Any]) -> dict[str, re.Pattern[str]]:
    groups: dict[str, list[Name]] = defaultdict(list)
    for name in names():
        groups[name.trigger].append(name)
    return {
        trigger: re.compile(
            "|".join(_pattern(name, contexts) for name in sorted(group, key=lambda one: -len(one.text)))
        )
        for trigger, group in groups.items()
    }


def _tokens(triggers: Iterable[str]) -> re.Pattern[str]:
    kanji = sorted((word for word in triggers if re.match("[一-龠]", word)), key=len, reverse=True)
    return re.compile(rf"{KATAKANA}{{2,}}|{'|'.join(kanji)}|[A-ZÀ-Þ]{LATIN}*")


@cache
def table() -> Table:
    """The table, built once from the files beside this module."""
    contexts = tomllib.loads(_read("contexts.toml"))
    pairs = tomllib.loads(_read("pairs.toml"))
    patterns = _by_trigger(contexts)
    letters = "".join(pairs["kanji"])
    return Table(
        tokens=_tokens(patterns),
        patterns=patterns,
        iso={name.text: name.iso for name in names()},
        people=frozenset(contexts["people"]["names"]),
        pairs=re.compile(
            rf"(?<!{pairs['not_before']})日・?(?:([{letters}]{{2,3}})(?!語|同時)|([{letters}])(?={pairs['follows']}))"
        ),
        kanji=pairs["kanji"],
    )
