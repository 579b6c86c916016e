"""The language of a query: words, "phrases", -minus, A OR B, and field:value.

The macro `search_releases` reads it alike, but for dates: here 2026年6月4日 finds 令和8年6月4日 too, and the
other way round, unless it stands in quotes.

クレジット 発行 "Joint Crediting" -公募 OR … title:モンゴル kind:credits country:MN lang:ja category:地球環境
from:2025-04 to:2025-06-30
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from extractors.errors import Usage
from extractors.jcm import KINDS
from warehouse.search.dates import spellings
from warehouse.search.folding import fold_line

FIELDS = ("title", "kind", "country", "lang", "category", "from", "to")
LANGUAGES = ("ja", "en")

_TYPED = str.maketrans("＂“”：－\u3000", '""":- ')
_TOKEN = re.compile(r'-?(?:[A-Za-z]+:)?"[^"]*"?|[^ \t\n\r\f"]+')
_FIELD = re.compile(f"({'|'.join(FIELDS)}):", re.IGNORECASE)
_CODE = re.compile("[a-z]{2}")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to be found, folded; in the title only, if the query says so.

    `also` are other spellings of it, each as good: the same with its dates by the other calendar.
    """

    text: str
    in_title: bool = False
    also: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write it, the one typed first."""
        return self.text, *self.also

    def __str__(self) -> str:
        """The term as it is typed, in each spelling and quoted, so that nothing more is read into it."""
        return " OR ".join(f'{"title:" if self.in_title else ""}"{one}"' for one in self.spellings)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a column: `value` is folded, for `from` and `to` a whole ISO date."""

    field: str
    value: str
    negative: bool = False

    def __str__(self) -> str:
        """The filter as it is typed."""
        return f'{"-" if self.negative else ""}{self.field}:"{self.value}"'


@dataclass(frozen=True, slots=True)
class Query:
    """What a release must hold: one term of every clause, none of `without`, and every filter."""

    clauses: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms that may be found, in the order of the query."""
        return tuple(term for clause in self.clauses for term in clause)

    @property
    def marked(self) -> list[str]:
        """Every spelling of the terms: what a snippet marks."""
        return [one for term in self.terms for one in term.spellings]

    @property
    def has_spellings(self) -> bool:
        """Whether a term can be written in several ways."""
        return any(term.also for term in (*self.terms, *self.without))

    @property
    def has_choice(self) -> bool:
        """Whether the query names alternatives (OR)."""
        return any(len(clause) > 1 for clause in self.clauses)

    def __bool__(self) -> bool:
        return bool(self.clauses or self.without or self.filters)


def parse(typed: str) -> Query:
    """The query as typed; `Usage` for a date, kind, language or code of a country that is none.

    An empty answer to a slip of the pen would be taken for what the archive holds.
    """
    clauses: list[list[Term]] = []
    without: list[Term] = []
    filters: list[Filter] = []
    joins = False
    for token in tokens(straight(typed)):
        if token == "OR":  # noqa: S105 - a word of the query language
            joins = True
            continue
        negative, field, value = _split(token)
        if value and field not in {"", "title"}:
            filters.append(Filter(field, _checked(field, value), negative))
        elif value and negative:
            without.append(_term(token, field, value))
        elif value and joins and clauses:
            clauses[-1].append(_term(token, field, value))
        elif value:
            clauses.append([_term(token, field, value)])
        joins = False
    return Query(tuple(tuple(clause) for clause in clauses), tuple(without), tuple(filters))


def straight(typed: str) -> str:
    """The query with the signs of the language in their narrow forms, letter for letter."""
    return typed.translate(_TYPED)


def tokens(typed: str) -> list[str]:
    """Words, phrases and fields of a query that is `straight`, each with its sign and quotes."""
    return _TOKEN.findall(typed)


def written_out(typed: str) -> str:
    """The query for `search_releases`, which does not know dates: every spelling is an alternative."""
    query = parse(typed)
    if not query.has_spellings:
        return typed
    clauses = [" OR ".join(map(str, clause)) for clause in query.clauses]
    without = [f"-{Term(one, term.in_title)}" for term in query.without for one in term.spellings]
    return " ".join([*clauses, *without, *map(str, query.filters)])


def _term(token: str, field: str, value: str) -> Term:
    """A term; in quotes only what stands there is meant."""
    also = () if '"' in token else spellings(value)[1:]
    return Term(value, field == "title", also)


def _split(token: str) -> tuple[bool, str, str]:
    """Sign, field (empty for plain words) and folded value of a token."""
    negative = token.startswith("-") and len(token) > 1
    rest = token[1:] if negative else token
    named = _FIELD.match(rest)
    value = rest[named.end() :] if named else rest
    return negative, named[1].lower() if named else "", fold_line(value.replace('"', ""))


def _checked(field: str, value: str) -> str:
    """The value as it is compared; `Usage` where no release of any archive can have it."""
    match field:
        case "from" | "to":
            return _whole_day(field, value)
        case "kind" if value not in KINDS:
            raise Usage(f"kind:{value} is no kind of JCM announcement; there are {', '.join(KINDS)}")
        case "lang" if value not in LANGUAGES:
            raise Usage(f"lang:{value} is no language of releases; write lang:ja or lang:en")
        case "country" if not _CODE.fullmatch(value):
            raise Usage(
                f"country:{value} is no code of two letters (ISO 3166); write country:MN for Mongolia"
            )
        case _:
            return value


def _whole_day(field: str, value: str) -> str:
    """`from:2025` begins on 2025-01-01, `to:2025-02` ends on 2025-02-28."""
    match = _DAY.fullmatch(value)
    try:
        if match is None:
            raise ValueError  # noqa: TRY301 - both ways of being no date end in the same words
        year, month, day = (int(part) if part else None for part in match.groups())
        last = field == "to"
        month = month or (12 if last else 1)
        day = day or (monthrange(year or 0, month)[1] if last else 1)
        return date(year or 0, month, day).isoformat()
    except ValueError:
        raise Usage(
            f"{field}:{value} is no date; write {field}:2025, {field}:2025-04 or {field}:2025-04-01"
        ) from None
