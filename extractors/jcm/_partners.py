"""The partner countries in order of signing, from `partners.csv`."""

import csv
from dataclasses import dataclass
from datetime import date
from importlib import resources


@dataclass(frozen=True, slots=True)
class Partner:
    """A country that signed: `name` as the Ministry writes it, `short` names, and the day of signing."""

    iso: str
    name: str
    short: tuple[str, ...]
    english: str
    signed: date


def _read() -> tuple[Partner, ...]:
    text = resources.files(__package__).joinpath("partners.csv").read_text(encoding="utf-8")
    return tuple(
        Partner(
            iso=row["iso"],
            name=row["name"],
            short=tuple(row["short"].split("|")),
            english=row["english"],
            signed=date.fromisoformat(row["signed"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


PARTNERS: tuple[Partner, ...] = _read()
"""Every partner country with its day of signing; the list grows, so it is data."""

PARTNER_CODES: frozenset[str] = frozenset(partner.iso for partner in PARTNERS)
"""Their ISO 3166 alpha-2 codes."""
