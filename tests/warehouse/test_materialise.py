import itertools
from datetime import timedelta

import pytest

from tests.warehouse.backends import current
from tests.warehouse.conftest import Memory, new_archive
from tests.warehouse.world import SITE, START, Run, index, page, text
from warehouse import digest
from warehouse.digest import parts

DAY = timedelta(days=1)
VERSIONS = "SELECT version, change, body FROM release_versions ORDER BY release_id, version"


def run(memory: Memory, *pages: bytes | None, day: float = 0, kind: str = "run") -> None:
    """One run that fetched pages 1, 2, … ; None stands for 404."""
    one = Run(memory.log, at=START + day * DAY, kind=kind)
    for number, payload in enumerate(pages, start=1):
        if payload is None:
            one.gone(page(number))
        else:
            one.get(page(number), payload)
    one.seal()


def test_a_first_load_makes_one_version_each(memory: Memory) -> None:
    """Every readable page becomes a release with its first version, and the load says so."""
    run(memory, text(), text("第2回", body="別の本文"))
    loaded = memory.load()
    assert memory.ask("SELECT release_id, version, versions, change FROM release_versions ORDER BY ALL") == [
        ("20260105-press_00001", 1, 1, "created"),
        ("20260105-press_00002", 1, 1, "created"),
    ]
    assert [(one.release_id, one.change, one.run_kind, one.is_newest) for one in loaded.changes] == [
        ("20260105-press_00001", "created", "run", True),
        ("20260105-press_00002", "created", "run", True),
    ]


def test_the_same_log_again_changes_nothing(memory: Memory) -> None:
    """A second load of what is loaded is empty."""
    run(memory, text())
    memory.load()
    before = digest(memory.db)
    assert memory.load().changes == ()
    assert digest(memory.db) == before


def test_an_edit_is_a_version_and_typesetting_is_none(memory: Memory) -> None:
    """Blanks, width and derived fields make no version; a word does."""
    for day, body in enumerate(["本文である。", "本 文\nである。", "本文ではない。"]):
        run(memory, text(body=body, markdown=f"*{day}*"), day=day)
        memory.load()
    assert memory.ask(VERSIONS) == [(1, "created", "本文である。"), (2, "changed", "本文ではない。")]


def test_releases_is_what_holds_now(memory: Memory) -> None:
    """The view gives the last version of each release, the withdrawn ones too, with the day they went."""
    run(memory, text(body="一"), text("第2回", body="二"))
    run(memory, text(body="三"), None, day=1)
    run(memory, text(body="三"), None, day=3)
    memory.load()
    query = """
        SELECT body, version, versions, first_seen_at = ?, changed_at, withdrawn_at
        FROM releases ORDER BY release_id
    """
    assert memory.ask(query, START) == [
        ("三", 2, 2, True, START + DAY, None),
        ("二", 2, 2, False, None, START + 3 * DAY + timedelta(seconds=3)),
    ]


def test_as_of_gives_what_the_view_gave_then(memory: Memory) -> None:
    """After each day's load the view is kept; as-of the end of that day gives it again, column by column."""
    bodies: list[list[str | None]] = [
        ["一", "二"],
        ["一", "三"],
        [None, "三"],
        [None, "二"],
        [None, "二"],
        ["四", None],
    ]
    then = {}
    for day, (first, second) in enumerate(bodies):
        run(memory, *(None if body is None else text(body=body) for body in (first, second)), day=day)
        memory.load()
        then[day] = memory.ask("SELECT * FROM releases ORDER BY release_id")
    for day, rows in then.items():
        at = START + day * DAY + timedelta(hours=1)
        assert memory.ask("SELECT * FROM releases_as_of(?) ORDER BY release_id", at) == rows
    assert memory.ask("SELECT * FROM releases_as_of(?)", START - DAY) == []


