"""What a test makes the Ministry do."""

from dataclasses import replace

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from pressroom import NotOnPageError, PressRoom

PAGE = "/press/press_04521.html"


def words(html: str) -> list[str]:
    """The article's words without markup and white space."""
    main = LexborHTMLParser(html).css_first("main")
    assert main is not None
    return main.text(separator=" ").split()


def test_revision_changes_text_and_adds_the_note(room: PressRoom, client: httpx.Client) -> None:
    """Old text is replaced wherever it stands, and the correction note appears; the date stays."""
    room.revise("press_04521", ("第7回", "第八回"), note="※令和8年6月2日（火） 回次を訂正いたしました。")
    html = client.get(PAGE).text

    assert "第7回" not in html
    assert html.count("第八回") >= 3
    assert "回次を訂正いたしました" in html
    assert "2026年05月26日" in html
    assert "第八回" in client.get("/press/202605.html").text


def test_revision_of_absent_text_is_refused(room: PressRoom) -> None:
    """A revision that would change nothing is an error that names the text."""
    with pytest.raises(NotOnPageError, match="第99回"):
        room.revise(PAGE, ("第99回", "第100回"))


def test_revisions_add_up_in_order(room: PressRoom, client: httpx.Client) -> None:
    """A second revision finds the text that the first one made."""
    room.revise(PAGE, ("方法論3件", "方法論4件"))
    room.revise(PAGE, ("方法論4件", "方法論5件"))

    assert "方法論5件を承認" in client.get(PAGE).text


def test_cosmetic_change_leaves_the_words(room: PressRoom, client: httpx.Client) -> None:
    """Another coat of markup is other bytes with the same words."""
    before = client.get(PAGE)
    room.cosmetic(PAGE)
    after = client.get(PAGE)

    assert after.content != before.content
    assert after.headers["etag"] != before.headers["etag"]
    assert words(after.text) == words(before.text)


def test_withdraw_and_restore(room: PressRoom, client: httpx.Client) -> None:
    """A withdrawn page is 404 (or 410) and unlisted until it is restored."""
    before = client.get(PAGE).content
    room.withdraw(PAGE, status=410)
    gone = (client.get(PAGE).status_code, PAGE in client.get("/press/").text)
    room.restore(PAGE)

    assert gone == (410, False)
    assert client.get(PAGE).content == before
    assert PAGE in client.get("/press/").text


def test_withdrawn_page_may_stay_listed(room: PressRoom, client: httpx.Client) -> None:
    """A list may still show a line that leads nowhere."""
    room.withdraw(PAGE, listed=True)

    assert client.get(PAGE).status_code == 404
    assert PAGE in client.get("/press/").text


def test_replace_puts_another_release_at_the_address(room: PressRoom, client: httpx.Client) -> None:
    """The new release stands at the known address from its own moment on."""
    state = room.state(PAGE)
    assert state is not None
    other = replace(state.record, title="別の発表について", published_at=room.now, body="別の本文。")
    room.replace(PAGE, other)

    html = client.get(PAGE).text
    assert "別の発表について" in html
    assert "2026年06月02日" in html
    assert "別の発表について" in client.get("/press/202606.html").text


def test_replace_refuses_another_address(room: PressRoom) -> None:
    """A release for another address takes nothing over."""
    state = room.state(PAGE)
    assert state is not None
    with pytest.raises(ValueError, match="expected the address it takes over"):
        room.replace(PAGE, replace(state.record, path="/press/press_77777.html"))


def test_published_release_appears(room: PressRoom, client: httpx.Client) -> None:
    """A release that a test brings is listed and read like the packaged ones."""
    state = room.state(PAGE)
    assert state is not None
    room.publish(
        replace(state.record, path="/press/press_77777.html", published_at=room.now, title="＜新＞&試験")
    )

    assert "＜新＞&amp;試験" in client.get("/press/press_77777.html").text
    assert "/press/press_77777.html" in client.get("/press/").text


def test_unknown_page_is_named(room: PressRoom) -> None:
    """An action on a page that does not stand says which page and when."""
    with pytest.raises(KeyError, match="press_99999"):
        room.withdraw("press_99999")
