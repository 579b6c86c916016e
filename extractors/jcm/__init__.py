"""Is a release about the Joint Crediting Mechanism, what does it announce, and how much of it.

    judge(title=…, lead=…, body=…, …)   → Jcm: role, kind, the phrases that decided, countries, counts
    KINDS                               what a subject may announce, each a `kind`
    PARTNERS                            the partner countries with their days of signing

What decides stands as data in `rules.toml`, each rule with its reason.
"""

import re
from dataclasses import dataclass
from typing import Final

from extractors.countries import fold
from extractors.jcm import _amounts, _judge, _parties
from extractors.jcm._page import page
from extractors.jcm._partners import PARTNER_CODES, PARTNERS, Partner
from extractors.jcm._rules import rules
from extractors.release import Fact

__all__ = ["KINDS", "PARTNERS", "PARTNER_CODES", "Jcm", "Partner", "judge"]

KINDS: Final = (
    "partnership",
    "joint_committee",
    "credits",
    "selection",
    "call",
    "study",
    "meeting",
    "event",
    "governance",
    "consultation",
    "guidance",
    "fund",
)
"""All that a rule gives as `kind`, in the order in which they are shown and counted."""

# Looked for before anything is folded, so that the many pages without a word of it cost next to nothing.
_WORDS = ("JCM", "BOCM", "国間クレ", "国間オフセット", "国際協力排出", "rediting", "ffset Credit")
_OTHER_WIDTH = re.compile("[Ａ-Ｚａ-ｚｦ-ﾟ]")


@dataclass(frozen=True, slots=True)
class Jcm:
    """The judgement of one release.

    `role` is `subject`, `mention` or `none`; everything but `evidence` is given for subjects only: `kind`,
    `countries` (ISO 3166 alpha-2, sorted), `partner_count`, `projects` and `tonnes` (tCO2 issued now).
    `evidence` holds the phrases that decided, in NFKC, each with where it stood: `title: 二国間クレジット`.
    """

    role: str
    kind: str | None = None
    evidence: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    partner_count: int | None = None
    projects: int | None = None
    tonnes: float | None = None


_NONE = Jcm(role="none")
_COUNTING_PROJECTS = frozenset({"selection", "study", "credits"})
_COUNTING_TONNES = frozenset({"credits", "joint_committee"})


def _perhaps(text: str) -> bool:
    settled = fold(text) if _OTHER_WIDTH.search(text) else text
    return any(word in settled for word in _WORDS)


def judge(*, title: str, lead: str | None, body: str, facts: tuple[Fact, ...], lang: str) -> Jcm:
    """What a release is to the JCM; `body` is the whole text, the lead included.

    The same words give the same judgement on any day.
    """
    if not any(_perhaps(text) for text in (title, body, lead or "")):
        return _NONE
    seen = page(title, lead, body, facts, lang)
    verdict = _judge.role(seen, rules())
    if verdict is None:
        return _NONE
    if verdict.value != "subject":
        return Jcm(role=verdict.value, evidence=verdict.evidence)
    announced = _judge.kind(seen, rules())
    kind = announced.value if announced else None
    return Jcm(
        role="subject",
        kind=kind,
        evidence=tuple(dict.fromkeys(verdict.evidence + (announced.evidence if announced else ()))),
        countries=_parties.partner_countries(seen, kind),
        partner_count=_amounts.partner_count(seen),
        projects=_amounts.projects(seen) if kind in _COUNTING_PROJECTS else None,
        tonnes=_amounts.tonnes(seen) if kind in _COUNTING_TONNES else None,
    )
