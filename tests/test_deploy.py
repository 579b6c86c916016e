"""What `deploy/` holds, read as systemd, the image builder and compose read it; nothing is started here."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from prefect.cli._app import _app
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_valid_setting_names

from alerts import load_rules
from cli.commands import LazyGroup
from flows.settings import CONFIG_FILE, Settings
from web.places import PLACES

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


@every_unit
def test_a_unit_stands_where_the_guide_puts_the_tree(unit: Path) -> None:
    """Its program, its settings and its user are those that the guide's commands make."""
    service = read(unit)
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    tree = service["ExecStart"].partition("/.venv/bin/moej ")[0]
    assert f"make -C {tree} .venv/.locked" in guide
    assert f"{tree}/deploy/{unit.name}" in guide
    assert f"{tree}/deploy/moej.env.example {service['EnvironmentFile']}" in guide
    assert f"{tree}/deploy/moej.toml.example {service['WorkingDirectory']}/{CONFIG_FILE}" in guide
    assert re.search(rf"^useradd .*--user-group .* {service['User']}$", guide, flags=re.MULTILINE)


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


def test_the_guide_gives_the_password_to_the_user_of_the_image() -> None:
    """A file of another owner that nobody else may read would keep the server from starting."""
    user = re.search(r"useradd --uid (\d+)", DOCKERFILE)
    assert user is not None
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert f"chown {user[1]} deploy/database_password" in guide


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


def checked(name: str) -> tuple[str, str]:
    """Port and path that the health check of a service asks."""
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/[\w./]+)", " ".join(SERVICES[name]["healthcheck"]["test"]))
    assert found is not None
    return found[1], found[2]


def test_the_room_is_asked_for_an_address_that_it_has() -> None:
    """On the port it is told to open, which is the one that leads to it from outside."""
    port, path = checked("room")
    place = next(one for one in PLACES if one.name == "health")
    assert path in {f"{place.path}.{kind}" for kind in place.formats}
    assert SERVICES["room"]["command"][-2:] == ["--port", port]
    assert SERVICES["room"]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_prefects_server_is_asked_for_an_address_that_it_has() -> None:
    """On the port that its clients and its own pages use as well."""
    port, path = checked("server")
    assert path == "/api/health"
    assert f"--port {port}" in SERVICES["server"]["command"][2]
    assert SERVICES["server"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert SERVICES["worker"]["environment"]["PREFECT_API_URL"] == f"http://server:{port}/api"
    assert SERVICES["server"]["environment"]["PREFECT_SERVER_UI_API_URL"] == f"http://127.0.0.1:{port}/api"


def test_the_worker_is_asked_on_the_port_that_prefect_opens() -> None:
    """Compose sets the host and leaves Prefect's own port as it is."""
    settings = PrefectSettings().worker.webserver
    assert checked("worker") == (str(settings.port), "/health")


SCRIPTS: Final = {
    name: service["command"][2].replace("$$", "$")
    for name, service in SERVICES.items()
    if service.get("command", [])[:2] == ["sh", "-c"]
}


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_shell_can_read_its_command(name: str) -> None:
    """As the shell gets it, when compose has made one dollar of two; read, not run."""
    done = subprocess.run(["sh", "-n", "-c", SCRIPTS[name]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_server_without_its_password_does_not_start() -> None:
    """A file that its user may not read ends it with that reason, not with the database's refusal."""
    script = SCRIPTS["server"].replace("/run/secrets/", str(ROOT / "no-such-folder") + "/")
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "database_password" in done.stderr


def test_every_file_that_compose_wants_has_an_example_and_stays_out_of_the_repository() -> None:
    """Settings and rules are copied from examples; with the password they are nobody else's business."""
    settings = {name for service in SERVICES.values() for name in service.get("env_file", [])}
    settings |= {one["file"] for one in COMPOSE["configs"].values()}
    assert {name for name in settings if not (DEPLOY / f"{name}.example").is_file()} == set()
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    private = settings | {one["file"] for one in COMPOSE["secrets"].values()}
    assert {name for name in private if f"/deploy/{name}" not in ignored} == set()


def test_the_example_of_rules_and_channels_is_read() -> None:
    """Without its comment signs; each variable that it names has its line in the other example."""
    text = (DEPLOY / "moej.toml.example").read_text(encoding="utf-8")
    found = tomllib.loads(re.sub(r"^#(?! )", "", text, flags=re.MULTILINE))
    assert set(found) <= set(Settings.model_fields)
    rules = load_rules(found.get("rules", []), found["channels"], found["alerts"])
    assert rules.options.operator in found["channels"]
    lines = re.findall(r"^#?(MOEJ_[A-Z_]+)=", (DEPLOY / "moej.env.example").read_text(), flags=re.MULTILINE)
    assert {channel["url_env"] for channel in found["channels"].values()} <= set(lines)


@pytest.mark.parametrize("name", ["worker", "room"])
def test_settings_lie_where_moej_reads_them(name: str) -> None:
    """In the folder the image works in, which is also where the worker's runs are sent."""
    folder = re.search(r"^WORKDIR (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    home = re.search(r"MOEJ_HOME=(\S+)", DOCKERFILE)
    assert folder is not None
    assert home is not None
    assert home[1] == folder[1]
    assert SERVICES[name]["configs"] == [{"source": "settings", "target": f"{folder[1]}/{CONFIG_FILE}"}]


def test_the_image_has_the_python_that_the_lock_is_for() -> None:
    """Wheels of the lock are those of one version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = re.search(r"^FROM python:(\d+\.\d+)-slim", DOCKERFILE, flags=re.MULTILINE)
    assert found is not None
    assert found[1] == project["tool"]["mypy"]["python_version"]


def copied() -> list[str]:
    """What the image builder copies from the tree."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    return sorted({source for line in lines for source in line.split()[:-1]})


def test_the_image_has_all_of_the_product() -> None:
    """Each source exists, every package of the wheel is among them, and the builder is sent nothing else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {source for source in copied() if not (ROOT / source).exists()} == set()
    assert set(packages) <= set(copied())
    sent = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), flags=re.MULTILINE)
    assert sorted(sent) == copied()


def test_what_leaves_the_image_is_wanted_by_nothing_that_stays() -> None:
    """Tools of development go; all that moej, its extras and their packages ask for stays."""
    script, project = DEPLOY / "unneeded.py", ROOT / "pyproject.toml"
    done = subprocess.run([sys.executable, script, project], capture_output=True, text=True, check=True)
    gone = set(done.stdout.split())
    assert {"pytest", "ruff", "mypy", "playwright", "moto"} <= gone
    assert not gone & {
        "duckdb-extension-ducklake",
        "s3fs",
        "prefect-dask",
        "prefect",
        "hatchling",
        "editables",
    }
    # What moej asks for stands in pyproject.toml, which may be newer than what was installed.
    staying = [
        one for one in distributions() if canonicalize_name(one.metadata["Name"]) not in gone | {"moej"}
    ]
    asked = [Requirement(line) for one in staying for line in one.requires or ()]
    plain = {
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
    assert plain & gone == set()


def test_the_image_is_made_from_the_lock_and_runs_as_nobody_special() -> None:
    """Every dependency with its hash, no address of a registry, and a user of its own."""
    assert "--require-hashes --requirement /tmp/requirements.lock" in DOCKERFILE
    assert "://" not in DOCKERFILE
    assert re.search(r"^USER moej$", DOCKERFILE, flags=re.MULTILINE)
