"""Every word of the interface in both languages, from `words.toml`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

from babel import Locale

from extractors.jcm import PARTNERS

LANGUAGES: Final = ("ja", "en")


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Name of a string → language → text."""
    return tomllib.loads(resources.files("web").joinpath("words.toml").read_text(encoding="utf-8"))


def say(lang: str, name: str, **values: object) -> str:
    """The text of a string in a language; `KeyError` for a name the catalogue has not."""
    return catalogue()[name][lang].format(**values)


@lru_cache(maxsize=2)
def _territories(lang: str) -> Mapping[str, str]:
    """The names of CLDR, and of partner countries the short ones the Ministry uses."""
    partners = {one.iso: one.english if lang == "en" else one.short[0] or one.name for one in PARTNERS}
    return dict(Locale.parse(lang).territories) | partners


def country(lang: str, code: str) -> str:
    """The name of a country by its ISO 3166 code; the code itself where there is none."""
    return _territories(lang).get(code, code)


def choose(asked: str | None, kept: str | None, accepted: str, otherwise: str) -> str:
    """The language of the interface: asked for, kept from before, preferred by the browser, or set."""
    for one in (asked, kept):
        if one in LANGUAGES:
            return str(one)
    wishes = sorted((_wish(part) for part in accepted.split(",")[:20]), key=lambda wish: -wish[1])
    return next((lang for lang, weight in wishes if lang in LANGUAGES and weight > 0), otherwise)


def _wish(part: str) -> tuple[str, float]:
    tag, _, weight = part.strip().partition(";q=")
    try:
        return tag.partition("-")[0].lower(), float(weight or 1)
    except ValueError:
        return "", 0.0
