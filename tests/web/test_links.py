import re
from datetime import UTC, datetime

import httpx
import pytest

from tests.web import shelf
from web.asking import Moment
from web.places import PLACES

PAGE = "https://www.env.go.jp/press/press_00177.html"


def test_a_version_is_a_memento(client: httpx.Client) -> None:
    """A version carries its moment and leads to the original, the gate, the map and its neighbours."""
    answer = client.get(f"/releases/{shelf.THREE}/versions/2")
    links = re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"])
    found = {rel: target for target, rel in links}
    assert answer.headers["memento-datetime"] == "Thu, 10 Jul 2025 01:00:00 GMT"
    assert found["original"] == PAGE
    assert found["timegate"].endswith(f"/timegate/{PAGE}")
    assert found["first prev memento"].endswith("/versions/1")
    assert found["last next memento"].endswith("/versions/3")
    assert found["canonical"].endswith(f"/releases/{shelf.THREE}/versions/2")


@pytest.mark.parametrize(
    ("accept", "version"),
    [
        (None, 3),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 1),
        ("Fri, 11 Jul 2025 00:00:00 GMT", 2),
        ("Fri, 01 Jan 2038 00:00:00 GMT", 3),
    ],
)
def test_the_time_gate_leads_to_the_version_of_that_moment(
    client: httpx.Client, accept: str | None, version: int
) -> None:
    """The version that held at the moment asked for, by any spelling of the Ministry's address."""
    headers = {"accept-datetime": accept} if accept else {}
    answer = client.get("/timegate/http://env.go.jp/press/press_00177.html", headers=headers)
    assert answer.status_code == 302
    assert answer.headers["location"].endswith(f"/releases/{shelf.THREE}/versions/{version}")
    assert "accept-datetime" in answer.headers["vary"].lower()


