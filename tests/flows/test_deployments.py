"""What `prefect deploy --all` takes, looked at without a server: entry points, parameters, times."""

import asyncio
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types
from prefect import Flow
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.server.schemas.schedules import CronSchedule
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import validate

from flows.settings import load_settings

TOKYO: Final = ZoneInfo("Asia/Tokyo")
FRIDAY: Final = datetime(2026, 6, 5, 18, 20, tzinfo=TOKYO)
ROOT: Final = Path(__file__).resolve().parents[2]
PLAN: Final[dict[str, Any]] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
AUTOMATIONS: Final[dict[str, Any]] = yaml.safe_load(
    (ROOT / "deploy" / "automations.yaml").read_text(encoding="utf-8")
)
DEPLOYMENTS: Final[dict[str, dict[str, Any]]] = {one["name"]: one for one in PLAN["deployments"]}
every_deployment: Final = pytest.mark.parametrize("name", list(DEPLOYMENTS))

NEXT_FIVE: Final = {
    "watch": ["Fri 05 19:00", "Fri 05 20:00", "Mon 08 09:00", "Mon 08 10:00", "Mon 08 11:00"],
    "daily": ["Fri 05 18:30", "Sat 06 18:30", "Sun 07 18:30", "Mon 08 18:30", "Tue 09 18:30"],
    "weekly-recheck": ["Sun 07 03:00", "Sun 14 03:00", "Sun 21 03:00", "Sun 28 03:00", "Sun 05 03:00"],
    "deliver-alerts": ["Fri 05 18:30", "Fri 05 18:45", "Fri 05 19:00", "Fri 05 19:15", "Fri 05 19:30"],
    "backfill": [],
    "rebuild": [],
}


def flow_of(name: str) -> Flow[Any, Any]:
    """The flow that a deployment's entry point names."""
    path, _, function = str(DEPLOYMENTS[name]["entrypoint"]).partition(":")
    found = getattr(import_module(path.removesuffix(".py").replace("/", ".")), function)
    assert isinstance(found, Flow)
    return found


def schema_of(name: str) -> dict[str, Any]:
    """The JSON schema that Prefect's pages ask the parameters by."""
    return dict(parameter_schema(flow_of(name)).model_dump_for_openapi())


def next_five(schedule: dict[str, Any]) -> list[str]:
    """The next times of a schedule after a Friday at 18:20, by the clocks of Tokyo."""
    cron = CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    dates = asyncio.run(cron.get_dates(5, start=FRIDAY))
    return [f"{one.astimezone(TOKYO):%a %d %H:%M}" for one in dates]


@every_deployment
def test_the_schedule_means_the_ministrys_clock(name: str) -> None:
    """The next five times in Tokyo are the ones the operating hours of the Ministry ask for."""
    times = [time for schedule in DEPLOYMENTS[name]["schedules"] for time in next_five(schedule)]
    assert times == NEXT_FIVE[name]


@every_deployment
def test_every_parameter_is_shown_with_its_meaning(name: str) -> None:
    """A person who starts a run in Prefect's pages sees what each field does."""
    properties = schema_of(name)["properties"]
    assert "data" in properties
    assert {key for key, one in properties.items() if not one.get("description")} == set()


@every_deployment
def test_the_parameters_fit_the_schema_of_the_flow(name: str) -> None:
    """What prefect.yaml sets, Prefect's own check accepts, and it refuses a folder that is a number."""
    schema, given = schema_of(name), DEPLOYMENTS[name]["parameters"]
    assert given.keys() <= schema["properties"].keys()
    assert validate(given, schema) == []
    with pytest.raises(Exception, match="is not valid under any of the given schemas"):
        validate({**given, "data": 7}, schema, raise_on_error=True)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("weekly-recheck", {"days": 0}),
        ("backfill", {"first": "2013-13"}),
        ("backfill", {"last": "May 2013"}),
        ("daily", {"pause": -1}),
        ("daily", {"lang": "fr"}),
    ],
)
def test_a_wrong_parameter_is_refused_before_the_run(name: str, wrong: dict[str, object]) -> None:
    """A slip in the form is told in the form, not by a run that fails at night."""
    assert validate(wrong, schema_of(name)) != []


@every_deployment
def test_two_runs_of_one_deployment_never_overlap(name: str) -> None:
    """One at a time; a scheduled second one is dropped, one that a person asked for waits."""
    wanted = "CANCEL_NEW" if DEPLOYMENTS[name]["schedules"] else "ENQUEUE"
    assert DEPLOYMENTS[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": wanted}


@every_deployment
def test_a_flow_that_fails_or_crashes_reaches_the_operator(name: str) -> None:
    """Each flow has both hooks, and every one but the backfill, which takes days, a time it must end in."""
    flow = flow_of(name)
    assert [hook.__name__ for hook in flow.on_failure_hooks] == ["tell_operator"]
    assert [hook.__name__ for hook in flow.on_crashed_hooks] == ["tell_operator"]
    assert (flow.timeout_seconds is None) == (name == "backfill")


@pytest.mark.parametrize("name", ["watch", "daily", "weekly-recheck"])
def test_a_scheduled_run_outwaits_a_month_of_a_backfill(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month's hundred pages at 3 s hold the site's place for minutes; the wait ends before the timeout."""
    for variable, value in DEPLOYMENTS[name]["work_pool"]["job_variables"]["env"].items():
        monkeypatch.setenv(variable, value)
    timeout = flow_of(name).timeout_seconds
    assert timeout is not None
    assert 300 < load_settings().lock_wait < timeout


@every_deployment
def test_a_run_is_dead_by_its_third_missing_heartbeat(name: str) -> None:
    """One that is late on a busy machine must not end a run; Prefect's own lease would hold on for 300 s."""
    (automation,) = AUTOMATIONS["automations"]
    trigger = AutomationCore.model_validate(automation).trigger
    assert isinstance(trigger, EventTrigger)
    assert trigger.posture is Posture.Proactive
    every = int(DEPLOYMENTS[name]["work_pool"]["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"])
    assert 3 * every <= trigger.within.total_seconds() < 300
