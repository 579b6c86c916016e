"""What is shipped: a lock without addresses, docs that name every command, no path of anybody's machine."""

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent


def tracked() -> list[Path]:
    """Files that git knows; none outside a checkout."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / name for name in done.stdout.splitlines()]


def test_the_lock_names_no_registry() -> None:
    """Exact pins with hashes and no index address: the lock works wherever the packages are."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    pins = re.findall(r"^([a-z0-9._-]+)==\S+", lock, flags=re.MULTILINE | re.IGNORECASE)
    assert len(pins) > 50
    assert lock.count("--hash=sha256:") >= len(pins)


def test_every_dependency_is_in_the_lock() -> None:
    """What pyproject asks for, the lock pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = {re.split(r"[\[<>=!~ ;]", one)[0] for one in wanted}
    assert {name for name in names if f"\n{name}==" not in f"\n{lock}"} == set()


@pytest.mark.parametrize("command", list(COMMANDS))
def test_the_readme_or_the_docs_name_every_command(command: str) -> None:
    """A command nobody can read about does not exist."""
    text = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")])
    assert re.search(rf"moej (--\S+ \S+ )*{command}\b", text) or f"`{command}`" in text


def test_no_file_names_a_machine() -> None:
    """No committed text has a home folder or a temporary folder of somebody's machine in it."""
    private = re.compile(r"/(?:home|root|Users)/\w+|/work/")
    files = [path for path in tracked() if path.suffix in {".py", ".md", ".toml", ".yaml", ".sql", ".lock"}]
    here = Path(__file__).resolve()
    assert {
        str(path.relative_to(ROOT))
        for path in files
        if path != here and private.search(path.read_text("utf-8"))
    } == set()