def test_late_captures_come_out_as_if_all_had_come_in_order(memory: Memory) -> None:
    """Loads in any order give one database: numbers, intervals, names of changes."""
    days = [("一", 0.0), ("二", 1.0), ("一", 2.0)]
    found = set()
    orders = list(itertools.permutations(days))
    # A load into a lake takes half a second: two orders stand for all six there.
    for order in orders if current().name == "file" else orders[2:6:3]:
        memory.clear()
        for body, day in order:
            run(memory, text(body=body), day=day, kind="import")
            memory.load()
        found.add(
            tuple(
                memory.ask(
                    "SELECT version, change, body, valid_from, valid_to FROM release_versions ORDER BY 1"
                )
            )
        )
    assert len(found) == 1
    assert [row[:3] for row in found.pop()] == [
        (1, "created", "一"),
        (2, "changed", "二"),
        (3, "changed", "一"),
    ]


def test_an_old_page_that_arrives_late_is_not_the_newest(memory: Memory) -> None:
    """The load says that the version it inserted is history, so that nobody is alerted."""
    run(memory, text(body="今"), day=9)
    memory.load()
    run(memory, text(body="昔"), kind="import")
    changes = memory.load().changes
    assert [(one.version, one.run_kind, one.is_newest) for one in changes] == [(1, "import", False)]


def test_a_page_that_cannot_be_read_never_replaces_a_version(memory: Memory) -> None:
    """It goes to quarantine with its reason, and is resolved when the page is read again."""
    run(memory, text())
    run(memory, b"<html>", day=1)
    memory.load()
    assert memory.ask(VERSIONS) == [(1, "created", "本文である。")]
    assert memory.ask("SELECT url, reason, resolved_at FROM quarantine") == [(page(), "no title", None)]
    run(memory, text(), day=2)
    memory.load()
    assert memory.ask("SELECT reason, resolved_at FROM quarantine") == [("no title", START + 2 * DAY)]


@pytest.mark.parametrize(
    ("verdict", "status", "outcome", "reason"),
    [
        ("blocked", 200, "quarantined", "blocked"),
        ("maintenance", 503, "quarantined", "maintenance"),
        ("truncated", 200, "quarantined", "truncated"),
        ("error", 500, "failed", "HTTP 500"),
        ("gone", 404, "failed", "gone (HTTP 404)"),
    ],
)
def test_a_bad_answer_is_never_a_change(
    memory: Memory, verdict: str, status: int, outcome: str, reason: str
) -> None:
    """Blocked, closed, cut or broken: the ledger says why, the version stands."""
    run(memory, text())
    one = Run(memory.log, at=START + DAY)
    one.get(page(), b"sorry", verdict=verdict, status=status)
    one.seal()
    memory.load()
    assert memory.ask(VERSIONS) == [(1, "created", "本文である。")]
    assert memory.ask("SELECT outcome, reason FROM ledger WHERE run_id = 'run-0002'") == [(outcome, reason)]


def test_not_modified_is_the_reading_of_the_bytes_it_stands_for(memory: Memory) -> None:
    """304 for the bytes of version 1 after version 2 makes version 3, with the text of version 1."""
    old, new = text(body="一"), text(body="二")
    run(memory, old)
    run(memory, new, day=1)
    memory.load()
    one = Run(memory.log, at=START + 2 * DAY)
    capture = one.same(page(), old)
    one.seal()
    memory.load()
    assert memory.ask(VERSIONS) == [(1, "created", "一"), (2, "changed", "二"), (3, "changed", "一")]
    assert memory.ask("SELECT capture_id FROM releases") == [(capture.capture_id,)]
    assert memory.ask("SELECT reading_id FROM captures WHERE capture_id = ?", capture.capture_id) == [
        ("c-0001-0000",)
    ]


def test_a_revisit_whose_bytes_arrive_later_is_read_then(memory: Memory) -> None:
    """Until then it is a failure with a reason; afterwards it begins the version it always was."""
    one = Run(memory.log, at=START)
    one.same(page(), text())
    one.seal()
    memory.load()
    assert memory.ask("SELECT outcome, reason FROM ledger") == [
        ("failed", "its bytes are not in the raw archive")
    ]
    run(memory, text(), day=1)
    memory.load()
    assert memory.ask("SELECT capture_id, first_seen_at FROM releases") == [("c-0001-0000", START)]
    assert memory.ask("SELECT DISTINCT outcome FROM ledger ORDER BY 1") == [("loaded",), ("unchanged",)]


