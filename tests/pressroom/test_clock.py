"""The clock: releases, revisions, withdrawals and takeovers come and go with it alone."""

from datetime import UTC, date, datetime

import httpx

from pressroom import DEMO_DAY_ONE, DEMO_LATER_DAY, JST, PressRoom

NEW, CORRECTED = "/press/press_05028.html", "/press/press_04455.html"


def bodies(room: PressRoom, client: httpx.Client) -> dict[str, bytes]:
    """Every release page that can be read now."""
    return {path: client.get(path).content for path in room.paths()}


def test_demo_days_differ_by_one_new_and_one_corrected_release(room: PressRoom, client: httpx.Client) -> None:
    """Between the two days of the demo one page is new, one is changed, and all others keep their bytes."""
    before = bodies(room, client)
    room.now = DEMO_LATER_DAY
    after = bodies(room, client)

    assert set(after) - set(before) == {NEW}
    assert {path for path in before if before[path] != after[path]} == {CORRECTED}


def test_correction_of_the_demo_has_its_note(room: PressRoom, client: httpx.Client) -> None:
    """The corrected page says so with its day, and prints the new deadline instead of the old."""
    room.now = DEMO_LATER_DAY
    html = client.get(CORRECTED).text

    assert "※令和8年6月4日（木）" in html
    assert "7月7日（火）正午" in html
    assert "6月30日（火）正午" not in html


def test_release_appears_at_its_hour(room: PressRoom, client: httpx.Client) -> None:
    """A release of 14:00 is 404 and unlisted at 13:59, and there at 14:00."""
    room.now = datetime(2026, 6, 4, 13, 59, 59, tzinfo=JST)
    early = (client.get(NEW).status_code, NEW in client.get("/press/").text)
    room.now = datetime(2026, 6, 4, 14, 0, tzinfo=JST)
    late = (client.get(NEW).status_code, NEW in client.get("/press/").text)

    assert early == (404, False)
    assert late == (200, True)


def test_clock_reads_japan_s_time() -> None:
    """A day means its end in Japan; a moment without a zone is Japan's; any other is converted."""
    with PressRoom(now=date(2026, 1, 15)) as room:
        assert room.now == datetime(2026, 1, 15, 23, 59, 59, tzinfo=JST)
        room.now = datetime(2026, 1, 15, 9, 0)  # noqa: DTZ001 -- the case under test
        assert room.now == datetime(2026, 1, 15, 9, 0, tzinfo=JST)
        room.now = datetime(2026, 1, 15, 0, 0, tzinfo=UTC)
        assert room.now.isoformat() == "2026-01-15T09:00:00+09:00"


def test_clock_moves_back(room: PressRoom, client: httpx.Client) -> None:
    """Moving the clock back gives the bytes of the day again."""
    before = bodies(room, client)
    room.now = DEMO_LATER_DAY
    room.now = DEMO_DAY_ONE

    assert bodies(room, client) == before


def test_withdrawal_and_restoration_in_the_data(room: PressRoom, client: httpx.Client) -> None:
    """A page with a story goes 200, 404 and unlisted, 200 again by the clock."""
    path = "/press/press_03055.html"
    seen = []
    for day in (date(2026, 3, 25), date(2026, 4, 10), date(2026, 5, 12)):
        room.now = day
        seen.append((client.get(path).status_code, path in client.get("/press/202603.html").text))

    assert seen == [(200, True), (404, False), (200, True)]


def test_page_gone_for_good_is_410(room: PressRoom, client: httpx.Client) -> None:
    """A withdrawal may say 410."""
    room.now = date(2026, 4, 20)

    assert client.get("/press/press_03061.html").status_code == 410


def test_address_taken_over_by_another_release(room: PressRoom, client: httpx.Client) -> None:
    """From its day on the later release stands at the known address, and both lists keep their line."""
    path = "/press/press_00104.html"
    before = client.get(path).text
    room.now = date(2026, 6, 23)
    after = client.get(path).text

    assert "大臣記者会見の予定" in before
    assert "温室効果ガスの排出量" in after
    assert path in client.get("/press/202506.html").text
    assert path in client.get("/press/202606.html").text


def test_default_clock_stands_at_the_end_of_the_story() -> None:
    """A room without `now` has every packaged release out."""
    with PressRoom() as room:
        assert room.now == datetime(2026, 7, 7, 14, 0, tzinfo=JST)
        assert "/press/press_05401.html" in room.paths()
