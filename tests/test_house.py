"""The house keeps its arrows: which room may import which."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"alerts", "cli", "extractors", "flows", "pressroom", "sources", "warehouse", "web"}
MAY_IMPORT = {
    "extractors": set(),
    "pressroom": set(),
    "sources": {"extractors"},
    "warehouse": {"extractors", "sources"},
    "alerts": {"extractors", "sources", "warehouse"},
    "flows": {"extractors", "sources", "warehouse", "alerts"},
    "web": {"extractors", "sources", "warehouse", "alerts"},
    "cli": ROOMS - {"cli"},
}


def imports_of(path: Path) -> set[str]:
    """Top-level names that a module imports, wherever in the module the import stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    """Every import between rooms follows the table of docs/architecture.md."""
    modules = sorted((ROOT / room).rglob("*.py"))
    assert modules, f"{room}/ holds no module"
    wrong = {
        f"{module.relative_to(ROOT)} imports {name}"
        for module in modules
        for name in imports_of(module) & ROOMS - {room} - MAY_IMPORT[room]
    }
    assert wrong == set()


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_no_module_grows_past_four_hundred_lines(room: str) -> None:
    """A module over 400 lines has two purposes."""
    long = {
        f"{module.relative_to(ROOT)}: {lines}"
        for module in (ROOT / room).rglob("*.py")
        if (lines := len(module.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == set()


def test_prefect_stays_in_flows() -> None:
    """Only flows/ names Prefect: everything else must run, and be tested, without it."""
    users = {
        module.relative_to(ROOT).parts[0]
        for room in ROOMS
        for module in (ROOT / room).rglob("*.py")
        if "prefect" in imports_of(module)
    }
    assert users == {"flows"}
