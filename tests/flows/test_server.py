"""End to end: a real Prefect server and worker, the deployments of prefect.yaml, the press room in a box.

One story is lived once, in the fixture; the tests look at what it left.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.events.schemas.automations import AutomationCore

from pressroom import DEMO_DAY_ONE, DEMO_LATER_DAY, JST, PressRoom
from tests.alerts.newsroom import OPERATOR, Receiver
from tests.flows.seasons import two_days
from tests.flows.station import ROOT, Station, Worker, station, until
from warehouse import open_archive

pytestmark = pytest.mark.timeout(400)

TOKYO: Final = ZoneInfo("Asia/Tokyo")
CONTACT: Final = "operator@example.org"
HIDDEN: Final = "not-for-any-log"
IN_THE_MIDDLE: Final = "/press/press_04521.html"
OLDER: Final = "/press/press_04490.html"
"""Pages that a run, and a backfill of May, asks for after some others and before some others."""
EVERY_TRY: Final = 50
"""On a busy machine a held request may be given up and made again."""
SOONEST: Final = 10
"""Seconds after which Prefect can miss an event, at the least."""
NAMES: Final = ("backfill", "daily", "deliver-alerts", "rebuild", "watch", "weekly-recheck")


@dataclass(slots=True)
class Story:
    """What happened, in order: states as they were reached, and what the press room saw."""

    station: Station
    data: Path
    operator: Receiver
    deployments: dict[str, DeploymentResponse] = field(default_factory=dict)
    scheduled: list[datetime] = field(default_factory=list)
    first: FlowRun | None = None
    going: FlowRun | None = None
    refused: FlowRun | None = None
    crashed: FlowRun | None = None
    repairing: FlowRun | None = None
    queued: FlowRun | None = None
    left_alone: FlowRun | None = None
    given_up: FlowRun | None = None
    filled: FlowRun | None = None
    before_its_death: frozenset[str] = frozenset()
    after_its_death: frozenset[str] = frozenset()
    before_the_kill: frozenset[str] = frozenset()
    after_the_kill: frozenset[str] = frozenset()

    def of(self, run: FlowRun | None) -> dict[str, Any]:
        """A filter for what belongs to a run."""
        assert run is not None
        return {"id": {"any_": [str(run.id)]}}

    def artifacts(self, run: FlowRun | None) -> dict[str, Any]:
        """The artifacts that a run left, by type."""
        found = self.station.ask("/artifacts/filter", flow_runs=self.of(run))
        return {one["type"]: one["data"] for one in found}

    def logs(self) -> list[str]:
        """Every line that came to the server."""
        found: list[str] = []
        while some := self.station.ask("/logs/filter", limit=200, offset=len(found)):
            found += [line["message"] for line in some]
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer of the archive."""
        with open_archive(self.data / "archive.duckdb") as archive:
            return archive.sql(query).fetchall()


def evening(day: date) -> str:
    """The hour of the schedule."""
    return datetime.combine(day, time(18, 30), JST).isoformat()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Deploy, run a day, kill the next day's run and run again, kill a backfill with its worker, go on."""
    folder = tmp_path_factory.mktemp("station")
    with PressRoom(now=DEMO_DAY_ONE) as room:
        # The worker's environment names the site: no run, not even a scheduled one, can reach the real one.
        settings = {"MOEJ_SITE": room.url, "MOEJ_DATA": str(folder / "data"), "MOEJ_PAUSE": "0"}
        hidden = {"MOEJ_CONTACT": CONTACT, "MOEJ_CHANNEL_OPS_SECRET": HIDDEN}
        with (
            Receiver().listening() as operator,
            station(folder, **settings, **hidden, MOEJ_CHANNEL_OPS=operator.url) as made,
        ):
            story = Story(made, folder / "data", operator)
            (made.home / "moej.toml").write_text(OPERATOR, encoding="utf-8")
            deployed(story)
            worker = made.start_worker()
            first = made.run("daily/daily", now=evening(DEMO_DAY_ONE))
            story.first = made.reaches(first, "Completed", "Failed", "Crashed")
            room.now = DEMO_LATER_DAY
            its_process_dies(story, room, worker)
            its_machine_goes_down(story, room, worker)
            yield story


