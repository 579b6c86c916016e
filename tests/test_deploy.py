"""What `deploy/` holds, read as systemd, the image builder and compose read it; nothing is started here."""

import configparser
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types
from prefect.cli._app import _app
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_valid_setting_names

from cli.commands import LazyGroup
from flows.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
DEPLOY: Final = ROOT / "deploy"
UNITS: Final = sorted(DEPLOY.glob("*.service"))
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
DOCKERFILE: Final = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
PASSED_ON: Final = frozenset({"MOEJ_HOME"})
"""Names that moej itself does not read: prefect.yaml does."""

every_unit: Final = pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)


def read(unit: Path) -> configparser.SectionProxy:
    """The service section of a unit; a key that stands twice keeps its last value."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their letters
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser["Service"]


def commands() -> Iterator[list[str]]:
    """Every command of ours and of Prefect's that a unit or a container starts, in words."""
    for unit in UNITS:
        yield shlex.split(read(unit)["ExecStart"].replace("/opt/moej/.venv/bin/", ""))
    for service in SERVICES.values():
        words = service.get("command", [])
        if words[:2] == ["sh", "-c"]:
            for part in re.findall(r"\b(?:prefect|moej) [^&;]+", words[2]):
                yield shlex.split(part)
        elif words:
            yield words


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_exists_with_its_options(words: list[str]) -> None:
    """Parsed by the program's own parser, which refuses what it does not know."""
    program, *given = words
    if program == "moej":
        name, *rest = given
        command = LazyGroup(name="moej").get_command(None, name)
        assert command is not None
        command.make_context(name, rest)
    else:
        assert program == "prefect"
        tokens = [word for word in given if word != "--no-prompt"]
        _app.parse_args(tokens, exit_on_error=False, print_error=False)


def test_the_commands_are_found() -> None:
    """The schedule, the reading room, Prefect's server, its worker and the deployment."""
    found = {" ".join(words[:2]) for words in commands()}
    assert {"moej schedule", "moej serve", "prefect server", "prefect worker", "prefect work-pool"} <= found


@every_unit
def test_a_unit_is_locked_down(unit: Path) -> None:
    """No new rights, nothing but its own folder to write, no root."""
    service = read(unit)
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["User"] == "moej"


def test_only_the_schedule_may_write() -> None:
    """It writes the archive and nothing else; the reading room writes nothing and reaches only loopback."""
    schedule, room = (read(DEPLOY / f"moej-{name}.service") for name in ("schedule", "serve"))
    assert schedule["ReadWritePaths"] == "/var/lib/moej"
    assert "ReadWritePaths" not in room
    assert room["IPAddressDeny"] == "any"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@every_unit
def test_systemd_takes_the_unit(unit: Path) -> None:
    """`systemd-analyze verify` misses only the program, which is not installed on this machine."""
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if unit.name in line]
    assert [line for line in said if "is not executable" not in line] == []


def test_ports_are_open_on_loopback_alone() -> None:
    """Neither Prefect's server nor the reading room asks who somebody is."""
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports.keys() == {"server", "room"}
    assert {port.partition(":")[0] for each in ports.values() for port in each} == {"127.0.0.1"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_of_ours_has_no_rights(name: str) -> None:
    """Its files are read-only and it keeps no capability; what goes on for long says whether it is well."""
    service = SERVICES[name]
    assert name == "deploy" or "test" in service["healthcheck"]
    if name != "database":
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_the_room_cannot_write_the_archive() -> None:
    """The worker has the volume, the reading room has it read-only."""
    assert SERVICES["worker"]["volumes"] == ["archive:/data"]
    assert SERVICES["room"]["volumes"] == ["archive:/data:ro"]


def test_no_secret_stands_in_the_files() -> None:
    """The database's password comes from a file, and compose names no value for it."""
    given = {key: value for one in SERVICES.values() for key, value in one.get("environment", {}).items()}
    assert {key for key in given if "PASSWORD" in key} == {"POSTGRES_PASSWORD_FILE"}
    assert COMPOSE["secrets"] == {"database_password": {"file": "database_password"}}
    assert "/run/secrets/database_password" in SERVICES["server"]["command"][2]


def test_every_setting_is_one() -> None:
    """A slip in a name would be passed over in silence: each is known to moej or to Prefect."""
    text = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir())
    ours = set(re.findall(r"\bMOEJ_[A-Z_]+", text)) - PASSED_ON
    known = {f"MOEJ_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in ours - known if not name.startswith("MOEJ_CHANNEL_")} == set()
    prefects = set(re.findall(r"\bPREFECT_[A-Z_]+", text))
    assert prefects - _get_valid_setting_names(PrefectSettings) == set()
    assert len(prefects) > 10


def copied() -> list[str]:
    """What the image builder copies from the tree."""
    lines = re.findall(r"^COPY (.+)$", DOCKERFILE, flags=re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_the_image_has_all_of_the_product() -> None:
    """Each source exists, every package of the wheel is among them, and the builder is sent nothing else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {source for source in copied() if not (ROOT / source).exists()} == set()
    assert set(packages) <= set(copied())
    sent = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), flags=re.MULTILINE)
    assert sorted(sent) == sorted(copied())


def test_the_image_is_made_from_the_lock_and_runs_as_nobody_special() -> None:
    """Every dependency with its hash, no address of a registry, and a user of its own."""
    assert "--require-hashes --requirement requirements.lock" in DOCKERFILE
    assert "://" not in DOCKERFILE
    assert re.search(r"^USER moej$", DOCKERFILE, flags=re.MULTILINE)
