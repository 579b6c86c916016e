"""The Atom feeds: valid, steady, and moving only with the Ministry."""

from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree  # type: ignore[import-untyped]

from alerts import write_feeds
from tests.alerts.newsroom import Newsroom, page

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
HOSTILE = "<script>alert(1)</script> &amp; ]]> \x00\x0b\u202e [x](https://evil.example)"


def feeds(room: Newsroom) -> dict[str, Any]:
    """Both feeds, parsed; written first."""
    folder = room.folder / "feeds"
    write_feeds(room.archive, folder, base="https://moej.example.org/feeds")
    return {name: feedparser.parse((folder / f"{name}.atom").read_bytes()) for name in ("jcm", "all")}


def test_feeds_are_valid_atom(room: Newsroom) -> None:
    """A feed parser finds nothing wrong, and the schema of RFC 4287 holds, whatever a title contains."""
    room.daily(
        page(2, title=HOSTILE, lead=HOSTILE), page(3).edited("created", jcm_role="none", jcm_kind=None)
    )
    for name, found in feeds(room).items():
        assert not found.bozo, found.get("bozo_exception")
        SCHEMA.assertValid(etree.parse(room.folder / "feeds" / f"{name}.atom"))


def test_each_feed_has_what_belongs_there(room: Newsroom) -> None:
    """`jcm` has the announcements about the JCM, `all` has every release.

    Newest first, with their own links.
    """
    room.daily(page(2), page(3, jcm_role="mention", jcm_kind=None))
    found = feeds(room)
    assert [entry.link for entry in found["jcm"].entries] == [page(2).url, page(1).url]
    assert [entry.link for entry in found["all"].entries] == [page(3).url, page(2).url, page(1).url]
    assert "出典：環境省ホームページ" in found["all"].feed.rights


def test_a_hostile_title_is_text(room: Newsroom) -> None:
    """Markup in a title comes out as the text it was."""
    room.daily(page(2, title=HOSTILE))
    entry = feeds(room)["jcm"].entries[0]
    assert entry.title_detail.type == "text/plain"
    assert entry.title == "<script>alert(1)</script> &amp; ]]> [x](https://evil.example)"


def test_a_feed_without_news_does_not_move(room: Newsroom) -> None:
    """Written again, loaded again or rebuilt, the files are the same bytes and are not even replaced."""
    folder = room.folder / "feeds"
    assert write_feeds(room.archive, folder) == ("jcm.atom", "all.atom")
    assert write_feeds(room.archive, folder) == ()
    room.daily()
    room.load(anew=True)
    assert write_feeds(room.archive, folder) == ()
    assert sorted(one.name for one in folder.iterdir()) == ["all.atom", "jcm.atom"]


@pytest.mark.parametrize("change", ["changed", "withdrawn"])
def test_updated_moves_with_a_real_change_and_the_id_stays(room: Newsroom, change: str) -> None:
    """An edit or a withdrawal moves `updated` of that entry and of the feed.

    The entry's id is what it was.
    """
    before = feeds(room)["jcm"]
    room.daily(page(1).edited(change, title="別の件名"), page(2))
    after = feeds(room)["jcm"]
    entry = next(one for one in after.entries if one.link == page(1).url)
    assert entry.id == before.entries[0].id
    assert entry.updated > before.entries[0].updated
    assert after.feed.updated >= entry.updated
    assert after.feed.id == before.feed.id
    assert ("[掲載終了]" in entry.title) == (change == "withdrawn")
