"""A release as the rules see it: folded, and cut into the places they speak of."""

import re
from dataclasses import dataclass

from extractors.countries import fold
from extractors.release import Fact

_NUMBER = re.compile(r"^\s*(?:[0-9]+\s*[.．、]|\([0-9]+\)|\[[0-9]+\]|[・○●■◆※*-])\s*")
_NOTE = re.compile(r"^\s*(?:<.*>|〈.*〉|《.*》|【.*】|\(.*同時発表\))\s*$")
# A dot ends a sentence only before a blank and a capital, so that "No. 5" and "1.5" stay whole.
_END = re.compile(r"。|\n|(?<=[a-z0-9)\]\"'])\.(?=\s+[A-Z(\"]|\s*$)")
_OPENING = 700
# Far beyond any release; beyond them a page of many megabytes would cost seconds and decide nothing.
_MOST = {"title": 2_000, "first": 2_000, "lead": 20_000, "body": 100_000}


@dataclass(frozen=True, slots=True)
class Page:
    """`title`, `first`, `lead` and `body` are the places of the rules; `facts` are folded too."""

    title: str
    first: str
    lead: str
    body: str
    facts: tuple[Fact, ...]
    lang: str

    def place(self, name: str) -> str:
        """The text of a place by the name the rules give it."""
        return {"title": self.title, "first": self.first, "lead": self.lead, "body": self.body}[name]


def sentences(text: str) -> list[str]:
    """Sentences and lines of a folded text, without their numbers and bullets; notes in brackets left out."""
    parts = (_NUMBER.sub("", part).strip() for part in _END.split(text))
    return [part for part in parts if part and not _NOTE.match(part)]


def page(title: str, lead: str | None, body: str, facts: tuple[Fact, ...], lang: str) -> Page:
    """The page folded and cut. Without a lead the opening of the body stands for it."""
    whole = fold(body[: _MOST["body"]])
    opening = fold(lead[: _MOST["lead"]]) if lead and lead.strip() else whole[:_OPENING]
    said = sentences(opening)
    return Page(
        title=fold(title[: _MOST["title"]]),
        first=said[0][: _MOST["first"]] if said else "",
        lead=opening,
        body=whole,
        facts=tuple(Fact(fold(fact.label), fold(fact.value)) for fact in facts),
        lang=lang,
    )
