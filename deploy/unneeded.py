"""Prints the installed packages that nothing of moej but its development needs, one a line."""  # noqa: INP001 - a script of the image builder

import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

INSTALLERS = ("pip", "editables")
"""The image installs moej in place, for which hatchling takes editables without declaring it."""


def followed(wanted: Iterable[str], found: set[tuple[str, frozenset[str]]]) -> None:
    """Add to `found` what these requirements lead to on this machine."""
    for requirement in map(Requirement, wanted):
        key = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if key in found:
            continue
        found.add(key)
        followed(
            (line for line in distribution(key[0]).requires or () if applies(Requirement(line), key[1])),
            found,
        )


def applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Whether a package with these extras asks for it here."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras})


def unneeded(pyproject: Path) -> list[str]:
    """Names of installed packages that nothing of this project but its development asks for."""
    parsed = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    extras = parsed["project"]["optional-dependencies"]
    wanted = [*parsed["project"]["dependencies"], *parsed["build-system"]["requires"], *INSTALLERS]
    wanted += [line for name, lines in extras.items() if name != "dev" for line in lines]
    found: set[tuple[str, frozenset[str]]] = set()
    followed(wanted, found)
    needed = {name for name, _ in found} | {canonicalize_name(parsed["project"]["name"])}
    return sorted({canonicalize_name(one.metadata["Name"]) for one in distributions()} - needed)


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\n" for name in unneeded(Path(sys.argv[1])))
