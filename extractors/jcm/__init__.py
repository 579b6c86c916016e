"""Is a release about the Joint Crediting Mechanism, what does it announce, and how much of it.

    judge(title=…, lead=…, body=…, …)   → Jcm: role, kind, the phrases that decided, countries, counts
    PARTNERS                            the partner countries with their days of signing

What decides stands as data in `rules.toml`, each rule with its reason.
"""

import re
from dataclasses import dataclass
from datetime import date

from extractors.jcm import _amounts, _judge, _parties
from extractors.jcm._page import page
from extractors.jcm._partners import PARTNER_CODES, PARTNERS, Partner
from extractors.jcm._rules import rules
from extractors.release import Fact

__all__ = ["PARTNERS", "PARTNER_CODES", "Jcm", "Partner", "judge"]

# Read before anything is folded, so that the thousands of pages without a word of it cost next to nothing.
_PERHAPS = re.compile(
    "[JＪ][CＣ][MＭ]|[BＢ][OＯ][CＣ][MＭ]|国間|国際協力排出|[CcＣｃ]redit(?:ing)? [Mm]echanism|ｸﾚｼﾞｯﾄ|Ｃｒｅｄｉｔ|\u3099|\u309a"
)


@dataclass(frozen=True, slots=True)
class Jcm:
    """The judgement of one release.

    `role` is `subject`, `mention` or `none`; `kind` (see the field's list) is given for subjects only, as are
    `countries` (ISO 3166 alpha-2, sorted), `partner_count`, `projects` and `tonnes` (tCO2 issued by this release).
    `evidence` holds the phrases that decided, each with where it stood: `title: 二国間クレジット制度`.
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


def judge(
    *, title: str, lead: str | None, body: str, facts: tuple[Fact, ...], lang: str, published_on: date
) -> Jcm:
    """What a release is to the JCM; `body` is the whole text, the lead included.

    The same words give the same judgement on any day: `published_on` is there for rules that a change of the
    scheme may need, and none needs it yet.
    """
    del published_on
    if not any(_PERHAPS.search(text) for text in (title, body, lead or "")):
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