def deployed(story: Story) -> None:
    """What the server says of the deployments; then the schedules rest: their times are not of this story."""
    made = story.station
    story.deployments = {one.name: one for one in made.client.read_deployments()}
    story.scheduled = until(lambda: next_five(story), "five times of the daily run are laid out")
    made.rest()


def next_five(story: Story) -> list[datetime]:
    """The next five times of the daily deployment; none before all are there."""
    which = {"id": {"any_": [str(story.deployments["daily"].id)]}}
    found = story.station.ask("/flow_runs/filter", deployments=which, sort="EXPECTED_START_TIME_ASC")
    times = [datetime.fromisoformat(run["expected_start_time"]) for run in found]
    # One more may be laid out where the clock passes a time of the schedule just now.
    return times[:5] if len(times) >= 5 else []


def its_process_dies(story: Story, room: PressRoom, worker: Worker) -> None:
    """A run is held at a page; a second one is tried; `kill -9` of the run alone; the next run starts."""
    made, now = story.station, evening(DEMO_LATER_DAY)
    room.forget_requests()
    held = room.fault(IN_THE_MIDDLE, "slow", times=EVERY_TRY)
    dying = made.start("daily/daily", now=now)
    until(held.held.is_set, "a page is asked for")
    refused = made.start("daily/daily", now=now)
    story.refused = made.reaches(refused, "Cancelled", "Running", "Completed")
    story.going = made.client.read_flow_run(dying)
    story.before_its_death = pages_of(room)
    made.kill_runs(worker)
    story.crashed = made.reaches(dying, "Crashed", "Failed", "Completed")
    room.forget_requests()
    held.let_go()
    repairing = made.start("daily/daily", now=now)
    story.repairing = made.reaches(repairing, "Completed", "Failed", "Crashed", "Cancelled")
    story.after_its_death = pages_of(room)


def its_machine_goes_down(story: Story, room: PressRoom, worker: Worker) -> None:
    """A backfill is held at a page, a second one waits; `kill -9` of the worker too; another one starts."""
    made = story.station
    given = {"first": "2026-05", "last": "2026-05", "data": str(story.data.parent / "old")}
    room.forget_requests()
    held = room.fault(OLDER, "slow", times=EVERY_TRY)
    dying = made.start("backfill/backfill", **given, now=evening(DEMO_LATER_DAY))
    until(held.held.is_set, "a page of the month is asked for")
    second = made.start("backfill/backfill", **given, now=evening(DEMO_LATER_DAY))
    story.queued = made.reaches(second, "AwaitingConcurrencySlot", "Running", "Completed")
    story.before_the_kill = pages_of(room)
    made.kill(worker)
    story.left_alone = made.client.read_flow_run(dying)
    room.forget_requests()
    held.let_go()
    automation = made.client.create_automation(dead_runs(within=SOONEST))
    made.beat(dying)
    made.start_worker()
    story.given_up = made.reaches(dying, "Crashed", "Completed", "Failed")
    # Runs that live send a heartbeat in half a minute: from here on it would end them too.
    made.client.delete_automation(automation)
    story.filled = made.reaches(second, "Completed", "Failed", "Crashed")
    story.after_the_kill = pages_of(room)


def dead_runs(*, within: int) -> AutomationCore:
    """The automation that marks dead runs, with fewer seconds to a heartbeat that does not come."""
    plan = yaml.safe_load((ROOT / "deploy" / "automations.yaml").read_text(encoding="utf-8"))
    (found,) = plan["automations"]
    found["trigger"]["within"] = within
    return AutomationCore.model_validate(found)


def pages_of(room: PressRoom) -> frozenset[str]:
    """The press pages that were asked for."""
    return frozenset(seen.path for seen in room.requests if "press_" in seen.path)