def test_a_revisit_of_unreadable_bytes_is_quarantined_too(memory: Memory) -> None:
    """The ledger does not call it unchanged."""
    run(memory, b"junk")
    one = Run(memory.log, at=START + DAY)
    one.same(page(), b"junk")
    one.seal()
    memory.load()
    assert memory.ask("SELECT outcome, reason FROM ledger") == [("quarantined", "no title")] * 2


def test_the_ledger_has_one_line_for_each_page_and_adds_up(memory: Memory) -> None:
    """Loaded, unchanged, quarantined, failed or not fetched: every listed page ends in one of them."""
    run(memory, text())
    one = Run(memory.log, at=START + DAY)
    pdf = f"{SITE}/content/000000001.pdf"
    one.get(
        f"{SITE}/press/", index(*((page(n), f"t{n}") for n in range(1, 6)), (page(1), "t1"), (pdf, "pdf"))
    )
    one.get(page(1), text())
    one.get(page(2), text("第2回", body="二"))
    one.get(page(3), b"junk")
    one.fail(page(4))
    one.seal()
    memory.load()
    lines = memory.ask(
        "SELECT page, title, outcome, reason FROM ledger "
        "WHERE run_id = 'run-0002' AND listed_in IS NOT NULL ORDER BY page"
    )
    assert lines == [
        (pdf, "pdf", "not fetched", "not a release page"),
        (page(1), "t1", "unchanged", None),
        (page(2), "t2", "loaded", None),
        (page(3), "t3", "quarantined", "no title"),
        (page(4), "t4", "failed", "timeout"),
        (page(5), "t5", "not fetched", "not asked for"),
    ]
    (counts,) = memory.ask(
        "SELECT listed, fetched, archived, read, created, unchanged, quarantined, failed, not_fetched "
        "FROM runs WHERE run_id = 'run-0002'"
    )
    assert counts == (6, 3, 4, 2, 1, 1, 1, 1, 2)


def test_a_killed_run_says_what_it_did_not_get_to(memory: Memory) -> None:
    """Its status is interrupted, and listed pages without an answer are not fetched for that reason."""
    one = Run(memory.log, ended=False)
    one.get(f"{SITE}/press/", index((page(1), "t1"), (page(2), "t2")))
    one.get(page(1), text())
    one.seal()
    loaded = memory.load()
    assert [row["status"] for row in loaded.runs] == ["interrupted"]
    assert memory.ask("SELECT outcome, reason FROM ledger ORDER BY page") == [
        ("loaded", None),
        ("not fetched", "run was interrupted"),
    ]


def test_a_list_that_did_not_change_lists_its_items_again(memory: Memory) -> None:
    """A 304 for the index stands for the items it had."""
    listing = index((page(1), "t1"))
    for day in range(2):
        one = Run(memory.log, at=START + day * DAY)
        (one.get if day == 0 else one.same)(f"{SITE}/press/", listing)
        one.seal()
    memory.load()
    assert memory.ask("SELECT run_id, page FROM listings ORDER BY 1") == [
        ("run-0001", page(1)),
        ("run-0002", page(1)),
    ]


def test_another_release_at_a_known_url_is_a_new_one(memory: Memory) -> None:
    """Another title, date and text at the page: both releases stand, each with its own dates."""
    run(memory, text("土壌汚染対策法の施行", "2022-09-13", "施行状況を取りまとめた。"))
    run(memory, text("第5回会合", "2025-08-29", "会合を開催した。"), day=1)
    memory.load()
    assert memory.ask("SELECT release_id, version, withdrawn_at FROM releases ORDER BY 1") == [
        ("20220913-press_00001", 1, None),
        ("20250829-press_00001", 1, None),
    ]


