"""The schedule without a server, played by a clock that a test sets, with no sleep and no process."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types

from extractors.errors import Stop, Usage
from flows.recheck import DAYS
from flows.schedule import AT_MOST, Memory, Scheduler, refuse_a_standing_clock
from flows.timetable import LOCK_WAIT, TIMETABLE, Entry
from flows.unattended import JOBS, job
from pressroom import PressRoom
from tests.flows.seasons import TODAY, playing, releases, settings_of
from warehouse.load import silent

TOKYO: Final = ZoneInfo("Asia/Tokyo")
FRIDAY: Final = datetime(2026, 6, 5, 18, 20, tzinfo=TOKYO)
DAILY: Final = Entry("daily", "30 18 * * *", timedelta(hours=12))
WATCH: Final = Entry("watch", "0 9-20 * * 1-5", timedelta(minutes=55))
PLAN: Final[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "prefect.yaml").read_text(encoding="utf-8")
)
SCHEDULED: Final = {one["name"]: one for one in PLAN["deployments"] if one["schedules"]}


@dataclass(slots=True)
class Process:
    """A job that goes on until a test gives it an exit code."""

    code: int | None = None
    killed: bool = False

    def poll(self) -> int | None:
        """The exit code, once there is one."""
        return self.code

    def kill(self) -> None:
        """Ends with the code of SIGKILL."""
        self.killed, self.code = True, -9

    def wait(self) -> int:
        """Ends well, if nobody ended it before."""
        self.code = 0 if self.code is None else self.code
        return self.code


@dataclass(slots=True)
class Machine:
    """A machine with a clock to be set; what was started and said on it."""

    folder: Path
    now: datetime = FRIDAY
    started: list[tuple[str, str]] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def boot(self, *timetable: Entry) -> Scheduler:
        """The schedule begins, or begins again, with the memory that is on disk."""
        return Scheduler(
            timetable=timetable or (WATCH, DAILY),
            clock=lambda: self.now,
            memory=Memory(self.folder / "state.sqlite"),
            start=self._start,
            say=self.said.append,
            failed=lambda _entry, what: self.failed.append(what),
        )

    def _start(self, entry: Entry) -> Process:
        self.started.append((entry.name, f"{self.now:%a %H:%M}"))
        self.processes.append(Process())
        return self.processes[-1]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Friday in June, twenty past six in the evening."""
    return Machine(tmp_path)


def at(hour: int, minute: int, *, day: int = 5) -> datetime:
    """A time in June 2026, in Tokyo."""
    return datetime(2026, 6, day, hour, minute, tzinfo=TOKYO)


def test_the_timetable_is_that_of_the_deployments() -> None:
    """Every schedule of prefect.yaml is here, with its cron line, and nothing else."""
    crons = {name: [each["cron"] for each in one["schedules"]] for name, one in SCHEDULED.items()}
    assert {entry.name: [entry.cron] for entry in TIMETABLE} == crons
    zones = {each["timezone"] for one in SCHEDULED.values() for each in one["schedules"]}
    assert zones == {"Asia/Tokyo"}


def test_jobs_may_do_what_the_deployments_may() -> None:
    """The same patience at the lock, the same days, and a job for every entry."""
    waits = {one["work_pool"]["job_variables"]["env"]["MOEJ_LOCK_WAIT"] for one in SCHEDULED.values()}
    assert {float(wait) for wait in waits} == {LOCK_WAIT}
    assert SCHEDULED["weekly-recheck"]["parameters"] == {"days": DAYS}
    assert list(JOBS) == [entry.name for entry in TIMETABLE]


def test_a_job_may_take_as_long_as_its_flow() -> None:
    """The limits are the timeouts of the flows."""
    from tests.flows.test_deployments import flow_of

    limits = {entry.name: entry.limit.total_seconds() for entry in TIMETABLE}
    assert limits == {entry.name: flow_of(entry.name).timeout_seconds for entry in TIMETABLE}


def test_times_are_those_of_tokyo_wherever_the_machine_stands() -> None:
    """From a moment in UTC the next five are at half past six in Japan."""
    times = DAILY.next_times(FRIDAY.astimezone(ZoneInfo("UTC")), 5)
    assert [f"{one:%d %H:%M %z}" for one in times] == [f"{day:02} 18:30 +0900" for day in range(5, 10)]


def test_a_job_starts_when_it_is_due_and_once(machine: Machine) -> None:
    """Not before its time, and not again at the next look."""
    scheduler = machine.boot()
    for machine.now in (at(18, 20), at(18, 29), at(18, 30), at(18, 31)):
        scheduler.look()
    assert machine.started == [("daily", "Fri 18:30")]


def test_the_next_look_is_at_the_next_time_and_never_far(machine: Machine) -> None:
    """A minute at most, less where something is due before."""
    scheduler = machine.boot()
    assert scheduler.look() == AT_MOST
    machine.now = at(18, 29) + timedelta(seconds=50)
    assert scheduler.look() == 10


def test_two_of_a_kind_never_overlap(machine: Machine) -> None:
    """A second one is left out while the first goes on, and comes again once that has ended."""
    slow = replace(WATCH, limit=timedelta(days=1))
    machine.now = at(8, 50, day=8)
    scheduler = machine.boot(slow)
    for machine.now in (at(8, 50, day=8), at(9, 0, day=8), at(10, 0, day=8)):
        scheduler.look()
    assert machine.started == [("watch", "Mon 09:00")]
    assert machine.said[-1] == "watch: left out, the one of 09:00 is still running"
    machine.processes[0].code = 0
    machine.now = at(11, 0, day=8)
    scheduler.look()
    assert machine.started == [("watch", "Mon 09:00"), ("watch", "Mon 11:00")]


