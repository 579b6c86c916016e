"""連絡先 of the corpus: what is true of it, and the lines in which each form prints it."""

from dataclasses import dataclass
from random import Random

from tests.accuracy.words import AGENCY, BUREAUS, FAMILIES, GIVENS, ROLES

FORMS = ("pairs", "lines", "colons", "glued", "table", "definitions", "oneline")
_EXTENSIONS = ("(内線{})", "(内{})", "({})", "（内線{}）", "（内線 {}）")
_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


@dataclass(frozen=True, slots=True)
class Person:
    """Role as it should be read, name, extension."""

    role: str
    name: str
    extension: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """One block of contacts: its truth, and its printed rows (label, separator, value) in a form."""

    organisation: str
    phones: tuple[tuple[str, str], ...]
    people: tuple[Person, ...]
    emails: tuple[str, ...]
    form: str
    rows: tuple[tuple[str, str], ...]
    separator: str


def block(randomness: Random, *, agency: bool) -> Block:
    """A block in a random form."""
    form = randomness.choice(FORMS)
    both = (("代表", "03-0000-0100"), ("直通", f"03-0000-{randomness.randint(1000, 9999)}"))
    phones = both[: randomness.choice((1, 2, 2))]
    people = tuple(_person(role, randomness) for role in _roles(randomness))
    emails = (f"mail{randomness.randint(10, 99)}@example.go.jp",) if randomness.random() < 0.25 else ()
    return Block(
        AGENCY if agency else randomness.choice(BUREAUS),
        phones,
        people,
        emails,
        form,
        _rows(form, phones, people, emails, randomness),
        {"lines": "　", "oneline": "：", "colons": randomness.choice(("：", ":")), "glued": ""}.get(
            form, " "
        ),
    )


def _roles(randomness: Random) -> list[str]:
    chosen = sorted(randomness.sample(range(len(ROLES)), randomness.randint(1, 4)))
    return [ROLES[index] for index in chosen]


def _person(role: str, randomness: Random) -> Person:
    blank = randomness.choice((" ", "　", " "))
    name = f"{randomness.choice(FAMILIES)}{blank}{randomness.choice(GIVENS)}"
    return Person(role, name, str(randomness.randint(6000, 6999)) if randomness.random() < 0.5 else None)


def _rows(
    form: str,
    phones: tuple[tuple[str, str], ...],
    people: tuple[Person, ...],
    emails: tuple[str, ...],
    randomness: Random,
) -> tuple[tuple[str, str], ...]:
    spaced = form in {"lines", "colons"} and randomness.random() < 0.5
    wide = randomness.random() < 0.1
    extension = randomness.choice(_EXTENSIONS)
    rows = [
        (_spaced(label) if spaced else label, number.translate(_WIDE) if wide else number)
        for label, number in phones
    ]
    for person in people:
        role = _spaced(person.role) if spaced else person.role
        rows.append((role, person.name + (extension.format(person.extension) if person.extension else "")))
    rows += [("E-mail", address) for address in emails]
    return tuple(rows)


def _spaced(word: str) -> str:
    return f"{word[0]}　　{word[1]}" if len(word) == 2 else word
