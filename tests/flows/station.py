"""A Prefect server, its worker and the deployments of a copy of this tree, as an operator starts them."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
from prefect import events
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun

from tests.ports import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
POOL: Final = "moej"
EVERY: Final = 0.5
"""Seconds between two looks: to say a run's state takes the server ten milliseconds, and we wait a minute."""
LIMIT: Final = 120.0
"""Seconds that anything may take on a busy machine; nothing waits longer than it must."""
SERVER: Final = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_UI_ENABLED": "false",
    # The times that are looked at; Prefect lays out three by itself.
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "5",
    # A killed run holds its deployment's one place until its lease ends: 300 s, and 30 s at the least.
    "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "30",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "1",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
}

T = TypeVar("T")
Worker = subprocess.Popen[bytes]


def until(question: Callable[[], T | None], what: str, *, seconds: float = LIMIT) -> T:
    """The first answer that is true, asked again and again; fails with `what` when the time is over."""
    pause, end = Event(), monotonic() + seconds
    while not (answer := question()):
        assert monotonic() < end, f"not within {seconds:.0f} s: {what}"
        pause.wait(EVERY)
    return answer


class Station:
    """The processes and the client that looks at them; `env` is what server, worker and commands see."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.home = copied(folder / "clone")
        self._folder = folder
        self._running: list[Worker] = []
        self.url = f"http://127.0.0.1:{free_port()}/api"
        (folder / "tmp").mkdir()
        self.env = {
            **os.environ,
            **SERVER,
            **settings,
            "MOEJ_HOME": str(self.home),
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.url,
            "PYTHONPATH": str(self.home),
            "TMPDIR": str(folder / "tmp"),
            # What a dozen processes import from the clone is compiled once, whatever is set here.
            "PYTHONDONTWRITEBYTECODE": "",
        }
        self.client = SyncPrefectClient(self.url)
        self._open = ExitStack()

    def start_server(self) -> None:
        """The server answers when this returns."""
        port = self.url.rpartition(":")[2].partition("/")[0]
        self._start("server", "server", "start", "--host", "127.0.0.1", "--port", port)
        until(self._is_up, "the server answers")
        self._open.enter_context(self.client)

    def start_worker(self) -> Worker:
        """A worker of the pool, in a process group of its own."""
        return self._start("worker", "worker", "start", "--pool", POOL)

    def command(self, *arguments: str) -> str:
        """What a `prefect` command prints; it must end well."""
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=self.home,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rest(self) -> None:
        """No schedule starts anything from now on: what runs is what a test asks for."""
        for one in self.client.read_deployments():
            for schedule in one.schedules:
                self.client.update_deployment_schedule(one.id, schedule.id, active=False)

    def ask(self, path: str, **body: Any) -> Any:
        """The answer of the API to a filter."""
        return httpx.post(f"{self.url}{path}", json=body).raise_for_status().json()

    def beat(self, run_id: UUID) -> None:
        """A heartbeat as the run itself sends it."""
        about = events.Resource({"prefect.resource.id": f"prefect.flow-run.{run_id}"})
        beat = events.Event(event="prefect.flow-run.heartbeat", resource=about)
        httpx.post(f"{self.url}/events", json=[beat.model_dump(mode="json")]).raise_for_status()

    def start(self, name: str, **parameters: str) -> UUID:
        """A run of a deployment as the API makes one, without a second for the command to start."""
        deployment = self.client.read_deployment_by_name(name)
        return self.client.create_flow_run_from_deployment(deployment.id, parameters=parameters).id

    def run(self, name: str, **parameters: str) -> UUID:
        """`prefect deployment run`; the id of the flow run it makes."""
        given = [part for key, value in parameters.items() for part in ("--param", f'{key}="{value}"')]
        found = re.search(r"UUID: (\S+)", self.command("deployment", "run", name, *given))
        assert found is not None
        return UUID(found[1])

    def reaches(self, run_id: UUID, *names: str) -> FlowRun:
        """The run, once its state has one of these names."""

        def there() -> FlowRun | None:
            run = self.client.read_flow_run(run_id)
            return run if run.state_name in names else None

        return until(there, f"{run_id} is {' or '.join(names)}\n{self.said()}")

    def said(self) -> str:
        """What server and workers wrote."""
        return "\n".join(path.read_text(errors="replace")[-4000:] for path in self._folder.glob("*.log"))

    def kill(self, worker: Worker) -> None:
        """`kill -9` of a worker with the runs it started, as when the machine goes down."""
        self.kill_runs(worker)
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def kill_runs(self, worker: Worker) -> None:
        """`kill -9` of the runs that a worker has started, as where memory ends; the worker goes on."""
        for pid in children(worker.pid):
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def stop(self) -> None:
        """End everything that was started here, at once, the server last."""
        self._open.close()
        for process in reversed(self._running):
            self.kill(process)

    def _start(self, name: str, *arguments: str) -> Worker:
        # A file, not a pipe: nobody reads while they run, and a full pipe would hold them.
        with (self._folder / f"{name}-{len(self._running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "prefect", *arguments],
                cwd=self.home,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health").is_success
        except httpx.TransportError:
            assert self._running[0].poll() is None, self.said()
            return False


@contextmanager
def station(folder: Path, **settings: str) -> Iterator[Station]:
    """A server with the pool, to which all deployments of the tree are deployed; all ends with the block."""
    made = Station(folder, **settings)
    try:
        made.start_server()
        made.client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        made.command("deploy", "--all")
        yield made
    finally:
        made.stop()


def copied(folder: Path) -> Path:
    """What a clone has: the rooms and the files beside them, so that nothing is written into this tree."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.is_dir() and any(path.glob("*.py")) and path.name != "tests":
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("prefect.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are still there; each has a group of its own."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found
