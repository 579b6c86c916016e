"""How far a run is: shown by the clock, and never worth the run itself."""

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.shown import EVERY, Bar, Shown
from tests.ports import free_port


def test_progress_is_shown_by_the_clock() -> None:
    """At 3 s a page once in a minute, whatever a task's size; a run shorter than that shows nothing."""
    now, seen = [0.0], list[float]()
    shown = Shown(seen.append, clock=lambda: now[0])
    for page in range(1, 61):
        now[0] += 3.0
        shown.tell(page, 200)
    assert EVERY == 60
    assert seen == [10.0, 20.0, 30.0]


def test_a_run_with_nothing_to_ask_is_at_its_end() -> None:
    """No page of none is all there is, and is not divided by."""
    seen = list[float]()
    Shown(seen.append).show(0, 0)
    assert seen == [100.0]


@pytest.mark.filterwarnings("ignore:Artifact creation outside of a flow:FutureWarning")
def test_a_server_that_is_away_ends_no_run() -> None:
    """Its progress is not seen for that time, and nothing is raised into the fetching."""
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{free_port()}/api"}):
        bar = Bar("Pages asked.")
        bar(50.0)
        assert bar._id is None