def test_jobs_of_two_kinds_may_run_side_by_side(machine: Machine) -> None:
    """What must not meet at the site waits there for its place."""
    scheduler = machine.boot(DAILY, replace(WATCH, name="other", cron="30 18 * * *"))
    for machine.now in (at(18, 20), at(18, 30)):
        scheduler.look()
    assert [name for name, _ in machine.started] == ["daily", "other"]


def test_what_a_sleeping_machine_missed_is_done_once(machine: Machine) -> None:
    """Asleep from Friday to Monday, it starts one daily run and one look, not one for each time."""
    scheduler = machine.boot()
    scheduler.look()
    machine.now = at(10, 30, day=8)
    scheduler.look()
    scheduler.look()
    assert machine.started == [("watch", "Mon 10:30"), ("daily", "Mon 10:30")]


def test_what_was_missed_while_it_was_off_is_done_once(machine: Machine) -> None:
    """The next start of the schedule knows when the last one looked."""
    machine.boot().look()
    machine.now = at(8, 0, day=6)
    machine.boot(DAILY).look()
    machine.boot(DAILY).look()
    assert machine.started == [("daily", "Sat 08:00")]


def test_a_first_start_has_missed_nothing(machine: Machine) -> None:
    """On a new archive the first run is that of the first time to come."""
    machine.now = at(18, 31)
    machine.boot().look()
    assert machine.started == []


def test_a_clock_that_was_set_back_stops_nothing(machine: Machine) -> None:
    """After a look in a wrong future the schedule goes on from the time it is."""
    machine.now = at(12, 0, day=5).replace(year=2030)
    machine.boot(DAILY).look()
    scheduler = machine.boot(DAILY)
    for machine.now in (at(18, 20), at(18, 30)):
        scheduler.look()
    assert machine.started == [("daily", "Fri 18:30")]


@pytest.mark.parametrize(("code", "told"), [(0, 0), (3, 0), (1, 1), (-9, 1)])
def test_a_job_that_failed_reaches_the_operator(machine: Machine, code: int, told: int) -> None:
    """Done is done, even with some pages not well; anything else is told, a kill too."""
    scheduler = machine.boot(DAILY)
    for machine.now in (at(18, 20), at(18, 30)):
        scheduler.look()
    machine.processes[0].code = code
    scheduler.look()
    assert len(machine.failed) == told
    assert [f"exit code {code}" in one for one in machine.failed] == [True] * told


def test_a_job_past_its_limit_is_ended(machine: Machine) -> None:
    """One that hangs would keep all later ones of its kind from running."""
    machine.now = at(8, 59, day=8)
    scheduler = machine.boot(WATCH)
    for machine.now in (at(8, 59, day=8), at(9, 0, day=8), at(9, 55, day=8)):
        scheduler.look()
    assert [one.killed for one in machine.processes] == [False]
    machine.now = at(9, 56, day=8)
    scheduler.look()
    assert [one.killed for one in machine.processes] == [True]
    assert machine.failed == ["watch: the scheduled job ended with exit code -9"]


def test_the_end_waits_for_the_running_job(machine: Machine) -> None:
    """Asked to end while a job runs, it waits for that job, says how it ended, and starts no other."""
    scheduler = machine.boot(DAILY)
    scheduler.look()
    machine.now = at(18, 30)
    asked = iter([False, True])

    def wait(_seconds: float) -> bool:
        return next(asked)

    scheduler.keep(wait)
    assert machine.processes[0].code == 0
    assert machine.said == ["daily: started", "daily: ending after this job", "daily: done"]
    assert scheduler.running == {}


def test_a_clock_that_stands_is_refused() -> None:
    """Under MOEJ_NOW nothing would ever be due: said at once."""
    refuse_a_standing_clock(None)
    with pytest.raises(Usage, match="MOEJ_NOW"):
        refuse_a_standing_clock(FRIDAY)


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """Eight releases of June, in July."""
    with playing(releases(8, days=20)) as room:
        yield room


def pages(room: PressRoom) -> set[str]:
    """The releases that were asked for."""
    return {seen.path for seen in room.requests} & set(room.paths())


def test_the_jobs_do_what_their_names_say(room: PressRoom, tmp_path: Path) -> None:
    """The daily run brings all; a look asks for no page that is known; a recheck asks for all again."""
    settings = settings_of(room, tmp_path)
    report = job("daily")(settings, silent)
    assert report is not None
    assert report.run["created"] == len(pages(room)) == 8
    room.forget_requests()
    look = job("watch")(settings, silent)
    assert look is not None
    assert (report.run["kind"], look.run["kind"]) == ("run", "watch")
    assert pages(room) == set()
    assert room.requests
    job("weekly-recheck")(settings_of(room, tmp_path, TODAY + timedelta(days=1)), silent)
    assert len(pages(room)) == 8
    room.forget_requests()
    assert job("deliver-alerts")(settings, silent) is None
    assert room.requests == ()
    assert (tmp_path / "feeds").is_dir()


def test_a_job_whose_site_is_down_fails(room: PressRoom, tmp_path: Path) -> None:
    """What ended the fetching early ends the job, after what came is loaded."""
    room.fault("*", "500", times=100)
    with pytest.raises(Stop):
        job("daily")(settings_of(room, tmp_path), silent)


def test_an_unknown_job_is_wrong_usage() -> None:
    """The message names those there are."""
    with pytest.raises(Usage, match="watch, daily, weekly-recheck, deliver-alerts"):
        job("hourly")
