"""One kind of announcement, before its gaps are filled.

`{long}` and `{short}` name a country the scheme is about, `{land}` the same in English, `{other}` one
that is only named. `{n}` a small number, `{p}` projects, `{t}` tonnes, `{h}` Japan's share, `{k}` a
count of partners, `{y}` a fiscal year, `{tech}` a technology.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tale:
    """One kind of announcement; `gathering` says whether it tells of an event with a day and a place."""

    title: str
    lead: tuple[str, ...]
    text: tuple[str, ...]
    role: str = "none"
    kind: str | None = None
    category: str = "地球環境"
    gathering: bool = False
