from tests.warehouse.conftest import Memory
from tests.warehouse.world import SITE, Run, index, page, text


def test_a_redirect_is_an_alias_and_ends_as_its_target_ended(memory: Memory) -> None:
    """The listed address leads to the release in two hops; the ledger counts it once."""
    old, middle = f"{SITE}/press/110001.html", f"{SITE}/press/110002.html"
    one = Run(memory.log)
    one.get(f"{SITE}/press/", index((old, "t1")))
    one.get(old, b"", verdict="redirect", status=301, location="/press/110002.html")
    one.get(middle, b"", verdict="redirect", status=301, location=page(1))
    one.get(page(1), text())
    one.seal()
    memory.load()
    assert memory.ask("SELECT page, outcome, release_id FROM ledger") == [
        (old, "loaded", "20260105-press_00001")
    ]
    assert memory.ask("SELECT release_id, other_id, kind FROM duplicates ORDER BY 2") == [
        ("20260105-press_00001", old, "alias"),
        ("20260105-press_00001", middle, "alias"),
    ]


def test_a_redirect_that_leads_nowhere_is_a_failure(memory: Memory) -> None:
    """No capture of the target: failed, with the reason."""
    one = Run(memory.log)
    one.get(page(1), b"", verdict="redirect", status=302, location="https://example.com/")
    one.seal()
    memory.load()
    assert memory.ask("SELECT outcome, reason FROM ledger") == [("failed", "redirect leads nowhere")]


def test_another_spelling_of_the_address_is_an_alias_on_the_ministrys_host(memory: Memory) -> None:
    """A mirror's own address is none; an old spelling asked at the mirror is, as the Ministry's."""
    mirror = "http://127.0.0.1:8800"
    one = Run(memory.log, site=mirror)
    one.get(page(1), text(), asked=f"{mirror}/press/press_00001.html")
    one.get(page(2), text("第2回"), asked=f"{mirror}/press/press_00002-print.html")
    one.seal()
    memory.load()
    assert memory.ask("SELECT release_id, other_id FROM duplicates") == [
        ("20260105-press_00002", f"{SITE}/press/press_00002-print.html")
    ]


def test_both_folders_of_english_pages_are_one_release(memory: Memory) -> None:
    """The same page under /en/press/ and /en/: one release, the other address an alias."""
    one = Run(memory.log)
    one.get(f"{SITE}/en/press/press_03994.html", text("Title", body="The text."))
    one.get(f"{SITE}/en/press_03994.html", text("Title", body="The text."))
    one.seal()
    memory.load()
    assert memory.ask("SELECT release_id, url FROM releases") == [
        ("20260105-en-press_03994", f"{SITE}/en/press/press_03994.html")
    ]
    assert memory.ask("SELECT other_id, kind FROM duplicates") == [(f"{SITE}/en/press_03994.html", "alias")]