def test_the_time_map_lists_every_version(client: httpx.Client) -> None:
    """All versions of an address, oldest first, in link format."""
    answer = client.get(f"/timemap/link/{PAGE}")
    assert answer.headers["content-type"].startswith("application/link-format")
    assert re.findall(r"/versions/(\d)>; rel=\"([a-z ]*)\"", answer.text) == [
        ("1", "first memento"),
        ("2", "memento"),
        ("3", "last memento"),
    ]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("press_00177", f"{shelf.THREE}"),
        ("press_00177.json", f"{shelf.THREE}.json"),
        ("press_00177?as_of=2025-07-01&ui=en", f"{shelf.THREE}?as_of=2025-07-01&ui=en"),
        ("en-press_03994", "20250404-en-press_03994"),
    ],
)
def test_the_name_of_a_page_leads_to_its_release(client: httpx.Client, path: str, place: str) -> None:
    """What `moej show` takes, a reader may type behind /releases/ too; the form and the moment come along."""
    answer = client.get(f"/releases/{path}")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{client.base_url}/releases/{place}"
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_name_of_no_page_is_not_found(client: httpx.Client, accept: str) -> None:
    """It is said in the form that was asked for, as for any other address."""
    answer = client.get("/releases/press_99999", headers={"accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(accept)
    assert "press_99999" in answer.text


def test_a_browser_finds_an_icon_by_itself(client: httpx.Client) -> None:
    """Beside JSON or a feed it asks for /favicon.ico; its console would complain each time."""
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.text.startswith("<svg")


@pytest.mark.parametrize(
    "path", ["/timegate/https://example.invalid/", "/timemap/link/x", "/timegate/https://["]
)
def test_other_addresses_have_no_versions(client: httpx.Client, path: str) -> None:
    """An address that the archive does not know is not found."""
    assert client.get(path).status_code == 404


def test_a_moment_that_is_none_is_refused(client: httpx.Client) -> None:
    """A header that is no date is a bad request, not the newest version."""
    answer = client.get(f"/timegate/{PAGE}", headers={"accept-datetime": "yesterday"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("day", "version"), [("2025-07-01", 1), ("2025-07-10", 2), ("2025-07-20", 2), ("2025-07-21", 3)]
)
def test_as_of_shows_the_release_of_that_day(client: httpx.Client, day: str, version: int) -> None:
    """`?as_of=` gives the version that held at the end of that day in Japan."""
    answer = client.get(f"/releases/{shelf.THREE}?as_of={day}")
    assert f"Version {version} of {version}" in answer.text
    assert answer.headers["memento-datetime"]
    assert f"/releases?as_of={day}" in answer.text


@pytest.mark.parametrize("path", ["/releases", "/search?q=JCM", "/jcm", "/runs", "/health", "/quarantine"])
def test_as_of_before_the_first_day_is_empty(client: httpx.Client, path: str) -> None:
    """Before the archive knew anything every page stands and shows nothing of later."""
    mark = "&" if "?" in path else "?"
    place, _, query = path.partition("?")
    found = client.get(f"{place}.json?{query}{'&' if query else ''}as_of=2025-06-01").json()
    lists = [value for name, value in found.items() if isinstance(value, list) and name != "partners"]
    assert lists
    assert all(not one for one in lists)
    assert "You see the archive as it was" in client.get(f"{path}{mark}as_of=2025-06-01").text


def test_every_page_keeps_the_moment(client: httpx.Client) -> None:
    """No page drops `?as_of=`: each says which moment it shows, and its menu leads on in the same one."""
    for place in PLACES:
        path = re.sub(r"{(\w+)}", lambda found: shelf.IDS[found[1]], place.path)
        text = client.get(f"{path}?as_of=2025-09-01").text
        assert "You see the archive as it was at 2025-09-01" in text, path
        assert '<a href="/jcm?as_of=2025-09-01"' in text, path


def test_figures_are_those_of_the_moment(client: httpx.Client) -> None:
    """What an archive of then had not seen, and who had not signed, does not count."""
    then = client.get("/health.json?as_of=2025-07-01").json()["figures"]
    now = client.get("/health.json").json()["figures"]
    before = client.get("/health.json?as_of=2025-06-01").json()["figures"]
    assert before["releases"] == before["versions"] == before["alerts"] == 0
    assert 0 < then["versions"] < now["versions"]
    assert (then["withdrawn"], now["withdrawn"]) == (0, 1)
    partners = client.get("/jcm.json?as_of=2014-01-01").json()["partners"]
    assert partners[-1]["signed_on"] == "2013-12-09"


def test_a_release_not_yet_known_is_not_found(client: httpx.Client) -> None:
    """A release is not there before it was first seen."""
    assert client.get(f"/releases/{shelf.THREE}?as_of=2025-06-30").status_code == 404
    assert client.get(f"/releases/{shelf.THREE}/versions/2?as_of=2025-07-02").status_code == 404
    assert client.get(f"/captures/{shelf.RAW}?as_of=2025-06-30").status_code == 404


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2025-07-01", datetime(2025, 7, 1, 14, 59, 59, 999999, tzinfo=UTC)),
        ("2025-07-01T09:00", datetime(2025, 7, 1, tzinfo=UTC)),
        ("2025-07-01T09:00:00+09:00", datetime(2025, 7, 1, tzinfo=UTC)),
        ("2025-07-01T09:00:00 09:00", datetime(2025, 7, 1, tzinfo=UTC)),
        ("2025-07-01T00:00:00Z", datetime(2025, 7, 1, tzinfo=UTC)),
    ],
)
def test_a_day_means_its_end_in_japan(given: str, moment: datetime) -> None:
    """A day is its end in Japan, a time without offset Japan's; a plus sign eaten by a URL is put back."""
    assert Moment("as_of", "").read(given) == moment


def test_the_address_for_good_is_one_for_equal_questions(client: httpx.Client) -> None:
    """The canonical link does not depend on the order or the empty fields of the question."""
    one = client.get("/releases?lang=ja&from=2025-01-01&to=").text
    other = client.get("/releases?from=2025-01-01&lang=ja").text
    pattern = r'<link rel="canonical" href="([^"]*)"'
    assert re.search(pattern, one)[1] == re.search(pattern, other)[1]  # type: ignore[index]


def test_feeds_can_be_discovered_and_read(client: httpx.Client) -> None:
    """Every page names the feeds, and they are served as Atom."""
    page = client.get("/jcm").text
    (found,) = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" href="(/feeds/jcm.atom)"', page
    )
    answer = client.get(found)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert "<title>jcm</title>" in answer.text
