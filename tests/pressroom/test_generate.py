"""The generator: any number of releases, the same for the same seed."""

import httpx
from selectolax.lexbor import LexborHTMLParser

from pressroom import PressRoom, generate


def test_same_seed_same_releases() -> None:
    """Equal arguments give equal records; another seed gives others."""
    assert list(generate(200, seed=1)) == list(generate(200, seed=1))
    assert list(generate(200, seed=1)) != list(generate(200, seed=2))


def test_addresses_are_unique_and_of_every_family() -> None:
    """Every release has its own address, over all families and the whole span of years."""
    records = list(generate(3000))
    paths = [record.path for record in records]
    families = ("/press/press_", "/en/press/press_", "/en/press_", "/en/headline/")

    assert len(set(paths)) == 3000
    assert all(any(path.startswith(family) for path in paths) for family in families)
    assert sum(path.startswith("/press/111") and "_" in path for path in paths) > 10
    assert (records[0].day.year, records[-1].day.year) == (1997, 2026)


def test_variety() -> None:
    """Roles, templates, shapes and contact forms all occur."""
    records = list(generate(1000))

    assert {record.expect["role"] for record in records} == {"subject", "mention", "none"}
    assert {record.template for record in records} == {"current", "english", "former", "old-english"}
    assert len({contact.form for record in records for contact in record.contacts}) == 5


def test_pages_are_plain_pairs_of_address_and_bytes() -> None:
    """The generator gives canonical addresses with whole pages, of the weight that is asked for."""
    light = list(generate(20).pages())
    heavy = list(generate(20).pages(weight=60_000))

    assert all(url.startswith("https://www.env.go.jp/") for url, _ in light)
    assert all(html.startswith(b"<!DOCTYPE html>") for _, html in light)
    assert all(60_000 <= len(html) <= 75_000 for _, html in heavy)


def test_a_room_plays_generated_releases() -> None:
    """Each month page of a generated room lists its releases, and all together list every one."""
    listed = set()
    with (
        PressRoom(generate(300)) as room,
        httpx.Client(base_url=room.url) as client,
    ):
        for index in ("/press/", "/en/press/"):
            months = LexborHTMLParser(client.get(index).text).css("a.c-table-month__col__link")
            for month in months:
                page = LexborHTMLParser(client.get(month.attributes["href"] or "").text)
                listed |= {link.attributes["href"] for link in page.css("a.c-news-link__link")}
        statuses = {client.get(path).status_code for path in sorted(str(path) for path in listed)[:20]}

    assert listed == {record.path for record in generate(300)}
    assert statuses == {200}
