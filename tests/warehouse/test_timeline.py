from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from warehouse.identity import Face
from warehouse.timeline import Observation, Timeline, timeline

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://www.env.go.jp/press/press_00001.html"
OTHER_PAGE = "https://www.env.go.jp/en/press_00001.html"


def shows(
    day: float, content: str, *, arrival: int | None = None, page: str = PAGE, published: date | None = None
) -> Observation:
    """The page shows a content; contents of one first letter are one release, of two letters two."""
    series = content[0]
    face = Face(f"title {content}", published or date(2026, 1, 1 + ord(series) % 20 + len(content)), content)
    at = START + day * DAY
    return Observation(
        f"{content}@{day:g}", page, at, (1, arrival if arrival is not None else int(day * 10)), content, face
    )


def gone(day: float, *, page: str = PAGE) -> Observation:
    """The page is not there."""
    return Observation(f"gone@{day:g}", page, START + day * DAY, (1, int(day * 10)))


def play(*observations: Observation) -> Timeline:
    """The timeline, where contents are alike exactly if they begin with the same letter."""
    return timeline("press_00001", observations, likeness=lambda one, other: float(one[0] == other[0]))


def told(line: Timeline) -> list[list[str]]:
    """Each release's versions as `change content@day`."""
    return [
        [f"{one.change} {one.content_hash}@{(one.valid_from - START) / DAY:g}" for one in release.versions]
        for release in line.lines
    ]


def test_a_content_that_returns_is_a_third_version() -> None:
    """A → B → A is three versions."""
    line = play(shows(0, "A"), shows(1, "A1"), shows(2, "A"))
    assert told(line) == [["created A@0", "changed A1@1", "changed A@2"]]


def test_seeing_the_same_again_is_no_version() -> None:
    """Repeats only mark their captures."""
    line = play(shows(0, "A"), shows(1, "A"), shows(2, "A"))
    assert told(line) == [["created A@0"]]
    assert [line.marks[f"A@{day}"].change for day in range(3)] == ["created", None, None]


def test_intervals_meet_and_the_last_is_open() -> None:
    """Each version ends where the next begins; nothing overlaps and nothing is missing."""
    versions = play(shows(0, "A"), shows(1, "A1"), shows(5, "A2")).lines[0].versions
    assert [one.valid_to for one in versions] == [versions[1].valid_from, versions[2].valid_from, None]
    assert [one.number for one in versions] == [1, 2, 3]
    assert {one.versions for one in versions} == {3}
    assert {one.first_seen_at for one in versions} == {START}
    assert [one.changed_at for one in versions] == [None, START + DAY, START + 5 * DAY]


def test_any_order_of_arrival_gives_one_history() -> None:
    """Late captures are inserted where their time belongs."""
    seen = (shows(0, "A", arrival=1), shows(1, "A1", arrival=1), gone(2), gone(4), shows(5, "A", arrival=1))
    expected = told(play(*seen))
    assert expected == [["created A@0", "changed A1@1", "withdrawn A1@4", "restored A@5"]]
    assert all(told(play(*order)) == expected for order in permutations(seen))


@pytest.mark.parametrize(
    ("second", "withdrawn"),
    [(1.0, True), (23 / 24, True), (22.9 / 24, False), (30.0, True)],
    ids=["a day", "a run that began early", "less", "a month"],
)
def test_withdrawn_needs_two_misses_a_day_apart(second: float, *, withdrawn: bool) -> None:
    """One 404 is an accident; the second, a day later, is a withdrawal from then on."""
    versions = play(shows(0, "A"), gone(1), gone(1 + second)).lines[0].versions
    assert (versions[-1].change == "withdrawn") is withdrawn
    assert (versions[-1].withdrawn_at is not None) is withdrawn


def test_a_page_seen_between_two_misses_is_not_withdrawn() -> None:
    """The count of misses begins again."""
    assert told(play(shows(0, "A"), gone(1), shows(2, "A"), gone(3))) == [["created A@0"]]


def test_what_comes_back_is_restored_even_if_nothing_changed() -> None:
    """Restored is a version of its own, and the release is no longer withdrawn."""
    line = play(shows(0, "A"), gone(1), gone(3), gone(4), shows(5, "A"))
    assert told(line) == [["created A@0", "withdrawn A@3", "restored A@5"]]
    assert [one.withdrawn_at for one in line.lines[0].versions] == [None, START + 3 * DAY, None]
    assert line.lines[0].versions[2].changed_at is None
    assert [line.marks[f"gone@{day}"].withdrawn for day in (1, 3, 4)] == [False, True, True]


def test_misses_before_anything_was_read_say_nothing() -> None:
    """A page never read cannot be withdrawn."""
    assert play(gone(0), gone(2)).lines == ()


def test_another_release_at_the_page_leaves_the_old_one_standing() -> None:
    """The old one is neither changed nor withdrawn, and continues when the page shows it again."""
    line = play(shows(0, "A"), shows(3, "B"), gone(4), shows(5, "B"), shows(6, "A"), shows(7, "A1"))
    assert told(line) == [["created A@0", "changed A1@7"], ["created B@3"]]
    assert [one.release_id for one in line.lines] == ["20260107-press_00001", "20260108-press_00001"]


def test_misses_count_for_the_release_the_page_showed_last() -> None:
    """When the second release's page is gone, only the second is withdrawn."""
    line = play(shows(0, "A"), shows(3, "B"), gone(4), gone(6))
    assert told(line) == [["created A@0"], ["created B@3", "withdrawn B@6"]]


def test_a_release_seen_at_its_other_address_is_not_gone() -> None:
    """Two addresses of one page: while one shows it, a miss at the other withdraws nothing."""
    line = play(
        shows(0, "A"),
        shows(0.5, "A", page=OTHER_PAGE),
        gone(1),
        shows(2, "A", page=OTHER_PAGE),
        gone(2.5),
        shows(3, "A", page=OTHER_PAGE),
    )
    assert told(line) == [["created A@0"]]


def test_the_name_comes_from_what_arrived_first() -> None:
    """A capture that arrives later with an earlier date in it does not rename the release."""
    first = shows(5, "A", arrival=1, published=date(2026, 1, 9))
    late = shows(0, "A0", arrival=2, published=date(2026, 1, 2))
    assert play(first, late).lines[0].release_id == "20260109-press_00001"


def test_two_releases_of_one_page_and_day_get_two_names() -> None:
    """The second to arrive gets a tail."""
    one = shows(0, "A", published=date(2026, 1, 9))
    middle = shows(1, "A1", published=date(2026, 1, 1))
    other = shows(2, "B", published=date(2026, 1, 9))
    names = [release.release_id for release in play(one, middle, other).lines]
    assert names == ["20260109-press_00001", "20260109-press_00001-2"]


def test_two_captures_of_one_instant_follow_in_order_of_arrival() -> None:
    """Under a stopped clock the later arrival is the current version."""
    versions = play(shows(0, "A", arrival=1), shows(0, "A1", arrival=2)).lines[0].versions
    assert [one.content_hash for one in versions] == ["A", "A1"]
    assert versions[0].valid_to == versions[0].valid_from