def test_the_earlier_text_is_read_again_to_judge_identity(memory: Memory) -> None:
    """A corrected title and date in a later load: the text known from the log says it is the same release."""
    body = "会合を開催し、プロジェクトの登録について議論した。" * 4
    run(memory, text("第5回会合", "2026-01-05", body))
    memory.load()
    run(memory, text("第5回会合の結果", "2026-01-07", body), day=1)
    memory.load()
    assert memory.ask("SELECT release_id, version, title FROM release_versions ORDER BY version") == [
        ("20260105-press_00001", 1, "第5回会合"),
        ("20260105-press_00001", 2, "第5回会合の結果"),
    ]


def test_every_version_leads_to_the_bytes_it_was_read_from(memory: Memory) -> None:
    """By the reading of its capture, for revisits and withdrawals too."""
    run(memory, text(body="一"))
    run(memory, text(body="二"), day=1)
    one = Run(memory.log, at=START + 2 * DAY)
    one.same(page(), text(body="一"))
    one.seal()
    run(memory, None, day=3)
    run(memory, None, day=5)
    memory.load()
    rows = memory.ask(
        "SELECT v.body, p.warc_file, p.warc_offset FROM release_versions v "
        "JOIN captures c ON c.capture_id = v.capture_id "
        "JOIN captures p ON p.capture_id = c.reading_id ORDER BY v.version"
    )
    assert [body for body, _, _ in rows] == ["一", "二", "一", "一"]
    assert [memory.log.payload(file, offset) for _, file, offset in rows] == [
        text(body=body) for body, _, _ in rows
    ]


def test_a_record_copied_into_the_log_twice_counts_once(memory: Memory) -> None:
    """The same capture id in a second file adds no capture."""
    run(memory, text())
    first = memory.log.files[0]
    one = Run(memory.log, kind="import")
    one.entries.append(first.entries[1])
    one.seal()
    memory.load()
    assert memory.ask("SELECT count(*) FROM captures") == [(1,)]


def test_the_end_of_a_run_in_a_second_file_completes_its_note(memory: Memory) -> None:
    """A run that rolled over to another file is one run, done when its end arrives."""
    first = Run(memory.log, ended=False)
    first.get(page(1), text())
    first.seal()
    memory.load()
    second = Run(memory.log)
    second.get(page(2), text("第2回"))
    file = second.seal()
    run_ids = {getattr(entry, "run_id", None) for entry in file.entries}
    assert run_ids >= {"run-0002"}
    memory.load()
    assert memory.ask("SELECT run_id, status FROM runs ORDER BY 1") == [
        ("run-0001", "interrupted"),
        ("run-0002", "done"),
    ]


def test_a_reader_that_breaks_costs_one_page(memory: Memory) -> None:
    """An extractor that raises puts that page into quarantine, and the others are loaded."""
    run(memory, b'{"title": "x"}', text("第2回"))
    memory.load()
    assert memory.ask("SELECT release_id FROM releases") == [("20260105-press_00002",)]
    assert memory.ask("SELECT reason, detail FROM quarantine") == [
        ("reader failed", "found KeyError: 'day'; expected a press release")
    ]


def test_load_by_load_equals_all_at_once(memory: Memory) -> None:
    """One load after each file or one for all: the same digest, part by part."""
    run(memory, text(body="一"), text("第2回", body="二"))
    run(memory, text(body="三"), b"junk", day=1)
    run(memory, text(body="一"), None, day=2)
    run(memory, text(body="途中"), day=0.5, kind="import")
    run(memory, text(body="一"), None, day=4)
    whole = Memory()
    whole.log = memory.log
    whole.load()
    for count in range(1, 6):
        memory.log.limit = count
        memory.load()
    assert parts(memory.db) == parts(whole.db)
    current().done(whole.db)


def test_the_digest_tells_archives_apart(memory: Memory) -> None:
    """One letter in one body is another digest, and the part says where."""
    other = new_archive()
    assert parts(memory.db) == parts(other)
    run(memory, text())
    memory.load()
    differing = {name for name, value in parts(memory.db).items() if parts(other)[name] != value}
    assert differing == {"release_versions", "ledger"}
    current().done(other)