def name_of(run: FlowRun | None) -> str | None:
    """The name of a run's state."""
    assert run is not None
    return run.state_name


def test_the_file_is_deployed_as_it_is(story: Story) -> None:
    """Every deployment is on the server, with its tags, its pool, and each parameter with its meaning."""
    assert tuple(sorted(story.deployments)) == NAMES
    for one in story.deployments.values():
        assert one.work_pool_name == "moej"
        assert "moej" in one.tags
        properties = (one.parameter_openapi_schema or {})["properties"]
        assert {name for name, each in properties.items() if not each.get("description")} == set()
    assert story.deployments["backfill"].parameters == {"first": "1997-06"}


def test_the_schedule_shows_the_next_five_times_in_tokyo(story: Story) -> None:
    """Half past six in the evening by Tokyo's clock, five days running."""
    times = [one.astimezone(TOKYO) for one in story.scheduled]
    assert {f"{one:%H:%M %z}" for one in times} == {"18:30 +0900"}
    assert [(one.date() - times[0].date()).days for one in times] == [0, 1, 2, 3, 4]


def test_a_daily_run_completes(story: Story) -> None:
    """What was listed on the first day is in the archive."""
    assert name_of(story.first) == "Completed"
    kind, status, listed, created = story.rows(
        "SELECT kind, status, listed, created FROM runs ORDER BY started_at, status LIMIT 1"
    )[0]
    assert (kind, status) == ("run", "done")
    assert listed == created > 0


def test_a_run_leaves_its_ledger_and_its_report(story: Story) -> None:
    """The table has the counts, the Markdown the new releases with their links, the bytes and the length."""
    left = story.artifacts(story.first)
    assert left.keys() == {"table", "markdown"}
    created = story.rows("SELECT url FROM release_versions WHERE change = 'created' AND version = 1")
    assert f'"created": {left["markdown"].count("- created: ")}' in left["table"]
    assert sum(f"<{url}>" in left["markdown"] for (url,) in created) == left["markdown"].count("- created: ")
    assert " bytes, " in left["markdown"]


def test_every_version_is_an_event(story: Story) -> None:
    """One for each new or changed release of the daily runs, about the release by its id."""

    def events() -> set[tuple[str, str]] | None:
        asked = {"event": {"prefix": ["moej."]}, "order": "ASC"}
        found = story.station.ask("/events/filter", filter=asked, limit=50)["events"]
        daily = [one for one in found if one["payload"]["run_kind"] == "run"]
        made = {(one["event"], one["resource"]["prefect.resource.id"]) for one in daily}
        return made if len(made) >= len(wanted) else None

    versions = story.rows("SELECT change, release_id FROM release_versions")
    wanted = {(f"moej.release.{change}", f"moej.release.{one}") for change, one in versions}
    assert until(events, "all events are there") == wanted


def test_the_log_names_runs_and_releases(story: Story) -> None:
    """Each run that ended and each new release is there by its id; a killed process loses its last lines."""
    ids = story.rows(
        "SELECT run_id FROM runs WHERE status = 'done' UNION SELECT release_id FROM releases WHERE version=1"
    )
    assert len(ids) > 2

    def all_said() -> bool:
        said = "\n".join(story.logs())
        return all(one in said for (one,) in ids)

    assert until(all_said, "the log names them all")


def test_the_log_holds_no_secret_and_no_text_of_pages(story: Story) -> None:
    """Neither a channel's address and secret nor the contact, and no title of a release."""
    said = "\n".join(story.logs())
    assert said
    assert HIDDEN not in said
    assert story.operator.url not in said
    assert CONTACT not in said
    assert {title for (title,) in story.rows("SELECT title FROM releases") if title in said} == set()


def test_a_second_daily_run_is_refused(story: Story) -> None:
    """While one goes on the other is cancelled: the one under way does its work."""
    assert name_of(story.going) == "Running"
    assert name_of(story.refused) == "Cancelled"


def test_a_second_backfill_waits_its_turn(story: Story) -> None:
    """What a person asked for is not dropped: it is queued behind the first, and runs once that has ended."""
    assert name_of(story.queued) == "AwaitingConcurrencySlot"
    assert name_of(story.filled) == "Completed"


def test_a_backfill_shows_how_far_it_is(story: Story) -> None:
    """A progress bar, the ledger of its months and what is left."""
    left = story.artifacts(story.filled)
    assert left.keys() == {"progress", "markdown", "table"}
    assert left["progress"] == 100


def test_a_run_whose_process_dies_is_marked_crashed(story: Story) -> None:
    """The worker, which lives, sees it end by signal 9 and says so."""
    assert story.crashed is not None
    assert story.crashed.state is not None
    assert story.crashed.state_name == "Crashed"
    assert "status code: -9" in str(story.crashed.state.message)


def test_a_run_whose_process_dies_reaches_the_operator(story: Story) -> None:
    """The hook of the flow sends one message to the operator's channel, from the worker's process."""

    def told() -> list[str]:
        bodies = [body.decode() for _, body in story.operator.got]
        return [body for body in bodies if "daily: Process exited with status code: -9" in body]

    assert len(until(told, "the operator is told")) == 1


def test_the_run_after_a_crash_repairs(story: Story) -> None:
    """It starts though nobody mended anything, has the day's new release, and asks again for nothing had."""
    assert name_of(story.repairing) == "Completed"
    assert story.rows("SELECT count(*) FROM releases WHERE url LIKE '%press_05028.html'") == [(1,)]
    assert story.rows("SELECT count(*) FROM runs WHERE kind = 'run'") == [(3,)]
    assert_only_asked_again(IN_THE_MIDDLE, story.before_its_death, story.after_its_death)


def test_a_run_whose_worker_dies_too_is_repaired_by_the_next(story: Story) -> None:
    """Nobody is left to say that it crashed; the backfill that waited asks again for nothing had."""
    assert name_of(story.left_alone) == "Running"
    assert name_of(story.given_up) == "Crashed"
    assert name_of(story.filled) == "Completed"
    assert_only_asked_again(OLDER, story.before_the_kill, story.after_the_kill)


def assert_only_asked_again(page: str, before: frozenset[str], after: frozenset[str]) -> None:
    """All pages but the one at which the run died were brought home by one of the two runs alone."""
    assert before - {page}
    assert before & after <= {page}
    assert page in after


CLUSTER = """
import json, sys
from pathlib import Path
import dask
from distributed import LocalCluster
from extractors.errors import Stop
from flows.rebuild_flow import rebuild
from flows.settings import Settings
from flows.workers import _reaching, dask_workers
from warehouse import digest, open_archive

def digest_of(data):
    with open_archive(Settings(data=data).archive) as archive:
        return digest(archive.db)

data, told = Path(sys.argv[1]), {}
told["before"] = digest_of(data)
here = {"processes": False, "dashboard_address": "127.0.0.1:0"}
with LocalCluster(n_workers=1, threads_per_worker=2, **here) as cluster:
    rebuild(data=data, address=cluster.scheduler_address)
told["after"] = digest_of(data)
with dask.config.set({"distributed.comm.timeouts.connect": "100ms"}):
    try:
        rebuild(data=data, address="tcp://127.0.0.1:9")
    except Stop as stop:
        told["stop"] = str(stop)
print(json.dumps(told))
"""


def test_a_rebuild_spreads_its_reading_over_a_dask_cluster(story: Story, tmp_path: Path) -> None:
    """With the address of a scheduler the archive comes out the same; where nobody is, it is one line."""
    kept = two_days(tmp_path / "data")
    # Of the station it needs only the server, which would else be started once more.
    env = {name: value for name, value in story.station.env.items() if not name.startswith("MOEJ_")}
    done = subprocess.run(
        [sys.executable, "-c", CLUSTER, str(kept.data)], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["after"] == told["before"]
    assert told["stop"].startswith("the Dask workers at tcp://127.0.0.1:9 cannot do it: OSError: Timed out")
    assert "read a slice" in done.stderr
